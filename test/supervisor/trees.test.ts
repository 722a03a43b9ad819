import { describe, expect, test } from 'vitest'
import { ENDINGS, endTree, FOREST, isPossible, THOUSAND, TREES, type Tree } from '../support/trees.ts'
import { BUSY } from '../support/waiting.ts'

/** Process trees and the ends of their steps, once; `trees.long.test.ts` goes through the whole table fifty times. */
const CELLS: readonly { readonly ending: (typeof ENDINGS)[number]; readonly trees: readonly Tree[] }[] = [
  { ending: 'ends by itself', trees: TREES },
  { ending: 'is cancelled', trees: [...TREES, THOUSAND] },
  { ending: 'times out', trees: TREES },
  { ending: 'is killed', trees: [FOREST] },
  { ending: 'loses its runner', trees: [FOREST] },
  { ending: 'loses its supervisor', trees: [FOREST] },
  { ending: 'loses both', trees: [FOREST] },
]

describe.runIf(process.platform === 'linux')('promise 13: a step that', BUSY, () => {
  for (const { ending, trees } of CELLS) {
    describe(ending, () => {
      for (const tree of trees.filter((one) => isPossible(one, ending))) {
        if (tree.escapes && ending === 'ends by itself') {
          // Daemons that a tool leaves behind on purpose live on: docs/decisions/0032.
          test.concurrent(`leaves alone what left its group: ${tree.name}`, async () => {
            const { left, outcome } = await endTree(tree, ending)
            expect(outcome).toMatchObject({ status: 'succeeded' })
            expect(left).toHaveLength(tree.size)
          })
        } else {
          test.concurrent(`leaves nothing of ${tree.name}`, async () => {
            const found = await endTree(tree, ending)
            expect(found.tree.length).toBeGreaterThan(0)
            expect(found).toMatchObject({ left: [], carrying: [] })
            expect(found.outcome?.message ?? '').not.toContain('still alive')
          })
        }
      }
    })
  }

  test('every end stands in the table', () => {
    expect(CELLS.map(({ ending }) => ending).sort()).toEqual([...ENDINGS].sort())
  })
})
