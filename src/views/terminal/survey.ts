import { prefixOf } from '../../events/path.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { Plan, StepPlan } from '../../plan/plan.ts'
import { hasFailed } from '../failed.ts'

/** A step to which nothing has happened yet, and what it waits for. */
export interface Coming {
  readonly path: string
  readonly needs: readonly string[]
  readonly gates: readonly string[]
  readonly last: boolean
}

/** A run as a person looks over it. */
export interface Survey {
  /** What runs or waits, in the order in which it began. */
  readonly active: readonly StepState[]
  /** The first of what has not begun, in the order of the files. */
  readonly coming: readonly Coming[]
  /** Steps, items and passes by where they are. `total` is what is known by now. */
  readonly counts: {
    readonly total: number
    readonly ended: number
    readonly failed: number
    readonly skipped: number
    readonly coming: number
  }
}

/** Looks once over all steps. Without a plan (its record cannot be read) nothing is known of what comes. */
export function survey(state: RunState, plan: Plan | undefined, mostComing: number): Survey {
  const active: StepState[] = []
  const coming: Coming[] = []
  let failed = 0
  let skipped = 0
  let absent = 0
  for (const step of state.steps.values()) {
    if (!isOver(step)) active.push(step)
    else if (step.status === 'skipped') skipped++
    else if (hasFailed(step)) failed++
    // Items that nobody has come to yet.
    if (step.items && !isOver(step))
      for (const item of step.items) if (!state.steps.has(`${step.path}[${item.key}]`)) absent++
  }
  for (const scope of state.scopes.values()) {
    const holder = state.steps.get(scope.path)
    const pipeline = plan?.pipelines[scope.pipeline]
    if (pipeline === undefined || (holder && isOver(holder))) continue
    const prefix = prefixOf(scope.path)
    for (const step of pipeline.steps) {
      if (state.steps.has(prefix + step.id)) continue
      absent++
      if (coming.length < mostComing) coming.push(comingOf(step, prefix, state))
    }
  }
  const total = state.steps.size + absent
  return {
    active,
    coming,
    counts: { total, ended: state.steps.size - active.length, failed, skipped, coming: absent },
  }
}

function comingOf(step: StepPlan, prefix: string, state: RunState): Coming {
  const isOpen = (id: string): boolean => {
    const need = state.steps.get(prefix + id)
    return need === undefined || !isOver(need)
  }
  return {
    path: prefix + step.id,
    needs: step.needs.map((need) => need.step).filter(isOpen),
    gates: step.gates.filter((gate) => !['passed', 'bypassed'].includes(state.gates.get(prefix + gate)?.status ?? '')),
    last: step.section === 'finally' && state.scopes.get(prefix.slice(0, -1))?.finallyOutcome === undefined,
  }
}

/** Whether a step has ended. */
export function isOver({ status }: Pick<StepState, 'status'>): boolean {
  return status !== 'running' && status !== 'waiting' && status !== 'pending'
}
