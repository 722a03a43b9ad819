import { sha256 } from '../util/hash.ts'
import { canonicalJson, type Json } from '../util/json.ts'
import { makeGraph, sortGraph } from './graph.ts'
import type { PipelinePlan, Plan, StepPlan } from './plan.ts'
import { gateText, stepText } from './step-text.ts'

/** Pipeline -> step -> its definition. */
export type Definitions = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * definitionsOf: a plan -> for every step one SHA-256 over all that makes it what it is.
 *
 * That is the step itself, the vars it reads (through other vars too), the environment of its pipeline, the gates it waits
 * for, the whole of a pipeline that it calls, the content of the module that it uses, and the definitions of all steps
 * before it. It is what `resume --with-plan` compares, and is made of the two plans then: no run pays for it that goes on
 * as it began, and a plan that an older opsflow wrote is compared by the same rules as the new one.
 */
export function definitionsOf(plan: Plan): Definitions {
  const found = new Map<string, ReadonlyMap<string, string>>()
  const whole = new Map<string, string>()
  // callees first: the definition of a step that runs a pipeline holds all of that pipeline
  for (const name of calleesFirst(plan)) {
    const pipeline = plan.pipelines[name]!
    const definitions = definitionsIn(pipeline, plan, whole)
    const { file: _, steps: __, gates, ...head } = pipeline
    const parts = { head: head as unknown as Json, steps: [...definitions.values()], gates: gates.map(gateText) }
    whole.set(name, sha256(canonicalJson(parts)))
    found.set(name, definitions)
  }
  return found
}

function calleesFirst({ pipelines }: Plan): string[] {
  const names = Object.keys(pipelines)
  const index = new Map(names.map((name, at) => [name, at]))
  const edges = names.flatMap((name, to) =>
    pipelines[name]!.steps.flatMap(({ action }) =>
      action.kind === 'pipeline' ? [{ from: index.get(action.pipeline)!, to }] : [],
    ),
  )
  return [...sortGraph(makeGraph(names, edges)).order].map((at) => names[at]!)
}

/** The definitions of one pipeline, in the order of its steps. */
function definitionsIn(
  { steps, gates, vars, env }: PipelinePlan,
  plan: Plan,
  callees: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const around = canonicalJson(env)
  const index = new Map(steps.map((step, at) => [step.id, at]))
  // gates are nodes of their own: of many steps before many others each edge would be one too many
  const nodeOf = new Map(gates.map((gate, at) => [gate.id, steps.length + at]))
  const edges = steps.flatMap((step, to) => [
    ...step.needs.map((need) => ({ from: index.get(need.step)!, to })),
    ...step.gates.map((id) => ({ from: nodeOf.get(id)!, to })),
  ])
  for (const gate of gates)
    if (gate.before.length > 0) for (const id of gate.of) edges.push({ from: index.get(id)!, to: nodeOf.get(gate.id)! })
  const graph = makeGraph([...index.keys(), ...nodeOf.keys()], edges)
  const definitions: string[] = []
  for (const at of sortGraph(graph).order) {
    const step = steps[at]
    const own = step ? ownText(step, plan, vars, callees, around) : gateText(gates[at - steps.length]!)
    const before = [...graph.before.subarray(graph.beforeStart[at], graph.beforeStart[at + 1])]
    definitions[at] = sha256([own, ...before.map((node) => definitions[node]!).sort()].join('\n'))
  }
  return new Map(steps.map((step, at) => [step.id, definitions[at]!]))
}

/** A step as text: what it says, the vars it reads, and what stands behind the names it uses. */
function ownText(
  step: StepPlan,
  { modules }: Plan,
  vars: PipelinePlan['vars'],
  callees: ReadonlyMap<string, string>,
  env: string,
): string {
  const text = stepText(step)
  const read: { [name: string]: Json } = {}
  const open = text.includes('vars') ? [text] : []
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    for (const [, name] of source.matchAll(/\bvars\s*(?:\.\s*|\[\s*\\?["'])(\w+)/g)) {
      if (name === undefined || Object.hasOwn(read, name) || !Object.hasOwn(vars, name)) continue
      read[name] = vars[name]!
      open.push(canonicalJson(vars[name]!))
    }
  }
  const { action } = step
  const callee =
    action.kind === 'pipeline'
      ? callees.get(action.pipeline)
      : action.kind === 'action'
        ? modules[action.uses]?.sha256
        : undefined
  return [text, canonicalJson(read), env, callee ?? ''].join('\n')
}
