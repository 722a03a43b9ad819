import { decide, mergePermissions, type Permissions } from '../policy/permissions.ts'
import { makeGraph, sortGraph } from './graph.ts'
import { checkLaunch } from './permissions.ts'
import type { PipelinePlan, StepPlan } from './plan.ts'
import { child } from './source.ts'
import type { Session } from './unit.ts'

/**
 * A sub-pipeline may do no more than its caller: what is denied to the step that calls it is denied to all of its steps.
 * One that is called from several places gets the rails of them all, since it stands in the plan once.
 */
export function bindToCallers(session: Session): ReadonlyMap<string, PipelinePlan> {
  const names = [...session.done.keys()]
  if (names.length === 1) return new Map(names.map((name) => [name, session.done.get(name)!.plan]))
  const index = new Map(names.map((name, at) => [name, at]))
  const callees = (plan: PipelinePlan) =>
    plan.steps.flatMap(({ action, permissions }) => {
      const to = action.kind === 'pipeline' ? index.get(action.pipeline) : undefined
      return to === undefined ? [] : [{ to, permissions }]
    })
  const edges = names.flatMap((name, from) => callees(session.done.get(name)!.plan).map(({ to }) => ({ from, to })))
  const bound = new Map<string, PipelinePlan>()
  const rails = new Map<number, Permissions>()
  // callers first, so that what binds a caller reaches all that it calls in turn
  for (const at of sortGraph(makeGraph(names, edges)).order) {
    const { plan } = session.done.get(names[at]!)!
    const outer = rails.get(at)
    const steps =
      outer === undefined ? plan.steps : plan.steps.map((step) => bindStep(session, names[at]!, step, outer))
    for (const { to, permissions } of callees({ ...plan, steps })) {
      const known = rails.get(to)
      const { deny, ask } = permissions
      const passed: Permissions = { allow: [], deny, ask }
      rails.set(to, known === undefined ? passed : mergePermissions(known, passed))
    }
    const gates =
      outer === undefined
        ? plan.gates
        : plan.gates.map((gate) => ({ ...gate, permissions: mergePermissions(outer, gate.permissions ?? outer) }))
    bound.set(names[at]!, outer === undefined ? plan : { ...plan, steps, gates })
  }
  return new Map(names.map((name) => [name, bound.get(name) ?? session.done.get(name)!.plan]))
}

function bindStep(session: Session, pipeline: string, step: StepPlan, outer: Permissions): StepPlan {
  const permissions = mergePermissions(outer, step.permissions)
  const source = child(child(session.done.get(pipeline)!.source, step.section), step.id)
  // what its own rails forbid was told where they are; here is only what a caller adds
  if (source !== undefined && !isDenied(step, step.permissions)) checkLaunch(session, source, step.action, permissions)
  return { ...step, permissions }
}

function isDenied({ action }: StepPlan, permissions: Permissions): boolean {
  if (action.kind === 'action') return decide({ kind: 'action', uses: action.uses }, permissions).verdict === 'deny'
  if (action.kind !== 'run') return false
  if ('script' in action) return decide({ kind: 'script', script: action.script }, permissions).verdict === 'deny'
  return decide({ kind: 'argv', argv: action.argv.map(String) }, permissions).verdict === 'deny'
}
