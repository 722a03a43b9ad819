import type { Actor, EventBody, RunEvent } from '../events/events.ts'
import { emptyState, reduce } from '../events/reduce.ts'
import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'
import type { Arrival, Owner, Port } from '../ports/port.ts'
import type { Json } from '../util/json.ts'
import { onArrival } from './arrivals.ts'
import { answeredByRetry } from './escalation.ts'
import { assertSomethingPending, parkIfIdle, stir } from './parking.ts'
import { createQueue, type Job, takeJob } from './ready-queue.ts'
import { failedAgain, reopening } from './reopen.ts'
import { replanning } from './replan.ts'
import { restoreRun } from './restore.ts'
import { emit, type Run } from './run.ts'
import { followWork } from './scope-timers.ts'
import { openRoot } from './scopes.ts'
import { lifecycle } from './signals.ts'
import { turnsOf } from './turns.ts'
import { deliverOwnSignals } from './waits.ts'
import { onWake } from './wakes.ts'
import { createWorkClock } from './work-clock.ts'

/*
 * Takes a plan and a port, gives the end of the run: decides what happens next, and does nothing itself.
 *
 *   arrivals --arrivals.ts--> wakes --wakes.ts--> events, jobs, timers, waits --port.next()--> arrivals
 *
 * D1 The only await is `port.next()`. No clock, no randomness, no I/O: time is the time of the turn, jitter is a hash.
 * D2 An arrival is worked through to its last consequence before the next one is looked at, so that results do not
 *    depend on how arrivals are batched.
 * D3 Consequences go through one queue (`wakes`), in order: a chain of any length needs no stack, and no stage calls
 *    back into an earlier one.
 * D4 The work for an arrival is in proportion to what changes: needs are counted down, slots are offered, nothing is
 *    searched.
 * D5 The state that `reduce` makes of the events decides; all else are indexes that restore.ts builds again from it. A
 *    resume builds them and goes on, so a step whose end is on record never runs again.
 * D6 Whatever a step holds (slot, lock, place, timers) is given back where it ends, in `finish` and nowhere else.
 * D7 A unit never has two attempts at once, and no token is used for two attempts, back-offs, delays or questions of a
 *    step or gate, nor for two deliveries of a check or repair: what is told late or twice of one is never taken for the
 *    next.
 */

export interface DriveOptions {
  readonly plan: Plan
  readonly port: Port
  readonly run: string
  readonly start: Start
  /** End by parking when only people, signals and waits over a minute are pending. */
  readonly park: boolean
  /** Milliseconds that steps took in earlier runs, by path without keys and passes (`round/audit`): critical path first. */
  readonly durations?: ReadonlyMap<string, number>
}

export type Start =
  | {
      readonly type: 'new'
      readonly inputs: { readonly [name: string]: Json }
      readonly startedBy: Actor
      readonly version: string
      readonly root: string
      readonly approve: readonly string[]
      readonly cause?: Extract<EventBody, { type: 'run-created' }>['cause']
    }
  | { readonly type: 'resume'; readonly events: readonly RunEvent[]; readonly by: Actor }
  /** `opsflow retry`: opens an ended run again. No steps named: all that failed, and what follows them. */
  | {
      readonly type: 'reopen'
      readonly events: readonly RunEvent[]
      readonly by: Actor
      readonly steps: readonly string[] | undefined
    }
  /** `resume --with-plan`: goes on by `plan` where it went by `from` before. `inputs`: those of the run, as the new plan takes them. */
  | {
      readonly type: 'replan'
      readonly events: readonly RunEvent[]
      readonly by: Actor
      readonly from: Plan
      readonly inputs: { readonly [name: string]: Json }
    }

export interface DriveResult {
  readonly end: 'ended' | 'parked'
  readonly state: RunState
}

/** Drives one run to its end, or until it parks. */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const run = createRun(options)
  let opened = false
  for (;;) {
    const arrivals = await run.port.next()
    run.now = arrivals.reduce((at, arrival) => Math.max(at, arrival.at), run.now)
    for (const arrival of inOrder(arrivals)) {
      if (run.end !== undefined) break
      stir(run, arrival)
      if (!opened && arrival.type === 'opened') {
        opened = true
        open(run, options.start, arrival)
      } else onArrival(run, arrival)
      settle(run)
    }
    if (run.end === undefined && opened) {
      followWork(run)
      parkIfIdle(run)
      if (run.end === undefined) assertSomethingPending(run)
    }
    if (run.end !== undefined) return { end: run.end, state: run.state }
  }
}

/** A jump of the clock came before the timers that it made ring. */
function inOrder(arrivals: readonly Arrival[]): readonly Arrival[] {
  const jumps = arrivals.filter(({ type }) => type === 'clock-jumped')
  if (jumps.length === 0) return arrivals
  const rest = arrivals.filter(({ type }) => type !== 'clock-jumped')
  return rest[0]?.type === 'opened' ? [rest[0], ...jumps, ...rest.slice(1)] : [...jumps, ...rest]
}

function createRun({ plan, port, run: id, start, park, durations }: DriveOptions): Run {
  const clock = createWorkClock()
  let state = emptyState()
  for (const event of start.type === 'new' ? [] : start.events) {
    state = reduce(state, event)
    clock.feed(event)
  }
  return {
    plan,
    port,
    id,
    durations: durations ?? new Map(),
    state,
    now: state.lastAt,
    pending: new Map(),
    wakes: [],
    unsettled: 0,
    unjudged: [],
    clock,
    indexes: new Map(),
    agents: new Map(
      Object.entries(plan.agentLimits ?? {}).map(([name, limit]) => [name, createQueue(limit, undefined)]),
    ),
    turns: turnsOf(plan),
    root: undefined,
    rules: [],
    paused: undefined,
    fresh: [],
    timed: new Map(),
    inFlight: 0,
    awaited: new Set(),
    waits: new Map(),
    timers: new Map(),
    locksAsked: 0,
    heldBack: [],
    sent: [],
    untaken: [],
    park,
    parking: false,
    quiet: undefined,
    end: undefined,
  }
}

/** The first thing that happens: the run is created, or what is known of it is taken up. */
function open(run: Run, start: Start, arrival: Extract<Arrival, { type: 'opened' }>): void {
  const owner: Owner = arrival.owner ?? { epoch: (run.state.owner?.epoch ?? 0) + 1, pid: 0, boot: '', start: 0 }
  const mark = { epoch: owner.epoch, pid: owner.pid, boot: owner.boot, start: owner.start }
  if (start.type === 'new') {
    const { inputs, startedBy, version, root, approve, cause } = start
    const pipeline = run.plan.root
    const created = { run: run.id, pipeline, planHash: run.plan.hash, inputs, startedBy, version, root, approve }
    emit(run, { type: 'run-created', ...created, ...(cause === undefined ? {} : { cause }) })
    emit(run, { type: 'run-opened', ...mark, by: startedBy })
    lifecycle(run, 'SPAWN', { pipeline, inputs })
    return openRoot(run)
  }
  const answered =
    start.type !== 'reopen' && answeredByRetry(start.type === 'replan' ? start.from : run.plan, run.state) !== undefined
  if (start.type === 'reopen')
    emit(run, { type: 'run-reopened', by: start.by, ...reopening(run.plan, run.state, start.steps) })
  else if (start.type === 'replan') {
    const { by, inputs } = start
    const changes = replanning(start.from, run.plan, run.state, inputs)
    emit(run, { type: 'plan-changed', by, planHash: run.plan.hash, plan: run.plan, inputs, ...changes })
  } else if (run.state.phase === 'ended') {
    run.end = 'ended'
    return
  }
  // Another plan may have changed the rule, or have none of that name: what failed happens again all the same.
  const again = answered ? (answeredByRetry(run.plan, run.state) ?? failedAgain(run.plan, run.state)) : undefined
  if (again !== undefined && again.steps.length > 0) emit(run, { type: 'run-reopened', by: start.by, ...again })
  emit(run, { type: 'run-opened', ...mark, by: start.by })
  restoreRun(run)
}

/** A job whose agent lets it go on to its scope, else the most urgent one that has a slot. */
function nextJob(run: Run): Job | undefined {
  for (const agent of run.agents.values()) {
    const job = takeJob(agent)
    if (job) return job
  }
  return run.root && takeJob(run.root.queue)
}

/** Works through all consequences (D2, D3), then lets jobs start while there are slots. */
function settle(run: Run): void {
  for (;;) {
    for (let i = 0; i < run.wakes.length && run.end === undefined; i++) onWake(run, run.wakes[i]!)
    run.wakes.length = 0
    if (run.end !== undefined) return
    if (run.sent.length > 0) deliverOwnSignals(run)
    const job = run.parking || run.paused !== undefined ? undefined : nextJob(run)
    if (job === undefined && run.wakes.length === 0) break
    job?.start()
  }
  for (const job of run.fresh) if (job.state === 'queued') job.wait()
  run.fresh.length = 0
}
