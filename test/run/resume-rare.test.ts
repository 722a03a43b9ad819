import { describe, expect, it } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { ALICE, type ControlledOptions, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { check, gate, planOf, type StepDraft } from '../support/plans.ts'

/** The run is killed now, and opened again. */
async function reopened(plan: Plan, run: ControlledRun, more: ControlledOptions = {}): Promise<ControlledRun> {
  run.crash()
  return controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE }, atMs: run.now(), ...more })
}
const step = (run: ControlledRun, path: string) => run.state().steps.get(path)
const retry = { attempts: 2, only: [], backoffMs: 1000, factor: 1, maxMs: 1000, jitter: 0 } as const
const items = (list: readonly string[], maxParallel?: number): StepDraft => ({
  foreach: { items: [...list], key: undefined, needs: undefined, maxParallel },
})
const approval = (more: object = {}): StepDraft => ({
  action: { kind: 'approval', prompt: 'Go?', from: [], self: true, ...more } as never,
})
const sub: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }

describe('promise 16a: what was being stopped when the run was killed is stopped', () => {
  it('by a cancel: nothing starts again but `finally`', async () => {
    const plan = planOf({ steps: { a: {}, b: { needs: ['a'] } }, finally: { last: {} } })
    const run = await controlled(plan)
    await run.cancel()
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['last'])
    await (await again.started('last')).succeed()
    expect((await again.result).state).toMatchObject({ outcome: 'cancelled' })
    expect(statuses(again.state())).toEqual({ a: 'cancelled', b: 'cancelled', last: 'succeeded' })
  })

  it('by a hard cancel: `finally` neither', async () => {
    const plan = planOf({ steps: { a: {} }, finally: { last: {} } })
    const run = await controlled(plan)
    await run.cancel(true)
    const again = await reopened(plan, run)
    expect((await again.result).state.outcome).toBe('cancelled')
    expect(again.events.map(({ type }) => type)).toContain('finally-skipped')
    expect(statuses(again.state())).not.toHaveProperty('last', 'succeeded')
  })

  it('by `fail_fast`, with that as its reason', async () => {
    const plan = planOf({ failFast: true, steps: { a: {}, b: {}, c: { needs: ['b'] } } })
    const run = await controlled(plan)
    await (await run.started('a')).fail()
    const again = await reopened(plan, run)
    expect((await again.result).state.outcome).toBe('failed')
    expect(step(again, 'b')).toMatchObject({ status: 'cancelled', reason: 'fail-fast' })
  })

  it('by the timeout of its pipeline', async () => {
    const plan = planOf({ timeoutMs: 1000, steps: { a: {}, b: { needs: ['a'] } } })
    const run = await controlled(plan)
    await run.advance(1000)
    expect(run.aborted('a')).toBe('soft')
    const again = await reopened(plan, run)
    expect(step(again, 'a')).toMatchObject({ status: 'timed-out' })
    expect((await again.result).state).toMatchObject({ outcome: 'failed' })
    expect(step(again, 'b')?.status).toBe('cancelled')
  })

  it('by the timeout of `finally`, which has all of its time again', async () => {
    const plan = planOf({ finallyTimeoutMs: 1000, steps: { a: {} }, finally: { last: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    await run.advance(900)
    const again = await reopened(plan, run)
    await again.advance(999)
    expect(again.aborted('last')).toBeUndefined()
    await again.advance(1)
    expect(again.aborted('last')).toBe('soft')
  })

  it('and a pipeline that has time left has so much and no more', async () => {
    const plan = planOf({ timeoutMs: 1000, steps: { a: {}, b: {} } })
    const run = await controlled(plan)
    await run.advance(600)
    await (await run.started('b')).succeed()
    const again = await reopened(plan, run)
    await again.advance(399)
    expect(again.aborted('a')).toBeUndefined()
    await again.advance(1)
    expect(again.aborted('a')).toBe('soft')
  })
})

describe('promise 16b: what is on record counts after a crash as before it', () => {
  it('an escalation, also of an item', async () => {
    for (const more of [{}, items(['x', 'y'])]) {
      const plan = planOf({ steps: { go: { ...approval(), ...more, timeoutMs: 1000, onTimeout: 'escalate' }, b: {} } })
      const run = await controlled(plan)
      await run.advance(1000)
      const again = await reopened(plan, run)
      await (await again.started('b')).succeed()
      expect((await again.result).state.outcome).toBe('escalated')
    }
  })

  it('an approval that failed in time without an escalation is none', async () => {
    const plan = planOf({ steps: { go: { ...approval(), timeoutMs: 1000 }, b: {} } })
    const run = await controlled(plan)
    await run.advance(1000)
    const again = await reopened(plan, run)
    await (await again.started('b')).succeed()
    expect((await again.result).state.outcome).toBe('failed')
  })

  it('who was skipped by a failure upstream still lets nothing run, who was by its own `when` does', async () => {
    const plan = planOf({
      steps: {
        a: {},
        off: { when: 'false' },
        lost: { needs: ['a'] },
        x: { needs: ['off', 'c'] },
        y: { needs: ['lost', 'c'] },
        c: {},
      },
    })
    const run = await controlled(plan)
    await (await run.started('a')).fail()
    const again = await reopened(plan, run)
    await (await again.started('c')).succeed()
    expect(again.running()).toEqual(['x'])
    expect(step(again, 'y')).toMatchObject({ status: 'skipped', reason: 'upstream' })
  })

  it('a signal that was taken is not taken again, one that was not still is', async () => {
    const repeat = { until: 'false', max: 3, delayMs: 1000, onMax: 'stop' as const }
    const send = (n: number, needs: string[]): StepDraft => ({
      needs,
      action: { kind: 'signal', signal: 'OPS:GO' },
      with: { n },
    })
    const wait: StepDraft = { action: { kind: 'wait', signal: 'OPS:GO', when: undefined }, repeat }
    const plan = planOf({ steps: { wait, a: {}, one: send(1, ['a']), two: send(2, ['one']) } })
    const run = await controlled(plan)
    await run.advance(10)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    await again.advance(2000)
    expect(step(again, 'wait@1')?.wait?.decision).toMatchObject({ values: { n: 1 }, signal: expect.any(String) })
    expect(step(again, 'wait@2')?.wait?.decision).toMatchObject({ values: { n: 2 } })
    expect(step(again, 'wait@3')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'signal', signal: 'OPS:GO' } })
  })

  it('a step that was late is not told of twice, one that was not yet is at its instant', async () => {
    const late = (run: ControlledRun) => run.events.filter((event) => event.type === 'deadline-passed')
    const plan = planOf({ steps: { a: { dueMs: 1000 }, each: { dueMs: 1500, ...items(['x']) } } })
    const run = await controlled(plan)
    await run.advance(1000)
    const again = await reopened(plan, run)
    await again.advance(499)
    expect(late(again)).toHaveLength(1)
    await again.advance(1)
    expect(late(again)).toMatchObject([{ path: 'a' }, { path: 'each' }])
    await again.advance(9000)
    expect(late(again)).toHaveLength(2)
  })
})

describe('promise 24a: limits hold over a crash', () => {
  it('who ran has its slot before who waited for one', async () => {
    const plan = planOf({ maxParallel: 1, steps: { b: {}, a: { needs: ['b'] }, c: {} } })
    const run = await controlled(plan)
    expect(run.running()).toEqual(['b'])
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['b'])
    await (await again.started('b')).succeed()
    expect(again.running()).toHaveLength(1)
  })

  it('also of an agent, over pipelines', async () => {
    const one = { agent: 'one' }
    const plan = {
      ...planOf({ steps: { x: { needs: [] }, a: one, sub } }, { inner: { steps: { b: one } } }),
      agentLimits: { one: 1 },
    }
    const run = await controlled(plan)
    const before = run.running()
    expect(before).toHaveLength(2)
    const again = await reopened(plan, run)
    expect([...again.running()].sort()).toEqual([...before].sort())
  })

  it('of a foreach: who had a place has it again, the others wait', async () => {
    const plan = planOf({ steps: { each: items(['w', 'x', 'y', 'z'], 2) } })
    const run = await controlled(plan)
    await (await run.started('each[0]')).succeed()
    expect(run.running()).toEqual(['each[1]', 'each[2]'])
    const again = await reopened(plan, run)
    expect([...again.running()].sort()).toEqual(['each[1]', 'each[2]'])
    await (await again.started('each[1]')).succeed()
    expect(again.running()).toEqual(['each[2]', 'each[3]'])
  })

  it('of locks: what holds one starts nothing before it has it again, and nothing within it does', async () => {
    const inner = { inner: { mutex: 'inside', steps: { a: { mutex: 'deep' }, b: { needs: ['a'] } } } }
    const plan = planOf({ mutex: 'whole', steps: { sub: { ...sub, mutex: 'repo' } } }, inner)
    const run = await controlled(plan)
    expect(run.running()).toEqual(['sub/a'])
    for (const key of ['whole', 'repo', 'inside', 'deep']) {
      const again = await reopened(plan, run, { elsewhere: [key] })
      expect([key, again.running()]).toEqual([key, []])
      await again.freeElsewhere(key)
      expect([key, again.running()]).toEqual([key, ['sub/a']])
      await (await again.started('sub/a')).succeed()
      await (await again.started('sub/b')).succeed()
      expect((await again.result).state.outcome).toBe('succeeded')
      expect(again.locks()).toEqual({})
    }
  })

  it('of locks: a step that waits for its next attempt waits for its lock, too', async () => {
    const plan = planOf({ steps: { a: { mutex: 'repo', retry } } })
    const run = await controlled(plan)
    await (await run.started('a')).fail()
    const again = await reopened(plan, run, { elsewhere: ['repo'] })
    await again.advance(5000)
    expect(again.running()).toEqual([])
    expect(step(again, 'a')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'lock', keys: ['repo'] } })
    await again.freeElsewhere('repo')
    expect(again.running()).toEqual(['a'])
  })
})

describe('promise 16a: what was in the middle goes on there', () => {
  it('a gate that asked for files asks again; one whose checks ran has them again', async () => {
    const files = gate('g', { of: ['a'], before: ['ship'], paths: ['src/**'], checks: [check('tidy')] })
    const plan = planOf({ steps: { a: {}, ship: {} }, gates: [files] })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['gate:g/check:changed-paths'])
    await (await again.started('gate:g/check:changed-paths')).succeed({ files: ['src/a.ts'] })
    expect(again.running()).toEqual(['gate:g/check:tidy'])
    const third = await reopened(plan, again)
    expect(third.running()).toEqual(['gate:g/check:tidy'])
    await (await third.started('gate:g/check:tidy')).succeed()
    expect(third.running()).toEqual(['ship'])
    expect(third.events.filter((event) => event.type === 'gate-judged')).toHaveLength(1)
  })

  it('the checks of an attempt, not the attempt; with the slot while one runs, without while a person is asked', async () => {
    const checks = [check('tidy'), check('person', { judge: { kind: 'ask', from: [] } })]
    const plan = planOf({ maxParallel: 1, steps: { a: { checks }, b: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['a/check:tidy'])
    await (await again.started('a/check:tidy')).succeed()
    const third = await reopened(plan, again)
    expect(third.running()).toEqual(['b'])
    await third.row('approve', 'a/check:person')
    expect(step(third, 'a')).toMatchObject({ status: 'succeeded', attempts: 1 })
  })

  it('a repair, not the attempt', async () => {
    const recover = {
      action: { kind: 'run', script: 'plug', shell: 'sh' },
      with: {},
      env: {},
      cwd: undefined,
      timeoutMs: undefined,
    }
    const plan = planOf({
      maxParallel: 1,
      steps: { a: { retry, failures: { offline: { hint: undefined, match: undefined, recover } } as never }, b: {} },
    })
    const run = await controlled(plan)
    await (await run.started('a')).fail({ failure: 'offline' })
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['a/recover:offline'])
  })

  it('a repeat between two passes, at its instant; and one in its pass', async () => {
    const plan = planOf({ steps: { a: { repeat: { until: 'false', max: 3, delayMs: 1000, onMax: 'stop' } } } })
    const run = await controlled(plan)
    await (await run.started('a@1')).succeed()
    await run.advance(400)
    const again = await reopened(plan, run)
    await again.advance(599)
    expect(again.running()).toEqual([])
    await again.advance(1)
    expect(again.running()).toEqual(['a@2'])
    const third = await reopened(plan, again)
    expect(third.running()).toEqual(['a@2'])
    await (await third.started('a@2')).succeed()
    const fourth = await reopened(plan, third)
    await fourth.advance(1000)
    await (await fourth.started('a@3')).succeed()
    expect((await fourth.result).state.steps.get('a')).toMatchObject({ status: 'succeeded', iteration: 3 })
  })

  it('a wait for time, and a question with its deadline', async () => {
    const plan = planOf({
      steps: { wait: { action: { kind: 'wait', forMs: 1000 } as never }, go: { ...approval(), timeoutMs: 2000 } },
    })
    const run = await controlled(plan)
    await run.advance(400)
    const again = await reopened(plan, run)
    await again.advance(599)
    expect(step(again, 'wait')?.status).toBe('waiting')
    await again.advance(1)
    expect(step(again, 'wait')?.status).toBe('succeeded')
    await again.advance(1000)
    expect((await again.result).state.steps.get('go')?.status).toBe('timed-out')
  })
})
