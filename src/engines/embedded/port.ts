import type { Actor, EventBody, RunEvent } from '../../events/events.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Executor, Token } from '../../ports/executor.ts'
import type { Arrival, Port } from '../../ports/port.ts'
import { type InboxRow, type Ledger, type Locks, StoreError } from '../../ports/store.ts'
import { createDeadlines } from './deadlines.ts'
import { createWaits, type News, type Told } from './inbox.ts'

/**
 * The scheduler's port in one process: takes a ledger to write, an executor, a clock and the locks of the store; gives a
 * `Port` and the ways in for what the process itself is told (signals of the system).
 *
 * 1. A turn is one commit. Its effects start after it, in the order in which they were asked for. Where nothing runs, the
 *    executor hears before it what comes first after it.
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
  /** After each commit, once its effects are on their way. */
  readonly onEvents?: (events: readonly RunEvent[]) => void
  readonly onNotice?: (notice: Notice) => void
}

/** What people should know and the ledger cannot say: that it cannot be written, that a view failed. */
export interface Notice {
  readonly kind: 'cannot-write' | 'writes-again' | 'cannot-hear' | 'view-failed'
  readonly message: string
}

export interface EmbeddedPort extends Port {
  /** Commits and starts what the scheduler asked for after its last `next()`. */
  finish(): Promise<void>
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
const BEFORE_ALL = Number.MIN_SAFE_INTEGER

export function createEmbeddedPort(options: EmbeddedOptions): EmbeddedPort {
  const { ledger, executor, clock, locks, onEvents, onNotice } = options
  const deadlines = createDeadlines()
  const waits = createWaits(ledger.inboxRow)
  for (const event of options.events) waits.learn(event, event.at)

  let events: EventBody[] = []
  let effects: (() => void)[] = []
  let arrived: { readonly arrival: Arrival; readonly whenMs: number }[] = []
  const running = new Set<Token>()
  let isPrepared = false
  /** Rows read, rows read when the last batch was handed out. */
  let readRow = 0
  let toldRow = ledger.inboxRow
  let latestMs = options.events.at(-1)?.at ?? 0
  let wake: (() => void) | undefined
  /** Turns so far: the first only opens the run, so that what was waited for is known before rows are read. */
  let turns = 0
  const unjudged = new Set<Token>()
  /** Asked of the locks, in order; what could not be written is asked again. */
  let lockWork: (() => void)[] = []
  let failure: unknown
  let isClosed = false
  let isStuck = false
  let isDeaf = false
  let gaveUp = false
  let stopAlarm: (() => void) | undefined
  let armedFor: number | undefined
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

  /** An inbox that cannot be read is no reason to end what it is beside: it is said, and the run goes on. */
  const rowsSince = (row: number): readonly InboxRow[] => {
    try {
      const rows = ledger.inbox(row)
      isDeaf = false
      return rows
    } catch (error) {
      if (isPassing(error)) throw error
      if (!isDeaf)
        onNotice?.({
          kind: 'cannot-hear',
          message: `${(error as Error).message}; what people tell this run is not heard until that file is mended or laid aside and the run is resumed`,
        })
      isDeaf = true
      return []
    }
  }

  const takeRows = (): void => {
    const rows = rowsSince(readRow)
    if (rows.length > 0) {
      readRow = rows.at(-1)!.row
      tellAll(waits.take(rows, clock.wallMs()))
    }
    for (const token of unjudged) tellAll(waits.judge(token, clock.wallMs()))
    unjudged.clear()
  }

  const takeLocks = (): void => {
    const asked = lockWork
    let done = 0
    try {
      for (; done < asked.length; done++) asked[done]!()
    } finally {
      lockWork = asked.slice(done)
    }
    for (const token of locks.granted()) tell({ type: 'locked', token })
  }

  /** Runs `work` now, or at the next look where the file is busy or there is no space; other errors end the run. */
  const attempt = (work: () => void): boolean => {
    try {
      work()
      return true
    } catch (error) {
      if (!isPassing(error)) failure ??= error
      wake?.()
      return false
    }
  }

  /** Tells what is due and sleeps until the next deadline; again after an hour at most, and after a jump of the clock. */
  const rearm = (): void => {
    stopAlarm?.()
    armedFor = undefined
    const wall = clock.wallMs()
    const next = deadlines.next()
    // A decision that came before the deadline may lie unread.
    if (next !== undefined && next <= wall && !attempt(takeRows)) return
    for (const { name, atMs } of deadlines.due(wall)) {
      const token = name.slice(1)
      if (name.startsWith('w')) tellAll(waits.judge(token, wall))
      else tell({ type: 'elapsed', token }, atMs)
    }
    armedFor = deadlines.next()
    if (armedFor !== undefined) stopAlarm = clock.timer(Math.min(armedFor - wall, LONGEST_SLEEP_MS), rearm)
  }

  const look = (): void => {
    const jump = clock.wallMs() - clock.monotonicMs() - skew
    skew += jump
    if (Math.abs(jump) >= JUMP_MS) tell({ type: 'clock-jumped', byMs: Math.round(jump) })
    attempt(takeRows)
    attempt(takeLocks)
    if (deadlines.next() !== armedFor || Math.abs(jump) >= JUMP_MS) rearm()
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

  /** A view that fails must not end the run that it shows. */
  const show = (written: readonly RunEvent[]): void => {
    try {
      if (written.length > 0) onEvents?.(written)
    } catch (error) {
      onNotice?.({ kind: 'view-failed', message: `the view failed: ${(error as Error).message}` })
    }
  }

  const commit = async (): Promise<readonly RunEvent[]> => {
    for (;;) {
      try {
        const written = ledger.append(events, turnMs, toldRow)
        events = []
        for (const event of written) waits.learn(event, event.at)
        if (isStuck) onNotice?.({ kind: 'writes-again', message: 'the record can be written again; the run goes on' })
        isStuck = false
        return written
      } catch (error) {
        if (!isPassing(error) || gaveUp) throw error
        if (!isStuck)
          onNotice?.({ kind: 'cannot-write', message: `${error.message}; nothing is started until it can be written` })
        isStuck = true
        await pause(RETRY_WRITE_MS)
      }
    }
  }

  const startEffects = (): void => {
    const asked = effects
    effects = []
    isPrepared = false
    for (const start of asked) start()
  }

  const begin = (): void => {
    // A run that is opened to be cancelled must not start again what was in flight.
    const early = arrived
    arrived = []
    tell({ type: 'opened', owner: ledger.owner }, BEFORE_ALL)
    for (const { arrival } of early) arrived.push({ arrival, whenMs: BEFORE_ALL })
    for (const token of options.inFlight) tell({ type: 'recovered', token }, BEFORE_ALL)
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
      if (running.size === 0 && !isPrepared) {
        isPrepared = true
        executor.prepare?.(token, request)
      }
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
        waits.open(token, spec)
        unjudged.add(token)
        if (spec.deadlineMs !== undefined) deadlines.set(`w${token}`, spec.deadlineMs)
      })
    },
    lock(token, keys, places) {
      effects.push(() => {
        lockWork.push(() => {
          if (locks.request(token, keys, places)) tell({ type: 'locked', token })
        })
      })
    },
    unlock: (token) => void effects.push(() => lockWork.push(() => locks.release(token))),
    send: (token, message) => void effects.push(() => executor.send(token, message)),
    abort(token, hard) {
      effects.push(() => {
        deadlines.clear(`w${token}`)
        unjudged.delete(token)
        if (!waits.close(token)) executor.abort(token, hard)
      })
    },
    async next() {
      if (isClosed) throw new Error('the port is closed')
      const written = await commit()
      startEffects()
      // What was asked for is on its way before anything is drawn: the next step waits for it, a person does not.
      await undefined
      show(written)
      turns++
      if (turns === 1) begin()
      else if (stopPoll === undefined) poll()
      else look()
      while (arrived.length === 0 && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      wake = undefined
      if (failure !== undefined) throw failure
      return take()
    },
    async finish() {
      const written = await commit()
      startEffects()
      show(written)
      attempt(takeLocks)
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
