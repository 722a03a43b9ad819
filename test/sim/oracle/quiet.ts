import type { SimRun } from '../sim-types.ts'

/* What held a run up: where it did, an invariant about times says nothing. */

/** Whether commits of the run had to wait for space or for the file. */
export function wasBlocked(run: SimRun): boolean {
  return run.blocked.length > 0
}

/** Nothing stood in the way of a runner that lives: no crash, no full disk, no parking. */
export function isUndisturbed(run: SimRun): boolean {
  return run.parks === 0 && !wasBlocked(run) && run.deaths.size === 0
}
