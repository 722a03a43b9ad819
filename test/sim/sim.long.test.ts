import { describe, it } from 'vitest'
import { expectClean, expectExercised, summary } from './sweeps.ts'

describe('the scheduler in the simulated world, at length', () => {
  it('keeps every promise on 50,000 random plans with random trouble', async () => {
    const census = await expectClean({ from: 10_000_000, seeds: 50_000 })
    console.log(summary(census))
    expectExercised(census)
  })
})
