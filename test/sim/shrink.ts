import { CALM } from './generate-trouble.ts'
import type { Cond, PipelineSpec, Scenario, StepSpec } from './spec.ts'
import { condSteps, ROOT } from './spec.ts'

/**
 * Makes a scenario that fails as small as it gets: takes away trouble, steps, gates and features as long as `fails`
 * stays true. `budget` bounds the number of tries.
 */
export async function shrink(
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
  budget = 400,
): Promise<Scenario> {
  let best = scenario
  let left = budget
  for (let again = true; again; ) {
    again = false
    for (const smaller of simpler(best)) {
      if (left-- <= 0) return best
      if (!(await fails(smaller))) continue
      best = smaller
      again = true
      break
    }
  }
  return best
}

/** Scenarios one step simpler than this one, the largest cuts first. */
function* simpler(scenario: Scenario): Iterable<Scenario> {
  const { trouble } = scenario
  if (JSON.stringify(trouble) !== JSON.stringify(CALM)) yield { ...scenario, trouble: CALM }
  if (scenario.agents !== undefined) yield { ...scenario, agents: undefined }
  if (scenario.runs > 1) yield { ...scenario, runs: 1 }
  for (const name of ['cancel', 'hangUp', 'replan', 'doubled'] as const)
    if (trouble[name]) yield { ...scenario, trouble: { ...trouble, [name]: undefined } }
  for (const name of ['crashes', 'jumps', 'full', 'busy', 'slow', 'deaf', 'unsupervised', 'words', 'reopens'] as const)
    for (const index of trouble[name].keys())
      yield { ...scenario, trouble: { ...trouble, [name]: trouble[name].toSpliced(index, 1) } }
  for (const name of ['detached', 'rivals'] as const)
    if (trouble[name]) yield { ...scenario, trouble: { ...trouble, [name]: false } }
  if (scenario.approve.length > 0) yield { ...scenario, approve: [] }
  if (trouble.replan) yield* withoutInBoth(scenario)
  for (const pipeline of Object.values(scenario.pipelines)) {
    for (const smaller of simplerPipelines(pipeline))
      yield prune({ ...scenario, pipelines: { ...scenario.pipelines, [pipeline.name]: smaller } })
  }
  if (scenario.batching !== 'each') yield { ...scenario, batching: 'each' }
}

/** Without a step in the plan at the start and in the one that follows. */
function* withoutInBoth(scenario: Scenario): Iterable<Scenario> {
  const replan = scenario.trouble.replan!
  for (const { name, steps } of Object.values(scenario.pipelines))
    for (const { id } of steps) {
      const drop = (pipelines: Scenario['pipelines']) =>
        pipelines[name] === undefined ? pipelines : { ...pipelines, [name]: without(pipelines[name], id) }
      const trouble = { ...scenario.trouble, replan: { ...replan, pipelines: drop(replan.pipelines) } }
      yield { ...scenario, trouble, pipelines: drop(scenario.pipelines) }
    }
}

function* simplerPipelines(pipeline: PipelineSpec): Iterable<PipelineSpec> {
  for (const step of [...pipeline.steps].reverse()) yield without(pipeline, step.id)
  for (const index of pipeline.gates.keys()) yield { ...pipeline, gates: pipeline.gates.toSpliced(index, 1) }
  for (const [index, gate] of pipeline.gates.entries()) {
    for (const plain of [{ checks: [] }, { mustPass: [] }, { when: undefined }])
      if (JSON.stringify({ ...gate, ...plain }) !== JSON.stringify(gate))
        yield { ...pipeline, gates: pipeline.gates.with(index, { ...gate, ...plain }) }
  }
  if (pipeline.failFast) yield { ...pipeline, failFast: false }
  if (pipeline.timeoutMs !== undefined) yield { ...pipeline, timeoutMs: undefined }
  if (pipeline.mutex !== undefined) yield { ...pipeline, mutex: undefined }
  if (pipeline.maxParallel !== 8) yield { ...pipeline, maxParallel: 8 }
  for (const [index, step] of pipeline.steps.entries())
    for (const smaller of simplerSteps(step)) yield { ...pipeline, steps: pipeline.steps.with(index, smaller) }
}

function* simplerSteps(step: StepSpec): Iterable<StepSpec> {
  const plain: Partial<StepSpec>[] = [
    {
      action: { kind: 'run' },
      ...(step.action.kind === 'run' ? {} : { behaviour: { ...step.behaviour, hangs: false } }),
    },
    { when: undefined },
    { quorum: undefined },
    { retry: undefined },
    { foreach: undefined },
    { repeat: undefined },
    { checks: [] },
    { dueMs: undefined },
    { checks: [] },
    { failures: {} },
    { mutex: undefined },
    { allowFailure: false },
    { interrupted: 'rerun' },
    { people: step.people.slice(-1) },
    { behaviour: { ...step.behaviour, fails: 0, failure: undefined, stubborn: false } },
  ]
  // What hangs needs something that ends it.
  if (!step.behaviour.hangs) plain.push({ timeoutMs: undefined }, { stallMs: undefined })
  for (const index of step.needs.keys()) plain.push({ needs: step.needs.toSpliced(index, 1) })
  for (const part of plain) {
    const smaller = { ...step, ...part }
    if (JSON.stringify(smaller) !== JSON.stringify(step)) yield repair(smaller)
  }
}

/** Takes out what spoke of something that is not there any more. */
function repair(step: StepSpec): StepSpec {
  const known = new Set(step.needs.map((need) => need.step))
  const lost = condSteps(step.when).some((id) => !known.has(id))
  const blind = step.foreach?.from !== undefined && !known.has(step.foreach.from)
  const quorum =
    step.quorum && 'count' in step.quorum ? { count: Math.min(step.quorum.count, step.needs.length) } : step.quorum
  return {
    ...step,
    when: lost ? ({ kind: 'const', value: true } satisfies Cond) : step.when,
    foreach: blind ? { ...step.foreach!, from: undefined } : step.foreach,
    quorum: step.needs.length < 2 ? undefined : quorum,
  }
}

/** A pipeline without one of its steps, and without all that spoke of it. */
export function without(pipeline: PipelineSpec, id: string): PipelineSpec {
  return {
    ...pipeline,
    steps: pipeline.steps
      .filter((step) => step.id !== id)
      .map((step) => repair({ ...step, needs: step.needs.filter((need) => need.step !== id) })),
    gates: pipeline.gates
      .map((gate) => ({
        ...gate,
        of: gate.of.filter((other) => other !== id),
        before: gate.before.filter((other) => other !== id),
        mustPass: gate.mustPass.filter((other) => other !== id),
      }))
      .filter((gate, index) => gate.of.length > 0 && gate.before.length === pipeline.gates[index]!.before.length),
  }
}

/** Drops pipelines that nothing runs any more. */
function prune(scenario: Scenario): Scenario {
  const used = new Set([ROOT])
  for (const name of used) {
    for (const step of scenario.pipelines[name]?.steps ?? [])
      if (step.action.kind === 'pipeline') used.add(step.action.pipeline)
  }
  return {
    ...scenario,
    pipelines: Object.fromEntries(Object.entries(scenario.pipelines).filter(([name]) => used.has(name))),
  }
}
