import type { ValueSchema } from '../model/value-schema.ts'
import type { Effects } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'

/** What an action knows of where it runs. */
export interface ActionContext {
  /** Project root, absolute. */
  readonly root: string
  readonly cwd: string
  readonly run: string
  readonly path: string
  readonly attempt: number
  readonly idempotencyKey: string
  /** A folder of the run for this step's temporary work; may not exist yet. */
  readonly scratch: string
  readonly env: Readonly<Record<string, string>>
  /** One line for the step's log. */
  log(line: string): void
  readonly signal: AbortSignal
}

/** What `uses:` names. A user's module exports the same members by name. */
export interface Action {
  readonly description: string
  readonly inputs: Readonly<Record<string, ValueSchema>>
  readonly outputs: Readonly<Record<string, ValueSchema>>
  readonly effects: Effects
  run(inputs: Readonly<Record<string, Json>>, context: ActionContext): Promise<Readonly<Record<string, Json>>>
}

/** How an action says that it failed. `reason`: a kebab-case word for machines; the message and hint are for people. */
export class ActionFailure extends Error {
  readonly reason: string
  readonly hint: string | undefined
  /** How long the other side asks to wait before the next attempt. */
  readonly retryAfterMs: number | undefined
  constructor(reason: string, message: string, hint?: string, retryAfterMs?: number) {
    super(message)
    this.name = 'ActionFailure'
    this.reason = reason
    this.hint = hint
    this.retryAfterMs = retryAfterMs
  }
}
