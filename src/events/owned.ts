import type { EventBody } from './events.ts'
import type { CheckState, GateState, RunState, ScopeState, StepState } from './state.ts'

/** The state as its one owner, `reduce`, may change it. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type Step = Mutable<Omit<StepState, 'checks'>> & { checks: Map<string, CheckState> }
export type Gate = Mutable<Omit<GateState, 'checks'>> & { checks: Map<string, CheckState> }
export interface Owned extends Mutable<Omit<RunState, 'steps' | 'gates' | 'scopes' | 'below' | 'notes' | 'signals'>> {
  readonly steps: Map<string, Step>
  readonly gates: Map<string, Gate>
  readonly scopes: Map<string, Mutable<ScopeState>>
  readonly notes: RunState['notes'][number][]
  readonly signals: RunState['signals'][number][]
  readonly below: Map<string, string[]>
}
export type Of<T extends EventBody['type']> = Extract<EventBody, { type: T }>

export function newScope(
  path: string,
  pipeline: string,
  inputs: ScopeState['inputs'],
  at: number,
): Mutable<ScopeState> {
  const open = { finallyOutcome: undefined, finallyAt: undefined, finallySkipped: false, timedOut: false }
  return { path, pipeline, inputs, openedAt: at, ...open }
}

/** All of a step's state but its name and its count of attempts. */
export function blank(): Omit<Step, 'path' | 'attempts'> {
  return {
    status: 'pending',
    waitingFor: undefined,
    failures: 0,
    inFlight: undefined,
    recovering: undefined,
    repairs: 0,
    missing: undefined,
    iteration: 0,
    startedAt: undefined,
    startedSeq: undefined,
    endedAt: undefined,
    reason: undefined,
    message: undefined,
    hint: undefined,
    outputs: undefined,
    outcome: undefined,
    last: undefined,
    items: undefined,
    checks: new Map(),
    wait: undefined,
    late: false,
  }
}

export function newGate(gate: string): Gate {
  return {
    gate,
    status: 'pending',
    level: 'mandatory',
    share: undefined,
    failing: [],
    checks: new Map(),
    wait: undefined,
    asked: 0,
    decided: undefined,
    bypassedUntil: undefined,
  }
}
