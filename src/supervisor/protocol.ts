/**
 * What the runner and its supervisor say to each other: one JSON value a line, both ways, over one socket pair. The end
 * of the socket is a message too: it says that the other side is dead.
 *
 * A shell may be started ahead, while the record of its start is still being written: it waits for a line on its standard
 * input, which is `GATE` there, and only the runner holds the other end. So it never begins before the runner says so,
 * and ends by itself when that dies (docs/decisions/0065-shells-started-ahead.md).
 */

/** Descriptor of the supervisor at which what was started ahead waits. */
export const GATE = 4

/** One process group to start, with everything that bounds it. Secrets stand here resolved: this never touches a disk. */
export interface Launch {
  readonly argv: readonly string[]
  /** Absolute. */
  readonly cwd: string
  /** Added to the base environment of `Hello`. */
  readonly env: { readonly [name: string]: string }
  /** Text for stdin, which is empty otherwise. */
  readonly input?: string
  /** Absolute path of the log file; both output streams go there. */
  readonly log: string
  /** What comes back beside the log: the text of stdout, or of file descriptor 3 (not logged). */
  readonly collect?: { readonly from: 'stdout' | 'result'; readonly maxBytes: number }
  readonly timeoutMs?: number
  readonly graceMs: number
  readonly stall?: { readonly idleMs: number; readonly nudge: number }
  /** What the process hands over by a file, as `$OPSFLOW_OUTPUT`: removed where nobody is left to read it. */
  readonly output?: string
  /** Value of `OPSFLOW_STEP`, by which processes that left the group are found on Linux. */
  readonly step: string
}

/** How a launch ended. `lost`: the supervisor died first, and the runner swept what it had started. */
export interface Report {
  readonly end: 'exited' | 'spawn-failed' | 'timed-out' | 'stalled' | 'cancelled' | 'log-limit' | 'lost'
  readonly exit?: number
  readonly signal?: string
  /** System error code and what it was about, for `spawn-failed`. */
  readonly error?: { readonly code: string; readonly about: string }
  readonly collected?: string
  /** More than `maxBytes` came. */
  readonly overflow?: boolean
  readonly durationMs: number
  /** Processes that could not be ended. */
  readonly survivors?: readonly number[]
}

export interface Hello {
  readonly type: 'hello'
  readonly run: string
  readonly runDir: string
  readonly env: { readonly [name: string]: string }
  readonly logLimitBytes: number
  /** Kernel lock to hold for as long as the supervisor lives; undefined in tests that need none. */
  readonly lockFile: string | undefined
}

export type ToSupervisor =
  | Hello
  | { readonly type: 'secrets'; readonly values: readonly string[] }
  /** What will be launched next: `argv` is the command of the launch, waiting at the gate. Nothing comes back before `start`. */
  | { readonly type: 'prepare'; readonly token: string; readonly launch: Launch; readonly argv: readonly string[] }
  /** Without a launch: that of `prepare`, whose line is written to the gate already. */
  | { readonly type: 'start'; readonly token: string; readonly launch?: Launch }
  | { readonly type: 'abort'; readonly token: string; readonly hard: boolean }
  | { readonly type: 'note'; readonly token: string; readonly text: string }
  | { readonly type: 'close' }

export type FromSupervisor =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'ended'; readonly token: string; readonly report: Report }
