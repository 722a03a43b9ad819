import { decodeKey, encodeKey } from '../events/path.ts'
import { type Roots, render } from '../expr/evaluate.ts'
import type { StepPlan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import { stopped } from './attempts.ts'
import { finish } from './ends.ts'
import { createNode } from './nodes.ts'
import { count, nodeRoots, type Read } from './roots.ts'
import { emit, isFailure, type Node, type Run, stateOf, wake } from './run.ts'

/*
 * A foreach becomes its items at run time, all or nothing: the event that says so holds every key, item and edge, and
 * a list that can't be a graph fails the step before any item starts (promise 3).
 */

const MAX_ITEMS = 1000

interface Expanded {
  readonly key: string
  readonly item: Json
  readonly needs: readonly string[]
}

/** Expands a foreach and starts the items that need no other. */
export function expand(run: Run, node: Node): void {
  const roots = nodeRoots(run, node)
  const items = itemsOf(node.step, roots)
  if (!items.ok) return finish(run, node, { status: 'failed', reason: 'foreach', message: items.message })
  const limit = count(node.step.foreach!.maxParallel, roots, 1)
  if (!limit.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: limit.message })
  emit(run, { type: 'foreach-expanded', path: node.path, items: items.value })
  makeItems(node, items.value, limit.value)
  if (node.items.length === 0) return finish(run, node, { status: 'succeeded' })
  for (const item of node.items) wake(run, { type: 'needs', node: item })
}

/** Makes the nodes of an expansion, with the edges between them. */
export function makeItems(node: Node, items: readonly Expanded[], limit: number | undefined): void {
  node.phase = 'items'
  node.places = limit === undefined ? undefined : { used: 0, limit, queue: [] }
  node.openItems = items.length
  const byKey = new Map<string, Node>()
  for (const [index, { key, item: value }] of items.entries()) {
    const path = `${node.path}[${key}]`
    byKey.set(
      key,
      createNode(node.scope, node.step, { path, layer: 'item', parent: node, item: { key, value, index } }),
    )
  }
  for (const { key, needs } of items) {
    const item = byKey.get(key)!
    item.needsOpen = needs.length
    for (const need of needs) byKey.get(need)!.dependents.push(item)
  }
  node.items = [...byKey.values()]
}

function itemsOf(step: StepPlan, roots: Roots): Read<readonly Expanded[]> {
  const { items, key, needs } = step.foreach!
  const rendered = render(items, roots)
  if (!rendered.ok) return rendered
  if (!Array.isArray(rendered.value))
    return refuse(`\`items\` gave ${JSON.stringify(rendered.value)?.slice(0, 80)}, not a list`)
  const list = rendered.value as readonly Json[]
  if (list.length > MAX_ITEMS)
    return refuse(`${list.length} items are more than the ${MAX_ITEMS} that a foreach may have`)
  const expanded: Expanded[] = []
  const seen = new Map<string, number>()
  for (const [i, item] of list.entries()) {
    const own = { ...roots, item }
    const name = key === undefined ? { ok: true as const, value: i as Json } : render(key, own)
    if (!name.ok) return refuse(`the key of item ${i + 1}: ${name.message}`)
    if (typeof name.value !== 'string' && typeof name.value !== 'number')
      return refuse(`the key of item ${i + 1} is ${JSON.stringify(name.value)}, not a text`)
    const encoded = encodeKey(String(name.value))
    if (encoded === '') return refuse(`the key of item ${i + 1} is empty`)
    const before = seen.get(encoded)
    if (before !== undefined) return refuse(`items ${before + 1} and ${i + 1} have the same key \`${name.value}\``)
    seen.set(encoded, i)
    const edges = needsOf(needs, own)
    if (!edges.ok) return refuse(`the needs of item \`${name.value}\`: ${edges.message}`)
    expanded.push({ key: encoded, item, needs: edges.value })
  }
  for (const { key: from, needs: edges } of expanded)
    for (const to of edges)
      if (!seen.has(to)) return refuse(`item \`${decodeKey(from)}\` needs \`${decodeKey(to)}\`, which is no item`)
  const cycle = findCycle(expanded)
  if (cycle)
    return refuse(`items need each other in a circle: ${cycle.map((id) => `\`${decodeKey(id)}\``).join(' -> ')}`)
  return { ok: true, value: expanded }
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}

function needsOf(template: string | undefined, roots: Roots): Read<readonly string[]> {
  if (template === undefined) return { ok: true, value: [] }
  const rendered = render(template, roots)
  if (!rendered.ok) return rendered
  const list = rendered.value ?? []
  if (!Array.isArray(list) || !list.every((id) => typeof id === 'string' || typeof id === 'number'))
    return refuse(`${JSON.stringify(rendered.value)} is not a list of keys`)
  return { ok: true, value: [...new Set(list.map((id) => encodeKey(String(id))))] }
}

/** The keys of one circle, the first again at its end; undefined where there is none. */
function findCycle(items: readonly Expanded[]): string[] | undefined {
  const needs = new Map(items.map((item) => [item.key, item.needs]))
  const dependents = new Map<string, string[]>()
  const open = new Map(items.map((item) => [item.key, item.needs.length]))
  for (const { key, needs: edges } of items)
    for (const need of edges) dependents.set(need, [...(dependents.get(need) ?? []), key])
  const ready = items.filter((item) => item.needs.length === 0).map((item) => item.key)
  for (let i = 0; i < ready.length; i++) {
    open.delete(ready[i]!)
    for (const next of dependents.get(ready[i]!) ?? []) {
      const left = (open.get(next) ?? 0) - 1
      open.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  if (open.size === 0) return undefined
  const way: string[] = []
  let at = [...open.keys()][0]!
  while (!way.includes(at)) {
    way.push(at)
    at = needs.get(at)!.find((need) => open.has(need))!
  }
  return [...way.slice(way.indexOf(at)), at]
}

/** One item has ended; the step ends with the last. */
export function onItemEnded(run: Run, parent: Node): void {
  parent.openItems -= 1
  if (parent.openItems > 0) return
  const lost = parent.items.filter((item) => item.status !== 'succeeded' && !item.ownSkip)
  if (lost.length === 0) return finish(run, parent, { status: 'succeeded' })
  const failed = lost.filter((item) => isFailure(item.status))
  if (parent.stop !== undefined && (failed.length === 0 || parent.stop === 'timeout'))
    return finish(run, parent, stopped(parent))
  if (failed.length === 0) return finish(run, parent, { status: 'cancelled', reason: stateOf(run, lost[0]!)?.reason })
  const names = failed.slice(0, 3).map((item) => `\`${decodeKey(item.item!.key)}\``)
  const more = failed.length > 3 ? ` and ${failed.length - 3} more` : ''
  const message = `${failed.length} of ${parent.items.length} failed: ${names.join(', ')}${more}`
  finish(run, parent, { status: 'failed', reason: 'items', message })
}
