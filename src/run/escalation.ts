import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import { AGAIN, failedAgain } from './reopen.ts'
import { condition, scopeRoots } from './roots.ts'
import { emit, type Node, type Run, type Scope, stateOf, type Wake, wake } from './run.ts'
import { sendSignal, sourceOf } from './signals.ts'
import { stopScope } from './stop.ts'

/*
 * Rules of a coordinator. Each is a question beside the steps of the run's own pipeline, judged at the door and whenever a
 * step has ended; the first that holds is put, and pauses the run: what runs ends, nothing more is started.
 *
 *   retry, nothing failed -> the run goes on
 *   retry, else           -> it parks, and whoever opens it next opens what failed again (one commit, so no crash loses it)
 *   abort                 -> it is cancelled          delegate, no answer in time -> it ends as escalated
 *
 * A rule is asked once; one that was answered by a retry of what failed may be asked again.
 */

/** The rules of a run, in their order. */
export function rulesIn(scope: Scope): readonly Node[] {
  return [...scope.nodes.values()].filter(({ step }) => step.escalation !== undefined)
}

/** Rules that no step waits for and that hold up no end. */
export function openRules(run: Run, scope: Scope): readonly Node[] {
  if (scope.unit !== undefined || scope.phase !== 'main') return []
  return run.rules.filter(({ phase }) => phase === 'pending')
}

/** Puts the first rule that holds. One that cannot be told holds: somebody should look. */
export function judgeRules(run: Run): void {
  const { root } = run
  if (root === undefined || run.rules.length === 0 || run.paused !== undefined) return
  if (root.phase !== 'main' || root.stopped !== undefined) return
  const { cause } = run.state
  for (const node of run.rules) {
    if (node.phase !== 'pending') continue
    const { when, to, fields } = node.step.escalation!
    const payload: { readonly [name: string]: Json } = {
      ...Object.fromEntries(fields.map((name) => [name, null])),
      ...cause?.payload,
    }
    const holds = condition(when, { ...scopeRoots(run, root), payload, signal: cause?.signal ?? '' })
    if (holds.ok && !holds.value) continue
    run.paused = { node, held: [] }
    const issue = holds.ok ? `\`${when}\` holds` : `\`${when}\` cannot be told: ${holds.message}`
    const said = { run: run.id, step: node.path, issue, options: ['retry', 'abort', 'delegate'] }
    sendSignal(run, { path: node.path, target: to, signal: `${sourceOf(run)}:ESCALATE`, payload: said })
    return wake(run, { type: 'attempt', node })
  }
}

/** Whether a run that is paused keeps this work until it goes on. */
export function heldByPause(run: Run, work: Wake): boolean {
  const { paused } = run
  if (paused === undefined || !starts(run, work, paused.node)) return false
  paused.held.push(work)
  return true
}

function starts(run: Run, work: Wake, rule: Node): boolean {
  switch (work.type) {
    case 'enter':
    case 'body':
    case 'attempt':
    case 'open-scope':
      return work.node !== rule
    case 'scope':
      return work.scope === run.root && work.scope.stopped === undefined
    default:
      return false
  }
}

/** The steps of the run have ended, and no rule held: its rules have, too. Of what was never put nothing is recorded. */
export function closeRules(run: Run, scope: Scope, rules: readonly Node[]): void {
  for (const node of rules) {
    node.phase = 'ended'
    node.status = 'skipped'
    node.ownSkip = true
    scope.open -= 1
  }
  wake(run, { type: 'scope', scope })
}

/** A rule has its answer, or nobody gave one. */
export function onRuleEnded(run: Run, node: Node): void {
  const { paused } = run
  const root = node.scope
  if (paused?.node !== node) return
  const { outputs, wait } = stateOf(run, node) ?? {}
  const choice = node.status === 'failed' ? 'abort' : node.status === 'succeeded' ? outputs?.choice : undefined
  if (stateOf(run, node)?.reason === AGAIN) {
    // What holds the run stays: it is opened again from its record, as after any end of its owner.
    run.parking = true
    return
  }
  run.paused = undefined
  for (const work of paused.held) wake(run, work)
  if (choice === 'retry' || node.status === 'cancelled') return
  if (choice === 'abort') {
    const by = wait?.decision?.by ?? run.state.startedBy
    emit(run, { type: 'cancel-requested', by, reason: `\`${node.path}\` was answered with abort`, hard: false })
    return stopScope(run, root, 'cancel', false)
  }
  if (choice === 'delegate') delegate(run, node, outputs?.to)
  root.escalated = true
  stopScope(run, root, 'fail-fast', false)
}

/** A cancel comes before the run was opened again for a retry that a rule was answered with: it ends here, not then. */
export function dropRetry(run: Run): void {
  const { paused } = run
  if (paused === undefined || stateOf(run, paused.node)?.reason !== AGAIN) return
  run.parking = false
  run.paused = undefined
  for (const work of paused.held) wake(run, work)
}

function delegate(run: Run, node: Node, to: Json | undefined): void {
  const { cause } = run.state
  const target = typeof to === 'string' && to !== '' ? to : node.step.escalation!.to
  const signal = cause?.signal ?? ''
  const payload = { run: run.id, step: node.path, signal, payload: cause?.payload ?? {} }
  sendSignal(run, { path: node.path, target, signal: `${sourceOf(run)}:HANDOFF`, payload })
}

/** Takes up what the rules of a restored run were in. */
export function restoreRules(run: Run, root: Scope): void {
  run.rules = rulesIn(root)
  for (const node of run.rules) {
    const state = stateOf(run, node)
    if (state?.status === 'waiting' || state?.status === 'running') run.paused = { node, held: [] }
    const given =
      state?.status === 'timed-out' || (state?.status === 'succeeded' && state.outputs?.choice === 'delegate')
    if (!given) continue
    root.escalated = true
    if (run.state.scopes.get('')?.finallyOutcome === undefined)
      wake(run, { type: 'stop-scope', scope: root, stop: 'fail-fast', hard: false })
  }
}

/** What is to happen again, where a rule was answered with retry and the run was not opened since. */
export function answeredByRetry(
  plan: Plan,
  state: RunState,
): { readonly steps: readonly string[]; readonly gates: readonly string[] } | undefined {
  if (state.phase === 'ended' || state.cancel !== undefined) return undefined
  const rule = plan.pipelines[plan.root]!.steps.find(
    ({ id, escalation }) => escalation !== undefined && state.steps.get(id)?.reason === AGAIN,
  )
  if (rule === undefined) return undefined
  const { steps, gates } = failedAgain(plan, state)
  return { steps: [...steps.filter((id) => id !== rule.id), rule.id], gates }
}
