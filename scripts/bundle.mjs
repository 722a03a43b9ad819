// What the bundle needs beyond bundling, so that a command starts fast.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

const SRC = join(import.meta.dirname, '../src')
const PROGRAM = join(SRC, 'commands/program.ts')

/** Everything that is done to the files of a bundle. */
export function finish(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.js')) continue
    const file = join(folder, name)
    writeFileSync(file, inAscii(withoutBuiltinImports(readFileSync(file, 'utf8'), name), name))
  }
}

/**
 * The same program in ASCII: one letter outside of it doubles what V8 keeps, hashes and reads of a file, and costs a
 * millisecond for each 300 KB. An escape means the same in strings, templates, regular expressions and names.
 */
function inAscii(text, name) {
  // Behind a backslash it would mean something else, and so it would where escapes are not read.
  const other = /(?<!\\)(?:\\\\)*\\[^\x00-\x7f]|String\.raw`[^`]*[^\x00-\x7f`]/.exec(text)
  if (other) throw new Error(`${name}: cannot be written in ASCII: ${JSON.stringify(other[0].slice(0, 80))}`)
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * Takes the modules of Node by `process.getBuiltinModule` instead of `import`. An import reads every property that a
 * module of Node exports, and a third of them load something that nobody asked for (streams, workers, web crypto):
 * 5 to 10 ms a command.
 */
const IMPORT = /\bimport\s*([\w$*{},\s]*?)\s*(?:\bfrom\s*)?(["'])(node:[\w/]+)\2;?/g

function withoutBuiltinImports(text, name) {
  const result = text.replace(IMPORT, (statement, names, _, module) => {
    if (names === '') return ''
    const value = `process.getBuiltinModule(${JSON.stringify(module)})`
    const [, whole, list] = /^(?:(?:\*\s*as\s+)?([\w$]+))?\s*,?\s*(?:\{([^}]*)\})?$/.exec(names) ?? []
    if (whole === undefined && list === undefined) throw new Error(`${name}: cannot read \`${statement}\``)
    const bindings = (list ?? '').split(',').map((binding) => binding.trim().replace(/\s+as\s+/, ':'))
    if (bindings.some((binding) => binding.startsWith('default:')))
      throw new Error(`${name}: cannot read \`${statement}\``)
    return [
      whole && `const ${whole}=globalThis.${value};`,
      list && `const{${bindings.join(',')}}=globalThis.${value};`,
    ].join('')
  })
  if (/\bfrom\s*["']node:/.test(result)) throw new Error(`${name}: an import of Node is left`)
  return result
}

/**
 * How `run` is bundled a second time: a file that starts the supervisor, and one with all else that every run loads.
 * Each further file would cost a third of a millisecond. What other commands load is left where the first bundle, `made`,
 * has it; nobody comes there from here.
 */
export function inTwoFiles(made) {
  const first = modulesOf(made, [join(SRC, 'cli.ts'), join(SRC, 'executors/spare.ts')])
  const rest = modulesOf(made, [PROGRAM, join(SRC, 'commands/run.ts')])
  const elsewhere = {
    name: 'elsewhere',
    resolveId(source, importer) {
      if (importer !== PROGRAM) return undefined
      const id = resolve(importer, '..', source)
      const chunk = made.find(({ facadeModuleId }) => facadeModuleId === id)
      return chunk === undefined || first.has(id) || rest.has(id)
        ? undefined
        : { id: `./${basename(chunk.fileName)}`, external: 'relative' }
    },
  }
  return {
    preserveEntrySignatures: 'allow-extension',
    checks: { ineffectiveDynamicImport: false },
    plugins: [elsewhere],
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'run', test: (id) => first.has(id), priority: 2 },
        { name: 'run-rest', test: (id) => rest.has(id), priority: 1 },
      ],
    },
  }
}

/** All modules that are loaded together with some, through the chunks that their chunks import. */
function modulesOf(made, modules) {
  const chunks = new Map(made.map((chunk) => [chunk.fileName, chunk]))
  const queue = made
    .filter((chunk) => modules.some((id) => chunk.moduleIds?.includes(id)))
    .map((chunk) => chunk.fileName)
  const names = new Set(queue)
  for (const name of names) for (const other of chunks.get(name)?.imports ?? []) names.add(other)
  return new Set([...names].flatMap((name) => chunks.get(name)?.moduleIds ?? []))
}
