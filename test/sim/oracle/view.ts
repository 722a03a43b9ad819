import type { Decision, EventBody, RunEvent, RunOutcome, StepStatus, WaitingFor } from '../../../src/events/events.ts'
import { parseSegment, pipelineOf, scopeOf } from '../paths.ts'
import type { PipelineSpec, Scenario, StepSpec } from '../spec.ts'
import { openAgain, tell } from './undo.ts'

/*
 * What an onlooker knows of a run after some of its events. Made for the oracle alone: it shares no code with reduce, so
 * that a fault there cannot hide.
 */

export interface InstanceView {
  readonly path: string
  startedSeq: number | undefined
  /** When it did something, and did not only wait for its slot or lock. */
  begunSeq: number | undefined
  ended: EndView | undefined
  /** An attempt that started and did not end. */
  openAttempt: number | undefined
  /** Attempt ended, its checks or repair not yet, or back-off: the step is at work between attempts. */
  attempts: number
  /** Attempts that came to an end of their own, without those that a crash interrupted. */
  failed: number
  waiting: WaitingFor | undefined
  wait: 'open' | 'decided' | undefined
  openWork: Set<string>
  lastAttempt: Extract<EventBody, { type: 'attempt-ended' }> | undefined
  checks: Map<string, Extract<EventBody, { type: 'check-ended' }>>
  /** Keys of the last expansion. */
  items: readonly { readonly key: string; readonly needs: readonly string[] }[] | undefined
}

export interface EndView {
  readonly status: StepStatus
  readonly reason: string | undefined
  readonly seq: number
  readonly outcome: RunOutcome | undefined
  /** What this end means to its scope. */
  readonly escalates: 'no' | 'may' | 'yes'
  readonly trips: boolean
}

interface GateView {
  status: 'passed' | 'failed' | 'held' | 'bypassed'
  judged: number
  /** When its bypass is over; undefined: never. */
  until: number | undefined
}

export interface ScopeView {
  readonly path: string
  pipeline: PipelineSpec
  readonly gates: Map<string, GateView>
  openedSeq: number
  timedOut: boolean
  finallyOutcome: RunOutcome | undefined
  /** A step of a fail-fast pipeline failed. */
  tripped: boolean
  /** A person did not answer in time, and the step says that somebody has to look then. */
  escalated: boolean
  mayBeEscalated: boolean
}

export interface RunView {
  /** By the plan that the run follows now. */
  scenario: Scenario
  /** By the one that it goes on by, where it does. */
  readonly next: Scenario | undefined
  readonly instances: Map<string, InstanceView>
  readonly scopes: Map<string, ScopeView>
  /** What the last question about a path was decided as. */
  readonly verdicts: Map<string, Decision['verdict']>
  cancelled: 'no' | 'soft' | 'hard'
  cancelSeq: number | undefined
  ended: Extract<EventBody, { type: 'run-ended' }> | undefined
  parked: boolean
  runWaiting: boolean
  /** Owners that the run has had. */
  openings: number
  /** The owner that it has now. */
  epoch: number
  /** Wall-clock time of the event that is looked at. */
  nowMs: number
}

export function createView(scenario: Scenario, next?: Scenario): RunView {
  const scopes = new Map<string, ScopeView>()
  return {
    scenario,
    next,
    instances: new Map(),
    scopes,
    verdicts: new Map(),
    cancelled: 'no',
    cancelSeq: undefined,
    ended: undefined,
    parked: false,
    runWaiting: false,
    openings: 0,
    epoch: 0,
    nowMs: 0,
  }
}

/** The instance of a path, made at its first mention. */
export function instanceOf(view: RunView, path: string): InstanceView {
  let instance = view.instances.get(path)
  if (instance === undefined) {
    instance = {
      path,
      startedSeq: undefined,
      begunSeq: undefined,
      ended: undefined,
      openAttempt: undefined,
      attempts: 0,
      failed: 0,
      waiting: undefined,
      wait: undefined,
      openWork: new Set(),
      lastAttempt: undefined,
      checks: new Map(),
      items: undefined,
    }
    view.instances.set(path, instance)
  }
  return instance
}

/** Path of a step without key and pass: where its needs and its end are looked up. */
export function basePath(path: string): string {
  const scope = scopeOf(path)
  const last = scope === '' ? path : path.slice(scope.length + 1)
  const { id } = parseSegment(last) ?? { id: last }
  return scope === '' ? id : `${scope}/${id}`
}

/** Whether a gate was bypassed, and that is over. */
export function hasLapsed(view: RunView, { status, until }: GateView): boolean {
  return status === 'bypassed' && until !== undefined && until <= view.nowMs
}

export function childPath(scope: string, id: string): string {
  return scope === '' ? id : `${scope}/${id}`
}

/** A scope and all that are around it, the innermost first. */
export function scopesAround(view: RunView, scope: ScopeView): ScopeView[] {
  const found: ScopeView[] = []
  for (let at: ScopeView | undefined = scope; at; at = at.path === '' ? undefined : view.scopes.get(scopeOf(at.path)))
    found.push(at)
  return found
}

export function stepOf(view: RunView, path: string): { step: StepSpec; scope: ScopeView } | undefined {
  const scope = view.scopes.get(scopeOf(path))
  const id = parseSegment(path.slice(path.lastIndexOf('/') + 1))?.id
  const step = scope?.pipeline.steps.find((candidate) => candidate.id === id)
  return scope && step && { step, scope }
}

/** Whether a path is of a check or a repair of a step. */
export function isPart(path: string): boolean {
  return /\/(check|recover):[^/]+$/.test(path)
}

/** Whether the event is the first sign that a step began to do something of its own. */
export function isStart(event: EventBody): boolean {
  switch (event.type) {
    case 'attempt-started':
    case 'pipeline-started':
    case 'foreach-expanded':
    case 'iteration-started':
    case 'wait-opened':
      return true
    case 'step-waiting':
      return event.for.kind === 'slot' || event.for.kind === 'lock' || event.for.kind === 'timer'
    default:
      return false
  }
}

export function isFailure(status: StepStatus): boolean {
  return status === 'failed' || status === 'timed-out' || status === 'stalled' || status === 'interrupted'
}

/** Moves the view on by one event. */
export function apply(view: RunView, event: RunEvent): void {
  if ('path' in event && event.type !== 'pipeline-started' && !gateOf(event.path) && event.path !== '')
    note(view, event)
  if (event.type === 'wait-decided') view.verdicts.set(event.path, event.decision.verdict)
  switch (event.type) {
    case 'run-created':
      openScope(view, '', event.seq)
      return
    case 'pipeline-started':
      noteStart(view, event)
      for (const path of [...view.instances.keys()]) if (path.startsWith(`${event.path}/`)) view.instances.delete(path)
      openScope(view, event.path, event.seq)
      return
    case 'run-reopened':
      Object.assign(view, { cancelled: 'no', cancelSeq: undefined, ended: undefined, parked: false })
      openAgain(view, event)
      return
    case 'plan-changed':
      if (view.next) view.scenario = view.next
      openAgain(view, event)
      return
    case 'cancel-requested':
      view.cancelled = event.hard || view.cancelled === 'hard' ? 'hard' : 'soft'
      view.cancelSeq ??= event.seq
      return
    case 'run-parked':
      view.parked = true
      return
    case 'run-opened':
      view.parked = false
      view.openings++
      view.epoch = event.epoch
      // A new owner says again who waits for a slot.
      for (const instance of view.instances.values())
        if (instance.waiting?.kind === 'slot') instance.waiting = undefined
      return
    case 'run-waiting':
      view.runWaiting = true
      return
    case 'deadline-passed': {
      const scope = view.scopes.get(event.path)
      if (scope && event.what === 'timeout') scope.timedOut = true
      return
    }
    case 'finally-started': {
      const scope = view.scopes.get(event.path)
      if (scope) scope.finallyOutcome = event.outcome
      return
    }
    case 'gate-judged': {
      const scope = view.scopes.get(event.path)
      const judged = (scope?.gates.get(event.gate)?.judged ?? 0) + 1
      scope?.gates.set(event.gate, { status: event.status, judged, until: undefined })
      return
    }
    case 'gate-decided': {
      const gate = view.scopes.get(event.path)?.gates.get(event.gate)
      if (gate) Object.assign(gate, { status: event.status, until: event.expiresAt })
      return
    }
    case 'run-ended':
      view.ended = event
      return
    default:
      return
  }
}

/** The gate that a path speaks of: `round/gate:quality`. */
export function gateOf(path: string): string | undefined {
  return /(?:^|\/)gate:([^/]+)/.exec(path)?.[1]
}

function openScope(view: RunView, path: string, seq: number): void {
  const pipeline = pipelineOf(view.scenario, path)
  if (pipeline === undefined) throw new Error(`a scope of no pipeline was opened: ${path}`)
  view.scopes.set(path, {
    path,
    pipeline,
    gates: new Map(),
    openedSeq: seq,
    timedOut: false,
    finallyOutcome: undefined,
    tripped: false,
    escalated: false,
    mayBeEscalated: false,
  })
}

function noteStart(view: RunView, event: RunEvent & { readonly path: string }): void {
  const instance = instanceOf(view, event.path)
  instance.startedSeq ??= event.seq
  instance.waiting = undefined
  instanceOf(view, basePath(event.path)).startedSeq ??= event.seq
  if (event.type === 'step-waiting' && event.for.kind !== 'timer') return
  instance.begunSeq ??= event.seq
  instanceOf(view, basePath(event.path)).begunSeq ??= event.seq
}

function note(view: RunView, event: RunEvent & { readonly path: string }): void {
  const instance = instanceOf(view, event.path.replace(/\/(check|recover):[^/]+$/, ''))
  if (isPart(event.path)) {
    // A person judges a check: the step is at work all the same.
    if (event.type === 'wait-opened') instance.openWork.add(event.path.slice(event.path.lastIndexOf('/') + 1))
    return
  }
  if (isStart(event)) noteStart(view, event)
  switch (event.type) {
    case 'step-waiting':
      instance.waiting = event.for
      // A bypass was over before there was a slot for it: it waits for the gate again, as if it had not come so far.
      if (event.for.kind === 'gate' && instance.begunSeq === undefined) instance.startedSeq = undefined
      return
    case 'attempt-started':
      instance.openAttempt = event.attempt
      instance.attempts++
      instance.waiting = undefined
      return
    case 'attempt-ended':
      if (instance.openAttempt === event.attempt) instance.openAttempt = undefined
      instance.lastAttempt = event
      if (event.outcome.status !== 'interrupted' && event.outcome.status !== 'succeeded') instance.failed++
      return
    case 'retry-scheduled':
      instance.waiting = { kind: 'backoff', untilMs: event.untilMs, attempt: event.attempt }
      return
    case 'check-started':
      instance.openWork.add(`check:${event.check}`)
      return
    case 'check-ended':
      instance.openWork.delete(`check:${event.check}`)
      instance.checks.set(`${event.check}#${event.attempt}`, event)
      return
    case 'recover-started':
      instance.openWork.add('recover')
      return
    case 'recover-ended':
      instance.openWork.delete('recover')
      return
    case 'wait-opened':
      instance.wait = 'open'
      return
    case 'wait-decided':
      instance.wait = 'decided'
      return
    case 'foreach-expanded':
      instance.items = event.items
      return
    case 'step-ended':
      return noteEnd(view, instance, event)
    default:
      return
  }
}

function noteEnd(view: RunView, instance: InstanceView, event: Extract<RunEvent, { type: 'step-ended' }>): void {
  instance.waiting = undefined
  const { status, reason, seq, outcome } = event
  const place = stepOf(view, event.path)
  if (place === undefined) {
    instance.ended = { status, reason, seq, outcome, escalates: 'no', trips: false }
    return
  }
  const { scope, step } = place
  // An escalation that nobody answered in a sub-pipeline is one of the pipeline around it, too.
  const inner = view.scopes.get(event.path)?.escalated === true
  const late = instance.lastAttempt?.outcome.status === 'timed-out' || instance.wait !== undefined
  const unanswered = status === 'timed-out' && late && step.onTimeout === 'escalate'
  const stopped = scopesAround(view, scope).some((one) => one.timedOut || one.tripped)
  const passedOn = (outcome === 'escalated' || inner) && !step.allowFailure
  const own = unanswered && step.section === 'steps' && !stopped && view.cancelled === 'no'
  // One whose time was over as well may be told as either.
  const escalates = own || (passedOn && status === 'failed') ? 'yes' : passedOn ? 'may' : 'no'
  const lost = isFailure(status) && !step.allowFailure && step.section === 'steps'
  const trips = lost && scope.pipeline.failFast && event.path === basePath(event.path)
  instance.ended = { status, reason, seq, outcome, escalates, trips }
  tell(scope, instance.ended)
}
