import type { Json } from '../util/json.ts'
import { own } from '../util/own.ts'
import type { CoordinatorPlan, Schemas, SignalPlan } from './coordinator.ts'
import { entryFor, type Routed, route, type Sender } from './route.ts'

type Fields = { readonly [name: string]: Json }

/** What became of a signal: who answers it, by way of whom, and with what. */
export interface Answer {
  readonly coordinator: string
  /** Who forwarded it, in order. */
  readonly via: readonly string[]
  /** As it reached who answers. */
  readonly payload: Fields
  readonly routed: Extract<Routed, { kind: 'pipeline' | 'refused' }>
}

/**
 * The first coordinator that knows the signal and takes it from this sender answers; a forward is followed to its end.
 * Undefined: nobody knows it. `read` makes the payload's values, as the schemas of those who get it say.
 */
export function answerTo(
  plans: readonly CoordinatorPlan[],
  signal: string,
  read: (schemas: Schemas) => Fields,
  sender: Sender,
): Answer | undefined {
  let refused: Answer | undefined
  for (const plan of plans) {
    const answer = follow(plans, plan, signal, read, sender)
    if (answer === undefined) continue
    if (answer.routed.kind === 'pipeline' || answer.routed.reason !== 'sender') return answer
    refused ??= answer
  }
  return refused
}

/** Everybody who hears a signal that a run sent: each coordinator once, also where others forward it there. */
export function answersTo(
  plans: readonly CoordinatorPlan[],
  signal: string,
  read: (schemas: Schemas) => Fields,
  sender: Sender,
): readonly Answer[] {
  const found = new Map<string, Answer>()
  for (const plan of plans) {
    const answer = follow(plans, plan, signal, read, sender)
    if (answer === undefined || (answer.routed.kind === 'refused' && answer.routed.reason === 'sender')) continue
    if (found.get(answer.coordinator)?.routed.kind !== 'pipeline') found.set(answer.coordinator, answer)
  }
  return [...found.values()]
}

function follow(
  plans: readonly CoordinatorPlan[],
  first: CoordinatorPlan,
  signal: string,
  read: (schemas: Schemas) => Fields,
  sender: Sender,
): Answer | undefined {
  let payload = read(schemasFor(plans, first, signal))
  const via: string[] = []
  let [plan, from] = [first, sender]
  for (;;) {
    const routed = route(plan, signal, payload, from)
    if (routed.kind === 'ignored') return undefined
    if (routed.kind !== 'forward') return { coordinator: plan.name, via, payload, routed }
    const next = plans.find(({ name }) => name === routed.to)
    if (next === undefined || via.includes(plan.name)) return undefined
    via.push(plan.name)
    payload = carriedOn(payload, entryFor(plan, signal), entryFor(next, signal))
    from = { kind: 'coordinator', name: plan.name }
    plan = next
  }
}

/** What a signal carries for the one who forwards it alone stays there. */
function carriedOn(payload: Fields, at: SignalPlan | undefined, next: SignalPlan | undefined): Fields {
  const wanted = [next?.payload, ...(next?.routes ?? []).map(({ inputs }) => inputs)]
  const stays = (name: string) =>
    own(at?.payload, name) !== undefined && wanted.every((schemas) => own(schemas, name) === undefined)
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !stays(name)))
}

/** Whether a coordinator answers the signal, itself or by those it forwards it to. */
export function answers(plans: readonly CoordinatorPlan[], plan: CoordinatorPlan, signal: string): boolean {
  const way = wayOf(plans, plan, signal)
  const last = way.at(-1)
  return last !== undefined && entryFor(last, signal) !== undefined
}

/** All who get a signal that reaches this coordinator, in order. */
function wayOf(plans: readonly CoordinatorPlan[], first: CoordinatorPlan, signal: string): CoordinatorPlan[] {
  const way: CoordinatorPlan[] = []
  for (let at: CoordinatorPlan | undefined = first; at !== undefined && !way.includes(at); ) {
    way.push(at)
    const to: string | undefined = entryFor(at, signal)?.forward
    at = plans.find(({ name }) => name === to)
  }
  return way
}

/** What all who get the signal on its way expect of it, so that words become values of the right type. */
export function schemasFor(plans: readonly CoordinatorPlan[], first: CoordinatorPlan, signal: string): Schemas {
  const found = wayOf(plans, first, signal)
    .toReversed()
    .flatMap((plan) => {
      const entry = entryFor(plan, signal)
      return entry === undefined ? [] : [...entry.routes.map(({ inputs }) => inputs), entry.payload]
    })
  return Object.assign({}, ...found)
}
