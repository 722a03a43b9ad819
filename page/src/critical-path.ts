import type { PlanPicture, RunHead, StepPicture } from '../../src/server/api.ts'
import { idOf, pipelineOf, prefixOf } from './graph-model.ts'

/**
 * The steps that the length of a run came from: from the one that ended last back to the one of its needs that ended
 * last, and so on to the start; where such a step is a pipeline, has items or passes, the same within it.
 */
export function criticalPath(
  plan: PlanPicture,
  head: RunHead,
  steps: ReadonlyMap<string, StepPicture>,
): ReadonlySet<string> {
  const found = new Set<string>()
  const scopes = new Map(head.scopes.map(({ path, pipeline }) => [path, pipeline]))
  const below = new Map<string, StepPicture[]>()
  for (const step of steps.values()) {
    const start = idOf(step.path)
    if (start === step.path) continue
    const known = below.get(start)
    if (known) known.push(step)
    else below.set(start, [step])
  }
  const open: string[] = ['']
  for (const scope of open) {
    const pipeline = pipelineOf(plan, scope === '' ? head.pipeline : (scopes.get(scope) ?? ''))
    if (pipeline === undefined) continue
    const prefix = prefixOf(scope)
    const stepOf = (id: string) => steps.get(prefix + id)
    const gated = new Map(pipeline.gates.map(({ id, of }) => [id, of]))
    const byId = new Map(pipeline.steps.map((step) => [step.id, step]))
    let at = latest(pipeline.steps.flatMap(({ id, section }) => (section === 'steps' ? [stepOf(id)] : [])))
    const seen = new Set<string>()
    while (at !== undefined && !seen.has(at.path)) {
      seen.add(at.path)
      found.add(at.path)
      // What it did within itself.
      const inner = latest(below.get(at.path) ?? [])
      if (inner !== undefined) found.add(inner.path)
      for (const path of [at.path, inner?.path]) if (path !== undefined && scopes.has(path)) open.push(path)
      const step = byId.get(idOf(at.path.slice(prefix.length)))
      const needs = [
        ...(step?.needs ?? []).map((need) => need.step),
        ...(step?.gates ?? []).flatMap((gate) => gated.get(gate) ?? []),
      ]
      at = latest(needs.map(stepOf))
    }
  }
  return found
}

/** The one that ended last; what still runs ends later than all that ended. */
function latest(steps: readonly (StepPicture | undefined)[]): StepPicture | undefined {
  let best: StepPicture | undefined
  for (const step of steps) {
    if (step?.startedAt === undefined) continue
    if (best === undefined || (step.endedAt ?? Number.POSITIVE_INFINITY) > (best.endedAt ?? Number.POSITIVE_INFINITY))
      best = step
  }
  return best
}
