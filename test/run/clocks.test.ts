import { describe, expect, it } from 'vitest'
import { awaitedBy, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * The times of pipelines and of their `finally`: each is its own, counts what it is to count, and is taken back with what
 * it belonged to.
 */

const sub = (pipeline: string, more: StepDraft = {}): StepDraft => ({ ...more, action: { kind: 'pipeline', pipeline } })
const approval: StepDraft = { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } }
const start = (root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}, more = {}) =>
  controlled(planOf(root, others), more)
const HOUR = 3_600_000

/** What is told to end exactly so many milliseconds from now, and not before. */
async function endsAfter(run: ControlledRun, ms: number, path: string): Promise<void> {
  await run.advance(ms - 1)
  expect(run.aborted(path)).toBeUndefined()
  await run.advance(1)
  expect(run.aborted(path)).toBe('soft')
}

describe('the time of a pipeline', () => {
  it('is its own where several work at once, one in the other too', async () => {
    const run = await start(
      { timeoutMs: 900, steps: { one: sub('short', { allowFailure: true }), two: sub('long'), z: {} } },
      { short: { timeoutMs: 500, steps: { a: {} } }, long: { timeoutMs: 700, steps: { a: {} } } },
    )
    await endsAfter(run, 500, 'one/a')
    await endsAfter(run, 200, 'two/a')
    await endsAfter(run, 200, 'z')
  })

  it('stands still while it waits for somebody, and its clock is not set then', async () => {
    const run = await start({
      timeoutMs: 1000,
      steps: { a: {}, ok: { ...approval, needs: ['a'] }, b: { needs: ['ok'] } },
    })
    const clocks = (): number => run.awaited().filter((token) => token.endsWith('#timeout')).length
    await run.advance(400)
    expect(clocks()).toBe(1)
    await (await run.started('a')).succeed()
    expect(clocks()).toBe(0)
    await run.advance(HOUR)
    await run.row('approve', 'ok')
    expect(clocks()).toBe(1)
    await endsAfter(run, 600, 'b')
  })

  it('is over when it is over, though its clock rang early', async () => {
    const run = await start({ timeoutMs: 1000, steps: { a: {} } })
    const [token] = run.awaited()
    await run.advance(300)
    await run.arrive({ type: 'elapsed', token: token! })
    await endsAfter(run, 700, 'a')
  })

  it('is given back with it, and it is not what a run then waits for', async () => {
    const steps = { s: sub('inner'), ok: { ...approval, needs: ['s'] } }
    const run = await start({ steps }, { inner: { timeoutMs: 500, steps: { a: {} } } }, { park: true })
    expect(run.awaited()).toHaveLength(1)
    await (await run.started('s/a')).succeed()
    await run.advance(0)
    expect((await run.result).state.parkedFor).toEqual(['ok'])
    const other = await start({ steps }, { inner: { timeoutMs: 500, steps: { a: {} } } })
    await (await other.started('s/a')).succeed()
    await other.advance(HOUR)
    expect(awaitedBy(other)).toEqual(['ok#wait'])
    expect(other.events.filter(({ type }) => type === 'deadline-passed')).toEqual([])
  })

  it('is not its `finally`s time, which comes after it', async () => {
    const run = await start({ timeoutMs: 500, finallyTimeoutMs: 2000, steps: { a: {} }, finally: { last: {} } })
    await run.advance(400)
    await (await run.started('a')).succeed()
    expect(run.awaited()).toEqual(['pipeline:#finally'])
    await endsAfter(run, 2000, 'last')
  })
})

describe('the time of a `finally`', () => {
  const others = {
    short: { finallyTimeoutMs: 500, steps: {}, finally: { f: {} } },
    long: { finallyTimeoutMs: 700, steps: {}, finally: { f: {} } },
  }

  it('is its own where several are in it at once', async () => {
    const run = await start({ steps: { one: sub('short'), two: sub('long') } }, others)
    await endsAfter(run, 500, 'one/f')
    await endsAfter(run, 200, 'two/f')
  })

  it('is over when it is over, though its clock rang early', async () => {
    const run = await start({ finallyTimeoutMs: 1000, steps: {}, finally: { f: {} } })
    const [token] = run.awaited()
    await run.advance(300)
    await run.arrive({ type: 'elapsed', token: token! })
    await endsAfter(run, 700, 'f')
  })

  it('is given back with it', async () => {
    const run = await start({ steps: { one: sub('short'), z: {} } }, others)
    expect(run.awaited()).toHaveLength(1)
    await (await run.started('one/f')).succeed()
    expect(run.awaited()).toEqual([])
  })
})

describe('a clock that is set to another time', () => {
  it.each([HOUR, -300])('adds nothing to the time of a pipeline, and takes nothing from it: %i', async (byMs) => {
    const run = await start(
      { timeoutMs: 1000, steps: { a: {}, s: sub('inner') } },
      { inner: { timeoutMs: 1200, steps: { b: {} } } },
    )
    await run.advance(400)
    await run.jump(byMs)
    await endsAfter(run, 600, 'a')
    expect(run.events.filter(({ type }) => type === 'deadline-passed')).toHaveLength(1)
  })

  it.each([HOUR, -300])('adds nothing to the time of a `finally`, and takes nothing from it: %i', async (byMs) => {
    const run = await start({ finallyTimeoutMs: 1000, steps: {}, finally: { f: {} } })
    await run.advance(400)
    await run.jump(byMs)
    expect(run.awaited()).toHaveLength(1)
    await endsAfter(run, 600, 'f')
  })

  it('is on record before what rang by it', async () => {
    const run = await start({ steps: { a: { action: { kind: 'wait', forMs: 1000 } } } })
    await run.jump(HOUR)
    const types = run.events.map(({ type }) => type)
    expect((await run.result).state.outcome).toBe('succeeded')
    expect(types.filter((type) => type === 'clock-jumped' || type === 'step-ended')).toEqual([
      'clock-jumped',
      'step-ended',
    ])
  })
})

describe('what has ended', () => {
  it('has nothing on record after its end, though it came in the same batch', async () => {
    const run = await start({ steps: { a: {} } })
    const outcome = { status: 'succeeded' as const, durationMs: 1 }
    await run.arrive({ type: 'outcome', token: 'a#1', outcome }, { type: 'note', by: { name: 'alice' }, text: 'late' })
    expect(run.events.at(-1)?.type).toBe('run-ended')
  })

  it('answers what was asked in the turn in which it would park before it parks', async () => {
    const by = { name: 'alice', uid: 1000 }
    const rows = ['one', 'two'].map((target, at) => ({
      row: at + 1,
      at: 1000,
      by,
      kind: 'approve' as const,
      target,
      data: {},
    }))
    const run = await start(
      { steps: { one: approval, two: { ...approval, needs: ['one'] } } },
      {},
      { park: true, rows },
    )
    await run.advance(0)
    expect((await run.result).end).toBe('ended')
  })

  it('counts who owned it', async () => {
    const plan = planOf({ steps: { a: {} } })
    const first = await controlled(plan)
    first.crash()
    const again = await controlled(plan, {
      start: { type: 'resume', events: first.events, by: { name: 'alice', uid: 1000 } },
    })
    const epochs = again.events.flatMap((event) => (event.type === 'run-opened' ? [event.epoch] : []))
    expect(epochs).toEqual([1, 2])
  })
})

describe('what a cancelled run still does', () => {
  it('asks nobody about a gate that was held, nor waits for a lock that it no longer needs', async () => {
    const draft: PipelineDraft = {
      gates: [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: { by: ['ARCHITECT'] } })],
      steps: { a: { agent: 'x' }, b: {}, c: { mutex: 'repo' } },
      finally: { last: {}, ok: approval },
    }
    const run = await start(draft, {}, { elsewhere: ['repo'], park: true })
    await (await run.started('a')).fail()
    expect(awaitedBy(run)).toEqual(['gate:g#bypass'])
    await run.cancel()
    expect([run.running(), [...awaitedBy(run)].sort()]).toEqual([['last'], ['ok#wait', 'pipeline:#finally']])
    await run.freeElsewhere('repo')
    expect(run.locks()).toEqual({})
    await (await run.started('last')).succeed()
    await run.advance(0)
    expect((await run.result).state.parkedFor).toEqual(['ok'])
  })

  it('tells the question which files were changed to end', async () => {
    const run = await start({
      gates: [gate('g', { of: ['a'], paths: ['src/**'], before: ['b'] })],
      steps: { a: {}, b: {} },
      finally: { last: {} },
    })
    await (await run.started('a')).succeed()
    await run.cancel()
    expect(run.aborted('gate:g/check:changed-paths')).toBe('soft')
    await run.cancel(true)
    expect(run.aborted('gate:g/check:changed-paths')).toBe('hard')
  })
})
