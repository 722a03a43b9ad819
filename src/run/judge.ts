import type { Decision, WaitSpec } from '../events/events.ts'
import type { InboxRow } from '../ports/store.ts'

export type RowVerdict = 'taken' | 'decided' | 'late' | 'not-allowed'

export interface Judgement {
  readonly state: 'open' | 'decided'
  readonly decision: Decision | undefined
  /** What became of each row, in the order given; `message` says why in a person's words. */
  readonly rows: readonly { readonly row: number; readonly verdict: RowVerdict; readonly message: string }[]
}

/** Judges a wait over its rows: the first row that may decide does. Pure; used by the engine and by `approve`. */
export function judge(wait: WaitSpec, rows: readonly InboxRow[], nowMs: number): Judgement {
  throw new Error(`being written: ${wait.kind} ${rows.length} ${nowMs}`)
}
