// Reads schema files and the definitions they share into one flat list, so that types, validators, tables and docs see
// the same names. `{$ref: "common.schema.json#/$defs/step"}` becomes `{$ref: "step"}`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * `kinds`: file name without `.schema.json` -> name of its root definition.
 * Gives `{ roots: [{ kind, name }], defs: Map(name -> schema) }`; roots first, then definitions in order of their files.
 */
export async function bundle(root, kinds, shared) {
  const defs = new Map()
  const add = (name, schema) => {
    if (defs.has(name)) throw new Error(`two definitions are called ${name}`)
    defs.set(name, rewriteRefs(schema))
  }
  const roots = []
  const files = []
  for (const [kind, name] of Object.entries(kinds)) {
    const { $defs, $schema, ...schema } = await read(root, kind)
    add(name, schema)
    roots.push({ kind, name })
    files.push($defs)
  }
  for (const kind of shared) files.push((await read(root, kind)).$defs)
  for (const $defs of files) for (const [name, schema] of Object.entries($defs ?? {})) add(name, schema)
  for (const [name, schema] of defs) {
    for (const target of refsIn(schema))
      if (!defs.has(target)) throw new Error(`${name} refers to ${target}, which is nowhere`)
  }
  return { roots, defs }
}

async function read(root, kind) {
  return JSON.parse(await readFile(join(root, 'schemas', `${kind}.schema.json`), 'utf8'))
}

function rewriteRefs(node) {
  if (Array.isArray(node)) return node.map(rewriteRefs)
  if (node === null || typeof node !== 'object') return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace(/^.*#\/\$defs\//, '') : rewriteRefs(value),
    ]),
  )
}

function* refsIn(node) {
  if (node === null || typeof node !== 'object') return
  if (typeof node.$ref === 'string') yield node.$ref
  for (const value of Object.values(node)) yield* refsIn(value)
}

/** The schema without the keywords that `drop` names; keys under `properties` are names, not keywords. */
export function without(node, drop) {
  if (Array.isArray(node)) return node.map((item) => without(item, drop))
  if (node === null || typeof node !== 'object') return node
  const kept = Object.entries(node).filter(([key]) => !drop.includes(key))
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      key === 'properties' || key === 'dependentSchemas'
        ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, without(schema, drop)]))
        : key === 'const' || key === 'enum' || key === 'default' || key === 'required'
          ? value
          : without(value, drop),
    ]),
  )
}

/** Where a generated TypeScript file came from, and that nobody edits it. */
export const banner = '// Made from schemas/ by `npm run generate`. Edit the schemas, not this file.'
