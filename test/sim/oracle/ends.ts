import { locate } from '../paths.ts'
import type { CheckSpec } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isOpenedBy } from './undo.ts'
import { childPath, instanceOf, isFailure, stepOf } from './view.ts'

/** Every wait that was opened is decided, or its step has ended. */
export const waitsClosed: Invariant = {
  name: 'every opened wait is decided or ended',
  promises: [19, 20, 25],
  watch: (_trace, _run, report, seen) => ({
    end: (view) => {
      for (const instance of view.instances.values()) {
        if (instance.wait !== undefined) seen()
        if (instance.wait === 'open' && !instance.ended)
          report(`the wait of \`${instance.path}\` is open after the end`)
      }
    },
  }),
}

/** finally runs once, after everything else, and before the end. */
export const finallyOnce: Invariant = {
  name: 'finally runs once, at the end',
  promises: [12, 22],
  watch: (_trace, _run, report, seen) => {
    return {
      before: (view, event) => {
        if (event.type !== 'finally-started') return
        seen()
        const scope = view.scopes.get(event.path)
        if (scope?.finallyOutcome !== undefined) report(`finally of '${event.path}' started twice`, event.seq)
        for (const step of scope?.pipeline.steps ?? []) {
          const path = childPath(event.path, step.id)
          if (step.section === 'steps' && !instanceOf(view, path).ended)
            report(`finally of '${event.path}' started before \`${path}\` ended`, event.seq)
        }
      },
      end: (view) => {
        if (view.cancelled === 'hard') return
        const scope = view.scopes.get('')
        if (scope?.pipeline.steps.some((step) => step.section === 'finally') && scope.finallyOutcome === undefined)
          report('the run ended without its finally')
      },
    }
  },
}

/** A step whose interruption must not be repeated is not, unless a person says so. */
export const atMostOnce: Invariant = {
  name: 'fail and ask are at most once across a crash',
  promises: [16, 17],
  watch: (_trace, run, report, seen) => ({
    before: (view, event) => {
      if (event.type === 'attempt-ended' && event.outcome.status === 'interrupted') {
        const cutOff = stepOf(view, event.path)?.step
        if (cutOff?.action.kind === 'run' && cutOff.interrupted !== 'rerun') seen()
      }
      if (event.type !== 'attempt-started') return
      const place = stepOf(view, event.path)
      const instance = view.instances.get(event.path)
      if (place?.step.action.kind !== 'run' || instance?.lastAttempt?.outcome.status !== 'interrupted') return
      if (place.step.interrupted === 'fail') report(`\`${event.path}\` ran again after it was interrupted`, event.seq)
      if (place.step.interrupted === 'ask') {
        const said = run.ledger
          .events()
          .some(
            (other) =>
              other.type === 'wait-decided' &&
              other.path === event.path &&
              other.decision.verdict === 'rerun' &&
              other.seq < event.seq,
          )
        if (!said) report(`\`${event.path}\` ran again after it was interrupted, and nobody said so`, event.seq)
      }
    },
    end: () => {
      const byToken = Map.groupBy(run.processes, (process) => process.path)
      const again = run.ledger
        .events()
        .filter((event) => event.type === 'run-reopened' || event.type === 'plan-changed')
      for (const [path, processes] of byToken) {
        if (again.some((event) => isOpenedBy(event, path))) continue
        const place = locate(processes[0]!.scenario, path)
        if (
          !place ||
          place.extra ||
          place.step.interrupted !== 'fail' ||
          place.step.retry ||
          place.step.repeat ||
          place.step.action.kind !== 'run'
        )
          continue
        if (processes.length > 1) report(`\`${path}\` ran ${processes.length} times, it must not be repeated`)
      }
    },
  }),
}

/** Retries stop at the number that was asked for, and come only after failures. */
export const retriesCounted: Invariant = {
  name: 'retry stops at its number of attempts',
  promises: [5],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'attempt-started') return
      const place = stepOf(view, event.path)
      const instance = view.instances.get(event.path)
      if (place?.step.action.kind !== 'run' || instance === undefined || instance.failed === 0) return
      const allowed = place.step.retry?.attempts ?? 1
      seen()
      if (instance.failed >= allowed)
        report(`\`${event.path}\` starts again after ${instance.failed} failed attempts of ${allowed}`, event.seq)
    },
  }),
}

/** A cancel ends the run in bounded time: grace of what runs, then the time of finally. */
export const cancelEnds: Invariant = {
  name: 'a cancel ends the run in bounded time',
  promises: [22],
  watch: (trace, run, report, seen) => ({
    end: () => {
      const next = run.ledger.written.findIndex(({ event }) => event.type === 'run-reopened')
      const last = run.ledger.written.at(next < 0 ? -1 : Math.max(0, next - 1))
      const asked = run.ledger.written.find(({ event }) => event.type === 'cancel-requested')
      if (!asked || !last || asked.event.seq > last.event.seq) return
      seen()
      const down = trace.scenario.trouble.crashes.reduce((sum, crash) => sum + crash.downMs + 3000, 0)
      const { full: fulls, busy, jumps } = trace.scenario.trouble
      const back = jumps.reduce((sum, jump) => sum + Math.abs(jump.byMs), 0)
      const full = back + fulls.reduce((sum, episode) => sum + episode.forMs, 0) + 3000 * busy.length
      // Each owner gives finally all of its time again, and does not hear of a lock before it looks.
      const finallyMs = 300_000 * Object.keys(trace.scenario.pipelines).length * (1 + run.deaths.size)
      const deafMs = trace.scenario.trouble.deaf.reduce((sum, { forMs }) => sum + forMs, 0)
      const allowed = 6000 + finallyMs + deafMs + down + full + run.parks * 90_000_000
      if (last.atMs - asked.atMs > allowed) report(`the run ended ${last.atMs - asked.atMs} ms after it was cancelled`)
      const noFinally = !Object.values(trace.scenario.pipelines).some((pipeline) =>
        pipeline.steps.some((step) => step.section === 'finally'),
      )
      if (noFinally && run.parks === 0 && last.atMs - asked.atMs > 8000 + down + full)
        report(`nothing but grace was left, and it took ${last.atMs - asked.atMs} ms to cancel`)
    },
    before: (view, event) => {
      if (view.cancelled === 'no' || event.type !== 'attempt-started') return
      const place = stepOf(view, event.path)
      let scope = place?.scope
      while (scope && scope.path !== '') {
        if (scope.finallyOutcome !== undefined) return
        scope = view.scopes.get(scope.path.includes('/') ? scope.path.slice(0, scope.path.lastIndexOf('/')) : '')
      }
      if (place && place.step.section !== 'finally' && scope?.finallyOutcome === undefined)
        report(`\`${event.path}\` started after the cancel`, event.seq)
      if (view.cancelled === 'hard') report(`\`${event.path}\` started after the hard cancel`, event.seq)
    },
  }),
}

/** The end of a plain step is what its last attempt and its checks say. */
export const endFollowsAttempt: Invariant = {
  name: 'a step ends as its last attempt and checks say',
  promises: [5, 9],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'step-ended') return
      const place = stepOf(view, event.path)
      const instance = view.instances.get(event.path)
      if (place?.step.action.kind !== 'run' || !instance?.lastAttempt || instance.items) return
      const { outcome, attempt } = instance.lastAttempt
      seen()
      const lost = place.step.checks.filter(
        (check) => check.level === 'mandatory' && !isFine(check, instance.checks.get(`${check.id}#${attempt}`)?.status),
      )
      if (event.status === 'succeeded' && outcome.status !== 'succeeded')
        report(`\`${event.path}\` succeeded, its last attempt ${outcome.status}`, event.seq)
      if (event.status === 'succeeded' && lost.length > 0)
        report(`\`${event.path}\` succeeded without its check ${lost[0]!.id}`, event.seq)
      if (
        isFailure(event.status) &&
        outcome.status === 'succeeded' &&
        lost.length === 0 &&
        place.step.checks.length === 0 &&
        event.reason !== 'repeat'
      )
        report(`\`${event.path}\` ${event.status} (${event.reason}), its last attempt succeeded`, event.seq)
    },
  }),
}

/** Passed, or skipped because it is about files that nobody touched. */
function isFine(check: CheckSpec, status: string | undefined): boolean {
  return status === (check.touched === false ? 'skipped' : 'passed')
}
