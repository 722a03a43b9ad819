import { describe, expect, it } from 'vitest'
import { explain, sweep } from './examine.ts'
import { generate } from './generate.ts'

const FROM = 1
const SEEDS = 5000

describe('the scheduler in the simulated world', () => {
  it('keeps every promise on random plans with random trouble', { timeout: 120_000 }, async () => {
    const result = await sweep({ from: FROM, seeds: SEEDS, budgetMs: 30_000, replayable: true })
    expect(result.finding && explain(result.finding)).toBeUndefined()
    expect(result.events).toBeGreaterThan(result.seeds * 5)
  })

  it('keeps every promise on calm plans, where nothing hides a mistake', { timeout: 120_000 }, async () => {
    const result = await sweep({
      from: 1_000_000,
      seeds: SEEDS,
      budgetMs: 15_000,
      wishes: { calm: true },
      replayable: true,
    })
    expect(result.finding && explain(result.finding)).toBeUndefined()
  })

  it('meets every kind of trouble, and small cases more often than large ones', async () => {
    const { hits } = await sweep({ from: FROM, seeds: 400 })
    for (const name of [
      'crash before-commit',
      'crash after-commit',
      'crash effects',
      'crash idle',
      'cancel',
      'hard cancel',
      'clock jump',
      'full disk',
      'hang-up',
      'park',
      'revived owner refused',
    ])
      expect([name, hits.get(name) ?? 0]).toSatisfy(([, count]) => (count as number) > 0)
    const sizes = Array.from({ length: 400 }, (_, seed) => generate(seed).pipelines.main!.steps.length)
    expect(sizes.filter((size) => size <= 4).length).toBeGreaterThan(sizes.filter((size) => size > 7).length)
  })
})
