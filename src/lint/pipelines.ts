import type { Location } from '../diagnostics/diagnostic.ts'
import type { Document, Path } from '../document/document.ts'
import type { PipelinePlan, StepPlan } from '../plan/plan.ts'
import type { Json, JsonObject } from '../util/json.ts'
import type { LintContext } from './rule.ts'

/** A pipeline among the linted files that compiles, beside the text it was written in. */
export interface LintedPipeline {
  readonly document: Document
  readonly plan: PipelinePlan
  readonly steps: readonly LintedStep[]
}

/** A step with the way to it in its file. */
export interface LintedStep {
  readonly document: Document
  readonly path: Path
  readonly plan: StepPlan
  /** What the step itself says, without what it inherits. */
  readonly written: JsonObject
  /** The place of its id. */
  readonly at: Location
}

const known = new WeakMap<LintContext, readonly LintedPipeline[]>()

/** The linted pipelines that compile, in the order of their files; looked for once, for all rules. */
export function pipelinesOf(context: LintContext): readonly LintedPipeline[] {
  const found = known.get(context) ?? find(context)
  known.set(context, found)
  return found
}

function find({ files, plans }: LintContext): readonly LintedPipeline[] {
  return files.flatMap(({ document, checked }) => {
    if (checked?.kind !== 'pipeline') return []
    const name = checked.value.pipeline
    const plan = plans.get(name)?.pipelines[name]
    if (plan === undefined) return []
    const steps = plan.steps.flatMap((step): LintedStep[] => {
      const path = [step.section, step.id]
      const written = valueAt(document.value, path)
      if (written === null || typeof written !== 'object' || Array.isArray(written)) return []
      return [{ document, path, plan: step, written: written as JsonObject, at: document.locate(path, 'key') }]
    })
    return [{ document, plan, steps }]
  })
}

function valueAt(value: Json, path: Path): Json | undefined {
  let at: Json | undefined = value
  for (const part of path) at = at !== null && typeof at === 'object' ? (at as JsonObject)[part] : undefined
  return at
}

/** Kinds that run something of the user's: what a timeout or a retry is for. */
export function runsSomething({ action }: StepPlan): boolean {
  return action.kind === 'run' || action.kind === 'action' || action.kind === 'http'
}
