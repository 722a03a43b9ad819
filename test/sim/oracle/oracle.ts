import type { SimRun, Trace } from '../sim-types.ts'
import { countsOn, cutOffNeverHappened, reopensRight, replansRight } from './again.ts'
import { itemsMakeTheStep, retriesAsAsked, stopsSayWhy, workingTime } from './attempts.ts'
import { atMostOnce, cancelEnds, endFollowsAttempt, finallyOnce, retriesCounted, waitsClosed } from './ends.ts'
import { gatesJudgeRight } from './gates.ts'
import type { Invariant, Violation } from './invariant.ts'
import { locksHeldByOne, noIdleSlot, noOverlap, withinLimits } from './limits.ts'
import { outcomeFollows } from './outcome.ts'
import { cancelHeard, decisionsStand, parksForLongWaits, passesCounted, timersKept } from './people.ts'
import { effectsAfterRecord, endedOnce, oneState, wholeRecord } from './record.ts'
import { itemsInOrder, noMissedWakeUp, startsWhenAllowed } from './starts.ts'
import { apply, createView } from './view.ts'
import { finallyHasItsTime, lateIsTold, parksAtOnce, saysWhatFor, signalsMeetWaits } from './waiting.ts'

/*
 * The oracle: takes the trace of a scenario and says which promises it broke. It is written from what the product
 * promises, never from how the scheduler does it, and reads nothing of a run but its record and its processes.
 */

/** Everything that must hold on every trace. */
const INVARIANTS: readonly Invariant[] = [
  wholeRecord,
  effectsAfterRecord,
  endedOnce,
  oneState,
  startsWhenAllowed,
  noMissedWakeUp,
  itemsInOrder,
  endFollowsAttempt,
  retriesCounted,
  retriesAsAsked,
  stopsSayWhy,
  itemsMakeTheStep,
  workingTime,
  atMostOnce,
  gatesJudgeRight,
  outcomeFollows,
  finallyOnce,
  cancelEnds,
  cancelHeard,
  decisionsStand,
  parksForLongWaits,
  passesCounted,
  timersKept,
  waitsClosed,
  noOverlap,
  withinLimits,
  noIdleSlot,
  locksHeldByOne,
  reopensRight,
  replansRight,
  countsOn,
  cutOffNeverHappened,
  saysWhatFor,
  parksAtOnce,
  lateIsTold,
  signalsMeetWaits,
  finallyHasItsTime,
]

/** Judges a trace; an empty list: all promises were kept. */
export function judgeTrace(trace: Trace): Violation[] {
  const violations: Violation[] = trace.problems.map((message) => ({
    invariant: 'every run comes to its end',
    run: '',
    seq: undefined,
    message,
  }))
  for (const run of trace.runs) violations.push(...judgeRun(trace, run))
  return violations
}

function judgeRun(trace: Trace, run: SimRun): Violation[] {
  const violations: Violation[] = []
  const watches = INVARIANTS.map((invariant) =>
    invariant.watch(trace, run, (message, seq) =>
      violations.push({ invariant: invariant.name, run: run.id, seq, message }),
    ),
  )
  const befores = watches.flatMap(({ before }) => (before ? [before] : []))
  const commits = watches.flatMap(({ commit }) => (commit ? [commit] : []))
  const view = createView(trace.scenario, trace.replanned)
  const { written } = run.ledger
  try {
    for (const [index, { event, commit, atMs }] of written.entries()) {
      for (const before of befores) before(view, event)
      apply(view, event)
      if (written[index + 1]?.commit !== commit) for (const look of commits) look(view, atMs)
    }
    if (run.result?.end === 'ended') for (const watch of watches) watch.end?.(view)
  } catch (error) {
    violations.push({
      invariant: 'the record can be read',
      run: run.id,
      seq: undefined,
      message: error instanceof Error ? (error.stack ?? '') : String(error),
    })
  }
  return violations
}
