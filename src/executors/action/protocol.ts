import type { ValueSchema } from '../../model/value-schema.ts'
import type { Effects } from '../../plan/plan.ts'
import type { Json } from '../../util/json.ts'

/** What an action host is asked: one JSON value on stdin. One process serves one request. */
export type HostRequest =
  | {
      readonly mode: 'run'
      readonly uses: string
      /** A user's module, frozen; undefined: a built-in. */
      readonly module: { readonly file: string; readonly sha256: string } | undefined
      readonly inputs: { readonly [name: string]: Json }
      readonly context: {
        readonly root: string
        readonly cwd: string
        readonly run: string
        readonly path: string
        readonly attempt: number
        readonly idempotencyKey: string
        readonly scratch: string
      }
    }
  | { readonly mode: 'describe'; readonly root: string; readonly modules: { readonly [uses: string]: string } }
  | { readonly mode: 'http'; readonly request: HttpRequest }

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: Json | undefined
  /** Statuses that are a success; undefined: 200 to 299. */
  readonly expect: readonly number[] | undefined
  readonly maxBytes: number
}

/** What it answers: one JSON value on file descriptor 3. */
export type HostAnswer =
  | { readonly ok: true; readonly outputs: { readonly [name: string]: Json } }
  | {
      readonly ok: false
      /** Kebab-case. */
      readonly reason: string
      readonly message: string
      readonly hint?: string
      readonly retryAfterMs?: number
    }

export type Description =
  | {
      readonly ok: true
      readonly description: string
      readonly inputs: { readonly [name: string]: ValueSchema }
      readonly outputs: { readonly [name: string]: ValueSchema }
      readonly effects: Effects
    }
  | { readonly ok: false; readonly message: string }
