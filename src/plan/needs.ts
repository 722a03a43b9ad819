import type { Location } from '../diagnostics/diagnostic.ts'
import { NO_ITEMS } from '../util/json.ts'
import type { NeedOn, StepPlan } from './plan.ts'
import { tell, unknown } from './report.ts'
import { child, keyAt, valueAt } from './source.ts'
import type { Need, StepDraft, Unit } from './unit.ts'

/** Up to here a list is looked through faster than a map of it is made. */
const SHORT = 16

/** Reads `needs` in both forms: the list means `ok`, the map says how each must have ended. Places are looked up for what is wrong only. */
export function readNeeds(unit: Unit, step: StepDraft): readonly Need[] {
  const source = child(step.source, 'needs')
  if (source === undefined || source.value === null) return NO_ITEMS
  const list = Array.isArray(source.value) ? (source.value as readonly string[]) : undefined
  const ends = source.value as { readonly [id: string]: NeedOn }
  const ids = list ?? Object.keys(ends)
  const place = (at: number): Location => (list ? valueAt(child(source, at)!) : keyAt(child(source, ids[at]!)!))
  const firsts = ids.length > SHORT ? firstPlaces(ids) : undefined
  const needs: Need[] = []
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!
    const first = firsts?.get(id) ?? ids.indexOf(id)
    if (first !== at) {
      tell(unit.session, 'plan/duplicate-need', place(at), `\`${step.id}\` needs \`${id}\` twice`, {
        related: [{ message: 'the first time', at: place(first) }],
        hint: 'take one of the two out',
      })
      continue
    }
    if (id === step.id) {
      tell(unit.session, 'plan/self-need', place(at), `\`${id}\` needs itself and would never start`, {
        hint: 'take it out of `needs`',
      })
      continue
    }
    const needed = unit.steps.get(id)
    if (needed === undefined) {
      unknown(
        unit.session,
        'plan/unknown-step',
        place(at),
        id,
        [...unit.steps.keys()].filter((other) => other !== step.id),
        'step',
      )
    } else if (needed.section !== step.section) {
      tell(unit.session, 'plan/across-finally', place(at), acrossMessage(step, needed), {
        related: [{ message: `\`${id}\` is declared here`, at: keyAt(needed.source) }],
        hint:
          step.section === 'finally'
            ? 'leave the need out, and use `when` to look at how it ended'
            : `move \`${step.id}\` into \`finally\``,
      })
    } else needs.push(list ? listed(needed) : needOf(needed, ends[id]!))
  }
  return needs
}

function listed(step: StepDraft): Need {
  step.needed ??= needOf(step, 'ok')
  return step.needed
}

function needOf(step: StepDraft, on: NeedOn): Need {
  return { step, on, plan: { step: step.id, on } }
}

function firstPlaces(ids: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  for (const [at, id] of ids.entries()) if (!places.has(id)) places.set(id, at)
  return places
}

function acrossMessage(step: StepDraft, needed: StepDraft): string {
  return step.section === 'finally'
    ? `\`finally\` starts after every step has ended: \`${step.id}\` cannot need \`${needed.id}\``
    : `\`${needed.id}\` runs in \`finally\`, after every step: \`${step.id}\` cannot wait for it`
}

/** `quorum: 80%` or `quorum: 2`, which the number of needs must be able to reach. */
export function readQuorum(unit: Unit, step: StepDraft): StepPlan['quorum'] {
  const source = child(step.source, 'quorum')
  if (source === undefined) return undefined
  if (typeof source.value === 'string') {
    const share = Number.parseInt(source.value, 10) / 100
    if (share === 0)
      tell(unit.session, 'plan/quorum', valueAt(source), 'a quorum of 0 % waits for nothing', {
        hint: 'leave `needs` and `quorum` out',
      })
    return { share }
  }
  const count = source.value as number
  const { length } = step.needs
  if (count > length) {
    tell(
      unit.session,
      'plan/quorum',
      valueAt(source),
      `a quorum of ${count} can never be reached: \`${step.id}\` has ${length} ${length === 1 ? 'need' : 'needs'}`,
      {
        hint:
          length === 0
            ? 'give it `needs`, or leave `quorum` out'
            : `write a number up to ${length}, or a share such as \`80%\`, or add needs`,
      },
    )
  }
  return { count }
}
