import type { Plan } from '../plan/plan.ts'
import { overlapGroups } from '../policy/ownership.ts'
import type { Node, Run, Scope } from './run.ts'

/*
 * Two steps that may write one path take turns (promise 28): what steps own is laid together where it overlaps, and each
 * such group is a lock like any other. So it is held through attempts and repairs, waited for by name, and shared by all
 * runs of the store whose plans own the same. The name of a group depends on its plan: runs of two plans that group a
 * pattern under different names do not meet. To take the pattern's own lock beside the group's would have two such runs
 * wait for each other for ever, where one step calls another. A step alone in its worktree writes beside nobody.
 */

/** For each pattern that a step of the plan owns: the name of the group of those that may meet it. */
export function turnsOf(plan: Plan): ReadonlyMap<string, string> {
  const patterns = new Set<string>()
  for (const { steps } of Object.values(plan.pipelines))
    for (const { owns } of steps) for (const pattern of owns) patterns.add(pattern)
  return overlapGroups([...patterns])
}

/** The locks that a node takes to write. A foreach itself writes nothing, and takes none from its items. */
export function turnKeys(run: Run, node: Node): readonly string[] {
  const { owns, isolation, foreach } = node.step
  if (owns.length === 0 || isolation !== undefined || (foreach !== undefined && node.layer === 'step')) return []
  const worktree = worktreeOf(node.scope)
  const where = worktree === undefined ? '' : ` in ${run.id}${worktree && `:${worktree}`}`
  return owns.map((pattern) => `writes ${run.turns.get(pattern) ?? pattern}${where}`)
}

/** The scope whose steps share a worktree with this one; undefined: they work in the checkout. */
function worktreeOf(scope: Scope): string | undefined {
  for (let at: Scope | undefined = scope; at; at = at.unit?.scope)
    if ((at.plan.isolation ?? at.unit?.step.isolation) !== undefined) return at.path
  return undefined
}
