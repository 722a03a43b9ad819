import { describe, expect, it } from 'vitest'
import { examine } from './examine.ts'
import { generate } from './generate.ts'
import { differences, isDeterministic, resultsOf } from './results.ts'
import { PHASES } from './spec.ts'

const PLANS = 500

describe('crashes, at length', () => {
  it('end the same at any commit, in any phase of it', async () => {
    let crashed = 0
    for (let seed = 1, plans = 0; plans < PLANS; seed++) {
      const scenario = generate(seed, { calm: true, maxSteps: 14 })
      if (!isDeterministic(scenario)) continue
      plans++
      const calm = (await examine(scenario)).trace
      const expected = resultsOf(calm)
      for (let commit = 1; commit <= calm.runs[0]!.ledger.commits; commit++) {
        for (const phase of PHASES) {
          const crashes = [{ commit, phase, orphans: commit % 2 === 0, revived: commit % 3 === 0, downMs: 1000 }]
          const { trace } = await examine({ ...scenario, trouble: { ...scenario.trouble, crashes } })
          crashed++
          expect({ seed, commit, phase, differences: differences(resultsOf(trace), expected) }).toEqual({
            seed,
            commit,
            phase,
            differences: [],
          })
        }
      }
    }
    expect(crashed).toBeGreaterThan(PLANS * PHASES.length)
  })
})
