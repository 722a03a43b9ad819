import { type Features, generateStep } from './generate-step.ts'
import type { Random } from './random.ts'
import { without } from './shrink.ts'
import type { PipelineSpec, Scenario, StepSpec } from './spec.ts'
import { ROOT } from './spec.ts'

type Pipelines = Scenario['pipelines']

/** The pipelines as somebody changed them while the run waited: a step says something else, is gone, or is new. */
export function changePipelines(pipelines: Pipelines, source: Random, features: Features): Pipelines {
  let changed = pipelines
  const count = source.int(1, 3)
  for (let index = 0; index < count; index++) changed = changeOne(changed, source.fork(index), features, index)
  return changed === pipelines ? reword(changed, ROOT, source) : changed
}

function changeOne(pipelines: Pipelines, source: Random, features: Features, index: number): Pipelines {
  const root = pipelines[ROOT]!
  const put = (pipeline: PipelineSpec): Pipelines => ({ ...pipelines, [pipeline.name]: pipeline })
  switch (source.pick(['reword', 'reword', 'child', 'drop', 'add', 'gate'] as const)) {
    case 'reword':
      return reword(pipelines, ROOT, source)
    case 'child':
      return reword(pipelines, source.pick(Object.keys(pipelines)), source)
    case 'drop': {
      const steps = root.steps.filter((step) => step.section === 'steps')
      if (steps.length < 2) return pipelines
      const smaller = without(root, source.pick(steps).id)
      return smaller.steps.some((step) => step.section === 'steps') ? put(smaller) : pipelines
    }
    case 'add':
      return put(add(root, `new${index}`, source, features))
    case 'gate': {
      if (root.gates.length === 0) return pipelines
      const at = source.int(0, root.gates.length - 1)
      const gate = root.gates[at]!
      return put({ ...root, gates: root.gates.with(at, { ...gate, success: gate.success === 0.5 ? 0.8 : 0.5 }) })
    }
  }
}

/** The text of one step is another. */
function reword(pipelines: Pipelines, name: string, source: Random): Pipelines {
  const pipeline = pipelines[name]!
  const at = source.int(0, pipeline.steps.length - 1)
  const step = pipeline.steps[at]!
  // Not every kind of step has a text; what every step has is how long it may take to end.
  const other: StepSpec = { ...step, edition: step.edition + 1, graceMs: step.graceMs + 1 }
  return { ...pipelines, [name]: { ...pipeline, steps: pipeline.steps.with(at, other) } }
}

/** A new step among the others, which a later one may need. */
function add(root: PipelineSpec, id: string, source: Random, features: Features): PipelineSpec {
  const steps = root.steps.filter((step) => step.section === 'steps')
  const at = source.int(0, steps.length)
  const before = steps.slice(0, at)
  const needs = source.shuffle(before.map((step) => step.id)).slice(0, source.int(0, 2))
  const made = generateStep(id, source.fork(id), { ...features, foreachAtRunTime: false }, needs, before, [])
  const eager = source.chance(0.5) ? source.int(at, steps.length) : -1
  const rest = root.steps.slice(at).map((step, index) => {
    if (at + index !== eager || step.quorum || step.section === 'finally') return step
    return { ...step, needs: [...step.needs, { step: id, on: 'completed' as const }] }
  })
  return { ...root, steps: [...before, made, ...rest] }
}
