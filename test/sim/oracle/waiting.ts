import type { RunEvent, WaitSpec } from '../../../src/events/events.ts'
import { fitsWhen } from '../people.ts'
import type { SimRun } from '../sim-types.ts'
import type { Invariant } from './invariant.ts'
import { isHungUp, isStopped, isSuspended } from './moves.ts'
import { isHeldInside } from './people.ts'
import { wasBlocked } from './quiet.ts'
import { isOpenedBy, isWithin } from './undo.ts'
import { basePath, instanceOf, isPart, isStart, type RunView, scopesAround, stepOf } from './view.ts'

/** What neither works nor has ended says what it waits for. */
export const saysWhatFor: Invariant = {
  name: 'what waits says what it waits for',
  promises: [25],
  watch: (_trace, run, report, seen) => ({
    commit: (view, atMs) => {
      if (view.ended || view.parked || view.runWaiting || isHungUp(run, view, atMs)) return
      for (const instance of view.instances.values()) {
        const place = stepOf(view, instance.path)
        if (place?.step.action.kind !== 'run' || instance.ended || instance.startedSeq === undefined) continue
        // A foreach and a repeat have parts that say it.
        const { foreach, repeat } = place.step
        const isItem = instance.path.includes('[', instance.path.lastIndexOf('/') + 1)
        if ((foreach && !isItem) || (repeat && !/@\d+$/.test(instance.path))) continue
        const works = instance.openAttempt !== undefined || instance.openWork.size > 0
        if (!works) seen()
        if (works || instance.waiting || instance.wait === 'open' || isStopped(view, place.scope)) continue
        // What holds it waits for a place, and says so.
        if (isSuspended(view, place.scope)) continue
        report(`\`${instance.path}\` neither works nor says what it waits for`)
      }
    },
  }),
}

/** A run that nobody stays with parks as soon as it waits for people, signals and long waits alone. */
export const parksAtOnce: Invariant = {
  name: 'a run that only waits for people, signals and long waits parks',
  promises: [19],
  watch: (trace, run, report, seen) => {
    const { jumps, detached } = trace.scenario.trouble
    if (!detached || jumps.length > 0 || wasBlocked(run)) return {}
    let idle: { readonly atMs: number; readonly epoch: number } | undefined
    return {
      before: (view, event) => {
        const { atMs } = run.ledger.written[event.seq - 1]!
        if (
          idle &&
          idle.epoch === view.epoch &&
          event.type !== 'run-opened' &&
          event.type !== 'plan-changed' &&
          atMs - idle.atMs > 2000
        )
          report(`it waited ${atMs - idle.atMs} ms for people or long, and did not park`, event.seq)
        idle = undefined
      },
      commit: (view, atMs) => {
        const nowMs = run.ledger.written.findLast((entry) => entry.atMs === atMs)?.event.at ?? 0
        if (!isIdle(view, nowMs)) return
        seen()
        idle = { atMs, epoch: view.epoch }
      },
    }
  },
}

/** A minute, and what a turn may take to look. */
const LONG_WAIT_MS = 61_000

function isIdle(view: RunView, nowMs: number): boolean {
  if (view.ended || view.parked || view.runWaiting || view.cancelled !== 'no') return false
  for (const instance of view.instances.values()) {
    const place = stepOf(view, instance.path)
    if (instance.ended || !place) continue
    if (scopesAround(view, place.scope).some((scope) => scope.timedOut || scope.tripped || scope.pipeline.mutex))
      return false
    if (instance.openWork.size > 0 || (instance.openAttempt !== undefined && place.step.action.kind === 'run'))
      return false
    // A lock that a new owner asks for again may be somebody else's for a while.
    if (view.openings > 1 && instance.startedSeq !== undefined && place.step.mutex !== undefined) return false
    const { waiting } = instance
    if (waiting === undefined && place.step.action.kind === 'run' && instance.wait !== 'open') return false
    if (waiting && 'untilMs' in waiting && waiting.untilMs - nowMs <= LONG_WAIT_MS) return false
    if (waiting?.kind === 'slot') return false
    if (waiting?.kind === 'lock' && !waiting.keys.some((key) => isHeldInside(view, key, instance.path))) return false
  }
  for (const scope of view.scopes.values())
    if (scope.pipeline.gates.some(({ checks, touched }) => checks.length > 0 || touched !== undefined)) return false
  return true
}

/** `due` marks a step late once, no earlier and hardly later than it says, tells somebody, and ends nothing. */
export const lateIsTold: Invariant = {
  name: 'a step that is late says so once and goes on',
  promises: [14],
  watch: (trace, run, report, seen) => {
    // Its clock may start when it is ready or when it works.
    const known = new Map<string, number>()
    const begun = new Map<string, number>()
    const told = new Set<string>()
    const calm = trace.scenario.trouble.jumps.length === 0
    const quick = calm && trace.scenario.batching !== 'lagged' && !wasBlocked(run)
    return {
      before: (view, event) => {
        // What is done again may be late again.
        for (const path of [...known.keys()]) {
          if (!isUndone(event, path)) continue
          known.delete(path)
          begun.delete(path)
          told.delete(path)
        }
        if (!('path' in event) || event.path === '' || isPart(event.path)) return
        const base = basePath(event.path)
        const dueMs = stepOf(view, base)?.step.dueMs
        if (event.type === 'deadline-passed' && event.what === 'due') {
          const { path, at, seq } = event
          seen()
          const since = known.get(path)
          if (dueMs === undefined || since === undefined) return report(`\`${path}\` is late, and is not due`, seq)
          if (told.has(path)) report(`\`${path}\` is late twice`, seq)
          if (instanceOf(view, path).ended) report(`\`${path}\` is late after its end`, seq)
          if (calm && at < since + dueMs) report(`\`${path}\` is late ${since + dueMs - at} ms before it is due`, seq)
          told.add(path)
          if (!isEscalated(run, event)) report(`\`${path}\` is late, and nobody is told`, seq)
          return
        }
        if (event.type === 'step-ended' && event.path === base && dueMs !== undefined) {
          const since = begun.get(base)
          const undisturbed = quick && view.openings === 1
          if (
            undisturbed &&
            since !== undefined &&
            event.at > since + dueMs + 3000 &&
            !told.has(base) &&
            event.status === 'succeeded'
          )
            report(`\`${base}\` ended ${event.at - since} ms after its start and was never late`, event.seq)
        }
        if (isStart(event) && !known.has(base)) known.set(base, event.at)
        const starts = ['attempt-started', 'foreach-expanded', 'iteration-started', 'wait-opened', 'pipeline-started']
        const timer = event.type === 'step-waiting' && event.for.kind === 'timer'
        if ((starts.includes(event.type) || timer) && !begun.has(base)) begun.set(base, event.at)
      },
    }
  },
}

/** The next event but one tells somebody in the same commit. */
function isEscalated(run: SimRun, event: RunEvent & { readonly path: string }): boolean {
  const { written } = run.ledger
  const { commit } = written[event.seq - 1]!
  return written
    .slice(event.seq)
    .some(
      ({ event: next, commit: other }) =>
        other === commit &&
        next.type === 'signal-sent' &&
        next.path === event.path &&
        next.signal.endsWith(':ESCALATE'),
    )
}

interface OpenWait {
  readonly spec: WaitSpec
  readonly seq: number
}

/** A signal is taken by one wait that it fits; one that the run sent itself reaches a wait that was open for it. */
export const signalsMeetWaits: Invariant = {
  name: 'a signal meets one wait that it fits',
  promises: [20],
  watch: (_trace, run, report, seen) => {
    const open = new Map<string, OpenWait>()
    const sent = new Map<string, Extract<RunEvent, { type: 'signal-sent' }>>()
    const taken = new Set<string | number>()
    return {
      before: (view, event) => {
        if (event.type === 'signal-sent') sent.set(event.id, event)
        if (event.type === 'step-ended') open.delete(event.path)
        for (const path of [...open.keys()]) if (isUndone(event, path)) open.delete(path)
        if (event.type === 'wait-opened' && event.wait.kind === 'signal')
          open.set(event.path, { spec: event.wait, seq: event.seq })
        if (event.type !== 'wait-decided' || event.decision.verdict !== 'received') return
        const { decision, path, seq } = event
        seen()
        const spec = open.get(path)?.spec
        open.delete(path)
        if (spec === undefined) return
        const row = decision.row === undefined ? undefined : run.ledger.rows[decision.row - 1]
        const own = decision.signal === undefined ? undefined : sent.get(decision.signal)
        const what = row
          ? { name: row.data.signal, payload: row.data.payload }
          : own && { name: own.signal, payload: own.payload }
        if (what === undefined) return report(`\`${path}\` received a signal that nobody sent`, seq)
        if (what.name !== spec.signal) report(`\`${path}\` waits for ${spec.signal} and took ${what.name}`, seq)
        const action = stepOf(view, path)?.step.action
        // By what the plan says, not by what the wait was opened for.
        const picky = action?.kind === 'listen' && action.picky
        if (picky && (what.payload as { readonly flag?: unknown } | undefined)?.flag !== true)
          report(`\`${path}\` took a signal that does not fit its condition`, seq)
        const id = decision.signal ?? decision.row!
        if (taken.has(id)) report(`\`${path}\` took signal ${id}, which was taken before`, seq)
        taken.add(id)
      },
      commit: (view) => {
        for (const signal of sent.values()) {
          if (taken.has(signal.id)) continue
          for (const [path, { spec, seq }] of open) {
            const place = stepOf(view, path)
            if (!place || seq > signal.seq || spec.signal !== signal.signal || !fitsWhen(spec, signal.payload)) continue
            report(
              `\`${path}\` waits for ${spec.signal} and did not take ${signal.id}, sent by \`${signal.path}\``,
              signal.seq,
            )
            taken.add(signal.id)
            break
          }
        }
      },
    }
  },
}

/** `finally` has all the time that it was given, from its start and from each new owner on. */
export const finallyHasItsTime: Invariant = {
  name: 'finally has its time, and all of it again after a resume',
  promises: [12],
  watch: (trace, run, report, seen) => {
    const since = new Map<string, number>()
    // Deadlines count from the turn that set them, and where a commit has to wait its effects come later.
    if (wasBlocked(run)) return {}
    return {
      before: (view, event) => {
        const { atMs } = run.ledger.written[event.seq - 1]!
        if (event.type === 'finally-started') since.set(event.path, atMs)
        if (event.type === 'run-opened') for (const path of since.keys()) since.set(path, atMs)
        if (event.type !== 'step-ended' || view.cancelled === 'hard') return
        const place = stepOf(view, event.path)
        if (place?.step.section !== 'finally' || place.step.action.kind !== 'run') return
        if (event.status !== 'timed-out' || place.step.timeoutMs !== undefined) return
        seen()
        const hadMs = atMs - (since.get(place.scope.path) ?? 0)
        const around = scopesAround(view, place.scope).slice(1)
        const outer = around.some((scope) => scope.timedOut || scope.tripped || scope.finallyOutcome !== undefined)
        // Its time counts from when the turn began that started it.
        const slackMs = trace.scenario.batching === 'lagged' ? 400 : trace.scenario.trouble.jumps.length > 0 ? 20 : 0
        if (!outer && hadMs < place.scope.pipeline.finallyTimeoutMs - slackMs)
          report(
            `finally \`${event.path}\` was stopped after ${hadMs} of ${place.scope.pipeline.finallyTimeoutMs} ms`,
            event.seq,
          )
      },
    }
  },
}

/** Whether an event takes back what happened at a path, so that it can happen again. */
function isUndone(event: RunEvent, path: string): boolean {
  if (event.type === 'pipeline-started') return isWithin(path, event.path)
  return (event.type === 'run-reopened' || event.type === 'plan-changed') && isOpenedBy(event, path)
}
