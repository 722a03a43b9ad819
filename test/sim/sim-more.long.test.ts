import { describe, it } from 'vitest'
import type { Wishes } from './generate.ts'
import { expectClean, expectExercised, summary } from './sweeps.ts'

/** With those of sim.long.test.ts a hundred thousand. */
const KINDS: readonly (readonly [string, number, number, Wishes])[] = [
  ['5,000 calm plans', 11_000_000, 5000, { calm: true }],
  ['10,000 runs that are opened again after their end', 12_000_000, 10_000, { reopened: true }],
  ['10,000 runs that go on by another plan', 13_000_000, 10_000, { replanned: true }],
]

describe('the scheduler in the simulated world, at length and further on', () => {
  it('keeps every promise on 25,000 more plans with random trouble', async () => {
    const census = await expectClean({ from: 20_000_000, seeds: 25_000 })
    console.log(summary(census))
    expectExercised(census)
  })

  it.each(KINDS)('keeps every promise on %s', async (_name, from, seeds, wishes) => {
    await expectClean({ from, seeds, wishes })
  })
})
