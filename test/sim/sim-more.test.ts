import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Census, takeCensus } from './census.ts'
import type { Wishes } from './generate.ts'
import { FAULT_KINDS } from './kinds.ts'
import { expectClean, expectExercised, summary } from './sweeps.ts'

/** The second half of the seeds of `npm test`, and ranges of one kind each. */
const KINDS: readonly (readonly [string, number, number, Wishes])[] = [
  ['calm plans, where nothing hides a mistake', 1_000_000, 400, { calm: true }],
  ['runs that are opened again after their end', 3_000_000, 200, { reopened: true }],
  ['runs that go on by another plan', 3_000_000, 200, { replanned: true }],
]

describe('the scheduler in the simulated world, further on', () => {
  it('keeps every promise on 2,500 more plans, and meets all trouble again', { timeout: 600_000 }, async () => {
    const census = await expectClean({ from: 2501, seeds: 2500 })
    console.log(summary(census))
    expectExercised(census)
  })

  it.each(KINDS)('keeps every promise on %s', { timeout: 300_000 }, async (_name, from, seeds, wishes) => {
    await expectClean({ from, seeds, wishes })
  })

  it('says what a range of seeds is worth as JSON', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['test/sim/census.ts', '5', '3', 'calm'])
    const census = JSON.parse(stdout) as Census
    expect(census).toEqual(await takeCensus({ from: 5, seeds: 3, wishes: { calm: true } }))
    expect(census.faults.map(({ kind }) => kind)).toEqual(Object.keys(FAULT_KINDS))
  })

  it('is the same world for the same seeds', { timeout: 120_000 }, async () => {
    const range = { from: 77, seeds: 20 }
    expect(await takeCensus(range)).toEqual(await takeCensus(range))
  })
})
