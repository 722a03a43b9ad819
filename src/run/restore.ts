import { attemptToken } from '../events/path.ts'
import type { StepState } from '../events/state.ts'
import { armDue, recoverToken, waitForRetry } from './attempts.ts'
import { startNodeChecks } from './checks.ts'
import { restoreRules } from './escalation.ts'
import { makeItems } from './foreach.ts'
import { awaitPaths, CHANGED, checkGate, listenForBypass } from './gates.ts'
import { inFlight } from './in-flight.ts'
import { occupySlot } from './ready-queue.ts'
import { makePass } from './repeat.ts'
import { count, nodeRoots } from './roots.ts'
import { emit, type Gate, isFailure, type Node, type Run, type Scope, startTimer, stateOf, wake } from './run.ts'
import { armFinally } from './scope-timers.ts'
import { beginRoot, lockScope, makeScope } from './scopes.ts'
import { askLock, countNeed, lockKeys, missingOf, placeBeforeLock } from './steps.ts'
import { listen, waitForTime } from './waits.ts'

/*
 * Resume (D5): builds every index again from the state and goes on. What has ended stays ended; what was in flight is
 * awaited as `recovered`; open questions are asked again as they were; timers run to the instants on record; locks are
 * asked for again, and nothing inside starts before they are held.
 */

/** Builds the run's scope from its state. */
export function restoreRun(run: Run): void {
  for (const signal of run.state.signals) {
    const seq = Number(signal.id.slice(signal.id.lastIndexOf(':') + 1))
    run.untaken.push({ id: signal.id, seq, signal: signal.signal, payload: signal.payload })
  }
  for (const step of run.state.steps.values()) {
    const taken = step.wait?.decision?.signal
    const at = taken === undefined ? -1 : run.untaken.findIndex((sent) => sent.id === taken)
    if (at >= 0) run.untaken.splice(at, 1)
  }
  const made = makeScope(run, '', run.plan.root, run.state.inputs, undefined)
  if (!made.ok) throw new Error(made.message)
  run.root = made.value
  restoreRules(run, made.value)
  // A run that waited for its own lock has done nothing: it still opens, and a cancel need not wait for the lock.
  if (run.state.waitingFor !== undefined && run.state.steps.size === 0) beginRoot(run, made.value)
  else restoreScope(run, made.value)
  for (const token of run.pending.keys()) run.awaited.add(token)
  const { cancel } = run.state
  if (cancel) wake(run, { type: 'stop-scope', scope: made.value, stop: 'cancel', hard: cancel.hard })
}

function restoreScope(run: Run, scope: Scope): void {
  const state = run.state.scopes.get(scope.path)
  scope.phase = state?.finallyOutcome === undefined ? 'main' : 'finally'
  if (scope.phase === 'main' && scope.timeoutMs !== undefined && state?.timedOut !== true) {
    run.timed.set(scope.path, scope)
    run.clock.touch(scope.path)
  }
  if (!cancelledUnopened(run, scope)) lockScope(run, scope)
  for (const gate of scope.gates.values()) gate.status = run.state.gates.get(gate.key)?.status ?? 'pending'
  for (const node of scope.nodes.values()) restoreEnd(run, node)
  for (const node of scope.nodes.values()) {
    if (node.phase === 'ended') settleEnd(run, node)
    else restoreNode(run, node)
    if (node.phase !== 'ended' && (node.step.section === 'finally') === (scope.phase === 'finally')) scope.open += 1
  }
  for (const node of scope.nodes.values()) if (node.phase === 'pending') wake(run, { type: 'needs', node })
  for (const gate of scope.gates.values()) restoreGate(run, gate)
  if (scope.phase === 'finally') armFinally(run, scope)
  else if (state?.timedOut === true) wake(run, { type: 'stop-scope', scope, stop: 'timeout', hard: false })
  else if (scope.plan.failFast && !(scope === run.root && run.paused) && [...scope.nodes.values()].some(failsFast))
    wake(run, { type: 'stop-scope', scope, stop: 'fail-fast', hard: false })
  wake(run, { type: 'scope', scope })
}

/** Whether a run was cancelled before anything in it began: its `finally` then waits for no lock, before a crash and after. */
function cancelledUnopened(run: Run, scope: Scope): boolean {
  if (scope.unit !== undefined || run.state.cancel === undefined) return false
  return scope.plan.steps
    .filter(({ section }) => section === 'steps')
    .every(({ id }) => {
      const step = run.state.steps.get(id)
      return step?.status === 'cancelled' && step.startedAt === undefined && step.wait === undefined
    })
}

/** Whether the end of this step is one that `fail_fast` stops its scope for. */
export function failsFast(node: Node): boolean {
  return node.step.section === 'steps' && isFailure(node.status) && !node.step.allowFailure
}

/** Takes over an end that is on record. */
function restoreEnd(run: Run, node: Node): void {
  const state = stateOf(run, node)
  if (state === undefined) return
  switch (state.status) {
    case 'pending':
    case 'waiting':
    case 'running':
      return
    default:
      node.phase = 'ended'
      node.status = state.status
      node.ownSkip = state.status === 'skipped' && state.reason === 'when'
      if (wasEscalated(run, node, state)) node.scope.escalated = true
  }
}

/** Whether a step, or an item of it, ended because nobody answered in time. */
function wasEscalated(run: Run, node: Node, state: StepState): boolean {
  const items = (state.items ?? []).map(({ key }) => run.state.steps.get(`${node.path}[${key}]`))
  return [state, ...items].some(
    (end) => end?.reason === 'escalated' && (end.status === 'timed-out' || !node.step.allowFailure),
  )
}

/** What follows from an end, without recording it again. */
function settleEnd(run: Run, node: Node): void {
  const { scope, step } = node
  for (const { step: id, on } of scope.index.dependents.get(step.id) ?? [])
    countNeed(run, scope.nodes.get(id)!, node, on)
  for (const id of scope.index.judgedBy.get(step.id) ?? []) scope.gates.get(id)!.open -= 1
}

function restoreGate(run: Run, gate: Gate): void {
  const { scope } = gate
  const state = run.state.gates.get(gate.key)
  if (gate.status === 'held') {
    if (state?.wait) listenForBypass(run, gate, state.wait)
    return
  }
  if (gate.status !== 'pending' || scope.phase !== 'main') return
  const paths = state?.checks.get(CHANGED)
  // A question about files that was cut short was no answer: the gate is judged from the beginning.
  const asked = paths === undefined || paths.status === 'passed' || paths.status === 'running'
  if (state !== undefined && state.checks.size > 0 && asked) {
    gate.status = 'judging'
    scope.judging += 1
    if (gate.plan.paths.length > 0 && paths?.status === 'running') awaitPaths(run, gate)
    else checkGate(run, gate)
  } else if (gate.open === 0 && gate.plan.before.length > 0) wake(run, { type: 'gate', gate })
}

function restoreNode(run: Run, node: Node): void {
  const state = stateOf(run, node)
  if (state === undefined || state.status === 'pending') return
  if (node.layer === 'step') node.missing = state.missing ?? missingOf(node.scope, node)
  const asleep = state.waitingFor?.kind
  if (asleep === 'gate') return
  if (node.step.foreach !== undefined && node.layer === 'step') return restoreItems(run, node, state)
  const isNew = state.startedAt === undefined && state.iteration === 0 && node.layer !== 'pass'
  if ((asleep === 'slot' || asleep === 'lock') && isNew) return
  if (!placeBeforeLock(node)) relock(run, node)
  if (node.layer === 'item' && !holdPlace(run, node)) return
  if (node.layer === 'step' && state.startedAt !== undefined) armDue(run, node)
  restoreBody(run, node)
}

/** What a step, an item or a pass was in the middle of goes on. */
export function restoreBody(run: Run, node: Node): void {
  const state = stateOf(run, node)!
  if (placeBeforeLock(node)) relock(run, node)
  node.suspended = false
  if (node.step.repeat !== undefined && node.layer !== 'pass') return restorePasses(run, node, state)
  restoreUnit(run, node, state)
}

/** A step that was in the middle asks for its lock again (its owner's death freed it). */
function relock(run: Run, node: Node): void {
  const keys = lockKeys(run, node)
  if (keys.ok && keys.value.length > 0) askLock(run, node, keys.value)
}

/**
 * An item that was in the middle has its place again. Of a run that was opened again there may be more such items than
 * places: the others wait for theirs.
 */
function holdPlace(run: Run, node: Node): boolean {
  const { places } = node.parent!
  if (places === undefined) return true
  if (places.used >= places.limit) {
    node.phase = 'queued'
    node.suspended = true
    places.queue.push(node)
    emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'slot' } })
    return false
  }
  places.used += 1
  node.place = true
  return true
}

function restoreItems(run: Run, node: Node, state: StepState): void {
  if (state.items === undefined) return
  const limit = count(node.step.foreach!.maxParallel, nodeRoots(run, node), 1)
  makeItems(node, state.items, limit.ok ? limit.value : undefined)
  armDue(run, node)
  for (const item of node.items) restoreEnd(run, item)
  const open = node.items.filter((item) => item.phase !== 'ended')
  for (const item of node.items) {
    if (item.phase !== 'ended') continue
    node.openItems -= 1
    for (const dependent of item.dependents) countNeed(run, dependent, item, 'ok')
  }
  // Of what was left running is heard only now: who waits for a place would miss it. Then those that had one.
  const left = node.places === undefined ? [] : inFlight(run.state)
  const rank = (item: Node): number => {
    if (left.some((token) => token.startsWith(item.path) && '/#@'.includes(token[item.path.length]!))) return 0
    return stateOf(run, item)?.waitingFor?.kind === 'slot' ? 2 : 1
  }
  for (const item of open.toSorted((a, b) => rank(a) - rank(b))) restoreNode(run, item)
  for (const item of node.items) if (item.phase === 'pending') wake(run, { type: 'needs', node: item })
}

function restorePasses(run: Run, node: Node, state: StepState): void {
  if (state.iteration === 0) return wake(run, { type: 'body', node })
  makePass(node, state.iteration)
  const pass = node.pass!
  restoreEnd(run, pass)
  if (pass.phase !== 'ended') {
    const known = stateOf(run, pass)
    if (known === undefined || known.status === 'pending') return wake(run, { type: 'body', node: pass })
    return restoreNode(run, pass)
  }
  if (state.waitingFor?.kind !== 'timer') return wake(run, { type: 'ended', node: pass })
  const { untilMs } = state.waitingFor
  node.phase = 'delay'
  node.timerToken = `${node.path}#delay-${untilMs}`
  startTimer(run, node.timerToken, untilMs, { what: 'delay', node })
}

function restoreUnit(run: Run, node: Node, state: StepState): void {
  const { waitingFor, wait, last } = state
  if (waitingFor?.kind === 'backoff') return waitForRetry(run, node, waitingFor.untilMs)
  if (waitingFor?.kind === 'timer') return waitForTime(run, node, waitingFor.untilMs)
  if (state.inFlight !== undefined) return restoreInFlight(run, node, state)
  if (wait !== undefined && wait.decision === undefined) return listen(run, node, wait.spec)
  if (run.state.scopes.has(node.path) && last === undefined) return restoreChild(run, node)
  const checksBegan = [...state.checks.values()].length > 0
  if (checksBegan && waitingFor === undefined) {
    if ([...state.checks.values()].some((check) => check.status === 'running' && check.wait === undefined))
      occupy(run, node)
    return startNodeChecks(run, node)
  }
  wake(run, { type: 'attempt', node })
}

/** What the last owner left running: awaited as `recovered`, and its slot is taken until then. */
function restoreInFlight(run: Run, node: Node, state: StepState): void {
  occupy(run, node)
  run.inFlight += 1
  if (state.inFlight === 'recover') {
    node.phase = 'recovering'
    run.pending.set(recoverToken(run, node), { what: 'recover', node })
  } else {
    node.phase = 'attempt'
    run.pending.set(attemptToken(node.path, state.attempts), { what: 'attempt', node })
  }
}

function occupy(run: Run, node: Node): void {
  node.slot = true
  occupySlot(node.scope.queue)
  node.agentSlot = node.step.agent === undefined ? undefined : run.agents.get(node.step.agent)
  if (node.agentSlot) occupySlot(node.agentSlot)
}

function restoreChild(run: Run, node: Node): void {
  const state = run.state.scopes.get(node.path)!
  const made = makeScope(run, node.path, state.pipeline, state.inputs, node)
  if (!made.ok) throw new Error(made.message)
  node.phase = 'scope'
  node.child = made.value
  restoreScope(run, made.value)
}
