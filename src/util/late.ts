import { createRequire } from 'node:module'

/**
 * A module of ours that is loaded when it is first needed, by code that cannot wait for an import. `here` is the
 * `import.meta.url` of who asks; `name` is the module beside it in the sources and in the library. In the bundle, where
 * who asks is in some file, the module is one of the programs.
 */
export function loadLate<T>(here: string, name: string): T {
  return createRequire(here)(fileOf(here, name)) as T
}

function fileOf(here: string, name: string): string {
  if (here.endsWith('.ts')) return `./${name}.ts`
  return /\/chunks\/[^/]+$/.test(here) ? `../${name}.js` : `./${name}.js`
}
