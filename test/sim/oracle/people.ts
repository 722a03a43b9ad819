import type { Actor, RunEvent, WaitSpec } from '../../../src/events/events.ts'
import { parseSegment } from '../paths.ts'
import { decide, targetOf } from '../people.ts'
import { STARTER } from '../plans.ts'
import type { SimRun, Trace } from '../sim-types.ts'
import type { Scenario } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isUndisturbed, wasBlocked } from './quiet.ts'
import { isOpenedBy } from './undo.ts'
import { instanceOf, type RunView, stepOf } from './view.ts'

/** What a wait was decided as is what the first row in time of a person who may decide says, and the step follows it. */
export const decisionsStand: Invariant = {
  name: 'the first decision of a person who may decides',
  promises: [20, 21],
  watch: (trace, run, report, seen) => {
    const asked = new Map<string, Question>()
    const verdicts = new Map<string, string>()
    return {
      before: (view, event) => {
        if (event.type === 'run-reopened' || event.type === 'plan-changed')
          for (const path of [...verdicts.keys()]) if (isOpenedBy(event, path)) verdicts.delete(path)
        if (event.type === 'wait-opened') {
          const { rows, commit } = run.ledger.written[event.seq - 1]!
          asked.set(event.path, { spec: event.wait, rows, commit })
        }
        if (event.type === 'wait-decided') {
          const question = asked.get(event.path)
          if (question === undefined) return report(`\`${event.path}\` was decided and had not been asked`, event.seq)
          seen()
          verdicts.set(event.path, event.decision.verdict)
          checkDecision(trace, run, view, event, question, report)
        }
        if (event.type !== 'step-ended' || event.status !== 'succeeded') return
        const kind = stepOf(view, event.path)?.step.action.kind
        const verdict = verdicts.get(event.path)
        if (kind === 'approval' && verdict !== 'approved')
          report(`approval \`${event.path}\` succeeded, and was ${verdict ?? 'not decided'}`, event.seq)
        if (kind === 'ask' && verdict !== 'answered')
          report(`question \`${event.path}\` succeeded, and was ${verdict ?? 'not decided'}`, event.seq)
      },
    }
  },
}

interface Question {
  readonly spec: WaitSpec
  /** Rows that were there when it was asked: answers to an earlier question. */
  readonly rows: number
  readonly commit: number
}

function checkDecision(
  trace: Trace,
  run: SimRun,
  view: RunView,
  event: Extract<RunEvent, { type: 'wait-decided' }>,
  { spec: asked, rows, commit }: Question,
  report: (message: string, seq?: number) => void,
): void {
  const { decision, path } = event
  const action = stepOf(view, path)?.step.action
  // By what the plan and the record say, not by what was asked.
  const behind = { startedBy: STARTER, plannedBy: plannersBefore(run, event.seq) }
  const spec = { ...asked, ...behind, ...(action?.kind === 'approval' ? { self: action.self } : {}) }
  if (spec.kind === 'approval' && decision.row === undefined && decision.verdict === 'approved') {
    const since = run.ledger.written.some(({ event: { type, seq } }) => type === 'plan-changed' && seq < event.seq)
    if (!mayBeforehand(trace.scenario, path, spec) || since || decision.by?.name !== STARTER.name)
      report(`\`${path}\` was approved without anybody who may saying so`, event.seq)
    if (run.ledger.written[event.seq - 1]!.commit !== commit)
      report(`\`${path}\` was approved beforehand and waited all the same`, event.seq)
    return
  }
  if (spec.kind === 'bypass' && decision.row === undefined) return checkOrder(run, event, spec, report)
  // After a jump back, a row may be older than a decision that was made before it came.
  const back = trace.scenario.trouble.jumps.some((jump) => jump.byMs < 0)
  if (spec.kind === 'signal' || back) return
  // Seen before it was over, and recorded a moment later.
  const whenMs = Math.min(event.at, (decision.expiresAt ?? Number.POSITIVE_INFINITY) - 1)
  const right = decide(targetOf(path), spec, run.ledger.rows.slice(rows), whenMs, new Set())
  if (right?.verdict !== decision.verdict || right.row !== decision.row)
    report(
      `\`${path}\` was decided as ${decision.verdict} by row ${decision.row}, the inbox says ${right?.verdict} by row ${right?.row}`,
      event.seq,
    )
  if (mayBeforehand(view.scenario, path, spec) && view.scenario === trace.scenario)
    report(`\`${path}\` was approved beforehand, and somebody was asked`, event.seq)
}

/** Who brought the plans by which a run went on. */
function plannersBefore(run: SimRun, seq: number): readonly Actor[] {
  return run.ledger.written.flatMap(({ event }) => (event.type === 'plan-changed' && event.seq < seq ? [event.by] : []))
}

/** What was said of a gate at the moment at which it was held reached its run by itself: somebody who may said it. */
function checkOrder(
  run: SimRun,
  { decision, path, seq }: Extract<RunEvent, { type: 'wait-decided' }>,
  spec: WaitSpec,
  report: (message: string, seq?: number) => void,
): void {
  const kind = decision.verdict === 'bypassed' ? 'bypass' : 'reject'
  const said = run.ledger.rows.some(
    (row) => row.kind === kind && row.target === path && row.by.name === decision.by?.name,
  )
  if (!said || !spec.persons.includes(decision.by?.name ?? ''))
    report(`\`${path}\` was ${decision.verdict} by ${decision.by?.name}, who did not say so or may not`, seq)
}

/** Whether an approval is one that the starter gave at the start, and may give. */
function mayBeforehand(scenario: Scenario, path: string, spec: WaitSpec): boolean {
  const id = parseSegment(path.slice(path.lastIndexOf('/') + 1))?.id
  const may = spec.from.length === 0 || spec.persons.includes(STARTER.name)
  return (
    spec.kind === 'approval' &&
    spec.self &&
    may &&
    id !== undefined &&
    scenario.approve.includes(id) &&
    !path.includes(':')
  )
}

/** A repeat makes no more passes than it may, one after the other. */
export const passesCounted: Invariant = {
  name: 'repeat stops at its maximum',
  promises: [5],
  watch: (_trace, _run, report, seen) => {
    const passes = new Map<string, number>()
    return {
      before: (view, event) => {
        if (event.type === 'pipeline-started')
          for (const path of [...passes.keys()]) if (path.startsWith(`${event.path}/`)) passes.delete(path)
        if (event.type === 'run-reopened' || event.type === 'plan-changed')
          for (const path of [...passes.keys()]) if (isOpenedBy(event, path)) passes.delete(path)
        if (event.type === 'step-ended') checkLast(view, event, passes.get(event.path), report)
        if (event.type !== 'iteration-started') return
        seen()
        const step = stepOf(view, event.path)?.step
        const repeat = step?.repeat
        const before = passes.get(event.path) ?? 0
        passes.set(event.path, event.iteration)
        if (repeat === undefined) return report(`\`${event.path}\` repeats and was not asked to`, event.seq)
        if (event.iteration > repeat.max)
          report(`\`${event.path}\` starts pass ${event.iteration} of ${repeat.max}`, event.seq)
        if (event.iteration !== before + 1)
          report(`\`${event.path}\` starts pass ${event.iteration} after pass ${before}`, event.seq)
        const enough = step?.action.kind === 'run' || repeat.passes === 1 ? repeat.passes : 0
        if (enough > 0 && before >= enough)
          report(`\`${event.path}\` goes on after pass ${before}, which was enough`, event.seq)
      },
    }
  },
}

/** A repeat that succeeded had enough passes, or as many as it may have; one that failed for want of it had those. */
function checkLast(
  view: RunView,
  event: Extract<RunEvent, { type: 'step-ended' }>,
  last: number | undefined,
  report: (message: string, seq?: number) => void,
): void {
  const step = stepOf(view, event.path)?.step
  const { repeat } = step ?? {}
  if (repeat === undefined || last === undefined) return
  const enough = step?.action.kind === 'run' || repeat.passes === 1 ? repeat.passes : 0
  const held = enough > 0 && last >= enough
  const over = last >= repeat.max
  if (event.status === 'succeeded' && !held && !(over && repeat.onMax === 'stop'))
    report(`\`${event.path}\` succeeded after pass ${last}, which was not enough`, event.seq)
  if (event.reason === 'repeat' && (held || !over || repeat.onMax === 'stop'))
    report(`\`${event.path}\` failed for want of passes after pass ${last} of ${repeat.max}`, event.seq)
}

const LONG_WAIT_MS = 60_000

/** A run parks only where nobody stays with it, and for people, signals and long waits alone. */
export const parksForLongWaits: Invariant = {
  name: 'a run parks for people, signals and long waits alone',
  promises: [19, 25],
  watch: (trace, run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'run-parked') return
      seen()
      const hungUp = run.hungUp?.epoch === view.epoch
      if (!trace.scenario.trouble.detached && !hungUp) report('it parked, and somebody stays with it', event.seq)
      for (const { path, ended, waiting, openAttempt } of view.instances.values()) {
        if (ended) continue
        const works = openAttempt !== undefined && stepOf(view, path)?.step.action.kind === 'run'
        if (works) report(`it parked while \`${path}\` worked`, event.seq)
        if (hungUp || waiting === undefined) continue
        // The places of a foreach may all be taken by items that wait for people.
        const own = waiting.kind === 'lock' && waiting.keys.some((key) => isHeldInside(view, key, path))
        if ((waiting.kind === 'slot' && !path.includes('[')) || (waiting.kind === 'lock' && !own))
          report(`it parked while \`${path}\` waited for a ${waiting.kind}`, event.seq)
        const soon = 'untilMs' in waiting && waiting.untilMs - event.at <= LONG_WAIT_MS
        if (soon) report(`it parked, and \`${path}\` goes on in less than a minute`, event.seq)
      }
    },
  }),
}

/** Whether a step or pipeline of the run itself, other than the one at `path`, is under a lock with this key. */
export function isHeldInside(view: RunView, key: string, path: string): boolean {
  for (const scope of view.scopes.values())
    if (scope.pipeline.mutex === key && !instanceOf(view, scope.path).ended) return true
  for (const instance of view.instances.values()) {
    if (instance.path === path || instance.ended || instance.startedSeq === undefined) continue
    if (instance.waiting?.kind !== 'lock' && stepOf(view, instance.path)?.step.mutex === key) return true
  }
  return false
}

/** A live run records a cancel at once, whatever it waits for. */
export const cancelHeard: Invariant = {
  name: 'a cancel is heard at once',
  promises: [22],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const { cancelled } = run
      if (cancelled === undefined || wasBlocked(run) || run.deaths.has(cancelled.epoch)) return
      const own = run.ledger.written.filter(({ epoch }) => epoch === cancelled.epoch)
      const asked = own.find(({ event }) => event.type === 'cancel-requested')
      seen()
      const heardMs = asked?.atMs ?? own.at(-1)?.atMs
      if (heardMs !== undefined && heardMs - cancelled.atMs > 1000)
        report(`a cancel was heard ${heardMs - cancelled.atMs} ms after it came`)
    },
  }),
}

/** What waits for a wall-clock instant goes on at it, and not before. */
export const timersKept: Invariant = {
  name: 'deadlines and back-offs are wall-clock instants',
  promises: [14],
  watch: (trace, run, report, seen) => {
    const until = new Map<string, number>()
    return {
      before: (view, event) => {
        if (event.type === 'run-reopened' || event.type === 'plan-changed')
          for (const path of [...until.keys()]) if (isOpenedBy(event, path)) until.delete(path)
        if (event.type === 'retry-scheduled') {
          until.set(event.path, event.untilMs)
          if (event.untilMs !== event.at + event.delayMs)
            report(
              `the back-off of \`${event.path}\` ends at ${event.untilMs}, it is ${event.delayMs} ms from ${event.at}`,
              event.seq,
            )
        }
        if (event.type !== 'attempt-started') return
        const instant = until.get(event.path)
        until.delete(event.path)
        if (instant === undefined) return
        seen()
        if (event.at < instant)
          report(`\`${event.path}\` started ${instant - event.at} ms before its back-off was over`, event.seq)
        const waited = view.instances.get(event.path)?.waiting?.kind === 'slot'
        const free =
          !waited && stepOf(view, event.path)?.step.mutex === undefined && trace.scenario.trouble.jumps.length === 0
        const alone =
          (stepOf(view, event.path)?.scope.pipeline.maxParallel ?? 0) >= 8 &&
          !event.path.includes('/') &&
          !event.path.includes('[')
        if (free && alone && isUndisturbed(run) && event.at > instant + 1000)
          report(`\`${event.path}\` started ${event.at - instant} ms after its back-off was over`, event.seq)
      },
    }
  },
}
