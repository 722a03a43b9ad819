import { parentPath, prefixOf } from '../events/path.ts'
import type { RunState } from '../events/state.ts'
import type { GatePlan, PipelinePlan, Plan, StepPlan } from '../plan/plan.ts'
import { canonicalJson, type Json } from '../util/json.ts'
import { type Opened, openFrom } from './reopen.ts'

/**
 * What `resume --with-plan` does over: the steps whose definition, or that of anything before them, is not what it was
 * (a sub-pipeline belongs to the definition of the step that runs it), and what follows them; every approval and bypass,
 * since they were given over the old plan. A step whose end stands on record and whose hash is equal stays ended.
 *
 * A step that was cut off in the middle and may not simply run again (`interrupted: fail | ask`) stays cut off: a new
 * plan is no reason to do twice what must not be done twice.
 */
export function replanning(
  from: Plan,
  to: Plan,
  state: RunState,
): { readonly steps: readonly string[]; readonly gates: readonly string[]; readonly dropped: readonly string[] } {
  const opened: Opened = { steps: new Set(), gates: new Set(), touched: new Set() }
  const before = from.pipelines[from.root]!
  const after = to.pipelines[to.root]!
  const steps = new Map(after.steps.map((step) => [step.id, step]))
  const dropped = before.steps.flatMap(({ id }) => (!steps.has(id) && state.steps.has(id) ? [id] : []))
  for (const old of before.steps) {
    const step = steps.get(old.id)
    const hasBegun = state.steps.has(old.id)
    if (step && hasBegun && step.definition !== old.definition && !isCutOff(state, step))
      openFrom(to, state, old.id, opened)
  }
  for (const gate of changedGates(before, after)) openGate(to, state, '', gate, opened)
  for (const { path, pipeline } of state.scopes.values()) {
    if (isInside(path, [...opened.steps, ...dropped])) continue
    const plan = to.pipelines[pipeline]
    for (const step of plan?.steps ?? []) {
      const at = prefixOf(path) + step.id
      if (step.action.kind === 'approval' && isDecided(state, at)) openFrom(to, state, at, opened)
    }
    for (const gate of plan?.gates ?? []) {
      if (state.gates.get(prefixOf(path) + gate.id)?.status === 'bypassed') openGate(to, state, path, gate, opened)
    }
  }
  // The innermost of two that hold each other would be forgotten with the outer one.
  const all = [...opened.steps]
  return { steps: all.filter((path) => !isInside(parentPath(path), all)), gates: [...opened.gates], dropped }
}

function isDecided(state: RunState, path: string): boolean {
  const step = state.steps.get(path)
  return step !== undefined && step.status !== 'pending' && step.wait !== undefined
}

function isCutOff(state: RunState, step: StepPlan): boolean {
  return step.interrupted !== 'rerun' && state.steps.get(step.id)?.inFlight !== undefined
}

function isInside(path: string, others: readonly string[]): boolean {
  return others.some(
    (other) =>
      path === other || path.startsWith(`${other}/`) || path.startsWith(`${other}[`) || path.startsWith(`${other}@`),
  )
}

function changedGates(before: PipelinePlan, after: PipelinePlan): readonly GatePlan[] {
  const text = ({ at: _, checks, ...gate }: GatePlan) =>
    canonicalJson({ ...gate, checks: checks.map(({ at: __, ...check }) => check) } as unknown as Json)
  const old = new Map(before.gates.map((gate) => [gate.id, text(gate)]))
  return after.gates.filter((gate) => old.get(gate.id) !== text(gate))
}

function openGate(plan: Plan, state: RunState, scope: string, gate: GatePlan, opened: Opened): void {
  opened.gates.add(prefixOf(scope) + gate.id)
  for (const id of gate.before)
    if (state.steps.has(prefixOf(scope) + id)) openFrom(plan, state, prefixOf(scope) + id, opened)
}
