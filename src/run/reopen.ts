import { parentPath, prefixOf, startPath } from '../events/path.ts'
import type { RunState, StepState } from '../events/state.ts'
import type { PipelinePlan, Plan, StepPlan } from '../plan/plan.ts'
import { isFailure } from './run.ts'

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
  const opened: Opened = { steps: new Set(), gates: new Set(), touched: new Set() }
  const failed =
    named === undefined
      ? failedIn(plan, state, '')
      : { steps: named.map((path) => fromTheFirstPass(state, path)), gates: [] }
  const start = new Set(failed.steps)
  for (const path of start) if (!isInside(path, start)) openFrom(plan, state, path, opened)
  for (const key of failed.gates) openGate(plan, state, key, opened)
  // Nothing failed before its end, which was cut short.
  if (start.size === 0 && failed.gates.length === 0) touch(plan, state, '', opened)
  return outermost(opened)
}

/** Reason of a coordinator's rule whose answer was to do again what failed, until that is opened again. */
export const AGAIN = 'again'

/** What a pause that is answered with retry opens again: what failed and was not allowed to, with all that follows it. */
export function failedAgain(
  plan: Plan,
  state: RunState,
): { readonly steps: readonly string[]; readonly gates: readonly string[] } {
  const failed = planOf(plan, state, '').steps.filter(
    ({ id, section, allowFailure, escalation }) =>
      section === 'steps' && !allowFailure && escalation === undefined && isFailure(state.steps.get(id)?.status),
  )
  const { steps } = together(failed.map(({ id }) => innermost(plan, state, id)))
  return steps.length === 0 ? { steps, gates: [] } : reopening(plan, state, steps)
}

/** What follows an earlier pass is the passes after it, so the step that repeats begins again. */
export function fromTheFirstPass(state: RunState, path: string): string {
  let found = path
  for (let at = path; at !== ''; at = parentPath(at)) {
    const up = parentPath(at)
    const isPass = at.startsWith(`${up}@`)
    if (isPass && at !== `${up}@${state.steps.get(up)?.iteration}`) found = up
  }
  return found
}

export interface Opened {
  readonly steps: Set<string>
  readonly gates: Set<string>
  /** Scopes whose `finally` and open verdicts have been thought of. */
  readonly touched: Set<string>
  /** Whether a step that follows stays ended all the same. */
  readonly keeps?: (scope: string, id: string) => boolean
}

interface Failed {
  readonly steps: readonly string[]
  /** Keys. */
  readonly gates: readonly string[]
}

/** Whether something around a path is among these. */
export function isInside(path: string, others: ReadonlySet<string>): boolean {
  for (let at = parentPath(path); at !== ''; at = parentPath(at)) if (others.has(at)) return true
  return false
}

/** Without what is inside of a step that is opened again: all in it is forgotten with it, and waits for what it waits for. */
export function outermost({ steps, gates }: Opened): {
  readonly steps: readonly string[]
  readonly gates: readonly string[]
} {
  const isOutermost = (path: string): boolean => !isInside(path, steps)
  return { steps: [...steps].filter(isOutermost), gates: [...gates].filter(isOutermost) }
}

function planOf(plan: Plan, state: RunState, scope: string): PipelinePlan {
  return plan.pipelines[state.scopes.get(scope)?.pipeline ?? plan.root]!
}

/** The innermost steps of a scope that did not end well; where all did, the gates that did not pass or were not judged. */
function failedIn(plan: Plan, state: RunState, scope: string): Failed {
  const { steps, gates } = planOf(plan, state, scope)
  const paths = steps.filter(({ section }) => section === 'steps').map(({ id }) => prefixOf(scope) + id)
  const found = paths.filter((path) => !isFine(state.steps.get(path))).map((path) => innermost(plan, state, path))
  if (found.length > 0) return together(found)
  const keys = gates.map(({ id }) => prefixOf(scope) + id)
  const isGood = (key: string): boolean => ['passed', 'bypassed'].includes(state.gates.get(key)?.status ?? '')
  return { steps: [], gates: keys.filter((key) => !isGood(key)) }
}

function together(found: readonly Failed[]): Failed {
  return { steps: found.flatMap(({ steps }) => steps), gates: found.flatMap(({ gates }) => gates) }
}

/** What failed inside of a step; the step itself where nothing in it did. */
function innermost(plan: Plan, state: RunState, path: string): Failed {
  const step = state.steps.get(path)
  const itself = { steps: [path], gates: [] }
  if (step?.items) {
    const items = step.items.map(({ key }) => `${path}[${key}]`).filter((item) => !isFine(state.steps.get(item)))
    return items.length === 0 ? itself : together(items.map((item) => innermost(plan, state, item)))
  }
  const pass = step !== undefined && step.iteration > 0 ? `${path}@${step.iteration}` : undefined
  if (pass !== undefined && !isFine(state.steps.get(pass))) return innermost(plan, state, pass)
  if (!state.scopes.has(path)) return itself
  const inside = failedIn(plan, state, path)
  return inside.steps.length + inside.gates.length > 0 ? inside : itself
}

function isFine(step: StepState | undefined): boolean {
  return step?.status === 'succeeded' || (step?.status === 'skipped' && step.reason === 'when')
}

/** Opens a step, what follows it in its scope, and what follows the step that its scope is the attempt of. */
export function openFrom(plan: Plan, state: RunState, path: string, opened: Opened): void {
  opened.steps.add(path)
  openAfter(plan, state, path, opened)
}

/** Judges a gate again: what waits for it follows, and what comes after its scope. */
export function openGate(plan: Plan, state: RunState, key: string, opened: Opened): void {
  const scope = parentPath(key)
  const gate = planOf(plan, state, scope).gates.find(({ id }) => prefixOf(scope) + id === key)
  opened.gates.add(key)
  for (const id of gate?.before ?? [])
    if (opened.keeps?.(scope, id) !== true) openFrom(plan, state, prefixOf(scope) + id, opened)
  touch(plan, state, scope, opened)
  if (scope !== '') openAfter(plan, state, scope, opened)
}

/** Opens what follows a step, and what follows the steps around it. */
function openAfter(plan: Plan, state: RunState, path: string, opened: Opened): void {
  for (let at = path; at !== ''; at = parentPath(at)) {
    const up = parentPath(at)
    if (state.scopes.has(up)) follow(plan, state, up, startPath(at).slice(prefixOf(up).length), opened)
    else followItems(state, up, at, opened)
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
  const isKept = (step: string): boolean => opened.keeps?.(scope, step) === true
  const isFinally = pipeline.steps.some((step) => step.id === id && step.section === 'finally')
  const open = new Set([id])
  const judged = new Set<string>()
  for (let before = -1; before !== open.size + judged.size; ) {
    before = open.size + judged.size
    for (const gate of pipeline.gates) {
      if (!gate.of.some((step) => open.has(step))) continue
      judged.add(gate.id)
      for (const step of gate.before) if (!isKept(step)) open.add(step)
    }
    for (const step of pipeline.steps)
      if (step.needs.some((need) => open.has(need.step)) && !isKept(step.id)) open.add(step.id)
  }
  open.delete(id)
  for (const step of open) opened.steps.add(prefix + step)
  for (const gate of judged) opened.gates.add(prefix + gate)
  // `finally` alone, run again after it was killed: nothing before it is judged anew.
  if (!isFinally) touch(plan, state, scope, opened)
}

/** A scope in which something happens again has its end again: its `finally`, and the verdicts that were not good. */
function touch(plan: Plan, state: RunState, scope: string, opened: Opened): void {
  if (opened.touched.has(scope)) return
  opened.touched.add(scope)
  const pipeline = planOf(plan, state, scope)
  const prefix = prefixOf(scope)
  for (const step of pipeline.steps)
    if (step.section === 'finally' || isOver(state, step)) opened.steps.add(prefix + step.id)
  for (const gate of pipeline.gates) {
    const status = state.gates.get(prefix + gate.id)?.status
    if (status !== 'passed' && status !== 'bypassed') opened.gates.add(prefix + gate.id)
  }
}

/** A rule that was not put, that nobody answered, or by which the run was handed over, holds for what happens again. */
function isOver(state: RunState, { id, escalation }: StepPlan): boolean {
  const rule = state.steps.get(id)
  if (escalation === undefined) return false
  return rule?.status !== 'succeeded' || rule.reason === AGAIN || rule.outputs?.choice === 'delegate'
}
