import type { Actor, Decision, WaitSpec } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'

/**
 * The simulated inbox decides waits by its own small judge, so that a fault in the product's judge cannot hide a fault in
 * the scheduler; a test holds the two against each other.
 */
export function decide(path: string, spec: WaitSpec, rows: readonly InboxRow[], wallMs: number, taken: ReadonlySet<number>): Decision | undefined {
  for (const row of rows) {
    if (row.at > wallMs || (spec.deadlineMs !== undefined && row.at > spec.deadlineMs)) continue
    if (spec.kind === 'signal' ? row.kind !== 'signal' : row.target !== path) continue
    if (spec.kind === 'signal' && taken.has(row.row)) continue
    if (!mayDecide(spec, row.by)) continue
    const verdict = verdictOf(spec, row)
    if (verdict === undefined) continue
    const values = verdict === 'answered' || verdict === 'received' ? { values: row.data } : {}
    return { verdict, by: row.by, at: row.at, row: row.row, ...values }
  }
  if (spec.deadlineMs !== undefined && wallMs >= spec.deadlineMs) return { verdict: 'expired', at: spec.deadlineMs }
  return undefined
}

function mayDecide(spec: WaitSpec, by: Actor): boolean {
  if (spec.kind === 'signal') return true
  if (!spec.self && by.name === spec.startedBy.name) return false
  return spec.from.length === 0 || spec.persons.includes(by.name)
}

function verdictOf(spec: WaitSpec, row: InboxRow): Decision['verdict'] | undefined {
  switch (spec.kind) {
    case 'approval':
      return row.kind === 'approve' ? 'approved' : row.kind === 'reject' ? 'rejected' : undefined
    case 'answer':
      return row.kind === 'answer' ? 'answered' : undefined
    case 'signal':
      return row.data.signal === spec.signal ? 'received' : undefined
    case 'interrupted':
      return row.kind === 'rerun' ? 'rerun' : row.kind === 'reject' ? 'rejected' : undefined
    case 'bypass':
      return row.kind === 'bypass' ? 'bypassed' : row.kind === 'reject' ? 'rejected' : undefined
  }
}
