import type { Actor, EventBody, RunEvent, WaitSpec } from '../../src/events/events.ts'
import type { Outcome } from '../../src/events/outcome.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import type { RunState } from '../../src/events/state.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Dispatch, Token } from '../../src/ports/executor.ts'
import type { Arrival, Port } from '../../src/ports/port.ts'
import type { InboxRow } from '../../src/ports/store.ts'
import { type DriveResult, drive, type Start } from '../../src/run/drive.ts'
import { inFlight } from '../../src/run/in-flight.ts'
import { judge } from '../../src/run/judge.ts'
import type { Json } from '../../src/util/json.ts'

/** An attempt, check or repair that the scheduler has started; the test says how it ends. */
interface Started {
  readonly path: string
  readonly token: Token
  readonly attempt: number
  readonly request: Dispatch
  succeed(outputs?: { readonly [name: string]: Json }): Promise<void>
  fail(outcome?: Partial<Outcome>): Promise<void>
}

export interface ControlledRun {
  readonly result: Promise<DriveResult>
  readonly events: readonly RunEvent[]
  /** Paths of what runs now, in the order of their start. */
  running(): string[]
  /** The one that runs at this path; fails where none does. */
  started(path: string): Promise<Started>
  /** Hands these over in one batch and lets the scheduler work them through. */
  arrive(...news: readonly News[]): Promise<void>
  /** Lets time pass, and everything happen that is due in it. */
  advance(ms: number): Promise<void>
  /** The clock is set: what is due by it rings, and the jump is told in the same batch, last. */
  jump(byMs: number): Promise<void>
  /** A row of another process. */
  row(kind: InboxRow['kind'], target: string, data?: InboxRow['data'], by?: Actor): Promise<void>
  cancel(hard?: boolean): Promise<void>
  aborted(path: string): 'soft' | 'hard' | undefined
  /** Timers and questions that are open, in the order in which they were set. */
  awaited(): readonly Token[]
  locks(): { readonly [key: string]: Token }
  /** Requests for locks that nobody has granted. */
  locksAsked(): readonly Token[]
  /** Another run holds this key, or frees it. */
  takeElsewhere(key: string): void
  freeElsewhere(key: string): Promise<void>
  /** The runner dies now; what the ledger holds is what was committed. */
  crash(): void
  state(): RunState
  now(): number
}

type News = Arrival extends infer A ? (A extends Arrival ? Omit<A, 'at'> : never) : never

export const ALICE: Actor = { name: 'alice', uid: 1000 }

export interface ControlledOptions {
  readonly inputs?: { readonly [name: string]: Json }
  readonly approve?: readonly string[]
  readonly park?: boolean
  readonly start?: Start
  readonly atMs?: number
  /** Rows that were made before the run was opened. */
  readonly rows?: readonly InboxRow[]
  readonly cause?: RunState['cause']
  readonly durations?: ReadonlyMap<string, number>
  /** Keys that another run holds when this one is opened. */
  readonly elsewhere?: readonly string[]
}

/** Drives a plan over a port whose clock, executor, inbox and locks the test moves by hand. */
export async function controlled(plan: Plan, options: ControlledOptions = {}): Promise<ControlledRun> {
  const start: Start = options.start ?? {
    type: 'new',
    inputs: options.inputs ?? {},
    startedBy: ALICE,
    version: '0.0.0',
    root: '/project',
    approve: options.approve ?? [],
    ...(options.cause && { cause: options.cause }),
  }
  const stored = start.type === 'new' ? [] : [...start.events]
  const events: RunEvent[] = [...stored]
  let clock = options.atMs ?? stored.at(-1)?.at ?? 1000
  let turn: EventBody[] = []
  let effects: (() => void)[] = []
  const arrived: Arrival[] = []
  const running = new Map<Token, Dispatch>()
  const aborted = new Map<string, 'soft' | 'hard'>()
  const timers = new Map<Token, number>()
  const waits = new Map<Token, { readonly spec: WaitSpec; readonly openedAt: number }>()
  const rows: InboxRow[] = [...(options.rows ?? [])]
  const held = new Map<string, Token>()
  const asked: { token: Token; keys: readonly string[] }[] = []
  const elsewhere = new Set<string>(options.elsewhere)
  let wake: (() => void) | undefined
  let idle: (() => void) | undefined
  let isIdle = false
  let isDead = false

  const tell = (news: News): void => void arrived.push({ ...news, at: clock } as Arrival)
  const judgeAll = (): void => {
    for (const [token, { spec }] of [...waits]) {
      const target = token.slice(0, token.lastIndexOf('#'))
      const { decision } = judge(
        spec,
        rows.filter((row) => row.target === target || spec.kind === 'signal'),
        clock,
      )
      if (decision === undefined) continue
      waits.delete(token)
      tell({ type: 'decided', token, decision })
    }
  }
  const grant = (): void => {
    for (const request of [...asked]) {
      if (request.keys.some((key) => held.has(key) || elsewhere.has(key))) continue
      asked.splice(asked.indexOf(request), 1)
      for (const key of request.keys) held.set(key, request.token)
      tell({ type: 'locked', token: request.token })
    }
  }
  const commit = (): void => {
    for (const body of turn) events.push({ seq: events.length + 1, at: clock, ...body })
    turn = []
  }
  const startEffects = (): void => {
    const now = effects
    effects = []
    for (const effect of now) effect()
  }

  let turns = 0
  const port: Port = {
    emit: (event) => void turn.push(event),
    dispatch: (token, request) =>
      void effects.push(() => {
        if (running.has(token)) throw new Error(`\`${token}\` was started twice`)
        running.set(token, request)
      }),
    timer: (token, ms) => void effects.push(() => timers.set(token, clock + ms)),
    clearTimer: (token) => void effects.push(() => timers.delete(token)),
    wait: (token, spec) => void effects.push(() => waits.set(token, { spec, openedAt: clock })),
    lock: (token, keys) => void effects.push(() => asked.push({ token, keys })),
    unlock: (token) =>
      void effects.push(() => {
        for (const [key, owner] of [...held]) if (owner === token) held.delete(key)
        const at = asked.findIndex((request) => request.token === token)
        if (at >= 0) asked.splice(at, 1)
      }),
    send: () => undefined,
    abort: (token, hard) =>
      void effects.push(() => {
        if (waits.delete(token)) return
        if (running.has(token)) aborted.set(token.slice(0, token.lastIndexOf('#')), hard ? 'hard' : 'soft')
      }),
    async next() {
      if (isDead) return new Promise(() => undefined)
      commit()
      startEffects()
      if (turns++ === 0) {
        tell({ type: 'opened' })
        if (stored.length > 0) for (const token of inFlight(reduceAll(stored))) tell({ type: 'recovered', token })
      } else {
        judgeAll()
        grant()
        for (const [token, at] of [...timers].sort((a, b) => a[1] - b[1])) {
          if (at > clock) continue
          timers.delete(token)
          tell({ type: 'elapsed', token })
        }
      }
      while (arrived.length === 0) {
        isIdle = true
        idle?.()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (isDead) return new Promise(() => undefined)
      return arrived.splice(0)
    },
  }

  const result = drive({
    plan,
    port,
    run: 'run-1',
    start,
    park: options.park ?? false,
    ...(options.durations && { durations: options.durations }),
  }).then((ended) => {
    commit()
    startEffects()
    isIdle = true
    idle?.()
    return ended
  })
  result.catch(() => idle?.())
  const settled = async (): Promise<void> => {
    if (isIdle) return
    await Promise.race([
      new Promise<void>((resolve) => {
        idle = resolve
      }),
      result,
    ])
  }
  const go = async (): Promise<void> => {
    if (arrived.length === 0) return
    isIdle = false
    wake?.()
    await settled()
  }
  const tokenOf = (path: string): Token => {
    const token = [...running.keys()].find((key) => key.slice(0, key.lastIndexOf('#')) === path)
    if (token === undefined)
      throw new Error(`nothing runs at \`${path}\`; running: ${[...running.keys()].join(', ') || 'nothing'}`)
    return token
  }
  await settled()

  return {
    result,
    events,
    running: () => [...running.keys()].map((token) => token.slice(0, token.lastIndexOf('#'))),
    async started(path) {
      await settled()
      const token = tokenOf(path)
      const request = running.get(token)!
      const end = (outcome: Outcome) => {
        running.delete(token)
        tell({ type: 'outcome', token, outcome })
        return go()
      }
      return {
        path,
        token,
        attempt: request.attempt,
        request,
        succeed: (outputs = {}) => end({ status: 'succeeded', outputs, durationMs: 1 }),
        fail: (outcome = {}) => end({ status: 'failed', reason: 'exit', exit: 1, durationMs: 1, ...outcome }),
      }
    },
    arrive(...news) {
      for (const item of news) {
        if (item.type === 'outcome') running.delete(item.token)
        tell(item)
      }
      return go()
    },
    async advance(ms) {
      const end = clock + ms
      for (;;) {
        const deadlines = [...waits.values()].map(({ spec }) => spec.deadlineMs ?? Number.POSITIVE_INFINITY)
        const next = Math.min(...timers.values(), ...deadlines)
        if (next > end) break
        clock = Math.max(clock, next)
        for (const [token, at] of [...timers]) {
          if (at > clock) continue
          timers.delete(token)
          tell({ type: 'elapsed', token })
        }
        judgeAll()
        await go()
      }
      clock = end
    },
    jump(byMs) {
      clock += byMs
      for (const [token, at] of [...timers]) {
        if (at > clock) continue
        timers.delete(token)
        tell({ type: 'elapsed', token })
      }
      tell({ type: 'clock-jumped', byMs })
      return go()
    },
    async row(kind, target, data = {}, by = ALICE) {
      rows.push({ row: rows.length + 1, at: clock, by, kind, target, data })
      judgeAll()
      await go()
    },
    cancel(hard = false) {
      tell({ type: 'cancel', by: ALICE, reason: 'asked to', hard })
      return go()
    },
    aborted: (path) => aborted.get(path),
    awaited: () => [...timers.keys(), ...waits.keys()],
    locks: () => Object.fromEntries(held),
    locksAsked: () => asked.map(({ token }) => token),
    takeElsewhere: (key) => void elsewhere.add(key),
    async freeElsewhere(key) {
      elsewhere.delete(key)
      grant()
      await go()
    },
    crash() {
      isDead = true
    },
    state: () => reduceAll(events),
    now: () => clock,
  }
}

/** Status of every step that something happened to, by path. */
export function statuses(state: RunState): { readonly [path: string]: string } {
  return Object.fromEntries([...state.steps.values()].map((step) => [step.path, step.status]))
}

/** What is awaited and which locks are held, by tokens without the number that tells each from an earlier one. */
export function awaitedBy(run: ControlledRun): readonly string[] {
  return run.awaited().map(withoutNumber)
}

export function locksOf(run: ControlledRun): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(run.locks()).map(([key, token]) => [key, withoutNumber(token)]))
}

function withoutNumber(token: Token): string {
  return token.replace(/-\d+$/, '')
}
