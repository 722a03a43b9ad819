import { emit, type Run, type Scope, stopTimer } from './run.ts'
import { stopScope, stopSection } from './stop.ts'

/*
 * The timeouts of scopes. A pipeline's counts working time, so its timer runs only while something of it does; that of
 * `finally` counts from its start, and from the start of each new owner anew. Neither takes a jump of the clock for time that has passed.
 */

/** Starts the clock of a `finally`; again after a resume, with all its time. */
export function armFinally(run: Run, scope: Scope): void {
  run.pending.set(finallyToken(scope), { what: 'finally-timeout', scope })
  run.port.timer(finallyToken(scope), Math.max(0, finallyUntil(run, scope) - run.now))
}

function finallyUntil(run: Run, scope: Scope): number {
  return (run.state.scopes.get(scope.path)?.finallyAt ?? run.now) + scope.plan.finallyTimeoutMs
}

/** Timers go by the wall clock; after a jump of it, those that measure work are set again. */
export function rearmFinally(run: Run): void {
  for (const [token, pending] of [...run.pending]) {
    if (pending.what !== 'finally-timeout') continue
    run.port.clearTimer(token)
    armFinally(run, pending.scope)
  }
}

function finallyToken(scope: Scope): string {
  return `${scope.prefix}pipeline:#finally`
}

/** `finally` has its own timeout; what it did not do by then is not done. */
export function onFinallyTimeout(run: Run, scope: Scope): void {
  if (scope.phase !== 'finally') return
  if (run.now < finallyUntil(run, scope)) return armFinally(run, scope)
  stopSection(run, scope, 'finally', 'timeout', false)
}

function timeoutToken(scope: Scope): string {
  return `${scope.prefix}pipeline:#timeout`
}

/** The timers of scopes with a timeout run only while the scope works. */
export function followWork(run: Run): void {
  for (const path of run.clock.takeChanged()) {
    const scope = run.timed.get(path)
    if (scope === undefined || scope.phase !== 'main') continue
    const working = run.clock.isWorking(path)
    const token = timeoutToken(scope)
    if (scope.timerSet) stopTimer(run, token)
    scope.timerSet = working
    if (working) {
      run.pending.set(token, { what: 'scope-timeout', scope })
      run.port.timer(token, Math.max(0, scope.timeoutMs! - run.clock.workedMs(path, run.now)))
    }
  }
}

export function onTimeout(run: Run, scope: Scope): void {
  scope.timerSet = false
  if (scope.phase !== 'main') return
  const left = scope.timeoutMs! - run.clock.workedMs(scope.path, run.now)
  if (left > 0) return run.clock.touch(scope.path)
  run.timed.delete(scope.path)
  emit(run, { type: 'deadline-passed', path: scope.path, what: 'timeout' })
  stopScope(run, scope, 'timeout', false)
}

/** No longer watches the working time of a scope. */
export function stopWatching(run: Run, scope: Scope): void {
  run.timed.delete(scope.path)
  if (scope.timerSet) stopTimer(run, timeoutToken(scope))
  scope.timerSet = false
}

/** Takes back the timer of a `finally` that has ended. */
export function disarmFinally(run: Run, scope: Scope): void {
  if (run.pending.delete(finallyToken(scope))) run.port.clearTimer(finallyToken(scope))
}
