import type { Actor, Decision, WaitSpec } from '../events/events.ts'
import { evaluate } from '../expr/evaluate.ts'
import { applyDefaults, checkValues } from '../model/inputs.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import { mayDecide } from '../policy/people.ts'
import type { InboxRow } from '../ports/store.ts'
import type { Json } from '../util/json.ts'
import { rootsOf } from './given.ts'

export type RowVerdict = 'taken' | 'decided' | 'late' | 'not-allowed'

export interface Judgement {
  readonly state: 'open' | 'decided'
  readonly decision: Decision | undefined
  /** What became of each row, in the order given; `message` says why in a person's words. */
  readonly rows: readonly { readonly row: number; readonly verdict: RowVerdict; readonly message: string }[]
}

/** What a kind of row decides in a kind of wait. */
const DECIDES: { readonly [wait in WaitSpec['kind']]: { readonly [row: string]: Decision['verdict'] } } = {
  approval: { approve: 'approved', reject: 'rejected' },
  answer: { answer: 'answered', reject: 'rejected' },
  signal: { signal: 'received' },
  bypass: { bypass: 'bypassed', reject: 'rejected' },
  interrupted: { rerun: 'rerun', approve: 'rerun', reject: 'rejected' },
}

/**
 * Judges a wait over its rows, in their order: the first row made in time by somebody who may decide does, and every
 * other is told why it does not. Without one the wait is open, or `expired` once its deadline has passed. Pure: the
 * engine and a second process (`approve`) come to the same answer.
 */
export function judge(wait: WaitSpec, rows: readonly InboxRow[], nowMs: number): Judgement {
  let decision: Decision | undefined
  const verdicts: { row: number; verdict: RowVerdict; message: string }[] = []
  for (const row of rows) {
    const refused = decision === undefined ? refusal(wait, row, nowMs) : undefined
    if (decision !== undefined) {
      const who = decision.by ? ` by ${decision.by.name}` : ''
      verdicts.push({ row: row.row, verdict: 'decided', message: `it was ${decision.verdict} before${who}` })
    } else if (refused) verdicts.push({ row: row.row, ...refused })
    else {
      decision = decide(wait, row)
      verdicts.push({ row: row.row, verdict: 'taken', message: decision.verdict })
    }
  }
  if (decision === undefined && wait.deadlineMs !== undefined && nowMs >= wait.deadlineMs)
    decision = { verdict: 'expired', at: wait.deadlineMs }
  return { state: decision === undefined ? 'open' : 'decided', decision, rows: verdicts }
}

type Refusal = { readonly verdict: 'late' | 'not-allowed'; readonly message: string }

function refusal(wait: WaitSpec, row: InboxRow, nowMs: number): Refusal | undefined {
  const verdict = DECIDES[wait.kind][row.kind]
  if (verdict === undefined)
    return { verdict: 'not-allowed', message: `\`${row.kind}\` does not decide this; it waits for ${wanted(wait)}` }
  if (wait.deadlineMs !== undefined && row.at > wait.deadlineMs)
    return { verdict: 'late', message: `it is too late: the deadline was ${new Date(wait.deadlineMs).toISOString()}` }
  if (wait.kind === 'signal') return refuseSignal(wait, row)
  const person = refusePerson(wait, row.by)
  if (person) return { verdict: 'not-allowed', message: person }
  if (row.kind === 'answer') return refuseAnswer(wait, row)
  if (row.kind === 'bypass') return refuseBypass(row, nowMs)
  return undefined
}

/** Why this person may not decide, or undefined where they may. */
export function refusePerson(wait: WaitSpec, by: Actor): string | undefined {
  const may = mayDecide(by, wait)
  return may.ok ? undefined : may.message
}

function wanted(wait: WaitSpec): string {
  return Object.keys(DECIDES[wait.kind])
    .map((kind) => `\`${kind}\``)
    .join(' or ')
}

function refuseSignal(wait: WaitSpec, row: InboxRow): Refusal | undefined {
  if (wait.when === undefined)
    return {
      verdict: 'not-allowed',
      message: `it waits for a \`${wait.signal}\` of its own run, since it has no \`when\``,
    }
  if (row.data.signal !== wait.signal)
    return { verdict: 'not-allowed', message: `it waits for the signal \`${wait.signal}\`, not \`${row.data.signal}\`` }
  return fits(wait, row.data.payload ?? {})
    ? undefined
    : { verdict: 'not-allowed', message: `\`${wait.when}\` does not hold for its payload` }
}

/** Whether a signal's payload fits the condition of a wait. A condition that fails to evaluate does not hold. */
export function fits(wait: WaitSpec, payload: Json): boolean {
  if (wait.when === undefined) return true
  const result = evaluate(wait.when, { ...rootsOf(wait.given), payload, signal: wait.signal ?? '' })
  return result.ok && result.value === true
}

function refuseAnswer(wait: WaitSpec, row: InboxRow): Refusal | undefined {
  const schemas = schemasOf(wait)
  // A field that nobody asked for changes nothing.
  const asked = Object.entries(row.data).filter(([name]) => Object.hasOwn(schemas, name))
  const faults = checkValues(schemas, Object.fromEntries(asked), 'field')
  if (faults.length === 0) return undefined
  return { verdict: 'not-allowed', message: faults.map(({ message }) => message).join(', and ') }
}

function refuseBypass(row: InboxRow, nowMs: number): Refusal | undefined {
  const { reason, expires } = row.data
  if (typeof reason !== 'string' || reason.trim() === '')
    return { verdict: 'not-allowed', message: 'a bypass needs a reason' }
  if (typeof expires === 'number' && expires <= Math.max(row.at, nowMs))
    return { verdict: 'late', message: `the bypass had expired by ${new Date(expires).toISOString()}` }
  return undefined
}

function decide(wait: WaitSpec, row: InboxRow): Decision {
  const { comment, reason, expires, payload } = row.data
  const said = typeof comment === 'string' ? comment : typeof reason === 'string' ? reason : undefined
  const values = row.kind === 'answer' ? answerOf(wait, row.data) : row.kind === 'signal' ? asMap(payload) : undefined
  return {
    verdict: DECIDES[wait.kind][row.kind]!,
    by: row.by,
    at: row.at,
    row: row.row,
    ...(said === undefined ? {} : { comment: said }),
    ...(typeof expires === 'number' ? { expiresAt: expires } : {}),
    ...(values === undefined ? {} : { values }),
  }
}

/** What was asked for and nothing else, with the defaults of what was left out. */
function answerOf(wait: WaitSpec, data: InboxRow['data']): { readonly [name: string]: Json } {
  return applyDefaults(schemasOf(wait), data)
}

function schemasOf(wait: WaitSpec): { readonly [name: string]: ValueSchema } {
  return (wait.answer ?? {}) as unknown as { readonly [name: string]: ValueSchema }
}

function asMap(value: Json | undefined): { readonly [name: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { [name: string]: Json }) : {}
}
