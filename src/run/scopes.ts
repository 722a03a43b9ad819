import type { RunOutcome } from '../events/events.ts'
import { render } from '../expr/evaluate.ts'
import { applyDefaults, checkValues } from '../model/inputs.ts'
import type { Json } from '../util/json.ts'
import { fields } from './dispatch.ts'
import { finish, freeLock, requestLock } from './ends.ts'
import { closeRules, judgeRules, openRules, rulesIn } from './escalation.ts'
import { dropHeld, judgeGate } from './gates.ts'
import { createScope } from './nodes.ts'
import { afterFinally, outcomeOf } from './outcome.ts'
import { count, nodeRoots, type Read, scopeRoots, startOf, timeLimit } from './roots.ts'
import { emit, type Node, type Run, type Scope, stateOf, wake } from './run.ts'
import { endScope } from './scope-end.ts'
import { armFinally, stopWatching } from './scope-timers.ts'
import { lifecycle } from './signals.ts'
import { asList, freeKeys, heldAround, keysAwaited, standsBack } from './steps.ts'

/*
 * The life of a pipeline: opened (after its own lock), its steps, its end-of-run gates, its outcome, `finally`, its end.
 * The run is the outermost; a sub-pipeline is the attempt of a step and lives in the same ledger.
 */

/** Makes the scope of a pipeline at a path; the texts of its own limits are read in it. */
export function makeScope(
  run: Run,
  path: string,
  pipeline: string,
  inputs: { readonly [name: string]: Json },
  unit: Node | undefined,
): Read<Scope> {
  const plan = run.plan.pipelines[pipeline]
  if (plan === undefined) throw new Error(`the plan has no pipeline \`${pipeline}\``)
  const scope = createScope(run, { path, plan, inputs, unit, maxParallel: 1, timeoutMs: undefined })
  const roots = scopeRoots(run, scope)
  const limit = count(plan.maxParallel, roots, 1)
  if (!limit.ok) return { ok: false, message: `max_parallel: ${limit.message}` }
  const own = timeLimit(plan.timeoutMs, roots)
  if (!own.ok) return { ok: false, message: `timeout: ${own.message}` }
  const given = unit === undefined ? undefined : timeLimit(unit.step.timeoutMs, nodeRoots(run, unit))
  if (given?.ok === false) return given
  scope.queue.limit = limit.value ?? 8
  const limits = [own.value, given?.value].filter((ms) => ms !== undefined)
  scope.timeoutMs = limits.length === 0 ? undefined : Math.min(...limits)
  return { ok: true, value: scope }
}

/** Asks for the scope's own mutex, and the run's place among those of its coordinator. True when there is nothing to wait for. */
export function lockScope(run: Run, scope: Scope): Read<boolean> {
  const { mutex } = scope.plan
  const places = scope.unit === undefined ? Object.keys(run.plan.places ?? {}) : []
  if (mutex === undefined && places.length === 0) return { ok: true, value: true }
  const rendered = mutex === undefined ? { ok: true as const, value: [] } : render(mutex, scopeRoots(run, scope))
  if (!rendered.ok) return { ok: false, message: `mutex: ${rendered.message}` }
  const around = scope.unit === undefined ? new Set<string>() : heldAround(scope.unit)
  for (const key of scope.unit?.lock.keys ?? []) around.add(key)
  const keys = freeKeys([...asList(rendered.value), ...places], around)
  if (keys.length === 0) return { ok: true, value: true }
  scope.lock = { state: 'due', keys }
  askScopeLock(run, scope)
  return { ok: true, value: false }
}

/** Asks for the keys of a scope, once all locks around it are held. */
export function askScopeLock(run: Run, scope: Scope): void {
  if (scope.lock.state !== 'due' || scope.phase === 'ended') return
  if (scope.unit !== undefined && keysAwaited(scope.unit).length > 0) {
    run.heldBack.push({ what: 'scope-lock', scope })
    return
  }
  requestLock(run, `${scope.prefix}pipeline:`, scope.lock.keys, { what: 'scope-lock', scope })
}

export function onScopeLocked(run: Run, scope: Scope): void {
  scope.lock.state = 'held'
  run.locksAsked -= 1
  if (scope.phase !== 'opening') return
  const { unit } = scope
  if (unit === undefined || !standsBack(run, unit)) return startScope(run, scope)
  freeLock(run, scope)
  scope.phase = 'ended'
  unit.child = undefined
}

/** Opens the run's own scope. */
export function openRoot(run: Run): void {
  const made = makeScope(run, '', run.plan.root, run.state.inputs, undefined)
  if (!made.ok) return failRun(run, made.message)
  run.root = made.value
  run.rules = rulesIn(made.value)
  beginRoot(run, made.value)
}

/** Starts the run's own scope as soon as its lock is there. */
export function beginRoot(run: Run, scope: Scope): void {
  const locked = lockScope(run, scope)
  if (!locked.ok) return failRun(run, locked.message)
  if (locked.value) return startScope(run, scope)
  emit(run, { type: 'run-waiting', for: { kind: 'lock', keys: scope.lock.keys } })
}

/** The pipeline's own texts can't be read: nothing has started. */
function failRun(run: Run, reason: string): void {
  emit(run, { type: 'run-ended', outcome: 'failed', reason, outputs: {}, nextSteps: [] })
  lifecycle(run, 'FAILURE', { reason })
  run.end = 'ended'
}

/** Opens the sub-pipeline of a step: its inputs are checked at the door. */
export function openChild(run: Run, node: Node): void {
  const { action } = node.step
  if (action.kind !== 'pipeline') throw new Error(`\`${node.path}\` is no pipeline`)
  const given = fields(node.step.with, nodeRoots(run, node))
  if (!given.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: given.message })
  const { inputs } = run.plan.pipelines[action.pipeline]!
  const faults = checkValues(inputs, given.value, 'input')
  if (faults.length > 0) return finish(run, node, { status: 'failed', reason: 'inputs', message: faults[0]!.message })
  const made = makeScope(run, node.path, action.pipeline, applyDefaults(inputs, given.value), node)
  if (!made.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: made.message })
  node.phase = 'scope'
  node.child = made.value
  const locked = lockScope(run, made.value)
  if (!locked.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: locked.message })
  if (locked.value) return startScope(run, made.value)
  emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'lock', keys: made.value.lock.keys } })
}

function startScope(run: Run, scope: Scope): void {
  const { unit, path } = scope
  if (unit) {
    const attempt = (stateOf(run, unit)?.attempts ?? 0) + 1
    const { missing } = startOf(unit)
    emit(run, { type: 'attempt-started', path, attempt, ...(missing === undefined ? {} : { missing }) })
    emit(run, { type: 'pipeline-started', path, pipeline: scope.plan.name, inputs: scope.inputs })
  }
  scope.phase = 'main'
  if (scope.timeoutMs !== undefined) run.timed.set(path, scope)
  for (const node of scope.nodes.values()) {
    if (node.step.section !== 'steps') continue
    scope.open += 1
    if (node.needsOpen === 0) wake(run, { type: 'needs', node })
  }
  for (const gate of scope.gates.values())
    if (gate.open === 0 && gate.plan.before.length > 0) wake(run, { type: 'gate', gate })
  wake(run, { type: 'scope', scope })
  if (unit === undefined) judgeRules(run)
}

/** Goes on when the steps of a phase have all ended and no gate is being judged. */
export function onScope(run: Run, scope: Scope): void {
  const rules = openRules(run, scope)
  if (scope.open > rules.length || scope.judging > 0) return
  if (rules.length > 0) return closeRules(run, scope, rules)
  if (scope.phase === 'finally') {
    const killed = run.state.cancel?.hard === true && finallyWasCut(scope)
    if (killed) emit(run, { type: 'finally-skipped', path: scope.path, reason: 'killed' })
    if (killed) return endScope(run, scope, 'cancelled')
    return endScope(run, scope, afterFinally(run.state.scopes.get(scope.path)?.finallyOutcome ?? 'failed', scope))
  }
  if (scope.phase !== 'main') return
  if (scope.stopped === undefined) {
    // Those that stand before nothing, and those whose last step was the last of all.
    const last = [...scope.gates.values()].filter((gate) => gate.status === 'pending')
    for (const gate of last) judgeGate(run, gate)
    if (last.length > 0) return
  }
  for (const gate of scope.gates.values()) dropHeld(run, gate)
  startFinally(run, scope, outcomeOf(run, scope))
}

function finallyWasCut(scope: Scope): boolean {
  return [...scope.nodes.values()].some((node) => node.step.section === 'finally' && node.status === 'cancelled')
}

function startFinally(run: Run, scope: Scope, outcome: RunOutcome): void {
  const { path } = scope
  stopWatching(run, scope)
  const nodes = [...scope.nodes.values()].filter((node) => node.step.section === 'finally')
  if (nodes.length === 0) return endScope(run, scope, outcome)
  if (run.state.cancel?.hard === true) {
    emit(run, { type: 'finally-skipped', path, reason: 'killed' })
    return endScope(run, scope, outcome)
  }
  emit(run, { type: 'finally-started', path, outcome })
  scope.phase = 'finally'
  // Of a run that was opened again only for some of it, the rest has ended or goes on where it was.
  const open = nodes.filter((node) => node.phase !== 'ended')
  scope.open = open.length
  armFinally(run, scope)
  for (const node of open) for (const part of [node, ...node.items]) wake(run, { type: 'needs', node: part })
  if (open.length === 0) wake(run, { type: 'scope', scope })
}
