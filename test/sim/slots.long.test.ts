import { expect, it } from 'vitest'
import { countSlots } from './slots.ts'

it('promise 24a: no slot and no lock is leaked over 10,000 simulated runs', async () => {
  const { seeds, runs, disturbed, leaks } = await countSlots({ from: 32_000_000, runs: 10_000 })
  console.log(`${runs} runs of ${seeds} seeds took all their slots at their end, ${disturbed} of them disturbed before`)
  expect(leaks).toEqual([])
  expect(runs).toBeGreaterThanOrEqual(10_000)
  expect(disturbed).toBeGreaterThan(2500)
})
