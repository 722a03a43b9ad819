import { drive } from '../../src/run/drive.ts'
import type { Fault } from './faults/fault.ts'
import { generate, type Wishes } from './generate.ts'
import type { Violation } from './oracle/invariant.ts'
import { type Exercise, judgeTrace } from './oracle/oracle.ts'
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

export interface ExamineOptions {
  readonly fault?: Fault | undefined
  readonly tieSeed?: number
  /** Counts what was really looked at. */
  readonly exercised?: Map<string, Exercise>
}

/** Plays one scenario and judges it. */
export async function examine(
  scenario: Scenario,
  { fault, tieSeed = 0, exercised }: ExamineOptions = {},
): Promise<{ readonly trace: Trace; readonly violations: readonly Violation[] }> {
  const trace = await simulate(scenario, { drive, fault, tieSeed })
  return { trace, violations: judgeTrace(trace, exercised) }
}

/** The seed that the environment asks to replay, if any: `SEED=123`. */
export const REPLAY: number | undefined = process.env.SEED === undefined ? undefined : Number(process.env.SEED)

export interface SweepResult {
  readonly seeds: number
  readonly finding: Finding | undefined
  readonly events: number
}

export interface SweepOptions {
  readonly from: number
  readonly seeds: number
  readonly wishes?: Wishes
  readonly fault?: Fault
  readonly smallest?: boolean
}

/** Plays seed after seed until one breaks a promise or the seeds are through. */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  let events = 0
  let seeds = 0
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    seeds++
    const scenario = generate(seed, options.wishes)
    const how = { fault: options.fault, tieSeed: seed % 3 }
    const { trace, violations } = await examine(scenario, how)
    for (const run of trace.runs) events += run.ledger.written.length
    if (violations.length === 0) continue
    const { invariant } = violations[0]!
    const again = async (smaller: Scenario): Promise<boolean> =>
      (await examine(smaller, how)).violations.some((violation) => violation.invariant === invariant)
    const smallest = options.smallest === false ? scenario : await shrink(scenario, again)
    const last = await examine(smallest, how)
    return { seeds, events, finding: { seed, violations: last.violations, smallest, trace: last.trace } }
  }
  return { seeds, events, finding: undefined }
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
