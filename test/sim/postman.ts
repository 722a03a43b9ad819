import type { Agenda } from './agenda.ts'
import type { Session } from './session.ts'
import type { Scenario } from './spec.ts'

/**
 * Hands arrivals over as the scenario batches them: one a turn, all of an instant together, or all of the last moments
 * together. True: somebody got something, and time stands still until they have thought about it.
 */
export function createPostman(
  batching: Scenario['batching'],
  agenda: Agenda,
  lagMs: () => number,
  sessions: () => readonly Session[],
): () => boolean {
  let flushAt: number | undefined
  return () => {
    const same = agenda.nextMs() === agenda.monotonicMs()
    const eager = batching === 'each' || (batching === 'together' && !same)
    const late = batching === 'lagged' && flushAt !== undefined && agenda.monotonicMs() >= flushAt && !same
    if (eager || late) {
      flushAt = undefined
      const delivered = sessions().map((session) => session.deliver(batching !== 'each'))
      if (delivered.includes(true)) return true
    }
    if (batching === 'lagged' && flushAt === undefined && sessions().some(({ mailbox }) => mailbox.length > 0)) {
      flushAt = agenda.monotonicMs() + lagMs()
      agenda.at('monotonic', flushAt, () => {})
    }
    return false
  }
}
