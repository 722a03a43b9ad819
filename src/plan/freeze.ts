import { sha256 } from '../util/hash.ts'
import { canonicalJson, deepFreeze, type Json } from '../util/json.ts'
import { makeGraph, sortGraph } from './graph.ts'
import type { CheckPlan, GatePlan, PipelinePlan, Plan, PlanDraft, StepPlan } from './plan.ts'

/**
 * Gives every step its definition hash and the plan its own (promise 3), then freezes all of it. Places (`at`, `file`) are
 * not hashed: a comment that moves a line changes nothing that was approved. Each step is written as text once.
 */
export function freezePlan(draft: PlanDraft): Plan {
  const pipelines: { [name: string]: PipelinePlan } = {}
  const hashes = new Map<string, string>()
  // callees first: the definition of a step that runs a pipeline holds all of that pipeline
  for (const name of calleesFirst(draft)) {
    const frozen = freezePipeline(draft.pipelines[name]!, draft, hashes)
    pipelines[name] = frozen.plan
    hashes.set(name, frozen.hash)
  }
  const ordered = Object.fromEntries(Object.keys(draft.pipelines).map((name) => [name, pipelines[name]!]))
  const { root, modules, people, agentLimits } = draft
  const hash = sha256(
    canonicalJson({ root, pipelines: Object.fromEntries(hashes), modules, people, agentLimits: agentLimits ?? {} }),
  )
  return deepFreeze({ format: 1, hash, ...draft, pipelines: ordered })
}

function calleesFirst({ pipelines }: PlanDraft): string[] {
  const names = Object.keys(pipelines)
  if (names.length === 1) return names
  const index = new Map(names.map((name, at) => [name, at]))
  const edges = names.flatMap((name, to) =>
    pipelines[name]!.steps.flatMap(({ action }) =>
      action.kind === 'pipeline' ? [{ from: index.get(action.pipeline)!, to }] : [],
    ),
  )
  return [...sortGraph(makeGraph(names, edges)).order].map((at) => names[at]!)
}

function freezePipeline(
  plan: PipelinePlan,
  draft: PlanDraft,
  callees: ReadonlyMap<string, string>,
): { plan: PipelinePlan; hash: string } {
  const env = canonicalJson(plan.env)
  const own = plan.steps.map((step) => ownText(step, plan, draft, callees, env))
  const index = new Map(plan.steps.map((step, at) => [step.id, at]))
  // gates are nodes of their own: of many steps before many others each edge would be one too many
  const count = plan.steps.length
  const nodeOf = new Map(plan.gates.map((gate, at) => [gate.id, count + at]))
  const edges = plan.steps.flatMap((step, to) => [
    ...step.needs.map((need) => ({ from: index.get(need.step)!, to })),
    ...step.gates.map((id) => ({ from: nodeOf.get(id)!, to })),
  ])
  for (const gate of plan.gates)
    if (gate.before.length > 0) for (const id of gate.of) edges.push({ from: index.get(id)!, to: nodeOf.get(gate.id)! })
  const graph = makeGraph([...plan.steps.map((step) => step.id), ...nodeOf.keys()], edges)
  const definitions: string[] = []
  for (const at of sortGraph(graph).order) {
    const before = [...graph.before.subarray(graph.beforeStart[at], graph.beforeStart[at + 1])].map(
      (node) => definitions[node]!,
    )
    const text = own[at] ?? canonicalJson(gateJson(plan.gates[at - count]!))
    definitions[at] = sha256([text, ...before.sort()].join('\n'))
  }
  const steps = plan.steps.map((step, at) => ({ ...step, definition: definitions[at]! }))
  const { file: _, steps: __, gates: ___, ...head } = plan
  const parts = {
    head: head as unknown as Json,
    steps: definitions.slice(0, count),
    gates: plan.gates.map(gateJson),
  }
  return { plan: { ...plan, steps }, hash: sha256(canonicalJson(parts)) }
}

/** A step as text: what it says, the vars it reads, and what stands behind the names it uses. */
function ownText(
  step: StepPlan,
  plan: PipelinePlan,
  draft: PlanDraft,
  callees: ReadonlyMap<string, string>,
  env: string,
): string {
  const text = stepText(step)
  const vars: { [name: string]: Json } = {}
  const open = text.includes('vars') ? [text] : []
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    for (const [, name] of source.matchAll(/\bvars\s*(?:\.\s*|\[\s*\\?["'])(\w+)/g)) {
      if (name === undefined || Object.hasOwn(vars, name) || !Object.hasOwn(plan.vars, name)) continue
      vars[name] = plan.vars[name]!
      open.push(canonicalJson(plan.vars[name]!))
    }
  }
  const { action } = step
  const callee =
    action.kind === 'pipeline'
      ? callees.get(action.pipeline)
      : action.kind === 'action'
        ? draft.modules[action.uses]?.sha256
        : undefined
  return [text, canonicalJson(vars), env, callee ?? ''].join('\n')
}

/** What counts of a step, sorted: all but where it is written, its hash, and checks, whose places do not count either. */
const COUNTED = [
  'action',
  'agent',
  'allowFailure',
  'cwd',
  'dueMs',
  'effects',
  'env',
  'failures',
  'foreach',
  'gates',
  'graceMs',
  'id',
  'interrupted',
  'isolation',
  'mutex',
  'needs',
  'onTimeout',
  'outputs',
  'owns',
  'permissions',
  'phase',
  'quorum',
  'repeat',
  'retry',
  'section',
  'stall',
  'task',
  'timeoutMs',
  'when',
  'with',
] as const satisfies readonly (keyof StepPlan)[]

type Uncounted = Exclude<keyof StepPlan, (typeof COUNTED)[number] | 'checks' | 'at' | 'definition'>

/** A step as one text. The compiler asks for every new key of a step: one that no hash holds could change unseen. */
function stepText(step: { readonly [key in Uncounted]: never } & StepPlan): string {
  let text = ''
  for (const key of COUNTED) {
    const value = step[key] as unknown as Json | undefined
    if (value !== undefined && !isEmpty(value))
      text += `${key}:${key === 'permissions' ? railsText(step.permissions) : canonicalJson(value)}\n`
  }
  return step.checks.length === 0 ? text : `${text}checks:${canonicalJson(step.checks.map(checkJson))}\n`
}

const rails = new WeakMap<StepPlan['permissions'], string>()

/** Most steps of a plan share one set of rails. */
function railsText(permissions: StepPlan['permissions']): string {
  let text = rails.get(permissions)
  if (text === undefined) {
    text = canonicalJson(permissions as unknown as Json)
    rails.set(permissions, text)
  }
  return text
}

/** True for a list or map that says nothing. */
function isEmpty(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false
  for (const _ in value) return false
  return true
}

function checkJson({ at: _, ...check }: CheckPlan): Json {
  return check as unknown as Json
}

function gateJson({ at: _, checks, ...gate }: GatePlan): Json {
  return { ...gate, checks: checks.map(checkJson) } as unknown as Json
}
