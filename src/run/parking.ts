import type { Arrival } from '../ports/port.ts'
import { emit, type Lock, type Run, type Scope } from './run.ts'

/*
 * Promise 19: a run that only waits for people, signals and long waits is parked where nobody stays with it. What is
 * open was asked of the port in this turn at the earliest, so the port gets one turn to answer from what it knows
 * already (a decision made while the run was parked) before the run parks for it.
 */

const QUIET = 'pipeline:#quiet'
const LONG_WAIT_MS = 60_000

/** Called at the end of each turn: parks the run, or finds that it goes on. */
export function parkIfIdle(run: Run): void {
  if (run.end !== undefined || !(run.park || run.parking) || !isIdle(run)) return
  if (run.quiet === 'asked') return
  if (run.quiet === 'passed') {
    emit(run, { type: 'run-parked', for: waitingFor(run) })
    run.end = 'parked'
    return
  }
  run.quiet = 'asked'
  run.pending.set(QUIET, { what: 'quiet' })
  run.port.timer(QUIET, 0)
}

/** Something happened: what it opens gets a turn of its own before the run parks. */
export function stir(run: Run, arrival: Arrival): void {
  if (run.quiet === undefined || (arrival.type === 'elapsed' && arrival.token === QUIET)) return
  if (run.pending.delete(QUIET)) run.port.clearTimer(QUIET)
  run.quiet = undefined
}

/** Nothing runs and nothing will, until somebody or a far instant says so. */
function isIdle(run: Run): boolean {
  if (run.inFlight > 0) return false
  if (run.parking) return true
  if (run.locksAsked > 0 && mayGetLock(run)) return false
  for (const [token, untilMs] of run.timers)
    if (untilMs - run.now <= LONG_WAIT_MS && run.pending.get(token)?.what !== 'due') return false
  return true
}

/** Whether a lock that is asked for may come: one whose key this run itself holds waits for what the run waits for. */
function mayGetLock(run: Run): boolean {
  const locks = run.root === undefined ? [] : locksOf(run.root)
  const held = new Set(locks.flatMap(({ state, keys }) => (state === 'held' ? keys : [])))
  return locks.some(({ state, keys }) => state === 'asked' && keys.every((key) => !held.has(key)))
}

function locksOf(scope: Scope): Lock[] {
  const locks = [scope.lock]
  const nodes = [...scope.nodes.values()]
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    locks.push(node.lock)
    nodes.push(...node.items)
    if (node.pass) nodes.push(node.pass)
    if (node.child) locks.push(...locksOf(node.child))
  }
  return locks
}

function waitingFor(run: Run): string[] {
  const names = new Set<string>()
  for (const [token, { what }] of run.pending)
    if (what !== 'due' && what !== 'quiet' && what !== 'finally-timeout')
      names.add(token.slice(0, token.lastIndexOf('#')))
  for (const { path, status } of run.state.steps.values()) if (status === 'waiting') names.add(path)
  return [...names]
}

/** Fails loudly where the scheduler has forgotten to wait for something: a run must not hang in silence. */
export function assertSomethingPending(run: Run): void {
  for (const { what } of run.pending.values()) if (what !== 'due' && what !== 'finally-timeout') return
  if (run.parking) return
  throw new Error(`run \`${run.id}\` has not ended, and there is nothing that it waits for`)
}
