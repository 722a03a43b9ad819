/** Where a command writes text, or bytes as they are. A terminal says so by `isTTY`, and then its size. */
interface Writer {
  write(text: string | Uint8Array): void
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** The world a command sees: everything that a test wants to hand in instead of the process's own. */
export interface Io {
  readonly stdout: Writer
  readonly stderr: Writer
  /** The chunks of standard input; read only by commands that say so (`lint -`). */
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean }
  /** Absolute. */
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  /** The operating-system user: who a decision is attributed to. */
  readonly user: { readonly name: string; readonly uid?: number }
  readonly pid: number
  /** Path of the Node program that runs this. */
  readonly node: string
  /** The file that it runs as `opsflow`: what starts another one. */
  readonly entry: string
  /** Sends a signal to a process; throws where there is none, or it is another's. */
  kill(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 'SIGCONT'): void
  /** Version of this opsflow. */
  readonly version: string
  /** Calls back at each such signal, until the returned function is called. */
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', handler: () => void): () => void
}

/** 0 succeeded, 1 failed or findings, 2 wrong usage, 3 a bug, 4 parked, 130 cancelled. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130
