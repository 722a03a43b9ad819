import { sha256 } from '../util/hash.ts'
import { canonicalJson, deepFreeze, type Json } from '../util/json.ts'
import { makeGraph, sortGraph } from './graph.ts'
import type { CheckPlan, GatePlan, PipelinePlan, Plan, StepPlan } from './plan.ts'

type Draft = Omit<Plan, 'hash' | 'format'>

/**
 * Gives every step its definition hash and the plan its own (promise 3), then freezes all of it. Places (`at`, `file`) are
 * not hashed: a comment that moves a line changes nothing that was approved. Each step is written as text once.
 */
export function freezePlan(draft: Draft): Plan {
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

function calleesFirst({ pipelines }: Draft): string[] {
  const names = Object.keys(pipelines)
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
  draft: Draft,
  callees: ReadonlyMap<string, string>,
): { plan: PipelinePlan; hash: string } {
  const env = canonicalJson(plan.env)
  const own = plan.steps.map((step) => ownText(step, plan, draft, callees, env))
  const gates = new Map(plan.gates.map((gate) => [gate.id, gate]))
  const index = new Map(plan.steps.map((step, at) => [step.id, at]))
  const ofGates = (step: StepPlan) => step.gates.flatMap((id) => gates.get(id)?.of ?? [])
  const edges = plan.steps.flatMap((step, to) =>
    [...step.needs.map((need) => need.step), ...ofGates(step)].map((id) => ({ from: index.get(id)!, to })),
  )
  const graph = makeGraph(
    plan.steps.map((step) => step.id),
    edges,
  )
  const definitions: string[] = []
  for (const at of sortGraph(graph).order) {
    const before = [...graph.before.subarray(graph.beforeStart[at], graph.beforeStart[at + 1])].map(
      (node) => definitions[node]!,
    )
    const judges = plan.steps[at]!.gates.map((id) => canonicalJson(gateJson(gates.get(id)!)))
    definitions[at] = sha256([own[at]!, ...before.sort(), ...judges].join('\n'))
  }
  const steps = plan.steps.map((step, at) => ({ ...step, definition: definitions[at]! }))
  const { file: _, steps: __, gates: ___, ...head } = plan
  const parts = {
    head: head as unknown as Json,
    steps: own.map((text) => sha256(text)),
    gates: plan.gates.map(gateJson),
  }
  return { plan: { ...plan, steps }, hash: sha256(canonicalJson(parts)) }
}

/** A step as text: what it says, the vars it reads, and what stands behind the names it uses. */
function ownText(
  step: StepPlan,
  plan: PipelinePlan,
  draft: Draft,
  callees: ReadonlyMap<string, string>,
  env: string,
): string {
  const { at: _, definition: __, checks, ...rest } = step
  const text = canonicalJson({ ...rest, checks: checks.map(checkJson) } as unknown as Json)
  const vars: { [name: string]: Json } = {}
  const collect = (source: string): void => {
    for (const [, name] of source.matchAll(/\bvars\s*(?:\.\s*|\[\s*\\?["'])(\w+)/g)) {
      if (name === undefined || name in vars || !Object.hasOwn(plan.vars, name)) continue
      vars[name] = plan.vars[name]!
      collect(canonicalJson(plan.vars[name]!))
    }
  }
  if (text.includes('vars')) collect(text)
  const { action } = step
  const callee =
    action.kind === 'pipeline'
      ? callees.get(action.pipeline)
      : action.kind === 'action'
        ? draft.modules[action.uses]?.sha256
        : undefined
  return [text, canonicalJson(vars), env, callee ?? ''].join('\n')
}

function checkJson({ at: _, ...check }: CheckPlan): Json {
  return check as unknown as Json
}

function gateJson({ at: _, checks, ...gate }: GatePlan): Json {
  return { ...gate, checks: checks.map(checkJson) } as unknown as Json
}
