import type { EventBody, RunEvent } from '../../src/events/events.ts'
import type { Outcome } from '../../src/events/outcome.ts'
import type { Dispatch } from '../../src/ports/executor.ts'
import type { Json } from '../../src/util/json.ts'
import { locate, type Place, parseToken, pipelineOf } from './paths.ts'
import { itemsOf } from './plans.ts'
import { hash32 } from './random.ts'
import type { Scenario, StepSpec } from './spec.ts'

/** What a simulated process will do when nobody interferes. */
export interface Life {
  /** Infinity: never ends by itself. */
  readonly afterMs: number
  readonly outcome: Outcome
  /** How long after TERM it is gone. */
  readonly termMs: number
  /** It would go on for ever if nothing ended it. */
  readonly hangs?: boolean
}

/**
 * Decides a process by what the record says of its path, never by chance of the moment: the first so many attempts that
 * came to an end fail, so a crash between them changes nothing. `heldUpMs`: so much longer it takes than it would.
 */
export function lifeOf(
  scenario: Scenario,
  token: string,
  dispatch: Dispatch,
  events: readonly RunEvent[],
  heldUpMs = 0,
): Life {
  // The question which files changed has a token of its own, and the path of what it is asked for.
  const asksForFiles = dispatch.body.kind === 'action'
  const path = asksForFiles ? dispatch.path : parseToken(token).path
  const place = locate(scenario, path)
  if (place === undefined) return gateCheck(scenario, path, asksForFiles)
  if (place.extra?.kind === 'check') {
    const { name } = place.extra
    if (asksForFiles) return files(place.step.checks.find((check) => check.id === name)?.touched)
    const fails = place.step.checks.find((check) => check.id === name)?.fails ?? 0
    const own = path.slice(0, path.lastIndexOf('/'))
    const failed = count(
      events,
      (event) =>
        event.type === 'check-ended' && event.path === own && event.check === name && event.status === 'failed',
    )
    return plain(failed < fails, 200)
  }
  if (place.extra) return plain(false, 100)
  return work(place, path, dispatch, events, heldUpMs)
}

function work(
  { step, segment, pipeline }: Place,
  path: string,
  dispatch: Dispatch,
  events: readonly RunEvent[],
  heldUpMs: number,
): Life {
  const { behaviour } = step
  const ended = count(
    events,
    (event) =>
      event.type === 'attempt-ended' &&
      event.path === path &&
      event.outcome.status !== 'interrupted' &&
      event.outcome.status !== 'cancelled',
  )
  const item = step.foreach?.items.find((candidate) => candidate.key === segment.key)
  const fails = ended < behaviour.fails || item?.fails === true
  const natural = heldUpMs + (behaviour.hangs ? Infinity : behaviour.durationMs + (hash32(path) % 500))
  const hangs = natural === Infinity
  const termMs = behaviour.stubborn ? dispatch.graceMs : Math.min(20, dispatch.graceMs)
  const stallMs = hangs ? (dispatch.stall?.idleMs ?? Infinity) : Infinity
  const timeoutMs = dispatch.timeoutMs ?? Infinity
  if (Math.min(stallMs, timeoutMs) < natural) {
    const afterMs = Math.min(stallMs, timeoutMs) + termMs
    const status = stallMs < timeoutMs ? 'stalled' : 'timed-out'
    return {
      afterMs,
      termMs,
      hangs,
      outcome: { status, reason: status === 'stalled' ? 'stall' : 'timeout', durationMs: afterMs },
    }
  }
  if (fails) {
    const failure =
      behaviour.failure !== undefined && behaviour.failure in dispatch.failures ? { failure: behaviour.failure } : {}
    return {
      afterMs: natural,
      termMs,
      outcome: { status: 'failed', reason: 'exit', exit: 1, durationMs: natural, ...failure },
    }
  }
  const outputs = outputsOf(step, segment.iteration ?? 1, pipeline.steps)
  return { afterMs: natural, termMs, hangs, outcome: { status: 'succeeded', exit: 0, outputs, durationMs: natural } }
}

/** The outputs of a succeeded process: a flag, whether its repeat is done, and the lists that later steps expand over. */
function outputsOf(step: StepSpec, pass: number, siblings: readonly StepSpec[]): { readonly [name: string]: Json } {
  const lists = siblings.flatMap((other) =>
    other.foreach?.from === step.id ? [[`items_${other.id}`, itemsOf(other.foreach)] as const] : [],
  )
  return {
    flag: flagOf(step),
    done: step.repeat !== undefined && step.repeat.passes > 0 && pass >= step.repeat.passes,
    ...Object.fromEntries(lists),
  }
}

/** The `flag` that a step gives when it succeeds. */
export function flagOf(step: StepSpec): boolean {
  return hash32(step.id) % 2 === 0
}

function files(touched: boolean | undefined): Life {
  if (touched === undefined) throw new Error('asked for files that nothing is about')
  const outputs = { files: touched ? ['src/one.ts'] : [] }
  return { afterMs: 50, termMs: 10, outcome: { status: 'succeeded', exit: 0, outputs, durationMs: 50 } }
}

function gateCheck(scenario: Scenario, path: string, asksForFiles: boolean): Life {
  const match = /^(.*?)\/?(?:gate:)?([^/]+)\/check:([^/]+)$/.exec(path)
  const gate = pipelineOf(scenario, match?.[1] ?? '')?.gates.find((candidate) => candidate.id === match?.[2])
  if (gate && asksForFiles) {
    const about = gate.checks.find((candidate) => candidate.id === match?.[3]) ?? gate
    return files(about.touched)
  }
  const check = gate?.checks.find((candidate) => candidate.id === match?.[3])
  if (check === undefined) throw new Error(`dispatch of an unknown path: ${path}`)
  return plain(check.fails > 0, 300)
}

function plain(fails: boolean, durationMs: number): Life {
  const outcome: Outcome = fails
    ? { status: 'failed', reason: 'exit', exit: 1, durationMs }
    : { status: 'succeeded', exit: 0, durationMs }
  return { afterMs: durationMs, termMs: 10, outcome }
}

function count(events: readonly RunEvent[], fits: (event: EventBody) => boolean): number {
  return events.filter((event) => fits(event)).length
}
