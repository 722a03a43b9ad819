import type { EventBody, RunEvent } from '../../src/events/events.ts'
import type { Arrival, Port } from '../../src/ports/port.ts'
import { OwnerLost } from './ledger.ts'
import { type Living, startProcess } from './living.ts'
import { parseToken } from './paths.ts'
import { decide } from './people.ts'
import { hash32 } from './random.ts'
import type { SimRun, SimWorld } from './sim-types.ts'
import type { Crash } from './spec.ts'

/** One owner of a run, from its opening to its end, park or death. */
export interface Session {
  readonly epoch: number
  readonly port: Port
  /** `busy`: the scheduler thinks; `waiting`: it wants arrivals; `blocked`: no space to commit; `dead`, `frozen`; `over`. */
  state: 'busy' | 'waiting' | 'blocked' | 'dead' | 'frozen' | 'over'
  readonly mailbox: Arrival[]
  /** Hands the mailbox over as the batching of the scenario says; true when it did. */
  deliver(all: boolean): boolean
  /** Commits what the last turn left, when the scheduler ended without asking for more; false: it died instead. */
  finish(): boolean
  kill(orphans: boolean, freeze: boolean): void
  /** A frozen owner goes on, not knowing that it was replaced. */
  thaw(): void
  arrive(arrival: ArrivalBody): void
  /** People's rows changed. */
  lookAtInbox(): void
  /** Whether something waits for rows about a path, or for a signal. */
  waitsFor(path: string | undefined): boolean
  /** What works takes longer, or for ever: `undefined`. */
  holdUp(byMs: number | undefined): void
  /** All that it started ends, and how is not known. */
  loseSupervisor(): void
  /** Arrivals that no record knows of yet. */
  untold(): number
  /** The processes that it started and that have not ended. */
  readonly living: Map<string, Living>
}

type Stamped<T> = T extends unknown ? Omit<T, 'at'> : never
type ArrivalBody = Stamped<Arrival>

/** Tells what arrives, and where the scenario says so, tells it again. */
function doubling(
  { agenda, scenario, hit }: SimWorld,
  isGone: () => boolean,
  tell: (body: ArrivalBody) => void,
): (body: ArrivalBody) => void {
  const { doubled } = scenario.trouble
  let arrived = 0
  return (body) => {
    tell(body)
    if (doubled === undefined || !('token' in body) || ++arrived % doubled.every !== 0) return
    const again = (): void => {
      if (isGone()) return
      hit('arrival doubled')
      tell(body)
    }
    if (doubled.afterMs === 0) again()
    else agenda.at('monotonic', agenda.monotonicMs() + doubled.afterMs, again)
  }
}

/** Opens a session: the first arrival is `opened`, then one `recovered` for all that was in flight. */
export function openSession(world: SimWorld, run: SimRun, inFlight: readonly string[]): Session {
  const { agenda } = world
  const epoch = run.ledger.takeOver()
  // A signal that was told but not recorded before the owner died is still there to be taken.
  run.takenRows.clear()
  for (const event of run.ledger.events())
    if (event.type === 'wait-decided' && event.decision.verdict === 'received' && event.decision.row !== undefined)
      run.takenRows.add(event.decision.row)
  const events: EventBody[] = []
  let effects: (() => void)[] = []
  let turnAtMs = agenda.wallMs()
  let wake: ((arrivals: readonly Arrival[]) => void) | undefined
  let refuse: ((error: Error) => void) | undefined
  let opened = false
  const timers = new Map<string, () => void>()
  const waits = new Map<string, { path: string; spec: Parameters<Port['wait']>[1]; cancel: () => void }>()
  const mailbox: Arrival[] = []
  // Arrivals never go back in time, not even behind what an earlier owner recorded.
  let lastAt = Math.max(agenda.wallMs(), run.ledger.written.at(-1)?.event.at ?? 0)
  const owner = (token: string): string => `${run.id}/${epoch}/${token}`

  /** Arrivals of this turn that its commit has still to record. */
  let inTurn = 0

  const deliverOne = (body: ArrivalBody): void => {
    lastAt = Math.max(lastAt, agenda.wallMs())
    mailbox.push({ ...body, at: lastAt } as Arrival)
  }
  const isGone = (): boolean => session.state === 'dead' || session.state === 'over'
  const arrive = doubling(world, isGone, deliverOne)

  const start = (token: string, request: Parameters<Port['dispatch']>[1]): void => {
    const process = startProcess(world, run, epoch, token, request, (outcome) => {
      session.living.delete(token)
      if (outcome) arrive({ type: 'outcome', token, outcome })
    })
    session.living.set(token, process)
  }

  /** Unless it was given back before anybody heard of it. */
  const tellLock = (token: string): void => {
    if ([...world.locks.holders().values()].includes(owner(token))) arrive({ type: 'locked', token })
  }

  const settleWait = (token: string): void => {
    const wait = waits.get(token)
    if (wait === undefined) return
    const decision = decide(
      wait.path,
      wait.spec,
      world.answersFromBefore ? run.ledger.rows : run.ledger.rowsFor(wait.path),
      agenda.wallMs(),
      run.takenRows,
      true,
    )
    if (decision === undefined) return
    waits.delete(token)
    wait.cancel()
    if (wait.spec.kind === 'signal' && decision.row !== undefined) run.takenRows.add(decision.row)
    arrive({ type: 'decided', token, decision })
  }

  /** At once, or when somebody looks again. */
  const whenHeard = (act: () => void): void => {
    const deafForMs = world.deafForMs()
    if (deafForMs === 0) return act()
    world.hit('notice lost')
    agenda.at('monotonic', agenda.monotonicMs() + deafForMs, () => {
      if (!isGone()) act()
    })
  }

  const drop = (fits: (arrival: Arrival) => boolean): void => {
    for (let index = mailbox.length - 1; index >= 0; index--) if (fits(mailbox[index]!)) mailbox.splice(index, 1)
  }

  const port: Port = {
    emit: (event) => {
      events.push(event)
    },
    dispatch: (token, request) => {
      effects.push(() => start(token, request))
    },
    timer: (token, ms) => {
      const dueMs = turnAtMs + ms
      effects.push(() => {
        timers.get(token)?.()
        const cancel = agenda.at('wall', dueMs, () => {
          timers.delete(token)
          arrive({ type: 'elapsed', token })
        })
        timers.set(token, cancel)
      })
    },
    clearTimer: (token) => {
      effects.push(() => {
        timers.get(token)?.()
        timers.delete(token)
        drop((arrival) => arrival.type === 'elapsed' && arrival.token === token)
      })
    },
    wait: (token, spec) => {
      effects.push(() => {
        const { path } = parseToken(token)
        const due = spec.deadlineMs
        const cancel = due === undefined ? () => {} : agenda.at('wall', due, () => settleWait(token))
        waits.set(token, { path, spec, cancel })
        settleWait(token)
      })
    },
    lock: (token, keys) => {
      effects.push(() => world.locks.request(owner(token), keys, () => whenHeard(() => tellLock(token))))
    },
    unlock: (token) => {
      effects.push(() => {
        world.locks.release(owner(token))
        drop((arrival) => arrival.type === 'locked' && arrival.token === token)
      })
    },
    send: () => {},
    abort: (token, hard) => {
      effects.push(() => {
        waits.get(token)?.cancel()
        waits.delete(token)
        drop((arrival) => arrival.type === 'decided' && arrival.token === token)
        session.living.get(token)?.end('cancelled', hard ? 0 : Infinity)
      })
    },
    next: () =>
      new Promise((resolve, reject) => {
        wake = resolve
        refuse = reject
        endTurn()
      }),
  }

  const comingCrash = (): Crash | undefined =>
    events.length > 0 && run.session === session ? world.crashAt(run, run.ledger.commits + 1) : undefined

  const commit = (): readonly RunEvent[] => {
    const bodies = events.splice(0)
    inTurn = 0
    return run.ledger.append(epoch, bodies, turnAtMs, agenda.monotonicMs())
  }

  const startAll = (): void => {
    for (const effect of effects.splice(0)) effect()
  }

  const endTurn = (): void => {
    if (session.state === 'dead' || session.state === 'frozen') return
    if (world.eagerEffects) startAll()
    const blockedForMs = events.length > 0 && run.session === session ? world.blockedForMs(run) : 0
    if (blockedForMs > 0) {
      session.state = 'blocked'
      const fromMs = agenda.monotonicMs()
      run.blocked.push({ fromMs, toMs: fromMs + blockedForMs, epoch })
      if (world.startsWhileBlocked) agenda.at('monotonic', fromMs + 1, () => startAll())
      agenda.at('monotonic', agenda.monotonicMs() + blockedForMs, () => {
        if (session.state === 'blocked') endTurn()
      })
      world.settle(session)
      return
    }
    const crash = comingCrash()
    const diesAt = (phase: Crash['phase']): boolean => {
      if (crash?.phase !== phase) return false
      world.crash(run, session, crash)
      return true
    }
    if (diesAt('before-commit')) return
    if (crash?.phase === 'torn') {
      run.ledger.tear(epoch, events.splice(0), turnAtMs, agenda.monotonicMs())
      if (world.startsWhenTorn) startAll()
    }
    if (diesAt('torn')) return
    if (crash?.phase === 'refused' || crash?.phase === 'unsure') {
      if (crash.phase === 'unsure') world.committed(run, session, commit())
      diesAt(crash.phase)
      refuse!(new Error('the record could not be written'))
      return
    }
    let written: readonly RunEvent[]
    try {
      written = commit()
    } catch (error) {
      if (!(error instanceof OwnerLost)) throw error
      session.state = 'over'
      effects = []
      refuse!(error)
      return
    }
    world.committed(run, session, written)
    if (diesAt('after-commit')) return
    const todo = effects
    effects = []
    for (const [index, effect] of todo.entries()) {
      effect()
      if (index === 0 && diesAt('effects')) return
    }
    if (!opened) {
      opened = true
      mailbox.unshift(
        { at: lastAt, type: 'opened', owner: { epoch, pid: 1000 + epoch, boot: 'simulated', start: epoch } },
        ...inFlight.map((token) => ({ at: lastAt, type: 'recovered' as const, token })),
      )
    }
    session.state = 'waiting'
    if (crash) {
      const afterMs = hash32(`${world.scenario.seed}/idle/${crash.commit}`) % 3000
      agenda.at('monotonic', agenda.monotonicMs() + afterMs, () => world.crash(run, session, crash))
    }
    world.settle(session)
  }

  const session: Session = {
    epoch,
    port,
    state: 'busy',
    mailbox,
    living: new Map(),
    arrive,
    deliver: (all) => {
      if (session.state !== 'waiting' || mailbox.length === 0) return false
      const arrivals = mailbox.splice(0, all ? mailbox.length : 1)
      inTurn += arrivals.filter(({ type }) => type !== 'opened' && type !== 'recovered').length
      turnAtMs = arrivals.at(-1)!.at
      session.state = 'busy'
      wake!(arrivals)
      return true
    },
    finish: () => {
      const crash = comingCrash()
      if (crash?.phase === 'before-commit' || crash?.phase === 'torn' || crash?.phase === 'refused') {
        if (crash.phase === 'torn') run.ledger.tear(epoch, events.splice(0), turnAtMs, agenda.monotonicMs())
        world.crash(run, session, { ...crash, revived: false })
        return false
      }
      if (events.length > 0) world.committed(run, session, commit())
      startAll()
      session.state = 'over'
      release()
      return true
    },
    kill: (orphans, freeze) => {
      session.state = freeze ? 'frozen' : 'dead'
      if (!freeze) events.splice(0)
      effects = []
      release()
      if (!orphans) for (const process of [...session.living.values()]) process.end('reaped', 0)
    },
    thaw: () => {
      if (session.state !== 'frozen') return
      session.state = 'waiting'
      if (events.length > 0) return endTurn()
      arrive({ type: 'note', by: { name: 'eve' }, text: 'good morning' })
      session.deliver(true)
    },
    lookAtInbox: () => {
      if (waits.size === 0) return
      whenHeard(() => {
        for (const token of [...waits.keys()]) settleWait(token)
      })
    },
    waitsFor: (path) =>
      [...waits.values()].some((wait) => (path === undefined ? wait.spec.kind === 'signal' : wait.path === path)),
    holdUp: (byMs) => {
      for (const process of [...session.living.values()]) process.holdUp(byMs)
    },
    loseSupervisor: () => {
      if (session.living.size > 0) world.hit('supervisor lost')
      for (const process of [...session.living.values()]) process.end('lost', 0)
    },
    untold: () =>
      inTurn + mailbox.filter(({ type }) => type !== 'opened' && type !== 'recovered' && type !== 'note').length,
  }
  const release = (): void => {
    for (const cancel of timers.values()) cancel()
    timers.clear()
    for (const wait of waits.values()) wait.cancel()
    waits.clear()
    world.locks.releaseAll(`${run.id}/${epoch}/`)
  }
  return session
}
