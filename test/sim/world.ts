import type { RunEvent } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import type { RunState } from '../../src/events/state.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { drive, Start } from '../../src/run/drive.ts'
import { forgottenByPlan } from '../../src/run/replan.ts'
import { createAgenda } from './agenda.ts'
import type { Fault } from './faults/fault.ts'
import type { FaultKind } from './kinds.ts'
import { OwnerLost } from './ledger.ts'
import { createLocks } from './locks.ts'
import { inFlightOf, stepsToReopen } from './openings.ts'
import { parseToken } from './paths.ts'
import { answersTo } from './people.ts'
import { planOf, STARTER } from './plans.ts'
import { createPostman } from './postman.ts'
import { random } from './random.ts'
import { openSession, type Session } from './session.ts'
import { createRun } from './sim-run.ts'
import type { SimRun, SimWorld, Trace } from './sim-types.ts'
import type { Scenario } from './spec.ts'
import { type Context, plantTrouble, speakOf } from './trouble.ts'

/**
 * The simulated world: takes a scenario and a scheduler, plays every run of it to its end in virtual time and gives the
 * trace that the oracle judges. Everything in it is decided by the scenario: the same one gives the same trace.
 * It is one thread: a session thinks until it asks for `next()`, and only then does time move.
 */
export interface SimulateOptions {
  readonly drive: typeof drive
  readonly fault?: Fault | undefined
  /** Decides the order of what happens at one instant; 0: as it was made. */
  readonly tieSeed?: number
}

const START_MS = Date.UTC(2030, 0, 1)
const INPUTS = { flag: true, list: [] }
const TURN_LIMIT = 8000
const PARK_LIMIT = 400
const QUIET_LIMIT = 200
const RETRY_WRITE_MS = 1000

/** Plays a scenario to its end. */
export async function simulate(scenario: Scenario, options: SimulateOptions): Promise<Trace> {
  const { fault } = options
  const plan = planOf(scenario.pipelines, scenario.agents)
  const { replan } = scenario.trouble
  const replanned = replan && { ...scenario, pipelines: replan.pipelines }
  const nextPlan = replanned && planOf(replanned.pipelines, scenario.agents)
  const agenda = createAgenda(START_MS, options.tieSeed ?? 0)
  const locks = createLocks()
  const commits: { run: string; events: readonly RunEvent[]; epoch: number }[] = []
  const problems: string[] = []
  const hits = new Map<FaultKind, number>()
  const source = random(scenario.seed).fork('world')
  let fullUntilMs = 0
  let deafUntilMs = 0
  let turns = 0
  let settled: (() => void) | undefined
  const asked = scenario.trouble.words.filter((word) => word.asked)
  const hit = (name: FaultKind): void => {
    hits.set(name, (hits.get(name) ?? 0) + 1)
  }
  const losers = Array.from({ length: scenario.runs }, () => new Set<number>())
  const runs = losers.map((own, index) => createRun(scenario, index, own, (by) => fault?.trusts?.(by, own) === true))

  const world: SimWorld = {
    scenario,
    agenda,
    locks,
    eagerEffects: fault?.eagerEffects === true,
    startsWhenTorn: fault?.startsWhenTorn === true,
    startsWhileBlocked: fault?.startsWhileBlocked === true,
    answersFromBefore: fault?.answersFromBefore === true,
    blockedForMs: (run) => {
      const fullForMs = fullUntilMs - agenda.monotonicMs()
      if (fullForMs > 0) hit('full disk')
      if (fullForMs > 0) return fullForMs
      const busy = run.busy.find(({ commit, times }) => times > 0 && commit <= run.ledger.commits + 1)
      if (busy === undefined) return 0
      busy.times--
      hit('write busy')
      return RETRY_WRITE_MS
    },
    deafForMs: () => Math.max(fault?.looksAfterMs ?? 0, deafUntilMs - agenda.monotonicMs(), 0),
    hit,
    crashAt: (run, commit) => {
      const index = run.crashes.findIndex((crash) => crash.commit <= commit)
      return index < 0 ? undefined : run.crashes.splice(index, 1)[0]
    },
    crash: (run, session, crash) => {
      if (run.session !== session || session.state === 'over' || session.state === 'dead') return world.settle(session)
      hit(crash.phase === 'refused' || crash.phase === 'unsure' ? `write ${crash.phase}` : `crash ${crash.phase}`)
      if (session.untold() > 0) hit('arrival lost')
      const freeze = crash.revived && (crash.phase === 'idle' || crash.phase === 'before-commit')
      session.kill(crash.orphans, freeze)
      run.deaths.add(session.epoch)
      commits.push({ run: run.id, events: [], epoch: session.epoch })
      run.session = undefined
      later(crash.downMs, () => {
        for (const process of [...session.living.values()]) process.end('reaped', 0)
        openByTwo(run)
        if (freeze) later(1, () => session.thaw())
      })
      world.settle(session)
    },
    committed: (run, session, events) => {
      if (events.length === 0) return
      commits.push({ run: run.id, events, epoch: session.epoch })
      for (const event of events) {
        if (event.type === 'plan-changed' && replanned) {
          hit('replan')
          run.scenario = replanned
        }
        if (event.type === 'run-reopened') {
          hit('reopen')
          run.reopened.push(run.reopening?.steps)
          run.reopening = undefined
        }
        if (event.type === 'gate-decided' && event.expiresAt !== undefined)
          agenda.at('wall', event.expiresAt, () => {
            if (run.session !== undefined) hit('bypass over')
          })
        react(run, event)
      }
    },
    settle: () => settled?.(),
    noteStart: (run, token, request, epoch) => {
      const { path, attempt } = parseToken(token)
      run.processes.push({
        scenario: run.scenario,
        path,
        token,
        attempt,
        request,
        startMs: agenda.monotonicMs(),
        afterCommit: run.ledger.commits,
        endMs: undefined,
        reaped: false,
        hung: false,
        opening: run.openings,
        epoch,
      })
    },
    noteEnd: (run, token, reaped) => {
      const record = run.processes.findLast((process) => process.token === token && process.endMs === undefined)
      if (record) Object.assign(record, { endMs: agenda.monotonicMs(), reaped })
    },
  }

  const later = (ms: number, act: () => void): void => {
    agenda.at('monotonic', agenda.monotonicMs() + ms, act)
  }

  /** When something is said now: never before the record, though the clock was set back. */
  const sayMs = ({ ledger }: SimRun): number => Math.max(agenda.wallMs(), ledger.events().at(-1)?.at ?? 0)

  /** People react to what is recorded, whether a runner lives or not. */
  const react = (run: SimRun, event: RunEvent): void => {
    if (event.type !== 'wait-opened') return
    const word = run === runs[0] ? asked[event.seq % Math.max(1, asked.length)] : undefined
    if (word) speakOf(trouble, word, event)
    // Any word will do for a signal, so that signals often meet.
    if (word && event.wait.kind === 'signal') speakOf(trouble, { ...word, atMs: 50, salt: event.seq }, event)
    for (const { afterMs, expiresMs, ...row } of answersTo(run.scenario, event)) {
      later(afterMs, () => {
        const at = sayMs(run)
        const data = expiresMs === undefined ? row.data : { ...row.data, expires: at + expiresMs }
        run.ledger.post({ at, ...row, data }, agenda.monotonicMs())
        run.session?.lookAtInbox()
      })
    }
  }

  /** `rival`: it does not know that another opens the run at the same moment, and is the one to lose. */
  const open = (run: SimRun, rival = false): void => {
    run.openings++
    const stored = run.ledger.events()
    const events = fault?.history?.(stored, random(`${scenario.seed}/fault`)) ?? stored
    const session = openSession(world, run, inFlightOf(stored))
    if (rival) {
      run.rivals.push(session)
      run.losers.add(session.epoch)
    } else run.session = session
    if (!rival) for (const tell of run.unheard.splice(0)) tell()
    const port =
      fault?.port?.(session.port, { run, world, random: random(`${scenario.seed}/fault/${session.epoch}`) }) ??
      session.port
    const current = run.scenario === replanned ? nextPlan! : plan
    const start = startOf(run, stored, events)
    const followed = start.type === 'replan' ? nextPlan! : current
    options
      .drive({
        plan: asRead(followed),
        port,
        run: run.id,
        start,
        park: scenario.trouble.detached || fault?.staysForNobody === true,
      })
      .then(
        (result) => ended(run, session, result),
        (error: unknown) => failed(run, session, error),
      )
  }

  /** Where the scenario says so, two open a run that nobody has, at one moment. */
  const openByTwo = (run: SimRun): void => {
    if (scenario.trouble.rivals) {
      hit('opened by two')
      open(run, true)
    }
    open(run)
  }

  const asRead = (one: Plan): Plan => fault?.plan?.(one) ?? one

  const startOf = (run: SimRun, stored: readonly RunEvent[], events: readonly RunEvent[]): Start => {
    if (stored.length === 0) {
      const { approve } = scenario
      return { type: 'new', inputs: INPUTS, startedBy: STARTER, version: '1.0.0', root: '/project', approve }
    }
    const hasEnded = stored.at(-1)?.type === 'run-ended'
    if (hasEnded && run.reopening) return { type: 'reopen', events, by: STARTER, steps: run.reopening.steps }
    const due = replan !== undefined && run === runs[0] && run.openings >= replan.opening && !hasEnded
    // A plan under which a step that was cut off would be forgotten is not taken; the run goes on as it was.
    if (due && run.scenario !== replanned && forgottenByPlan(plan, nextPlan!, reduceAll(stored)).length === 0)
      return { type: 'replan', events, by: { name: replan.by }, from: asRead(plan), inputs: INPUTS }
    return { type: 'resume', events, by: STARTER }
  }

  /** Whether somebody opens the ended run again, and when. */
  const reopenLater = (run: SimRun, state: RunState): boolean => {
    const index = run.ledger.written.filter(({ event }) => event.type === 'run-reopened').length
    const reopen = run === runs[0] ? scenario.trouble.reopens[index] : undefined
    if (reopen === undefined) return false
    const steps = stepsToReopen(state, reopen)
    if (steps === undefined ? state.outcome === 'succeeded' : steps.length === 0) return false
    run.reopening = { index, steps }
    later(reopen.afterMs, () => open(run))
    return true
  }

  const ended = (run: SimRun, session: Session, result: NonNullable<SimRun['result']>): void => {
    if (session.state === 'dead') return
    try {
      if (!session.finish()) return
    } catch (error) {
      failed(run, session, error)
      return
    }
    if (run.session !== session) {
      problems.push(`${run.id}: an owner that was replaced said ${result.end}`)
      world.settle(session)
      return
    }
    run.session = undefined
    run.result = result
    if (result.end === 'parked') {
      hit('park')
      run.parks++
      if (run.parks > PARK_LIMIT) problems.push(`${run.id}: parked ${PARK_LIMIT} times`)
      else later(source.pick([1000, 60_000, 3_600_000, 90_000_000]), () => openByTwo(run))
    } else if (reopenLater(run, result.state)) run.result = undefined
    world.settle(session)
  }

  const failed = (run: SimRun, session: Session, error: unknown): void => {
    if (session.state === 'dead') return
    const isRival = run.rivals.includes(session)
    if (isRival) run.rivals.splice(run.rivals.indexOf(session), 1)
    if (error instanceof OwnerLost && run.session !== session) {
      if (!isRival) hit('revived owner refused')
    } else {
      problems.push(
        `${run.id}: the scheduler threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      if (run.session === session) run.session = undefined
    }
    session.state = 'over'
    world.settle(session)
  }

  const live = (): SimRun[] => runs.filter((run) => run.result?.end !== 'ended')
  const sessions = (): Session[] => runs.flatMap((run) => (run.session ? [...run.rivals, run.session] : run.rivals))

  /** Waits until no session thinks any more. */
  const quiet = async (): Promise<boolean> => {
    for (let round = 0; round < QUIET_LIMIT; round++) {
      if (sessions().every((session) => session.state !== 'busy')) return true
      await new Promise<void>((resolve) => {
        settled = resolve
        setImmediate(resolve)
      })
    }
    return false
  }

  const trouble: Context = {
    scenario,
    agenda,
    first: runs[0]!,
    sessions,
    noteJump: () => {
      for (const { jumps, session } of runs)
        if (session) jumps.push({ atMs: agenda.monotonicMs(), epoch: session.epoch })
    },
    hit,
    later,
    sayMs: () => sayMs(runs[0]!),
    say: (row) => {
      runs[0]!.ledger.post({ at: sayMs(runs[0]!), ...row }, agenda.monotonicMs())
      runs[0]!.session?.lookAtInbox()
    },
    deafen: (forMs) => {
      deafUntilMs = agenda.monotonicMs() + forMs
    },
    fill: (forMs) => {
      fullUntilMs = agenda.monotonicMs() + forMs
    },
  }
  plantTrouble(trouble)
  for (const [index, run] of runs.entries()) later(index * 700, () => open(run))
  const handOver = createPostman(scenario.batching, agenda, () => source.int(0, 300), sessions)
  agenda.step()
  while (problems.length === 0 && live().length > 0) {
    if (!(await quiet())) {
      problems.push('the scheduler neither asked for more nor ended')
      break
    }
    if (live().length === 0) break
    if (++turns > TURN_LIMIT) {
      problems.push(`no end after ${TURN_LIMIT} moments, ${agenda.monotonicMs()} ms`)
      break
    }
    if (handOver()) continue
    if (problems.length > 0 || agenda.step()) continue
    problems.push(
      `${live()
        .map((run) => run.id)
        .join(', ')}: waits for ever`,
    )
  }
  for (const session of sessions()) session.kill(false, false)
  return { scenario, plan, replanned, runs, commits, problems, hits, heldLocks: new Map(locks.holders()) }
}
