import { describe, expect, it } from 'vitest'
import { reduceAll } from '../../src/events/reduce.ts'
import { ALICE, controlled, statuses } from '../support/controlled-port.ts'
import { planOf } from '../support/plans.ts'

const retry = { attempts: 3, only: [], backoffMs: 5000, factor: 1, maxMs: 60_000, jitter: 0 }
const resume = (events: Parameters<typeof reduceAll>[0]) => ({
  type: 'resume' as const,
  events: [...events],
  by: ALICE,
})

describe('cancel', () => {
  it('promise 22a: ends what runs, in backoff, at an approval and in a queue at once; finally runs', async () => {
    const ok = { action: { kind: 'approval' as const, prompt: 'Go?', show: undefined, from: [], self: true } }
    const run = await controlled(
      planOf({ maxParallel: 1, steps: { a: { retry }, b: {}, c: {}, ok }, finally: { last: {} } }),
    )
    await (await run.started('a')).fail()
    await run.cancel()
    expect(statuses(run.state())).toMatchObject({ a: 'cancelled', b: 'running', c: 'cancelled', ok: 'cancelled' })
    await (await run.started('b')).fail({ status: 'cancelled' })
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('cancelled')
  })

  it('promise 22b: a second one kills, and finally is recorded as not run', async () => {
    const run = await controlled(planOf({ steps: { a: {} }, finally: { last: {} } }))
    await run.cancel()
    expect(run.aborted('a')).toBe('soft')
    await run.cancel()
    expect(run.aborted('a')).toBe('hard')
    await (await run.started('a')).fail({ status: 'cancelled' })
    expect((await run.result).state.outcome).toBe('cancelled')
    expect(run.events.some((event) => event.type === 'finally-skipped')).toBe(true)
  })

  it('promise 22b: what a kill left of finally can be run later, and the outcome stays cancelled', async () => {
    const plan = planOf({ steps: { a: {}, b: { needs: ['a'] } }, finally: { last: {} } })
    const run = await controlled(plan)
    await run.cancel(true)
    await (await run.started('a')).fail({ status: 'cancelled' })
    await run.result
    const later = await controlled(plan, { start: { type: 'reopen', events: run.events, by: ALICE, steps: ['last'] } })
    expect(later.running()).toEqual(['last'])
    await (await later.started('last')).succeed()
    const { state } = await later.result
    expect(state.outcome).toBe('cancelled')
    expect(statuses(state)).toEqual({ a: 'cancelled', b: 'cancelled', last: 'succeeded' })
  })

  it('a sub-pipeline that is cancelled runs its own finally', async () => {
    const plan = planOf(
      { steps: { sub: { action: { kind: 'pipeline', pipeline: 'inner' } } } },
      { inner: { steps: { a: {} }, finally: { tidy: {} } } },
    )
    const run = await controlled(plan)
    await run.cancel()
    await (await run.started('sub/a')).fail({ status: 'cancelled' })
    await (await run.started('sub/tidy')).succeed()
    expect(statuses((await run.result).state)).toMatchObject({ sub: 'cancelled', 'sub/tidy': 'succeeded' })
  })
})

describe('locks', () => {
  it('promise 24d: one holder at a time; the slot is taken only after the lock', async () => {
    const run = await controlled(
      planOf({ maxParallel: 1, steps: { a: { mutex: 'repo' }, b: { mutex: 'repo' }, c: {} } }),
    )
    expect(run.running()).toEqual(['c'])
    await (await run.started('c')).succeed()
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['b'])
    expect(Object.keys(run.locks())).toEqual(['repo'])
    await (await run.started('b')).fail()
    await run.result
    expect(run.locks()).toEqual({})
  })

  it('promise 25a: a run that waits for its own lock says so, by name', async () => {
    const run = await controlled(planOf({ mutex: 'whole', steps: { a: {} } }))
    expect(run.events.find((event) => event.type === 'run-waiting')).toMatchObject({
      for: { kind: 'lock', keys: ['whole'] },
    })
  })

  it('promise 24e: a child shares what its parent holds', async () => {
    const plan = planOf(
      { steps: { sub: { action: { kind: 'pipeline', pipeline: 'inner' }, mutex: 'repo' } } },
      { inner: { mutex: 'repo', steps: { a: { mutex: 'repo' } } } },
    )
    const run = await controlled(plan)
    expect(run.running()).toEqual(['sub/a'])
  })
})

describe('resume', () => {
  // a --> b --> c
  const plan = planOf({ steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['b'] } } })

  it('promise 16b: a step whose end was recorded never runs again; one in flight is run again', async () => {
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    run.crash()
    const again = await controlled(plan, { start: resume(run.events) })
    expect(again.running()).toEqual(['b'])
    expect((await again.started('b')).attempt).toBe(2)
    await (await again.started('b')).succeed()
    await (await again.started('c')).succeed()
    expect((await again.result).state.outcome).toBe('succeeded')
    expect(again.events.filter((event) => event.type === 'attempt-started' && event.path === 'a')).toHaveLength(1)
  })

  it.each([
    ['fail', 'interrupted'],
    ['ask', 'waiting'],
  ] as const)('promises 5a, 17a: interrupted: %s does not run it again by itself', async (interrupted, status) => {
    const one = planOf({ steps: { a: { interrupted } } })
    const run = await controlled(one)
    run.crash()
    const again = await controlled(one, { start: resume(run.events) })
    await again.advance(0)
    expect(again.running()).toEqual([])
    expect(again.state().steps.get('a')?.status).toBe(status)
    if (interrupted !== 'ask') return
    await again.row('rerun', 'a')
    expect((await again.started('a')).attempt).toBe(2)
  })

  it('promise 14b: a backoff goes on to the instant on record', async () => {
    const one = planOf({ steps: { a: { retry } } })
    const run = await controlled(one)
    await (await run.started('a')).fail()
    await run.advance(2000)
    run.crash()
    const again = await controlled(one, { start: resume(run.events), atMs: run.now() })
    await again.advance(2999)
    expect(again.running()).toEqual([])
    await again.advance(1)
    expect(again.running()).toEqual(['a'])
  })

  it('promise 16c: does nothing to a run that has ended', async () => {
    const one = planOf({ steps: { a: {} } })
    const run = await controlled(one)
    await (await run.started('a')).succeed()
    await run.result
    const again = await controlled(one, { start: resume(run.events) })
    expect((await again.result).end).toBe('ended')
    expect(again.events).toHaveLength(run.events.length)
  })

  it('promise 1a: the state that drive returns is reduce of the ledger', async () => {
    const run = await controlled(plan)
    for (const id of ['a', 'b', 'c']) await (await run.started(id)).succeed({ v: id })
    const { state } = await run.result
    expect(state).toEqual(reduceAll(run.events))
  })
})

describe('retry of an ended run', () => {
  it('promise 16c: failed steps and what follows them get a new attempt under the same key, the rest is kept', async () => {
    const plan = planOf({ steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['b'] } }, finally: { last: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    const key = (await run.started('b')).request.idempotencyKey
    await (await run.started('b')).fail()
    await (await run.started('last')).succeed()
    await run.result
    const again = await controlled(plan, { start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined } })
    const b = await again.started('b')
    expect([b.attempt, b.request.idempotencyKey]).toEqual([2, key])
    await b.succeed()
    await (await again.started('c')).succeed()
    expect((await again.started('last')).attempt).toBe(2)
    await (await again.started('last')).succeed()
    expect((await again.result).state.outcome).toBe('succeeded')
  })

  it('a run that is opened again has all its working time again', async () => {
    const plan = planOf({ timeoutMs: 10_000, steps: { a: {} } })
    const run = await controlled(plan)
    await run.advance(10_000)
    await (await run.started('a')).fail({ status: 'cancelled' })
    await run.result
    const again = await controlled(plan, { start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined } })
    await again.advance(9999)
    expect(again.aborted('a')).toBeUndefined()
    await again.advance(1)
    expect(again.aborted('a')).toBe('soft')
  })

  it('reaches into sub-pipelines and foreach, keeping what succeeded there', async () => {
    const items = [{ id: 'x' }, { id: 'y' }]
    const foreach = { items, key: '${{ item.id }}', needs: undefined, maxParallel: undefined }
    const plan = planOf(
      { steps: { each: { action: { kind: 'pipeline', pipeline: 'inner' }, foreach } } },
      { inner: { steps: { one: {}, two: { needs: ['one'] } } } },
    )
    const run = await controlled(plan)
    for (const key of ['x', 'y']) await (await run.started(`each[${key}]/one`)).succeed()
    await (await run.started('each[x]/two')).succeed()
    await (await run.started('each[y]/two')).fail()
    await run.result
    const again = await controlled(plan, { start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined } })
    expect(again.running()).toEqual(['each[y]/two'])
    await (await again.started('each[y]/two')).succeed()
    const { state } = await again.result
    expect(state.outcome).toBe('succeeded')
    expect(state.steps.get('each')?.status).toBe('succeeded')
  })
})

describe('agents', () => {
  it('promise 24a: never more steps of an agent at once than its max_parallel, over all pipelines of the run', async () => {
    const inner = { steps: { one: { agent: 'git' } } }
    const steps = { a: { agent: 'git' }, b: {}, sub: { action: { kind: 'pipeline' as const, pipeline: 'inner' } } }
    const run = await controlled({ ...planOf({ steps }, { inner }), agentLimits: { git: 1 } })
    expect(run.running()).toEqual(['a', 'b'])
    expect(run.state().steps.get('sub/one')?.waitingFor).toEqual({ kind: 'slot' })
    await (await run.started('a')).fail()
    expect(run.running()).toEqual(['b', 'sub/one'])
    run.crash()
    const again = await controlled(
      { ...planOf({ steps }, { inner }), agentLimits: { git: 1 } },
      { start: resume(run.events) },
    )
    expect(again.running()).toEqual(['b', 'sub/one'])
    await (await again.started('b')).succeed()
    await (await again.started('sub/one')).succeed()
    expect((await again.result).state.outcome).toBe('failed')
  })
})

describe('order of starting', () => {
  // short    long --> tail
  it('starts the longest way first, by hops without history and by durations with it; ties in source order', async () => {
    const steps = { short: {}, long: {}, tail: { needs: ['long'] } }
    const hops = await controlled(planOf({ maxParallel: 1, steps }))
    expect(hops.running()).toEqual(['long'])
    const durations = new Map([
      ['short', 9000],
      ['long', 10],
      ['tail', 10],
    ])
    const known = await controlled(planOf({ maxParallel: 1, steps }), { durations })
    expect(known.running()).toEqual(['short'])
    const ties = await controlled(planOf({ maxParallel: 1, steps: { one: {}, two: {} } }))
    expect(ties.running()).toEqual(['one'])
  })
})
