/**
 * Questions before steps: a step that launches what `permissions.ask` names gets an approval of its own right before it, so
 * that persons, deadlines, crashes and `opsflow approve` are what they are for every approval. The step starts only once all
 * have said yes, and the rules that they let through stand in it as `granted`.
 */
import { scanTemplate } from '../expr/template.ts'
import { type Launch, type Permissions, questions, unknownWord } from '../policy/permissions.ts'
import { type Json, NO_ITEMS } from '../util/json.ts'
import { actionsOf } from './actions-of.ts'
import type { GatePlan, PipelinePlan, StepAction, StepPlan } from './plan.ts'
import { ANYONE, freeId, questionStep } from './question.ts'
import { referencesIn } from './references.ts'
import { tell } from './report.ts'
import { child, keyAt } from './source.ts'
import type { Session } from './unit.ts'
import { holdsTemplate } from './values.ts'

/** Puts the questions into all pipelines of a plan. */
export function askBefore(
  session: Session,
  plans: ReadonlyMap<string, PipelinePlan>,
): ReadonlyMap<string, PipelinePlan> {
  return new Map([...plans].map(([name, plan]) => [name, withQuestions(session, plan)]))
}

function withQuestions(session: Session, plan: PipelinePlan): PipelinePlan {
  for (const gate of plan.gates) refuseAsking(session, plan, gate)
  if (!plan.steps.some(({ permissions }) => Object.keys(permissions.ask).length > 0)) return plan
  const ids = new Set(plan.steps.map(({ id }) => id))
  const before = new Map<string, readonly string[]>()
  const steps = plan.steps.flatMap((step): StepPlan[] => {
    const asked = actionsOf(step).flatMap((action) => questionsOf(action, step.permissions))
    if (asked.length === 0) return [step]
    if (step.quorum !== undefined) {
      const source = child(child(session.done.get(plan.name)?.source, step.section), step.id)
      const message = `\`${step.id}\` may start without all its needs, and \`${asked[0]!.rule}\` asks before it`
      if (source)
        tell(session, 'plan/denied', keyAt(source), message, {
          hint: 'let a step with the `quorum` come first, and this one need that step',
        })
      return [step]
    }
    const roles = [...new Set(asked.map(({ role }) => role))]
    const approvals = roles.map((role, index) => {
      const rules = [...new Set(asked.filter((one) => one.role === role).map(({ rule }) => rule))]
      return approval(
        step,
        freeId(ids, `allow_${roles.length === 1 ? step.id : `${step.id}_${index + 1}`}`),
        role,
        rules,
      )
    })
    before.set(
      step.id,
      approvals.map(({ id }) => id),
    )
    const needs = approvals.map(({ id }) => ({ step: id, on: 'succeeded' as const }))
    const granted = [...new Set(asked.map(({ rule }) => rule))]
    return [...approvals, { ...step, needs: [...step.needs, ...needs], granted }]
  })
  if (before.size === 0) return plan
  const gates = plan.gates.map((gate) => ({
    ...gate,
    before: gate.before.flatMap((id) => [...(before.get(id) ?? []), id]),
  }))
  return { ...plan, steps, gates }
}

/** Its question waits for what the step waits for, and is not put where the step would be skipped. */
function approval(step: StepPlan, id: string, role: string, rules: readonly string[]): StepPlan {
  const named = rules.map((rule) => `\`${rule}\``).join(' and ')
  const shown = step.foreach === undefined ? shownOf(step.action) : undefined
  const ofItem = step.when !== undefined && referencesIn(step.when, 'bare').some(({ path }) => path[0] === 'item')
  return questionStep({
    id,
    section: step.section,
    action: {
      kind: 'approval',
      prompt: `Let \`${step.id}\` go on? ${named} needs a yes${role === ANYONE ? '' : ` of ${role}`}`,
      show: shown,
      from: role === ANYONE ? NO_ITEMS : [role],
      self: true,
    },
    needs: step.needs,
    gates: step.gates,
    when: ofItem ? undefined : step.when,
    graceMs: step.graceMs,
    allowFailure: step.allowFailure,
    phase: step.phase,
    at: step.at,
  })
}

/** What the person who decides is shown: the command, or the name of the action. */
function shownOf(action: StepAction): string | undefined {
  if (action.kind === 'action') return action.uses
  if (action.kind !== 'run') return undefined
  return 'script' in action ? action.script : action.argv.map(String).join(' ')
}

/** The questions of one launch; words that only the run knows could be whatever a rule names. */
function questionsOf(action: StepAction, permissions: Permissions): readonly { rule: string; role: string }[] {
  const launch = launchOf(action)
  return launch === undefined ? NO_ITEMS : questions(launch, permissions)
}

function launchOf(action: StepAction): Launch | undefined {
  if (action.kind === 'action') return { kind: 'action', uses: action.uses }
  if (action.kind !== 'run') return undefined
  if ('script' in action) return { kind: 'script', script: action.script }
  return { kind: 'argv', argv: action.argv.map(wordOf) }
}

function wordOf(word: Json): string {
  if (!holdsTemplate(word)) return String(word)
  const first = typeof word === 'string' ? scanTemplate(word).segments[0] : undefined
  return unknownWord(first?.kind === 'text' ? first.text : '')
}

/** The evidence for a gate is collected by the engine, which can wait for no yes there. */
function refuseAsking(session: Session, plan: PipelinePlan, gate: GatePlan): void {
  const asked = actionsOf(gate).flatMap((action) =>
    gate.permissions === undefined ? [] : questionsOf(action, gate.permissions),
  )
  const source = child(child(session.done.get(plan.name)?.source, 'gates'), gate.id)
  const at = source ?? child(child(session.coordinator, 'gates'), gate.id)
  if (asked.length === 0 || at === undefined) return
  const { rule, role } = asked[0]!
  const message = `a check of \`${gate.id}\` launches what \`${rule}\` lets nobody do without the yes of \`${role}\``
  tell(session, 'plan/denied', keyAt(at), message, {
    hint: 'let a step do it, which can be asked for, and judge what it found',
  })
}
