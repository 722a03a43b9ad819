import type { Outcome } from '../events/outcome.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { StepPlan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'

/** `path#attempt`, with `/check:id` or `/recover:name` in the path for what belongs to an attempt. Unique in a run. */
export type Token = string

/** What the scheduler asks to be done. Plain data, references to secrets but never their values (`${secret:NAME}` in env and headers). */
export interface Dispatch {
  readonly run: string
  readonly path: string
  readonly attempt: number
  /** Equal for all attempts, redeliveries and resumes of a step: `run/path`. */
  readonly idempotencyKey: string
  /** Monotonic time allowed; undefined: no limit. */
  readonly timeoutMs: number | undefined
  readonly graceMs: number
  readonly stall: { readonly idleMs: number; readonly nudge: number } | undefined
  readonly env: { readonly [name: string]: string }
  /** Variables that come from the environment in which opsflow was started, where that has them. */
  readonly inherit?: readonly string[]
  /** From the project root. */
  readonly cwd: string | undefined
  readonly body: DispatchBody
  /** Regular expressions that name failures, tried over the last 64 KiB of output and the exit status. */
  readonly failures: {
    readonly [name: string]: { readonly match: string | undefined; readonly exit: number | undefined }
  }
  /** Names of declared outputs: what the executor must find, checked by its schema there. */
  readonly outputs: { readonly [name: string]: ValueSchema }
  readonly permissions: StepPlan['permissions']
  /** Rules of `permissions.ask` that a person whom they name let through in this run. */
  readonly granted?: readonly string[]
  readonly isolation: 'worktree' | undefined
  /** Path of the scope whose steps share one worktree; undefined with `isolation`: the attempt has one of its own. */
  readonly worktree?: string
  readonly owns: readonly string[]
}

export type DispatchBody =
  | { readonly kind: 'shell'; readonly script: string; readonly shell: 'sh' | 'bash' }
  | { readonly kind: 'shell'; readonly argv: readonly string[] }
  | { readonly kind: 'action'; readonly uses: string; readonly with: { readonly [name: string]: Json } }
  | {
      readonly kind: 'http'
      readonly method: string
      readonly url: string
      readonly headers: { readonly [name: string]: string }
      readonly body: Json | undefined
      readonly expect: readonly number[] | undefined
    }

/**
 * Runs one dispatch at a time per token; knows nothing of graphs.
 * Promises: E1 `done` is called exactly once for each start. E2 it is called no later than timeout + grace + 10 % + 100 ms.
 * E3 `abort` is idempotent, also after the end. E4 nothing it started is alive when `done` is called.
 */
export interface Executor {
  /**
   * What `start` will be asked next, by the same token, once that is on record. The executor may make it ready, and does
   * nothing yet that anybody could see.
   */
  prepare?(token: Token, dispatch: Dispatch): void
  start(token: Token, dispatch: Dispatch, done: (outcome: Outcome) => void): void
  /** TERM to all it started, KILL after grace (`hard`: at once). Ends as `cancelled`. */
  abort(token: Token, hard: boolean): void
  send(token: Token, message: string): void
  /** Ends what runs. `ended`: the run is over, so what its steps shared and nobody needs any more goes too. */
  close(options?: { readonly ended: boolean }): Promise<void>
}
