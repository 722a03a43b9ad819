import { describe, expect, it } from 'vitest'
import type { RetryPlan } from '../../src/plan/plan.ts'
import { controlled, statuses } from '../support/controlled-port.ts'
import { check, planOf } from '../support/plans.ts'

const retry: RetryPlan = { attempts: 3, only: [], backoffMs: 1000, factor: 2, maxMs: 60_000, jitter: 0 }

describe('retry', () => {
  it('makes the next attempt after a delay that grows by the factor, and counts the first among the attempts', async () => {
    const run = await controlled(planOf({ steps: { a: { retry } } }))
    await (await run.started('a')).fail()
    expect(run.running()).toEqual([])
    await run.advance(999)
    expect(run.running()).toEqual([])
    await run.advance(1)
    expect((await run.started('a')).attempt).toBe(2)
    await (await run.started('a')).fail()
    await run.advance(2000)
    await (await run.started('a')).fail()
    const { state } = await run.result
    expect(state.steps.get('a')).toMatchObject({ status: 'failed', attempts: 3 })
  })

  it('is not hurried by what is told twice of the delay before', async () => {
    const run = await controlled(planOf({ steps: { a: { retry } } }))
    await (await run.started('a')).fail()
    const [first] = run.awaited()
    await run.advance(1000)
    await (await run.started('a')).fail()
    await run.arrive({ type: 'elapsed', token: first! })
    expect(run.running()).toEqual([])
    await run.advance(2000)
    expect(run.running()).toEqual(['a'])
  })

  it('asks after each interruption anew: what is told twice of the question before does not answer it', async () => {
    const run = await controlled(planOf({ steps: { a: { interrupted: 'ask' } } }))
    const cutOff = { status: 'interrupted' as const, reason: 'supervisor', durationMs: 0 }
    await run.arrive({ type: 'outcome', token: 'a#1', outcome: cutOff })
    const again = { type: 'decided' as const, decision: { verdict: 'rerun' as const, at: run.now() } }
    const [first] = run.awaited()
    await run.arrive({ ...again, token: first! })
    await run.arrive({ type: 'outcome', token: 'a#2', outcome: cutOff })
    await run.arrive({ ...again, token: first! })
    expect(run.running()).toEqual([])
    await run.arrive({ ...again, token: run.awaited().at(-1)! })
    expect(run.running()).toEqual(['a'])
  })

  it('promise 17b: all attempts have the same idempotency key', async () => {
    const run = await controlled(planOf({ steps: { a: { retry } } }))
    const first = (await run.started('a')).request.idempotencyKey
    await (await run.started('a')).fail()
    await run.advance(1000)
    expect((await run.started('a')).request.idempotencyKey).toBe(first)
  })

  it('is only for the failures that it names', async () => {
    const only = { ...retry, only: ['timeout', 'busy'] }
    const failures = { busy: { match: 'busy', exit: undefined, hint: undefined, recover: undefined } }
    const run = await controlled(
      planOf({ steps: { a: { retry: only, failures }, b: { retry: only }, c: { retry: only } } }),
    )
    await (await run.started('a')).fail({ failure: 'busy' })
    await (await run.started('b')).fail({ status: 'timed-out' })
    await (await run.started('c')).fail()
    expect(statuses(run.state())).toEqual({ a: 'waiting', b: 'waiting', c: 'failed' })
  })

  it('waits at least as long as the other side asked', async () => {
    const run = await controlled(planOf({ steps: { a: { retry } } }))
    await (await run.started('a')).fail({ retryAfterMs: 30_000 })
    await run.advance(29_999)
    expect(run.running()).toEqual([])
    await run.advance(1)
    expect(run.running()).toEqual(['a'])
  })

  it('promise 4b: spreads the delay by a hash: within the jitter, and the same in every world', async () => {
    const delays = async (): Promise<number> => {
      const run = await controlled(planOf({ steps: { a: { retry: { ...retry, jitter: 0.2 } } } }))
      await (await run.started('a')).fail()
      const event = run.events.find(({ type }) => type === 'retry-scheduled')
      return event?.type === 'retry-scheduled' ? event.delayMs : 0
    }
    const first = await delays()
    expect(first).toBeGreaterThanOrEqual(800)
    expect(first).toBeLessThanOrEqual(1200)
    expect(await delays()).toBe(first)
  })

  it('promise 24b: a step in backoff holds no slot', async () => {
    const run = await controlled(planOf({ maxParallel: 1, steps: { a: { retry }, b: {} } }))
    await (await run.started('a')).fail()
    expect(run.running()).toEqual(['b'])
    expect(run.state().steps.get('a')?.waitingFor).toMatchObject({ kind: 'backoff', attempt: 2 })
  })
})

describe('a failure with a name', () => {
  const recover = {
    action: { kind: 'run' as const, script: 'git fetch', shell: 'sh' as const },
    with: {},
    timeoutMs: undefined,
  }
  const failures = { moved: { match: 'fetch first', exit: undefined, hint: 'Somebody pushed.', recover } }

  it('is repaired before the next attempt, in the same slot', async () => {
    const run = await controlled(planOf({ maxParallel: 1, steps: { a: { retry, failures }, b: {} } }))
    await (await run.started('a')).fail({ failure: 'moved' })
    expect(run.running()).toEqual(['a/recover:moved'])
    await (await run.started('a/recover:moved')).succeed()
    expect(run.running()).toEqual(['b'])
    await run.advance(1000)
    await (await run.started('b')).succeed()
    expect(run.running()).toEqual(['a'])
  })

  it('stands, with its hint, where the repair fails', async () => {
    const run = await controlled(planOf({ steps: { a: { retry, failures } } }))
    await (await run.started('a')).fail({ failure: 'moved', message: 'rejected' })
    await (await run.started('a/recover:moved')).fail({ message: 'no network' })
    const { state } = await run.result
    expect(state.steps.get('a')).toMatchObject({ status: 'failed', reason: 'moved', hint: 'Somebody pushed.' })
    expect(state.steps.get('a')?.message).toContain('no network')
  })
})

describe('checks', () => {
  it('promise 9a: a failing mandatory check is a failed attempt, whatever the step says of itself', async () => {
    const run = await controlled(
      planOf({ steps: { a: { checks: [check('lint')], retry: { ...retry, only: ['check'] } } } }),
    )
    await (await run.started('a')).succeed()
    await (await run.started('a/check:lint')).fail()
    await run.advance(1000)
    await (await run.started('a')).succeed()
    await (await run.started('a/check:lint')).succeed()
    expect((await run.result).state.steps.get('a')).toMatchObject({ status: 'succeeded', attempts: 2 })
  })

  it('a failing advisory check is reported and changes nothing', async () => {
    const run = await controlled(planOf({ steps: { a: { checks: [check('style', { level: 'advisory' })] } } }))
    await (await run.started('a')).succeed({})
    await (await run.started('a/check:style')).fail()
    const { state } = await run.result
    expect(state.outcome).toBe('succeeded')
    expect(state.steps.get('a')?.checks.get('style')).toMatchObject({ status: 'failed', level: 'advisory' })
  })

  it('promise 9b: require reads the outputs of the attempt; a person is asked last, and not about what has failed', async () => {
    const checks = [
      check('person', { judge: { kind: 'ask', from: [] } }),
      check('small', { judge: { kind: 'require', require: 'outputs.size < 10' } }),
    ]
    const outputs = { size: { type: 'integer' as const } }
    const good = await controlled(planOf({ steps: { a: { checks, outputs } } }))
    await (await good.started('a')).succeed({ size: 3 })
    await good.row('approve', 'a/check:person')
    expect((await good.result).state.outcome).toBe('succeeded')
    const bad = await controlled(planOf({ steps: { a: { checks, outputs } } }))
    await (await bad.started('a')).succeed({ size: 30 })
    expect((await bad.result).state.steps.get('a')).toMatchObject({ status: 'failed', reason: 'check' })
    expect(bad.events.some((event) => event.type === 'wait-opened')).toBe(false)
  })

  it('a check about paths is skipped where the run changed no such file', async () => {
    const checks = [check('migration', { paths: ['db/**'] })]
    const run = await controlled(planOf({ steps: { a: { checks } } }))
    await (await run.started('a')).succeed()
    const asked = await run.started('a/check:migration:paths')
    expect(asked.request.body).toEqual({ kind: 'action', uses: 'git/changed-files', with: { paths: ['db/**'] } })
    await asked.succeed({ files: [] })
    const { state } = await run.result
    expect(state.steps.get('a')?.checks.get('migration')?.status).toBe('skipped')
  })
})

describe('due', () => {
  it('marks a step late, tells somebody, and ends nothing', async () => {
    const run = await controlled(planOf({ steps: { a: { dueMs: 5000 } } }))
    await run.advance(5000)
    expect(run.state().steps.get('a')).toMatchObject({ late: true, status: 'running' })
    expect(run.state().signals.map(({ signal }) => signal)).toEqual(['main:ESCALATE'])
    await (await run.started('a')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})

describe('timeouts', () => {
  it('promise 5d: a run that runs out of working time ends what runs as timed-out and the rest as cancelled', async () => {
    const run = await controlled(planOf({ timeoutMs: 10_000, steps: { a: {}, b: { needs: ['a'] } } }))
    await run.advance(10_000)
    expect(run.aborted('a')).toBe('soft')
    await (await run.started('a')).fail({ status: 'cancelled' })
    const { state } = await run.result
    expect(statuses(state)).toEqual({ a: 'timed-out', b: 'cancelled' })
    expect(state.outcome).toBe('failed')
  })

  it('waiting for a person does not count as working time', async () => {
    const ask = { kind: 'approval' as const, prompt: 'Go?', show: undefined, from: [], self: true }
    const run = await controlled(planOf({ timeoutMs: 10_000, steps: { ask: { action: ask }, a: { needs: ['ask'] } } }))
    await run.advance(3_600_000)
    await run.row('approve', 'ask')
    await run.advance(9999)
    expect(run.aborted('a')).toBeUndefined()
    await run.advance(1)
    expect(run.aborted('a')).toBe('soft')
  })
})
