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

/** `path` is one list for the whole walk: a copy for every value of a large file would be most of the work. */
function walk(
  value: Json,
  node: TableNode,
  path: (string | number)[],
  refuse: (path: Path, why: string) => void,
): void {
  const reason = node['x-not-yet-supported']
  if (reason !== undefined) {
    refuse([...path], reason)
    return
  }
  const below = (key: string | number, part: Json, inner: TableNode) => {
    path.push(key)
    walk(part, inner, path, refuse)
    path.pop()
  }
  if (node.$ref !== undefined) walk(value, TABLE[node.$ref]!, path, refuse)
  for (const branch of node.anyOf ?? []) if (takes(branch, value)) walk(value, branch, path, refuse)
  if (Array.isArray(value)) {
    if (node.items) for (const [index, item] of value.entries()) below(index, item as Json, node.items)
    return
  }
  if (value === null || typeof value !== 'object') return
  for (const [key, part] of Object.entries(value as JsonObject)) {
    const known =
      node.properties !== undefined && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined
    const inner = known ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined)
    if (inner && leads(inner)) below(key, part, inner)
  }
}

const leading = new Map<TableNode, boolean>()

/** True where a mark stands somewhere below: most values of a file need not be looked at. */
function leads(node: TableNode): boolean {
  const known = leading.get(node)
  if (known !== undefined) return known
  const seen = new Set<TableNode>()
  const found = leadsFrom(node, seen)
  // schemas hold each other in circles: only a search that met no mark at all says something of every node on its way
  if (!found) for (const met of seen) leading.set(met, false)
  return found
}

function leadsFrom(node: TableNode, seen: Set<TableNode>): boolean {
  const known = leading.get(node)
  if (known !== undefined || seen.has(node)) return known === true
  seen.add(node)
  const { additionalProperties, anyOf = [], items, properties = {}, $ref } = node
  const parts = [...anyOf, ...Object.values(properties)]
  if (items) parts.push(items)
  if ($ref !== undefined) parts.push(TABLE[$ref]!)
  if (typeof additionalProperties === 'object') parts.push(additionalProperties)
  const found = node['x-not-yet-supported'] !== undefined || parts.some((part) => leadsFrom(part, seen))
  if (found) leading.set(node, true)
  return found
}

/** True where a branch of a union is for this kind of value. */
function takes(node: TableNode, value: Json): boolean {
  if (node.$ref !== undefined) return takes(TABLE[node.$ref]!, value)
  const { type } = node
  if (type === undefined) return true
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  return kind === type || (kind === 'number' && type === 'integer')
}
