import { describe, expect, it } from 'vitest'
import { generate } from './generate.ts'
import { expectClean, expectExercised, summary } from './sweeps.ts'

/*
 * The first half of the seeds of `npm test`; the other is in sim-more.test.ts, so that two cores share them. A slow
 * machine takes longer over them and plays as many.
 */

describe('the scheduler in the simulated world', () => {
  it('keeps every promise on 2,500 random plans with random trouble, and meets all of it', {
    timeout: 600_000,
  }, async () => {
    const census = await expectClean({ from: 1, seeds: 2500 })
    console.log(summary(census))
    expectExercised(census)
  })

  it('plays plans of a dozen steps and more, and small ones often', () => {
    const sizes = Array.from({ length: 400 }, (_, seed) => generate(seed).pipelines.main!.steps.length)
    sizes.sort((one, two) => one - two)
    expect(sizes[200]).toBeGreaterThanOrEqual(12)
    expect(sizes.filter((size) => size <= 4).length).toBeGreaterThan(50)
    expect(sizes.at(-1)).toBeGreaterThan(30)
  })
})
