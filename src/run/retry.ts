import type { Outcome } from '../events/outcome.ts'
import type { StepPlan } from '../plan/plan.ts'
import type { Token } from '../ports/executor.ts'
import { sha256 } from '../util/hash.ts'
import { count, nodeRoots } from './roots.ts'
import { type Node, type Run, stateOf } from './run.ts'

/** Failures that another attempt meets again: the plan or the inputs are at fault. */
const LASTING: ReadonlySet<string> = new Set(['expression', 'inputs', 'permission'])

/** Whether a failed attempt is followed by another. */
export function mayRetry(run: Run, node: Node, outcome: Outcome): boolean {
  const { retry } = node.step
  if (retry === undefined || LASTING.has(outcome.reason ?? '')) return false
  const attempts = count(retry.attempts, nodeRoots(run, node), 1)
  const allowed = attempts.ok ? (attempts.value ?? 1) : 1
  if ((stateOf(run, node)?.failures ?? 0) + 1 >= allowed) return false
  return retry.only.length === 0 || namesOf(outcome).some((name) => retry.only.includes(name))
}

/** The names by which `retry.only` may speak of a failure. */
export function namesOf(outcome: Outcome): string[] {
  const names = outcome.failure === undefined ? [] : [outcome.failure]
  if (outcome.status === 'timed-out') names.push('timeout')
  if (outcome.status === 'stalled') names.push('stall')
  if (outcome.reason === 'check') names.push('check')
  return names
}

/** Grows by the factor up to the maximum, and is spread by a hash of run and token: no two steps come back in step. */
export function delayOf(run: Run, step: StepPlan, failures: number, token: Token): number {
  const { backoffMs, factor, maxMs, jitter } = step.retry!
  const delay = Math.min(maxMs, backoffMs * factor ** failures)
  const part = Number.parseInt(sha256(`${run.id} ${token}`).slice(0, 8), 16) / 2 ** 32
  return Math.round(delay * (1 + jitter * (2 * part - 1)))
}
