import { expect } from 'vitest'
import { type Census, type CensusOptions, takeCensus } from './census.ts'
import { explain, REPLAY, sweep } from './examine.ts'

/** What a range of seeds must have met for its silence to say something; counts are for each 5,000 seeds. */
const PER_SEEDS = 5000
const LEAST_HITS = 500
/** Runs in which an invariant really looked at something. */
const LEAST_RUNS = 90
const LEAST_MEDIAN = 12

/**
 * Plays all of these seeds, whatever the time, and fails with the smallest scenario of the first that breaks a promise.
 * `SEED=` in the environment plays that seed alone.
 */
export async function expectClean(options: CensusOptions): Promise<Census> {
  if (REPLAY !== undefined) {
    const { finding } = await sweep({ ...options, from: REPLAY, seeds: 1 })
    expect(finding && explain(finding)).toBeUndefined()
  }
  const census = await takeCensus(REPLAY === undefined ? options : { ...options, from: REPLAY, seeds: 1 })
  const first = census.violations[0]
  if (first) {
    const { finding } = await sweep({ ...options, from: first.seed, seeds: 1 })
    expect.fail(finding ? explain(finding) : `seed ${first.seed}: ${first.invariant}: ${first.message}`)
  }
  if (REPLAY === undefined) expect(census.seeds).toBe(options.seeds)
  return census
}

/** Each kind of fault hit runs in flight often enough, each invariant was exercised, and plans were not small. */
export function expectExercised(census: Census): void {
  if (REPLAY !== undefined) return
  const share = census.seeds / PER_SEEDS
  const rare = census.faults.filter(({ hits }) => hits < LEAST_HITS * share)
  expect(rare.map(({ kind, hits }) => `${kind}: ${hits}`)).toEqual([])
  const idle = census.invariants.filter(({ runs }) => runs < LEAST_RUNS * share)
  expect(idle.map(({ name, runs }) => `${name}: ${runs}`)).toEqual([])
  expect(census.plans.median).toBeGreaterThanOrEqual(LEAST_MEDIAN)
}

/** For the log of a test: what its silence is worth. */
export function summary({ seeds, runs, events, faults, invariants }: Census): string {
  const hits = faults.map((fault) => `${fault.kind} ${fault.hits}`).join(', ')
  const looks = invariants.map((invariant) => `${invariant.runs} ${invariant.name}`).join('\n  ')
  return `${seeds} seeds, ${runs} runs, ${events} events\nfaults: ${hits}\nruns that count for each invariant:\n  ${looks}`
}
