import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'

const MARK = 'undelivered'

/** Whether a run may say something that others hear. */
export function speaks(plan: Plan, cause: RunState['cause']): boolean {
  if (cause !== undefined) return true
  return Object.values(plan.pipelines).some(({ steps }) => steps.some(({ action }) => action.kind === 'signal'))
}

/** Notes that what the run sends is still to be delivered: before it sends anything, so that no kill loses it. */
export function markUndelivered(runFolder: string): void {
  if (!isUndelivered(runFolder)) writeFileSync(join(runFolder, MARK), '', { mode: 0o664 })
}

/** Whether something that the run sent may not have been heard yet. */
export function isUndelivered(runFolder: string): boolean {
  return existsSync(join(runFolder, MARK))
}

export function clearUndelivered(runFolder: string): void {
  rmSync(join(runFolder, MARK), { force: true })
}
