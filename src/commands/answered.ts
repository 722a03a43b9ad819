import { createWaits } from '../engines/embedded/inbox.ts'
import type { RunEvent } from '../events/events.ts'
import { openQuestions } from '../events/questions.ts'
import { reduce } from '../events/reduce.ts'
import type { RunState } from '../events/state.ts'
import type { Liveness } from '../ports/store.ts'
import type { RunReader } from '../store/reader.ts'

export type Answered = Extract<RunEvent, { type: 'wait-decided' }>

/**
 * What people have told a run that nobody runs now, as the events that its next owner will make of it: whoever looks
 * meanwhile must not be asked to decide what is decided. None for a run with an owner, which answers by itself.
 */
export function answeredMeanwhile(
  reader: RunReader,
  events: readonly RunEvent[],
  state: RunState,
  liveness: Liveness,
): readonly Answered[] {
  const questions = liveness === 'live' || liveness === 'ending' ? [] : openQuestions(state)
  if (questions.length === 0) return []
  const waits = createWaits(0)
  for (const event of events) waits.learn(event, event.at)
  for (const { path, wait } of questions) waits.open(`${path}#`, wait)
  return waits.take(reader.inbox(), Date.now()).flatMap(({ news }, index): readonly Answered[] => {
    if (news.type !== 'decided') return []
    const { decision, token } = news
    const seq = state.lastSeq + 1 + index
    return [{ seq, at: Math.max(decision.at, state.lastAt), type: 'wait-decided', path: token.slice(0, -1), decision }]
  })
}

/** The state with them; the one on record stays as it is. */
export function withAnswers(state: RunState, answered: readonly Answered[]): RunState {
  return answered.length === 0 ? state : answered.reduce(reduce, structuredClone(state))
}
