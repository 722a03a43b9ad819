import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'

const MARK = 'undelivered'

/** Whether a run may say something that others hear. */
export function speaks(plan: Plan, cause: RunState['cause']): boolean {
  if (cause !== undefined) return true
  return Object.values(plan.pipelines).some(({ steps }) => steps.some(({ action }) => action.kind === 'signal'))
}

/**
 * Notes that what the run sends is still to be delivered: before it sends anything, so that no kill loses it. Each owner
 * writes a mark of its own, so that who delivers what an earlier one sent does not take it away.
 */
export function markUndelivered(runFolder: string): void {
  writeFileSync(join(runFolder, MARK), randomUUID(), { mode: 0o664 })
}

/** Whether something that the run sent may not have been heard yet. */
export function isUndelivered(runFolder: string): boolean {
  return existsSync(join(runFolder, MARK))
}

/** The mark that stands there; undefined: there is none. */
export function undeliveredMark(runFolder: string): string | undefined {
  return isUndelivered(runFolder) ? readFileSync(join(runFolder, MARK), 'utf8') : undefined
}

/** All that was sent under this mark is delivered. */
export function clearUndelivered(runFolder: string, mark: string | undefined): void {
  if (undeliveredMark(runFolder) === mark) rmSync(join(runFolder, MARK), { force: true })
}
