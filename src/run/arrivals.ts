import type { Decision } from '../events/events.ts'
import type { Outcome } from '../events/outcome.ts'
import type { Arrival } from '../ports/port.ts'
import { unreachable } from '../util/unreachable.ts'
import { onAttemptDone, onDue, onRecoverDone } from './attempts.ts'
import { onCheckDecided, onCheckOutcome } from './checks.ts'
import { dropRetry } from './escalation.ts'
import { onBypassDecided, onGateOrder, onGatePaths } from './gates.ts'
import { startPass } from './repeat.ts'
import { emit, type Gate, type HeldBack, type Node, type Pending, type Run, wake } from './run.ts'
import { onFinallyTimeout, onTimeout, rearmFinally } from './scope-timers.ts'
import { askScopeLock, onScopeLocked } from './scopes.ts'
import { askLock } from './steps.ts'
import { stopScope } from './stop.ts'
import { afterWait, onDecided } from './waits.ts'

/** Takes one arrival to the stage that waits for it. One that nobody waits for (any more) changes nothing. */
export function onArrival(run: Run, arrival: Arrival): void {
  switch (arrival.type) {
    case 'opened':
      return
    case 'outcome':
      return onOutcome(run, arrival.token, arrival.outcome)
    case 'recovered':
      // One that was forgotten since (by another plan) may have been started anew under the same token.
      if (!run.awaited.delete(arrival.token)) return
      return onOutcome(run, arrival.token, {
        status: 'interrupted',
        reason: 'interrupted',
        message: 'its runner died while it ran',
        durationMs: 0,
      })
    case 'elapsed':
      return onElapsed(run, arrival.token)
    case 'decided':
      return onDecision(run, arrival.token, arrival.decision)
    case 'locked':
      return onLocked(run, arrival.token)
    case 'clock-jumped':
      emit(run, { type: 'clock-jumped', byMs: arrival.byMs })
      return rearmFinally(run)
    case 'cancel': {
      const hard = arrival.hard || run.state.cancel !== undefined
      emit(run, { type: 'cancel-requested', by: arrival.by, reason: arrival.reason, hard })
      dropRetry(run)
      if (run.root) stopScope(run, run.root, 'cancel', hard)
      return
    }
    case 'park':
      run.parking = true
      return
    case 'note':
      return emit(run, { type: 'noted', by: arrival.by, text: arrival.text })
    case 'bypass': {
      const { gate, by, reason, expiresAt } = arrival
      return onGateOrder(run, gate, { kind: 'bypass', by, reason, expiresAt }, heldGates(run))
    }
    case 'reject-gate': {
      const { gate, by, reason } = arrival
      return onGateOrder(run, gate, { kind: 'reject', by, reason, expiresAt: undefined }, heldGates(run))
    }
    default:
      return unreachable(arrival)
  }
}

function heldGates(run: Run): Gate[] {
  const held: Gate[] = []
  for (const pending of run.pending.values()) if (pending.what === 'gate-wait') held.push(pending.gate)
  return held
}

function take(run: Run, token: string): Pending | undefined {
  const pending = run.pending.get(token)
  run.pending.delete(token)
  return pending
}

function onOutcome(run: Run, token: string, outcome: Outcome): void {
  const pending = take(run, token)
  if (pending === undefined) return
  run.inFlight -= 1
  switch (pending.what) {
    case 'attempt':
      return onAttemptDone(run, pending.node, outcome)
    case 'recover':
      return onRecoverDone(run, pending.node, outcome)
    case 'check': {
      const { owner, scope } = pending.run
      const stopping = owner.kind === 'node' ? owner.node.stop !== undefined : scope.stopped !== undefined
      return onCheckOutcome(run, pending.run, outcome, stopping)
    }
    case 'gate-paths':
      return onGatePaths(run, pending.gate, outcome)
    default:
      throw new Error(`an outcome came for \`${token}\`, which is a ${pending.what}`)
  }
}

function onElapsed(run: Run, token: string): void {
  const pending = take(run, token)
  run.timers.delete(token)
  if (pending === undefined) return
  switch (pending.what) {
    case 'backoff':
      pending.node.timerToken = undefined
      return wake(run, { type: 'attempt', node: pending.node })
    case 'delay':
      pending.node.timerToken = undefined
      return startPass(run, pending.node, pending.node.pass!.iteration + 1)
    case 'timer':
      pending.node.timerToken = undefined
      return afterWait(run, pending.node, { values: {} })
    case 'due':
      return onDue(run, pending.node)
    case 'scope-timeout':
      return onTimeout(run, pending.scope)
    case 'finally-timeout':
      return onFinallyTimeout(run, pending.scope)
    case 'quiet':
      if (run.quiet === 'asked') run.quiet = 'passed'
      return
    default:
      throw new Error(`a time has come for \`${token}\`, which is a ${pending.what}`)
  }
}

function onDecision(run: Run, token: string, decision: Decision): void {
  const pending = take(run, token)
  if (pending === undefined) return
  switch (pending.what) {
    case 'wait':
      return onDecided(run, pending.node, decision)
    case 'check':
      return onCheckDecided(run, pending.run, decision)
    case 'gate-wait':
      return onBypassDecided(run, pending.gate, decision)
    default:
      throw new Error(`a decision came for \`${token}\`, which is a ${pending.what}`)
  }
}

function onLocked(run: Run, token: string): void {
  const pending = take(run, token)
  if (pending === undefined) return
  if (pending.what === 'scope-lock') onScopeLocked(run, pending.scope)
  else if (pending.what === 'lock') onNodeLocked(run, pending.node)
  else throw new Error(`a lock came for \`${token}\`, which is a ${pending.what}`)
  const held = run.heldBack
  run.heldBack = []
  for (const entry of held) goOn(run, entry)
}

/** Tries again what was held back; it may have to wait for the next lock. */
function goOn(run: Run, entry: HeldBack): void {
  if (entry.what === 'scope-lock') return askScopeLock(run, entry.scope)
  const { node, what } = entry
  if (node.phase === 'ended') return
  if (what !== 'lock') return wake(run, { type: what, node })
  if (node.lock.state === 'due') askLock(run, node, node.lock.keys)
}

function onNodeLocked(run: Run, node: Node): void {
  run.locksAsked -= 1
  node.lock = { ...node.lock, state: 'held' }
  if (node.phase === 'locking') wake(run, { type: 'place', node })
}
