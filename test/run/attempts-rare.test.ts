import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/events/outcome.ts'
import type { RetryPlan } from '../../src/plan/plan.ts'
import { type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { check, planOf } from '../support/plans.ts'

const retry: RetryPlan = { attempts: 3, only: [], backoffMs: 1000, factor: 1, maxMs: 60_000, jitter: 0 }
const step = (run: ControlledRun, path: string) => run.state().steps.get(path)
/** Ends what runs at this path with exactly this outcome. */
const end = async (run: ControlledRun, path: string, outcome: Omit<Outcome, 'durationMs'>) => {
  const { attempt } = await run.started(path)
  await run.arrive({ type: 'outcome', token: `${path}#${attempt}`, outcome: { ...outcome, durationMs: 1 } })
}

describe('promise 5a: the end of a step says why', () => {
  it.each<[Omit<Outcome, 'durationMs'>, object]>([
    [
      { status: 'failed', reason: 'exit', message: 'exit 1' },
      { status: 'failed', reason: 'exit', message: 'exit 1' },
    ],
    [
      { status: 'failed', reason: 'exit', failure: 'offline' },
      { status: 'failed', reason: 'offline', hint: 'plug it in' },
    ],
    [
      { status: 'failed', failure: 'unheard-of' },
      { status: 'failed', reason: 'unheard-of', hint: undefined },
    ],
    [{ status: 'timed-out' }, { status: 'timed-out', reason: 'timeout' }],
    [{ status: 'stalled' }, { status: 'stalled', reason: undefined }],
    [{ status: 'cancelled' }, { status: 'cancelled', reason: 'aborted' }],
    [
      { status: 'cancelled', reason: 'shutdown', message: 'going down' },
      { status: 'cancelled', reason: 'shutdown', message: 'going down' },
    ],
  ])('%j', async (outcome, expected) => {
    const failures = { offline: { hint: 'plug it in', recover: undefined, match: undefined } } as never
    const run = await controlled(planOf({ steps: { a: { failures } } }))
    await end(run, 'a', outcome)
    expect(step(run, 'a')).toMatchObject(expected)
  })

  it('interrupted, where it may not run again', async () => {
    const run = await controlled(planOf({ steps: { a: { interrupted: 'fail' } } }))
    await end(run, 'a', { status: 'interrupted', message: 'its runner died' })
    expect(step(run, 'a')).toMatchObject({ status: 'interrupted', reason: 'interrupted', message: 'its runner died' })
  })

  it('failed checks, by name or in their own words', async () => {
    const checks = [check('tidy'), check('small')]
    for (const [message, said] of [
      ['too big', /too big/],
      [undefined, /tidy/],
    ] as const) {
      const run = await controlled(planOf({ steps: { a: { checks } } }))
      await (await run.started('a')).succeed()
      await (await run.started('a/check:tidy')).fail(message === undefined ? {} : { message })
      for (const path of run.running()) await (await run.started(path)).fail()
      expect(step(run, 'a')).toMatchObject({ status: 'failed', reason: 'check', message: expect.stringMatching(said) })
    }
  })
})

describe('a retry is put on record with the failure that it is for', () => {
  it.each<[Omit<Outcome, 'durationMs'>, string]>([
    [{ status: 'failed', failure: 'offline', reason: 'exit', exit: 7 }, 'offline'],
    [{ status: 'failed', reason: 'exit', exit: 7 }, 'exit'],
    [{ status: 'failed', reason: 'spawn' }, 'spawn'],
    [{ status: 'timed-out' }, 'timeout'],
    [{ status: 'stalled' }, 'stall'],
  ])('%j', async (outcome, failure) => {
    const run = await controlled(planOf({ steps: { a: { retry } } }))
    await end(run, 'a', outcome)
    expect(run.events.find((event) => event.type === 'retry-scheduled')).toMatchObject({
      failure: expect.stringContaining(failure),
      attempt: 2,
      delayMs: 1000,
    })
  })
})

describe('a repair', () => {
  const failures = (script: string) =>
    ({
      offline: {
        hint: 'plug it in',
        match: undefined,
        recover: {
          action: { kind: 'run', script, shell: 'sh' },
          with: {},
          env: {},
          cwd: undefined,
          timeoutMs: undefined,
        },
      },
    }) as never
  const begun = async (env = {}) => {
    const run = await controlled(
      planOf({
        maxParallel: 1,
        steps: { a: { retry, failures: failures('plug'), env }, b: {} },
        inputs: { list: { type: 'array' } },
      }),
      { inputs: { list: [] } },
    )
    await end(run, 'a', { status: 'failed', failure: 'offline', message: 'no link' })
    return run
  }
  const REPAIR = 'a/recover:offline'

  it('has the slot of the attempt, and so has the next one where nothing is between them', async () => {
    const run = await begun()
    expect(run.running()).toEqual([REPAIR])
    expect(step(run, 'a')).toMatchObject({ inFlight: 'recover', recovering: 'offline' })
    await (await run.started(REPAIR)).succeed()
    expect(run.events.find((event) => event.type === 'recover-ended')).toMatchObject({ failure: 'offline', attempt: 1 })
    expect(run.running()).toEqual(['b'])
  })

  it('that was cut off by a crash is made again', async () => {
    const run = await begun()
    await end(run, REPAIR, { status: 'interrupted' })
    expect(run.running()).toEqual([REPAIR])
    expect(run.events.filter((event) => event.type === 'recover-started')).toHaveLength(2)
  })

  it.each<[Omit<Outcome, 'durationMs'>, string]>([
    [{ status: 'failed', message: 'no plug' }, 'no link; its repair failed: no plug'],
    [{ status: 'failed', reason: 'exit' }, 'no link; its repair failed: exit'],
    [{ status: 'timed-out' }, 'no link; its repair failed: timed-out'],
  ])('that ends with %j lets the failure stand', async (outcome, message) => {
    const run = await begun()
    await end(run, REPAIR, outcome)
    expect(step(run, 'a')).toMatchObject({ status: 'failed', reason: 'offline', message, hint: 'plug it in' })
  })

  it('of a failure without words says at least that it failed', async () => {
    const run = await controlled(planOf({ steps: { a: { retry, failures: failures('plug') } } }))
    await end(run, 'a', { status: 'failed', failure: 'offline' })
    await (await run.started(REPAIR)).fail({ message: 'no plug' })
    expect(step(run, 'a')).toMatchObject({ message: 'it failed; its repair failed: no plug' })
  })

  it('that is stopped is no failed repair', async () => {
    const run = await begun()
    const repair = await run.started(REPAIR)
    await run.cancel()
    await repair.fail({ status: 'cancelled' })
    expect(step(run, 'a')).toMatchObject({ status: 'cancelled', reason: 'cancel' })
  })

  it('whose values cannot be had lets the failure stand, and says so', async () => {
    const bad = {
      offline: {
        hint: undefined,
        match: undefined,
        recover: {
          action: { kind: 'run', script: 'plug', shell: 'sh' },
          with: {},
          env: { X: '${{ inputs.list[3] }}' },
          cwd: undefined,
          timeoutMs: undefined,
        },
      },
    } as never
    const run = await controlled(
      planOf({ steps: { a: { retry, failures: bad } }, inputs: { list: { type: 'array' } } }),
      { inputs: { list: [] } },
    )
    await end(run, 'a', { status: 'failed', failure: 'offline' })
    expect(step(run, 'a')).toMatchObject({
      status: 'failed',
      reason: 'offline',
      message: expect.stringMatching(/^its repair: env `X`: ./),
    })
  })
})

describe('due', () => {
  const late = (run: ControlledRun) => run.events.filter((event) => event.type === 'deadline-passed')

  it('counts from the first attempt, over all of them, once', async () => {
    const run = await controlled(planOf({ steps: { a: { dueMs: 1500, retry } } }))
    await (await run.started('a')).fail()
    await run.advance(1000)
    expect(late(run)).toEqual([])
    await (await run.started('a')).fail()
    await run.advance(500)
    expect(late(run)).toMatchObject([{ path: 'a', what: 'due', at: 2500 }])
    await run.advance(5000)
    await (await run.started('a')).succeed()
    await run.advance(5000)
    expect(late(run)).toHaveLength(1)
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('counts from its start, not from when it could have started', async () => {
    const run = await controlled(planOf({ maxParallel: 1, steps: { a: {}, b: { dueMs: 1500 } } }))
    await run.advance(1000)
    await (await run.started('a')).succeed()
    await run.advance(1499)
    expect(late(run)).toEqual([])
    await run.advance(1)
    expect(late(run)).toMatchObject([{ path: 'b', at: 3500 }])
  })

  it('is no time where its expression gives none, and leaves no timer behind a step that ended', async () => {
    const run = await controlled(
      planOf({
        steps: { a: { dueMs: '${{ inputs.due }}' }, b: { dueMs: 5000 }, c: {} },
        inputs: { due: { type: 'string' } },
      }),
      { inputs: { due: null } },
    )
    await (await run.started('b')).succeed()
    expect(run.awaited()).toEqual([])
    await run.advance(10_000)
    expect(late(run)).toEqual([])
    await (await run.started('a')).succeed()
    await (await run.started('c')).succeed()
    expect(statuses((await run.result).state)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded' })
  })
})

describe('the limit of an agent', () => {
  it('is for its steps alone', async () => {
    const plan = {
      ...planOf({ steps: { a: { agent: 'one' }, b: { agent: 'one' }, c: { agent: 'two' }, d: {} } }),
      agentLimits: { one: 1 },
    }
    const run = await controlled(plan)
    expect(run.running()).toEqual(['a', 'c', 'd'])
    expect(step(run, 'b')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'slot' } })
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['c', 'd', 'b'])
  })
})

describe('what a step that waits takes', () => {
  it('is no slot, of whatever kind it is', async () => {
    const run = await controlled(
      planOf(
        {
          maxParallel: 1,
          steps: {
            ask: { action: { kind: 'approval', prompt: 'Go?', from: [], show: undefined, self: true } as never },
            wait: { action: { kind: 'wait', forMs: 5000 } as never },
            sub: { action: { kind: 'pipeline', pipeline: 'inner' } },
            run: {},
          },
        },
        { inner: { steps: { a: {} } } },
      ),
    )
    expect(run.running()).toHaveLength(1)
    await (await run.started(run.running()[0]!)).succeed()
    expect(run.running()).toHaveLength(1)
    expect(step(run, 'wait')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'timer' } })
    expect(step(run, 'ask')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'approval' } })
  })
})
