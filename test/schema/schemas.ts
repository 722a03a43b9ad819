import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SCHEMAS = join(import.meta.dirname, '..', '..', 'schemas')

export interface Node {
  readonly [keyword: string]: unknown
  readonly $ref?: string
  readonly $defs?: { readonly [name: string]: Node }
  readonly properties?: { readonly [key: string]: Node }
  readonly description?: string
  readonly examples?: readonly unknown[]
}

export interface SchemaFile {
  readonly file: string
  readonly schema: Node
}

export function allSchemas(): readonly SchemaFile[] {
  return readdirSync(SCHEMAS)
    .filter((file) => file.endsWith('.schema.json'))
    .map(read)
}

function read(file: string): SchemaFile {
  return { file, schema: JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as Node }
}

/** Every key that a file may have: `definition.key` and its schema. The root of a file is named by its file. */
export function* keysOf({ file, schema }: SchemaFile): Generator<readonly [string, Node]> {
  for (const [key, node] of Object.entries(schema.properties ?? {})) yield [`${file.split('.')[0]}.${key}`, node]
  for (const [name, definition] of Object.entries(schema.$defs ?? {})) {
    for (const [key, node] of Object.entries(definition.properties ?? {})) yield [`${name}.${key}`, node]
  }
}
