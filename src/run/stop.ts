import { attemptToken } from '../events/path.ts'
import { recoverToken, stopped } from './attempts.ts'
import { stopChecks } from './checks.ts'
import { finish, freeLock } from './ends.ts'
import { dropBypass, pathsToken } from './gates.ts'
import { type Node, type Run, type Scope, type Stop, stateOf, wake } from './run.ts'
import { waitToken } from './waits.ts'

/*
 * Bringing things to an end from outside: cancel, fail_fast, timeouts. At once in every state (promise 22): what runs is
 * told to end and its own end is awaited; what waits ends here and now. `finally` is never stopped but by a hard cancel
 * or its own timeout.
 */

/** Stops all steps of a scope; its `finally` follows. */
export function stopScope(run: Run, scope: Scope, stop: Stop, hard: boolean): void {
  if (scope.phase === 'ended') return
  if (scope.phase === 'finally') {
    if (hard) stopSection(run, scope, 'finally', stop, hard)
    return
  }
  if (scope.stopped === undefined || stop === 'cancel') scope.stopped = stop
  if (scope.phase === 'opening') abandonOpening(run, scope)
  stopSection(run, scope, 'steps', stop, hard)
  for (const gate of scope.gates.values()) {
    if (gate.status === 'held') dropBypass(run, gate)
    if (gate.status !== 'judging') continue
    if (gate.checks) stopChecks(run, gate.checks, hard)
    else run.port.abort(pathsToken(run, gate), hard)
  }
  wake(run, { type: 'scope', scope })
}

/** The run itself was cancelled while it waited for its own lock: its steps never start. */
function abandonOpening(run: Run, scope: Scope): void {
  scope.phase = 'main'
  scope.open = [...scope.nodes.values()].filter((node) => node.step.section === 'steps').length
  if (scope.lock.state === 'asked') freeLock(run, scope)
}

/** Stops what has not ended of one section. */
export function stopSection(run: Run, scope: Scope, section: 'steps' | 'finally', stop: Stop, hard: boolean): void {
  for (const node of scope.nodes.values()) if (node.step.section === section) stopNode(run, node, stop, hard)
}

function stopNode(run: Run, node: Node, stop: Stop, hard: boolean): void {
  const attempt = stateOf(run, node)?.attempts ?? 1
  switch (node.phase) {
    case 'ended':
      return
    case 'pending':
    case 'gated':
    case 'locking':
    case 'queued':
    case 'backoff':
    case 'timer':
    case 'delay':
      return finish(run, node, { status: 'cancelled', reason: stop })
    case 'waiting': {
      const token = waitToken(run, node)
      run.waits.delete(token)
      if (run.pending.delete(token)) run.port.abort(token, hard)
      return finish(run, node, { status: 'cancelled', reason: stop })
    }
    case 'attempt':
      node.stop ??= stop
      return run.port.abort(attemptToken(node.path, attempt), hard)
    case 'recovering':
      node.stop ??= stop
      return run.port.abort(recoverToken(run, node), hard)
    case 'checking':
      node.stop ??= stop
      if (node.checks) return stopChecks(run, node.checks, hard)
      return finish(run, node, stopped(node))
    case 'items':
      node.stop ??= stop
      for (const item of node.items) stopNode(run, item, stop, hard)
      return
    case 'passes':
      node.stop ??= stop
      if (node.pass) stopNode(run, node.pass, stop, hard)
      return
    case 'scope':
      node.stop ??= stop
      if (node.child === undefined || node.child.phase === 'opening') abandonChild(run, node, stop)
      else wake(run, { type: 'stop-scope', scope: node.child, stop, hard })
  }
}

/** A sub-pipeline that still waits for its own lock has done nothing. */
function abandonChild(run: Run, node: Node, stop: Stop): void {
  const { child } = node
  if (child?.lock.state === 'asked') freeLock(run, child)
  if (child) child.phase = 'ended'
  finish(run, node, { status: 'cancelled', reason: stop })
}
