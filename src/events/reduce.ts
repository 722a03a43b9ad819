import { unreachable } from '../util/unreachable.ts'
import type { RunEvent } from './events.ts'
import { changePlan, dropItems, reopen, wipeBelow } from './forget.ts'
import { blank, type Gate, newGate, newScope, type Of, type Owned, type Step } from './owned.ts'
import { gateKeyOf, parentPath, prefixOf, splitCheck, startPath } from './path.ts'
import type { CheckState, RunState } from './state.ts'

/*
 * Takes the state so far and one event, gives the state after it: the only place where state changes. Live view, show,
 * resume, report and replay all come through here.
 * R1 It needs no plan and no clock: all that it says, the events said.
 * R2 It may change the state it was given and returns it: a run has one owner of its state.
 * R3 The work for an event does not grow with the size of the run, but for a run that is opened or reopened and what an
 *    event wipes.
 * R4 A step that is opened again keeps its count of attempts, so that no token is ever used twice.
 */

/** The state of a run of which nothing is known yet. */
export function emptyState(): RunState {
  const state: Owned = {
    run: '',
    pipeline: '',
    planHash: '',
    inputs: {},
    startedBy: { name: '' },
    plannedBy: [],
    version: '',
    root: '',
    approve: [],
    cause: undefined,
    createdAt: 0,
    phase: 'running',
    parkedFor: [],
    waitingFor: undefined,
    owner: undefined,
    cancel: undefined,
    outcome: undefined,
    reason: undefined,
    outputs: {},
    nextSteps: [],
    endedAt: undefined,
    steps: new Map(),
    gates: new Map(),
    scopes: new Map(),
    notes: [],
    signals: [],
    below: new Map(),
    lastSeq: 0,
    lastAt: 0,
  }
  return state
}

/** Applies one event. The state given is used up: go on with the one returned. */
export function reduce(before: RunState, event: RunEvent): RunState {
  const state = before as Owned
  state.lastSeq = event.seq
  state.lastAt = event.at
  apply(state, event, event.at)
  return state
}

/** The state after all of these events. */
export function reduceAll(events: Iterable<RunEvent>): RunState {
  let state = emptyState()
  for (const event of events) state = reduce(state, event)
  return state
}

function apply(state: Owned, event: RunEvent, at: number): void {
  switch (event.type) {
    case 'run-created':
      return create(state, event, at)
    case 'run-opened':
      state.phase = state.phase === 'ended' ? 'ended' : 'running'
      state.parkedFor = []
      state.owner = { epoch: event.epoch, pid: event.pid, boot: event.boot, start: event.start }
      // Time in which nobody owned the run is none that `finally` had: what a crash cut off gets its whole time again.
      for (const scope of state.scopes.values()) if (scope.finallyAt !== undefined) scope.finallyAt = at
      return
    case 'run-parked':
      state.phase = 'parked'
      state.parkedFor = event.for
      return
    case 'run-waiting':
      state.waitingFor = event.for
      return
    case 'run-reopened':
      return reopen(state, event)
    case 'plan-changed':
      return changePlan(state, event)
    case 'cancel-requested':
      state.cancel = {
        by: event.by,
        reason: event.reason,
        hard: event.hard || state.cancel?.hard === true,
        at: state.cancel?.at ?? at,
      }
      return
    case 'deadline-passed':
      return pass(state, event)
    case 'finally-started': {
      const scope = state.scopes.get(event.path)
      if (scope) Object.assign(scope, { finallyOutcome: event.outcome, finallyAt: at, finallySkipped: false })
      return
    }
    case 'run-ended':
      Object.assign(state, { phase: 'ended', outcome: event.outcome, reason: event.reason, endedAt: at })
      Object.assign(state, { outputs: event.outputs, nextSteps: event.nextSteps, waitingFor: undefined })
      if (event.labels) Object.assign(state, { labels: event.labels })
      return
    case 'noted':
      state.notes.push({ by: event.by, at, text: event.text })
      return
    case 'signal-sent':
      state.signals.push(event)
      return
    case 'finally-skipped': {
      const scope = state.scopes.get(event.path)
      if (scope) scope.finallySkipped = true
      return
    }
    case 'clock-jumped':
      // `finally` has so many milliseconds, not until an instant.
      for (const scope of state.scopes.values()) if (scope.finallyAt !== undefined) scope.finallyAt += event.byMs
      return
    case 'step-waiting': {
      const step = touch(state, event.path)
      step.status = 'waiting'
      step.waitingFor = event.for
      return
    }
    case 'foreach-expanded': {
      dropItems(state, event)
      run(state, event.path, at).items = event.items
      return
    }
    case 'iteration-started':
      run(state, event.path, at).iteration = event.iteration
      return
    case 'pipeline-started':
      wipeBelow(state, event.path)
      run(state, event.path, at).inFlight = undefined
      state.scopes.set(event.path, newScope(event.path, event.pipeline, event.inputs, at))
      return
    case 'attempt-started': {
      const step = run(state, event.path, at)
      step.attempts = event.attempt
      step.missing ??= event.missing
      if (event.missing) touch(state, startPath(event.path)).missing ??= event.missing
      step.inFlight = 'attempt'
      step.last = undefined
      step.repairs = 0
      if (step.checks.size > 0) step.checks = new Map()
      return
    }
    case 'attempt-ended': {
      const step = touch(state, event.path)
      step.inFlight = undefined
      step.last = event.outcome
      return
    }
    case 'retry-scheduled': {
      const step = touch(state, event.path)
      step.status = 'waiting'
      step.failures += 1
      step.waitingFor = { kind: 'backoff', untilMs: event.untilMs, attempt: event.attempt }
      return
    }
    case 'recover-started': {
      const step = touch(state, event.path)
      step.inFlight = 'recover'
      step.recovering = event.failure
      step.repairs = event.delivery ?? 1
      return
    }
    case 'recover-ended': {
      const step = touch(state, event.path)
      step.inFlight = undefined
      step.recovering = undefined
      return
    }
    case 'check-started': {
      setCheck(state, event.path, event.check, { delivery: event.delivery ?? 1 })
      return
    }
    case 'check-ended': {
      const { status, level, message } = event
      return setCheck(state, event.path, event.check, { status, level, message })
    }
    case 'step-ended':
      return endStep(state, event, at)
    case 'wait-opened':
      return openWait(state, event, at)
    case 'wait-decided':
      return decideWait(state, event)
    case 'gate-judged': {
      const gate = touchGate(state, prefixOf(event.path) + event.gate)
      Object.assign(gate, { status: event.status, level: event.level, share: event.share, failing: event.failing })
      Object.assign(gate, { wait: undefined, decided: undefined, bypassedUntil: undefined })
      return
    }
    case 'gate-decided': {
      const gate = touchGate(state, prefixOf(event.path) + event.gate)
      gate.status = event.status
      gate.wait = undefined
      gate.decided = { by: event.by, reason: event.reason, at }
      gate.bypassedUntil = event.expiresAt
      return
    }
    default:
      return unreachable(event)
  }
}

function create(state: Owned, event: Of<'run-created'>, at: number): void {
  const { run: id, pipeline, planHash, inputs, startedBy, version, root, approve, cause } = event
  Object.assign(state, { run: id, pipeline, planHash, inputs, startedBy, version, root, approve, cause, createdAt: at })
  state.scopes.set('', newScope('', pipeline, inputs, at))
}

function pass(state: Owned, event: Of<'deadline-passed'>): void {
  if (event.what === 'due') touch(state, event.path).late = true
  else {
    const scope = state.scopes.get(event.path)
    if (scope) scope.timedOut = true
  }
}

/** The state of a step, made when this is the first thing that happens to it. */
function touch(state: Owned, path: string): Step {
  state.waitingFor = undefined
  let step = state.steps.get(path)
  if (step === undefined) {
    step = { path, ...blank(), attempts: 0 }
    state.steps.set(path, step)
    const parent = parentPath(path)
    const siblings = state.below.get(parent)
    if (siblings) siblings.push(path)
    else state.below.set(parent, [path])
  }
  return step
}

function run(state: Owned, path: string, at: number): Step {
  const step = touch(state, path)
  step.status = 'running'
  step.waitingFor = undefined
  step.startedAt ??= at
  step.startedSeq ??= state.lastSeq
  return step
}

function endStep(state: Owned, event: Of<'step-ended'>, at: number): void {
  const step = touch(state, event.path)
  const { status, reason, message, outputs, outcome, hint } = event
  Object.assign(step, { status, reason, message, outputs, outcome, hint, endedAt: at, waitingFor: undefined })
  step.inFlight = undefined
  // Nobody judges any more what was still open; an end that was brought about from outside leaves such checks.
  for (const [id, check] of step.checks)
    if (check.status === 'running') step.checks.set(id, { ...check, status: 'skipped', wait: undefined })
}

function touchGate(state: Owned, key: string): Gate {
  let gate = state.gates.get(key)
  if (gate === undefined) {
    const name = key.slice(key.lastIndexOf('/') + 1)
    gate = newGate(name)
    state.gates.set(key, gate)
  }
  return gate
}

function checksOf(state: Owned, path: string): Map<string, CheckState> {
  const gate = gateKeyOf(path)
  return gate === undefined ? touch(state, path).checks : touchGate(state, gate).checks
}

function setCheck(state: Owned, path: string, id: string, change: Partial<CheckState>): void {
  const checks = checksOf(state, path)
  const { status = 'running', delivery = checks.get(id)?.delivery ?? 1, level, message, wait } = change
  checks.set(id, { status, delivery, level, message, wait })
}

function openWait(state: Owned, event: Of<'wait-opened'>, at: number): void {
  const check = splitCheck(event.path)
  if (check) {
    setCheck(state, check.of, check.check, { wait: event.wait })
    return
  }
  const gate = gateKeyOf(event.path)
  if (gate !== undefined) {
    Object.assign(touchGate(state, gate), { wait: event.wait, asked: state.lastSeq })
    return
  }
  const step = run(state, event.path, at)
  const { wait } = event
  step.status = 'waiting'
  step.wait = { spec: wait, decision: undefined }
  step.waitingFor =
    wait.kind === 'signal'
      ? { kind: 'signal', signal: wait.signal ?? '' }
      : { kind: wait.kind === 'answer' ? 'answer' : 'approval', prompt: wait.prompt, from: wait.from }
}

function decideWait(state: Owned, event: Of<'wait-decided'>): void {
  const check = splitCheck(event.path)
  if (check) {
    setCheck(state, check.of, check.check, {})
    return
  }
  const gate = gateKeyOf(event.path)
  if (gate !== undefined) {
    touchGate(state, gate).wait = undefined
    return
  }
  const step = touch(state, event.path)
  if (step.wait) step.wait = { spec: step.wait.spec, decision: event.decision }
  step.waitingFor = undefined
  step.status = 'running'
}
