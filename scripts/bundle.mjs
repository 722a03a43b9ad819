// What the bundle needs beyond bundling, so that a command starts fast.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Takes the modules of Node by `process.getBuiltinModule` instead of `import`. An import reads every property that a
 * module of Node exports, and a third of them load something that nobody asked for (streams, workers, web crypto):
 * 5 to 10 ms a command.
 */
export function takeBuiltinsLazily(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.js')) continue
    const file = join(folder, name)
    writeFileSync(file, withoutBuiltinImports(readFileSync(file, 'utf8'), name))
  }
}

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
