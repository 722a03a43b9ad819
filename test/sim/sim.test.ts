import { describe, expect, it } from 'vitest'
import { explain, REPLAY, sweep } from './examine.ts'
import { generate } from './generate.ts'

const FROM = 1
const SEEDS = 5000
/** So many are played however slow the machine is; the rest as far as the time goes. */
const AT_LEAST = 500

describe('the scheduler in the simulated world', () => {
  it('keeps every promise on random plans with random trouble', { timeout: 120_000 }, async () => {
    const result = await sweep({ from: FROM, seeds: SEEDS, budgetMs: 14_000, atLeast: AT_LEAST, replayable: true })
    expect(result.finding && explain(result.finding)).toBeUndefined()
    expect(result.seeds).toBeGreaterThanOrEqual(REPLAY === undefined ? AT_LEAST : 1)
    expect(result.events).toBeGreaterThan(result.seeds * 5)
  })

  it('keeps every promise on calm plans, where nothing hides a mistake', { timeout: 120_000 }, async () => {
    const result = await sweep({
      from: 1_000_000,
      seeds: SEEDS,
      budgetMs: 5000,
      atLeast: AT_LEAST / 2,
      wishes: { calm: true },
      replayable: true,
    })
    expect(result.finding && explain(result.finding)).toBeUndefined()
  })

  it.each([
    ['is opened again after its end', { reopened: true }],
    ['goes on by another plan', { replanned: true }],
  ])('keeps every promise when a run %s', { timeout: 120_000 }, async (_name, wishes) => {
    const result = await sweep({
      from: 3_000_000,
      seeds: SEEDS,
      budgetMs: 4000,
      atLeast: AT_LEAST / 4,
      wishes,
      replayable: true,
    })
    expect(result.finding && explain(result.finding)).toBeUndefined()
  })

  it('meets every kind of trouble', { timeout: 60_000 }, async () => {
    const { hits } = await sweep({ from: FROM, seeds: 400 })
    for (const name of [
      'crash before-commit',
      'crash torn',
      'crash after-commit',
      'crash effects',
      'crash idle',
      'cancel',
      'hard cancel',
      'clock jump',
      'full disk',
      'hang-up',
      'park',
      'reopen',
      'replan',
      'revived owner refused',
    ])
      expect([name, hits.get(name) ?? 0]).toSatisfy(([, count]) => (count as number) > 0)
  })

  it('plays plans of a dozen steps, and small ones often', () => {
    const sizes = Array.from({ length: 400 }, (_, seed) => generate(seed).pipelines.main!.steps.length)
    sizes.sort((one, two) => one - two)
    expect(sizes[200]).toBeGreaterThanOrEqual(10)
    expect(sizes[200]).toBeLessThanOrEqual(14)
    expect(sizes.filter((size) => size <= 4).length).toBeGreaterThan(50)
    expect(sizes.at(-1)).toBeGreaterThan(30)
  })
})
