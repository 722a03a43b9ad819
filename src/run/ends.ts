import type { RunOutcome, StepStatus } from '../events/events.ts'
import type { Json } from '../util/json.ts'
import { releaseSlot } from './ready-queue.ts'
import { emit, type Lock, type Node, type Pending, type Run, stopTimer, wake } from './run.ts'
import { escalate } from './signals.ts'

export interface End {
  readonly status: StepStatus
  /** `when`: skipped by its own condition, which satisfies a need. */
  readonly reason?: string | undefined
  readonly message?: string | undefined
  readonly hint?: string | undefined
  readonly outputs?: { readonly [name: string]: Json } | undefined
  readonly outcome?: RunOutcome | undefined
}

/** Ends a node once: records it, gives back all it holds (D6), and lets those who wait for it know. */
export function finish(run: Run, node: Node, end: End): void {
  if (node.phase === 'ended') return
  node.phase = 'ended'
  node.status = end.status
  node.ownSkip = end.status === 'skipped' && end.reason === 'when'
  const escalates =
    end.status === 'timed-out' &&
    node.step.onTimeout === 'escalate' &&
    node.stop === undefined &&
    node.pass === undefined
  if (escalates) escalate(run, node.scope, node.path, end.message ?? 'its time is over', true)
  const { message, hint, outputs, outcome } = end
  const reason = escalates ? 'escalated' : end.reason
  emit(run, {
    type: 'step-ended',
    path: node.path,
    status: end.status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(hint === undefined ? {} : { hint }),
  })
  giveBack(run, node)
  wake(run, { type: 'ended', node })
}

function giveBack(run: Run, node: Node): void {
  if (node.job?.state === 'queued') node.job.state = 'dropped'
  node.job = undefined
  freeSlot(node)
  if (node.timerToken !== undefined) stopTimer(run, node.timerToken)
  if (node.dueToken !== undefined) stopTimer(run, node.dueToken)
  freeLock(run, node)
  if (node.place) {
    node.place = false
    const places = node.parent!.places!
    places.used -= 1
    let next = places.queue.shift()
    while (next?.phase === 'ended') next = places.queue.shift()
    if (next) wake(run, { type: 'place', node: next })
  }
}

/** A step that has not begun waits once more, for something that comes before its lock and its slot. */
export function standBack(run: Run, node: Node): void {
  node.phase = 'gated'
  freeSlot(node)
  freeLock(run, node)
}

/** Gives back a step's slot, and that of its agent. */
export function freeSlot(node: Node): void {
  if (node.agentSlot) releaseSlot(node.agentSlot)
  node.agentSlot = undefined
  if (!node.slot) return
  node.slot = false
  releaseSlot(node.scope.queue)
}

/** Asks for the keys of a step, or of a pipeline itself, under a token that no other request has. */
export function requestLock(run: Run, path: string, keys: readonly string[], pending: LockPending): void {
  const token = `${path}#lock-${run.state.lastSeq}`
  const holder = pending.what === 'lock' ? pending.node : pending.scope
  holder.lock = { state: 'asked', keys, token }
  run.locksAsked += 1
  run.pending.set(token, pending)
  run.port.lock(token, keys, run.plan.places)
}

type LockPending = Extract<Pending, { readonly what: 'lock' | 'scope-lock' }>

/** Gives back the keys of a step, or of a pipeline itself, or what it asked for. */
export function freeLock(run: Run, holder: { lock: Lock }): void {
  const { state, token } = holder.lock
  holder.lock = { state: 'none', keys: [] }
  if (token === undefined) return
  if (state === 'asked') run.locksAsked -= 1
  run.pending.delete(token)
  run.port.unlock(token)
}
