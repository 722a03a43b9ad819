import type { EventBody, RunOutcome, StepStatus } from '../events/events.ts'
import { reduce } from '../events/reduce.ts'
import type { RunState, StepState } from '../events/state.ts'
import type { CheckPlan, GatePlan, PipelinePlan, Plan, StepPlan } from '../plan/plan.ts'
import type { Token } from '../ports/executor.ts'
import type { Port } from '../ports/port.ts'
import type { Json } from '../util/json.ts'
import type { PipelineIndex } from './pipeline-index.ts'
import type { Job, ReadyQueue } from './ready-queue.ts'
import type { WorkClock } from './work-clock.ts'

/** Why something is brought to an end from outside. */
export type Stop = 'cancel' | 'fail-fast' | 'timeout'

/** A pipeline in execution. */
export interface Scope {
  readonly path: string
  readonly prefix: string
  readonly plan: PipelinePlan
  readonly index: PipelineIndex
  readonly inputs: { readonly [name: string]: Json }
  /** The step whose attempt this is; undefined for the run itself. */
  readonly unit: Node | undefined
  readonly nodes: ReadonlyMap<string, Node>
  readonly gates: ReadonlyMap<string, Gate>
  /** Source order from the root down: breaks ties. */
  readonly order: readonly number[]
  /** What comes after this scope in the scopes around it, for critical path first. */
  readonly rankAfter: number
  phase: 'opening' | 'main' | 'finally' | 'ended'
  /** Steps of the phase that have not ended. */
  open: number
  /** Gates whose checks run. */
  judging: number
  stopped: Stop | undefined
  escalated: boolean
  outcome: RunOutcome | undefined
  timeoutMs: number | undefined
  timerSet: boolean
  /** Keys that this scope itself holds (the pipeline's `mutex`). */
  lock: Lock
  queue: ReadyQueue
}

export interface Lock {
  /** `due`: to be asked for as soon as what is around is held again; outer locks come first, always. */
  state: 'none' | 'due' | 'asked' | 'held'
  keys: readonly string[]
  /** Of the request, while it is asked for or held. */
  readonly token?: Token
}

/**
 * A step of a scope, an item of its foreach, or a pass of its repeat. A node without foreach and repeat of its own layer
 * is a unit: it makes attempts. `phase` says what the scheduler does with it; the record of what happened is the state.
 */
export interface Node {
  readonly path: string
  readonly step: StepPlan
  readonly scope: Scope
  readonly layer: 'step' | 'item' | 'pass'
  /** The foreach of an item, the repeat of a pass. */
  readonly parent: Node | undefined
  readonly item: { readonly key: string; readonly value: Json; readonly index: number } | undefined
  readonly iteration: number
  readonly order: readonly number[]
  readonly rank: number
  phase:
    | 'pending'
    | 'gated'
    | 'locking'
    | 'queued'
    | 'attempt'
    | 'checking'
    | 'recovering'
    | 'backoff'
    | 'waiting'
    | 'timer'
    | 'items'
    | 'passes'
    | 'delay'
    | 'scope'
    | 'ended'
  status: StepStatus | undefined
  /** Skipped by its own `when`: satisfies a need. */
  ownSkip: boolean
  needsOpen: number
  needsMet: number
  /** The first need that can no longer be met. */
  unmet: string | undefined
  /** A step that reacts to a failure which did not come. */
  notNeeded: string | undefined
  missing: readonly string[] | undefined
  job: Job | undefined
  slot: boolean
  /** The limit of its agent, while it takes one of it. */
  agentSlot: ReadyQueue | undefined
  /** Of an item: one of the foreach's `max_parallel` is taken. */
  place: boolean
  /** Of an item that was in the middle and has no place yet: it is taken up again when it gets one. */
  suspended: boolean
  lock: Lock
  stop: Stop | undefined
  timerToken: Token | undefined
  dueToken: Token | undefined
  /** The attempt that runs was started by an owner that died. */
  orphan: boolean
  checks: CheckRun | undefined
  // containers
  items: Node[]
  dependents: Node[]
  openItems: number
  places: { used: number; limit: number; queue: Node[] } | undefined
  pass: Node | undefined
  child: Scope | undefined
}

export interface Gate {
  readonly plan: GatePlan
  readonly scope: Scope
  readonly key: string
  readonly path: string
  /** Steps of `of` that have not ended. */
  open: number
  status: 'pending' | 'judging' | 'passed' | 'failed' | 'held' | 'bypassed'
  checks: CheckRun | undefined
}

/** The checks of one attempt, or of one gate, one after the other. */
export interface CheckRun {
  readonly owner: { readonly kind: 'node'; readonly node: Node } | { readonly kind: 'gate'; readonly gate: Gate }
  readonly scope: Scope
  readonly path: string
  readonly attempt: number
  /** Evidence first, people last. */
  readonly plans: readonly CheckPlan[]
  at: number
  failed: string[]
  message: string | undefined
  /** What runs for the check at hand: the question whether it applies, or its judgement. */
  running: { readonly token: Token; readonly kind: 'paths' | 'judge' | 'ask' } | undefined
  /** What ran for the check at hand was cut off, and has to be delivered again. */
  again: boolean
  over: boolean
}

/** What an arrival with this token is the answer to. */
export type Pending =
  | { readonly what: 'attempt' | 'recover' | 'wait' | 'backoff' | 'delay' | 'timer' | 'due'; readonly node: Node }
  | { readonly what: 'lock'; readonly node: Node }
  | { readonly what: 'check'; readonly run: CheckRun }
  | { readonly what: 'gate-wait' | 'gate-paths'; readonly gate: Gate }
  | { readonly what: 'quiet' }
  | { readonly what: 'scope-lock'; readonly scope: Scope }
  | { readonly what: 'scope-timeout' | 'finally-timeout'; readonly scope: Scope }

/** Work of this turn, taken in order (D3): no stage calls a later one, so a chain of any length needs no stack. */
export type Wake =
  | { readonly type: 'needs'; readonly node: Node }
  | { readonly type: 'enter'; readonly node: Node }
  | { readonly type: 'place'; readonly node: Node }
  | { readonly type: 'body'; readonly node: Node }
  | { readonly type: 'attempt'; readonly node: Node }
  | { readonly type: 'open-scope'; readonly node: Node }
  | { readonly type: 'ended'; readonly node: Node }
  | { readonly type: 'gate'; readonly gate: Gate }
  | { readonly type: 'gate-settled'; readonly gate: Gate }
  | { readonly type: 'gate-lapsed'; readonly gate: Gate }
  | { readonly type: 'checks-done'; readonly run: CheckRun }
  | { readonly type: 'scope'; readonly scope: Scope }
  | { readonly type: 'scope-ended'; readonly scope: Scope }
  | { readonly type: 'stop-scope'; readonly scope: Scope; readonly stop: Stop; readonly hard: boolean }

interface OwnSignal {
  readonly id: string
  readonly seq: number
  readonly signal: string
  readonly payload: { readonly [name: string]: Json }
}

export type HeldBack =
  | { readonly what: 'enter' | 'attempt' | 'lock'; readonly node: Node }
  | { readonly what: 'scope-lock'; readonly scope: Scope }

/** One run as the scheduler holds it. Everything here but `state` is an index that restore can build again (D5). */
export interface Run {
  readonly plan: Plan
  readonly port: Port
  readonly id: string
  readonly durations: ReadonlyMap<string, number>
  readonly state: RunState
  /** Time of the turn (P5 of the port). */
  now: number
  readonly pending: Map<Token, Pending>
  readonly wakes: Wake[]
  /** How many of them may tell that a step can no longer start. */
  unsettled: number
  /** Gates to be judged as soon as there is none of those. */
  readonly unjudged: Gate[]
  readonly clock: WorkClock
  readonly indexes: Map<string, PipelineIndex>
  /** Agent -> who of it may run, over the whole run; only agents with a limit. */
  readonly agents: ReadonlyMap<string, ReadyQueue>
  /** Who may write one path takes turns: pattern -> name of the turn. */
  readonly turns: ReadonlyMap<string, string>
  root: Scope | undefined
  /** Rules of the coordinator: nodes of the root that are put when their condition holds. */
  rules: readonly Node[]
  /** The rule that waits for its answer, and what starts nothing until then. */
  paused: { readonly node: Node; readonly held: Wake[] } | undefined
  /** Jobs queued in this turn, to be told what they wait for. */
  readonly fresh: Job[]
  /** Scopes with a timeout, by path; their timers follow the working time. */
  readonly timed: Map<string, Scope>
  /** Attempts, repairs and checks that run. */
  inFlight: number
  /** What the last owner left running, and is to come as `recovered`; a token that this owner used again is not in it. */
  readonly awaited: Set<Token>
  /** Questions to persons and signals that are open, in the order they were asked. */
  readonly waits: Map<Token, Node>
  /** Timers whose end moves the run on, with the time they are due. */
  readonly timers: Map<Token, number>
  locksAsked: number
  /** What may not go on before a lock around it is held again (after a resume). */
  heldBack: HeldBack[]
  /** Signals that this turn sent, not yet offered to the waits of this run. */
  readonly sent: OwnSignal[]
  /** Signals of this run that no wait of it has taken. */
  readonly untaken: OwnSignal[]
  /** Nobody stays with the run: it parks when it only waits. */
  readonly park: boolean
  /** Whether the port has had a turn to answer what was asked last. */
  quiet: 'asked' | 'passed' | undefined
  /** Start nothing more: the run is to park. */
  parking: boolean
  end: 'ended' | 'parked' | undefined
}

/** Records what happened and brings the state up to it. The port gives the same event its place in the ledger. */
export function emit(run: Run, body: EventBody): void {
  run.port.emit(body)
  const event = { seq: run.state.lastSeq + 1, at: run.now, ...body }
  reduce(run.state, event)
  run.clock.feed(event)
}

export function wake(run: Run, work: Wake): void {
  if (settles(work)) run.unsettled += 1
  run.wakes.push(work)
}

/** Work after which another step may no longer be able to start. */
export function settles({ type }: Wake): boolean {
  return type === 'needs' || type === 'ended'
}

/** The state of a node, once something happened to it. */
export function stateOf(
  run: Run,
  node: Node,
): RunState['steps'] extends ReadonlyMap<string, infer S> ? S | undefined : never {
  return run.state.steps.get(node.path)
}

/** Asks for a timer that moves the run on, due at a wall-clock instant. */
export function startTimer(run: Run, token: Token, untilMs: number, pending: Pending): void {
  run.pending.set(token, pending)
  run.timers.set(token, untilMs)
  run.port.timer(token, Math.max(0, untilMs - run.now))
}

export function stopTimer(run: Run, token: Token): void {
  if (!run.pending.delete(token)) return
  run.timers.delete(token)
  run.port.clearTimer(token)
}

const FAILURES: ReadonlySet<StepState['status']> = new Set(['failed', 'timed-out', 'stalled', 'interrupted'])

/** Whether an end is one that fails its run unless it is allowed to. */
export function isFailure(status: StepState['status'] | undefined): boolean {
  return status !== undefined && FAILURES.has(status)
}
