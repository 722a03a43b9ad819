import type { Decision, RunOutcome, StepStatus, WaitingFor } from '../../events/events.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { Liveness } from '../../ports/store.ts'
import { formatDuration } from '../../util/duration.ts'
import { unreachable } from '../../util/unreachable.ts'
import type { Style } from './style.ts'

/** What a step or run waits for, as a person reads it. `nowMs`: epoch milliseconds, for "in 4m". */
export function waitingText(what: WaitingFor, nowMs: number): string {
  switch (what.kind) {
    case 'slot':
      return 'waiting for a free slot'
    case 'lock':
      return `waiting for lock ${what.keys.map((key) => `\`${key}\``).join(', ')}`
    case 'gate':
      return `waiting for gate \`${what.gate}\``
    case 'backoff':
      return `attempt ${what.attempt} ${inText(what.untilMs, nowMs)}`
    case 'timer':
      return `waiting until ${clockText(what.untilMs)} (${inText(what.untilMs, nowMs)})`
    case 'approval':
      return `waiting for approval${byText(what.from)}: ${what.prompt}`
    case 'answer':
      return `waiting for an answer${byText(what.from)}: ${what.prompt}`
    case 'signal':
      return `waiting for signal \`${what.signal}\``
    default:
      return unreachable(what)
  }
}

function byText(from: readonly string[]): string {
  return from.length === 0 ? '' : ` by ${from.join(' or ')}`
}

function inText(untilMs: number, nowMs: number): string {
  return untilMs <= nowMs ? 'now' : `in ${formatDuration(untilMs - nowMs)}`
}

/** A moment in the reader's own time zone: `2026-03-01 14:05:09`. */
export function clockText(ms: number): string {
  const date = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** The mark before a step's name, one column wide. */
export function mark(status: StepState['status'], style: Style): string {
  switch (status) {
    case 'succeeded':
      return style.good('✓')
    case 'failed':
    case 'timed-out':
    case 'stalled':
    case 'interrupted':
      return style.bad('✗')
    case 'cancelled':
      return style.warn('■')
    case 'skipped':
      return style.dim('○')
    case 'running':
      return '▸'
    case 'waiting':
      return style.warn('…')
    case 'pending':
      return style.dim('·')
    default:
      return unreachable(status)
  }
}

/** The outcome of a run in its colour. */
export function outcomeText(outcome: RunOutcome, style: Style): string {
  switch (outcome) {
    case 'succeeded':
      return style.good(outcome)
    case 'succeeded-with-failures':
    case 'partial':
      return style.warn(outcome)
    case 'failed':
    case 'escalated':
    case 'cancelled':
      return style.bad(outcome)
    default:
      return unreachable(outcome)
  }
}

/** One or two words: what a run is now, by its events and the probe of its owner. */
export function runStatus(
  run: {
    readonly phase: RunState['phase'] | 'unreadable'
    readonly outcome: RunOutcome | undefined
    readonly liveness: Liveness
  },
  style: Style,
): string {
  if (run.phase === 'unreadable') return style.bad('unreadable')
  if (run.phase === 'ended' && run.outcome && run.liveness !== 'live') return outcomeText(run.outcome, style)
  if (run.liveness === 'live') return 'live'
  if (run.liveness === 'ending') return style.warn('ending')
  return run.phase === 'parked' ? style.warn('parked') : style.bad('interrupted')
}

const COUNTED: readonly StepStatus[] = [
  'succeeded',
  'failed',
  'timed-out',
  'stalled',
  'interrupted',
  'cancelled',
  'skipped',
]

/** `1 step`, `2 steps`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** How many steps ended how: `3 succeeded, 1 failed, 1 skipped`. */
export function countText(state: RunState): string {
  const counts = new Map<string, number>()
  for (const step of state.steps.values()) counts.set(step.status, (counts.get(step.status) ?? 0) + 1)
  const parts = COUNTED.flatMap((status) => (counts.has(status) ? [`${counts.get(status)} ${status}`] : []))
  return parts.length === 0 ? 'no step ran' : parts.join(', ')
}

/** What was answered while nobody ran the run, which its next owner takes up; an answer is over at once where one does. */
export function answeredText({ checks, inFlight, status, wait }: StepState): string | undefined {
  const decision = wait?.decision
  if (decision === undefined || status !== 'running' || inFlight !== undefined || checks.size > 0) return undefined
  return takenUpLater(decision)
}

/** Of a decision that is not on record yet. */
export function takenUpLater(decision: Decision): string {
  return `${decisionText(decision)}, taken up when the run goes on`
}

/** What somebody decided, and who: `approved by alice`. */
export function decisionText({ by, verdict }: Decision): string {
  return `${verdict === 'rerun' ? 'allowed to run again' : verdict}${by === undefined ? '' : ` by ${by.name}`}`
}

/** The reason a step ended as it did, on one line; empty where it succeeded. */
export function reasonText(step: Pick<StepState, 'status' | 'reason' | 'message'>): string {
  if (step.status === 'succeeded') return ''
  const why = step.message ?? (step.reason === 'when' ? 'its `when` does not hold' : step.reason)
  // Why it was cancelled says the line of the cancel.
  return why === undefined || why === 'cancel' ? step.status : `${step.status}: ${why}`
}
