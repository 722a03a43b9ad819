import { describe, expect, test } from 'vitest'
import type { EventBody, RunEvent, WaitSpec } from '../../src/events/events.ts'
import type { Outcome } from '../../src/events/outcome.ts'
import type { Dispatch, Token } from '../../src/ports/executor.ts'
import type { Arrival, Port } from '../../src/ports/port.ts'
import type { InboxRow } from '../../src/ports/store.ts'

/** A world in which a port can be watched: what an engine must bring to be held to the contract. */
export interface PortWorld {
  /** The port of a new owner; the one before it died without a word. */
  open(): Promise<Port>
  /** A second run of the same store, for locks between runs. */
  openOther(): Promise<Port>
  /** What is durable now. */
  events(): readonly RunEvent[]
  /** Every start and abort that reached the executor, with the number of durable events at that moment. */
  readonly calls: readonly {
    readonly call: 'start' | 'abort' | 'send'
    readonly token: Token
    readonly durable: number
  }[]
  end(token: Token, outcome: Outcome): void
  put(row: Pick<InboxRow, 'kind' | 'target' | 'data'>): void
  nowMs(): number
  advance(ms: number): void
  setWall(byMs: number): void
  /** Gives the run up without a word. */
  close(): Promise<void>
}

export const SUCCEEDED: Outcome = { status: 'succeeded', durationMs: 5 }

export const DISPATCH: Dispatch = {
  run: 'r1',
  path: 'build',
  attempt: 1,
  idempotencyKey: 'r1/build',
  timeoutMs: undefined,
  graceMs: 0,
  stall: undefined,
  env: {},
  cwd: undefined,
  body: { kind: 'shell', argv: ['true'] },
  failures: {},
  outputs: {},
  permissions: { allow: [], deny: [], ask: {} },
  isolation: undefined,
  owns: [],
} as unknown as Dispatch

const ALICE = { name: 'alice', uid: 1000 }
const CREATED: EventBody = {
  type: 'run-created',
  run: 'r1',
  pipeline: 'release',
  planHash: 'p',
  inputs: {},
  startedBy: ALICE,
  version: '0.0.0',
  root: '/',
  approve: [],
}
const started = (path: string): EventBody => ({ type: 'attempt-started', path, attempt: 1 })
const APPROVAL: WaitSpec = { kind: 'approval', prompt: 'Go?', from: [], persons: [], self: true, startedBy: ALICE }
const asked = (path: string, wait: WaitSpec = APPROVAL): EventBody => ({ type: 'wait-opened', path, wait })
const approve = (target: string) => ({ kind: 'approve', target, data: {} }) as const
const LOOK_MS = 200

/** Arrivals without their time: `outcome a#1`. */
export function words(arrivals: readonly Arrival[]): string[] {
  return arrivals.map((arrival) => ('token' in arrival ? `${arrival.type} ${arrival.token}` : arrival.type))
}

/** Opens the port and takes the first batch. */
async function begun(world: PortWorld): Promise<Port> {
  const port = await world.open()
  port.emit(CREATED)
  expect(words(await port.next())).toEqual(['opened'])
  return port
}

/** Commits the turn, and lets `ms` pass while the port waits. */
async function nextAfter(port: Port, world: PortWorld, ms: number): Promise<readonly Arrival[]> {
  const batch = port.next()
  await settled()
  world.advance(ms)
  return batch
}

/** All that is ready to happen has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function portContract(name: string, create: () => Promise<PortWorld>): void {
  const withWorld = (work: (world: PortWorld) => Promise<void>) => async () => {
    const world = await create()
    try {
      await work(world)
    } finally {
      await world.close()
    }
  }

  describe(`the port of ${name}`, () => {
    test(
      'P5 never goes back in time, from one owner to the next either, also where the wall clock did',
      withWorld(async (world) => {
        const port = await begun(world)
        port.emit(started('a'))
        port.dispatch('a#1', DISPATCH)
        const batch = port.next()
        await settled()
        world.end('a#1', SUCCEEDED)
        const [outcome] = await batch
        port.emit({ type: 'attempt-ended', path: 'a', attempt: 1, outcome: SUCCEEDED })
        void port.next()
        await settled()
        world.setWall(-3_600_000)
        expect(world.nowMs()).toBeLessThan(outcome!.at)
        const again = await world.open()
        const [opened] = await again.next()
        expect(opened!.at).toBeGreaterThanOrEqual(world.events().at(-1)!.at)
      }),
    )

    test(
      'promise 2a: P1 makes all events of a turn durable before any effect of the turn starts, and starts them in order',
      withWorld(async (world) => {
        const port = await begun(world)
        port.dispatch('a#1', DISPATCH)
        port.emit(started('a'))
        port.emit(started('b'))
        port.dispatch('b#1', DISPATCH)
        port.send('a#1', 'hello')
        port.abort('b#1', false)
        expect(world.calls).toEqual([])
        expect(world.events()).toHaveLength(1)
        void port.next()
        await settled()
        expect(world.calls).toEqual([
          { call: 'start', token: 'a#1', durable: 3 },
          { call: 'start', token: 'b#1', durable: 3 },
          { call: 'send', token: 'a#1', durable: 3 },
          { call: 'abort', token: 'b#1', durable: 3 },
        ])
        world.end('a#1', SUCCEEDED)
      }),
    )

    test(
      'P2 returns everything that has arrived, and nothing is lost between two calls',
      withWorld(async (world) => {
        const port = await begun(world)
        for (const token of ['a#1', 'b#1', 'c#1']) port.dispatch(token, DISPATCH)
        const batch = port.next()
        await settled()
        world.end('b#1', SUCCEEDED)
        world.end('a#1', { status: 'failed', reason: 'exit', durationMs: 1 })
        expect(words(await batch)).toEqual(['outcome b#1', 'outcome a#1'])
        world.end('c#1', SUCCEEDED)
        expect(words(await port.next())).toEqual(['outcome c#1'])
      }),
    )

    test(
      'promise 17d: P3 gives every started token one outcome, whatever the executor repeats',
      withWorld(async (world) => {
        const port = await begun(world)
        port.dispatch('a#1', DISPATCH)
        port.timer('t#1', 1000)
        const batch = port.next()
        await settled()
        world.end('a#1', SUCCEEDED)
        world.end('a#1', SUCCEEDED)
        expect(words(await batch)).toEqual(['outcome a#1'])
        world.end('a#1', SUCCEEDED)
        expect(words(await nextAfter(port, world, 1000))).toEqual(['elapsed t#1'])
      }),
    )

    test(
      'P3 tells a timer once, in the order of the instants, and a cleared one never',
      withWorld(async (world) => {
        const port = await begun(world)
        port.timer('late#1', 3000)
        port.timer('early#1', 1000)
        port.timer('cleared#1', 500)
        port.clearTimer('cleared#1')
        expect(words(await nextAfter(port, world, 1000))).toEqual(['elapsed early#1'])
        expect(words(await nextAfter(port, world, 5000))).toEqual(['elapsed late#1'])
        port.timer('now#1', 0)
        port.timer('far#1', 50_000)
        expect(words(await port.next())).toEqual(['elapsed now#1'])
        port.timer('near#1', 50)
        expect(words(await nextAfter(port, world, 50))).toEqual(['elapsed near#1'])
      }),
    )

    test(
      'P4 answers what was in flight when the last owner died, before anything else',
      withWorld(async (world) => {
        const port = await begun(world)
        port.emit(started('a'))
        port.dispatch('a#1', DISPATCH)
        port.emit(started('b'))
        port.dispatch('b#1', DISPATCH)
        const batch = port.next()
        await settled()
        world.end('a#1', SUCCEEDED)
        await batch
        port.emit({ type: 'attempt-ended', path: 'a', attempt: 1, outcome: SUCCEEDED })
        void port.next().catch(() => undefined)
        await settled()
        world.put({ kind: 'note', target: '', data: { text: 'hello' } })
        const again = await world.open()
        expect(words(await again.next())).toEqual(['opened', 'recovered b#1'])
        expect(words(await nextAfter(again, world, LOOK_MS))).toEqual(['note'])
      }),
    )

    test(
      'promise 14c: P5 gives the events of a turn the time of the arrivals that began it, and time never goes back',
      withWorld(async (world) => {
        const port = await begun(world)
        port.timer('t#1', 1000)
        const [elapsed] = await nextAfter(port, world, 1000)
        world.setWall(-50_000)
        port.emit(started('a'))
        port.timer('u#1', 60_000)
        const [jump] = await nextAfter(port, world, LOOK_MS)
        expect(jump).toMatchObject({ type: 'clock-jumped', byMs: -50_000 })
        expect(jump!.at).toBeGreaterThanOrEqual(elapsed!.at)
        expect(world.events().at(-1)).toMatchObject({ type: 'attempt-started', at: elapsed!.at })
      }),
    )

    test(
      'promises 20c, 20d: a decision reaches a wait within 200 ms, once, and the first one wins',
      withWorld(async (world) => {
        const port = await begun(world)
        port.emit(asked('approve'))
        port.wait('approve#1', APPROVAL)
        const batch = port.next()
        await settled()
        world.put({ kind: 'reject', target: 'approve', data: { comment: 'not today' } })
        world.put(approve('approve'))
        world.advance(LOOK_MS)
        const arrivals = await batch
        expect(words(arrivals)).toEqual(['decided approve#1'])
        expect(arrivals[0]).toMatchObject({ decision: { verdict: 'rejected', comment: 'not today', row: 1 } })
        port.timer('t#1', 1000)
        expect(words(await nextAfter(port, world, 1000))).toEqual(['elapsed t#1'])
      }),
    )

    test(
      'promise 20b: a row answers only the question that was asked before it, and an aborted wait hears nothing',
      withWorld(async (world) => {
        const port = await begun(world)
        world.put(approve('approve'))
        world.advance(1)
        port.timer('t#1', 1000)
        await nextAfter(port, world, 1000)
        port.emit(asked('approve'))
        port.emit(asked('other'))
        port.wait('approve#1', APPROVAL)
        port.wait('other#1', APPROVAL)
        port.abort('other#1', false)
        port.timer('t#2', 1000)
        expect(words(await nextAfter(port, world, 1000))).toEqual(['elapsed t#2'])
        world.put(approve('other'))
        world.put(approve('approve'))
        expect(words(await nextAfter(port, world, LOOK_MS))).toEqual(['decided approve#1'])
      }),
    )

    test(
      'a signal is taken by one wait, the one that asked first, and by no other in a later life',
      withWorld(async (world) => {
        const port = await begun(world)
        const spec: WaitSpec = { ...APPROVAL, kind: 'signal', signal: 'OPS:GO', when: 'true' }
        const ask = (to: Port): void => {
          for (const path of ['first', 'second']) to.wait(`${path}#1`, spec)
        }
        for (const path of ['first', 'second']) port.emit(asked(path, spec))
        ask(port)
        const batch = port.next()
        await settled()
        world.put({ kind: 'signal', target: '', data: { signal: 'OPS:GO', payload: { n: 1 } } })
        world.advance(LOOK_MS)
        const [decided] = await batch
        expect(decided).toMatchObject({ token: 'first#1', decision: { values: { n: 1 } } })
        if (decided?.type === 'decided') port.emit({ type: 'wait-decided', path: 'first', decision: decided.decision })
        void port.next().catch(() => undefined)
        await settled()
        const again = await world.open()
        await again.next()
        again.wait('second#1', spec)
        again.timer('t#1', 1000)
        expect(words(await nextAfter(again, world, 1000))).toEqual(['elapsed t#1'])
        world.put({ kind: 'signal', target: '', data: { signal: 'OPS:GO', payload: { n: 2 } } })
        expect(await nextAfter(again, world, LOOK_MS)).toMatchObject([
          { token: 'second#1', decision: { values: { n: 2 } } },
        ])
      }),
    )

    test(
      'promise 19c: after a pause, decisions and deadlines are told in the order in which they came to pass',
      withWorld(async (world) => {
        const port = await begun(world)
        const until = (ms: number): WaitSpec => ({ ...APPROVAL, deadlineMs: world.nowMs() + ms })
        const specs = { in_time: until(10_000), too_late: until(2000), soon: until(5000) }
        for (const [path, spec] of Object.entries(specs)) port.emit(asked(path, spec))
        void port.next().catch(() => undefined)
        await settled()
        await world.close()
        world.advance(1000)
        world.put(approve('soon'))
        world.advance(3000)
        world.put(approve('too_late'))
        world.advance(2000)
        world.put(approve('in_time'))
        world.put({ kind: 'note', target: '', data: { text: 'done' } })
        world.advance(60_000)
        const again = await world.open()
        await again.next()
        for (const [path, spec] of Object.entries(specs)) again.wait(`${path}#1`, spec)
        again.timer('t#1', -62_000)
        const arrivals = await again.next()
        expect(words(arrivals)).toEqual([
          'decided soon#1',
          'decided too_late#1',
          'elapsed t#1',
          'decided in_time#1',
          'note',
        ])
        expect(arrivals.map((a) => (a.type === 'decided' ? a.decision.verdict : ''))).toEqual([
          'approved',
          'expired',
          '',
          'approved',
          '',
        ])
      }),
    )

    test(
      'a wait ends by itself at its deadline, and what came just before it still counts',
      withWorld(async (world) => {
        const port = await begun(world)
        const spec = { ...APPROVAL, deadlineMs: world.nowMs() + 10_050 }
        for (const path of ['a', 'b']) {
          port.emit(asked(path, spec))
          port.wait(`${path}#1`, spec)
        }
        const batch = port.next()
        await settled()
        world.advance(10_000)
        world.advance(40)
        world.put(approve('a'))
        world.advance(20)
        const arrivals = await batch
        expect(arrivals.map((a) => (a.type === 'decided' ? [a.token, a.decision.verdict] : []))).toEqual([
          ['a#1', 'approved'],
          ['b#1', 'expired'],
        ])
      }),
    )

    test(
      'promise 20a: notes, cancels, parks and words about gates arrive once, also when the owner dies after they were told',
      withWorld(async (world) => {
        const port = await begun(world)
        const batch = port.next()
        await settled()
        world.put({ kind: 'note', target: '', data: { text: 'one' } })
        world.put({ kind: 'cancel', target: '', data: { reason: 'enough', hard: true } })
        world.put({ kind: 'bypass', target: 'gate:quality', data: { reason: 'known', expires: 5 } })
        world.put({ kind: 'reject', target: 'gate:quality', data: { comment: 'no' } })
        world.put({ kind: 'park', target: '', data: {} })
        world.put(approve('nobody_asked'))
        world.advance(LOOK_MS)
        const arrivals = await batch
        expect(words(arrivals)).toEqual(['note', 'cancel', 'bypass', 'reject-gate', 'park'])
        expect(arrivals).toMatchObject([
          { text: 'one' },
          { reason: 'enough', hard: true },
          { gate: 'gate:quality', reason: 'known', expiresAt: 5 },
          { gate: 'gate:quality', reason: 'no' },
          {},
        ])
        // It died before the turn that answers them was committed: they come again. After it: not any more.
        const second = await world.open()
        await second.next()
        expect(words(await nextAfter(second, world, LOOK_MS))).toEqual(words(arrivals))
        second.emit({ type: 'noted', by: ALICE, text: 'one' })
        void second.next().catch(() => undefined)
        await settled()
        const third = await world.open()
        await third.next()
        third.timer('t#1', 1000)
        expect(words(await nextAfter(third, world, 1000))).toEqual(['elapsed t#1'])
      }),
    )

    test(
      'promise 24c: locks are given one holder at a time, in the run and between runs',
      withWorld(async (world) => {
        const port = await begun(world)
        const other = await world.openOther()
        await other.next()
        port.lock('a#1', ['repo', 'site'])
        port.lock('b#1', ['site'])
        expect(words(await port.next())).toEqual(['locked a#1'])
        other.lock('c#1', ['repo'])
        const theirs = other.next()
        await settled()
        port.unlock('a#1')
        expect(words(await port.next())).toEqual(['locked b#1'])
        world.advance(LOOK_MS)
        expect(words(await theirs)).toEqual(['locked c#1'])
      }),
    )

    test(
      'promise 14b: a deadline of months is kept, in pieces no timer is too small for',
      withWorld(async (world) => {
        const port = await begun(world)
        const month = 30 * 86_400_000
        port.timer('t#1', 3 * month)
        const batch = port.next()
        await settled()
        world.setWall(3 * month - 1000)
        world.advance(LOOK_MS)
        expect(words(await batch)).toEqual(['clock-jumped'])
        expect(words(await nextAfter(port, world, 1000))).toEqual(['elapsed t#1'])
      }),
    )
  })
}
