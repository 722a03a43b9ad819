import type { CheckPlan, GatePlan, PipelinePlan, Plan, StepPlan } from '../../src/plan/plan.ts'

export type StepDraft = Partial<Omit<StepPlan, 'id' | 'needs'>> & {
  /** A list is `ok` of each, as in YAML. */
  readonly needs?: readonly string[] | StepPlan['needs']
}

/** A step that runs a command, with all that is left out as the compiler would fill it in. */
function step(id: string, draft: StepDraft = {}): StepPlan {
  const { needs = [], ...rest } = draft
  return {
    id,
    section: 'steps',
    action: { kind: 'run', script: id, shell: 'sh' },
    needs: needs.map((need) => (typeof need === 'string' ? { step: need, on: 'ok' as const } : need)),
    gates: [],
    quorum: undefined,
    when: undefined,
    timeoutMs: undefined,
    graceMs: 2000,
    dueMs: undefined,
    onTimeout: 'fail',
    stall: undefined,
    failures: {},
    retry: undefined,
    allowFailure: false,
    effects: 'workspace',
    interrupted: 'rerun',
    foreach: undefined,
    repeat: undefined,
    mutex: undefined,
    isolation: undefined,
    owns: [],
    outputs: {},
    checks: [],
    env: {},
    cwd: undefined,
    with: {},
    agent: undefined,
    task: undefined,
    phase: undefined,
    permissions: { allow: [], deny: [], ask: {} },
    at: `test.yaml:${id}`,
    ...rest,
  }
}

export function gate(id: string, draft: Partial<GatePlan> = {}): GatePlan {
  return {
    id,
    level: 'mandatory',
    when: undefined,
    paths: [],
    of: [],
    success: undefined,
    mustPass: [],
    before: [],
    bypass: 'never',
    checks: [],
    at: `test.yaml:${id}`,
    ...draft,
  }
}

/** A check by a program. */
export function check(id: string, draft: Partial<CheckPlan> = {}): CheckPlan {
  const action = { kind: 'run' as const, script: id, shell: 'sh' as const }
  return {
    id,
    title: undefined,
    level: 'mandatory',
    when: undefined,
    paths: [],
    timeoutMs: undefined,
    judge: { kind: 'step', action, with: {}, env: {} },
    at: `test.yaml:${id}`,
    ...draft,
  }
}

export type Steps = { readonly [id: string]: StepDraft }
export type PipelineDraft = Partial<Omit<PipelinePlan, 'steps' | 'name'>> & {
  readonly steps: Steps
  readonly finally?: Steps
}

function pipeline(name: string, draft: PipelineDraft): PipelinePlan {
  const { steps, finally: last = {}, ...rest } = draft
  const gates = rest.gates ?? []
  const waitsFor = (id: string): string[] => gates.filter((each) => each.before.includes(id)).map((each) => each.id)
  return {
    name,
    file: `${name}.yaml`,
    description: undefined,
    inputs: {},
    vars: {},
    outputs: {},
    nextSteps: [],
    gates: [],
    timeoutMs: undefined,
    finallyTimeoutMs: 300_000,
    failFast: false,
    maxParallel: 8,
    mutex: undefined,
    isolation: undefined,
    secrets: [],
    env: {},
    signals: { accepts: [], emits: [] },
    ...rest,
    steps: [
      ...Object.entries(steps).map(([id, given]) => step(id, { gates: waitsFor(id), ...given })),
      ...Object.entries(last).map(([id, given]) => step(id, { section: 'finally', ...given })),
    ],
  }
}

/** A plan whose first pipeline is the one that runs. */
export function planOf(root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}): Plan {
  const pipelines = { main: pipeline('main', root) } as { [name: string]: PipelinePlan }
  for (const [name, draft] of Object.entries(others)) pipelines[name] = pipeline(name, draft)
  return {
    format: 1,
    hash: 'hash',
    root: 'main',
    pipelines,
    modules: {},
    people: { maintainers: ['alice', 'bob'], ARCHITECT: ['bob'] },
  }
}
