import type { SimRun, Trace } from '../sim-types.ts'
import { countsOn, cutOffNeverHappened, reopensRight, replansRight } from './again.ts'
import { itemsMakeTheStep, retriesAsAsked, stopsSayWhy, workingTime } from './attempts.ts'
import {
  cutOffIsSaid,
  decisionsSeen,
  hangUpParks,
  jumpsRecorded,
  limitsTold,
  nothingWhileBlocked,
  oneOpenerWins,
  toldOnce,
} from './disturbed.ts'
import { atMostOnce, cancelEnds, endFollowsAttempt, finallyOnce, retriesCounted, waitsClosed } from './ends.ts'
import { bypassesEnd, gatesJudgeRight } from './gates.ts'
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
  bypassesEnd,
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
  nothingWhileBlocked,
  toldOnce,
  oneOpenerWins,
  cutOffIsSaid,
  jumpsRecorded,
  hangUpParks,
  limitsTold,
  decisionsSeen,
]

/** How often an invariant really looked at something, and in how many runs. */
export interface Exercise {
  readonly checks: number
  readonly runs: number
}

/** The promises that are looked at, by name, with the numbers that they have. */
export const PROMISES: readonly { readonly name: string; readonly promises: readonly number[] }[] = INVARIANTS

/** Judges a trace; an empty list: all promises were kept. `exercised` counts what was really looked at. */
export function judgeTrace(trace: Trace, exercised?: Map<string, Exercise>): Violation[] {
  const violations: Violation[] = trace.problems.map((message) => ({
    invariant: 'every run comes to its end',
    run: '',
    seq: undefined,
    message,
  }))
  for (const run of trace.runs) violations.push(...judgeRun(trace, run, exercised))
  return violations
}

function judgeRun(trace: Trace, run: SimRun, exercised: Map<string, Exercise> | undefined): Violation[] {
  const violations: Violation[] = []
  const checks = new Array<number>(INVARIANTS.length).fill(0)
  const watches = INVARIANTS.map((invariant, index) =>
    invariant.watch(
      trace,
      run,
      (message, seq) => violations.push({ invariant: invariant.name, run: run.id, seq, message }),
      () => {
        checks[index]!++
      },
    ),
  )
  const befores = watches.flatMap(({ before }) => (before ? [before] : []))
  const commits = watches.flatMap(({ commit }) => (commit ? [commit] : []))
  const view = createView(trace.scenario, trace.replanned)
  const { written } = run.ledger
  try {
    for (const [index, { event, commit, atMs }] of written.entries()) {
      view.nowMs = event.at
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
  for (const [index, { name }] of INVARIANTS.entries()) {
    const before = exercised?.get(name) ?? { checks: 0, runs: 0 }
    if (checks[index]! > 0) exercised?.set(name, { checks: before.checks + checks[index]!, runs: before.runs + 1 })
  }
  return violations
}
