import { parentPath } from '../events/path.ts'
import type { RunState, StepState } from '../events/state.ts'
import { isFailure } from '../run/run.ts'

/** Ended otherwise than by success, by its condition or by somebody's word. */
export function hasFailed({ status }: Pick<StepState, 'status'>): boolean {
  return isFailure(status)
}

/** Those of the steps that failed of themselves, without those that failed because of what they hold. */
export function failedSteps(steps: Iterable<StepState>): readonly StepState[] {
  const failed = [...steps].filter(hasFailed)
  const holders = holdersOf(failed.map(({ path }) => path))
  return failed.filter(({ path }) => !holders.has(path))
}

/** Whether one step failed of itself. What others do is not looked at: a run may have thousands. */
export function failedItself(step: StepState, state: Pick<RunState, 'steps' | 'below'>): boolean {
  return hasFailed(step) && !holdsFailed(step.path, state)
}

function holdsFailed(path: string, state: Pick<RunState, 'steps' | 'below'>): boolean {
  return (state.below.get(path) ?? []).some((below) => {
    const step = state.steps.get(below)
    return (step !== undefined && hasFailed(step)) || holdsFailed(below, state)
  })
}

/** Paths of all that hold one of these. */
export function holdersOf(paths: Iterable<string>): ReadonlySet<string> {
  const holders = new Set<string>()
  for (const path of paths)
    for (let at = parentPath(path); at !== '' && !holders.has(at); at = parentPath(at)) holders.add(at)
  return holders
}
