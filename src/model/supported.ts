import { type Diagnostic, report } from '../diagnostics/diagnostic.ts'
import type { Document, Path } from '../document/document.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { ROOTS, TABLE } from './generated/schemas.ts'
import type { Kind, TableNode } from './schema-table.ts'

/**
 * Every key of a valid file that the language has and this version does not run, each at its key. The marks are
 * `x-not-yet-supported` in the schemas; taking one away there is all it takes to let a key pass.
 */
export function notYetSupported(document: Document, kind: Kind): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const refuse = (path: Path, why: string) => {
    const key = String(path.findLast((part) => !/^\d+$/.test(String(part))) ?? path.at(-1))
    found.push(
      report('plan/not-yet-supported', document.locate(path, 'key'), `\`${key}\` is not yet supported`, { hint: why }),
    )
  }
  walk(document.value, TABLE[ROOTS[kind]]!, [], refuse)
  return found
}

function walk(value: Json, node: TableNode, path: Path, refuse: (path: Path, why: string) => void): void {
  const reason = node['x-not-yet-supported']
  if (reason !== undefined) {
    refuse(path, reason)
    return
  }
  if (node.$ref !== undefined) walk(value, TABLE[node.$ref]!, path, refuse)
  for (const branch of node.anyOf ?? []) if (takes(branch, value)) walk(value, branch, path, refuse)
  if (Array.isArray(value)) {
    if (node.items) for (const [index, item] of value.entries()) walk(item, node.items, [...path, index], refuse)
    return
  }
  if (value === null || typeof value !== 'object') return
  for (const [key, part] of Object.entries(value as JsonObject)) {
    const known =
      node.properties !== undefined && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined
    const below = known ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined)
    if (below) walk(part, below, [...path, key], refuse)
  }
}

/** True where a branch of a union is for this kind of value. */
function takes(node: TableNode, value: Json): boolean {
  if (node.$ref !== undefined) return takes(TABLE[node.$ref]!, value)
  const { type } = node
  if (type === undefined) return true
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  return kind === type || (kind === 'number' && type === 'integer')
}
