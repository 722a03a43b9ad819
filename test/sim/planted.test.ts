import { describe, expect, it } from 'vitest'
import { findPlanted, type Planted } from './census.ts'
import { FAULTS } from './faults/all.ts'
import { PROMISES } from './oracle/oracle.ts'

/** Enough seeds for every planted bug; ten ranges of them are in planted.long.test.ts. */
const SEEDS = 2000
/** First seeds of ranges. */
const FROM = [1, 10_001, 20_001]

describe('planted bugs', () => {
  it('are 25 and more, with names of their own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
    expect(FAULTS.length).toBeGreaterThanOrEqual(25)
  })

  it('are found within 2,000 seeds, and each invariant is broken by one of them', { timeout: 300_000 }, async () => {
    const found: Planted[] = []
    for (const from of FROM) found.push(...(await findPlanted(from, SEEDS)))
    expect(found.filter(({ seeds }) => seeds === undefined).map(({ name }) => name)).toEqual([])
    const broken = new Set(found.flatMap(({ invariants }) => invariants))
    expect(PROMISES.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
  })
})
