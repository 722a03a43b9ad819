import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ancestors, criticalPath, findCycles, makeGraph, reach, sortGraph } from '../../src/plan/graph.ts'

const graphOf = (edges: string, extra: readonly string[] = []) => {
  const pairs = edges
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split('>') as [string, string])
  const names = [...new Set([...pairs.flat(), ...extra])]
  return makeGraph(
    names,
    pairs.map(([from, to]) => ({ from: names.indexOf(from), to: names.indexOf(to) })),
  )
}
const named = (graph: { names: readonly string[] }, nodes: Iterable<number>) =>
  [...nodes].map((node) => graph.names[node])

/** A random acyclic graph: edges only lead to later nodes. */
const acyclic = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 120 }))
  .map(([count, pairs]) => {
    const edges = pairs
      .map(([a, b]) => [a % count, b % count] as const)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
    return makeGraph(
      Array.from({ length: count }, (_, i) => `n${i}`),
      edges,
    )
  })

describe('order and waves', () => {
  //  a ─┬─> b ──> d        a wave is the longest way from a start: d stands in the third although c leads to it at once
  //     └─> c ────┘
  test('a node stands in the wave after its latest need', () => {
    const graph = graphOf('a>b a>c b>e e>d c>d', ['lone'])
    const sorted = sortGraph(graph)
    expect([0, 1, 2, 3].map((at) => graph.names.filter((_, node) => sorted.wave[node] === at))).toEqual([
      ['a', 'lone'],
      ['b', 'c'],
      ['e'],
      ['d'],
    ])
  })

  test('every edge leads forward in the order, and every node is in it', () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const { order } = sortGraph(graph)
        expect(order.length).toBe(graph.names.length)
        const place = new Map([...order].map((node, at) => [node, at]))
        for (const node of order) {
          for (const from of graph.before.subarray(graph.beforeStart[node], graph.beforeStart[node + 1])) {
            expect(place.get(from)!).toBeLessThan(place.get(node)!)
          }
        }
      }),
    )
  })

  test('looks at each node and each edge once: ten times the chain is ten times the work', () => {
    const chain = (count: number) =>
      makeGraph(
        Array.from({ length: count }, (_, i) => `s${i}`),
        Array.from({ length: count - 1 }, (_, i) => ({ from: i, to: i + 1 })),
      )
    const small = sortGraph(chain(1000))
    const large = sortGraph(chain(10_000))
    expect(small.work).toBe(1999)
    expect(large.work).toBe(19_999)
    expect(criticalPath(chain(10_000), large, () => 1)).toMatchObject({ length: 10_000, work: 19_999 })
  })
})

describe('cycles', () => {
  test('a cycle starts at its first-named node and follows the edges', () => {
    const graph = graphOf('start>b b>c c>a a>b', ['z'])
    expect(findCycles(graph).map((cycle) => named(graph, cycle))).toEqual([['b', 'c', 'a']])
  })

  test('each knot gives one shortest cycle; what only hangs behind it gives none', () => {
    const graph = graphOf('a>b b>a b>c c>b c>tail x>y y>x self>self')
    expect(findCycles(graph).map((cycle) => named(graph, cycle))).toEqual([['a', 'b'], ['x', 'y'], ['self']])
  })

  test('a cycle over 50,000 nodes is found without recursion', () => {
    const count = 50_000
    const graph = makeGraph(
      Array.from({ length: count }, (_, i) => `s${i}`),
      Array.from({ length: count }, (_, i) => ({ from: i, to: (i + 1) % count })),
    )
    expect(findCycles(graph)[0]).toHaveLength(count)
  })

  test('names that are properties of every object are ordinary names', () => {
    const graph = graphOf('constructor>__proto__ __proto__>toString')
    expect(findCycles(graph)).toEqual([])
    expect(named(graph, sortGraph(graph).order)).toEqual(['constructor', '__proto__', 'toString'])
  })
})

describe('paths', () => {
  test('the critical path is the heaviest, not the longest', () => {
    const graph = graphOf('a>b b>c c>d a>slow slow>d')
    const weight: Record<string, number> = { a: 1, b: 1, c: 1, d: 1, slow: 10 }
    const path = criticalPath(graph, sortGraph(graph), (node) => weight[graph.names[node]!]!)
    expect(named(graph, path.nodes)).toEqual(['a', 'slow', 'd'])
    expect(path.length).toBe(12)
  })

  test('no path weighs more than the critical one', () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const sorted = sortGraph(graph)
        const weight = (node: number) => (node * 7) % 5
        const best = criticalPath(graph, sorted, weight)
        // walk greedily back from each node over its first need: any path at all
        for (let node = 0; node < graph.names.length; node++) {
          let sum = 0
          let at: number | undefined = node
          while (at !== undefined) {
            sum += weight(at)
            at = graph.beforeStart[at]! < graph.beforeStart[at + 1]! ? graph.before[graph.beforeStart[at]!] : undefined
          }
          expect(sum).toBeLessThanOrEqual(best.length)
        }
        expect(best.nodes.reduce((sum, node) => sum + weight(node), 0)).toBe(best.length)
      }),
    )
  })

  test('reach and ancestors agree on every pair', () => {
    fc.assert(
      fc.property(acyclic, (graph) => {
        const before = reach(graph, sortGraph(graph))
        for (let to = 0; to < graph.names.length; to++) {
          const all = ancestors(graph, to)
          for (let from = 0; from < graph.names.length; from++) expect(before(from, to)).toBe(all.has(from))
        }
      }),
    )
  })
})
