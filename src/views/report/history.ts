import type { RunEvent } from '../../events/events.ts'
import { emptyState, reduce } from '../../events/reduce.ts'
import type { RunState } from '../../events/state.ts'
import type { ReportOutput } from '../../model/generated/outputs.types.ts'
import { createWorkClock } from '../../run/work-clock.ts'
import { createDeeds } from './deeds.ts'
import { createHandovers, type Handovers } from './handovers.ts'
import { createTroubles, type Trouble } from './troubles.ts'

/** What a step cost, over all its attempts. */
export interface Tally {
  workedMs: number
  retries: number
  timeouts: number
}

/** What the events of a run say beside the state that they make. */
export interface History extends Handovers {
  readonly state: RunState
  /** By path of a step; none where it never ran. */
  readonly tallies: ReadonlyMap<string, Tally>
  /** Attempts and whole pipelines that ran out of time. */
  readonly timeouts: number
  readonly retries: number
  readonly deeds: ReportOutput['contributions']['people']
  readonly troubles: readonly Trouble[]
  /** Milliseconds in which something of the run ran, up to `now`; what was cut off counts to the last thing recorded. */
  workedMs(now: number): number
}

/**
 * Reads a run's events once, in order, and keeps what its end state no longer says: what went wrong and came right, who
 * did what, what the attempts took, and how things stood when somebody else took over.
 */
export function readHistory(events: readonly RunEvent[]): History {
  const tallies = new Map<string, Tally>()
  const deeds = createDeeds()
  const troubles = createTroubles()
  const handovers = createHandovers()
  const timeouts = createTimeouts()
  const clock = createWorkClock()
  let worked = 0
  let state = emptyState()

  const tally = (path: string): Tally => {
    const found = tallies.get(path) ?? { workedMs: 0, retries: 0, timeouts: 0 }
    tallies.set(path, found)
    return found
  }
  for (const event of events) {
    deeds.feed(event)
    troubles.feed(event, state)
    handovers.feed(event, state)
    if (timeouts.feed(event) && event.type !== 'deadline-passed') tally(timeouts.last).timeouts += 1
    if (event.type === 'attempt-ended' || event.type === 'recover-ended')
      tally(event.path).workedMs += event.outcome.durationMs
    if (event.type === 'retry-scheduled') tally(event.path).retries += 1
    // The clock of the scheduler forgets what was worked before a run was opened again.
    if (event.type === 'run-reopened') worked += clock.workedMs('', event.at)
    clock.feed(event)
    state = reduce(state, event)
  }
  // Attempts are measured finer than anybody reads.
  for (const each of tallies.values()) each.workedMs = Math.round(each.workedMs)
  return {
    state,
    tallies,
    timeouts: timeouts.count(),
    retries: [...tallies.values()].reduce((sum, { retries }) => sum + retries, 0),
    // What was decided before somebody opened the run is on record after that.
    deeds: deeds.all.toSorted((a, b) => a.at - b.at),
    troubles: troubles.all(),
    escalations: handovers.escalations,
    handoffs: handovers.handoffs,
    workedMs: (now) => Math.round(worked + clock.workedMs('', now)),
  }
}

/** Counts each end by time once: not again in what holds the step, nor in what a pipeline's own timeout ended. */
function createTimeouts() {
  const counted = new Set<string>()
  const scopes = new Set<string>()
  let count = 0
  const isBelow = (path: string, holder: string): boolean =>
    holder === '' || ['/', '[', '@'].some((sign) => path.startsWith(holder + sign))
  const timeouts = {
    last: '',
    count: () => count,
    feed(event: RunEvent): boolean {
      const found = pathOf(event)
      if (found === undefined) return false
      const { path, kind } = found
      if (kind === 'scope') scopes.add(path)
      else if ([...scopes].some((scope) => scope === path || isBelow(path, scope))) return false
      if (kind === 'step') {
        // Its last attempt said so already, or what it holds did.
        if (counted.delete(path) || [...counted].some((below) => isBelow(below, path))) return false
      } else if (kind === 'attempt') counted.add(path)
      count += 1
      timeouts.last = path
      return true
    },
  }
  return timeouts
}

function pathOf(event: RunEvent): { readonly path: string; readonly kind: 'scope' | 'attempt' | 'step' } | undefined {
  switch (event.type) {
    case 'deadline-passed':
      return event.what === 'timeout' ? { path: event.path, kind: 'scope' } : undefined
    case 'attempt-ended':
      return event.outcome.status === 'timed-out' ? { path: event.path, kind: 'attempt' } : undefined
    case 'step-ended':
      return event.status === 'timed-out' ? { path: event.path, kind: 'step' } : undefined
    default:
      return undefined
  }
}
