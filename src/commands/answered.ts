import { createWaits } from '../engines/embedded/inbox.ts'
import type { Decision, RunEvent } from '../events/events.ts'
import { gateKeyOf } from '../events/path.ts'
import { openQuestions } from '../events/questions.ts'
import { reduce } from '../events/reduce.ts'
import type { RunState } from '../events/state.ts'
import { type InboxRow, type Liveness, StoreError } from '../ports/store.ts'
import type { RunReader } from '../store/reader.ts'

export interface Answered {
  readonly path: string
  readonly decision: Decision
}

/**
 * What people have told a run that nobody runs now and that its next owner will take up: whoever looks meanwhile must not
 * be asked to decide what is decided. Nothing for a run with an owner, which answers by itself.
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
  return waits.take(rowsOf(reader), Date.now()).flatMap(({ news }): readonly Answered[] => {
    if (news.type !== 'decided' || news.decision.verdict === 'expired') return []
    return [{ path: news.token.slice(0, -1), decision: news.decision }]
  })
}

/** An inbox that cannot be read is no reason to end what it is beside; whoever goes on with the run is told. */
function rowsOf(reader: RunReader): readonly InboxRow[] {
  try {
    return reader.inbox()
  } catch (error) {
    if (error instanceof StoreError) return []
    throw error
  }
}

/** The events that the next owner will make of what was answered. As if at the last of those on record: nothing worked since. */
export function eventsOf(answered: readonly Answered[], state: RunState): readonly RunEvent[] {
  let seq = state.lastSeq
  return answered.flatMap(({ path, decision }): readonly RunEvent[] => {
    const decided = { seq: ++seq, at: state.lastAt, type: 'wait-decided', path, decision } as const
    const gate = state.gates.get(gateKeyOf(path) ?? '')
    if (gate === undefined) return [decided]
    const { by = state.startedBy, comment, expiresAt, verdict } = decision
    const judged = {
      ...{ seq: ++seq, at: state.lastAt, type: 'gate-decided' as const, gate: gate.gate, by },
      path: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
      status: verdict === 'bypassed' ? ('bypassed' as const) : ('failed' as const),
      reason: comment ?? verdict,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      planHash: state.planHash,
    }
    return [decided, judged]
  })
}

/** The state with them; the one on record stays as it is. */
export function withAnswers(state: RunState, answered: readonly Answered[]): RunState {
  return answered.length === 0 ? state : eventsOf(answered, state).reduce(reduce, structuredClone(state))
}
