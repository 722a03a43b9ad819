import { changePipelines } from './generate-replan.ts'
import { FEATURES, type Features, generateStep, pickTouched } from './generate-step.ts'
import { BYPASS_MS, generateTrouble } from './generate-trouble.ts'
import { type Random, random } from './random.ts'
import type { CheckSpec, Cond, GateSpec, PipelineSpec, Scenario, StepSpec } from './spec.ts'
import { ROOT } from './spec.ts'

/** What a test wants of its scenarios; left out: whatever the seed gives. */
export interface Wishes {
  /** Features that must be in, or must not. */
  readonly features?: Partial<Features>
  readonly maxSteps?: number
  /** No crash, cancel, jump, full disk: the plan alone. */
  readonly calm?: boolean
  /** The run is opened again by intent, or goes on by another plan. */
  readonly reopened?: boolean
  readonly replanned?: boolean
}

/** Makes the scenario of a seed: a small one more often than a large one, each with its own handful of features. */
export function generate(seed: number, wishes: Wishes = {}): Scenario {
  const source = random(seed)
  const features = pickFeatures(source.fork('features'), wishes)
  const size = source.fork('size')
  const wanted = size.weighted([
    [2, size.int(1, 3)],
    [2, size.int(4, 11)],
    [5, size.int(12, 20)],
    [1, size.int(21, 40)],
  ])
  const count = Math.min(wanted, wishes.maxSteps ?? 40)
  const children: PipelineSpec[] = []
  if (features.subPipelines) {
    const inner = { ...features, subPipelines: false, pipelineTimeout: false }
    children.push(generatePipeline('child', source.fork('child'), inner, size.int(1, 4), []))
    if (size.chance(0.3))
      children.push(generatePipeline('nest', source.fork('nest'), features, size.int(1, 3), ['child']))
  }
  const names = children.map((child) => child.name)
  const root = generatePipeline(ROOT, source.fork('root'), features, count, names)
  const pipelines = Object.fromEntries([root, ...children].map((pipeline) => [pipeline.name, pipeline]))
  const approve = features.approveBefore
    ? root.steps.filter(({ action }) => action.kind === 'approval').map(({ id }) => id)
    : []
  const contend = source.fork('runs')
  const runs = features.mutex && contend.chance(0.6) ? contend.int(2, 3) : 1
  return {
    seed,
    pipelines,
    approve: approve.filter((_, index) => index % 3 !== 2),
    agents: features.agentLimits ? source.fork('agents').int(1, 3) : undefined,
    runs,
    batching: source.fork('batching').pick(['each', 'together', 'lagged'] as const),
    trouble: generateTrouble(source.fork('trouble'), wishes, runs, () =>
      changePipelines(pipelines, source.fork('replan'), features),
    ),
  }
}

function pickFeatures(source: Random, wishes: Wishes): Features {
  const rich = source.weighted([
    [3, 0.15],
    [4, 0.35],
    [2, 0.7],
  ])
  const picked = Object.fromEntries(FEATURES.map((name) => [name, source.chance(rich)])) as unknown as Features
  return { ...picked, ...wishes.features }
}

function generatePipeline(
  name: string,
  source: Random,
  features: Features,
  count: number,
  children: readonly string[],
): PipelineSpec {
  const steps: StepSpec[] = []
  const shape = source.pick(['chain', 'wide', 'layers', 'any'] as const)
  for (let index = 0; index < count; index++) {
    const id = `${name[0]}${index}`
    steps.push(generateStep(id, source.fork(id), features, pickNeeds(source, shape, steps), steps, children))
  }
  const gates = features.gates ? generateGates(source.fork('gates'), steps, features) : []
  if (features.finally) {
    const last = generateStep(
      `${name[0]}end`,
      source.fork('finally'),
      { ...features, people: false, crashPolicies: false },
      [],
      [],
      [],
    )
    steps.push({ ...last, section: 'finally', when: source.chance(0.5) ? finallyCond(source) : undefined })
  }
  return {
    name,
    steps,
    gates,
    failFast: features.failFast,
    maxParallel: source.weighted([
      [2, 8],
      [2, 1],
      [2, 2],
      [1, 3],
    ]),
    timeoutMs: features.pipelineTimeout ? source.int(5, 60) * 1000 : undefined,
    mutex: features.mutex && source.chance(0.2) ? 'whole' : undefined,
    finallyTimeoutMs: source.pick([300_000, 20_000, 4000]),
  }
}

function finallyCond(source: Random): Cond {
  return { kind: 'run-outcome', equal: source.chance(0.5), outcome: source.pick(['succeeded', 'failed', 'cancelled']) }
}

function pickNeeds(
  source: Random,
  shape: 'chain' | 'wide' | 'layers' | 'any',
  before: readonly StepSpec[],
): readonly string[] {
  if (before.length === 0) return []
  const last = before.at(-1)!.id
  switch (shape) {
    case 'chain':
      return [last]
    case 'wide':
      return source.chance(0.3) ? [before[0]!.id] : []
    case 'layers': {
      const width = 3
      const layer = Math.floor(before.length / width)
      if (layer === 0) return []
      const above = before.slice((layer - 1) * width, layer * width).map((step) => step.id)
      return source.chance(0.5) ? above : [source.pick(above)]
    }
    case 'any': {
      const all = source.shuffle(before.map((step) => step.id))
      return all.slice(0, source.int(0, Math.min(3, all.length)))
    }
  }
}

/** Steps that come before one of `ids` by needs, themselves left out. */
function ancestors(ids: readonly string[], steps: readonly StepSpec[]): string[] {
  const found = new Set<string>()
  const visit = (id: string): void => {
    for (const need of steps.find((step) => step.id === id)?.needs ?? []) {
      if (found.has(need.step)) continue
      found.add(need.step)
      visit(need.step)
    }
  }
  for (const id of ids) visit(id)
  return steps.filter((step) => found.has(step.id)).map((step) => step.id)
}

function generateGates(source: Random, steps: readonly StepSpec[], features: Features): GateSpec[] {
  const gates: GateSpec[] = []
  const count = source.int(1, 2)
  for (let index = 0; index < count; index++) {
    const candidates = steps.filter((step) => step.needs.length > 0).map((step) => step.id)
    const before = candidates.length > 0 && source.chance(0.7) ? [source.pick(candidates)] : []
    const all = before.length > 0 ? ancestors(before, steps) : steps.map((step) => step.id)
    const own = source.fork(`bypass${index}`)
    // Judged while other needs of what waits for it go on: then a bypass may be over before anything could start.
    const of = before.length > 0 && own.chance(0.5) ? own.shuffle(all).slice(0, 1) : all
    const bypass = source.chance(0.5) ? (['boss'] as const) : 'never'
    gates.push({
      id: `gate${index}`,
      level: source.chance(0.75) ? 'mandatory' : 'advisory',
      when: source.chance(0.1) ? { kind: 'input', value: source.chance(0.5) } : undefined,
      of,
      success: source.chance(0.7) ? source.pick([0.5, 0.8, 1]) : undefined,
      mustPass: source.chance(0.3) ? [source.pick(of)] : [],
      before,
      bypass,
      checks: source.chance(0.3) ? [probe(source, features)] : [],
      touched: pickTouched(source, features),
      people:
        bypass === 'never'
          ? undefined
          : {
              afterMs: own.chance(0.5) ? own.int(1, 30) * 100 : source.int(1, 120) * 1000,
              verb: source.chance(0.7) ? 'bypass' : 'reject',
              expiresMs: own.pick(BYPASS_MS),
            },
    })
  }
  const own = source.fork('held')
  return own.chance(0.9) ? [...gates, ...heldGate(own, steps)] : gates
}

/** A gate that fails, and that somebody lets pass for a while: long enough for what waits for it, or not. */
function heldGate(source: Random, steps: readonly StepSpec[]): GateSpec[] {
  const candidates = steps.filter((step) => step.needs.length > 0 && step.quorum === undefined)
  if (candidates.length === 0) return []
  // One of the first, to which runs come.
  const before = [source.pick(candidates.slice(0, 3)).id]
  return [
    {
      id: 'held',
      level: 'mandatory',
      when: undefined,
      of: [source.pick(ancestors(before, steps))],
      success: undefined,
      mustPass: [],
      before,
      bypass: ['boss'],
      checks: [{ id: 'probe', level: 'mandatory', fails: 99, by: 'program', touched: undefined }],
      touched: undefined,
      people: { afterMs: source.int(1, 30) * 100, verb: 'bypass', expiresMs: source.pick(BYPASS_MS.slice(1)) },
    },
  ]
}

function probe(source: Random, features: Features): CheckSpec {
  return {
    id: 'probe',
    level: source.chance(0.7) ? 'mandatory' : 'advisory',
    fails: source.chance(0.4) ? 99 : 0,
    by: features.askChecks && source.chance(0.5) ? 'person' : 'program',
    touched: pickTouched(source, features),
  }
}
