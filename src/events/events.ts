import type { Plan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import type { Outcome } from './outcome.ts'

/**
 * Everything that happens in a run, as data. `reduce` (reduce.ts) is the only reader that makes state of it; views are
 * the only place with sentences. A path names a step instance: `id ['[' key ']'] ['@' iteration] ['/' path]`, keys
 * percent-encoded, at most 128 bytes. `''` is the run itself; `path/` prefixes what a sub-pipeline holds.
 */
export type RunEvent = { readonly seq: number /** Epoch milliseconds. */; readonly at: number } & EventBody

export type StepStatus = 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'timed-out' | 'stalled' | 'interrupted'
export type RunOutcome = 'succeeded' | 'succeeded-with-failures' | 'partial' | 'failed' | 'escalated' | 'cancelled'

/** Who did something. On a local store: the operating-system user (attribution, not authentication). */
export interface Actor {
  readonly name: string
  readonly uid?: number
}

/** What a step or run waits for, by name (promise 25). */
export type WaitingFor =
  | { readonly kind: 'slot' }
  | { readonly kind: 'lock'; readonly keys: readonly string[] }
  | { readonly kind: 'gate'; readonly gate: string }
  | { readonly kind: 'backoff'; readonly untilMs: number; readonly attempt: number }
  | { readonly kind: 'timer'; readonly untilMs: number }
  | { readonly kind: 'approval'; readonly prompt: string; readonly from: readonly string[] }
  | { readonly kind: 'answer'; readonly prompt: string; readonly from: readonly string[] }
  | { readonly kind: 'signal'; readonly signal: string }

/** A question to the world that inbox rows can answer; `judge` (run/judge.ts) is the one function that decides it. */
export interface WaitSpec {
  readonly kind: 'approval' | 'answer' | 'signal' | 'bypass' | 'interrupted'
  readonly prompt: string
  /** What the decider is shown: the changelog entry, the diff. */
  readonly show?: string
  /** Roles that may decide, resolved to persons in `persons`; empty: anyone. */
  readonly from: readonly string[]
  readonly persons: readonly string[]
  /** False: neither the starter of the run nor who brought it a plan may decide (four eyes). */
  readonly self: boolean
  readonly startedBy: Actor
  /** Who brought a plan by which the run went on (`resume --with-plan`), each once; left out: nobody. */
  readonly plannedBy?: readonly Actor[]
  readonly signal?: string
  /** Bare CEL over `payload`, `signal` and what is in `given`. */
  readonly when?: string
  /** What `when` reads of the run, as it was when the wait was opened: a map by root, such as `{vars: {version: ...}}`. */
  readonly given?: { readonly [root: string]: Json }
  /** Schema of an answer, by field. */
  readonly answer?: Json
  /** Epoch milliseconds; rows after it are too late. */
  readonly deadlineMs?: number
}

export interface Decision {
  readonly verdict: 'approved' | 'rejected' | 'answered' | 'received' | 'bypassed' | 'rerun' | 'expired'
  readonly by?: Actor
  readonly at: number
  readonly comment?: string
  readonly expiresAt?: number
  readonly values?: { readonly [name: string]: Json }
  /** Inbox row it came from. */
  readonly row?: number
  /** Id of the signal of this same run that it took. */
  readonly signal?: string
}

export type EventBody =
  | {
      readonly type: 'run-created'
      readonly run: string
      readonly pipeline: string
      readonly planHash: string
      readonly inputs: { readonly [name: string]: Json }
      readonly startedBy: Actor
      readonly version: string
      /** Absolute path of the project root. */
      readonly root: string
      /** Steps approved beforehand (`--approve`). */
      readonly approve: readonly string[]
      /** The signal that asked for it, where a coordinator did. */
      readonly cause?: {
        readonly coordinator: string
        readonly signal: string
        readonly id: string
        /** What the signal carried; absent in runs of before. */
        readonly payload?: { readonly [name: string]: Json }
        /** How many answers of coordinators to what runs sent led here; absent: a person sent the signal. */
        readonly depth?: number
      }
    }
  /** An owner opened the run: the first start, each resume. `pid`, `boot` and `start` are for display and reaping. */
  | {
      readonly type: 'run-opened'
      readonly epoch: number
      readonly pid: number
      readonly boot: string
      readonly start: number
      readonly by: Actor
    }
  | { readonly type: 'run-parked'; readonly for: readonly string[] }
  /** The whole run waits before it can start anything (its mutex). */
  | { readonly type: 'run-waiting'; readonly for: WaitingFor }
  | {
      readonly type: 'run-reopened'
      readonly by: Actor /** Paths that get a new attempt. */
      readonly steps: readonly string[] /** Keys of gates that are judged again. */
      readonly gates: readonly string[]
    }
  /** `resume --with-plan`: from here on the run follows another plan. What it leaves as it was did not change. */
  | {
      readonly type: 'plan-changed'
      readonly by: Actor
      readonly planHash: string
      readonly plan: Plan
      readonly inputs: { readonly [name: string]: Json }
      /** As in `run-reopened`. */
      readonly steps: readonly string[]
      readonly gates: readonly string[]
      /** Paths that the new plan has no more. */
      readonly dropped: readonly string[]
    }
  | { readonly type: 'clock-jumped'; readonly byMs: number }
  | { readonly type: 'cancel-requested'; readonly by: Actor; readonly reason: string; readonly hard: boolean }
  | { readonly type: 'deadline-passed'; readonly path: string; readonly what: 'timeout' | 'due' }
  | { readonly type: 'finally-started'; readonly path: string; readonly outcome: RunOutcome }
  | { readonly type: 'finally-skipped'; readonly path: string; readonly reason: 'killed' }
  | {
      readonly type: 'run-ended'
      readonly outcome: RunOutcome
      readonly reason?: string
      readonly outputs: { readonly [name: string]: Json }
      /** What outputs are called in reports, of those that have a name for people (`deliverable`). */
      readonly labels?: { readonly [name: string]: string }
      readonly nextSteps: readonly string[]
    }
  | { readonly type: 'noted'; readonly by: Actor; readonly text: string }
  | {
      readonly type: 'signal-sent'
      readonly path: string
      readonly id: string
      readonly source: string
      readonly target: string
      readonly signal: string
      readonly payload: { readonly [name: string]: Json }
    }
  // steps
  | { readonly type: 'step-waiting'; readonly path: string; readonly for: WaitingFor }
  | {
      readonly type: 'foreach-expanded'
      readonly path: string
      readonly items: readonly { readonly key: string; readonly item: Json; readonly needs: readonly string[] }[]
    }
  | { readonly type: 'iteration-started'; readonly path: string; readonly iteration: number }
  /** A sub-pipeline's scope opened below `path`. */
  | {
      readonly type: 'pipeline-started'
      readonly path: string
      readonly pipeline: string
      readonly inputs: { readonly [name: string]: Json }
    }
  | {
      readonly type: 'attempt-started'
      readonly path: string
      readonly attempt: number
      readonly missing?: readonly string[]
    }
  | { readonly type: 'attempt-ended'; readonly path: string; readonly attempt: number; readonly outcome: Outcome }
  | {
      readonly type: 'retry-scheduled'
      readonly path: string
      readonly attempt: number
      readonly delayMs: number
      readonly untilMs: number
      readonly failure: string
    }
  | {
      readonly type: 'recover-started'
      readonly path: string
      readonly attempt: number
      readonly failure: string
      /** From the second on: the one before was cut off. */
      readonly delivery?: number
    }
  | {
      readonly type: 'recover-ended'
      readonly path: string
      readonly attempt: number
      readonly failure: string
      readonly outcome: Outcome
    }
  | {
      readonly type: 'check-started'
      readonly path: string
      readonly check: string
      readonly attempt: number
      /** From the second on: the one before was cut off. */
      readonly delivery?: number
    }
  | {
      readonly type: 'check-ended'
      readonly path: string
      readonly check: string
      readonly attempt: number
      readonly status: 'passed' | 'failed' | 'skipped'
      readonly level: 'mandatory' | 'advisory'
      readonly message?: string
    }
  | {
      readonly type: 'step-ended'
      readonly path: string
      readonly status: StepStatus
      readonly reason?: string
      readonly message?: string
      readonly outputs?: { readonly [name: string]: Json }
      /** Of a sub-pipeline: which outcome counted as succeeded. */
      readonly outcome?: RunOutcome
      /** A named failure's hint, said where the failure is said. */
      readonly hint?: string
    }
  // people, gates
  | { readonly type: 'wait-opened'; readonly path: string; readonly wait: WaitSpec }
  | { readonly type: 'wait-decided'; readonly path: string; readonly decision: Decision }
  | {
      readonly type: 'gate-judged'
      readonly path: string
      readonly gate: string
      readonly status: 'passed' | 'failed' | 'held'
      readonly level: 'mandatory' | 'advisory'
      readonly share?: number
      readonly failing: readonly string[]
    }
  | {
      readonly type: 'gate-decided'
      readonly path: string
      readonly gate: string
      readonly status: 'bypassed' | 'failed'
      readonly by: Actor
      readonly reason: string
      readonly expiresAt?: number
      readonly planHash: string
    }
