import type { Json } from '../util/json.ts'
import type { Actor, Decision, EventBody, RunEvent, RunOutcome, StepStatus, WaitingFor, WaitSpec } from './events.ts'
import type { Outcome } from './outcome.ts'

/**
 * What a run is, after its events. Owned and changed by `reduce` alone; everyone else reads. Maps are keyed by path and
 * keep the order in which things first happened. `live | ending | interrupted` of a run that has not ended is not here:
 * it is this state plus the probe of the owner locks.
 */
export interface RunState {
  readonly run: string
  readonly pipeline: string
  readonly planHash: string
  readonly inputs: { readonly [name: string]: Json }
  readonly startedBy: Actor
  /** Who brought a plan by which the run went on, each once, the starter not among them. */
  readonly plannedBy: readonly Actor[]
  readonly version: string
  readonly root: string
  readonly approve: readonly string[]
  readonly cause: Extract<EventBody, { type: 'run-created' }>['cause']
  readonly createdAt: number
  readonly phase: 'running' | 'parked' | 'ended'
  readonly parkedFor: readonly string[]
  readonly waitingFor: WaitingFor | undefined
  readonly owner:
    | { readonly epoch: number; readonly pid: number; readonly boot: string; readonly start: number }
    | undefined
  readonly cancel:
    | { readonly by: Actor; readonly reason: string; readonly hard: boolean; readonly at: number }
    | undefined
  readonly outcome: RunOutcome | undefined
  readonly reason: string | undefined
  readonly outputs: { readonly [name: string]: Json }
  /** What outputs are called in reports. */
  readonly labels?: { readonly [name: string]: string }
  readonly nextSteps: readonly string[]
  readonly endedAt: number | undefined
  /** Working milliseconds are not here: they need the plan; see views. */
  readonly steps: ReadonlyMap<string, StepState>
  /** Keyed by scope path + gate id: `round/quality`. */
  readonly gates: ReadonlyMap<string, GateState>
  readonly scopes: ReadonlyMap<string, ScopeState>
  /** Path of a step -> paths directly below it. */
  readonly below: ReadonlyMap<string, readonly string[]>
  readonly notes: readonly { readonly by: Actor; readonly at: number; readonly text: string }[]
  readonly signals: readonly Extract<RunEvent, { type: 'signal-sent' }>[]
  readonly lastSeq: number
  readonly lastAt: number
}

/** A pipeline in execution: `''` for the run, the step's path for a sub-pipeline. */
export interface ScopeState {
  readonly path: string
  readonly pipeline: string
  readonly inputs: { readonly [name: string]: Json }
  readonly openedAt: number
  readonly finallyOutcome: RunOutcome | undefined
  readonly finallyAt: number | undefined
  /** True where a kill left its `finally` undone: `resume` runs it. */
  readonly finallySkipped: boolean
  readonly timedOut: boolean
}

/** A step, or one instance of a foreach, or one pass of a repeat. Absent from the map: nothing happened to it yet. */
export interface StepState {
  readonly path: string
  readonly status: 'pending' | 'waiting' | 'running' | StepStatus
  readonly waitingFor: WaitingFor | undefined
  readonly attempts: number
  /** Attempts that failed, an interruption not among them: what `retry.attempts` counts. Starts anew when reopened. */
  readonly failures: number
  /** `attempt`: started and not ended. `recover`: a repair runs. What an owner leaves behind when it dies. */
  readonly inFlight: 'attempt' | 'recover' | undefined
  /** Name of the failure whose repair runs, while `inFlight` is `recover`. */
  readonly recovering: string | undefined
  /** Deliveries of the repair of this attempt so far: more than one where the one before was cut off. */
  readonly repairs: number
  /** Needs that were not there when it started, where it may start without them. */
  readonly missing: readonly string[] | undefined
  readonly iteration: number
  readonly startedAt: number | undefined
  /** The event by which it first got going: what is on record before it came before the step. */
  readonly startedSeq: number | undefined
  readonly endedAt: number | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly hint: string | undefined
  readonly outputs: { readonly [name: string]: Json } | undefined
  readonly outcome: RunOutcome | undefined
  readonly last: Outcome | undefined
  readonly items:
    | readonly { readonly key: string; readonly item: Json; readonly needs: readonly string[] }[]
    | undefined
  readonly checks: ReadonlyMap<string, CheckState>
  readonly wait: { readonly spec: WaitSpec; readonly decision: Decision | undefined } | undefined
  readonly late: boolean
}

export interface CheckState {
  readonly status: 'running' | 'passed' | 'failed' | 'skipped'
  /** How often it was delivered: more than once where the time before was cut off. */
  readonly delivery: number
  readonly level: 'mandatory' | 'advisory' | undefined
  readonly message: string | undefined
  /** Of a check that a person answers. */
  readonly wait: WaitSpec | undefined
}

export interface GateState {
  readonly gate: string
  readonly status: 'pending' | 'passed' | 'failed' | 'held' | 'bypassed'
  readonly level: 'mandatory' | 'advisory'
  readonly share: number | undefined
  readonly failing: readonly string[]
  readonly checks: ReadonlyMap<string, CheckState>
  /** Open while the gate is held. */
  readonly wait: WaitSpec | undefined
  /** Number of the event that asked last whether it is to be bypassed; 0: nobody was asked. */
  readonly asked: number
  readonly decided: { readonly by: Actor; readonly reason: string; readonly at: number } | undefined
  /** When a bypass ceases to count for steps that have not started; undefined: never. */
  readonly bypassedUntil: number | undefined
}
