import type { Actor, EventBody, RunEvent } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'

/** A row that another process put into a run's inbox. Never an event: the owner makes events of it. */
export interface InboxRow {
  readonly row: number
  readonly at: number
  readonly by: Actor
  readonly kind: 'approve' | 'reject' | 'answer' | 'bypass' | 'note' | 'cancel' | 'signal' | 'rerun' | 'park'
  /** Step path or gate path; '' for the run. */
  readonly target: string
  readonly data: { readonly [name: string]: Json }
}

/**
 * One run's record, opened by its one owner.
 * S1 `append` writes all or nothing, durably (full sync), before it returns; it adds seq, time and the chained checksum.
 * S2 An owner of an older epoch cannot append: `append` throws `OwnerLostError`.
 * S3 `read` gives events in order, without gaps, and names the number of the first damaged one.
 */
export interface Ledger {
  readonly run: string
  readonly epoch: number
  readonly plan: Plan
  append(events: readonly EventBody[], atMs: number): readonly RunEvent[]
  read(fromSeq?: number): readonly RunEvent[]
  /** Rows after `afterRow`; cheap when nothing changed. */
  inbox(afterRow: number): readonly InboxRow[]
  close(): void
}

/** What `show` says beside reduce(events): promise 15's probe. */
export type Liveness = 'live' | 'ending' | 'interrupted' | 'free'
