import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { ALICE, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { check, gate, planOf } from '../support/plans.ts'

const inner = { kind: 'pipeline' as const, pipeline: 'inner' }

function again(plan: Plan, events: readonly RunEvent[], steps?: readonly string[]): Promise<ControlledRun> {
  return controlled(plan, { start: { type: 'reopen', events, by: ALICE, steps } })
}

/** Everything of this run succeeds, in the order in which it starts. */
async function finish(run: ControlledRun): Promise<void> {
  for (let next = run.running()[0]; next !== undefined; next = run.running()[0])
    await (await run.started(next)).succeed()
}

describe('retry', () => {
  it('a run in which only a gate failed has it judged again, and its finally', async () => {
    const plan = planOf({
      steps: { a: {} },
      finally: { last: {} },
      gates: [gate('g', { of: ['a'], checks: [check('c')] })],
    })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    await (await run.started('gate:g/check:c')).fail()
    await finish(run)
    expect((await run.result).state.outcome).toBe('failed')
    const later = await again(plan, run.events)
    expect(later.running()).toEqual(['gate:g/check:c'])
    await finish(later)
    expect((await later.result).state.outcome).toBe('succeeded')
    expect((await later.result).state.steps.get('a')?.attempts).toBe(1)
    expect((await later.result).state.steps.get('last')?.attempts).toBe(2)
  })

  it('a gate that failed in a sub-pipeline is judged again there, and what was lost to it runs', async () => {
    const plan = planOf(
      { steps: { sub: { action: inner }, after: { needs: ['sub'] } } },
      { inner: { steps: { a: {} }, gates: [gate('g', { of: ['a'], checks: [check('c')] })] } },
    )
    const run = await controlled(plan)
    await (await run.started('sub/a')).succeed()
    await (await run.started('sub/gate:g/check:c')).fail()
    expect(statuses((await run.result).state)).toMatchObject({ sub: 'failed', after: 'skipped' })
    const later = await again(plan, run.events)
    expect(later.running()).toEqual(['sub/gate:g/check:c'])
    await finish(later)
    const { state } = await later.result
    expect(statuses(state)).toMatchObject({ sub: 'succeeded', after: 'succeeded' })
    expect(state.steps.get('sub/a')?.attempts).toBe(1)
  })

  // first -completed-> sub(a)
  it('what failed inside of a step that waits for another failed one waits for that one too', async () => {
    const plan = planOf(
      { steps: { first: {}, sub: { action: inner, needs: [{ step: 'first', on: 'completed' }] } } },
      { inner: { steps: { a: {} } } },
    )
    const run = await controlled(plan)
    await (await run.started('first')).fail()
    await (await run.started('sub/a')).fail()
    await run.result
    const later = await again(plan, run.events)
    expect(later.running()).toEqual(['first'])
    await finish(later)
    expect((await later.result).state.outcome).toBe('succeeded')
  })

  it('a named step that succeeded runs again, and what follows it; what stands beside it does not', async () => {
    const plan = planOf({ steps: { a: {}, b: { needs: ['a'] }, c: {} } })
    const run = await controlled(plan)
    await finish(run)
    const later = await again(plan, run.events, ['a'])
    expect(later.running()).toEqual(['a'])
    await finish(later)
    const { steps } = (await later.result).state
    expect(['a', 'b', 'c'].map((id) => steps.get(id)?.attempts)).toEqual([2, 2, 1])
  })

  it('promise 16d: a bypass that was given still counts, and is not judged again for a step that failed behind it', async () => {
    const gates = [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: { by: ['ARCHITECT'] } })]
    const steps = { a: { agent: 'x', allowFailure: true }, b: {}, c: { needs: ['b'] } }
    const plan = planOf({ gates, steps })
    const run = await controlled(plan)
    await (await run.started('a')).fail()
    await run.row('bypass', 'gate:g', { reason: 'now' }, { name: 'bob', uid: 1001 })
    await (await run.started('b')).succeed()
    await (await run.started('c')).fail()
    await run.result
    const later = await again(plan, run.events, ['c'])
    await finish(later)
    const { state } = await later.result
    expect([state.gates.get('g')?.status, state.outcome]).toEqual(['bypassed', 'succeeded-with-failures'])
  })

  it('a step that was late stays late and is not told of again; it keeps what it started without', async () => {
    const plan = planOf(
      {
        steps: {
          x: {},
          y: {},
          sub: { action: inner, dueMs: 1000, needs: ['x', 'y'], quorum: { count: 1 }, with: { m: '${{ missing }}' } },
        },
      },
      { inner: { inputs: { m: { type: 'array' } }, steps: { a: { env: { M: '${{ inputs.m }}' } } } } },
    )
    const run = await controlled(plan)
    await (await run.started('x')).succeed()
    await run.advance(1000)
    await (await run.started('y')).succeed()
    await (await run.started('sub/a')).fail()
    expect((await run.result).state.signals).toHaveLength(1)
    const later = await again(plan, run.events)
    await later.advance(1000)
    expect(later.state().signals).toHaveLength(1)
    expect(later.state().steps.get('sub')).toMatchObject({ late: true, missing: ['y'] })
  })
})

describe('promise 16c: retry of a named step runs it and all that follows it, inside and outside of its sub-pipeline', () => {
  // first --> sub(a --> b, beside; finally tidy) --> after;  apart
  const steps = {
    first: {},
    sub: { action: inner, needs: ['first'] },
    after: { needs: ['sub'] },
    apart: {},
  }
  const subs = { inner: { steps: { a: {}, b: { needs: ['a'] }, beside: {} }, finally: { tidy: {} } } }

  /** Paths of what started in the second life of a run, in order, when all of it succeeds. */
  async function madeAgain(plan: Plan, named: string): Promise<readonly string[]> {
    const run = await controlled(plan)
    await finish(run)
    expect((await run.result).state.outcome).toBe('succeeded')
    const keys = new Map<string, string>()
    const later = await again(plan, run.events, [named])
    for (let next = later.running()[0]; next !== undefined; next = later.running()[0]) {
      const one = await later.started(next)
      keys.set(next, one.request.idempotencyKey)
      expect([next, one.attempt]).toEqual([next, 2])
      await one.succeed()
    }
    const { state } = await later.result
    expect(state.outcome).toBe('succeeded')
    expect([...keys].filter(([path, key]) => key !== `run-1/${path}`)).toEqual([])
    return [...keys.keys()]
  }

  it('one in a sub-pipeline: what follows there, its finally, and what follows outside; nothing beside', async () => {
    expect(await madeAgain(planOf({ steps }, subs), 'sub/a')).toEqual(['sub/a', 'sub/b', 'sub/tidy', 'after'])
  })

  it('the last one there', async () => {
    expect(await madeAgain(planOf({ steps }, subs), 'sub/b')).toEqual(['sub/b', 'sub/tidy', 'after'])
  })

  it('the sub-pipeline: all that is in it', async () => {
    const found = await madeAgain(planOf({ steps }, subs), 'sub')
    expect([...found].sort()).toEqual(['after', 'sub/a', 'sub/b', 'sub/beside', 'sub/tidy'])
  })

  it('what comes before the sub-pipeline: all that is in it, too', async () => {
    const found = await madeAgain(planOf({ steps }, subs), 'first')
    expect([...found].sort()).toEqual(['after', 'first', 'sub/a', 'sub/b', 'sub/beside', 'sub/tidy'])
  })

  it('one two sub-pipelines deep, in one item of a foreach: the items that need it, and no other', async () => {
    const items = [
      { id: 'x', on: [] },
      { id: 'y', on: ['x'] },
      { id: 'z', on: [] },
    ]
    const foreach = { items, key: '${{ item.id }}', needs: '${{ item.on }}', maxParallel: undefined }
    const plan = planOf(
      { steps: { each: { action: { kind: 'pipeline', pipeline: 'outer' }, foreach }, after: { needs: ['each'] } } },
      {
        outer: { steps: { sub: { action: inner }, next: { needs: ['sub'] } } },
        inner: { steps: { a: {}, b: { needs: ['a'] }, beside: {} } },
      },
    )
    expect(await madeAgain(plan, 'each[x]/sub/a')).toEqual([
      'each[x]/sub/a',
      'each[x]/sub/b',
      'each[x]/next',
      'each[y]/sub/a',
      'each[y]/sub/beside',
      'each[y]/sub/b',
      'each[y]/next',
      'after',
    ])
  })

  it('one that failed in a sub-pipeline, killed while it is made again: it goes on there, and once', async () => {
    const plan = planOf({ steps }, subs)
    const run = await controlled(plan)
    for (const path of ['first', 'apart', 'sub/beside']) await (await run.started(path)).succeed()
    await (await run.started('sub/a')).fail()
    await finish(run)
    expect(statuses((await run.result).state)).toMatchObject({ sub: 'failed', 'sub/b': 'skipped', after: 'skipped' })
    const later = await again(plan, run.events)
    await (await later.started('sub/a')).succeed()
    later.crash()
    const start = { type: 'resume' as const, events: [...later.events], by: ALICE }
    const third = await controlled(plan, { start, atMs: later.now() })
    expect(third.running()).toEqual(['sub/b'])
    await finish(third)
    const { state } = await third.result
    expect(state.outcome).toBe('succeeded')
    const attempts = ['first', 'apart', 'sub/beside', 'sub/a', 'sub/tidy'].map(
      (path) => state.steps.get(path)?.attempts,
    )
    expect(attempts).toEqual([1, 1, 1, 2, 2])
  })

  it('an approval in a sub-pipeline that was rejected is asked again, of the same people', async () => {
    const ask = { action: { kind: 'approval' as const, prompt: 'Go?', show: undefined, from: [], self: false } }
    const plan = planOf({ steps }, { inner: { steps: { a: {}, b: { ...ask, needs: ['a'] } } } })
    const run = await controlled(plan)
    await finish(run)
    await run.row('reject', 'sub/b', {}, { name: 'bob', uid: 1001 })
    expect((await run.result).state.outcome).toBe('failed')
    const later = await again(plan, run.events)
    expect(later.running()).toEqual([])
    await later.row('approve', 'sub/b')
    expect(later.state().steps.get('sub/b')?.status).toBe('waiting')
    await later.row('approve', 'sub/b', {}, { name: 'bob', uid: 1001 })
    await finish(later)
    expect((await later.result).state.outcome).toBe('succeeded')
  })
})
