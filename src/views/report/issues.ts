import type { RunState, StepState } from '../../events/state.ts'
import type { ReportIssue, ReportOutput } from '../../model/generated/outputs.types.ts'
import type { Plan } from '../../plan/plan.ts'
import { failedSteps } from '../failed.ts'
import { tailText } from '../terminal/event-lines.ts'
import type { History } from './history.ts'
import { isAllowed, readable, whyOf } from './steps.ts'
import type { Trouble } from './troubles.ts'

const WEIGHT: readonly ReportIssue['severity'][] = ['error', 'warning', 'info']
const KIND_OF = { 'timed-out': 'timeout', stalled: 'stall', interrupted: 'interruption' } as const

/** What went wrong, the worst first: what failed in the end, and what went wrong on the way. */
export function issuesOf({ state, troubles }: Pick<History, 'state' | 'troubles'>, plan: Plan): ReportOutput['issues'] {
  const known = new Set(troubles.map(({ kind, path }) => `${kind} ${path}`))
  // A gate that did not pass says of its checks what they found.
  const isSaid = ({ kind, path }: Trouble): boolean =>
    kind === 'check' && path !== undefined && ['failed', 'held'].includes(state.gates.get(path)?.status ?? '')
  const onTheWay = troubles
    .filter((trouble) => !isSaid(trouble))
    .map(
      ({ severity, ...trouble }): ReportIssue => ({
        ...trouble,
        severity: severity ?? (cameRight(trouble.path, state) ? 'info' : 'warning'),
      }),
    )
  const steps = failedSteps(state.steps.values())
    // A pipeline whose time was over has said so.
    .filter(({ path }) => !(state.scopes.has(path) && known.has(`timeout ${path}`)))
    .map((step) => failureOf(step, state, plan))
  const gates = [...state.gates].flatMap(([path, gate]): ReportIssue[] => {
    if (gate.status !== 'failed' && gate.status !== 'held') return []
    const names = gate.failing.map((name) => {
      const message = gate.checks.get(name)?.message
      return message === undefined ? `\`${readable(name)}\`` : `\`${name}\`, ${message}`
    })
    const what = names.length === 0 ? '' : `: ${names.join('; ')}`
    const rejected = gate.decided === undefined ? '' : `, rejected by ${gate.decided.by.name}: ${gate.decided.reason}`
    return [
      {
        ...{ kind: 'gate', severity: gate.level === 'mandatory' ? 'error' : 'warning', path, count: 1 },
        at: gate.decided?.at ?? state.lastAt,
        message: gate.status === 'held' ? `the gate is held${what}` : `the gate failed${what}${rejected}`,
      },
    ]
  })
  return [...steps, ...gates, ...onTheWay].toSorted(
    (a, b) => WEIGHT.indexOf(a.severity) - WEIGHT.indexOf(b.severity) || a.at - b.at,
  )
}

function failureOf(step: StepState, state: RunState, plan: Plan): ReportIssue {
  const { path, hint, message } = step
  const tail = tailText(state, path, message)
  const allowed = isAllowed(path, state, plan)
  return {
    kind: KIND_OF[step.status as keyof typeof KIND_OF] ?? 'failure',
    severity: allowed ? 'warning' : 'error',
    at: step.endedAt ?? state.lastAt,
    path,
    message: `${whyOf(step, state.lastAt) || step.status}${allowed ? ' (it was allowed to fail)' : ''}`,
    ...(hint === undefined ? {} : { hint }),
    ...(tail === '' ? {} : { tail }),
    count: 1,
  }
}

function cameRight(path: string | undefined, state: RunState): boolean {
  if (path === undefined) return state.outcome === 'succeeded'
  return state.steps.get(path)?.status === 'succeeded' || state.gates.get(path)?.status === 'passed'
}
