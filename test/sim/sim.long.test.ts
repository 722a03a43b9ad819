import { describe, expect, it } from 'vitest'
import { explain, sweep } from './examine.ts'
import type { Wishes } from './generate.ts'

/** What fits into a quarter of an hour on two cores, beside crashes.long.test.ts and planted.long.test.ts. */
const RANGES: readonly (readonly [string, number, number, Wishes])[] = [
  ['40,000 random plans with random trouble', 10_000_000, 40_000, {}],
  ['5,000 calm plans', 11_000_000, 5000, { calm: true }],
  ['10,000 runs that are opened again after their end', 12_000_000, 10_000, { reopened: true }],
  ['10,000 runs that go on by another plan', 13_000_000, 10_000, { replanned: true }],
]

describe('the scheduler in the simulated world, at length', () => {
  it.each(RANGES)('keeps every promise on %s', async (_name, from, seeds, wishes) => {
    const result = await sweep({ from, seeds, wishes, replayable: true })
    expect(result.finding && explain(result.finding)).toBeUndefined()
  })
})
