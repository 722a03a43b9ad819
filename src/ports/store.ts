import type { Actor, EventBody, RunEvent } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import type { ProcessMark } from '../util/machine.ts'
import type { Token } from './executor.ts'

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
 * S2 An owner of an older epoch cannot append: `append` throws a `StoreError` `owner-lost`.
 * S3 `read` gives events in order, without gaps, and names the number of the first damaged one.
 */
export interface Ledger {
  readonly run: string
  readonly epoch: number
  readonly plan: Plan
  /**
   * `inboxRow`: rows up to it are answered by these events and are not delivered again after a crash.
   * Throws `StoreError`: `full` and `busy` mean that the same call may succeed later, `owner-lost` that it never will.
   */
  append(events: readonly EventBody[], atMs: number, inboxRow?: number): readonly RunEvent[]
  read(fromSeq?: number): readonly RunEvent[]
  /** Rows after `afterRow`; cheap when nothing changed. */
  inbox(afterRow: number): readonly InboxRow[]
  /** The last row that events have answered (see `append`). */
  readonly inboxRow: number
  readonly owner: ProcessMark & { readonly epoch: number }
  close(): void
}

/** What `show` says beside reduce(events): promise 15's probe. */
export type Liveness = 'live' | 'ending' | 'interrupted' | 'free'

/**
 * Locks between the runs of one store. L1 All keys of a request at once or none. L2 Who asked first for a key gets it
 * first, between runs too, but for what is inside of a run or step that holds something: it passes those of others who only
 * wait. L3 A lock is freed with its owner, by `kill -9` too: when runner, supervisor and all that they
 * started are gone. L4 A step shares what the steps around it hold (`a/b#1` what `a#1` holds). L5 Who asks for a key with
 * several places gets it once fewer hold it, or asked for it before.
 */
export interface Locks {
  /** True: held from now on. False: waits for its turn, which `granted` tells. */
  request(token: Token, keys: readonly string[], places?: Plan['places']): boolean
  /** The waiting ones whose turn has come; cheap while nothing changed. */
  granted(): readonly Token[]
  /** Frees what the token holds or waits for; nothing where it has none. */
  release(token: Token): void
  close(): void
}

/** How the owner of a run looks for what a dead run's runner and supervisor left behind, and ends it. */
export interface Leftovers {
  find(runDir: string, run: string): readonly LeftProcess[]
  /** TERM, then KILL; resolves to what was found when it is gone. */
  end(runDir: string, run: string): Promise<readonly LeftProcess[]>
  /** Why something may not be found; asked before `end`. */
  doubt?(runDir: string): string | undefined
}

/** A process that outlived the runner and the supervisor that started it. */
export interface LeftProcess {
  readonly pid: number
  /** Of the attempt that started it; undefined for one that left its group and is known by its environment only. */
  readonly token: string | undefined
}

/** What the store could not do, as a word for a machine and a sentence for a person. */
export class StoreError extends Error {
  readonly reason:
    | 'full'
    | 'busy'
    | 'owner-lost'
    | 'owned'
    | 'ending'
    | 'damaged'
    | 'denied'
    | 'newer'
    | 'network'
    | 'not-found'
    | 'ambiguous'
    | 'never-began'
    | 'other-plan'
  readonly hint: string | undefined

  constructor(reason: StoreError['reason'], message: string, hint?: string) {
    super(message)
    this.name = 'StoreError'
    this.reason = reason
    this.hint = hint
  }
}
