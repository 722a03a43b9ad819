import { evaluate } from '../expr/evaluate.ts'
import { applyDefaults, checkValues } from '../model/inputs.ts'
import { isPerson, type Person, personsOf } from '../policy/people.ts'
import type { Json } from '../util/json.ts'
import { own } from '../util/own.ts'
import type { CoordinatorPlan, Schemas, SignalPlan } from './coordinator.ts'
import type { Condition } from './plan.ts'

/** Who sends a signal. */
export type Sender =
  | { readonly kind: 'human'; readonly person: Person }
  | { readonly kind: 'coordinator'; readonly name: string }

export type Routed =
  | { readonly kind: 'pipeline'; readonly pipeline: string; readonly inputs: { readonly [name: string]: Json } }
  /** Another coordinator answers it. */
  | { readonly kind: 'forward'; readonly to: string }
  /** Nobody knows the signal: an answer, not an error. */
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'refused'
      readonly reason: 'sender' | 'payload' | 'no-route'
      readonly message: string
      readonly missing: readonly string[]
      readonly problems: readonly string[]
    }

/** What a coordinator answers to one signal: a pipeline with its inputs, IGNORED, or a refusal that says all that is wrong. */
export function route(
  plan: CoordinatorPlan,
  signal: string,
  payload: { readonly [name: string]: Json },
  sender: Sender,
): Routed {
  const entry = entryFor(plan, signal)
  if (entry === undefined) return { kind: 'ignored' }
  if (!maySend(plan, entry, sender)) {
    const who = sender.kind === 'human' ? sender.person.name : sender.name
    return refused('sender', `\`${who}\` may not send \`${signal}\`; it takes ${entry.from.join(' or ')}`)
  }
  const given = applyDefaults(entry.payload, payload)
  const fields = { ...nulls(entry.routes.map(({ inputs }) => inputs)), ...payload, ...given }
  if (entry.forward !== undefined) return forwarded(entry, entry.forward, signal, payload)
  const taken = entry.routes.find(({ when }) => when === undefined || holds(when, fields, signal))
  if (taken === undefined) return refused('no-route', `no route of \`${signal}\` fits this payload`)
  const schemas = { ...taken.inputs, ...entry.payload }
  const missing = Object.keys(schemas).filter((name) => {
    const needed = [own(taken.inputs, name), own(entry.payload, name)].some(
      (schema) => schema && schema.default === undefined && schema.optional !== true,
    )
    return needed && (own(payload, name) ?? own(given, name) ?? null) === null
  })
  const other = entry.routes.flatMap(({ inputs }) => Object.keys(inputs))
  const judged = Object.fromEntries(
    Object.entries(payload).filter(([name]) => Object.hasOwn(schemas, name) || !other.includes(name)),
  )
  const lenient = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { ...schema, optional: true }]),
  )
  const faults = checkValues(lenient, judged, 'field')
  const problems = faults.map(withHint)
  const both = Object.keys(entry.payload).filter((name) => Object.hasOwn(taken.inputs, name))
  const narrow = Object.fromEntries(both.map((name) => [name, { ...taken.inputs[name]!, optional: true }]))
  const values = Object.fromEntries(both.map((name) => [name, own(given, name) ?? null]))
  for (const fault of checkValues(narrow, values, 'field')) {
    if (!faults.some(({ message }) => message === fault.message)) problems.push(withHint(fault))
  }
  if (missing.length > 0 || problems.length > 0) return incomplete(signal, schemas, missing, problems)
  const inputs = Object.keys(taken.inputs).flatMap((name): [string, Json][] => {
    const value = own(payload, name) ?? own(given, name) ?? null
    return value === null ? [] : [[name, value]]
  })
  return { kind: 'pipeline', pipeline: taken.pipeline, inputs: Object.fromEntries(inputs) }
}

/** What is passed on must carry what every signal of this coordinator carries; the rest is for the other to judge. */
function forwarded(
  { payload: schemas }: SignalPlan,
  to: string,
  signal: string,
  payload: { readonly [name: string]: Json },
): Routed {
  const missing = Object.keys(schemas).filter((name) => {
    const { default: given, optional } = schemas[name]!
    return given === undefined && optional !== true && (own(payload, name) ?? null) === null
  })
  const carried = Object.entries(payload).filter(([name]) => Object.hasOwn(schemas, name) && !missing.includes(name))
  const problems = checkValues(
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, { ...schema, optional: true }])),
    Object.fromEntries(carried),
    'field',
  ).map(withHint)
  if (missing.length > 0 || problems.length > 0) return incomplete(signal, schemas, missing, problems)
  return { kind: 'forward', to }
}

function withHint({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  return hint === undefined ? message : `${message}; ${hint}`
}

/** All that is wrong with a payload at once, and what each missing field is for. */
function incomplete(
  signal: string,
  schemas: Schemas,
  missing: readonly string[],
  problems: readonly string[],
): Extract<Routed, { kind: 'refused' }> {
  const named = missing.map((name) => {
    const description = schemas[name]?.description
    return description === undefined ? name : `${name} (${description})`
  })
  const said = missing.length > 0 ? [`missing: ${named.join(', ')}`, ...problems] : problems
  return { ...refused('payload', `\`${signal}\` is refused: ${said.join('; ')}`), missing, problems }
}

function refused(reason: 'sender' | 'payload' | 'no-route', message: string): Extract<Routed, { kind: 'refused' }> {
  return { kind: 'refused', reason, message, missing: [], problems: [] }
}

/** The signal by its own name, else by the pattern of its namespace. */
export function entryFor({ signals }: CoordinatorPlan, signal: string): SignalPlan | undefined {
  if (Object.hasOwn(signals, signal) && !signal.endsWith('*')) return signals[signal]
  const pattern = `${signal.split(':')[0]}:*`
  return Object.hasOwn(signals, pattern) ? signals[pattern] : undefined
}

function maySend({ people }: CoordinatorPlan, { from }: SignalPlan, sender: Sender): boolean {
  if (from.length === 0) return true
  if (sender.kind === 'coordinator') return from.includes(sender.name)
  return from.includes('human') || personsOf(from, people).some((entry) => isPerson(entry, sender.person))
}

function holds(when: Condition, payload: { readonly [name: string]: Json }, signal: string): boolean {
  const result = evaluate(when, { payload, signal })
  return result.ok && result.value === true
}

function nulls(schemas: readonly Schemas[]): { [name: string]: Json } {
  return Object.fromEntries(schemas.flatMap((inputs) => Object.keys(inputs)).map((name) => [name, null]))
}
