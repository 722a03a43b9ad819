/**
 * Rules of a coordinator that pause what it started: compiled to questions that stand in the started pipeline beside its
 * steps and are put when their condition holds, instead of when needs are met (run/escalation.ts).
 */
import { type ExprType, orNull, typeOfSchema } from '../expr/types.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import { NO_ITEMS } from '../util/json.ts'
import { fixedMs, schemasOf } from './body.ts'
import { checkCondition } from './expressions.ts'
import { checkRole, peopleOf } from './names.ts'
import type { PipelinePlan, StepPlan } from './plan.ts'
import { ANYONE, freeId, questionStep } from './question.ts'
import { tell } from './report.ts'
import { record } from './scope.ts'
import { child, entries, items, keyAt, placeOf, type Source, sourceOf, textOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

const DAY_MS = 86_400_000

/** What a person may answer; `to` of a delegation is who was asked unless said. */
const ANSWER: { readonly [name: string]: ValueSchema } = {
  choice: {
    enum: ['retry', 'abort', 'delegate'],
    description: 'retry goes on, abort ends the run, delegate hands it over',
  },
  to: { type: 'string', optional: true, description: 'The coordinator it is delegated to' },
}

/** Checks the rules of a coordinator: what they read of any signal's payload, and who is asked. */
export function checkEscalations(session: Session, coordinator: Source): void {
  const rules = items(child(coordinator, 'escalate'))
  if (rules.length === 0) return
  const fields: { [name: string]: ExprType } = {}
  for (const [name, { schema }] of payloadFields(session, coordinator, (field, other) => {
    tell(
      session,
      'plan/value-type',
      keyAt(field),
      'signals carry this field as different types, and `escalate` reads any',
      {
        hint: 'give one of them another name',
        related: [{ message: 'the other', at: keyAt(other) }],
      },
    )
  }))
    fields[name] = orNull(typeOfSchema(schema, { name }))
  const seen = new Map<string, Source>()
  for (const rule of rules) {
    const id = child(rule, 'id')!
    const twin = seen.get(id.value as string)
    if (twin)
      tell(session, 'plan/duplicate-step', valueAt(id), `there is a rule \`${id.value as string}\` already`, {
        hint: 'give one of them another id',
        related: [{ message: 'the other', at: valueAt(twin) }],
      })
    seen.set(id.value as string, id)
    const payload = record('payload', fields)
    checkCondition({ session, unit: undefined }, child(rule, 'when'), { node: undefined, moment: 'end', payload })
    const to = child(rule, 'to')!
    if (!isCoordinator(session, coordinator, to.value as string)) checkRole(session, to)
  }
}

/** Every field that some signal carries, or some pipeline behind it takes. */
function payloadFields(
  session: Session,
  coordinator: Source,
  clash?: (field: Source, other: Source) => void,
): ReadonlyMap<string, { readonly schema: ValueSchema; readonly at: Source }> {
  const found = new Map<string, { schema: ValueSchema; at: Source }>()
  const add = (source: Source | undefined): void => {
    for (const [name, at] of entries(source)) {
      const schema = schemasOf(source)[name]!
      const known = found.get(name)
      if (known === undefined) found.set(name, { schema, at })
      else if (known.schema.type !== schema.type) clash?.(at, known.at)
    }
  }
  add(child(coordinator, 'payload'))
  for (const [, entry] of entries(child(coordinator, 'signals'))) {
    add(child(entry, 'payload'))
    for (const target of [entry, ...items(child(entry, 'route'))]) {
      const pipeline = session.project.pipelines.get(textOf(child(target, 'pipeline')) ?? '')
      if (pipeline) add(child(sourceOf(pipeline.document), 'inputs'))
    }
  }
  return found
}

/** Not a person or role: one of the project's coordinators, the one it reports to, or anyone. */
function isCoordinator(session: Session, coordinator: Source, to: string): boolean {
  if (Object.hasOwn(peopleOf(session), to)) return false
  return to === ANYONE || session.project.coordinators.has(to) || to === textOf(child(coordinator, 'reports_to'))
}

/** The pipeline that a coordinator starts, with its rules. */
export function withEscalations(session: Session, plan: PipelinePlan): PipelinePlan {
  const { coordinator } = session
  const rules = items(child(coordinator, 'escalate'))
  if (coordinator === undefined || rules.length === 0) return plan
  const fields = [...payloadFields(session, coordinator).keys()]
  const ids = new Set(plan.steps.map(({ id }) => id))
  const steps = rules.map((rule): StepPlan => {
    const to = textOf(child(rule, 'to'))!
    const when = String(child(rule, 'when')!.value)
    return questionStep({
      id: freeId(ids, `escalate_${textOf(child(rule, 'id'))!}`),
      section: 'steps',
      action: {
        kind: 'ask',
        prompt: `Paused for ${to}, since ${when}: retry, abort or delegate?`,
        from: isCoordinator(session, coordinator, to) ? NO_ITEMS : [to],
        answer: ANSWER,
      },
      timeoutMs: fixedMs({ session, unit: undefined }, child(rule, 'timeout')) ?? DAY_MS,
      onTimeout: 'escalate',
      escalation: { when, to, fields },
      at: placeOf(rule),
    })
  })
  return { ...plan, steps: [...plan.steps, ...steps] }
}
