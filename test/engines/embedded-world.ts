import { createEmbeddedPort, type EmbeddedPort, type Notice } from '../../src/engines/embedded/port.ts'
import type { RunEvent } from '../../src/events/events.ts'
import type { Outcome } from '../../src/events/outcome.ts'
import { emptyState, reduce } from '../../src/events/reduce.ts'
import type { Executor, Token } from '../../src/ports/executor.ts'
import type { Ledger, Locks } from '../../src/ports/store.ts'
import { inFlight } from '../../src/run/in-flight.ts'
import { type OwnedRun, openStore } from '../../src/store/store.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { ALICE, emptyPlan, temporaryFolder } from '../support/store.ts'
import type { PortWorld } from './port.contract.ts'

export interface EmbeddedWorld extends PortWorld {
  open(): Promise<EmbeddedPort>
  readonly clock: FakeClock
  readonly notices: readonly Notice[]
  /** What the executor was told beforehand, with the number of durable events at that moment. */
  readonly prepared: readonly { readonly token: Token; readonly durable: number }[]
  /** Stands before the ledger of the next port that is opened. */
  wrap(ledger: (real: Ledger) => Ledger): void
  /** Stands before the locks of the next port that is opened. */
  wrapLocks(locks: (real: Locks) => Locks): void
  /** Sees the events of the next port that is opened. */
  watch(view: (events: readonly RunEvent[]) => void): void
}

/** The embedded engine over a real store, with a clock and an executor that the test moves by hand. */
export async function embeddedWorld(): Promise<EmbeddedWorld> {
  const clock = fakeClock()
  const store = openStore(temporaryFolder(), () => clock.wallMs())
  store.create(emptyPlan(), 'r1')
  store.create(emptyPlan(), 'r2')
  const calls: PortWorld['calls'][number][] = []
  const notices: Notice[] = []
  const prepared: EmbeddedWorld['prepared'][number][] = []
  const done = new Map<Token, (outcome: Outcome) => void>()
  let view: (events: readonly RunEvent[]) => void = () => undefined
  let wrapLocks = (locks: Locks): Locks => locks
  let wrap = (ledger: Ledger): Ledger => ledger
  const open = new Map<string, { readonly port: EmbeddedPort; readonly owned: OwnedRun }>()

  const events = (): ReturnType<PortWorld['events']> => {
    const reader = store.reader('r1')
    try {
      return reader.events().events
    } finally {
      reader.close()
    }
  }
  const note = (call: 'start' | 'abort' | 'send', token: Token): void => {
    calls.push({ call, token, durable: events().length })
  }
  const executor: Executor = {
    prepare: (token) => void prepared.push({ token, durable: events().length }),
    start(token, _, callback) {
      note('start', token)
      done.set(token, callback)
    },
    abort: (token) => note('abort', token),
    send: (token) => note('send', token),
    close: async () => undefined,
  }

  const close = (run: string): void => {
    open.get(run)?.port.close()
    open.get(run)?.owned.release()
    open.delete(run)
  }
  const openRun = async (run: string): Promise<EmbeddedPort> => {
    close(run)
    const owned = await store.own(run, { pid: process.pid, by: ALICE })
    const past = owned.ledger.read()
    const port = createEmbeddedPort({
      ledger: wrap(owned.ledger),
      locks: wrapLocks(owned.locks),
      executor,
      clock,
      events: past,
      inFlight: inFlight(past.reduce(reduce, emptyState())),
      onEvents: (written) => view(written),
      onNotice: (notice) => notices.push(notice),
    })
    open.set(run, { port, owned })
    return port
  }

  return {
    clock,
    calls,
    notices,
    prepared,
    events,
    open: () => openRun('r1'),
    openOther: () => openRun('r2'),
    watch(change) {
      view = change
    },
    wrapLocks(change) {
      wrapLocks = change
    },
    wrap(change) {
      wrap = change
    },
    end: (token, outcome) => done.get(token)?.(outcome),
    put: (row) => void store.put('r1', { by: ALICE, ...row }),
    nowMs: clock.wallMs,
    advance: clock.advance,
    setWall: clock.setWall,
    async close() {
      for (const run of [...open.keys()]) close(run)
    },
  }
}
