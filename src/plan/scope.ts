import { DYN, type ExprType, orNull, type RecordType, type Scope, typeOfSchema } from '../expr/types.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Source } from './source.ts'
import type { StepDraft, Unit } from './unit.ts'

/** Who reads, and what there is to read at that place. */
export interface Reader {
  /** Graph node of the step or gate; undefined: no step has run yet (`start`) or all have (`end`). */
  readonly node: number | undefined
  readonly moment: 'start' | 'step' | 'finally' | 'end'
  /** The step that reads, where it is one. */
  readonly step?: StepDraft
  /** Set inside a foreach. */
  readonly item?: ExprType
  /** The step may start without all its needs. */
  readonly missing?: boolean
  /** `env` and headers may name secrets. */
  readonly secrets?: boolean
  /** `outputs` and `attempt`, in the step's own `until` and `checks`. */
  readonly own?: { readonly outputs: ReadonlyMap<string, ExprType>; readonly open: boolean }
  /** The inputs of an agent's task: its texts read these, not the pipeline's, and no steps. */
  readonly task?: { readonly name: string; readonly inputs: { readonly [name: string]: ValueSchema } }
  /** `payload` and `signal`, in a coordinator and in `wait.when`. */
  readonly payload?: ExprType
  /** Names of the environment that is declared here; `any` where no pipeline is known. */
  readonly env?: readonly string[] | 'any'
  /** The `when` around it: what is read here is read only where that was true. */
  readonly given?: string
}

/** The reader of what is read only where a condition was true. */
export function knowing(reader: Reader, when: string | undefined): Reader {
  if (when === undefined) return reader
  return { ...reader, given: reader.given === undefined ? when : `(${reader.given}) && (${when})` }
}

/**
 * Compiles a value in the light of where it was written: a task's text reads the task's inputs, and what the caller gave is
 * put in; any other text reads the pipeline.
 */
export type Light = <T>(source: Source | undefined, read: (source: Source | undefined, reader: Reader) => T) => T

const text = (...values: string[]): ExprType => ({ kind: 'string', values })
const STRING: ExprType = { kind: 'string' }
const STATUS = text(
  'pending',
  'waiting',
  'running',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'timed-out',
  'stalled',
  'interrupted',
)
const OUTCOME = text('succeeded', 'succeeded-with-failures', 'partial', 'failed', 'escalated', 'cancelled')
const GATE: ExprType = {
  kind: 'record',
  name: 'gate',
  fields: { status: text('pending', 'passed', 'failed', 'held', 'bypassed'), level: text('mandatory', 'advisory') },
}
const STEP_RECORD: ExprType = {
  kind: 'record',
  name: 'step',
  fields: {
    id: STRING,
    status: STATUS,
    outcome: orNull(OUTCOME),
    attempts: { kind: 'int' },
    duration: { kind: 'duration' },
  },
}
const GATE_RECORD: ExprType = { kind: 'record', name: 'gate', fields: { id: STRING, ...(GATE as RecordType).fields } }
const RUN_EARLY: { [field: string]: ExprType } = { id: STRING, started_by: STRING }
const RUN_LATE: { [field: string]: ExprType } = {
  ...RUN_EARLY,
  outcome: OUTCOME,
  failed: { kind: 'list', of: STRING },
  steps: { kind: 'list', of: STEP_RECORD },
  gates: { kind: 'list', of: GATE_RECORD },
  duration: { kind: 'duration' },
}
const PROJECT: ExprType = {
  kind: 'record',
  name: 'project',
  fields: { alias: orNull(STRING), path: STRING, repo: orNull(STRING), protected: { kind: 'list', of: STRING } },
}

/** Every root that some place knows. */
export const ROOTS = [
  'inputs',
  'vars',
  'steps',
  'gates',
  'run',
  'item',
  'project',
  'env',
  'secrets',
  'missing',
  'outputs',
  'attempt',
  'payload',
  'signal',
]
/** Fields of `run` that exist only once the steps have ended. */
export const LATE_RUN_FIELDS = Object.keys(RUN_LATE).filter((field) => !(field in RUN_EARLY))

/** Why a root cannot be read at a place, or undefined where it can. */
export function unavailable(root: string, reader: Reader): string | undefined {
  switch (root) {
    case 'item':
      return reader.item ? undefined : '`item` exists only inside a `foreach`'
    case 'secrets':
      return reader.secrets ? undefined : '`secrets` may be read only in `env` and in the headers of `http`'
    case 'missing':
      return reader.missing ? undefined : '`missing` exists only in a step that may start without all its needs'
    case 'outputs':
    case 'attempt':
      return reader.own ? undefined : `\`${root}\` exists only in a step's own \`until\` and \`checks\``
    case 'payload':
    case 'signal':
      return reader.payload ? undefined : `\`${root}\` exists only in a coordinator and in \`wait.when\``
    case 'steps':
    case 'gates':
    case 'vars':
      if (reader.task) return `a task reads its own \`inputs\`; \`${root}\` belong to the pipeline that calls it`
      return root !== 'vars' && reader.moment === 'start' ? `no step has run where this is read` : undefined
    default:
      return undefined
  }
}

export interface ScopeParts {
  readonly steps: ReadonlyMap<string, ExprType>
  readonly vars: ReadonlyMap<string, ExprType>
}

/** The types behind the roots that a reader has. */
export function scopeOf(unit: Unit | undefined, reader: Reader, parts: ScopeParts): Scope {
  const roots: { [name: string]: ExprType } = {
    run: record('run', reader.moment === 'finally' || reader.moment === 'end' ? RUN_LATE : RUN_EARLY),
    project: PROJECT,
    env: textsBy('env', reader.env ?? []),
  }
  const inputs = reader.task?.inputs ?? unit?.inputs
  if (inputs) roots.inputs = once(inputTypes, inputs, () => record('inputs', typesOf(inputs)))
  if (!reader.task) {
    roots.vars = record('vars', Object.fromEntries(parts.vars))
    roots.steps = record('steps', Object.fromEntries(parts.steps))
    const gates = unit?.gates ?? NO_GATES
    roots.gates = once(gateTypes, gates, () =>
      record('gates', Object.fromEntries([...gates.keys()].map((id) => [id, GATE]))),
    )
  }
  if (reader.item) roots.item = reader.item
  if (reader.missing) roots.missing = { kind: 'list', of: STRING }
  if (reader.secrets) roots.secrets = textsBy('secrets', unit?.secrets ?? 'any')
  if (reader.own) {
    roots.outputs = {
      ...record('outputs', Object.fromEntries(reader.own.outputs)),
      ...(reader.own.open && { open: true }),
    }
    roots.attempt = { kind: 'int' }
  }
  if (reader.payload) {
    roots.payload = reader.payload
    roots.signal = STRING
  }
  return { roots, ...(reader.given !== undefined && !reader.task && { given: reader.given }) }
}

/** Texts by name; with `any` whatever is asked for. */
function textsBy(root: string, names: readonly string[] | 'any'): ExprType {
  if (names === 'any') return { ...record(root, {}), open: true }
  return record(root, Object.fromEntries(names.map((name) => [name, STRING])))
}

const NO_GATES: ReadonlyMap<string, unknown> = new Map()

/** What `steps.<id>` is. `sure`: whoever reads it knows that the step succeeded, so its outputs are there. */
export function stepType(step: StepDraft, sure: boolean): ExprType {
  const known = stepTypes.get(step) ?? {}
  stepTypes.set(step, known)
  const key = sure ? 'sure' : 'unsure'
  known[key] ??= makeStepType(step, sure)
  return known[key]
}

function makeStepType(step: StepDraft, sure: boolean): ExprType {
  const many = hasForeach(step)
  const fields = [...step.outputs].map(([name, type]): [string, ExprType] => {
    if (many) return [name, { kind: 'list', of: type }]
    return [name, sure ? type : orNull(type)]
  })
  const outputs = (name: string, types: Iterable<readonly [string, ExprType]>): ExprType => ({
    ...record(name, Object.fromEntries(types)),
    ...(step.openOutputs && { open: true }),
  })
  const each: ExprType = {
    kind: 'record',
    name: 'instance',
    fields: {
      key: STRING,
      item: DYN,
      status: STATUS,
      outputs: outputs(
        'outputs',
        [...step.outputs].map(([name, type]): [string, ExprType] => [name, orNull(type)]),
      ),
    },
    cases: [{ when: 'status', is: 'succeeded', gives: { outputs: outputs('outputs', step.outputs) } }],
  }
  const name = `steps.${step.id}.outputs`
  const type = record(`steps.${step.id}`, {
    status: STATUS,
    outcome: orNull(OUTCOME),
    outputs: outputs(name, fields),
    attempts: { kind: 'int' },
    duration: { kind: 'duration' },
    each: { kind: 'list', of: each },
  })
  if (sure || many) return type
  return { ...type, cases: [{ when: 'status', is: 'succeeded', gives: { outputs: outputs(name, step.outputs) } }] }
}

function hasForeach(step: StepDraft): boolean {
  const value = step.source.value
  return value !== null && typeof value === 'object' && Object.hasOwn(value, 'foreach')
}

export function record(name: string, fields: { readonly [field: string]: ExprType }): RecordType {
  return { kind: 'record', name, fields }
}

/** Record types by what they were made of: a scope is made for every text, and its parts are always the same. */
const inputTypes = new WeakMap<object, RecordType>()
const gateTypes = new WeakMap<object, RecordType>()
const stepTypes = new WeakMap<StepDraft, { sure?: ExprType; unsure?: ExprType }>()

function once<K extends object>(cache: WeakMap<K, RecordType>, key: K, make: () => RecordType): RecordType {
  let known = cache.get(key)
  if (known === undefined) {
    known = make()
    cache.set(key, known)
  }
  return known
}

/** The types of declared values, by name. */
function typesOf(schemas: { readonly [name: string]: ValueSchema }): { [name: string]: ExprType } {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, typeOfSchema(schema, { name })]))
}
