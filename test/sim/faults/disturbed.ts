import type { EventBody, WaitSpec } from '../../../src/events/events.ts'
import type { Outcome } from '../../../src/events/outcome.ts'
import type { Arrival } from '../../../src/ports/port.ts'
import { parseToken } from '../paths.ts'
import type { Fault } from './fault.ts'
import { withArrivals, withEvents } from './ports.ts'

/* Bugs that show only while something else goes wrong: in the store, the clock, the supervisor, among people. */

function forgetPlanners({ plannedBy: _, ...rest }: WaitSpec): WaitSpec {
  return rest
}

/** An arrival whose outcome is another. */
function told(arrival: Arrival, change: (outcome: Outcome) => Outcome): Arrival {
  return arrival.type === 'outcome' ? { ...arrival, outcome: change(arrival.outcome) } : arrival
}

export const DISTURBED_FAULTS: readonly Fault[] = [
  {
    name: 'full-disk-ignored',
    standsFor: 'work starts though nothing can be recorded',
    wishes: {},
    startsWhileBlocked: true,
  },
  {
    name: 'told-twice-recorded-twice',
    standsFor: 'an outcome that is delivered twice is believed twice',
    wishes: {},
    port: (port, { world }) => {
      const doubled = new Set<string>()
      const emit: typeof port.emit = (event) => {
        port.emit(event)
        if (event.type === 'attempt-ended' && doubled.has(`${event.path}#${event.attempt}`)) port.emit(event)
      }
      if (world.scenario.trouble.doubled === undefined) return port
      return withArrivals({ ...port, emit }, (arrivals) => {
        const seen = new Set<string>()
        for (const arrival of arrivals) {
          if (arrival.type !== 'outcome') continue
          if (seen.has(arrival.token)) doubled.add(arrival.token)
          seen.add(arrival.token)
        }
        return arrivals
      })
    },
  },
  {
    name: 'second-opener-believed',
    standsFor: 'two that open a run at once both write',
    wishes: {},
    trusts: (epoch, losers) => losers.has(epoch),
  },
  {
    name: 'cut-off-told-as-failed',
    standsFor: 'an attempt that died with its supervisor counts as a failure of its own',
    wishes: {},
    port: (port) =>
      withArrivals(port, (arrivals) =>
        arrivals.map((arrival) =>
          told(arrival, (outcome) =>
            outcome.status === 'interrupted' ? { ...outcome, status: 'failed', reason: 'exit' } : outcome,
          ),
        ),
      ),
  },
  {
    name: 'jump-unseen',
    standsFor: 'a jump of the clock is not recorded',
    wishes: {},
    port: (port) => withArrivals(port, (arrivals) => arrivals.filter(({ type }) => type !== 'clock-jumped')),
  },
  {
    name: 'hang-up-unheard',
    standsFor: 'a run stays when its terminal goes away',
    wishes: {},
    port: (port) => withArrivals(port, (arrivals) => arrivals.filter(({ type }) => type !== 'park')),
  },
  {
    name: 'limit-told-as-failure',
    standsFor: 'a step that was ended by its timeout counts as one that failed',
    wishes: { features: { timeouts: true } },
    port: (port) =>
      withArrivals(port, (arrivals) =>
        arrivals.map((arrival) =>
          told(arrival, (outcome) =>
            outcome.status === 'timed-out' || outcome.status === 'stalled'
              ? { ...outcome, status: 'failed', reason: 'exit' }
              : outcome,
          ),
        ),
      ),
  },
  {
    name: 'inbox-looked-at-seldom',
    standsFor: 'a decision is seen minutes after it came',
    wishes: { features: { people: true } },
    looksAfterMs: 120_000,
  },
  {
    name: 'torn-commit-believed',
    standsFor: 'work starts whose record was cut off in the middle',
    wishes: {},
    startsWhenTorn: true,
  },
  {
    name: 'parked-under-ones-eyes',
    standsFor: 'a run parks though somebody stays with it',
    wishes: { features: { people: true } },
    staysForNobody: true,
  },
  {
    name: 'backoff-cut-short',
    standsFor: 'the next attempt comes before its back-off is over',
    wishes: { features: { retry: true, failures: true } },
    port: (port) => ({ ...port, timer: (token, ms) => port.timer(token, ms / 2) }),
  },
  {
    name: 'timeout-told-as-cancel',
    standsFor: 'what the timeout of its pipeline ended counts as cancelled',
    wishes: { features: { pipelineTimeout: true } },
    port: (port) =>
      withEvents(port, (event) =>
        event.type === 'step-ended' && event.status === 'timed-out'
          ? { ...event, status: 'cancelled', reason: 'cancel' }
          : event,
      ),
  },
  {
    name: 'pipeline-timeout-doubled',
    standsFor: 'a pipeline works for twice the time that it may',
    wishes: { features: { pipelineTimeout: true } },
    plan: (plan) => ({
      ...plan,
      pipelines: Object.fromEntries(
        Object.entries(plan.pipelines).map(([name, pipeline]) => [
          name,
          { ...pipeline, timeoutMs: pipeline.timeoutMs === undefined ? undefined : 2 * Number(pipeline.timeoutMs) },
        ]),
      ),
    }),
  },
  {
    name: 'delivered-again-under-one-token',
    standsFor: 'a check or repair that was cut off is made again under the token that it had',
    wishes: {},
    port: (port) => {
      /** The delivery that the scheduler waits for, by the token that the world knows it by. */
      const meant = new Map<string, string>()
      const same = (token: string): string => token.replace(/(:[^#]*#\d+)-\d+$/, '$1')
      return withArrivals(
        {
          ...port,
          dispatch: (token, request) => {
            meant.set(same(token), token)
            port.dispatch(same(token), request)
          },
          abort: (token, hard) => port.abort(same(token), hard),
        },
        (arrivals) =>
          arrivals.map((arrival) =>
            arrival.type === 'outcome' ? { ...arrival, token: meant.get(arrival.token) ?? arrival.token } : arrival,
          ),
      )
    },
  },
  {
    name: 'bypass-never-over',
    standsFor: 'a bypass lets steps start after its time is over',
    wishes: { features: { gates: true } },
    port: (port) => {
      const until = new Map<string, number>()
      const dated = (event: EventBody): EventBody => {
        if (event.type !== 'gate-decided') return event
        const expiresAt = until.get(`${event.path === '' ? '' : `${event.path}/`}gate:${event.gate}`)
        return expiresAt === undefined || event.status !== 'bypassed' ? event : { ...event, expiresAt }
      }
      return withArrivals(withEvents(port, dated), (arrivals) =>
        arrivals.map((arrival) => {
          if (arrival.type !== 'decided' || arrival.decision.verdict !== 'bypassed') return arrival
          const { expiresAt, ...decision } = arrival.decision
          const gate = parseToken(arrival.token).path
          if (expiresAt === undefined) until.delete(gate)
          else until.set(gate, expiresAt)
          return { ...arrival, decision }
        }),
      )
    },
  },
  {
    name: 'question-left-open',
    standsFor: 'a question whose step is stopped from outside stays open in the record',
    wishes: { features: { people: true } },
    port: (port) => {
      const open = new Set<string>()
      return withEvents(port, (event) => {
        if (event.type === 'wait-opened') open.add(event.path)
        if (event.type === 'wait-decided') open.delete(event.path)
        return event.type === 'step-ended' && open.has(event.path) ? undefined : event
      })
    },
  },
  {
    name: 'own-plan-approved',
    standsFor: 'who brought a plan approves it where another person must',
    wishes: { replanned: true, features: { people: true } },
    port: (port) => ({ ...port, wait: (token, spec) => port.wait(token, forgetPlanners(spec)) }),
  },
  {
    name: 'answered-before-asked',
    standsFor: 'what was said before a question was asked answers it',
    wishes: { features: { people: true } },
    answersFromBefore: true,
  },
]
