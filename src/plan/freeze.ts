import { hasher } from '../util/hash.ts'
import { canonicalJson, deepFreeze } from '../util/json.ts'
import type { Plan, PlanDraft } from './plan.ts'
import { gateText, headText, stepText } from './step-text.ts'

/** Gives a plan its hash (promise 3) and freezes all of it. */
export function freezePlan(draft: PlanDraft): Plan {
  return deepFreeze({ format: 1, hash: hashOf(draft), ...draft })
}

/**
 * The hash of a plan by the rules of this version: of one that is on record, not the hash that it was given, which an older
 * opsflow may have made otherwise. Places (`at`, `file`) are not hashed: a comment that moves a line changes nothing that
 * was approved. Everything is written as text once, piece by piece.
 */
export function hashOf(draft: PlanDraft): string {
  const { root, modules, people, agentLimits, places } = draft
  const hash = hasher()
  hash.add(
    canonicalJson({ format: 1, root, modules, people, agentLimits: agentLimits ?? {}, ...(places && { places }) }),
  )
  for (const name of Object.keys(draft.pipelines).sort()) {
    const { steps, gates } = draft.pipelines[name]!
    // the counts keep steps, gates and pipelines apart
    hash.add(canonicalJson({ head: headText(draft.pipelines[name]!), steps: steps.length, gates: gates.length }))
    for (const step of steps) hash.add(stepText(step))
    for (const gate of gates) hash.add(gateText(gate))
  }
  return hash.end()
}
