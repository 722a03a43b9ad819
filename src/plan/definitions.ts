import { sha256 } from '../util/hash.ts'
import { canonicalJson, type Json, type JsonObject } from '../util/json.ts'
import { own } from '../util/own.ts'
import { actionsOf } from './actions-of.ts'
import { makeGraph, sortGraph } from './graph.ts'
import type { GatePlan, PipelinePlan, Plan, StepPlan } from './plan.ts'
import { readsOf } from './reads.ts'
import { gateText, headText, namedText, stepText } from './step-text.ts'

/** By pipeline: what each of its steps is, with all that stands before it, and what each of its gates is. */
export type Definitions = ReadonlyMap<string, PipelineDefinitions>

interface PipelineDefinitions {
  readonly steps: ReadonlyMap<string, string>
  readonly gates: ReadonlyMap<string, string>
}

/**
 * definitionsOf: a plan and the inputs of its run -> for every step and gate one SHA-256 over all that makes it what it is.
 *
 * That is the step or gate itself, the vars and inputs it reads (through other vars too), the environment of its pipeline
 * and what that reads, where the pipeline works, the whole of a pipeline that it calls, the content of the modules that
 * its action, its checks and its repairs use; of a step also the gates it waits for and all steps before it. It is what
 * `resume --with-plan` compares, and is made of the two plans then: no run pays for it that goes on as it began, and a
 * plan that an older opsflow wrote is compared by the same rules as the new one.
 *
 * Who may decide (`people`) is no part of it: what was decided stays decided, and what is open is asked anew (run/replan.ts).
 */
export function definitionsOf(plan: Plan, inputs: JsonObject = {}): Definitions {
  const found = new Map<string, PipelineDefinitions>()
  const whole = new Map<string, string>()
  // callees first: the definition of a step that runs a pipeline holds all of that pipeline
  for (const name of calleesFirst(plan)) {
    const pipeline = plan.pipelines[name]!
    const definitions = definitionsIn(pipeline, plan, whole, name === plan.root ? inputs : undefined)
    const { steps, gates } = definitions
    whole.set(name, sha256(canonicalJson([headText(pipeline), [...steps.values()], [...gates.values()]])))
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

/** The definitions of one pipeline, in the order of its steps and gates. */
function definitionsIn(
  pipeline: PipelinePlan,
  plan: Plan,
  callees: ReadonlyMap<string, string>,
  inputs: JsonObject | undefined,
): PipelineDefinitions {
  const { steps, gates, env, isolation } = pipeline
  const reads = readsOf(pipeline, inputs)
  const around = canonicalJson([namedText(env), reads(env), isolation ?? null])
  const ownOf = (node: StepPlan | GatePlan, text: string): string =>
    sha256(canonicalJson([text, reads(node as unknown as Json), around, launched(node, plan, callees)]))
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
  const ofGates = gates.map((gate) => ownOf(gate, gateText(gate)))
  const definitions: string[] = []
  for (const at of sortGraph(graph).order) {
    const step = steps[at]
    const itself = step ? ownOf(step, stepText(step)) : ofGates[at - steps.length]!
    const before = [...graph.before.subarray(graph.beforeStart[at], graph.beforeStart[at + 1])]
    definitions[at] = sha256([itself, ...before.map((node) => definitions[node]!).sort()].join('\n'))
  }
  return {
    steps: new Map(steps.map((step, at) => [step.id, definitions[at]!])),
    gates: new Map(gates.map((gate, at) => [gate.id, ofGates[at]!])),
  }
}

/** What stands behind the names of pipelines and modules that a step or gate launches. */
function launched(node: StepPlan | GatePlan, { modules }: Plan, callees: ReadonlyMap<string, string>): Json {
  return actionsOf(node).map((action) => {
    if (action.kind === 'pipeline') return callees.get(action.pipeline) ?? null
    return action.kind === 'action' ? (own(modules, action.uses)?.sha256 ?? null) : null
  })
}
