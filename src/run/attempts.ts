import type { RunOutcome } from '../events/events.ts'
import type { Outcome } from '../events/outcome.ts'
import { attemptToken, recoverPath } from '../events/path.ts'
import type { Token } from '../ports/executor.ts'
import { startNodeChecks } from './checks.ts'
import { partDispatch, stepDispatch } from './dispatch.ts'
import { type End, finish, freeSlot } from './ends.ts'
import { addJob, type Job, type ReadyQueue } from './ready-queue.ts'
import { delayOf, mayRetry, namesOf } from './retry.ts'
import { duration, nodeRoots, startOf } from './roots.ts'
import { emit, type Node, type Run, startTimer, stateOf, wake } from './run.ts'
import { escalate, handOff } from './signals.ts'
import { holdBack, standsBack } from './steps.ts'
import { askAfterInterruption, openWaitStep, sendSignalStep, startTimerStep } from './waits.ts'

/*
 * A unit's attempts: one after the other, never two at once; what ends one decides whether there is another.
 *
 *   queue -> start -> (outcome) -> checks -> succeeded
 *              ^          |           |
 *              |        failed      failed
 *              |          v           v
 *              +-- backoff <- recover (when the failure has a name that says how)
 */

/** Lets a unit make its next attempt as soon as it may. */
export function queueAttempt(run: Run, node: Node): void {
  if (node.phase === 'ended') return
  // What was told to end while the run was paused does not begin again.
  if (node.stop !== undefined) return finish(run, node, stopped(node))
  node.phase = 'queued'
  if (holdBack(run, node, 'attempt')) return
  const { action } = node.step
  const needsSlot = action.kind === 'run' || action.kind === 'action' || action.kind === 'http'
  if (!needsSlot) markStarted(run, node)
  switch (action.kind) {
    case 'run':
    case 'action':
    case 'http':
      return queueForSlot(run, node)
    case 'pipeline':
      return wake(run, { type: 'open-scope', node })
    case 'signal':
      return sendSignalStep(run, node)
    case 'wait':
      if ('forMs' in action) return startTimerStep(run, node, action.forMs)
      return openWaitStep(run, node)
    case 'approval':
    case 'ask':
      return openWaitStep(run, node)
  }
}

/** First the limit of its agent, then a slot of its scope and of all around it: both or it does not start. */
function queueForSlot(run: Run, node: Node): void {
  if (node.slot) return startAttempt(run, node)
  const agent = node.step.agent === undefined ? undefined : run.agents.get(node.step.agent)
  if (agent === undefined) return queueInScope(run, node)
  queueJob(run, node, agent, () => {
    node.agentSlot = agent
    queueInScope(run, node)
  })
}

function queueInScope(run: Run, node: Node): void {
  queueJob(run, node, node.scope.queue, () => {
    node.slot = true
    startAttempt(run, node)
  })
}

function queueJob(run: Run, node: Node, queue: ReadyQueue, start: () => void): void {
  const job: Job = {
    rank: node.rank,
    order: node.order,
    state: 'queued',
    start: () => {
      node.job = undefined
      start()
    },
    wait: () => emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'slot' } }),
  }
  node.job = job
  run.fresh.push(job)
  addJob(queue, job)
}

function startAttempt(run: Run, node: Node): void {
  if (standsBack(run, node)) return
  const attempt = (stateOf(run, node)?.attempts ?? 0) + 1
  const request = stepDispatch(run, node, attempt)
  if (!request.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: request.message })
  markStarted(run, node)
  const token = attemptToken(node.path, attempt)
  const { missing } = startOf(node)
  emit(run, { type: 'attempt-started', path: node.path, attempt, ...(missing === undefined ? {} : { missing }) })
  node.phase = 'attempt'
  run.inFlight += 1
  run.pending.set(token, { what: 'attempt', node })
  run.port.dispatch(token, request.value)
}

/** What happens once, when a step first gets going: its `due` starts to count, and a handoff is told. */
function markStarted(run: Run, node: Node): void {
  const start = startOf(node)
  if ((stateOf(run, node)?.attempts ?? 0) === 0) handOff(run, start)
  armDue(run, start)
}

/** Starts the clock of a step's `due`, once. */
export function armDue(run: Run, start: Node): void {
  if (start.step.dueMs === undefined || start.dueToken !== undefined) return
  const state = stateOf(run, start)
  if (state?.late === true) return
  const due = duration(start.step.dueMs, nodeRoots(run, start))
  if (!due.ok || due.value === undefined) return
  const dueMs = (state?.startedAt ?? run.now) + due.value
  start.dueToken = `${start.path}#due-${dueMs}`
  startTimer(run, start.dueToken, dueMs, { what: 'due', node: start })
}

/** `due` has passed: the step is late, somebody is told, and nothing ends. */
export function onDue(run: Run, node: Node): void {
  node.dueToken = undefined
  if (node.phase === 'ended') return
  emit(run, { type: 'deadline-passed', path: node.path, what: 'due' })
  escalate(run, node.scope, node.path, 'it is not done when it was due', false)
}

/** An attempt is over: `outcome` of the executor, of a sub-pipeline, or of the owner that died (`interrupted`). */
export function onAttemptDone(run: Run, node: Node, outcome: Outcome): void {
  const attempt = stateOf(run, node)?.attempts ?? 0
  emit(run, { type: 'attempt-ended', path: node.path, attempt, outcome })
  afterAttempt(run, node, outcome)
}

/** What follows an attempt whose end is on record. */
function afterAttempt(run: Run, node: Node, outcome: Outcome): void {
  const { status } = outcome
  if (node.stop !== undefined && (status !== 'succeeded' || node.step.checks.length > 0))
    return finish(run, node, stopped(node))
  switch (status) {
    case 'succeeded':
      if (node.step.checks.length > 0) return startNodeChecks(run, node)
      return succeed(run, node, outcome)
    case 'interrupted':
      return afterInterruption(run, node, outcome)
    case 'cancelled':
      return finish(run, node, { status, reason: outcome.reason ?? 'aborted', message: outcome.message })
    case 'failed':
    case 'timed-out':
    case 'stalled':
      return failAttempt(run, node, outcome)
  }
}

/** The end of something that was stopped from outside (promise 5: a timeout ends what runs as `timed-out`). */
export function stopped(node: Node): End {
  return { status: node.stop === 'timeout' ? 'timed-out' : 'cancelled', reason: node.stop }
}

/** The checks of an attempt have been judged. */
export function onChecksDone(run: Run, node: Node): void {
  const { failed, message } = node.checks!
  node.checks = undefined
  if (node.stop !== undefined) return finish(run, node, stopped(node))
  const last = stateOf(run, node)?.last
  if (failed.length === 0) return succeed(run, node, last ?? { status: 'succeeded', durationMs: 0 })
  failAttempt(run, node, {
    status: 'failed',
    reason: 'check',
    message: message ?? failed.join(', '),
    durationMs: last?.durationMs ?? 0,
  })
}

function succeed(run: Run, node: Node, outcome: Outcome): void {
  const decided = stateOf(run, node)?.wait?.decision?.values
  const outputs = outcome.outputs ?? decided
  finish(run, node, { status: 'succeeded', outputs, outcome: scopeOutcome(node, outcome) })
}

function failAttempt(run: Run, node: Node, outcome: Outcome): void {
  const again = mayRetry(run, node, outcome)
  if (!again) return finish(run, node, failure(node, outcome))
  const name = outcome.failure
  if (name !== undefined && node.step.failures[name]?.recover) return startRecover(run, node, name, outcome)
  backOff(run, node, outcome)
}

function failure(node: Node, outcome: Outcome): End {
  const hint = outcome.failure === undefined ? undefined : node.step.failures[outcome.failure]?.hint
  const status = outcome.status as End['status']
  const reason = outcome.failure ?? outcome.reason ?? (status === 'timed-out' ? 'timeout' : undefined)
  return { status, reason, message: outcome.message, hint, outcome: scopeOutcome(node, outcome) }
}

/** Of a sub-pipeline: its outcome, which the attempt that it was keeps as its reason. */
function scopeOutcome(node: Node, outcome: Outcome): RunOutcome | undefined {
  if (node.step.action.kind !== 'pipeline') return undefined
  return (
    node.child?.outcome ?? (outcome.status === 'succeeded' ? (outcome.reason as RunOutcome | undefined) : undefined)
  )
}

/** Repairs, in the slot of the attempt that failed. */
function startRecover(run: Run, node: Node, name: string, outcome: Outcome): void {
  const path = recoverPath(node.path, name)
  const attempt = stateOf(run, node)?.attempts ?? 1
  const { action, with: given, env, cwd, timeoutMs } = node.step.failures[name]!.recover!
  const request = partDispatch(run, node.scope, {
    path,
    attempt,
    action,
    with: given,
    env: { ...node.step.env, ...env },
    roots: nodeRoots(run, node),
    timeoutMs,
    step: node.step,
    cwd,
  })
  if (!request.ok) return finish(run, node, { ...failure(node, outcome), message: `its repair: ${request.message}` })
  const delivery = (stateOf(run, node)?.repairs ?? 0) + 1
  const again = delivery === 1 ? {} : { delivery }
  emit(run, { type: 'recover-started', path: node.path, attempt, failure: name, ...again })
  node.phase = 'recovering'
  run.inFlight += 1
  const token = recoverToken(run, node)
  run.pending.set(token, { what: 'recover', node })
  run.port.dispatch(token, request.value)
}

/** The token of the repair that runs. */
export function recoverToken(run: Run, node: Node): Token {
  const { attempts = 1, recovering = '', repairs } = stateOf(run, node) ?? {}
  return attemptToken(recoverPath(node.path, recovering), attempts, repairs)
}

/** A repair has ended: the next attempt follows, or the failure stands. */
export function onRecoverDone(run: Run, node: Node, repaired: Outcome): void {
  const state = stateOf(run, node)!
  const { attempts: attempt, last, recovering: name } = state
  emit(run, { type: 'recover-ended', path: node.path, attempt, failure: name ?? '', outcome: repaired })
  if (node.stop !== undefined) return finish(run, node, stopped(node))
  const outcome = last ?? repaired
  if (repaired.status === 'interrupted' && name !== undefined) return startRecover(run, node, name, outcome)
  if (repaired.status === 'succeeded') return backOff(run, node, outcome)
  const why = repaired.message ?? repaired.reason ?? repaired.status
  finish(run, node, {
    ...failure(node, outcome),
    message: `${outcome.message ?? 'it failed'}; its repair failed: ${why}`,
  })
}

function backOff(run: Run, node: Node, outcome: Outcome): void {
  freeSlot(node)
  const state = stateOf(run, node)!
  const attempt = state.attempts + 1
  const delayMs = Math.max(
    delayOf(run, node.step, state.failures, attemptToken(node.path, attempt)),
    outcome.retryAfterMs ?? 0,
  )
  const untilMs = run.now + delayMs
  const name = outcome.failure ?? namesOf(outcome)[0] ?? outcome.reason ?? outcome.status
  emit(run, { type: 'retry-scheduled', path: node.path, attempt, delayMs, untilMs, failure: name })
  waitForRetry(run, node, untilMs)
}

/** Waits for the next attempt; again after a resume, until the same instant. */
export function waitForRetry(run: Run, node: Node, untilMs: number): void {
  node.phase = 'backoff'
  // Each has a token of its own: what is told of the one before, late or twice, is not about this one.
  node.timerToken = `${node.path}#backoff-${untilMs}`
  startTimer(run, node.timerToken, untilMs, { what: 'backoff', node })
}

function afterInterruption(run: Run, node: Node, outcome: Outcome): void {
  freeSlot(node)
  switch (node.step.interrupted) {
    case 'rerun':
      return wake(run, { type: 'attempt', node })
    case 'fail':
      return finish(run, node, { status: 'interrupted', reason: 'interrupted', message: outcome.message })
    case 'ask':
      return askAfterInterruption(run, node)
  }
}
