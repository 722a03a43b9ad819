import { decodeKey, parentPath, startPath } from '../../events/path.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { PipelinePlan, Plan, StepPlan } from '../../plan/plan.ts'
import { own } from '../../util/own.ts'
import { answeredText, reasonText, waitingText } from '../terminal/words.ts'

/** Done, or not to be done: its own condition said so. */
export function isDone({ status, reason }: Pick<StepState, 'status' | 'reason'>): boolean {
  return status === 'succeeded' || (status === 'skipped' && reason === 'when')
}

/** Stands for others that do the work: a list's step, a loop's step, a sub-pipeline's. */
export function isContainer(step: StepState, state: RunState): boolean {
  return step.items !== undefined || step.iteration > 0 || state.scopes.has(step.path)
}

/** The step of the plan that a path of the run is of; undefined where the plan has it no more. */
export function planOf(path: string, state: RunState, plan: Plan): StepPlan | undefined {
  const start = startPath(path)
  const slash = start.lastIndexOf('/')
  const scope = state.scopes.get(slash < 0 ? '' : start.slice(0, slash))
  const pipeline = scope === undefined ? undefined : own(plan.pipelines, scope.pipeline)
  return pipeline === undefined ? undefined : stepsOf(pipeline).get(start.slice(slash + 1))
}

const known = new WeakMap<PipelinePlan, ReadonlyMap<string, StepPlan>>()

/** Steps by id: made once, for a pipeline may have thousands. */
function stepsOf(pipeline: PipelinePlan): ReadonlyMap<string, StepPlan> {
  const found = known.get(pipeline) ?? new Map(pipeline.steps.map((step) => [step.id, step]))
  known.set(pipeline, found)
  return found
}

/** True where the failure of the step, or of what holds it, was allowed. */
export function isAllowed(path: string, state: RunState, plan: Plan): boolean {
  for (let at = path; at !== ''; at = parentPath(at)) if (planOf(at, state, plan)?.allowFailure) return true
  return false
}

/** Why a step stands where it does, without the word for where that is; empty where there is nothing to say. */
export function whyOf(step: StepState, nowMs: number): string {
  if (step.status === 'waiting' && step.waitingFor) return waitingText(step.waitingFor, nowMs).replace(/^waiting /, '')
  return answeredText(step) ?? reasonText(step).replace(/^[a-z-]+(?:: |$)/, '')
}

/** A path as people read it: keys of items as their author wrote them. */
export function readable(path: string): string {
  return path.replace(/\[([^\]]*)\]/g, (whole, key: string) => {
    try {
      return `[${decodeKey(key)}]`
    } catch {
      return whole
    }
  })
}
