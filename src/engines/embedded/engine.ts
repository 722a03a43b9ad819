import type { Actor, RunEvent } from '../../events/events.ts'
import { kindPath } from '../../events/path.ts'
import { emptyState, reduce } from '../../events/reduce.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Executor } from '../../ports/executor.ts'
import { type Ledger, type Locks, StoreError } from '../../ports/store.ts'
import { type DriveResult, drive, type Start } from '../../run/drive.ts'
import { inFlight } from '../../run/in-flight.ts'
import { createEmbeddedPort, type Notice } from './port.ts'

/**
 * Drives one owned run in this process, from its first event or from where its ledger ends, until it ended or parked.
 * Takes what the commands built (ledger, locks, executor, clock); gives a handle. The caller must have reaped what a
 * dead owner left running before it resumes: whatever the events show in flight is then told as `recovered`.
 */
export interface RunOptions {
  readonly ledger: Ledger
  readonly executor: Executor
  readonly locks: Locks
  readonly clock: Clock
  readonly start: StartOrder
  /** The plan to go on by, where it is not the one on record. */
  readonly plan?: Plan
  /** End by parking when only people, signals and waits over a minute are pending. */
  readonly park: boolean
  readonly durations?: ReadonlyMap<string, number>
  readonly onEvents?: (events: readonly RunEvent[]) => void
  readonly onNotice?: (notice: Notice) => void
}

/** As `Start`, without the events: they are in the ledger. */
export type StartOrder = WithoutEvents<Start>
type WithoutEvents<S> = S extends Start ? Omit<S, 'events'> : never

export interface RunHandle {
  /** Rejects where the engine or the scheduler is at fault, or the record cannot be written; the run can be resumed then. */
  readonly result: Promise<DriveResult & { readonly durations: ReadonlyMap<string, number> }>
  /** What Ctrl-C and SIGTERM do; `hard` is the second one. */
  cancel(order: { readonly by: Actor; readonly reason: string; readonly hard: boolean }): void
  /** What SIGHUP does. */
  park(): void
}

export function startRun(options: RunOptions): RunHandle {
  const { ledger, executor, locks, clock, start, park, onEvents, onNotice } = options
  const events = ledger.read()
  if (start.type === 'new' && events.length > 0) throw new Error(`run ${ledger.run} has begun: it can only be resumed`)
  if (start.type !== 'new' && events.length === 0) {
    throw new StoreError(
      'never-began',
      `run \`${ledger.run}\` was made but never began`,
      'start it again: nothing was done',
    )
  }
  const measured = measure()
  const port = createEmbeddedPort({
    ledger,
    executor,
    locks,
    clock,
    events,
    inFlight: inFlight(events.reduce(reduce, emptyState())),
    onEvents: (written) => {
      measured.take(written)
      onEvents?.(written)
    },
    ...(onNotice && { onNotice }),
  })
  const run = async (): Promise<DriveResult & { readonly durations: ReadonlyMap<string, number> }> => {
    let ended = false
    try {
      const result = await drive({
        plan: options.plan ?? ledger.plan,
        port,
        run: ledger.run,
        start: start.type === 'new' ? start : { ...start, events },
        park,
        ...(options.durations && { durations: options.durations }),
      })
      await port.finish()
      ended = result.end === 'ended'
      return { ...result, durations: measured.means() }
    } finally {
      port.close()
      // Also when the scheduler threw: nothing that a step started may outlive its runner.
      await executor.close({ ended })
    }
  }
  return { result: run(), cancel: port.cancel, park: port.park }
}

/** Mean milliseconds of the attempts that succeeded, by path without keys and passes. */
function measure(): { take(events: readonly RunEvent[]): void; means(): ReadonlyMap<string, number> } {
  const sums = new Map<string, { ms: number; count: number }>()
  return {
    take(events) {
      for (const event of events) {
        if (event.type !== 'attempt-ended' || event.outcome.status !== 'succeeded') continue
        const kind = kindPath(event.path)
        const sum = sums.get(kind) ?? { ms: 0, count: 0 }
        sums.set(kind, { ms: sum.ms + event.outcome.durationMs, count: sum.count + 1 })
      }
    },
    means: () => new Map([...sums].map(([kind, { ms, count }]) => [kind, ms / count])),
  }
}
