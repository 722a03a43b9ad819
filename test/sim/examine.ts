import { drive } from '../../src/run/drive.ts'
import type { Fault } from './faults/fault.ts'
import { generate, type Wishes } from './generate.ts'
import type { Violation } from './oracle/invariant.ts'
import { judgeTrace } from './oracle/oracle.ts'
import { shrink } from './shrink.ts'
import type { Trace } from './sim-types.ts'
import type { Scenario } from './spec.ts'
import { simulate } from './world.ts'

/** A seed that broke a promise, with the smallest scenario found that breaks the same one. */
export interface Finding {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly smallest: Scenario
  readonly trace: Trace
}

/** Plays one scenario and judges it. */
export async function examine(
  scenario: Scenario,
  fault?: Fault,
  tieSeed = 0,
): Promise<{ readonly trace: Trace; readonly violations: readonly Violation[] }> {
  const trace = await simulate(scenario, { drive, fault, tieSeed })
  return { trace, violations: judgeTrace(trace) }
}

/** The seed that the environment asks to replay, if any: `SEED=123`. */
export const REPLAY: number | undefined = process.env.SEED === undefined ? undefined : Number(process.env.SEED)

export interface SweepResult {
  readonly seeds: number
  readonly finding: Finding | undefined
  /** How often each kind of trouble hit a live run. */
  readonly hits: ReadonlyMap<string, number>
  readonly events: number
}

export interface SweepOptions {
  readonly from: number
  readonly seeds: number
  readonly wishes?: Wishes
  readonly fault?: Fault
  /** Stops early when this much real time has gone, but not before so many seeds. */
  readonly budgetMs?: number
  readonly atLeast?: number
  readonly smallest?: boolean
  /** `SEED=` in the environment plays that seed alone. */
  readonly replayable?: boolean
}

/** Plays seed after seed until one breaks a promise, the seeds are through or the time is. */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const hits = new Map<string, number>()
  const until = options.budgetMs === undefined ? Infinity : performance.now() + options.budgetMs
  const replay = options.replayable === true ? REPLAY : undefined
  const first = replay ?? options.from
  const last = replay === undefined ? options.from + options.seeds : replay + 1
  let events = 0
  let seeds = 0
  const least = options.atLeast ?? 1
  for (let seed = first; seed < last && (seeds < least || performance.now() < until); seed++) {
    seeds++
    const scenario = generate(seed, options.wishes)
    const { trace, violations } = await examine(scenario, options.fault, seed % 3)
    for (const [name, count] of trace.hits) hits.set(name, (hits.get(name) ?? 0) + count)
    for (const run of trace.runs) events += run.ledger.written.length
    if (violations.length === 0) continue
    const { invariant } = violations[0]!
    const again = async (smaller: Scenario): Promise<boolean> =>
      (await examine(smaller, options.fault, seed % 3)).violations.some(
        (violation) => violation.invariant === invariant,
      )
    const smallest = options.smallest === false ? scenario : await shrink(scenario, again)
    const last = await examine(smallest, options.fault, seed % 3)
    return { seeds, hits, events, finding: { seed, violations: last.violations, smallest, trace: last.trace } }
  }
  return { seeds, hits, events, finding: undefined }
}

/** What a person needs to understand a finding: the promise, the smallest plan, the record, how to play it again. */
export function explain(finding: Finding): string {
  const { seed, violations, smallest, trace } = finding
  const lines = [`seed ${seed} (play it again with SEED=${seed})`]
  for (const violation of violations.slice(0, 6))
    lines.push(`  ${violation.run} #${violation.seq ?? 'end'} ${violation.invariant}: ${violation.message}`)
  lines.push(JSON.stringify({ runs: smallest.runs, batching: smallest.batching, trouble: smallest.trouble }))
  for (const pipeline of Object.values(smallest.pipelines)) {
    const { steps, gates, ...rest } = pipeline
    lines.push(JSON.stringify(rest))
    for (const step of steps) lines.push(`  ${JSON.stringify(brief(step))}`)
    for (const gate of gates) lines.push(`  gate ${JSON.stringify(gate)}`)
  }
  for (const run of trace.runs) {
    lines.push(`${run.id}:`)
    for (const { event, commit, atMs } of run.ledger.written) {
      const { seq, at: _at, type, ...rest } = event
      lines.push(`  ${seq} [${commit}] ${atMs}ms ${type} ${JSON.stringify(rest)}`)
    }
  }
  return lines.join('\n')
}

/** A step without what is as it is everywhere. */
function brief(step: Scenario['pipelines'][string]['steps'][number]): object {
  return Object.fromEntries(
    Object.entries(step).filter(
      ([, value]) =>
        value !== undefined && value !== false && JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}',
    ),
  )
}
