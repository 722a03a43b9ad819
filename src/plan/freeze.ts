import { hasher } from '../util/hash.ts'
import { canonicalJson, deepFreeze, type Json } from '../util/json.ts'
import type { Plan, PlanDraft } from './plan.ts'
import { gateText, stepText } from './step-text.ts'

/**
 * Gives a plan its hash (promise 3) and freezes all of it. Places (`at`, `file`) are not hashed: a comment that moves a
 * line changes nothing that was approved. Everything is written as text once, piece by piece.
 */
export function freezePlan(draft: PlanDraft): Plan {
  const { root, modules, people, agentLimits } = draft
  const hash = hasher()
  hash.add(canonicalJson({ format: 1, root, modules, people, agentLimits: agentLimits ?? {} }))
  for (const name of Object.keys(draft.pipelines).sort()) {
    const { file: _, steps, gates, ...head } = draft.pipelines[name]!
    // the counts keep steps, gates and pipelines apart
    hash.add(canonicalJson({ head, steps: steps.length, gates: gates.length } as unknown as Json))
    for (const step of steps) hash.add(stepText(step))
    for (const gate of gates) hash.add(gateText(gate))
  }
  return deepFreeze({ format: 1, hash: hash.end(), ...draft })
}
