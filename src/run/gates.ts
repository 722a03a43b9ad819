import type { Actor, Decision, WaitSpec } from '../events/events.ts'
import type { Outcome } from '../events/outcome.ts'
import { attemptToken, checkPath } from '../events/path.ts'
import type { Token } from '../ports/executor.ts'
import { anyChanged, changedFiles, startChecks } from './checks.ts'
import { partDispatch } from './dispatch.ts'
import { attemptAt } from './in-flight.ts'
import { judge } from './judge.ts'
import { judgeShare } from './outcome.ts'
import { behind, personsOf } from './persons.ts'
import { condition, scopeRoots } from './roots.ts'
import { emit, type Gate, type Node, type Run, wake } from './run.ts'
import { barringGate, whenAllows } from './steps.ts'

/*
 * Promise 10: a gate is judged once, when every step of `of` has ended.
 *
 *   pending -> judging -> passed
 *                      -> failed     (advisory, or `bypass: never`, or nothing of `before` could start)
 *                      -> held -> bypassed | failed
 *                           ^        |
 *                           +--------+  where a bypass is over before what waits for it could start
 */

/** Asks whether the run changed a file that the gate is about; no check of a gate can have this name. */
export const CHANGED = 'changed-paths'

/** Each question has a token of its own: a bypass that is over is asked for again. */
function gateToken(run: Run, gate: Gate): Token {
  return `${gate.path}#bypass-${run.state.gates.get(gate.key)?.asked ?? 0}`
}

/** Judges a gate, unless that has begun or its scope is being stopped. */
export function judgeGate(run: Run, gate: Gate): void {
  const { scope, plan } = gate
  if (gate.status !== 'pending' || scope.stopped !== undefined || scope.phase !== 'main') return
  gate.status = 'judging'
  scope.judging += 1
  if (plan.when !== undefined) {
    const applies = condition(plan.when, scopeRoots(run, scope))
    if (!applies.ok) return settle(run, gate, [`when: ${applies.message}`], undefined)
    if (!applies.value) return settle(run, gate, [], undefined)
  }
  if (plan.paths.length > 0) return askPaths(run, gate)
  checkGate(run, gate)
}

/** Asks the engine whether the run changed a file that the gate is about. */
function askPaths(run: Run, gate: Gate): void {
  const path = checkPath(gate.path, CHANGED)
  const attempt = attemptAt(run.state, gate.scope.path)
  const { action, with: given } = changedFiles(gate.plan.paths)
  const part = {
    path,
    attempt,
    action,
    with: given,
    env: {},
    timeoutMs: undefined,
    step: undefined,
  }
  const request = partDispatch(run, gate.scope, { ...part, roots: scopeRoots(run, gate.scope) })
  if (!request.ok) return settle(run, gate, [`paths: ${request.message}`], undefined)
  // One on record was cut off.
  const asked = run.state.gates.get(gate.key)?.checks.get(CHANGED)
  const again = asked === undefined ? {} : { delivery: asked.delivery + 1 }
  emit(run, { type: 'check-started', path: gate.path, check: CHANGED, attempt, ...again })
  awaitPaths(run, gate)
  run.port.dispatch(pathsToken(run, gate), request.value)
}

export function pathsToken(run: Run, gate: Gate): Token {
  const asked = run.state.gates.get(gate.key)?.checks.get(CHANGED)
  return attemptToken(checkPath(gate.path, CHANGED), attemptAt(run.state, gate.scope.path), asked?.delivery)
}

export function awaitPaths(run: Run, gate: Gate): void {
  run.inFlight += 1
  run.pending.set(pathsToken(run, gate), { what: 'gate-paths', gate })
}

export function onGatePaths(run: Run, gate: Gate, outcome: Outcome): void {
  if (outcome.status === 'interrupted' && gate.scope.stopped === undefined) return askPaths(run, gate)
  const known = outcome.status === 'succeeded'
  const status = !known ? 'failed' : anyChanged(outcome) ? 'passed' : 'skipped'
  const said = known ? {} : { message: outcome.message ?? outcome.status }
  emit(run, {
    type: 'check-ended',
    path: gate.path,
    check: CHANGED,
    attempt: attemptAt(run.state, gate.scope.path),
    status,
    level: 'mandatory',
    ...said,
  })
  if (gate.scope.stopped !== undefined) return leave(run, gate)
  if (!known) return settle(run, gate, [CHANGED], undefined)
  if (status === 'skipped') return settle(run, gate, [], undefined)
  checkGate(run, gate)
}

export function checkGate(run: Run, gate: Gate): void {
  const { scope, path, plan } = gate
  if (plan.checks.length === 0) return conclude(run, gate)
  startChecks(run, {
    owner: { kind: 'gate', gate },
    scope,
    path,
    attempt: attemptAt(run.state, scope.path),
    plans: plan.checks,
  })
}

export function onGateChecked(run: Run, gate: Gate): void {
  if (gate.scope.stopped !== undefined) return leave(run, gate)
  conclude(run, gate)
}

function conclude(run: Run, gate: Gate): void {
  const { share, failing } = judgeShare(run.state, gate.plan, gate.scope)
  settle(run, gate, [...failing, ...(gate.checks?.failed ?? [])], share)
}

/** A stopped scope judges nothing: the gate stays pending. */
function leave(run: Run, gate: Gate): void {
  gate.status = 'pending'
  gate.scope.judging -= 1
  wake(run, { type: 'scope', scope: gate.scope })
}

function settle(run: Run, gate: Gate, failing: readonly string[], share: number | undefined): void {
  const { plan, scope } = gate
  const status = failing.length === 0 ? 'passed' : mayHold(run, gate) ? 'held' : 'failed'
  gate.status = status
  scope.judging -= 1
  const counted = share === undefined ? {} : { share }
  emit(run, { type: 'gate-judged', path: scope.path, gate: plan.id, status, level: plan.level, ...counted, failing })
  if (status === 'held') askBypass(run, gate)
  wake(run, { type: 'gate-settled', gate })
}

/** Held only where somebody may bypass it and a step that waits for it could still start. */
function mayHold(run: Run, gate: Gate): boolean {
  if (gate.plan.level !== 'mandatory' || gate.plan.bypass === 'never') return false
  return waiting(gate).some(
    (node) => barringGate(node) === undefined && (node.phase === 'pending' ? !isLost(node) : whenAllows(run, node)),
  )
}

/** A step for a failure that did not come, which waits for its other needs only to be skipped. */
function isLost({ step, notNeeded }: Node): boolean {
  return step.quorum === undefined && notNeeded !== undefined
}

/** Nobody waits for the verdict of a held gate any more: promise 10 holds it only for steps that could start. */
export function dropHeld(run: Run, gate: Gate): void {
  if (gate.status !== 'held' || waiting(gate).length > 0) return
  dropBypass(run, gate)
  gate.status = 'failed'
  const { share, failing } = run.state.gates.get(gate.key)!
  const { scope, plan } = gate
  const counted = share === undefined ? {} : { share }
  emit(run, {
    type: 'gate-judged',
    path: scope.path,
    gate: plan.id,
    status: 'failed',
    level: plan.level,
    ...counted,
    failing,
  })
}

function waiting(gate: Gate): Node[] {
  return gate.plan.before
    .map((id) => gate.scope.nodes.get(id))
    .filter((node) => node !== undefined && (node.phase === 'pending' || node.phase === 'gated')) as Node[]
}

function bypassSpec(run: Run, gate: Gate): WaitSpec {
  const from = gate.plan.bypass === 'never' ? [] : gate.plan.bypass.by
  const prompt = `gate \`${gate.plan.id}\` did not pass; bypass it?`
  return { kind: 'bypass', prompt, from, persons: personsOf(run, from), self: true, ...behind(run) }
}

function askBypass(run: Run, gate: Gate): void {
  const wait = bypassSpec(run, gate)
  emit(run, { type: 'wait-opened', path: gate.path, wait })
  listenForBypass(run, gate, wait)
}

export function listenForBypass(run: Run, gate: Gate, wait: WaitSpec): void {
  run.pending.set(gateToken(run, gate), { what: 'gate-wait', gate })
  run.port.wait(gateToken(run, gate), wait)
}

/** Takes back the question about a held gate. */
export function dropBypass(run: Run, gate: Gate): void {
  if (run.pending.delete(gateToken(run, gate))) run.port.abort(gateToken(run, gate), false)
}

/** A person decided a held gate; who, why, until when and over which plan is on record (promise 21). */
export function onBypassDecided(run: Run, gate: Gate, decision: Decision): void {
  if (gate.status !== 'held') return
  run.pending.delete(gateToken(run, gate))
  const bypassed = decision.verdict === 'bypassed'
  gate.status = bypassed ? 'bypassed' : 'failed'
  emit(run, { type: 'wait-decided', path: gate.path, decision })
  emit(run, {
    type: 'gate-decided',
    path: gate.scope.path,
    gate: gate.plan.id,
    status: gate.status,
    by: decision.by ?? run.state.startedBy,
    reason: decision.comment ?? decision.verdict,
    ...(decision.expiresAt === undefined ? {} : { expiresAt: decision.expiresAt }),
    planHash: run.plan.hash,
  })
  wake(run, { type: 'gate-settled', gate })
}

/** A bypass that is over lets nothing start any more: the gate is held as it was before, and a person is asked again. */
export function onBypassLapsed(run: Run, gate: Gate): void {
  const { scope, plan } = gate
  if (gate.status !== 'bypassed' || scope.stopped !== undefined) return
  gate.status = 'held'
  const { share, failing } = run.state.gates.get(gate.key)!
  const counted = share === undefined ? {} : { share }
  emit(run, {
    type: 'gate-judged',
    path: scope.path,
    gate: plan.id,
    status: 'held',
    level: plan.level,
    ...counted,
    failing,
  })
  askBypass(run, gate)
}

/** A bypass or rejection that reached the owner by itself: judged like any other. */
export function onGateOrder(
  run: Run,
  key: string,
  order: {
    readonly kind: 'bypass' | 'reject'
    readonly by: Actor
    readonly reason: string
    readonly expiresAt: number | undefined
  },
  gates: Iterable<Gate>,
): void {
  for (const gate of gates) {
    if ((gate.key !== key && gate.path !== key) || gate.status !== 'held') continue
    const { kind, by, reason, expiresAt } = order
    const data = { reason, ...(expiresAt === undefined ? {} : { expires: expiresAt }) }
    const { decision } = judge(bypassSpec(run, gate), [{ row: 0, at: run.now, by, kind, target: key, data }], run.now)
    if (decision === undefined) continue
    dropBypass(run, gate)
    const { row: _, ...said } = decision
    onBypassDecided(run, gate, said)
  }
}

/** Lets the steps that waited for the verdict go on. */
export function onGateSettled(run: Run, gate: Gate): void {
  for (const node of waiting(gate)) if (node.phase === 'gated') wake(run, { type: 'enter', node })
  wake(run, { type: 'scope', scope: gate.scope })
}
