import type { RunOutcome } from '../events/events.ts'
import type { RunState } from '../events/state.ts'
import type { GatePlan } from '../plan/plan.ts'
import { type Gate, isFailure, type Node, type Run, type Scope } from './run.ts'

/** Promise 5: what the ends of its steps and the verdicts of its gates make of a scope. */
export function outcomeOf(run: Run, scope: Scope): RunOutcome {
  if (wasCancelled(run, scope)) return 'cancelled'
  if (scope.escalated) return 'escalated'
  if (run.state.scopes.get(scope.path)?.timedOut === true) return 'failed'
  const gates = [...scope.gates.values()]
  if (gates.some((gate) => gate.status === 'failed' && gate.plan.level === 'mandatory')) return 'failed'
  const lost: Node[] = []
  let allowed = false
  for (const node of scope.nodes.values()) {
    if (node.step.section !== 'steps' || node.status === 'succeeded' || node.ownSkip) continue
    if (!node.step.allowFailure) lost.push(node)
    else if (isFailure(node.status)) allowed = true
  }
  if (lost.length === 0) return allowed ? 'succeeded-with-failures' : 'succeeded'
  return lost.every((node) => gates.some((gate) => covers(gate, node.step.id))) ? 'partial' : 'failed'
}

function wasCancelled(run: Run, scope: Scope): boolean {
  if (scope.stopped === 'cancel') return true
  for (const node of scope.nodes.values())
    if (
      node.step.section === 'steps' &&
      node.status === 'cancelled' &&
      run.state.steps.get(node.path)?.reason === 'cancel'
    )
      return true
  return false
}

/** A gate that lets a share of failures pass answers for the steps that it judged. */
function covers(gate: Gate, step: string): boolean {
  const passing = gate.status === 'passed' || gate.status === 'bypassed'
  return passing && gate.plan.success !== undefined && gate.plan.of.includes(step)
}

/** Promise 12: a failure of its own turns succeeded into succeeded-with-failures, and changes nothing else. */
export function afterFinally(outcome: RunOutcome, scope: Scope): RunOutcome {
  if (outcome !== 'succeeded') return outcome
  for (const node of scope.nodes.values())
    if (node.step.section === 'finally' && node.status !== 'succeeded' && !node.ownSkip)
      return 'succeeded-with-failures'
  return outcome
}

export interface Verdict {
  readonly share: number | undefined
  readonly failing: readonly string[]
}

/**
 * Promise 10: what a gate says of its steps. Instances of agent steps count; skipped by their own `when` they don't;
 * lost or cancelled they count as failed; nothing to count is a failure.
 */
export function judgeShare(state: RunState, plan: GatePlan, scope: Scope): Verdict {
  const failing = new Set<string>()
  for (const id of plan.mustPass) {
    const node = scope.nodes.get(id)
    if (node && node.status !== 'succeeded' && !node.ownSkip) failing.add(node.path)
  }
  if (plan.success === undefined) return { share: undefined, failing: [...failing] }
  let all = 0
  let good = 0
  const lost: string[] = []
  for (const id of new Set(plan.of)) {
    const node = scope.nodes.get(id)
    if (node?.step.agent === undefined) continue
    for (const { path, status, ownSkip } of instancesOf(state, node)) {
      if (ownSkip) continue
      all += 1
      if (status === 'succeeded') good += 1
      else lost.push(path)
    }
  }
  const share = all === 0 ? 0 : good / all
  if (all === 0) failing.add('success')
  else if (share < plan.success - 1e-9) for (const path of lost) failing.add(path)
  return { share, failing: [...failing] }
}

function instancesOf(state: RunState, node: Node) {
  const { items } = state.steps.get(node.path) ?? {}
  const paths = node.step.foreach !== undefined && items ? items.map(({ key }) => `${node.path}[${key}]`) : [node.path]
  return paths.map((path) => {
    const step = state.steps.get(path)
    return { path, status: step?.status, ownSkip: step?.status === 'skipped' && step.reason === 'when' }
  })
}
