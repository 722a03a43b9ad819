import type { RunEvent } from '../../src/events/events.ts'
import type { RunState } from '../../src/events/state.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Dispatch } from '../../src/ports/executor.ts'
import type { Agenda } from './agenda.ts'
import type { FaultKind } from './kinds.ts'
import type { SimLedger } from './ledger.ts'
import type { Locks } from './locks.ts'
import type { Session } from './session.ts'
import type { Crash, Scenario } from './spec.ts'

/** What sessions see of the world that they are in. */
export interface SimWorld {
  readonly scenario: Scenario
  readonly agenda: Agenda
  readonly locks: Locks
  /** A planted bug: effects start before their events are recorded. */
  readonly eagerEffects: boolean
  /** Milliseconds until the next commit of the run can be tried; 0: it can. */
  blockedForMs(run: SimRun): number
  /** Milliseconds until an owner hears again that something came; 0: it does. */
  deafForMs(): number
  hit(name: FaultKind): void
  crashAt(run: SimRun, commit: number): Crash | undefined
  crash(run: SimRun, session: Session, crash: Crash): void
  committed(run: SimRun, session: Session, events: readonly RunEvent[]): void
  settle(session: Session): void
  noteStart(run: SimRun, token: string, request: Dispatch, epoch: number): void
  /** A planted bug: effects start also while nothing can be recorded. */
  readonly startsWhileBlocked: boolean
  /** A planted bug: effects start though the commit was never whole. */
  readonly startsWhenTorn: boolean
  /** A planted bug: what was said before a question answers it. */
  readonly answersFromBefore: boolean
  /** `reaped`: it did not end by itself but with its owner. */
  noteEnd(run: SimRun, token: string, reaped: boolean): void
}

export interface SimRun {
  /** By the plan that it follows now. */
  scenario: Scenario
  readonly id: string
  readonly ledger: SimLedger
  readonly processes: ProcessRecord[]
  readonly takenRows: Set<number>
  session: Session | undefined
  readonly crashes: Crash[]
  result: { readonly end: 'ended' | 'parked'; readonly state: RunState } | undefined
  /** When it was cancelled first, and who was told. */
  cancelled: { readonly atMs: number; readonly epoch: number } | undefined
  /** Owners that opened the run beside the one that has it, and do not know it yet. */
  readonly rivals: Session[]
  /** Their epochs. */
  readonly losers: Set<number>
  /** When no commit was possible. */
  readonly blocked: { readonly fromMs: number; readonly toMs: number; readonly epoch: number }[]
  /** Owners that died. */
  readonly deaths: Set<number>
  /** Jumps of the clock that its owners were told of. */
  readonly jumps: { readonly atMs: number; readonly epoch: number }[]
  /** Commits that fail for a while, and how often each still does. */
  readonly busy: { readonly commit: number; times: number }[]
  /** What was asked while nobody was there to hear it: told to the next owner. */
  readonly unheard: (() => void)[]
  /** A SIGHUP came to this owner: it starts nothing more and parks. */
  hungUp: { readonly atMs: number; readonly epoch: number } | undefined
  openings: number
  parks: number
  /** An ended run that is to be opened again, and the steps that are named for it. */
  /** What was named each time it was opened again. */
  readonly reopened: (readonly string[] | undefined)[]
  reopening: { readonly index: number; readonly steps: readonly string[] | undefined } | undefined
}

/** What a simulated process left as evidence. */
export interface ProcessRecord {
  /** By the plan of that time. */
  readonly scenario: Scenario
  readonly path: string
  readonly token: string
  readonly attempt: number
  readonly request: Dispatch
  readonly startMs: number
  /** Commits that the ledger held when it started. */
  readonly afterCommit: number
  endMs: number | undefined
  reaped: boolean
  /** It would never have ended by itself. */
  hung: boolean
  /** Which owner of the run started it. */
  readonly opening: number
  readonly epoch: number
}

export interface Trace {
  readonly scenario: Scenario
  readonly plan: Plan
  /** The scenario by the plan that the first run went on by, where it did. */
  readonly replanned: Scenario | undefined
  readonly runs: readonly SimRun[]
  /** Every commit of every run, in the order of the world; one without events is where an owner died. */
  readonly commits: readonly { readonly run: string; readonly events: readonly RunEvent[]; readonly epoch: number }[]
  /** What the world itself saw go wrong. */
  readonly problems: readonly string[]
  /** How often each thing that may go wrong hit a run in flight. */
  readonly hits: ReadonlyMap<FaultKind, number>
  readonly heldLocks: ReadonlyMap<string, string>
}
