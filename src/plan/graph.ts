/**
 * The dependency graph of one pipeline, on typed arrays. Takes node names and edges; gives order, waves, cycles, reach
 * and the critical path. Promises:
 *
 * 1. Nothing here recurses: a chain of any length is fine.
 * 2. Everything but `reach` is linear in nodes plus edges; each result carries `work`, the number of nodes and edges
 *    it looked at, so that a test can count instead of measuring time.
 * 3. Equal input gives equal output: ties go to the node that was named first, a cycle starts at its first node.
 */
export interface Graph {
  readonly names: readonly string[]
  /** Compressed rows: the nodes before `i` are `before[beforeStart[i] .. beforeStart[i + 1])`. */
  readonly beforeStart: Int32Array
  readonly before: Int32Array
  readonly afterStart: Int32Array
  readonly after: Int32Array
}

export interface Edge {
  readonly from: number
  readonly to: number
}

/** Lays nodes and edges out as rows in both directions. */
export function makeGraph(names: readonly string[], edges: readonly Edge[]): Graph {
  const beforeStart = new Int32Array(names.length + 1)
  const afterStart = new Int32Array(names.length + 1)
  for (const { from, to } of edges) {
    beforeStart[to + 1]! += 1
    afterStart[from + 1]! += 1
  }
  for (let i = 0; i < names.length; i++) {
    beforeStart[i + 1]! += beforeStart[i]!
    afterStart[i + 1]! += afterStart[i]!
  }
  const [beforeEnd, afterEnd] = [beforeStart.slice(), afterStart.slice()]
  const [before, after] = [new Int32Array(edges.length), new Int32Array(edges.length)]
  for (const { from, to } of edges) {
    before[beforeEnd[to]!++] = from
    after[afterEnd[from]!++] = to
  }
  return { names, beforeStart, before, afterStart, after }
}

export interface Order {
  /** Every node after all that stand before it; nodes on or behind a cycle are left out. */
  readonly order: Int32Array
  /** Longest distance from a start, in edges; -1 for nodes on or behind a cycle. */
  readonly wave: Int32Array
  readonly work: number
}

/** Kahn's algorithm, with the wave of each node. */
export function sortGraph(graph: Graph): Order {
  const count = graph.names.length
  const open = new Int32Array(count)
  const wave = new Int32Array(count).fill(-1)
  const order = new Int32Array(count)
  let work = 0
  let end = 0
  for (let node = 0; node < count; node++) {
    work++
    open[node] = graph.beforeStart[node + 1]! - graph.beforeStart[node]!
    if (open[node] === 0) {
      wave[node] = 0
      order[end++] = node
    }
  }
  const reached = new Int32Array(count)
  for (let at = 0; at < end; at++) {
    const node = order[at]!
    for (let i = graph.afterStart[node]!; i < graph.afterStart[node + 1]!; i++) {
      work++
      const next = graph.after[i]!
      reached[next] = Math.max(reached[next]!, wave[node]! + 1)
      if (--open[next]! === 0) {
        wave[next] = reached[next]!
        order[end++] = next
      }
    }
  }
  return { order: order.slice(0, end), wave, work }
}

/**
 * One shortest cycle for each knot of nodes that wait for each other, as nodes in the direction of the edges, from the
 * first-named node of the knot. The last leads back to the first; that repetition is not in the list.
 */
export function findCycles(graph: Graph, sorted: Order = sortGraph(graph)): number[][] {
  if (sorted.order.length === graph.names.length) return []
  const knot = components(graph)
  const sizes = new Map<number, number>()
  for (const id of knot) sizes.set(id, (sizes.get(id) ?? 0) + 1)
  const done = new Set<number>()
  const cycles: number[][] = []
  for (let node = 0; node < graph.names.length; node++) {
    const id = knot[node]!
    if (done.has(id) || sorted.wave[node]! >= 0) continue
    const cycle = shortestCycle(graph, node, (next) => knot[next] === id)
    if (cycle === undefined) continue
    done.add(id)
    cycles.push(cycle)
  }
  return cycles
}

/** Breadth first from `start` back to itself, inside one knot. */
function shortestCycle(graph: Graph, start: number, inside: (node: number) => boolean): number[] | undefined {
  const parent = new Map<number, number>()
  const queue = [start]
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at]!
    for (let i = graph.afterStart[node]!; i < graph.afterStart[node + 1]!; i++) {
      const next = graph.after[i]!
      if (next === start) {
        const cycle = [node]
        for (let back = node; back !== start; cycle.push(back)) back = parent.get(back)!
        return cycle.reverse()
      }
      if (!inside(next) || parent.has(next)) continue
      parent.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}

/** Tarjan's strongly connected components with an explicit stack; the component number of each node. */
function components(graph: Graph): Int32Array {
  const count = graph.names.length
  const index = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const component = new Int32Array(count).fill(-1)
  const cursor = graph.afterStart.slice(0, count)
  const stack: number[] = []
  const walk: number[] = []
  let next = 0
  let found = 0
  for (let root = 0; root < count; root++) {
    if (index[root]! >= 0) continue
    walk.push(root)
    while (walk.length > 0) {
      const node = walk[walk.length - 1]!
      if (index[node] === -1) {
        index[node] = low[node] = next++
        stack.push(node)
      }
      if (cursor[node]! < graph.afterStart[node + 1]!) {
        const to = graph.after[cursor[node]!++]!
        if (index[to] === -1) walk.push(to)
        else if (component[to] === -1) low[node] = Math.min(low[node]!, index[to]!)
        continue
      }
      walk.pop()
      const parent = walk[walk.length - 1]
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!)
      if (low[node] !== index[node]) continue
      for (let member = stack.pop()!; ; member = stack.pop()!) {
        component[member] = found
        if (member === node) break
      }
      found++
    }
  }
  return component
}

export interface CriticalPath {
  readonly nodes: readonly number[]
  readonly length: number
  readonly work: number
}

/** The heaviest path through the nodes of `order`; of equal ones that over the first-named nodes. */
export function criticalPath(graph: Graph, { order }: Order, weight: (node: number) => number): CriticalPath {
  const finish = new Float64Array(graph.names.length)
  const via = new Int32Array(graph.names.length).fill(-1)
  let last = -1
  let work = 0
  for (const node of order) {
    work++
    let start = 0
    for (let i = graph.beforeStart[node]!; i < graph.beforeStart[node + 1]!; i++) {
      work++
      const from = graph.before[i]!
      if (via[node] === -1 || finish[from]! > start) {
        start = Math.max(start, finish[from]!)
        via[node] = from
      }
    }
    finish[node] = start + weight(node)
    if (last === -1 || finish[node]! > finish[last]!) last = node
  }
  const nodes: number[] = []
  for (let node = last; node !== -1; node = via[node]!) nodes.push(node)
  return { nodes: nodes.reverse(), length: last === -1 ? 0 : finish[last]!, work }
}

/** All nodes that stand before `node`, near or far. */
export function ancestors(graph: Graph, node: number): Set<number> {
  const seen = new Set<number>()
  const queue = [node]
  for (let at = 0; at < queue.length; at++) {
    const from = queue[at]!
    for (let i = graph.beforeStart[from]!; i < graph.beforeStart[from + 1]!; i++) {
      const next = graph.before[i]!
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  return seen
}

/**
 * Answers "does `from` stand before `to`, near or far?" for an acyclic graph, one bit a pair: a few milliseconds and
 * 12 MB for 10,000 nodes, made at the first question that the direct edges do not answer. Above 30,000 nodes a walk.
 */
export function reach(graph: Graph, { order }: Order): (from: number, to: number) => boolean {
  const words = Math.ceil(graph.names.length / 32)
  let bits: Uint32Array | undefined
  const fill = (): Uint32Array => {
    const table = new Uint32Array(words * graph.names.length)
    for (const node of order) {
      for (let i = graph.beforeStart[node]!; i < graph.beforeStart[node + 1]!; i++) {
        const from = graph.before[i]!
        table[node * words + (from >>> 5)]! |= 1 << (from & 31)
        for (let word = 0; word < words; word++) table[node * words + word]! |= table[from * words + word]!
      }
    }
    return table
  }
  return (from, to) => {
    for (let i = graph.beforeStart[to]!; i < graph.beforeStart[to + 1]!; i++) if (graph.before[i] === from) return true
    if (graph.names.length > 30_000) return ancestors(graph, to).has(from)
    bits ??= fill()
    return (bits[to * words + (from >>> 5)]! & (1 << (from & 31))) !== 0
  }
}
