import { layout as dagre, Graph } from '@dagrejs/dagre'

export const NODE_WIDTH = 216
export const NODE_HEIGHT = 58
const GAP_X = 72
const GAP_Y = 18
/** Above this the layered layout of our own takes over: dagre's time grows with the square. */
const MOST_FOR_DAGRE = 150
/** A layer taller than this is folded into columns, so that a thousand steps side by side can be looked at. */
const TALLEST = 24

export interface Drawing {
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly [from: string, to: string])[]
  /** Nodes that stand behind all others: what runs when these are over. */
  readonly late: readonly string[]
  /** From above to below, for narrow screens. */
  readonly down: boolean
}

export type Places = { readonly [node: string]: readonly [x: number, y: number] }

/** Where each node of a graph without cycles stands. */
export function placesOf(drawing: Drawing): Places {
  const late = new Set(drawing.late)
  const part = (ids: readonly string[]): Places => {
    const known = new Set(ids)
    const edges = drawing.edges.filter(([from, to]) => known.has(from) && known.has(to))
    return ids.length > MOST_FOR_DAGRE ? layered({ nodes: ids, edges }) : byDagre({ nodes: ids, edges }, drawing.down)
  }
  const main = part(drawing.nodes.filter((id) => !late.has(id)))
  if (late.size === 0) return main
  const after = part(drawing.late)
  const [, , right, bottom] = boundsOf(main)
  const [left, top] = boundsOf(after)
  const [byX, byY] = drawing.down ? [0, bottom - top + GAP_Y * 2] : [right - left + GAP_X, 0]
  const moved = Object.entries(after).map(([id, [x, y]]) => [id, [x + byX, y + byY] as const])
  return { ...main, ...Object.fromEntries(moved) }
}

/** Left, top, right and bottom of all boxes. */
export function boundsOf(places: Places): readonly [number, number, number, number] {
  const all = Object.values(places)
  if (all.length === 0) return [0, 0, 0, 0]
  const [first] = all
  let [left, top, right, bottom] = [first![0], first![1], first![0], first![1]]
  for (const [x, y] of all) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return [left, top, right + NODE_WIDTH, bottom + NODE_HEIGHT]
}

type Shape = Pick<Drawing, 'nodes' | 'edges'>

function byDagre({ edges, nodes }: Shape, down: boolean): Places {
  const graph = new Graph()
  graph.setGraph({ rankdir: down ? 'TB' : 'LR', nodesep: GAP_Y, ranksep: down ? GAP_Y * 2 : GAP_X })
  graph.setDefaultEdgeLabel(() => ({}))
  // The library keeps names as keys of plain objects.
  for (const id of nodes) graph.setNode(`n:${id}`, { width: NODE_WIDTH, height: NODE_HEIGHT })
  for (const [from, to] of edges) graph.setEdge(`n:${from}`, `n:${to}`)
  dagre(graph)
  return Object.fromEntries(
    nodes.map((id) => {
      const { x, y } = graph.node(`n:${id}`) as { x: number; y: number }
      return [id, [x - NODE_WIDTH / 2, y - NODE_HEIGHT / 2] as const]
    }),
  )
}

/** Layers by the longest way from a start; within a layer by the middle of what comes before. */
function layered({ edges, nodes }: Shape): Places {
  const before = new Map<string, string[]>(nodes.map((id) => [id, []]))
  const after = new Map<string, string[]>(nodes.map((id) => [id, []]))
  for (const [from, to] of edges) {
    before.get(to)!.push(from)
    after.get(from)!.push(to)
  }
  const open = new Map(nodes.map((id) => [id, before.get(id)!.length]))
  const layers: string[][] = []
  let layer = nodes.filter((id) => open.get(id) === 0)
  const row = new Map<string, number>()
  while (layer.length > 0) {
    const middle = (id: string): number => {
      const rows = before.get(id)!.map((one) => row.get(one) ?? 0)
      return rows.length === 0 ? 0 : rows.reduce((sum, one) => sum + one, 0) / rows.length
    }
    const sorted = layer.map((id) => ({ id, at: middle(id) })).toSorted((a, b) => a.at - b.at)
    for (const [index, { id }] of sorted.entries()) row.set(id, index)
    layers.push(sorted.map(({ id }) => id))
    layer = layer.flatMap((id) =>
      after.get(id)!.filter((next) => {
        open.set(next, open.get(next)! - 1)
        return open.get(next) === 0
      }),
    )
  }
  const places = new Map<string, readonly [number, number]>()
  let x = 0
  for (const ids of layers) {
    const columns = Math.ceil(ids.length / TALLEST)
    const rows = Math.ceil(ids.length / columns)
    for (const [index, id] of ids.entries()) {
      const column = Math.floor(index / rows)
      const height = Math.min(rows, ids.length - column * rows)
      const y = ((index % rows) - (height - 1) / 2) * (NODE_HEIGHT + GAP_Y)
      places.set(id, [x + column * (NODE_WIDTH + GAP_Y), y])
    }
    x += columns * (NODE_WIDTH + GAP_Y) - GAP_Y + GAP_X
  }
  return Object.fromEntries(places)
}
