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
  walk(document.value, watchOf(TABLE[ROOTS[kind]]!), [], refuse)
  return found
}

/** What a node of the schemas asks to be looked at: only what a mark stands on or below of. */
interface Watch {
  /** Why the value itself is refused. */
  readonly reason: string | undefined
  /** What else says something of the same value: the target of a reference, the branches of a union. */
  readonly also: { readonly watch: Watch; readonly only: TableNode | undefined }[]
  items: Watch | undefined
  /** Every key that the node knows; null where nothing below it is marked. */
  readonly keys: Map<string, Watch | null>
  rest: Watch | undefined
}

const watches = new Map<TableNode, Watch>()

/** Made once for each node, and known before it is filled: schemas hold each other in circles. */
function watchOf(node: TableNode): Watch {
  const known = watches.get(node)
  if (known !== undefined) return known
  const watch: Watch = {
    reason: node['x-not-yet-supported'],
    also: [],
    items: undefined,
    keys: new Map(),
    rest: undefined,
  }
  watches.set(node, watch)
  const { $ref, anyOf = [], items, properties = {}, additionalProperties } = node
  const target = $ref === undefined ? undefined : TABLE[$ref]!
  if (target && leads(target)) watch.also.push({ watch: watchOf(target), only: undefined })
  for (const branch of anyOf) if (leads(branch)) watch.also.push({ watch: watchOf(branch), only: branch })
  if (items && leads(items)) watch.items = watchOf(items)
  for (const [key, inner] of Object.entries(properties)) watch.keys.set(key, leads(inner) ? watchOf(inner) : null)
  if (typeof additionalProperties === 'object' && leads(additionalProperties))
    watch.rest = watchOf(additionalProperties)
  return watch
}

/** `path` is one list for the whole walk: a copy for every value of a large file would be most of the work. */
function walk(value: Json, watch: Watch, path: (string | number)[], refuse: (path: Path, why: string) => void): void {
  if (watch.reason !== undefined) {
    refuse([...path], watch.reason)
    return
  }
  for (const { watch: other, only } of watch.also)
    if (only === undefined || takes(only, value)) walk(value, other, path, refuse)
  if (value === null || typeof value !== 'object') return
  const { items, keys, rest } = watch
  if (Array.isArray(value)) {
    if (items === undefined) return
    for (let index = 0; index < value.length; index++) {
      path.push(index)
      walk(value[index] as Json, items, path, refuse)
      path.pop()
    }
    return
  }
  if (keys.size === 0 && rest === undefined) return
  for (const key in value) {
    const inner = keys.get(key) ?? (keys.has(key) ? undefined : rest)
    if (!inner) continue
    path.push(key)
    walk((value as JsonObject)[key]!, inner, path, refuse)
    path.pop()
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
