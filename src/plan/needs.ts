import type { NeedOn, StepPlan } from './plan.ts'
import { tell, unknown } from './report.ts'
import { child, entries, items, keyAt, type Source, valueAt } from './source.ts'
import type { Need, StepDraft, Unit } from './unit.ts'

/** Reads `needs` in both forms: the list means `ok`, the map says how each must have ended. */
export function readNeeds(unit: Unit, step: StepDraft): readonly Need[] {
  const source = child(step.source, 'needs')
  const isList = Array.isArray(source?.value)
  const written: (readonly [string, NeedOn, Source])[] = isList
    ? items(source).map((item) => [item.value as string, 'ok', item])
    : entries(source).map(([id, end]) => [id, end.value as NeedOn, end])
  const seen = new Map<string, Source>()
  const needs: Need[] = []
  // places are looked up for what is wrong only
  const placeOf = (need: Source) => (isList ? valueAt(need) : keyAt(need))
  for (const [id, on, source] of written) {
    const first = seen.get(id)
    if (first !== undefined) {
      tell(unit.session, 'plan/duplicate-need', placeOf(source), `\`${step.id}\` needs \`${id}\` twice`, {
        related: [{ message: 'the first time', at: placeOf(first) }],
        hint: 'take one of the two out',
      })
      continue
    }
    seen.set(id, source)
    if (id === step.id) {
      tell(unit.session, 'plan/self-need', placeOf(source), `\`${id}\` needs itself and would never start`, {
        hint: 'take it out of `needs`',
      })
      continue
    }
    const needed = unit.steps.get(id)
    if (needed === undefined) {
      unknown(
        unit.session,
        'plan/unknown-step',
        placeOf(source),
        id,
        [...unit.steps.keys()].filter((other) => other !== step.id),
        'step',
      )
    } else if (needed.section !== step.section) {
      tell(unit.session, 'plan/across-finally', placeOf(source), acrossMessage(step, needed), {
        related: [{ message: `\`${id}\` is declared here`, at: keyAt(needed.source) }],
        hint:
          step.section === 'finally'
            ? 'leave the need out, and use `when` to look at how it ended'
            : `move \`${step.id}\` into \`finally\``,
      })
    } else needs.push({ step: needed, on, at: source })
  }
  return needs
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
