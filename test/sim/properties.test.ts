import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { examine, REPLAY } from './examine.ts'
import { generate } from './generate.ts'
import { FEATURES, type Features } from './generate-step.ts'
import { CALM } from './generate-trouble.ts'
import { differences, isDeterministic, resultsOf } from './results.ts'
import { PHASES, ROOT, type Scenario, type StepSpec } from './spec.ts'

/** A random graph of plain steps: each step needs some of those before it. fast-check makes a failing one small. */
const graphs = (options: { readonly failures: boolean; readonly limit?: number }): fc.Arbitrary<Scenario> =>
  fc
    .array(
      fc.record({
        needs: fc.uniqueArray(fc.nat(30), { maxLength: 3 }),
        durationMs: fc.integer({ min: 0, max: 5000 }),
        fails: options.failures ? fc.boolean() : fc.constant(false),
        allowFailure: options.failures ? fc.boolean() : fc.constant(false),
      }),
      { minLength: 1, maxLength: 14 },
    )
    .chain((nodes) =>
      fc.integer({ min: 1, max: 6 }).map((limit) => {
        const steps = nodes.map((node, index): StepSpec => {
          const needs = [
            ...new Set(node.needs.filter((_, place) => index > place).map((need) => need % Math.max(1, index))),
          ]
          return {
            ...BLANK,
            id: `s${index}`,
            needs: index === 0 ? [] : needs.map((need) => ({ step: `s${need}`, on: 'ok' as const })),
            allowFailure: node.allowFailure,
            behaviour: { ...BLANK.behaviour, durationMs: node.durationMs, fails: node.fails ? 99 : 0 },
          }
        })
        const main = { ...BLANK_SCENARIO.pipelines[ROOT]!, steps, maxParallel: options.limit ?? limit }
        return { ...BLANK_SCENARIO, pipelines: { [ROOT]: main } }
      }),
    )

const PLAIN = Object.fromEntries(FEATURES.map((name) => [name, false])) as unknown as Features
const BLANK_SCENARIO: Scenario = {
  ...generate(1, { features: PLAIN, calm: true }),
  seed: 1,
  runs: 1,
  batching: 'together',
  trouble: CALM,
}
const BLANK: StepSpec = {
  ...BLANK_SCENARIO.pipelines[ROOT]!.steps[0]!,
  needs: [],
  effects: 'none',
  agent: false,
  graceMs: 0,
  behaviour: { durationMs: 0, fails: 0, failure: undefined, hangs: false, stubborn: false },
}
const RUNS = { numRuns: 150, ...(REPLAY === undefined ? {} : { seed: REPLAY }) }

async function expectClean(scenario: Scenario, tieSeed = 0) {
  const { trace, violations } = await examine(scenario, { tieSeed })
  expect(violations).toEqual([])
  return trace
}

describe('every random graph', () => {
  it('starts no step before its needs, loses no wake-up and comes to its end', async () => {
    await fc.assert(
      fc.asyncProperty(graphs({ failures: true }), async (scenario) => void (await expectClean(scenario))),
      RUNS,
    )
  })

  it('takes exactly as long as its longest way when slots are plenty', async () => {
    const property = fc.asyncProperty(graphs({ failures: false, limit: 99 }), async (scenario) => {
      const trace = await expectClean(scenario)
      const run = trace.runs[0]!
      const spent = new Map(run.processes.map((process) => [process.path, process.endMs! - process.startMs]))
      const finish = new Map<string, number>()
      for (const step of scenario.pipelines[ROOT]!.steps) {
        const start = Math.max(0, ...step.needs.map((need) => finish.get(need.step)!))
        finish.set(step.id, start + spent.get(step.id)!)
      }
      const { written } = run.ledger
      expect(written.at(-1)!.atMs - written[0]!.atMs).toBe(Math.max(...finish.values()))
    })
    await fc.assert(property, RUNS)
  })

  it('never has slots idle while something could use them', async () => {
    const property = fc.asyncProperty(graphs({ failures: false, limit: 1 }), async (scenario) => {
      const { processes, ledger } = (await expectClean(scenario)).runs[0]!
      const work = processes.reduce((sum, process) => sum + process.endMs! - process.startMs, 0)
      expect(ledger.written.at(-1)!.atMs - ledger.written[0]!.atMs).toBe(work)
    })
    await fc.assert(property, RUNS)
  })

  it('promise 4c: ends the same however arrivals are batched and ordered within an instant', async () => {
    const property = fc.asyncProperty(
      graphs({ failures: true }),
      fc.integer({ min: 1, max: 1000 }),
      async (scenario, tieSeed) => {
        const expected = resultsOf(await expectClean({ ...scenario, batching: 'each' }))
        for (const batching of ['together', 'lagged'] as const) {
          for (const order of [0, tieSeed])
            expect(resultsOf(await expectClean({ ...scenario, batching }, order))).toEqual(expected)
        }
      },
    )
    await fc.assert(property, { ...RUNS, numRuns: 60 })
  })

  it('promise 4c: ends the same after a crash at any commit, in any phase of it', { timeout: 240_000 }, async () => {
    const property = fc.asyncProperty(graphs({ failures: true }), async (scenario) => {
      const calm = await expectClean(scenario)
      const expected = resultsOf(calm)
      for (let commit = 1; commit <= calm.runs[0]!.ledger.commits; commit++) {
        for (const phase of PHASES) {
          const crashes = [{ commit, phase, orphans: commit % 2 === 0, revived: commit % 3 === 0, downMs: 100 }]
          const trace = await expectClean({ ...scenario, trouble: { ...scenario.trouble, crashes } })
          expect(differences(resultsOf(trace), expected)).toEqual([])
        }
      }
    })
    await fc.assert(property, { ...RUNS, numRuns: 25 })
  })
})

describe('every random plan of the whole language', () => {
  it('promise 4c: ends the same however arrivals are batched, where timing decides nothing', {
    timeout: 240_000,
  }, async () => {
    let compared = 0
    for (let seed = 1; seed <= 450; seed++) {
      const scenario = generate(seed, { calm: true })
      if (!isDeterministic(scenario)) continue
      compared++
      const expected = resultsOf((await examine({ ...scenario, batching: 'each' })).trace)
      for (const batching of ['together', 'lagged'] as const) {
        const { trace } = await examine({ ...scenario, batching }, { tieSeed: seed })
        expect({ seed, differences: differences(resultsOf(trace), expected) }).toEqual({ seed, differences: [] })
      }
    }
    expect(compared).toBeGreaterThan(100)
  })

  it('promise 4c: ends the same after a crash at any commit, where timing decides nothing', {
    timeout: 240_000,
  }, async () => {
    let crashed = 0
    for (let seed = 1; seed <= 120; seed++) {
      const scenario = generate(seed, { calm: true, maxSteps: 10 })
      if (!isDeterministic(scenario)) continue
      const calm = (await examine(scenario)).trace
      const expected = resultsOf(calm)
      for (let commit = 1; commit <= calm.runs[0]!.ledger.commits; commit++) {
        const phase = PHASES[(commit + seed) % PHASES.length]!
        const crashes = [{ commit, phase, orphans: false, revived: false, downMs: 1000 }]
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
    expect(crashed).toBeGreaterThan(100)
  })
})
