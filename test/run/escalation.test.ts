import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { answeredByRetry } from '../../src/run/escalation.ts'
import { ALICE, type ControlledOptions, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { planOf, type StepDraft } from '../support/plans.ts'

const ANSWER = { choice: { enum: ['retry', 'abort', 'delegate'] }, to: { type: 'string' as const, optional: true } }
const BOB = { name: 'bob', uid: 1001 }
const failing = "run.steps.exists(s, s.status == 'failed')"

/** A rule as the compiler lays it out. */
function rule(when: string, more: Partial<StepDraft> = {}): StepDraft {
  return {
    action: { kind: 'ask', prompt: 'Paused', from: ['ARCHITECT'], answer: ANSWER },
    timeoutMs: 60_000,
    onTimeout: 'escalate',
    effects: 'none',
    escalation: { when, to: 'ARCHITECT', fields: ['files', 'size'] },
    ...more,
  }
}
const cause = { coordinator: 'OPS', signal: 'OPS:GO', id: 'x', payload: { files: ['core/a'] } }
const plan = (when: string) =>
  planOf({
    steps: { a: {}, b: { needs: ['a'] }, c: {}, d: { needs: ['c'] }, asked: rule(when) },
    finally: { last: {} },
  })
const start = (made: Plan, more: ControlledOptions = {}) => controlled(made, { cause, ...more })
const answer = (run: ControlledRun, choice: string, more: object = {}) =>
  run.row('answer', 'asked', { choice, ...more }, BOB)
const resume = (events: readonly RunEvent[]) => ({ type: 'resume' as const, events: [...events], by: ALICE })
const sent = (run: ControlledRun) => run.state().signals.map(({ signal, target }) => [signal, target])

describe('a rule of the coordinator', () => {
  it('that never holds asks nobody and leaves nothing in the record', async () => {
    const run = await start(plan("'core/b' in payload.files || payload.size != null || signal == 'OPS:NO'"))
    for (const path of ['a', 'c', 'b', 'd', 'last']) await (await run.started(path)).succeed()
    const { state } = await run.result
    expect(statuses(state)).toEqual({
      a: 'succeeded',
      b: 'succeeded',
      c: 'succeeded',
      d: 'succeeded',
      last: 'succeeded',
    })
    expect(state.outcome).toBe('succeeded')
    expect(sent(run)).toEqual([
      ['OPS:SPAWN', 'main'],
      ['OPS:COMPLETE', 'human'],
    ])
  })

  it('that holds at the door starts nothing, tells who is asked, and goes on after `retry`', async () => {
    const run = await start(plan("payload.files.exists(f, glob(f, 'core/**'))"))
    expect(run.running()).toEqual([])
    expect(sent(run).at(-1)).toEqual(['OPS:ESCALATE', 'ARCHITECT'])
    expect(run.state().steps.get('asked')?.waitingFor).toMatchObject({ kind: 'answer', from: ['ARCHITECT'] })
    await run.row('answer', 'asked', { choice: 'retry' })
    expect(run.running()).toEqual([])
    await answer(run, 'retry')
    expect(run.running()).toEqual(['a', 'c'])
    for (const path of ['a', 'c', 'b', 'd', 'last']) await (await run.started(path)).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('lets running steps end and starts no more: no successor, no next attempt, no slot, no end of the run', async () => {
    const retry = { attempts: 2, only: [], backoffMs: 1, factor: 1, maxMs: 1, jitter: 0 }
    const steps = { a: {}, b: { needs: ['c'] }, c: {}, d: { retry }, e: {}, asked: rule(failing) }
    const run = await start(planOf({ maxParallel: 3, steps, finally: { last: {} } }))
    expect(run.running().sort()).toEqual(['a', 'c', 'd'])
    await (await run.started('a')).fail()
    await (await run.started('c')).succeed()
    await (await run.started('d')).fail()
    await run.advance(10)
    expect(run.running()).toEqual([])
    expect(statuses(run.state())).toMatchObject({ a: 'failed', c: 'succeeded', asked: 'waiting' })
    await answer(run, 'abort')
    await (await run.started('last')).succeed()
    expect((await run.result).state).toMatchObject({ outcome: 'cancelled', cancel: { by: BOB } })
    expect(run.state().steps.get('e')?.status).toBe('cancelled')
  })

  it('is asked once where several hold, the first of them', async () => {
    const steps = { a: {}, first: rule('false'), second: rule('true'), third: rule('true') }
    const run = await start(planOf({ steps }))
    expect(statuses(run.state())).toEqual({ second: 'waiting' })
    await run.row('answer', 'second', { choice: 'retry' }, BOB)
    await (await run.started('a')).succeed()
    expect(statuses(run.state())).toMatchObject({ third: 'waiting' })
    await run.row('answer', 'third', { choice: 'retry' }, BOB)
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('that cannot be told holds', async () => {
    const run = await start(plan('payload.files[7] == "x"'))
    expect(run.running()).toEqual([])
    expect(run.state().signals.at(-1)?.payload.issue).toContain('cannot be told')
  })

  it('`delegate` hands over what was asked for, and the run ends as escalated', async () => {
    const run = await start(plan(failing))
    await (await run.started('a')).fail()
    await answer(run, 'delegate', { to: 'COORD_OTHER' })
    expect(run.aborted('c')).toBe('soft')
    await (await run.started('c')).fail({ status: 'cancelled' })
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('escalated')
    expect(run.state().signals.find(({ signal }) => signal === 'OPS:HANDOFF')).toMatchObject({
      target: 'COORD_OTHER',
      payload: { run: 'run-1', step: 'asked', signal: 'OPS:GO', payload: { files: ['core/a'] } },
    })
  })

  it('that nobody answers in time ends the run as escalated, and a rejection ends it like `abort`', async () => {
    const run = await start(plan('true'))
    await run.advance(60_000)
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('escalated')
    expect(statuses(run.state())).toMatchObject({ a: 'cancelled', asked: 'timed-out' })
    const other = await start(plan('true'))
    await other.row('reject', 'asked', {}, BOB)
    await (await other.started('last')).succeed()
    expect((await other.result).state.outcome).toBe('cancelled')
  })

  it('`retry` of what failed parks, and whoever opens the run next opens that again and what follows it', async () => {
    const run = await start(plan(failing))
    await (await run.started('a')).fail()
    await answer(run, 'retry')
    expect(run.running()).toEqual(['c'])
    await (await run.started('c')).succeed()
    expect(await run.result).toMatchObject({ end: 'parked' })
    expect(answeredByRetry(plan(failing), run.state())?.steps).toEqual(['a', 'b', 'last', 'asked'])
    const again = await controlled(plan(failing), { start: resume(run.events) })
    expect(answeredByRetry(plan(failing), again.state())).toBeUndefined()
    expect(again.running()).toEqual(['a', 'd'])
    expect((await again.started('a')).attempt).toBe(2)
    await (await again.started('a')).fail()
    expect(again.state().steps.get('asked')?.status).toBe('waiting')
    await answer(again, 'retry')
    await (await again.started('d')).succeed()
    await again.result
    const last = await controlled(plan(failing), { start: resume(again.events) })
    for (const path of ['a', 'b', 'last']) await (await last.started(path)).succeed()
    expect((await last.result).state.outcome).toBe('succeeded')
    expect(last.events.filter((event) => event.type === 'attempt-started' && event.path === 'd')).toHaveLength(1)
  })

  it('a cancel ends a run that is paused', async () => {
    const run = await start(plan('true'))
    await run.cancel()
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('cancelled')
  })

  it('that paused a run still does after a crash, at every moment, and asks nobody twice', async () => {
    const moments: number[] = []
    const first = await start(plan(failing))
    await (await first.started('a')).fail()
    moments.push(first.events.length)
    await (await first.started('c')).succeed()
    moments.push(first.events.length)
    const answered = await start(plan(failing))
    await (await answered.started('a')).fail()
    await answer(answered, 'retry')
    for (const events of [...moments.map((count) => first.events.slice(0, count)), answered.events]) {
      const isAnswered = events.some(({ type }) => type === 'wait-decided')
      let run = await controlled(plan(failing), { start: resume(events) })
      if (!isAnswered) {
        expect(run.running()).toEqual([])
        expect(statuses(run.state())).toMatchObject({ a: 'failed', asked: 'waiting' })
        await answer(run, 'retry')
        expect(await run.result).toMatchObject({ end: 'parked' })
        run = await controlled(plan(failing), { start: resume(run.events) })
      }
      for (const path of ['c', 'a', 'd', 'b', 'last'])
        if (run.state().steps.get(path)?.status !== 'succeeded') await (await run.started(path)).succeed()
      expect((await run.result).state.outcome).toBe('succeeded')
      const asked = run.events.filter((event) => event.type === 'wait-opened')
      expect(asked).toHaveLength(1)
      expect(run.state().signals.filter(({ signal }) => signal === 'OPS:ESCALATE')).toHaveLength(1)
    }
  })

  it('that ended a run still has after a crash while its steps are being ended', async () => {
    const run = await start(plan(failing))
    await (await run.started('a')).fail()
    await answer(run, 'delegate')
    const again = await controlled(plan(failing), { start: resume(run.events) })
    expect(again.running()).toEqual(['last'])
    await (await again.started('last')).succeed()
    expect((await again.result).state).toMatchObject({ outcome: 'escalated' })
    expect(statuses(again.state())).toMatchObject({ c: 'cancelled', d: 'cancelled' })
  })

  it('that never held holds up no end after a crash, nor a `finally` that was cut off', async () => {
    const run = await start(plan('false'))
    for (const path of ['a', 'c', 'b', 'd']) await (await run.started(path)).succeed()
    expect(run.running()).toEqual(['last'])
    const again = await controlled(plan('false'), { start: resume(run.events) })
    await (await again.started('last')).succeed()
    expect((await again.result).state.outcome).toBe('succeeded')
    const early = await start(plan('false'))
    for (const path of ['a', 'c', 'b']) await (await early.started(path)).succeed()
    const later = await controlled(plan('false'), { start: resume(early.events) })
    for (const path of ['d', 'last']) await (await later.started(path)).succeed()
    expect((await later.result).state.outcome).toBe('succeeded')
  })

  it.each(['abort', 'delegate', 'cancel', 'nobody'])(
    'that ends a run begins nothing again of what a crash had cut off: %s',
    async (how) => {
      const run = await start(plan(failing))
      await (await run.started('a')).fail()
      expect(run.running()).toEqual(['c'])
      run.crash()
      const again = await start(plan(failing), { start: resume(run.events), atMs: run.now() })
      expect(again.running()).toEqual([])
      if (how === 'cancel') await again.cancel()
      else if (how === 'nobody') await again.advance(60_000)
      else await answer(again, how)
      expect(again.running()).toEqual(['last'])
      await (await again.started('last')).succeed()
      const { state } = await again.result
      expect(state.steps.get('c')).toMatchObject({ status: 'cancelled', attempts: 1 })
    },
  )

  it('is asked also where the pipeline fails fast, before and after a crash', async () => {
    const made = planOf({
      failFast: true,
      steps: { a: {}, b: { needs: ['a'] }, c: {}, asked: rule(failing) },
      finally: { last: {} },
    })
    const run = await start(made)
    await (await run.started('a')).fail()
    expect(run.state().steps.get('asked')?.status).toBe('waiting')
    expect(run.aborted('c')).toBeUndefined()
    run.crash()
    const again = await start(made, { start: resume(run.events), atMs: run.now() })
    expect(again.state().steps.get('asked')?.status).toBe('waiting')
    await answer(again, 'abort')
    await (await again.started('last')).succeed()
    expect((await again.result).state.outcome).toBe('cancelled')
  })

  it('by which a run was handed over may be put again when that is retried', async () => {
    const run = await start(plan(failing))
    await (await run.started('c')).succeed()
    await (await run.started('d')).succeed()
    await (await run.started('a')).fail()
    await answer(run, 'delegate')
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('escalated')
    const again = await start(plan(failing), {
      start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined },
      atMs: run.now(),
    })
    expect(again.running()).toEqual(['a'])
    for (const path of ['a', 'b', 'last']) await (await again.started(path)).succeed()
    expect((await again.result).state.outcome).toBe('succeeded')
  })

  const cancelledAfterRetry = async () => {
    const run = await start(plan(failing))
    await (await run.started('a')).fail()
    await answer(run, 'retry')
    await run.cancel()
    expect(run.running()).toEqual(['c'])
    await run.arrive({ type: 'outcome', token: 'c#1', outcome: { status: 'cancelled', durationMs: 1 } })
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('cancelled')
    return run
  }

  it('answered with `retry` of what failed, and then cancelled: the run ends, with its `finally`', async () => {
    await cancelledAfterRetry()
  })

  it('answered with `retry`, which holds also where the run goes on by another plan', async () => {
    const run = await start(plan(failing))
    await (await run.started('a')).fail()
    await answer(run, 'retry')
    await (await run.started('c')).succeed()
    await run.result
    const steps = { a: {}, b: { needs: ['a'] }, c: {}, d: { needs: ['c'] }, asked: rule(failing), extra: {} }
    const other = { ...planOf({ steps, finally: { last: {} } }), hash: 'another' }
    const again = await start(other, {
      start: { type: 'replan', events: run.events, by: ALICE, from: plan(failing), inputs: {} },
    })
    expect(again.running().toSorted()).toEqual(['a', 'd', 'extra'])
    const renamed = { a: {}, b: { needs: ['a'] }, c: {}, d: { needs: ['c'] }, questioned: rule(failing) }
    const third = await start(
      { ...planOf({ steps: renamed, finally: { last: {} } }), hash: 'third' },
      { start: { type: 'replan', events: run.events, by: ALICE, from: plan(failing), inputs: {} } },
    )
    expect(third.running()).toContain('a')
  })

  it('answered with `retry`, cancelled and retried: the answer is used up, and the next failure is asked about', async () => {
    const run = await cancelledAfterRetry()
    const again = await start(plan(failing), {
      start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined },
      atMs: run.now(),
    })
    expect(again.running()).toContain('a')
    await (await again.started('a')).fail()
    expect(again.state().steps.get('asked')?.status).toBe('waiting')
  })
})
