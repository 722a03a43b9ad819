import type { Actor, Decision, RunEvent, WaitSpec } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'
import { locate, pipelineOf } from './paths.ts'
import type { CheckSpec, Scenario } from './spec.ts'

const YES = { approval: 'approve', answer: 'answer', signal: 'signal', bypass: 'bypass', interrupted: 'rerun' } as const

/** What a row names: a step or a gate by its path (`round/gate:quality`), as commands and engine do. */
export function targetOf(path: string): string {
  return path
}

/** The rows that people will put into the inbox because a wait was opened, and when. */
export function answersTo(
  scenario: Scenario,
  event: Extract<RunEvent, { type: 'wait-opened' }>,
): readonly (Omit<InboxRow, 'row' | 'at'> & { readonly afterMs: number; readonly expiresMs?: number })[] {
  const { kind } = event.wait
  const gate = /^(?:(.*)\/)?gate:([^/]+)$/.exec(event.path)
  if (gate) {
    const people = pipelineOf(scenario, gate[1] ?? '')?.gates.find((candidate) => candidate.id === gate[2])?.people
    if (people === undefined) return []
    const row = { by: { name: 'bea' }, target: targetOf(event.path), data: { reason: 'known' } }
    const { afterMs, verb, expiresMs } = people
    const stranger = { ...row, afterMs: Math.floor(afterMs / 2), kind: 'bypass' as const, by: { name: 'eve' } }
    // Sometimes for ever, so that a run with little time comes to its end.
    if (verb !== 'bypass' || expiresMs === undefined || event.seq % 4 === 0)
      return [stranger, { ...row, afterMs, kind: verb }]
    // One that was over before anybody heard of it is said again.
    return [stranger, { ...row, afterMs, kind: verb, expiresMs }, { ...row, afterMs: 2 * afterMs + 5000, kind: verb }]
  }
  const check = checkOf(scenario, event.path)
  if (check) {
    const row = { target: event.path, data: { reason: 'seen' } }
    return [
      { ...row, afterMs: 500, by: { name: 'eve' }, kind: 'approve' },
      { ...row, afterMs: 4000, by: { name: 'ann' }, kind: check.fails > 1 ? 'reject' : 'approve' },
    ]
  }
  return (locate(scenario, event.path)?.step.people ?? []).map((person) => {
    const by = { name: person.name }
    if (kind === 'signal')
      return {
        afterMs: person.afterMs,
        by,
        kind,
        target: '',
        data: { signal: event.wait.signal ?? '', payload: { flag: person.verb === 'yes' } },
      }
    const yes = person.verb === 'yes'
    return { afterMs: person.afterMs, by, kind: yes ? YES[kind] : 'reject', target: event.path, data: { flag: true } }
  })
}

/** The check of a step or gate that a path names. */
function checkOf(scenario: Scenario, path: string): CheckSpec | undefined {
  const match = /^(.*)\/check:([^/]+)$/.exec(path)
  if (match === null) return undefined
  const gate = /^(?:(.*)\/)?gate:([^/]+)$/.exec(match[1]!)
  const checks = gate
    ? pipelineOf(scenario, gate[1] ?? '')?.gates.find((candidate) => candidate.id === gate[2])?.checks
    : locate(scenario, path)?.step.checks
  return checks?.find((candidate) => candidate.id === match[2])
}

/**
 * The simulated inbox decides waits by its own small judge, so that a fault in the product's judge cannot hide a fault in
 * the scheduler; a test holds the two against each other.
 */
export function decide(
  path: string,
  spec: WaitSpec,
  rows: readonly InboxRow[],
  wallMs: number,
  taken: ReadonlySet<number>,
  /** All rows are there already, whatever their time says: the clock may have been set back since. */
  here = false,
): Decision | undefined {
  for (const row of rows) {
    if ((!here && row.at > wallMs) || (spec.deadlineMs !== undefined && row.at > spec.deadlineMs)) continue
    if (spec.kind === 'signal' ? row.kind !== 'signal' : row.target !== path) continue
    if (spec.kind === 'signal' && taken.has(row.row)) continue
    if (!mayDecide(spec, row.by)) continue
    const verdict = verdictOf(spec, row)
    if (verdict === undefined) continue
    const expiresAt = verdict === 'bypassed' ? expiryOf(row) : undefined
    if (expiresAt !== undefined && expiresAt <= Math.max(row.at, wallMs)) continue
    const until = expiresAt === undefined ? {} : { expiresAt }
    return { verdict, by: row.by, at: row.at, row: row.row, ...until, ...valuesOf(spec, row) }
  }
  if (spec.deadlineMs !== undefined && wallMs >= spec.deadlineMs) return { verdict: 'expired', at: spec.deadlineMs }
  return undefined
}

/** When a bypass is over; undefined: never. */
function expiryOf({ data }: Pick<InboxRow, 'data'>): number | undefined {
  return typeof data.expires === 'number' ? data.expires : undefined
}

function mayDecide(spec: WaitSpec, by: Actor): boolean {
  if (spec.kind === 'signal') return true
  if (!spec.self && [spec.startedBy, ...(spec.plannedBy ?? [])].some(({ name }) => name === by.name)) return false
  return spec.from.length === 0 || spec.persons.includes(by.name)
}

function verdictOf(spec: WaitSpec, row: InboxRow): Decision['verdict'] | undefined {
  switch (spec.kind) {
    case 'approval':
      return row.kind === 'approve' ? 'approved' : row.kind === 'reject' ? 'rejected' : undefined
    case 'answer':
      return row.kind === 'answer' ? 'answered' : row.kind === 'reject' ? 'rejected' : undefined
    case 'signal':
      return row.data.signal === spec.signal && fitsWhen(spec, row.data.payload) ? 'received' : undefined
    case 'interrupted':
      return row.kind === 'rerun' || row.kind === 'approve' ? 'rerun' : row.kind === 'reject' ? 'rejected' : undefined
    case 'bypass':
      return row.kind === 'bypass' ? 'bypassed' : row.kind === 'reject' ? 'rejected' : undefined
  }
}

/** The one condition that simulated waits have: the payload's flag is true. */
export function fitsWhen(spec: WaitSpec, payload: unknown): boolean {
  return spec.when === undefined || (payload as { readonly flag?: unknown } | undefined)?.flag === true
}

function valuesOf(spec: WaitSpec, row: InboxRow): Pick<Decision, 'values'> {
  if (spec.kind === 'answer' && row.kind === 'answer') return { values: row.data }
  return spec.kind === 'signal' ? { values: row.data.payload as NonNullable<Decision['values']> } : {}
}
