import type { RunEvent } from '../../../src/events/events.ts'
import type { SimRun, Trace } from '../sim-types.ts'
import type { RunView } from './view.ts'

/** A promise that a trace broke. */
export interface Violation {
  readonly invariant: string
  readonly run: string
  /** The event at which it showed; undefined: at the end. */
  readonly seq: number | undefined
  readonly message: string
}

interface Watch {
  /** Before the event changes the view. */
  readonly before?: (view: RunView, event: RunEvent) => void
  /** After the last event of a commit: the scheduler has said all that it had to say. */
  readonly commit?: (view: RunView, atMs: number) => void
  /** After all events, when the run ended. */
  readonly end?: (view: RunView) => void
}

/** One thing that must hold on every trace. Adding one: write it, name the promise, put it into the list of oracle.ts. */
export interface Invariant {
  readonly name: string
  /** Numbers of the promises that it stands for. */
  readonly promises: readonly number[]
  /** `seen`: it really looked at something. A run in which it never did says nothing about it. */
  watch(trace: Trace, run: SimRun, report: (message: string, seq?: number) => void, seen: () => void): Watch
}
