import { kindPath, prefixOf } from '../events/path.ts'
import type { NeedOn, PipelinePlan } from '../plan/plan.ts'

/** What the scheduler looks up in a pipeline, made once per pipeline and place: O(steps + needs). */
export interface PipelineIndex {
  /** Step -> steps that need it. */
  readonly dependents: ReadonlyMap<string, readonly { readonly step: string; readonly on: NeedOn }[]>
  /** Step -> gates that judge it. */
  readonly judgedBy: ReadonlyMap<string, readonly string[]>
  readonly position: ReadonlyMap<string, number>
  /** Milliseconds (or hops, where nothing is known) from the start of a step to the end of the scope. */
  readonly rank: ReadonlyMap<string, number>
  /** The same from the end of a step. */
  readonly after: ReadonlyMap<string, number>
}

/** Indexes a pipeline that runs at `path`. `durations` are of earlier runs, by path without keys and passes. */
export function indexPipeline(plan: PipelinePlan, path: string, durations: ReadonlyMap<string, number>): PipelineIndex {
  const dependents = new Map<string, { step: string; on: NeedOn }[]>()
  const judgedBy = new Map<string, string[]>()
  const position = new Map<string, number>()
  for (const [i, step] of plan.steps.entries()) {
    position.set(step.id, i)
    for (const need of step.needs) push(dependents, need.step, { step: step.id, on: need.on })
  }
  // Those that nobody may bypass first: what they bar is not held for another gate.
  const gates = plan.gates.toSorted((one, two) => Number(one.bypass !== 'never') - Number(two.bypass !== 'never'))
  for (const gate of gates) for (const step of gate.of) push(judgedBy, step, gate.id)
  return { dependents, judgedBy, position, ...rankSteps(plan, dependents, prefixOf(kindPath(path)), durations) }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** Longest way to the end, walked from the last steps back; no recursion, chains may be long. */
function rankSteps(
  plan: PipelinePlan,
  dependents: ReadonlyMap<string, readonly { readonly step: string }[]>,
  prefix: string,
  durations: ReadonlyMap<string, number>,
): Pick<PipelineIndex, 'rank' | 'after'> {
  const known = plan.steps.map((step) => durations.get(prefix + step.id)).filter((ms) => ms !== undefined)
  const usual = known.length === 0 ? 1 : known.reduce((sum, ms) => sum + ms, 0) / known.length
  const rank = new Map<string, number>()
  const after = new Map<string, number>()
  const open = new Map(plan.steps.map((step) => [step.id, dependents.get(step.id)?.length ?? 0]))
  const needs = new Map(plan.steps.map((step) => [step.id, step.needs]))
  const ready = plan.steps.filter((step) => open.get(step.id) === 0).map((step) => step.id)
  for (let i = 0; i < ready.length; i++) {
    const id = ready[i]!
    const own = (durations.get(prefix + id) ?? usual) + (after.get(id) ?? 0)
    rank.set(id, own)
    for (const { step } of needs.get(id) ?? []) {
      after.set(step, Math.max(after.get(step) ?? 0, own))
      const left = (open.get(step) ?? 0) - 1
      open.set(step, left)
      if (left === 0) ready.push(step)
    }
  }
  return { rank, after }
}
