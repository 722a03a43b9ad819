import type { RunEvent } from '../../events/events.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { ReportEscalation, ReportHandoff } from '../../model/generated/outputs.types.ts'
import { hasFailed, holdersOf } from '../failed.ts'
import { reasonText } from '../terminal/words.ts'
import { isDone } from './steps.ts'

export interface Handovers {
  /** What can be done is not known yet here. */
  readonly escalations: readonly Omit<ReportEscalation, 'options'>[]
  readonly handoffs: readonly ReportHandoff[]
}

/**
 * What was handed up, and what went from one to another: between agents by the signal that the run sends when a step
 * reads what another agent's step made, between people when somebody else than before opens the run, and all of it by the
 * signal that a run sends when it is delegated.
 */
export function createHandovers() {
  const escalations: Omit<ReportEscalation, 'options'>[] = []
  const handoffs: ReportHandoff[] = []
  let holder = ''
  return {
    escalations: escalations as Handovers['escalations'],
    handoffs: handoffs as Handovers['handoffs'],
    /** `before`: the state before the event. */
    feed(event: RunEvent, before: RunState): void {
      const { at } = event
      if (event.type === 'run-created') holder = event.startedBy.name
      if (event.type === 'run-opened') {
        const to = event.by.name
        if (to !== holder && before.run !== '')
          handoffs.push({ kind: 'people', at, from: holder, to, state: stateOf(before), ...standing(before) })
        holder = to
      }
      if (event.type !== 'signal-sent') return
      const { path, source, target, payload } = event
      if (event.signal.endsWith(':ESCALATE')) {
        const issue = typeof payload.issue === 'string' ? payload.issue : 'somebody has to look'
        escalations.push({ at, path, from: source, to: target, issue, done: standing(before).done })
      }
      if (!event.signal.endsWith(':HANDOFF')) return
      if (typeof payload.from === 'string')
        handoffs.push(betweenAgents(before, { at, path, from: source, to: target, source: payload.from }))
      else
        handoffs.push({
          kind: 'delegation',
          at,
          from: source,
          to: target,
          path,
          state: 'escalated',
          ...standing(before),
        })
    },
  }
}

function betweenAgents(
  state: RunState,
  given: {
    readonly at: number
    readonly path: string
    readonly from: string
    readonly to: string
    readonly source: string
  },
): ReportHandoff {
  const maker = state.steps.get(given.source)
  const checks = [...(maker?.checks ?? [])]
  return {
    kind: 'agents',
    ...given,
    ...(maker?.outputs && { made: maker.outputs }),
    done: [given.source],
    remaining: [given.path],
    findings: checks.flatMap(([id, { status, message }]) =>
      status === 'failed' ? [`the check \`${id}\` failed${message ? `: ${message}` : ''}`] : [],
    ),
  }
}

function stateOf({ phase, outcome }: RunState): string {
  return phase === 'ended' ? (outcome ?? 'ended') : phase === 'parked' ? 'parked' : 'interrupted'
}

/** What is done, what is not, and what went wrong: of the steps that do the work, not of what holds them. */
function standing(state: RunState): Pick<ReportHandoff, 'done' | 'remaining' | 'findings'> {
  const holders = holdersOf(state.steps.keys())
  const steps: readonly StepState[] = [...state.steps.values()].filter(({ path }) => !holders.has(path))
  return {
    done: steps.filter(({ status }) => status === 'succeeded').map(({ path }) => path),
    remaining: steps.filter((step) => !isDone(step)).map(({ path }) => path),
    findings: steps.filter(hasFailed).map((step) => `\`${step.path}\` ${reasonText(step)}`),
  }
}
