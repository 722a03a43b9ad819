// Definitions -> the small table that src/model walks at run time: which keys there are, and which of them this version
// does not run.
import { banner, without } from './bundle.mjs'

const DROP = [
  'description',
  'examples',
  'default',
  'title',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'minItems',
  'maxItems',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'oneOf',
  'not',
  'required',
  'x-expects',
  'x-one-of',
  'x-what',
  'x-key',
  'x-belongs',
  'x-not',
  'minProperties',
]

export function tableOf({ roots, defs }) {
  const table = Object.fromEntries([...defs].map(([name, schema]) => [name, without(schema, DROP)]))
  const kinds = Object.fromEntries(roots.map(({ kind, name }) => [kind, name]))
  return `${banner}
import type { Table } from '../schema-table.ts'

/** Kind of file -> its definition. */
export const ROOTS = ${JSON.stringify(kinds)} as const

/** Every definition, as far as \`schema-table.ts\` reads it. */
export const TABLE: Table = ${JSON.stringify(table, null, 1)}
`
}
