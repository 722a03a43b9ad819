import type { Actor, EventBody, RunEvent } from '../events/events.ts'
import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'
import type { Port } from '../ports/port.ts'
import type { Json } from '../util/json.ts'

export interface DriveOptions {
  readonly plan: Plan
  readonly port: Port
  readonly run: string
  readonly start: Start
  /** End by parking when only people, signals and waits over a minute are pending. */
  readonly park: boolean
  /** Milliseconds that steps took in earlier runs, by path without keys and passes (`round/audit`): critical path first. */
  readonly durations?: ReadonlyMap<string, number>
}

export type Start =
  | {
      readonly type: 'new'
      readonly inputs: { readonly [name: string]: Json }
      readonly startedBy: Actor
      readonly version: string
      readonly root: string
      readonly approve: readonly string[]
      readonly cause?: Extract<EventBody, { type: 'run-created' }>['cause']
    }
  | { readonly type: 'resume'; readonly events: readonly RunEvent[]; readonly by: Actor }
  /** `opsflow retry`: opens an ended run again. No steps named: all that failed, and what follows them. */
  | { readonly type: 'reopen'; readonly events: readonly RunEvent[]; readonly by: Actor; readonly steps: readonly string[] | undefined }

export interface DriveResult {
  readonly end: 'ended' | 'parked'
  readonly state: RunState
}

/** Drives one run to its end, or until it parks. */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  await options.port.next()
  throw new Error('the scheduler is being written')
}
