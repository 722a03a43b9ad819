import type { Effects, NeedOn, PipelinePlan, Plan, StepAction, StepPlan } from './plan.ts'
import { type Bound, mainGraph, stepBound, type WorstCase, worstCase } from './worst-time.ts'

/** A plan as a person or a program looks at it: what `opsflow plan` prints. Plain JSON; times in milliseconds. */
export interface Outline {
  readonly plan: string
  readonly root: string
  readonly people: { readonly [role: string]: readonly string[] }
  /** The one that was asked for first, then those it calls. */
  readonly pipelines: readonly PipelineOutline[]
}

export interface PipelineOutline {
  readonly name: string
  readonly file: string
  readonly description: string | null
  readonly inputs: readonly {
    readonly name: string
    readonly type: string
    readonly required: boolean
    readonly description: string | null
  }[]
  readonly outputs: readonly { readonly name: string; readonly deliverable: string | null }[]
  /** Step ids by the earliest moment they can start. A picture, not a barrier: each starts when its own needs are met. */
  readonly waves: readonly (readonly string[])[]
  readonly steps: readonly StepOutline[]
  readonly gates: readonly {
    readonly id: string
    readonly level: 'mandatory' | 'advisory'
    readonly of: readonly string[]
    readonly success: number | null
    readonly mustPass: readonly string[]
    readonly before: readonly string[]
    readonly bypass: readonly string[]
    readonly checks: readonly string[]
  }[]
  readonly criticalPath: readonly string[]
  readonly worstCase: { readonly work: TimeOutline; readonly elapsed: TimeOutline }
  readonly maxParallel: number | string
  readonly effects: Effects
  readonly secrets: readonly string[]
}

/** `limited: false`: there is no limit, for these reasons. */
export interface TimeOutline {
  readonly ms: number | null
  readonly limited: boolean
  readonly reasons: readonly string[]
}

export interface StepOutline {
  readonly id: string
  readonly section: 'steps' | 'finally'
  readonly kind: string
  /** What it does, in one line. */
  readonly does: string
  readonly needs: readonly { readonly step: string; readonly on: NeedOn }[]
  readonly gates: readonly string[]
  readonly when: string | null
  readonly effects: Effects
  readonly interrupted: 'rerun' | 'fail' | 'ask'
  readonly timeout: number | string | null
  readonly attempts: number | string
  readonly foreach: boolean
  readonly repeat: number | string | null
  readonly allowFailure: boolean
  readonly agent: string | null
  readonly task: string | null
  readonly checks: readonly string[]
  readonly mutex: string | null
  /** `2` or `80%` of its needs. */
  readonly quorum: string | null
  readonly permissions: StepPlan['permissions']
  readonly owns: readonly string[]
  readonly worstCase: TimeOutline
  readonly at: string
}

/** The outline of a plan. */
export function outline(plan: Plan): Outline {
  const known = new Map<string, WorstCase>()
  const names = [plan.root, ...Object.keys(plan.pipelines).filter((name) => name !== plan.root)]
  return {
    plan: plan.hash,
    root: plan.root,
    people: plan.people,
    pipelines: names.map((name) => pipelineOutline(plan, plan.pipelines[name]!, known)),
  }
}

function pipelineOutline(plan: Plan, pipeline: PipelinePlan, known: Map<string, WorstCase>): PipelineOutline {
  const worst = worstCase(plan, pipeline.name, known)
  const { waves } = mainGraph(pipeline)
  const effects = (['external', 'workspace'] as const).find((level) =>
    pipeline.steps.some((step) => step.effects === level),
  )
  return {
    name: pipeline.name,
    file: pipeline.file,
    description: pipeline.description ?? null,
    inputs: Object.entries(pipeline.inputs).map(([name, schema]) => ({
      name,
      type: schema.enum ? schema.enum.map((value) => JSON.stringify(value)).join(' | ') : (schema.type ?? 'any'),
      required: schema.default === undefined && schema.optional !== true,
      description: schema.description ?? null,
    })),
    outputs: Object.entries(pipeline.outputs).map(([name, { deliverable }]) => ({
      name,
      deliverable: deliverable ?? null,
    })),
    waves,
    steps: pipeline.steps.map((step) => stepOutline(plan, pipeline, step, known)),
    gates: pipeline.gates.map((gate) => ({
      id: gate.id,
      level: gate.level,
      of: gate.of,
      success: gate.success ?? null,
      mustPass: gate.mustPass,
      before: gate.before,
      bypass: gate.bypass === 'never' ? [] : gate.bypass.by,
      checks: gate.checks.map((check) => check.title ?? check.id),
    })),
    criticalPath: worst.criticalPath,
    worstCase: { work: timeOutline(worst.work), elapsed: timeOutline(worst.elapsed) },
    maxParallel: pipeline.maxParallel,
    effects: effects ?? 'none',
    secrets: pipeline.secrets,
  }
}

function stepOutline(plan: Plan, pipeline: PipelinePlan, step: StepPlan, known: Map<string, WorstCase>): StepOutline {
  return {
    id: step.id,
    section: step.section,
    kind: step.agent === undefined ? step.action.kind : 'agent',
    does: whatItDoes(step),
    needs: step.needs,
    gates: step.gates,
    when: step.when ?? null,
    effects: step.effects,
    interrupted: step.interrupted,
    timeout: step.timeoutMs ?? null,
    attempts: step.retry?.attempts ?? 1,
    foreach: step.foreach !== undefined,
    repeat: step.repeat?.max ?? null,
    allowFailure: step.allowFailure,
    agent: step.agent ?? null,
    task: step.task ?? null,
    checks: step.checks.map((check) => check.title ?? check.id),
    mutex: step.mutex ?? null,
    quorum: quorumText(step.quorum),
    permissions: step.permissions,
    owns: step.owns,
    worstCase: timeOutline(stepBound(plan, pipeline, step, known, 'elapsed')),
    at: step.at,
  }
}

function quorumText(quorum: StepPlan['quorum']): string | null {
  if (quorum === undefined) return null
  return 'count' in quorum ? String(quorum.count) : `${Math.round(quorum.share * 100)}%`
}

function timeOutline(bound: Bound): TimeOutline {
  const limited = bound.open.length === 0
  return { ms: limited ? Math.round(bound.ms) : null, limited, reasons: bound.open }
}

/** One line for a person: `npm test`, `release-manager: publish`, `asks maintainers`. */
function whatItDoes(step: StepPlan): string {
  if (step.agent !== undefined) return `${step.agent}: ${step.task}`
  return actionLine(step.action)
}

function actionLine(action: StepAction): string {
  switch (action.kind) {
    case 'run': {
      if (!('script' in action))
        return action.argv.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ')
      const lines = action.script
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'))
      return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? '')
    }
    case 'action':
      return action.uses
    case 'http':
      return `${action.method} ${typeof action.url === 'string' ? action.url : JSON.stringify(action.url)}`
    case 'pipeline':
      return `pipeline ${action.pipeline}`
    case 'signal':
      return `sends ${action.signal}`
    case 'approval':
      return `approval by ${action.from.length > 0 ? action.from.join(' or ') : 'anyone'}${action.self ? '' : ', not the starter'}`
    case 'ask':
      return `asks ${action.from.length > 0 ? action.from.join(' or ') : 'anyone'}`
    case 'wait':
      return 'signal' in action
        ? `waits for ${action.signal}`
        : `waits ${typeof action.forMs === 'number' ? `${action.forMs / 1000}s` : action.forMs}`
  }
}
