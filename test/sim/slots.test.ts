import { describe, expect, it } from 'vitest'
import { countSlots } from './slots.ts'

describe('the slots of a simulated run', () => {
  it('promise 24a: are all free at its end, whatever failed, was tried again, cancelled or killed', async () => {
    const { runs, disturbed, leaks } = await countSlots({ from: 31_000_000, runs: 100 })
    expect(leaks).toEqual([])
    expect([runs >= 100, disturbed > 25]).toEqual([true, true])
  })

  it('are counted: one that is missing is seen in nearly every run', async () => {
    const { runs, leaks } = await countSlots({ from: 31_000_000, runs: 20, fewer: 1 })
    expect(new Set(leaks.map((leak) => leak.replace(/: probe.*/, ''))).size).toBeGreaterThanOrEqual(runs * 0.9)
  })
})
