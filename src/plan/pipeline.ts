import { isTemplate } from '../expr/template.ts'
import type { ExprType } from '../expr/types.ts'
import { checkValue } from '../model/check-value.ts'
import { isRequired } from '../model/inputs.ts'
import { NO_ITEMS } from '../util/json.ts'
import { type Agent, checkAgentList } from './agents.ts'
import { checkPresent, checkText, countOf, durationOf, schemasOf } from './body.ts'
import { draftSteps } from './draft.ts'
import { stronger } from './effects.ts'
import { anyOfIts, checkTexts, checkValueText, type Place } from './expressions.ts'
import { compileGate, draftGates, resolveGates } from './gates.ts'
import { makeGraph, sortGraph } from './graph.ts'
import { inheritedGates } from './inherited-gates.ts'
import { readNeeds } from './needs.ts'
import { checkPermissions } from './permissions.ts'
import type { Effects, PipelinePlan } from './plan.ts'
import { tell } from './report.ts'
import type { Reader } from './scope.ts'
import { child, entries, items, keyAt, type Source, textOf, textsOf, valueAt } from './source.ts'
import { compileStep } from './step.ts'
import type { Compiled, Session, StepDraft, Unit } from './unit.ts'
import { checkVars, draftVars, orderVars } from './vars.ts'
import { needsGraph, wire } from './wiring.ts'

const FINALLY_MS = 300_000
const MAX_PARALLEL = 8

/** Everything a pipeline compile shares with those around it. */
export interface PipelineContext {
  readonly session: Session
  readonly callPipeline: (name: string, at: Source) => Compiled | undefined
  readonly agents: Map<string, Agent>
}

/** Compiles one pipeline; its sub-pipelines are compiled on the way, by `callPipeline`. */
export function compilePipeline(context: PipelineContext, name: string, source: Source): Compiled {
  const unit = draftUnit(context, name, source)
  const place: Place = { session: context.session, unit }
  const start: Reader = { node: undefined, moment: 'start', env: [] }
  const end: Reader = { node: undefined, moment: 'end', env: unit.env }
  checkHead(unit)
  const vars = orderVars(unit)
  checkVars(place, unit)
  const held = new Map<StepDraft, string[]>()
  for (const gate of unit.gates.values())
    for (const step of gate.before) held.set(step, [...(held.get(step) ?? []), gate.id])
  const steps = [...unit.steps.values()].map((step) => compileStep(place, unit, step, held.get(step) ?? NO_ITEMS))
  const gates = [...unit.gates.values()].map((gate) => compileGate(place, unit, gate))
  const outputTypes = new Map<string, ExprType>()
  const outputs: { [output: string]: PipelinePlan['outputs'][string] } = {}
  for (const [output, entry] of entries(child(source, 'outputs'))) {
    const value = child(entry, 'value')!
    const type = checkValueText(place, value, end)
    outputTypes.set(output, typeof value.value === 'string' && isTemplate(value.value) ? type : anyOfIts(type))
    outputs[output] = { value: value.value, deliverable: textOf(child(entry, 'deliverable')) }
  }
  for (const text of items(child(source, 'next_steps'))) checkText(place, text, end)
  const env = checkTexts(place, child(source, 'env'), start)
  checkPresent(place, child(source, 'mutex'), start, 'the name of a lock')
  const effects = steps.reduce<Effects>((all, step) => stronger(all, step.effects), 'none')
  const signals = child(source, 'signals')
  const optional = secretsOf(source).flatMap((secret) => (secret.optional ? [secret.name] : []))
  const plan: PipelinePlan = {
    name,
    file: source.document.file.path,
    description: textOf(child(source, 'description')),
    inputs: unit.inputs,
    vars: Object.fromEntries(vars.map((draft) => [draft.name, draft.source.value])),
    outputs,
    nextSteps: textsOf(child(source, 'next_steps')),
    steps,
    gates,
    timeoutMs: durationOf(place, child(source, 'timeout'), start),
    finallyTimeoutMs: FINALLY_MS,
    failFast: child(source, 'fail_fast')?.value === true,
    maxParallel: countOf(place, child(source, 'max_parallel'), start) ?? MAX_PARALLEL,
    mutex: textOf(child(source, 'mutex')),
    isolation: textOf(child(source, 'isolation')) as 'worktree' | undefined,
    secrets: unit.secrets,
    ...(optional.length > 0 && { optionalSecrets: optional }),
    env,
    signals: { accepts: textsOf(child(signals, 'accepts')), emits: textsOf(child(signals, 'emits')) },
  }
  return { plan, source, inputs: unit.inputs, outputTypes, effects }
}

/** What stands under `secrets`: names, or maps that say more of one. */
function secretsOf(source: Source): readonly { readonly name: string; readonly optional: boolean }[] {
  return items(child(source, 'secrets')).flatMap((item) => {
    const name = textOf(item) ?? textOf(child(item, 'name'))
    return name === undefined ? [] : [{ name, optional: child(item, 'optional')?.value === true }]
  })
}

/** Names everything first, then joins it: so that a text may read what is written further down. */
function draftUnit(context: PipelineContext, name: string, source: Source): Unit {
  const { session } = context
  const steps = draftSteps({
    unit: { session, source, name },
    callPipeline: context.callPipeline,
    agents: context.agents,
  })
  const empty = makeGraph([], [])
  const hasAgents = [...steps.values()].some(({ kind, section }) => kind === 'agent' && section === 'steps')
  const inherited = inheritedGates(session, source, hasAgents)
  const unit: Unit = {
    session,
    name,
    source,
    inputs: schemasOf(child(source, 'inputs')),
    secrets: secretsOf(source).map(({ name }) => name),
    env: entries(child(source, 'env')).map(([variable]) => variable),
    steps,
    gates: draftGates(source, steps.size, inherited),
    vars: draftVars(source),
    graph: empty,
    order: sortGraph(empty),
    before: () => true,
    surelyBefore: () => true,
    told: new Set(),
  }
  for (const step of steps.values()) step.needs = readNeeds(unit, step)
  if (unit.gates.size > 0) resolveGates(unit, needsGraph([...steps.values()]))
  wire(unit)
  return unit
}

function checkHead(unit: Unit): void {
  const { session, source } = unit
  for (const [id, step] of entries(child(source, 'finally'))) {
    const twin = child(child(source, 'steps'), id)
    if (twin === undefined) continue
    tell(session, 'plan/duplicate-step', keyAt(step), `the id \`${id}\` stands in \`steps\` already`, {
      related: [{ message: 'the step of this name', at: keyAt(twin) }],
      hint: 'expressions read both as `steps.ID`: give one of them another name',
    })
  }
  for (const [input, entry] of entries(child(source, 'inputs'))) {
    const given = child(entry, 'default')
    const schema = unit.inputs[input]!
    if (given === undefined || isRequired(schema)) continue
    for (const fault of checkValue(schema, given.value, input)) {
      tell(session, 'plan/value-type', valueAt(given), `the default does not fit: ${fault.message}`, {
        hint: `change the default, or what \`${input}\` is declared as`,
      })
    }
  }
  checkAgentList(session, child(source, 'agents'))
  checkPermissions(session, source)
  for (const step of unit.steps.values()) checkPermissions(session, step.source)
}
