import { own } from '../util/own.ts'
import type { EventBody } from './events.ts'

/**
 * Whether what stands in a ledger is an event as this opsflow writes them. Checksums show what a disk did; they are no
 * signature, and whoever may write in the state folder can make them fit anything. So what is read is looked at before
 * it is believed to have the fields that its type says.
 */

/** What is wrong with a value, or undefined. */
type Shape = (value: unknown) => string | undefined

/** The largest time that a calendar knows. */
const LAST_TIME = 8.64e15

const any: Shape = () => undefined
const text: Shape = (value) => (typeof value === 'string' ? undefined : 'is no text')
const flag: Shape = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false')
const number: Shape = (value) =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= LAST_TIME ? undefined : 'is no number here'
const oneOf =
  (...words: readonly string[]): Shape =>
  (value) =>
    words.includes(value as string) ? undefined : 'is no word that may stand here'
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined ? undefined : shape(value)
const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) ? value.map(shape).find((wrong) => wrong !== undefined) : 'is no list'
const map =
  (shape: Shape = any): Shape =>
  (value) =>
    isMap(value)
      ? Object.values(value)
          .map(shape)
          .find((wrong) => wrong !== undefined)
      : 'is no map'
const record =
  (fields: { readonly [name: string]: Shape }): Shape =>
  (value) => {
    if (!isMap(value)) return 'is no map'
    for (const name in fields) {
      const wrong = fields[name]!(own(value, name))
      if (wrong !== undefined) return `\`${name}\` ${wrong}`
    }
    return undefined
  }

function isMap(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong with a plan, as far as it must be one for anything to be said of its run; or undefined. */
export const planFault: Shape = (value) => {
  const wrong = record({ root: text, pipelines: map() })(value)
  if (wrong !== undefined) return wrong
  const { root, pipelines } = value as { readonly root: string; readonly pipelines: object }
  return Object.hasOwn(pipelines, root) ? undefined : '`root` is none of its pipelines'
}

/** A path that names a step, a check or a gate: it names files too. */
const path: Shape = (value) =>
  typeof value === 'string' && value.split('/').every((part) => /^[^\0\\]+$/.test(part) && !/^\.+$/.test(part))
    ? undefined
    : 'is no path of a step'
/** The same, or the run itself. */
const scope: Shape = (value) => (value === '' ? undefined : path(value))

const actor = record({ name: text, uid: optional(number) })
const texts = list(text)
const runOutcome = oneOf('succeeded', 'succeeded-with-failures', 'partial', 'failed', 'escalated', 'cancelled')
const bad = ['failed', 'timed-out', 'stalled', 'cancelled', 'interrupted'] as const
const level = oneOf('mandatory', 'advisory')
const outcome = record({
  status: oneOf('succeeded', ...bad),
  reason: optional(text),
  message: optional(text),
  exit: optional(number),
  signal: optional(text),
  failure: optional(text),
  outputs: optional(map()),
  tail: optional(text),
  durationMs: number,
  retryAfterMs: optional(number),
})
const WAITING: { readonly [kind: string]: Shape } = {
  slot: any,
  lock: record({ keys: texts }),
  gate: record({ gate: text }),
  backoff: record({ untilMs: number, attempt: number }),
  timer: record({ untilMs: number }),
  approval: record({ prompt: text, from: texts }),
  answer: record({ prompt: text, from: texts }),
  signal: record({ signal: text }),
}
const waitingFor: Shape = (value) =>
  record({ kind: oneOf(...Object.keys(WAITING)) })(value) ?? WAITING[(value as { kind: string }).kind]!(value)
const wait = record({
  kind: oneOf('approval', 'answer', 'signal', 'bypass', 'interrupted'),
  prompt: text,
  show: optional(text),
  from: texts,
  persons: texts,
  self: flag,
  startedBy: actor,
  plannedBy: optional(list(actor)),
  signal: optional(text),
  when: optional(text),
  given: optional(map()),
  answer: optional(map(map())),
  deadlineMs: optional(number),
})
const decision = record({
  verdict: oneOf('approved', 'rejected', 'answered', 'received', 'bypassed', 'rerun', 'expired'),
  by: optional(actor),
  at: number,
  comment: optional(text),
  expiresAt: optional(number),
  values: optional(map()),
  row: optional(number),
  signal: optional(text),
})
const attempt = { path, attempt: number }

const SHAPES: { readonly [T in EventBody['type']]: Shape } = {
  'run-created': record({
    ...{ run: text, pipeline: text, planHash: text, inputs: map(), startedBy: actor, version: text, root: text },
    approve: texts,
    cause: optional(
      record({ coordinator: text, signal: text, id: text, payload: optional(map()), depth: optional(number) }),
    ),
  }),
  'run-opened': record({ epoch: number, pid: number, by: actor }),
  'run-parked': record({ for: texts }),
  'run-waiting': record({ for: waitingFor }),
  'run-reopened': record({ by: actor, steps: texts, gates: texts }),
  'plan-changed': record({
    ...{ by: actor, planHash: text, plan: planFault, inputs: map() },
    ...{ steps: texts, gates: texts, dropped: texts },
  }),
  'clock-jumped': record({ byMs: number }),
  'cancel-requested': record({ by: actor, reason: text, hard: flag }),
  'deadline-passed': record({ path: scope, what: oneOf('timeout', 'due') }),
  'finally-started': record({ path: scope, outcome: runOutcome }),
  'finally-skipped': record({ path: scope, reason: text }),
  'run-ended': record({
    ...{ outcome: runOutcome, reason: optional(text), outputs: map(), labels: optional(map(text)), nextSteps: texts },
  }),
  noted: record({ by: actor, text }),
  'signal-sent': record({ path: scope, id: text, source: text, target: text, signal: text, payload: map() }),
  'step-waiting': record({ path, for: waitingFor }),
  'foreach-expanded': record({ path, items: list(record({ key: text, needs: texts })) }),
  'iteration-started': record({ path, iteration: number }),
  'pipeline-started': record({ path, pipeline: text, inputs: map() }),
  'attempt-started': record({ ...attempt, missing: optional(texts) }),
  'attempt-ended': record({ ...attempt, outcome }),
  'retry-scheduled': record({ ...attempt, delayMs: number, untilMs: number, failure: text }),
  'recover-started': record({ ...attempt, failure: text, delivery: optional(number) }),
  'recover-ended': record({ ...attempt, failure: text, outcome }),
  'check-started': record({ ...attempt, check: path, delivery: optional(number) }),
  'check-ended': record({
    ...{ ...attempt, check: path, status: oneOf('passed', 'failed', 'skipped'), level, message: optional(text) },
  }),
  'step-ended': record({
    ...{ path, status: oneOf('succeeded', 'skipped', ...bad), reason: optional(text), message: optional(text) },
    ...{ outputs: optional(map()), outcome: optional(runOutcome), hint: optional(text) },
  }),
  'wait-opened': record({ path, wait }),
  'wait-decided': record({ path, decision }),
  'gate-judged': record({
    ...{ path: scope, gate: text, status: oneOf('passed', 'failed', 'held'), level, share: optional(number) },
    failing: texts,
  }),
  'gate-decided': record({
    ...{ path: scope, gate: text, status: oneOf('bypassed', 'failed'), by: actor, reason: text },
    ...{ expiresAt: optional(number), planHash: text },
  }),
}

/** Why this is no event, or undefined. */
export function eventFault(body: unknown, at: unknown): string | undefined {
  const type = isMap(body) ? own(body, 'type') : undefined
  const shape = typeof type === 'string' ? own(SHAPES, type) : undefined
  if (shape === undefined) return 'there is no event of its `type`'
  return shape(body) ?? record({ at: number })({ at })
}
