import { locate } from '../paths.ts'
import type { ProcessRecord, SimRun } from '../sim-types.ts'
import { ROOT, type StepSpec } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isOwnSkip } from './moves.ts'
import { wasBlocked } from './quiet.ts'
import { isOpenedBy, isWithin } from './undo.ts'
import { basePath, type InstanceView, isFailure, type RunView, type ScopeView, scopesAround, stepOf } from './view.ts'

/** Names by which `retry.only` can ask for a failure. */
function failureNames(instance: InstanceView): string[] {
  const outcome = instance.lastAttempt?.outcome
  if (outcome === undefined) return []
  const names = outcome.failure === undefined ? [] : [outcome.failure]
  if (outcome.status === 'timed-out') names.push('timeout')
  if (outcome.status === 'stalled') names.push('stall')
  if (outcome.status === 'succeeded') names.push('check')
  return names
}

/** A failure is tried again exactly when its step says so: as often, and for the named failures only. */
export const retriesAsAsked: Invariant = {
  name: 'a failure is tried again exactly when its step says so',
  promises: [5],
  watch: (_trace, _run, report, seen) => {
    const retries = new Map<string, number>()
    const repairs = new Map<string, boolean>()
    return {
      before: (view, event) => {
        if (event.type === 'pipeline-started')
          for (const path of [...retries.keys()]) if (path.startsWith(`${event.path}/`)) retries.delete(path)
        if (event.type === 'run-reopened' || event.type === 'plan-changed')
          for (const path of [...retries.keys()]) if (isOpenedBy(event, path)) retries.delete(path)
        if (event.type === 'recover-ended') repairs.set(event.path, event.outcome.status === 'succeeded')
        if (event.type !== 'retry-scheduled' && event.type !== 'step-ended') return
        const place = stepOf(view, event.path)
        const instance = view.instances.get(event.path)
        if (place?.step.action.kind !== 'run' || !instance?.lastAttempt || instance.items) return
        const { retry } = place.step
        const done = retries.get(event.path) ?? 0
        const wanted =
          retry !== undefined &&
          done + 1 < retry.attempts &&
          (retry.only.length === 0 || failureNames(instance).some((name) => retry.only.includes(name)))
        if (retry !== undefined) seen()
        if (event.type === 'retry-scheduled') {
          retries.set(event.path, done + 1)
          if (!wanted) report(`\`${event.path}\` is tried again, and its step does not ask for that`, event.seq)
          return
        }
        const failed = isFailure(event.status) && event.status !== 'interrupted' && event.reason !== 'repeat'
        // The timeout of a finally stops, too, and is not in the record.
        const ending = scopesAround(view, place.scope).some((scope) => scope.finallyOutcome !== undefined)
        const stopped = ending || stopsOf(view, place.scope).size > 0
        const repaired = repairs.get(event.path) !== false
        const { status } = instance.lastAttempt.outcome
        const own = status !== 'interrupted' && status !== 'cancelled'
        if (failed && wanted && !stopped && repaired && own && !place.step.repeat)
          report(`\`${event.path}\` gave up after ${done + 1} attempts, its step asks for more`, event.seq)
      },
    }
  },
}

/** Why a scope was stopped from outside: its own reasons and those of what is around it. */
function stopsOf(view: RunView, scope: ScopeView): ReadonlySet<'cancel' | 'fail-fast' | 'timeout'> {
  const stops = new Set<'cancel' | 'fail-fast' | 'timeout'>()
  if (view.cancelled !== 'no') stops.add('cancel')
  for (const one of scopesAround(view, scope)) {
    if (one.tripped) stops.add('fail-fast')
    if (one.timedOut) stops.add('timeout')
  }
  return stops
}

/** What is stopped says by what: timed out by a deadline of its pipeline, cancelled by all else; never of itself. */
export const stopsSayWhy: Invariant = {
  name: 'what is stopped says by what',
  promises: [5, 8, 22],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'step-ended') return
      const place = stepOf(view, event.path)
      if (place === undefined || place.step.section === 'finally') return
      if (scopesAround(view, place.scope).some((scope) => scope.finallyOutcome !== undefined)) return
      const stops = stopsOf(view, place.scope)
      const ran =
        place.step.action.kind === 'run' && view.instances.get(event.path)?.lastAttempt?.outcome.status === 'cancelled'
      // What was cancelled in a sub-pipeline before the run was opened again may have stayed so.
      const inside = [...view.instances].some(
        ([path, { ended }]) => ended?.status === 'cancelled' && isWithin(path, event.path),
      )
      if (event.status === 'cancelled' || stops.size > 0) seen()
      if (event.status === 'cancelled' && stops.size === 0 && !inside)
        report(`\`${event.path}\` was cancelled by nothing`, event.seq)
      if (ran && stops.size === 1) {
        const expected = stops.has('timeout') ? 'timed-out' : 'cancelled'
        if (event.status !== expected)
          report(`\`${event.path}\` ${event.status}, it was stopped and must be ${expected}`, event.seq)
      }
      const timedOut = view.scopes.get(event.path)?.timedOut === true
      if (timedOut && stops.size === 0 && event.status !== 'timed-out' && !view.scopes.get(event.path)?.escalated)
        report(`\`${event.path}\` ${event.status}, its working time was over`, event.seq)
    },
  }),
}

/** A foreach ends when its items have, and as they did. */
export const itemsMakeTheStep: Invariant = {
  name: 'a foreach ends as its items did',
  promises: [5, 7],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'step-ended' || event.path !== basePath(event.path)) return
      const place = stepOf(view, event.path)
      const items = view.instances.get(event.path)?.items
      if (place === undefined || items === undefined) return
      seen()
      const ends = items.map((item) => view.instances.get(`${event.path}[${item.key}]`)?.ended)
      if (ends.includes(undefined)) return report(`\`${event.path}\` ended before all of its items`, event.seq)
      const lost = ends.some((end) => end && end.status !== 'succeeded' && !isOwnSkip(end))
      const failed = ends.some((end) => end && isFailure(end.status))
      if (lost === (event.status === 'succeeded'))
        report(`\`${event.path}\` ${event.status}, and ${lost ? 'not all' : 'all'} of its items did well`, event.seq)
      // The timeout of a finally is not in the record.
      if (scopesAround(view, place.scope).some((scope) => scope.finallyOutcome !== undefined)) return
      const stops = stopsOf(view, place.scope)
      if (failed && stops.size === 0 && event.status !== 'failed')
        report(`\`${event.path}\` ${event.status}, an item failed`, event.seq)
      if (lost && !failed && !stops.has('timeout') && event.status !== 'cancelled')
        report(`\`${event.path}\` ${event.status}, items were cancelled and none failed`, event.seq)
    },
  }),
}

/** The timeout of a pipeline counts the time in which something of it worked, no more and no less. */
export const workingTime: Invariant = {
  name: 'the timeout of a pipeline counts its working time',
  promises: [5, 14, 16],
  watch: (trace, run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'deadline-passed' || event.what !== 'timeout') return
      if (view.scopes.get(event.path)?.timedOut) report(`the timeout of '${event.path}' passed twice`, event.seq)
    },
    end: () => {
      const { crashes, jumps } = trace.scenario.trouble
      const again = run.ledger.events().some(({ type }) => type === 'run-reopened' || type === 'plan-changed')
      if (again || jumps.length > 0 || wasBlocked(run) || crashes.some((crash) => crash.orphans || crash.revived))
        return
      const limitMs = trace.scenario.pipelines.main?.timeoutMs
      // The finally of a sub-pipeline is never stopped by a deadline around it.
      const inner = Object.values(trace.scenario.pipelines).filter((pipeline) => pipeline.name !== ROOT)
      if (limitMs === undefined || inner.some((pipeline) => pipeline.steps.some(inFinally))) return
      seen()
      const steps = run.processes.filter((process) => rootSection(run, process) === 'steps')
      const slackMs = 6000 + 400 * (1 + crashes.length) * (trace.scenario.batching === 'lagged' ? 10 : 1)
      const workedMs = busyMs(steps, Infinity)
      // What an owner did not live to record cannot be counted by the next.
      const cut = new Set<string>()
      for (const { event } of run.ledger.written)
        if (event.type === 'attempt-ended' && event.outcome.status === 'interrupted')
          cut.add(`${event.path}#${event.attempt}`)
      const lost = steps.filter((process) => process.reaped || cut.has(process.token))
      const lostMs = lost.reduce((sum, process) => sum + process.endMs! - process.startMs, 0)
      if (workedMs > limitMs + slackMs + lostMs) report(`it worked for ${workedMs} ms, its timeout is ${limitMs}`)
      const passed = run.ledger.written.find(
        ({ event }) => event.type === 'deadline-passed' && event.path === '' && event.what === 'timeout',
      )
      if (passed && trace.scenario.batching !== 'lagged' && busyMs(run.processes, passed.atMs) < limitMs - 5)
        report(
          `its timeout of ${limitMs} ms passed after ${busyMs(run.processes, passed.atMs)} ms of work`,
          passed.event.seq,
        )
    },
  }),
}

function inFinally(step: StepSpec): boolean {
  return step.section === 'finally'
}

/** Whether a process works for a step or for the finally of the run itself. */
function rootSection(run: SimRun, process: ProcessRecord): 'steps' | 'finally' | undefined {
  return locate(run.scenario, process.path.split('/')[0]!)?.step.section
}

/** Milliseconds until `untilMs` in which at least one of the processes was alive. */
function busyMs(processes: readonly ProcessRecord[], untilMs: number): number {
  let busy = 0
  let coveredMs = 0
  for (const process of [...processes].sort((one, two) => one.startMs - two.startMs)) {
    const endMs = Math.min(process.endMs ?? process.startMs, untilMs)
    busy += Math.max(0, endMs - Math.max(process.startMs, coveredMs))
    coveredMs = Math.max(coveredMs, endMs)
  }
  return busy
}
