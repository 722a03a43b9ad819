import type { WaitSpec } from '../events/events.ts'
import { parentPath, prefixOf, startPath } from '../events/path.ts'
import type { GateState, RunState, StepState } from '../events/state.ts'
import { type Definitions, definitionsOf } from '../plan/definitions.ts'
import type { GatePlan, Plan, StepPlan } from '../plan/plan.ts'
import { personsIn } from './persons.ts'
import { fromTheFirstPass, isInside, type Opened, openFrom, openGate, outermost } from './reopen.ts'

/*
 * What `resume --with-plan` does over: the steps whose definition, or that of anything before them, is not what it was
 * (a sub-pipeline belongs to the definition of the step that runs it), and what follows them. Approvals are asked again,
 * and bypasses of what is still to come, since they were given over the old plan. A step that is done and whose hash is
 * equal stays done, also where an approval before it is asked again.
 *
 * A step that was cut off in the middle and may not simply run again (`interrupted: fail | ask`) stays cut off: a new
 * plan is no reason to do twice what must not be done twice. Where it is inside of a step that changed it would be
 * forgotten with it, so such a plan is not taken.
 */

interface Plans {
  readonly from: Plan
  readonly to: Plan
  readonly state: RunState
  /** What every step of `from` and of `to` is. */
  readonly before: Definitions
  readonly after: Definitions
  /** Steps that were cut off and may not simply run again. */
  readonly cutOff: ReadonlySet<string>
}

/** What happens again under the new plan, and what is in it no more. `inputs`: those of the run, as the new plan takes them. */
export function replanning(
  from: Plan,
  to: Plan,
  state: RunState,
  inputs: RunState['inputs'] = state.inputs,
): { readonly steps: readonly string[]; readonly gates: readonly string[]; readonly dropped: readonly string[] } {
  const [before, after] = [definitionsOf(from, state.inputs), definitionsOf(to, inputs)]
  const plans = { from, to, state, before, after, cutOff: cutOffSteps(from, state) }
  const keeps = (scope: string, id: string): boolean => stays(plans, scope, id)
  const opened: Opened = { steps: new Set(), gates: new Set(), touched: new Set(), keeps }
  const { steps } = to.pipelines[to.root]!
  const ids = new Set(steps.map(({ id }) => id))
  const dropped = from.pipelines[from.root]!.steps.flatMap(({ id }) =>
    !ids.has(id) && state.steps.has(id) ? [id] : [],
  )
  for (const step of changedSteps(plans)) if (!plans.cutOff.has(step.id)) openFrom(to, state, step.id, opened)
  for (const gate of changedGates(plans)) if (state.gates.has(gate.id)) openGate(to, state, gate.id, opened)
  openDecided(plans, new Set(dropped), opened)
  const isNew = steps.some(({ id, section }) => section === 'steps' && !state.steps.has(id))
  if (state.scopes.get('')?.finallyOutcome !== undefined && (isNew || dropped.length > 0))
    for (const { id, section } of steps) if (section === 'finally') opened.steps.add(id)
  return { ...outermost(opened), dropped }
}

/** Steps that were cut off and may not simply run again, and that this plan would start all the same. */
export function forgottenByPlan(
  from: Plan,
  to: Plan,
  state: RunState,
  inputs: RunState['inputs'] = state.inputs,
): readonly string[] {
  const again = new Set(replanning(from, to, state, inputs).steps)
  return [...cutOffSteps(from, state)].filter((path) => again.has(path) || isInside(path, again))
}

/** Steps of the run's own pipeline that something has happened to, and that are others now. */
function changedSteps({ from, to, state, before, after }: Plans): readonly StepPlan[] {
  const [old, now] = [before.get(from.root)!.steps, after.get(to.root)!.steps]
  return to.pipelines[to.root]!.steps.filter(
    ({ id }) => state.steps.has(id) && old.has(id) && old.get(id) !== now.get(id),
  )
}

/** Approvals and bypasses over the old plan, in the sub-pipelines too, and what is still asked of persons who are others now. */
function openDecided(plans: Plans, dropped: ReadonlySet<string>, opened: Opened): void {
  const { to, state } = plans
  for (const { path, pipeline } of state.scopes.values()) {
    // An earlier pass is over, whatever was approved in it.
    if (fromTheFirstPass(state, path) !== path) continue
    if (opened.steps.has(path) || dropped.has(path) || isInside(path, opened.steps) || isInside(path, dropped)) continue
    const plan = to.pipelines[pipeline]
    for (const { id, action } of plan?.steps ?? []) {
      const at = prefixOf(path) + id
      if (action.kind !== 'approval' && action.kind !== 'ask') continue
      for (const each of instancesOf(state, at)) {
        const { status, wait } = state.steps.get(each)!
        if (wait === undefined) continue
        // One that was taken back unanswered let nothing pass.
        const isOpen = status === 'waiting' && wait.decision === undefined
        const isAgain = action.kind === 'approval' && (isOpen || wait.decision !== undefined)
        if (isAgain || (isOpen && asksOthers(to, wait.spec))) openFrom(to, state, each, opened)
      }
    }
    for (const { id, before } of plan?.gates ?? []) {
      const gate = state.gates.get(prefixOf(path) + id)
      const isBypassed = gate?.status === 'bypassed' && !before.every((step) => isKept(plans, path, step))
      const asks = gate === undefined ? [] : questionsOf(gate)
      if (isBypassed || asks.some((wait) => asksOthers(to, wait))) openGate(to, state, prefixOf(path) + id, opened)
    }
  }
}

/** Whether an open question is one for persons that are not those the plan has for it. */
function asksOthers(to: Plan, wait: WaitSpec | undefined): boolean {
  return wait !== undefined && JSON.stringify(personsIn(to, wait.from)) !== JSON.stringify(wait.persons)
}

/** The open questions of a gate: of a check, and of its bypass. */
function questionsOf({ status, checks, wait }: GateState): readonly (WaitSpec | undefined)[] {
  if (status === 'pending')
    return [...checks.values()].flatMap((check) => (check.status === 'running' ? [check.wait] : []))
  return status === 'held' ? [wait] : []
}

/** The questions of an approval or ask: its own, or those of its items and last passes. */
function instancesOf(state: RunState, path: string): readonly string[] {
  const step = state.steps.get(path)
  if (step === undefined || step.status === 'pending') return []
  if (step.items) return step.items.flatMap(({ key }) => instancesOf(state, `${path}[${key}]`))
  if (step.iteration > 0) return instancesOf(state, `${path}@${step.iteration}`)
  return step.wait === undefined ? [] : [path]
}

/** A step that does not happen again because of what came before it. */
function stays(plans: Plans, scope: string, id: string): boolean {
  const path = prefixOf(scope) + id
  if (plans.cutOff.has(path) || isKept(plans, scope, id)) return true
  const holdsCutOff = [...plans.cutOff].some((inner) => isInside(inner, new Set([path])))
  return holdsCutOff && isSame(plans, scope, id)
}

/** A step that has done what it was to do, and is the same in the new plan. */
function isKept(plans: Plans, scope: string, id: string): boolean {
  return isDone(plans.state.steps.get(prefixOf(scope) + id)) && isSame(plans, scope, id)
}

function isSame({ state, before, after }: Plans, scope: string, id: string): boolean {
  const pipeline = state.scopes.get(scope)?.pipeline ?? ''
  const old = before.get(pipeline)?.steps.get(id)
  return old !== undefined && old === after.get(pipeline)?.steps.get(id)
}

function isDone(step: StepState | undefined): boolean {
  return step?.status === 'succeeded' || (step?.status === 'skipped' && step.reason === 'when')
}

/** Steps that were in the middle, or about which somebody is still asked, and that may not simply run again. */
function cutOffSteps(from: Plan, state: RunState): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { path, status, inFlight, wait } of state.steps.values()) {
    const isAsked = status === 'waiting' && wait?.spec.kind === 'interrupted' && wait.decision === undefined
    if (inFlight === undefined && !isAsked) continue
    const scope = scopeOf(state, path)
    const id = startPath(path).slice(prefixOf(scope).length)
    const pipeline = from.pipelines[state.scopes.get(scope)?.pipeline ?? from.root]
    if (pipeline?.steps.find((each) => each.id === id)?.interrupted !== 'rerun') found.add(path)
  }
  return found
}

/** The pipeline that a step, an item or a pass is of. */
function scopeOf(state: RunState, path: string): string {
  let at = parentPath(path)
  while (at !== '' && !state.scopes.has(at)) at = parentPath(at)
  return at
}

/** Gates of the run's own pipeline that judge otherwise now; one of a sub-pipeline changes the step that runs it. */
function changedGates({ from, to, before, after }: Plans): readonly GatePlan[] {
  const [old, now] = [before.get(from.root)!.gates, after.get(to.root)!.gates]
  return to.pipelines[to.root]!.gates.filter(({ id }) => old.get(id) !== now.get(id))
}
