/** Time as a run sees it. The simulator's clock moves only when the simulator says so. */
export interface Clock {
  /** Wall clock, epoch milliseconds. For records and for deadlines that outlive a process. */
  wallMs(): number
  /** Monotonic milliseconds from an arbitrary start. For step timeouts and durations. */
  monotonicMs(): number
  /** Calls back once after `ms` (any size: long ones are re-armed in pieces). Returns the cancel function. */
  timer(ms: number, callback: () => void): () => void
}
