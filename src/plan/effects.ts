import type { Effects, StepAction, StepPlan } from './plan.ts'
import { tell } from './report.ts'
import { child, type Source, textOf, valueAt } from './source.ts'
import type { Session, StepDraft } from './unit.ts'

const STRENGTH: { readonly [effects in Effects]: number } = { none: 0, workspace: 1, external: 2 }

export function stronger(a: Effects, b: Effects): Effects {
  return STRENGTH[a] >= STRENGTH[b] ? a : b
}

/** What a step can change: what it says, else what its task, action or pipeline says, else what its kind does. */
export function effectsOf(session: Session, step: StepDraft, action: StepAction | undefined): Effects {
  const fixed = step.signature?.effects ?? step.callee?.effects
  const ofTask = raised(session, child(step.task, 'effects'), fixed, 'its action')
  const what = step.task ? 'its task' : step.callee ? 'its pipeline' : 'its action'
  return raised(session, child(step.source, 'effects'), ofTask ?? fixed, what) ?? byKind(step, action)
}

/** A stronger word is taken, a weaker one refused: what is called does not do less because a caller says so. */
function raised(
  session: Session,
  said: Source | undefined,
  floor: Effects | undefined,
  what: string,
): Effects | undefined {
  const effects = textOf(said) as Effects | undefined
  if (said === undefined || effects === undefined) return floor
  if (floor === undefined || STRENGTH[effects] >= STRENGTH[floor]) return effects
  tell(
    session,
    'plan/effects-lowered',
    valueAt(said),
    `\`effects: ${effects}\` is weaker than what ${what} does: \`${floor}\``,
    {
      hint: 'leave `effects` out, or raise it',
    },
  )
  return floor
}

function byKind(step: StepDraft, action: StepAction | undefined): Effects {
  switch (action?.kind ?? step.kind) {
    case 'approval':
    case 'ask':
    case 'wait':
      return 'none'
    case 'http':
      return action?.kind === 'http' && ['GET', 'HEAD'].includes(action.method) ? 'none' : 'external'
    case 'signal':
      return 'external'
    default:
      return 'workspace'
  }
}

/** What a crash in the middle means on resume: what may have reached the world outside is asked about, unless said. */
export function interruptedOf(said: Source | undefined, effects: Effects): StepPlan['interrupted'] {
  return (textOf(said) as StepPlan['interrupted'] | undefined) ?? (effects === 'external' ? 'ask' : 'rerun')
}
