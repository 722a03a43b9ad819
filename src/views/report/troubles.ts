import type { RunEvent } from '../../events/events.ts'
import { gateKeyOf, prefixOf } from '../../events/path.ts'
import type { RunState } from '../../events/state.ts'
import type { ReportIssue } from '../../model/generated/outputs.types.ts'
import { formatDuration } from '../../util/duration.ts'
import { failedSteps } from '../failed.ts'
import { reasonText } from '../terminal/words.ts'

/** An issue whose weight depends on how the run goes on. */
export interface Trouble extends Omit<ReportIssue, 'severity'> {
  /** Undefined: of no weight once the step succeeded. */
  readonly severity: ReportIssue['severity'] | undefined
}

/** What went wrong on the way, of which the end state says nothing; the same thing at the same place is counted. */
export function createTroubles() {
  const known = new Map<string, Trouble>()
  const add = (trouble: Omit<Trouble, 'count'>): void => {
    const key = JSON.stringify([trouble.kind, trouble.path, trouble.message])
    const same = known.get(key)
    known.set(key, { ...(same ?? trouble), count: (same?.count ?? 0) + 1 })
  }
  /** What had failed when somebody opened the run again. */
  const addFailed = (state: RunState, steps: readonly string[], at: number): void => {
    for (const step of failedSteps(steps.flatMap((path) => state.steps.get(path) ?? [])))
      add({
        ...{ kind: 'failure', severity: undefined, at: step.endedAt ?? at, path: step.path },
        message: `${reasonText(step)}; then it was run again`,
      })
  }
  /** How a run was found by who opens it again: that it is opened for new steps comes first in the record. */
  let left: RunState['phase'] | undefined
  return {
    all: (): readonly Trouble[] => [...known.values()],
    /** `before`: the state before the event. */
    feed(event: RunEvent, before: RunState): void {
      const { at } = event
      const found = left ?? before.phase
      left = event.type === 'run-reopened' || event.type === 'plan-changed' ? found : undefined
      switch (event.type) {
        case 'run-opened':
          if (event.epoch > 1 && found === 'running')
            add({ kind: 'interruption', severity: 'warning', at, message: 'its runner ended in the middle of the run' })
          return
        case 'run-reopened':
          addFailed(before, event.steps, at)
          return
        case 'plan-changed':
          addFailed(before, [...event.steps, ...event.dropped], at)
          add({
            ...{ kind: 'plan-change', severity: 'info', at },
            message: `${event.by.name} went on by another plan, ${event.planHash.slice(0, 12)}`,
          })
          return
        case 'cancel-requested':
          add({ kind: 'cancel', severity: 'warning', at, message: `cancelled by ${event.by.name}: ${event.reason}` })
          return
        case 'clock-jumped': {
          const by = `${event.byMs < 0 ? '-' : ''}${formatDuration(Math.abs(event.byMs))}`
          add({ kind: 'clock', severity: 'info', at, message: `the clock of the machine jumped by ${by}` })
          return
        }
        case 'deadline-passed':
          if (event.what === 'due') add({ ...late(event.path), at })
          else
            add({
              ...{ kind: 'timeout', severity: 'error', at, message: 'its working time is over' },
              ...(event.path === '' ? {} : { path: event.path }),
            })
          return
        case 'attempt-ended':
          if (event.outcome.status === 'interrupted')
            add({
              ...{ kind: 'interruption', severity: undefined, at, path: event.path },
              message: event.outcome.message ?? 'it was cut off in the middle',
            })
          return
        case 'retry-scheduled': {
          const last = before.steps.get(event.path)?.last
          const named = last?.failure === event.failure ? `\`${event.failure}\`` : (last?.message ?? event.failure)
          const kind = last?.status === 'timed-out' ? 'timeout' : last?.status === 'stalled' ? 'stall' : 'retry'
          add({ kind, severity: undefined, at, path: event.path, message: `tried again after: ${named}` })
          return
        }
        case 'recover-ended': {
          const ok = event.outcome.status === 'succeeded'
          const why = event.outcome.message === undefined ? '' : `: ${event.outcome.message}`
          add({
            ...{ kind: 'repair', severity: ok ? 'info' : 'warning', at, path: event.path },
            message: ok
              ? `repaired \`${event.failure}\``
              : `the repair of \`${event.failure}\` ${event.outcome.status}${why}`,
          })
          return
        }
        case 'check-ended':
          if (event.status === 'failed')
            add({
              ...{ kind: 'check', severity: event.level === 'advisory' ? 'warning' : undefined, at },
              path: gateKeyOf(event.path) ?? event.path,
              message: `the check \`${event.check}\` failed${event.message ? `: ${event.message}` : ''}`,
            })
          return
        case 'gate-decided':
          if (event.status === 'bypassed') add(bypass(event))
          return
        default:
      }
    },
  }
}

function late(path: string) {
  return { kind: 'late', severity: 'warning', path, message: 'it was not done when it was due' } as const
}

function bypass({ by, reason, expiresAt, gate, path, at }: Extract<RunEvent, { type: 'gate-decided' }>) {
  const until = expiresAt === undefined ? '' : `, for ${formatDuration(Math.max(0, expiresAt - at))}`
  return {
    ...({ kind: 'bypass', severity: 'warning', at } as const),
    path: prefixOf(path) + gate,
    message: `bypassed by ${by.name}${until}: ${reason}`,
  }
}
