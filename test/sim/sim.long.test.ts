import { describe, expect, it } from 'vitest'
import { examine, explain, sweep } from './examine.ts'
import { generate } from './generate.ts'
import { differences, isDeterministic, resultsOf } from './results.ts'

describe('the scheduler in the simulated world, at length', () => {
  it('keeps every promise on 100,000 random plans with random trouble', async () => {
    const result = await sweep({ from: 2_000_000, seeds: 100_000 })
    expect(result.finding && explain(result.finding)).toBeUndefined()
  })

  it('ends the same after a crash at any commit, in any phase of it', async () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const scenario = generate(seed, { calm: true })
      if (!isDeterministic(scenario)) continue
      const calm = (await examine(scenario)).trace
      const expected = resultsOf(calm)
      for (let commit = 1; commit <= calm.runs[0]!.ledger.commits; commit++) {
        for (const phase of ['before-commit', 'after-commit', 'effects', 'idle'] as const) {
          const crashes = [{ commit, phase, orphans: commit % 2 === 0, revived: commit % 3 === 0, downMs: 1000 }]
          const { trace } = await examine({ ...scenario, trouble: { ...scenario.trouble, crashes } })
          expect({ seed, commit, phase, differences: differences(resultsOf(trace), expected) }).toEqual({
            seed,
            commit,
            phase,
            differences: [],
          })
        }
      }
    }
  })
})
