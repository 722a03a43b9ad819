import type { RunOutcome, StepStatus } from '../events/events.ts'
import type { Json } from '../util/json.ts'
import { releaseSlot } from './ready-queue.ts'
import { emit, type Node, type Run, stopTimer, wake } from './run.ts'
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

/** Gives back a step's slot, and that of its agent. */
export function freeSlot(node: Node): void {
  if (node.agentSlot) releaseSlot(node.agentSlot)
  node.agentSlot = undefined
  if (!node.slot) return
  node.slot = false
  releaseSlot(node.scope.queue)
}

function freeLock(run: Run, node: Node): void {
  if (node.lock.state === 'none' || node.lock.state === 'due') {
    node.lock = { state: 'none', keys: [] }
    return
  }
  const token = lockToken(node.path)
  if (node.lock.state === 'asked') run.locksAsked -= 1
  node.lock = { state: 'none', keys: [] }
  run.pending.delete(token)
  run.port.unlock(token)
}

export function lockToken(path: string): string {
  return `${path}#lock`
}
