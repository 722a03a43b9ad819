import { type ExprType, orNull, typeOfSchema } from '../expr/types.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import { type JsonObject, NO_FIELDS, NO_ITEMS } from '../util/json.ts'
import { type Agent, findAgent, findTask } from './agents.ts'
import { schemasOf } from './body.ts'
import type { Layers } from './layers.ts'
import { unknown } from './report.ts'
import { child, entries, type Source, sourceOf, textOf, valueAt } from './source.ts'
import type { Compiled, StepDraft, StepKind, Unit } from './unit.ts'

const KINDS: readonly StepKind[] = ['run', 'agent', 'uses', 'http', 'pipeline', 'signal', 'approval', 'ask', 'wait']

/** What drafting needs of the unit before its steps exist, and how a sub-pipeline is compiled. */
export interface Drafting {
  readonly unit: Pick<Unit, 'session' | 'source' | 'name'>
  readonly callPipeline: (name: string, at: Source) => Compiled | undefined
  /** Agents that steps name, by name: for their limits. */
  readonly agents: Map<string, Agent>
}

/** The defaults that reach steps of this pipeline, weakest first. */
function defaultLayers({ session, source }: Drafting['unit']): Source[] {
  const { config, agents } = session.project
  const { document, path } = source
  const outer = [
    child(config && sourceOf(config.document), 'defaults'),
    child(agents && sourceOf(agents.document), 'defaults'),
    child(session.coordinator, 'defaults'),
  ]
  const names = Object.keys((child(source, 'env')?.value ?? {}) as object)
  const own = { document, path, value: only(source.value as JsonObject, (key) => key === 'cwd' || key === 'grace') }
  return [...outer.map((layer) => withoutEnv(layer, names)), own, child(source, 'defaults')].filter(
    (layer) => layer !== undefined,
  )
}

/** The environment of a pipeline lies under that of its steps, and must not be hidden by defaults from further out. */
function withoutEnv(layer: Source | undefined, names: readonly string[]): Source | undefined {
  const env = child(layer, 'env')
  if (layer === undefined || env === undefined || names.length === 0) return layer
  const rest = only(env.value as JsonObject, (name) => !names.includes(name))
  return { ...layer, value: { ...(layer.value as JsonObject), env: rest } }
}

function only(value: JsonObject, keep: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keep(key)))
}

/** Names every step with what others can know of it: its kind, whom it calls, what it gives. Nothing is checked twice. */
export function draftSteps(drafting: Drafting): Map<string, StepDraft> {
  const { source } = drafting.unit
  const defaults = defaultLayers(drafting.unit)
  const steps = new Map<string, StepDraft>()
  for (const section of ['steps', 'finally'] as const) {
    for (const [id, step] of entries(child(source, section))) {
      // an id may stand once in both sections: the second would hide the first
      const twin = steps.get(id)
      if (twin !== undefined) continue
      steps.set(id, draftStep(drafting, defaults, section, id, step, steps.size))
    }
  }
  return steps
}

function draftStep(
  drafting: Drafting,
  defaults: readonly Source[],
  section: 'steps' | 'finally',
  id: string,
  source: Source,
  node: number,
): StepDraft {
  const { unit } = drafting
  const { session } = unit
  const kind = KINDS.find((key) => child(source, key) !== undefined) ?? 'run'
  const name = child(source, 'agent')
  const agent = kind === 'agent' && typeof name?.value === 'string' ? findAgent(unit, name) : undefined
  if (agent) drafting.agents.set(agent.name, agent)
  const taskName = child(source, 'task')
  const task = agent && taskName ? findTask(session, agent, taskName) : undefined
  const callee =
    kind === 'pipeline'
      ? drafting.callPipeline(textOf(child(source, 'pipeline'))!, child(source, 'pipeline')!)
      : undefined
  const uses = textOf(child(kind === 'agent' ? task : source, 'uses'))
  const signature = uses === undefined ? undefined : session.project.actions.get(uses)
  const layers: Layers = {
    defaults: agent
      ? [...defaults, ...agent.sources.map((layer) => child(layer, 'defaults')).filter((layer) => layer !== undefined)]
      : defaults,
    agent: agent?.sources.at(-1),
    task,
    step: source,
  }
  const schemas = declaredOutputs(kind, source, task, signature?.outputs)
  const outputs = callee
    ? callee.outputTypes
    : outputTypes(kind === 'ask' ? schemasOf(child(child(source, 'ask'), 'answer')) : schemas)
  const openOutputs =
    (kind === 'pipeline' && callee === undefined) ||
    (kind === 'agent' && task === undefined) ||
    (uses !== undefined && signature === undefined) ||
    (kind === 'wait' && child(child(source, 'wait'), 'signal') !== undefined && child(source, 'outputs') === undefined)
  return {
    id,
    node,
    section,
    source,
    kind,
    layers,
    task,
    agent: agent?.name,
    signature,
    callee,
    schemas,
    outputs,
    openOutputs,
    optional: child(source, 'when') !== undefined || child(source, 'allow_failure')?.value === true,
    needs: NO_ITEMS,
    needed: undefined,
    action: undefined,
  }
}

/** What every http step gives. `headers` and `body` it gives where they are declared: they are kept on record then. */
const HTTP_OUTPUTS: { readonly [name: string]: ValueSchema } = { status: { type: 'integer' } }

/** What the step says of its outputs, over what its task or action says. */
function declaredOutputs(
  kind: StepKind,
  source: Source,
  task: Source | undefined,
  ofAction: { readonly [name: string]: ValueSchema } | undefined,
): { readonly [name: string]: ValueSchema } {
  if (kind === 'pipeline' || kind === 'ask') return NO_FIELDS
  const isHttp = kind === 'http' || child(task, 'http') !== undefined
  const [ofTask, own] = [child(task, 'outputs'), child(source, 'outputs')]
  if (!isHttp && ofAction === undefined && ofTask === undefined && own === undefined) return NO_FIELDS
  return {
    ...(isHttp ? HTTP_OUTPUTS : ofAction),
    ...schemasOf(ofTask),
    ...schemasOf(own),
  }
}

const NO_TYPES: ReadonlyMap<string, ExprType> = new Map()

/** The types of declared outputs. */
export function outputTypes(schemas: { readonly [name: string]: ValueSchema }): ReadonlyMap<string, ExprType> {
  if (schemas === NO_FIELDS) return NO_TYPES
  return new Map(
    Object.entries(schemas).map(([name, schema]) => {
      const type = typeOfSchema(schema, { name })
      return [name, schema.optional === true ? orNull(type) : type]
    }),
  )
}

/** A pipeline that a step or a route names. */
export function findPipeline(unit: Pick<Unit, 'session'>, name: Source): Source | undefined {
  const id = name.value as string
  const found = unit.session.project.pipelines.get(id)
  if (found !== undefined) return sourceOf(found.document)
  unknown(unit.session, 'plan/unknown-pipeline', valueAt(name), id, unit.session.project.pipelines.keys(), 'pipeline')
  return undefined
}
