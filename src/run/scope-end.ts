import type { RunOutcome } from '../events/events.ts'
import type { Outcome } from '../events/outcome.ts'
import { render } from '../expr/evaluate.ts'
import type { Json } from '../util/json.ts'
import { onAttemptDone } from './attempts.ts'
import { freeLock } from './ends.ts'
import { scopeRoots, text } from './roots.ts'
import { emit, isFailure, type Run, type Scope, wake } from './run.ts'
import { disarmFinally, stopWatching } from './scope-timers.ts'
import { lifecycle } from './signals.ts'

/** Ends a scope: its outputs are read, its lock is freed, and who waits for it is told. */
export function endScope(run: Run, scope: Scope, outcome: RunOutcome): void {
  scope.phase = 'ended'
  stopWatching(run, scope)
  disarmFinally(run, scope)
  const { values, fault } = outputsOfScope(run, scope)
  const spoiled = fault !== undefined && isGood(outcome)
  scope.outcome = spoiled ? 'failed' : outcome
  freeLock(run, scope)
  if (scope.unit === undefined) return endRun(run, scope, values, spoiled ? fault : reasonOf(run, scope))
  ended.set(scope, { outputs: values, fault: spoiled ? fault : undefined })
  wake(run, { type: 'scope-ended', scope })
}

const ended = new WeakMap<
  Scope,
  { readonly outputs: { readonly [name: string]: Json }; readonly fault: string | undefined }
>()

function isGood(outcome: RunOutcome): boolean {
  return outcome === 'succeeded' || outcome === 'succeeded-with-failures' || outcome === 'partial'
}

/** What can be told is told, also of a run that failed; the rest is null. */
function outputsOfScope(run: Run, scope: Scope) {
  const values: { [name: string]: Json } = {}
  let fault: string | undefined
  for (const [name, { value }] of Object.entries(scope.plan.outputs)) {
    const rendered = render(value, scopeRoots(run, scope))
    values[name] = rendered.ok ? rendered.value : null
    if (!rendered.ok) fault ??= `output \`${name}\`: ${rendered.message}`
  }
  return { values, fault }
}

function reasonOf(run: Run, scope: Scope): string | undefined {
  if (scope.outcome === 'cancelled') return run.state.cancel?.reason
  if (run.state.scopes.get(scope.path)?.timedOut === true) return 'its time is over'
  return undefined
}

function endRun(run: Run, scope: Scope, outputs: { readonly [name: string]: Json }, reason: string | undefined): void {
  const outcome = scope.outcome!
  const nextSteps: string[] = []
  for (const step of scope.plan.nextSteps) {
    const rendered = text(step, scopeRoots(run, scope))
    if (rendered.ok) nextSteps.push(rendered.value)
  }
  const name = outcome === 'cancelled' ? 'ABORT' : isGood(outcome) ? 'COMPLETE' : 'FAILURE'
  lifecycle(run, name, { outcome, outputs })
  const labels = Object.entries(scope.plan.outputs).flatMap(([output, { deliverable }]): [string, string][] =>
    deliverable === undefined ? [] : [[output, deliverable]],
  )
  emit(run, {
    type: 'run-ended',
    outcome,
    ...(reason === undefined ? {} : { reason }),
    outputs,
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    nextSteps,
  })
  run.end = 'ended'
}

/** A sub-pipeline has ended: so has the attempt that it was (promise 11). */
export function onScopeEnded(run: Run, scope: Scope): void {
  const node = scope.unit!
  const { outputs, fault } = ended.get(scope)!
  const durationMs = run.now - (run.state.scopes.get(scope.path)?.openedAt ?? run.now)
  onAttemptDone(run, node, { ...endOf(run, scope, fault), durationMs, ...(isGood(scope.outcome!) ? { outputs } : {}) })
}

function endOf(run: Run, scope: Scope, fault: string | undefined): Omit<Outcome, 'durationMs'> {
  const outcome = scope.outcome!
  if (isGood(outcome)) return { status: 'succeeded', reason: outcome }
  if (outcome === 'cancelled') return { status: 'cancelled', reason: 'cancel' }
  const timedOut = run.state.scopes.get(scope.path)?.timedOut === true
  if (timedOut) return { status: 'timed-out', reason: 'timeout', message: 'its working time is over' }
  if (outcome === 'escalated') {
    if (!scope.unit!.step.allowFailure) scope.unit!.scope.escalated = true
    return { status: 'failed', reason: 'escalated', message: 'nobody answered its escalation' }
  }
  return { status: 'failed', reason: 'pipeline', message: fault ?? whatFailed(scope) }
}

function whatFailed(scope: Scope): string {
  const steps = [...scope.nodes.values()].filter((node) => isFailure(node.status) && !node.step.allowFailure)
  const gates = [...scope.gates.values()].filter((gate) => gate.status === 'failed')
  const names = [...steps.map((node) => `\`${node.path}\``), ...gates.map((gate) => `gate \`${gate.key}\``)]
  return names.length === 0 ? `\`${scope.path}\` did not succeed` : `${names.slice(0, 3).join(', ')} failed`
}
