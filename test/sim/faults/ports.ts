import type { EventBody } from '../../../src/events/events.ts'
import type { Arrival, Port } from '../../../src/ports/port.ts'
import { parseToken } from '../paths.ts'
import type { Random } from '../random.ts'
import type { Fault } from './fault.ts'

/*
 * Bugs between the scheduler and the world: a port that passes on less, more or other than it was given. Where chance
 * decides, the seed decides it.
 */

/** A port whose arrivals go through `change` first. An empty turn is not passed on: nothing happened. */
export function withArrivals(port: Port, change: (arrivals: readonly Arrival[]) => readonly Arrival[]): Port {
  const next = async (): Promise<readonly Arrival[]> => {
    for (;;) {
      const arrivals = change(await port.next())
      if (arrivals.length > 0) return arrivals
    }
  }
  return { ...port, next }
}

export function withEvents(port: Port, change: (event: EventBody) => EventBody | undefined): Port {
  const emit = (event: EventBody): void => {
    const changed = change(event)
    if (changed) port.emit(changed)
  }
  return { ...port, emit }
}

/** True for one of the first `among` calls, false for all others. */
function once(random: Random, among: number): () => boolean {
  const chosen = random.int(1, among)
  let calls = 0
  return () => ++calls === chosen
}

/** M3: the skeleton. */
export const PORT_FAULTS: readonly Fault[] = [
  {
    name: 'commit-skipped',
    standsFor: 'a turn starts its effects without recording its events',
    wishes: {},
    port: (port, { random }) => {
      const now = once(random, 4)
      let held: EventBody[] = []
      const next = (): Promise<readonly Arrival[]> => {
        if (held.length === 0 || !now()) for (const event of held) port.emit(event)
        held = []
        return port.next()
      }
      return { ...port, emit: (event) => held.push(event), next }
    },
  },
  {
    name: 'wake-up-lost',
    standsFor: 'a step that could go on is seen to only when something else happens',
    wishes: {},
    port: (port, { random }) => {
      const now = once(random, 4)
      let held: (() => void)[] = []
      let holding: string | undefined
      return {
        ...port,
        emit: (event) => {
          if (event.type === 'attempt-started' && now()) holding = `${event.path}#${event.attempt}`
          if (event.type === 'attempt-started' && holding === `${event.path}#${event.attempt}`)
            held.push(() => port.emit(event))
          else port.emit(event)
        },
        dispatch: (token, request) => {
          if (token === holding) held.push(() => port.dispatch(token, request))
          else port.dispatch(token, request)
        },
        next: async () => {
          const late = held
          const arrivals = await port.next()
          for (const act of late) act()
          if (late.length > 0) {
            held = []
            holding = undefined
          }
          return arrivals
        },
      }
    },
  },
  {
    name: 'dispatched-twice',
    standsFor: 'one attempt is started two times',
    wishes: {},
    port: (port, { random }) => {
      const now = once(random, 4)
      return {
        ...port,
        dispatch: (token, request) => {
          port.dispatch(token, request)
          if (now()) port.dispatch(token, request)
        },
      }
    },
  },
  {
    name: 'outcome-dropped-in-batch',
    standsFor: 'of several outcomes that arrive together one is overlooked',
    wishes: {},
    port: (port) =>
      withArrivals(port, (arrivals) => {
        const outcomes = arrivals.filter((arrival) => arrival.type === 'outcome')
        return outcomes.length < 2 ? arrivals : arrivals.filter((arrival) => arrival !== outcomes.at(-1))
      }),
  },
  {
    name: 'in-flight-forgotten',
    standsFor: 'a resume does not know of an attempt that was running',
    wishes: {},
    port: (port) => withArrivals(port, (arrivals) => arrivals.filter((arrival) => arrival.type !== 'recovered')),
  },
  {
    name: 'effects-before-record',
    standsFor: 'work starts before its event is durable',
    wishes: {},
    eagerEffects: true,
  },
  {
    name: 'revived-owner-believed',
    standsFor: 'an owner that was replaced may still write',
    wishes: {},
    trusts: (_epoch, losers) => losers.size === 0,
  },
  {
    name: 'start-forgotten',
    standsFor: 'a resume does not see that an attempt had started',
    wishes: {},
    history: (events) => {
      const last = events.findLast((event) => event.type === 'attempt-started')
      return events.filter((event) => event !== last)
    },
  },
  {
    name: 'finished-step-again',
    standsFor: 'a resume runs a step again that had ended',
    wishes: {},
    history: (events) => {
      const ended = events.find((event) => event.type === 'step-ended' && event.status === 'succeeded')
      if (ended?.type !== 'step-ended') return events
      return events.filter((event) => !('path' in event) || event.path !== ended.path)
    },
  },
  {
    name: 'outcome-flattered',
    standsFor: 'a failed run is reported as succeeded',
    wishes: { features: { failures: true } },
    port: (port) =>
      withEvents(port, (event) =>
        event.type === 'run-ended' && event.outcome === 'failed' ? { ...event, outcome: 'succeeded' } : event,
      ),
  },
]

/** M4 and M5: control and people. */
export const CONTROL_PORT_FAULTS: readonly Fault[] = [
  {
    name: 'lock-dropped',
    standsFor: 'a step works without the lock that it asked for',
    wishes: { features: { mutex: true } },
    port: (port) => ({
      ...port,
      lock: (token, keys) =>
        port.lock(
          token,
          keys.map((key) => `${key}/${token}`),
        ),
    }),
  },
  {
    name: 'lock-kept',
    standsFor: 'a lock is not given back',
    wishes: { features: { mutex: true } },
    port: (port) => ({ ...port, unlock: () => {} }),
  },
  {
    name: 'cancel-ignored-in-backoff',
    standsFor: 'a cancel is heard only when no step waits for its next attempt',
    wishes: { features: { retry: true, failures: true } },
    port: (port) => {
      const waiting = new Set<string>()
      let late: Arrival[] = []
      const heard = withEvents(port, (event) => {
        if (event.type === 'retry-scheduled') waiting.add(event.path)
        if (event.type === 'attempt-started' || event.type === 'step-ended') waiting.delete(event.path)
        return event
      })
      const next = async (): Promise<readonly Arrival[]> => {
        for (;;) {
          const arrivals = [...late, ...(await port.next())]
          late = waiting.size > 0 ? arrivals.filter((arrival) => arrival.type === 'cancel') : []
          const rest = arrivals.filter((arrival) => !late.includes(arrival))
          if (rest.length > 0) return rest
        }
      }
      return { ...heard, next }
    },
  },
  {
    name: 'backoff-forgotten-on-resume',
    standsFor: 'a timer that was running when the owner died is not set again',
    wishes: { features: { retry: true, failures: true } },
    port: (port, { run }) => (run.openings > 1 ? { ...port, timer: () => {} } : port),
  },
  {
    name: 'wait-forgotten-on-resume',
    standsFor: 'an open approval does not wait any more after a resume',
    wishes: { features: { people: true } },
    port: (port, { run }) => (run.openings > 1 ? { ...port, wait: () => {} } : port),
  },
  {
    name: 'skipped-in-denominator',
    standsFor: 'a step skipped by its own condition counts in the share of a gate',
    wishes: { features: { gates: true, conditions: true } },
    port: (port) => {
      const skipped = new Set<string>()
      return withEvents(port, (event) => {
        if (event.type === 'step-ended' && event.status === 'skipped') skipped.add(parseToken(`${event.path}#1`).path)
        if (event.type !== 'gate-judged' || event.share === undefined || skipped.size === 0) return event
        return { ...event, share: event.share / 2, status: event.share > 0 ? 'failed' : event.status }
      })
    },
  },
  {
    name: 'rejection-approves',
    standsFor: 'any decision lets the step go on',
    wishes: { features: { people: true } },
    port: (port) =>
      withArrivals(port, (arrivals) =>
        arrivals.map((arrival) =>
          arrival.type === 'decided' && arrival.decision.verdict === 'rejected'
            ? { ...arrival, decision: { ...arrival.decision, verdict: 'approved' as const } }
            : arrival,
        ),
      ),
  },
  {
    name: 'key-of-an-attempt',
    standsFor: 'a step that is tried again has another idempotency key',
    wishes: { features: { retry: true, failures: true } },
    port: (port) => ({
      ...port,
      dispatch: (token, request) =>
        port.dispatch(
          token,
          request.attempt > 1
            ? { ...request, idempotencyKey: `${request.idempotencyKey}#${request.attempt}` }
            : request,
        ),
    }),
  },
  {
    name: 'reopened-alone',
    standsFor: 'a retry does the failed step again, and not what follows it',
    wishes: { features: { failures: true }, reopened: true },
    port: (port) =>
      withEvents(port, (event) =>
        event.type === 'run-reopened' ? { ...event, steps: event.steps.slice(0, 1), gates: [] } : event,
      ),
  },
  {
    name: 'replanned-in-silence',
    standsFor: 'another plan is followed, and what changed is not done again',
    wishes: { replanned: true },
    port: (port) =>
      withEvents(port, (event) => (event.type === 'plan-changed' ? { ...event, steps: [], gates: [] } : event)),
  },
  {
    name: 'finished-step-again-by-plan',
    standsFor: 'another plan does again what had finished and did not change',
    wishes: { replanned: true },
    port: (port, { run }) =>
      withEvents(port, (event) => {
        if (event.type !== 'plan-changed') return event
        const ended = run.ledger.events().filter((other) => other.type === 'step-ended' && other.status === 'succeeded')
        return { ...event, steps: [...event.steps, ...ended.map((other) => ('path' in other ? other.path : ''))] }
      }),
  },
  {
    name: 'late-in-silence',
    standsFor: 'a step is late, and nobody is told',
    wishes: { features: { due: true } },
    port: (port) =>
      withEvents(port, (event) =>
        event.type === 'signal-sent' && event.signal.endsWith(':ESCALATE')
          ? { ...event, signal: `${event.source}:COMPLETE` }
          : event,
      ),
  },
  {
    name: 'abort-forgotten',
    standsFor: 'a cancel does not reach what runs',
    wishes: {},
    port: (port) => ({ ...port, abort: () => {} }),
  },
]
