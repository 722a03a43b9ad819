import { parentPath, prefixOf } from '../events/path.ts'
import type { RunState, StepState } from '../events/state.ts'
import type { PipelinePlan, Plan } from '../plan/plan.ts'

/**
 * What `opsflow retry` opens again: the steps that failed (or those named, by path) and all that follows them, inside
 * and outside their sub-pipelines, `finally` included; and the gates that have to be judged again. What holds a step
 * that is opened again is open again itself, with all that ended well in it kept.
 */
export function reopening(
  plan: Plan,
  state: RunState,
  named: readonly string[] | undefined,
): { readonly steps: readonly string[]; readonly gates: readonly string[] } {
  const steps = new Set<string>()
  const gates = new Set<string>()
  const touched = new Set<string>()
  const start = named ?? failedIn(plan, state, '')
  for (const path of start) if (!isInside(path, start)) openFrom(plan, state, path, { steps, gates, touched })
  return { steps: [...steps], gates: [...gates] }
}

export interface Opened {
  readonly steps: Set<string>
  readonly gates: Set<string>
  readonly touched: Set<string>
}

function isInside(path: string, others: readonly string[]): boolean {
  return others.some(
    (other) =>
      other !== path && (path.startsWith(`${other}/`) || path.startsWith(`${other}[`) || path.startsWith(`${other}@`)),
  )
}

function planOf(plan: Plan, state: RunState, scope: string): PipelinePlan {
  return plan.pipelines[state.scopes.get(scope)?.pipeline ?? plan.root]!
}

/** The innermost steps of a scope that did not end well; where a scope has none, what it is the attempt of. */
function failedIn(plan: Plan, state: RunState, scope: string): string[] {
  const found: string[] = []
  for (const step of planOf(plan, state, scope).steps) {
    if (step.section === 'finally') continue
    const path = prefixOf(scope) + step.id
    if (!isFine(state.steps.get(path))) found.push(...innermost(plan, state, path))
  }
  return found
}

function innermost(plan: Plan, state: RunState, path: string): string[] {
  const step = state.steps.get(path)
  if (step?.items) {
    const items = step.items.map(({ key }) => `${path}[${key}]`).filter((item) => !isFine(state.steps.get(item)))
    return items.length === 0 ? [path] : items.flatMap((item) => innermost(plan, state, item))
  }
  const pass = step !== undefined && step.iteration > 0 ? `${path}@${step.iteration}` : undefined
  if (pass !== undefined && !isFine(state.steps.get(pass))) return innermost(plan, state, pass)
  if (state.scopes.has(path)) {
    const inside = failedIn(plan, state, path)
    if (inside.length > 0) return inside
  }
  return [path]
}

function isFine(step: StepState | undefined): boolean {
  return step?.status === 'succeeded' || (step?.status === 'skipped' && step.reason === 'when')
}

/** Opens a step, what follows it in its scope, and what follows the step that its scope is the attempt of. */
export function openFrom(plan: Plan, state: RunState, path: string, opened: Opened): void {
  opened.steps.add(path)
  let at = path
  for (let up = parentPath(at); ; up = parentPath(at)) {
    if (state.scopes.has(up)) follow(plan, state, up, at.slice(prefixOf(up).length).replace(/[[@].*$/, ''), opened)
    else followItems(state, up, at, opened)
    if (up === '') return
    at = up
  }
}

/** Items that need the one that is opened again. */
function followItems(state: RunState, parent: string, item: string, opened: Opened): void {
  const items = state.steps.get(parent)?.items
  if (items === undefined) return
  const open = new Set([item])
  for (let before = -1; before !== open.size; ) {
    before = open.size
    for (const { key, needs } of items)
      if (needs.some((need) => open.has(`${parent}[${need}]`))) open.add(`${parent}[${key}]`)
  }
  open.delete(item)
  for (const path of open) opened.steps.add(path)
}

function follow(plan: Plan, state: RunState, scope: string, id: string, opened: Opened): void {
  const pipeline = planOf(plan, state, scope)
  const prefix = prefixOf(scope)
  const isFinally = pipeline.steps.some((step) => step.id === id && step.section === 'finally')
  const open = new Set([id])
  const judged = new Set<string>()
  for (let before = -1; before !== open.size + judged.size; ) {
    before = open.size + judged.size
    for (const gate of pipeline.gates) {
      if (!gate.of.some((step) => open.has(step))) continue
      judged.add(gate.id)
      for (const step of gate.before) open.add(step)
    }
    for (const step of pipeline.steps) if (step.needs.some((need) => open.has(need.step))) open.add(step.id)
  }
  open.delete(id)
  for (const step of open) opened.steps.add(prefix + step)
  for (const gate of judged) opened.gates.add(prefix + gate)
  // `finally` alone, run again after it was killed: nothing before it is judged anew.
  if (isFinally || opened.touched.has(scope)) return
  opened.touched.add(scope)
  for (const step of pipeline.steps) if (step.section === 'finally') opened.steps.add(prefix + step.id)
  for (const gate of pipeline.gates)
    if (state.gates.get(prefix + gate.id)?.status !== 'passed') opened.gates.add(prefix + gate.id)
}
