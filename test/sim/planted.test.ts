import { describe, expect, it } from 'vitest'
import { sweep } from './examine.ts'
import { FAULTS } from './faults/all.ts'

/** Enough seeds for every planted bug; the whole range is planted.long.test.ts. */
const SEEDS = 2000

describe('planted bugs', () => {
  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    '%s is found within 2,000 seeds',
    { timeout: 60_000 },
    async (_name, fault) => {
      const { finding } = await sweep({ from: 1, seeds: SEEDS, fault, wishes: fault.wishes, smallest: false })
      expect(finding?.violations.length ?? 0).toBeGreaterThan(0)
    },
  )

  it('have names of their own', () => {
    expect(new Set(FAULTS.map((fault) => fault.name)).size).toBe(FAULTS.length)
  })
})
