// A part of the bundle whose compiled functions are kept. Node's own cache holds a file as it is before anything of it
// has run: each function that is called is compiled again in every process. Here the code is taken when a command has
// succeeded, with all functions that it needed, which halves what comes after the start of Node.

/**
 * Makes an ES module of the bundle into a script and a module that loads it and exports the same. `name` is that of the
 * script, beside the module.
 */
export function asKept(text, name) {
  const imports = []
  const body = text
    .replace(/\bimport\s*\{([^}]*)\}\s*from\s*(["'][^"']+["']);?/g, (_, names, from) => {
      imports.push(from)
      return `const{${pairs(names, (from, to) => `${from}:${to}`)}}=$modules[${imports.length - 1}];`
    })
    .replace(/\bexport\s*\{([^}]*)\};?\s*$/, (_, names) => `return{${pairs(names, (from, to) => `${to}:${from}`)}}`)
    .replaceAll('import.meta.url', '$url')
    .replace(/\bimport\((["'`][\w./:@-]+["'`])\)/g, '$import($1)')
  const [, exported] = /\bexport\s*\{([^}]*)\};?\s*$/.exec(text) ?? []
  if (exported === undefined || /(?<![\w$.])(?:import\s*[{*"'(]|export\s*[{*])|\bimport\.meta/.test(body))
    throw new Error(`${name}: cannot be made a script`)
  const names = exported.split(',').map((one) =>
    one
      .trim()
      .split(/\s+as\s+/)
      .at(-1),
  )
  return {
    script: `(function($modules,$url,$import){"use strict";${body}\n})`,
    module: [
      ...imports.map((from, i) => `import*as $${i} from${from};`),
      `const $=(${load})(import.meta.url,${JSON.stringify(name)},[${imports.map((_, i) => `$${i}`)}],(name)=>import(name));`,
      `const{${names.map((name, i) => `${name}:$e${i}`)}}=$;`,
      `export{${names.map((name, i) => `$e${i} as ${name}`)}};\n`,
    ].join('\n'),
  }
}

function pairs(names, pair) {
  return names
    .split(',')
    .map((one) => one.trim().split(/\s+as\s+/))
    .map(([from, to = from]) => pair(from, to))
    .join(',')
}

/**
 * Runs in the bundle, by its text: names nothing of this file. V8 itself refuses code of another V8, of other flags or of
 * a text of another length; that it is of this very text is in the file's name, where the bundler put its hash. V8 does
 * not see damage, which is why the code has a checksum before it.
 */
function load(here, name, modules, imports) {
  const { process } = globalThis
  const fs = process.getBuiltinModule('node:fs')
  const { hash } = process.getBuiltinModule('node:crypto')
  const { fileURLToPath } = process.getBuiltinModule('node:url')
  const { Script } = process.getBuiltinModule('node:vm')
  const file = fileURLToPath(new URL(name, here))
  const kept = fileURLToPath(new URL(`../../.cache/v8/${name}-${process.version}-${process.arch}`, here))
  const isOff = Boolean(process.env.NODE_DISABLE_COMPILE_CACHE)
  const cachedData = isOff ? undefined : read()
  const script = new Script(fs.readFileSync(file, 'latin1'), { filename: file, cachedData })
  if (!isOff && (cachedData === undefined || script.cachedDataRejected)) process.once('exit', keep)
  return script.runInThisContext()(modules, here, imports)

  function read() {
    try {
      const whole = fs.readFileSync(kept)
      const code = whole.subarray(32)
      return whole.subarray(0, 32).equals(hash('sha256', code, 'buffer')) ? code : undefined
    } catch {
      return undefined
    }
  }

  /** What a command needed that failed is too little for those that do not. */
  function keep(exit) {
    if (exit !== 0) return
    const part = `${kept}.${process.pid}`
    try {
      const code = script.createCachedData()
      fs.writeFileSync(part, Buffer.concat([hash('sha256', code, 'buffer'), code]), { mode: 0o600 })
      fs.renameSync(part, kept)
    } catch {
      // Where nothing can be kept, everything works and starts slower.
      fs.rmSync(part, { force: true })
    }
  }
}
