import type { GatePlan, StepAction, StepPlan } from './plan.ts'

/** All that a step or a gate launches: its action, its checks, and the repairs of its failures. */
export function actionsOf(node: StepPlan | GatePlan): readonly StepAction[] {
  const found: StepAction[] = []
  if ('action' in node) {
    found.push(node.action)
    for (const { recover } of Object.values(node.failures)) if (recover) found.push(recover.action)
  }
  for (const { judge } of node.checks) if (judge.kind === 'step') found.push(judge.action)
  return found
}
