import type { Actor, EventBody, RunEvent } from '../../events/events.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Executor, Token } from '../../ports/executor.ts'
import type { Arrival, Port } from '../../ports/port.ts'
import { type Ledger, type Locks, StoreError } from '../../ports/store.ts'
import { createDeadlines } from './deadlines.ts'
import { createWaits, type News, type Told } from './inbox.ts'

/**
 * The scheduler's port in one process: takes a ledger to write, an executor, a clock and the locks of the store; gives a
 * `Port` and the ways in for what the process itself is told (signals of the system).
 *
 * 1. A turn is one commit. Its effects start after it, in the order in which they were asked for.
 * 2. While the disk is full no effect starts: it says so, tries again every second, and goes on by itself. A cancel in
 *    that time ends what runs at once and is recorded later; a hard one gives up.
 * 3. Everything that arrived is told in the order in which it really happened: after a pause, a deadline before the
 *    decision that came after it, and the other way round.
 * 4. Inbox, locks and the wall clock are looked at every `POLL_MS`, by a query that costs microseconds.
 */
export interface EmbeddedOptions {
  readonly ledger: Ledger
  readonly executor: Executor
  readonly clock: Clock
  readonly locks: Locks
  /** What the ledger already holds; empty for a new run. */
  readonly events: readonly RunEvent[]
  /** Attempts, checks and repairs that the last owner left without an end. */
  readonly inFlight: readonly Token[]
  /** After each commit, before its effects. */
  readonly onEvents?: (events: readonly RunEvent[]) => void
  readonly onNotice?: (notice: Notice) => void
}

/** What people should know and the ledger cannot say, because it cannot be written. */
export interface Notice {
  readonly kind: 'cannot-write' | 'writes-again'
  readonly message: string
}

export interface EmbeddedPort extends Port {
  cancel(order: { readonly by: Actor; readonly reason: string; readonly hard: boolean }): void
  park(): void
  close(): void
}

/** Half of what promise 20 allows. */
const POLL_MS = 100
const RETRY_WRITE_MS = 1000
/** Less than this is the normal correction of a clock, or a busy machine between two readings. */
const JUMP_MS = 1000
const LONGEST_SLEEP_MS = 3_600_000

export function createEmbeddedPort(options: EmbeddedOptions): EmbeddedPort {
  const { ledger, executor, clock, locks, onEvents, onNotice } = options
  const deadlines = createDeadlines()
  const waits = createWaits(ledger.inboxRow)
  for (const event of options.events) waits.learn(event, event.at)

  let events: EventBody[] = []
  let effects: (() => void)[] = []
  let arrived: { readonly arrival: Arrival; readonly whenMs: number }[] = []
  const running = new Set<Token>()
  /** Rows read, rows read when the last batch was handed out. */
  let readRow = 0
  let toldRow = ledger.inboxRow
  let latestMs = options.events.at(-1)?.at ?? 0
  let wake: (() => void) | undefined
  let isOpen = false
  let isClosed = false
  let isStuck = false
  let gaveUp = false
  let stopAlarm: (() => void) | undefined
  let stopPoll: (() => void) | undefined
  let skew = clock.wallMs() - clock.monotonicMs()

  const nowMs = (): number => {
    latestMs = Math.max(latestMs, clock.wallMs())
    return latestMs
  }
  let turnMs = nowMs()

  const tell = (news: News, whenMs = clock.wallMs()): void => {
    arrived.push({ arrival: { ...news, at: nowMs() } as Arrival, whenMs })
    wake?.()
  }
  const tellAll = (told: readonly Told[]): void => {
    for (const { news, whenMs } of told) tell(news, whenMs)
  }

  /** Tells what is due and sleeps until the next deadline; again after an hour at most, and after a jump of the clock. */
  const rearm = (): void => {
    stopAlarm?.()
    stopAlarm = undefined
    const wall = clock.wallMs()
    for (const { name, atMs } of deadlines.due(wall)) {
      const token = name.slice(1)
      if (name.startsWith('w')) tellAll(waits.judgeAgain(token, wall))
      else tell({ type: 'elapsed', token }, atMs)
    }
    const next = deadlines.next()
    if (next !== undefined) stopAlarm = clock.timer(Math.min(next - wall, LONGEST_SLEEP_MS), rearm)
  }

  const takeRows = (): void => {
    const rows = ledger.inbox(readRow)
    if (rows.length === 0) return
    readRow = rows.at(-1)!.row
    tellAll(waits.take(rows, clock.wallMs()))
  }

  const takeLocks = (): void => {
    for (const token of locks.granted()) tell({ type: 'locked', token })
  }

  const look = (): void => {
    const jump = clock.wallMs() - clock.monotonicMs() - skew
    skew += jump
    if (Math.abs(jump) >= JUMP_MS) {
      tell({ type: 'clock-jumped', byMs: Math.round(jump) })
      rearm()
    }
    try {
      takeRows()
      takeLocks()
    } catch (error) {
      // Another process held the file, or there is no space to read in: the next look comes soon.
      if (!isPassing(error)) throw error
    }
  }

  const poll = (): void => {
    if (isClosed) return
    look()
    stopPoll = clock.timer(POLL_MS, poll)
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const stop = clock.timer(ms, resolve)
      wake = () => {
        if (!gaveUp) return
        stop()
        resolve()
      }
    })

  const commit = async (): Promise<void> => {
    for (;;) {
      try {
        const written = ledger.append(events, turnMs, toldRow)
        events = []
        for (const event of written) waits.learn(event, event.at)
        if (isStuck) onNotice?.({ kind: 'writes-again', message: 'the record can be written again; the run goes on' })
        isStuck = false
        if (written.length > 0) onEvents?.(written)
        return
      } catch (error) {
        if (!isPassing(error) || gaveUp) throw error
        if (!isStuck) onNotice?.({ kind: 'cannot-write', message: `${error.message}; nothing is started until it can` })
        isStuck = true
        await pause(RETRY_WRITE_MS)
      }
    }
  }

  const begin = (): void => {
    isOpen = true
    tell({ type: 'opened', owner: ledger.owner }, Number.NEGATIVE_INFINITY)
    for (const token of options.inFlight) tell({ type: 'recovered', token }, Number.NEGATIVE_INFINITY)
    stopPoll = clock.timer(0, poll)
  }

  const take = (): readonly Arrival[] => {
    const batch = arrived.sort((a, b) => a.whenMs - b.whenMs)
    arrived = []
    toldRow = Math.max(toldRow, readRow)
    turnMs = batch.reduce((at, { arrival }) => Math.max(at, arrival.at), turnMs)
    return batch.map(({ arrival }) => arrival)
  }

  return {
    emit: (event) => void events.push(event),
    dispatch(token, request) {
      effects.push(() => {
        running.add(token)
        executor.start(token, request, (outcome) => {
          if (running.delete(token)) tell({ type: 'outcome', token, outcome })
        })
      })
    },
    timer(token, ms) {
      // From the turn, so that a resumed run computes the same instant; from the clock where that was set back.
      const from = turnMs
      effects.push(() => deadlines.set(`t${token}`, Math.min(from, clock.wallMs()) + ms))
    },
    clearTimer: (token) => void effects.push(() => deadlines.clear(`t${token}`)),
    wait(token, spec) {
      effects.push(() => {
        tellAll(waits.open(token, spec, clock.wallMs()))
        if (spec.deadlineMs !== undefined) deadlines.set(`w${token}`, spec.deadlineMs)
      })
    },
    lock(token, keys) {
      effects.push(() => {
        if (locks.request(token, keys)) tell({ type: 'locked', token })
      })
    },
    unlock(token) {
      effects.push(() => {
        locks.release(token)
        takeLocks()
      })
    },
    send: (token, message) => void effects.push(() => executor.send(token, message)),
    abort(token, hard) {
      effects.push(() => {
        deadlines.clear(`w${token}`)
        if (!waits.close(token)) executor.abort(token, hard)
      })
    },
    async next() {
      if (isClosed) throw new Error('the port is closed')
      await commit()
      const started = effects
      effects = []
      for (const start of started) start()
      if (!isOpen) begin()
      rearm()
      while (arrived.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      wake = undefined
      return take()
    },
    cancel({ by, reason, hard }) {
      tell({ type: 'cancel', by, reason, hard })
      if (!isStuck) return
      for (const token of running) executor.abort(token, hard)
      gaveUp ||= hard
      wake?.()
    },
    park: () => tell({ type: 'park' }),
    close() {
      isClosed = true
      stopAlarm?.()
      stopPoll?.()
    },
  }
}

function isPassing(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.reason === 'full' || error.reason === 'busy')
}
