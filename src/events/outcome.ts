import type { Json } from '../util/json.ts'

/** How an attempt ended. A value, never a throw: it says what failed and how long it took. */
export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'timed-out' | 'stalled' | 'cancelled' | 'interrupted'
  /** Kebab-case word for a machine: `exit`, `signal`, `spawn`, `outputs`, `http-status`, `action`, `permission`, `owns`, `expression`, … */
  readonly reason?: string
  /** One line for a person. */
  readonly message?: string
  readonly exit?: number
  readonly signal?: string
  /** The first of the step's `failures` that fits. */
  readonly failure?: string
  readonly outputs?: { readonly [name: string]: Json }
  /** Last lines of the output of a failed attempt, at most 2 KiB, for the person who reads the red line. */
  readonly tail?: string
  /** Milliseconds on the monotonic clock. */
  readonly durationMs: number
  /** Earliest retry the other side asked for (HTTP retry-after). */
  readonly retryAfterMs?: number
}
