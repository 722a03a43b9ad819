import { freezePlan } from '../../src/plan/freeze.ts'
import type { CheckPlan, GatePlan, PipelinePlan, Plan, StepAction, StepPlan } from '../../src/plan/plan.ts'
import type { Json } from '../../src/util/json.ts'
import { flagOf } from './processes.ts'
import {
  type CheckSpec,
  condText,
  type GateSpec,
  type PipelineSpec,
  ROOT,
  type Scenario,
  type StepSpec,
} from './spec.ts'

/** Who may do what in every simulated plan. */
const PEOPLE = { crew: ['ann', 'ben', 'sam'], boss: ['bea'] } as const
/** The person who started every simulated run. */
export const STARTER = { name: 'sam' }

/** The frozen plan of a scenario. */
export function planOf(pipelines: Scenario['pipelines'], agents: number | undefined): Plan {
  const plans = Object.fromEntries(Object.values(pipelines).map((spec) => [spec.name, pipelinePlan(spec)]))
  return freezePlan({
    root: ROOT,
    pipelines: plans,
    modules: {},
    people: PEOPLE,
    ...(agents && { agentLimits: { worker: agents } }),
  })
}

const INPUTS = {
  flag: { type: 'boolean', default: true },
  list: { type: 'array', default: [] },
} as const

function pipelinePlan(spec: PipelineSpec): PipelinePlan {
  return {
    name: spec.name,
    file: `${spec.name}.yaml`,
    description: undefined,
    inputs: INPUTS,
    vars: {},
    outputs: {},
    nextSteps: [],
    steps: spec.steps.map((step, index) => stepPlan(step, spec, index)),
    gates: spec.gates.map((gate, index) => gatePlan(gate, spec, index)),
    timeoutMs: spec.timeoutMs,
    finallyTimeoutMs: spec.finallyTimeoutMs,
    failFast: spec.failFast,
    maxParallel: spec.maxParallel,
    mutex: spec.mutex,
    isolation: undefined,
    secrets: [],
    env: {},
    signals: { accepts: [], emits: [] },
  }
}

function stepPlan(step: StepSpec, pipeline: PipelineSpec, index: number): StepPlan {
  return {
    id: step.id,
    section: step.section,
    action: actionOf(step),
    needs: step.needs,
    gates: pipeline.gates.filter((gate) => gate.before.includes(step.id)).map((gate) => gate.id),
    quorum: step.quorum,
    when: step.when === undefined ? undefined : condText(step.when),
    timeoutMs: step.timeoutMs,
    graceMs: step.graceMs,
    dueMs: step.dueMs,
    onTimeout: step.onTimeout,
    // biome-ignore lint/suspicious/noThenProperty: the plan has a key of this name
    stall: step.stallMs === undefined ? undefined : { idleMs: step.stallMs, nudge: 0, then: 'kill' },
    failures: Object.fromEntries(
      Object.entries(step.failures).map(([name, repairs]) => [
        name,
        {
          match: name,
          exit: undefined,
          hint: `see ${name}`,
          recover: repairs
            ? { action: { kind: 'run' as const, script: 'repair', shell: 'sh' as const }, with: {}, timeoutMs: 60_000 }
            : undefined,
        },
      ]),
    ),
    retry: step.retry && { ...step.retry, factor: 2, maxMs: 60_000, jitter: 0.2 },
    allowFailure: step.allowFailure,
    effects: step.effects,
    interrupted: step.interrupted,
    foreach: step.foreach && {
      items:
        step.foreach.from === undefined
          ? itemsOf(step.foreach)
          : (`\${{ steps.${step.foreach.from}.outputs.items_${step.id} }}` as Json),
      key: '${{ item.id }}',
      needs: '${{ item.needs }}',
      maxParallel: step.foreach.maxParallel,
    },
    repeat: step.repeat && {
      until: untilOf(step),
      max: step.repeat.max,
      delayMs: step.repeat.delayMs,
      onMax: step.repeat.onMax,
    },
    mutex: step.mutex,
    isolation: undefined,
    owns: [],
    outputs: {
      flag: { type: 'boolean', optional: true },
      done: { type: 'boolean', optional: true },
      ...Object.fromEntries(
        pipeline.steps.flatMap((other) =>
          other.foreach?.from === step.id ? [[`items_${other.id}`, { type: 'array', optional: true } as const]] : [],
        ),
      ),
    },
    checks: step.checks.map((check) => checkPlan(check)),
    env: {},
    cwd: undefined,
    with: step.action.kind === 'signal' ? { flag: flagOf(step) } : {},
    agent: step.agent ? 'worker' : undefined,
    task: step.agent ? 'work' : undefined,
    phase: undefined,
    permissions: { allow: [], deny: [], ask: {} },
    at: `${pipeline.name}.yaml:${index + 2}`,
  }
}

/** A sub-pipeline has no output of its own here, so its repeat ends at once or never. */
function untilOf(step: StepSpec): string {
  if (step.action.kind === 'run') return 'outputs.done == true'
  return step.repeat!.passes === 1 ? 'true' : 'false'
}

/** The list that a foreach is made over, as data. */
export function itemsOf(foreach: NonNullable<StepSpec['foreach']>): Json {
  return foreach.items.map((item) => ({ id: item.key, needs: item.needs }))
}

function actionOf(step: StepSpec): StepAction {
  switch (step.action.kind) {
    case 'run':
      return { kind: 'run', script: `work ${step.edition}`, shell: 'sh' }
    case 'pipeline':
      return { kind: 'pipeline', pipeline: step.action.pipeline }
    case 'approval':
      return {
        kind: 'approval',
        prompt: `Go on with ${step.id}?`,
        show: undefined,
        from: step.action.from,
        self: step.action.self,
      }
    case 'ask':
      return {
        kind: 'ask',
        prompt: `What about ${step.id}?`,
        from: step.action.from,
        answer: { flag: { type: 'boolean' } },
      }
    case 'timer':
      return { kind: 'wait', forMs: step.action.ms }
    case 'listen':
      return { kind: 'wait', signal: step.action.signal, when: step.action.picky ? 'payload.flag == true' : undefined }
    case 'signal':
      return { kind: 'signal', signal: step.action.signal }
  }
}

/** What a check or a gate says of files, where it is about any. */
function pathsOf(spec: { readonly touched: boolean | undefined }): readonly string[] {
  return spec.touched === undefined ? [] : ['src/**']
}

function checkPlan(check: CheckSpec): CheckPlan {
  return {
    id: check.id,
    title: undefined,
    level: check.level,
    when: undefined,
    paths: pathsOf(check),
    timeoutMs: check.by === 'person' ? undefined : 60_000,
    judge:
      check.by === 'person'
        ? { kind: 'ask', from: ['crew'] }
        : { kind: 'step', action: { kind: 'run', script: 'judge', shell: 'sh' }, with: {}, env: {} },
    at: 'main.yaml:1',
  }
}

function gatePlan(gate: GateSpec, pipeline: PipelineSpec, index: number): GatePlan {
  return {
    id: gate.id,
    level: gate.level,
    when: gate.when === undefined ? undefined : condText(gate.when),
    paths: pathsOf(gate),
    of: gate.of,
    success: gate.success,
    mustPass: gate.mustPass,
    before: gate.before,
    bypass: gate.bypass === 'never' ? 'never' : { by: gate.bypass },
    checks: gate.checks.map((check) => checkPlan(check)),
    at: `${pipeline.name}.yaml:${100 + index}`,
  }
}
