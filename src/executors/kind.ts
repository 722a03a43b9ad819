import type { Outcome } from '../events/outcome.ts'
import type { Dispatch, DispatchBody } from '../ports/executor.ts'
import type { Launch, Report } from '../supervisor/protocol.ts'

/** What a kind of step gets to know beside its dispatch. */
export interface KindContext {
  readonly root: string
  readonly runDir: string
  /** Path of the Node program. */
  readonly node: string
  /** Users' modules, frozen by content. */
  readonly modules: { readonly [uses: string]: { readonly path: string; readonly sha256: string } }
  /** Absolute. */
  readonly cwd: string
  readonly log: string
  /** File of `$OPSFLOW_OUTPUT`. */
  readonly output: string
  /** Folder for temporary files of this attempt; made when somebody asks for it. */
  readonly scratch: string
  /** Puts the values of secrets where their references stand. */
  readonly reveal: (text: string) => string
}

/**
 * How one kind of step runs: what to start, and what its end means. A kind does nothing itself: the supervisor starts,
 * bounds and ends it.
 */
export interface Kind<B extends DispatchBody = DispatchBody> {
  /** argv and what else is special; the rest of the launch is the same for all kinds. */
  prepare(body: B, dispatch: Dispatch, context: KindContext): Pick<Launch, 'argv' | 'input' | 'collect'>
  /** The command as it waits for a line on standard input before it does anything; undefined where it cannot wait. */
  waiting?(body: B, argv: readonly string[]): readonly string[] | undefined
  /** Called when the process ended by itself. */
  judge(body: B, dispatch: Dispatch, report: Report, context: KindContext): Outcome
  /** Removes what `prepare` left on the disk. */
  cleanUp?(body: B, context: KindContext): void
}
