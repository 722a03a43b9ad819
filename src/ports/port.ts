import type { Actor, Decision, EventBody, WaitSpec } from '../events/events.ts'
import type { Outcome } from '../events/outcome.ts'
import type { Plan } from '../plan/plan.ts'
import type { ProcessMark } from '../util/machine.ts'
import type { Dispatch, Token } from './executor.ts'

/**
 * What the scheduler may ask of an engine, and all that reaches it. Calls between two `next()` are one turn.
 * P1 `next()` first commits all events of the turn in one transaction, then starts the turn's effects, then waits.
 * P2 It returns all that has arrived; results may not depend on how arrivals are batched.
 * P3 Every started token gets exactly one outcome; every timer, wait and lock at most one arrival.
 * P4 After a resume, what was in flight is answered by `recovered` before anything else arrives: one for every attempt,
 *    check and recover that the events started and did not end, whatever its kind.
 * P5 Events of a turn carry the `at` of the arrivals that began it, so a resumed run computes the same deadlines.
 *    `at` never goes back, neither within an owner nor from one owner to the next, also where the wall clock did: the
 *    first arrival of an owner is no earlier than the last event on record.
 * P6 What was emitted after the last `next()` (`run-ended`, `run-parked`) is committed when `drive` returns.
 */
export interface Port {
  emit(event: EventBody): void
  dispatch(token: Token, request: Dispatch): void
  /** Backoff, waits, deadlines. Wall-clock `untilMs` = time of the turn + ms; the engine re-arms long ones. */
  timer(token: Token, ms: number): void
  clearTimer(token: Token): void
  wait(token: Token, spec: WaitSpec): void
  /**
   * All keys at once, in sorted order; held across runs of one store; freed with the owner. A key has one holder at a
   * time, or as many as `places` says.
   */
  lock(token: Token, keys: readonly string[], places?: Plan['places']): void
  /** Frees what the token holds, or takes back what it still asks for. */
  unlock(token: Token): void
  send(token: Token, message: string): void
  /** Of a dispatch (its outcome still arrives) or of a wait (nothing arrives any more). Idempotent. `hard`: KILL at once. */
  abort(token: Token, hard: boolean): void
  next(): Promise<readonly Arrival[]>
}

/** For display and reaping. `epoch` counts the owners of a run. */
export interface Owner extends ProcessMark {
  readonly epoch: number
}

/** `at`: epoch milliseconds at which it arrived; never decreasing. The first `next()` of a run returns `opened`. */
export type Arrival = {
  readonly at: number
} /** `owner`: for the `run-opened` event that the scheduler emits next; absent in simulations. */ & (
  | { readonly type: 'opened'; readonly owner?: Owner }
  | { readonly type: 'outcome'; readonly token: Token; readonly outcome: Outcome }
  | { readonly type: 'elapsed'; readonly token: Token }
  | { readonly type: 'decided'; readonly token: Token; readonly decision: Decision }
  | { readonly type: 'locked'; readonly token: Token }
  | { readonly type: 'clock-jumped'; readonly byMs: number }
  /** An attempt that was in flight when the last owner died; nothing it started is alive any more. */
  | { readonly type: 'recovered'; readonly token: Token }
  | { readonly type: 'cancel'; readonly by: Actor; readonly reason: string; readonly hard: boolean }
  /** SIGHUP: end nothing, start nothing more that must be waited for, park. */
  | { readonly type: 'park' }
  | { readonly type: 'note'; readonly by: Actor; readonly text: string }
  | {
      readonly type: 'bypass'
      readonly gate: string
      readonly by: Actor
      readonly reason: string
      readonly expiresAt: number | undefined
    }
  | { readonly type: 'reject-gate'; readonly gate: string; readonly by: Actor; readonly reason: string }
)
