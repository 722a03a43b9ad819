import { render } from '../expr/evaluate.ts'
import { isTemplate } from '../expr/template.ts'
import type { Json } from '../util/json.ts'
import { findCycles, makeGraph } from './graph.ts'
import { referencesIn } from './references.ts'
import { tell, unknown } from './report.ts'
import { child, items, type Source, textOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'
import { holdsTemplate } from './values.ts'

/**
 * Items that are written out can be judged now: keys that are equal, needs that lead nowhere, circles. Items made at run
 * time are judged by the same rules when they are there.
 */
export function checkForeachItems(session: Session, foreach: Source): void {
  const list = items(child(foreach, 'items'))
  if (list.length === 0 || list.some((item) => holdsTemplate(item.value))) return
  const keys = list.map((item) => keyOf(child(foreach, 'key'), item.value))
  const first = new Map<string, number>()
  for (const [index, key] of keys.entries()) {
    if (key === undefined) continue
    const twin = first.get(key)
    if (twin === undefined) first.set(key, index)
    else {
      tell(session, 'plan/foreach-items', valueAt(list[index]!), `two items have the key \`${key}\``, {
        related: [{ message: 'the other one', at: valueAt(list[twin]!) }],
        hint: 'let `key` name what tells the items apart',
      })
    }
  }
  checkEdges(session, child(foreach, 'needs'), list, keys, first)
}

function checkEdges(
  session: Session,
  needs: Source | undefined,
  list: readonly Source[],
  keys: readonly (string | undefined)[],
  first: ReadonlyMap<string, number>,
): void {
  if (needs === undefined) return
  const edges: { from: number; to: number }[] = []
  for (const [to, item] of list.entries()) {
    const value = overItem(textOf(needs), item.value)
    if (!Array.isArray(value)) continue
    for (const need of value as readonly Json[]) {
      const from = first.get(String(need))
      if (from === undefined) unknown(session, 'plan/foreach-items', valueAt(item), String(need), first.keys(), 'item')
      else edges.push({ from, to })
    }
  }
  const graph = makeGraph(
    keys.map((key) => key ?? ''),
    edges,
  )
  for (const cycle of findCycles(graph)) {
    const members = [cycle[0]!, ...cycle.slice(1).reverse()]
    const names = [...members, members[0]!].map((at) => `\`${graph.names[at]}\``)
    tell(session, 'plan/cycle', valueAt(list[members[0]!]!), `items wait for each other: ${names.join(' needs ')}`, {
      related: members.slice(1).map((at) => ({ message: `\`${graph.names[at]}\``, at: valueAt(list[at]!) })),
    })
  }
}

/** The key of an item as the run will compute it, where it needs nothing but the item. */
function keyOf(key: Source | undefined, item: Json): string | undefined {
  const value = key === undefined ? (typeof item === 'object' ? undefined : item) : overItem(textOf(key), item)
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
}

function overItem(text: string | undefined, item: Json): Json | undefined {
  if (text === undefined) return undefined
  if (!isTemplate(text)) return text
  if (referencesIn(text, 'template').some(({ path }) => path[0] !== 'item')) return undefined
  const rendered = render(text, { item })
  return rendered.ok ? rendered.value : undefined
}
