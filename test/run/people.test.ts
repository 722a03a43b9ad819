import { describe, expect, it } from 'vitest'
import { openQuestions } from '../../src/events/questions.ts'
import type { Json } from '../../src/util/json.ts'
import { ALICE, controlled, statuses } from '../support/controlled-port.ts'
import { check, gate, planOf, type StepDraft } from '../support/plans.ts'

const retry = { attempts: 2, only: [], backoffMs: 1, factor: 1, maxMs: 1, jitter: 0 }
const BOB = { name: 'bob', uid: 1001 }

function approval(more: object = {}): StepDraft {
  return { action: { kind: 'approval', prompt: 'Publish?', show: undefined, from: [], self: true, ...more } }
}

describe('approval', () => {
  it('asks, and goes on when a person approves; it holds no slot meanwhile', async () => {
    const run = await controlled(planOf({ maxParallel: 1, steps: { ok: approval(), a: {}, b: { needs: ['ok'] } } }))
    expect(run.running()).toEqual(['a'])
    expect(run.state().steps.get('ok')?.waitingFor).toEqual({ kind: 'approval', prompt: 'Publish?', from: [] })
    await (await run.started('a')).succeed()
    await run.row('approve', 'ok')
    expect(run.running()).toEqual(['b'])
  })

  it('promise 5b: a rejected approval is failed: rejected', async () => {
    const run = await controlled(planOf({ steps: { ok: approval(), b: { needs: ['ok'] } } }))
    await run.row('reject', 'ok', { comment: 'not today' })
    const { state } = await run.result
    expect(state.steps.get('ok')).toMatchObject({
      status: 'failed',
      reason: 'rejected',
      message: 'alice rejected it: not today',
    })
    expect(state.outcome).toBe('failed')
  })

  it.each([
    ['fail', 'timed-out', 'failed'],
    ['reject', 'failed', 'failed'],
    ['escalate', 'timed-out', 'escalated'],
  ] as const)('on_timeout: %s ends it as %s and the run as %s', async (onTimeout, status, outcome) => {
    const run = await controlled(planOf({ steps: { ok: { ...approval(), timeoutMs: 60_000, onTimeout } } }))
    await run.advance(60_000)
    const { state } = await run.result
    expect(state.steps.get('ok')?.status).toBe(status)
    expect(state.outcome).toBe(outcome)
    expect(state.signals.map(({ signal }) => signal)).toEqual(onTimeout === 'escalate' ? ['main:ESCALATE'] : [])
  })

  it('--approve is the decision of the starter', async () => {
    const run = await controlled(planOf({ steps: { ok: approval(), b: { needs: ['ok'] } } }), { approve: ['ok'] })
    expect(run.running()).toEqual(['b'])
    expect(run.state().steps.get('ok')?.wait?.decision).toMatchObject({ verdict: 'approved', by: ALICE })
  })

  it('promise 21b: self: false refuses the starter, also --approve', async () => {
    const run = await controlled(planOf({ steps: { ok: approval({ self: false }), b: { needs: ['ok'] } } }), {
      approve: ['ok'],
    })
    expect(run.running()).toEqual([])
    await run.row('approve', 'ok')
    expect(run.running()).toEqual([])
    await run.row('approve', 'ok', {}, BOB)
    expect(run.running()).toEqual(['b'])
  })
})

describe('ask and wait', () => {
  it('the answer is read as outputs', async () => {
    const ask: StepDraft = { action: { kind: 'ask', prompt: 'Which?', from: [], answer: { name: { type: 'string' } } } }
    const run = await controlled(
      planOf({ steps: { ask, b: { needs: ['ask'], env: { N: '${{ steps.ask.outputs.name }}' } } } }),
    )
    await run.row('answer', 'ask', {})
    expect(run.running()).toEqual([])
    await run.row('answer', 'ask', { name: 'blue' })
    expect((await run.started('b')).request.env).toEqual({ N: 'blue' })
  })

  it('a signal of the same run is taken once, by the wait that asked first', async () => {
    const wait: StepDraft = { action: { kind: 'wait', signal: 'OPS:GO', when: undefined } }
    const go: StepDraft = { action: { kind: 'signal', signal: 'OPS:GO' }, with: { n: 7 }, needs: ['a'] }
    const run = await controlled(planOf({ steps: { first: wait, second: wait, a: {}, go } }))
    await (await run.started('a')).succeed()
    expect(statuses(run.state())).toMatchObject({ first: 'succeeded', second: 'waiting', go: 'succeeded' })
    expect(run.state().steps.get('first')?.outputs).toEqual({ n: 7 })
  })

  it('a signal that came between two passes of a wait is taken by the second, also after a crash', async () => {
    const repeat = { until: 'false', max: 2, delayMs: 1000, onMax: 'stop' as const }
    const wait: StepDraft = { action: { kind: 'wait', signal: 'OPS:GO', when: undefined }, repeat }
    const send = (needs: string[]): StepDraft => ({ action: { kind: 'signal', signal: 'OPS:GO' }, needs })
    const plan = planOf({ steps: { wait, a: {}, one: send(['a']), b: {}, two: send(['b']) } })
    const run = await controlled(plan)
    await run.advance(10)
    await (await run.started('a')).succeed()
    await (await run.started('b')).succeed()
    expect(statuses(run.state())).toMatchObject({ 'wait@1': 'succeeded', wait: 'waiting', two: 'succeeded' })
    run.crash()
    const again = await controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE }, atMs: run.now() })
    await again.advance(1000)
    expect((await again.result).state.outcome).toBe('succeeded')
  })

  it('the condition of a wait reads the run as it was when the wait was opened, also after a crash', async () => {
    const when = [
      'payload.version == vars.version && payload.of == inputs.of',
      'steps.build.outputs.size < payload.size && steps.build.duration >= duration("1m")',
      '(steps.build.outputs.note == null || steps.build.outputs.note.by == payload.by)',
    ].join(' && ')
    const sizes = { size: { type: 'integer' as const }, note: { type: 'object' as const, optional: true as const } }
    const plan = planOf({
      inputs: { of: { type: 'string' } },
      vars: { version: 'v${{ steps.build.outputs.size }}' },
      steps: {
        build: { outputs: sizes },
        hear: { action: { kind: 'wait', signal: 'OPS:GO', when }, needs: ['build'] },
      },
    })
    const run = await controlled(plan, { inputs: { of: 'api' } })
    await run.advance(60_000)
    await (await run.started('build')).succeed({ size: 3 })
    expect(JSON.parse(JSON.stringify(run.state().steps.get('hear')?.wait?.spec.given))).toEqual({
      vars: { version: 'v3' },
      inputs: { of: 'api' },
      steps: { build: { outputs: { size: 3, note: null }, duration: '1m' } },
    })
    run.crash()
    const events = JSON.parse(JSON.stringify(run.events))
    const again = await controlled(plan, { start: { type: 'resume', events, by: ALICE }, atMs: run.now() + 60_000 })
    const signal = (payload: object) => again.row('signal', 'hear', { signal: 'OPS:GO', payload: payload as Json })
    await signal({ version: 'v2', of: 'api', size: 4 })
    await signal({ version: 'v3', of: 'api', size: 3 })
    expect(statuses(again.state())).toMatchObject({ hear: 'waiting' })
    await signal({ version: 'v3', of: 'api', size: 4 })
    expect((await again.result).state.outcome).toBe('succeeded')
  })

  it('a signal of the same run is judged by what the wait reads of the run, an item of its own for each', async () => {
    const foreach = { items: ['a', 'b'], key: '${{ item }}', needs: undefined, maxParallel: undefined }
    const wait: StepDraft = { action: { kind: 'wait', signal: 'OPS:GO', when: 'payload.who == item' }, foreach }
    const go: StepDraft = { action: { kind: 'signal', signal: 'OPS:GO' }, with: { who: 'b' }, needs: ['first'] }
    const run = await controlled(planOf({ steps: { wait, first: {}, go } }))
    await (await run.started('first')).succeed()
    expect(statuses(run.state())).toMatchObject({ 'wait[a]': 'waiting', 'wait[b]': 'succeeded' })
  })

  it('a wait for time goes on at its instant', async () => {
    const run = await controlled(
      planOf({ steps: { pause: { action: { kind: 'wait', forMs: 5000 } }, b: { needs: ['pause'] } } }),
    )
    await run.advance(4999)
    expect(run.running()).toEqual([])
    await run.advance(1)
    expect(run.running()).toEqual(['b'])
  })
})

describe('questions with checks', () => {
  it('promise 16d: a check of an approval that a crash cut off is made again', async () => {
    const plan = planOf({ steps: { ok: { ...approval(), checks: [check('c')] } } })
    const run = await controlled(plan, { approve: ['ok'] })
    run.crash()
    const again = await controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE } })
    expect(again.running()).toEqual(['ok/check:c'])
    await (await again.started('ok/check:c')).succeed()
    expect((await again.result).state.outcome).toBe('succeeded')
  })

  it('no token is used twice where a sub-pipeline asks again', async () => {
    const plan = planOf(
      { steps: { sub: { action: { kind: 'pipeline', pipeline: 'inner' }, retry } } },
      { inner: { steps: { ok: { ...approval(), checks: [check('c')] } } } },
    )
    const run = await controlled(plan, { approve: ['ok'] })
    await (await run.started('sub/ok/check:c')).fail()
    await run.advance(1)
    expect((await run.started('sub/ok/check:c')).attempt).toBe(2)
  })
})

describe('questions that nobody asks any more', () => {
  const ask = check('sure', { judge: { kind: 'ask', from: [] } })
  const held = { success: 1, of: ['a'], before: ['b'], bypass: { by: ['ARCHITECT'] } }
  const inner = {
    failFast: true,
    steps: { a: { agent: 'x', allowFailure: true }, b: {}, c: {} },
    gates: [gate('g', held), gate('h', { of: ['a'], before: ['b'], checks: [ask] })],
  }

  it('end with the step or the pipeline that asked, while the run goes on', async () => {
    const plan = planOf(
      {
        steps: { s: { checks: [ask], timeoutMs: 1 }, sub: { action: { kind: 'pipeline', pipeline: 'inner' } }, z: {} },
      },
      { inner },
    )
    const run = await controlled(plan)
    await (await run.started('s')).succeed()
    await (await run.started('sub/a')).fail()
    const asked = openQuestions(run.state()).map(({ path }) => path)
    expect(asked.sort()).toEqual(['s/check:sure', 'sub/gate:g', 'sub/gate:h/check:sure'])
    await (await run.started('sub/c')).fail()
    expect(openQuestions(run.state()).map(({ path }) => path)).toEqual(['s/check:sure'])
    await run.cancel()
    expect(statuses(run.state())).toMatchObject({ s: 'cancelled', z: 'running' })
    expect(openQuestions(run.state())).toEqual([])
    await (await run.started('z')).fail({ status: 'cancelled' })
    expect(openQuestions((await run.result).state)).toEqual([])
  })
})

describe('parking', () => {
  it('promise 19b: a run with nobody at it parks when only people are left to wait for, and says for whom', async () => {
    const plan = planOf({ steps: { ok: approval(), a: {}, b: { needs: ['ok'] } } })
    const run = await controlled(plan, { park: true })
    await (await run.started('a')).succeed()
    await run.advance(0)
    const { end, state } = await run.result
    expect(end).toBe('parked')
    expect(state).toMatchObject({ phase: 'parked', parkedFor: ['ok'] })

    const later = await controlled(plan, {
      start: { type: 'resume', events: run.events, by: ALICE },
      atMs: 90_000,
      park: true,
      rows: [{ row: 1, at: 50_000, by: ALICE, kind: 'approve', target: 'ok', data: {} }],
    })
    await later.advance(0)
    expect(later.running()).toEqual(['b'])
    await (await later.started('b')).succeed()
    expect((await later.result).state.outcome).toBe('succeeded')
  })

  it('promise 19b: a run whose steps wait for a lock of its own parks for the person behind it', async () => {
    const plan = planOf({ steps: { ok: { ...approval(), mutex: 'repo' }, a: { mutex: 'repo' } } })
    const run = await controlled(plan, { park: true })
    await run.advance(0)
    const { end, state } = await run.result
    expect(end).toBe('parked')
    expect([...state.parkedFor].sort()).toEqual(['a', 'ok'])
  })

  it('promise 19c: a decision made before the deadline counts although the run was opened after it', async () => {
    const plan = planOf({ steps: { ok: { ...approval(), timeoutMs: 60_000 } } })
    const run = await controlled(plan, { park: true })
    await run.advance(0)
    await run.result
    const at = (atMs: number) => ({ row: 1, at: atMs, by: ALICE, kind: 'approve' as const, target: 'ok', data: {} })
    const start = { type: 'resume' as const, events: run.events, by: ALICE }
    const early = await controlled(plan, { start, atMs: 200_000, rows: [at(30_000)] })
    await early.advance(0)
    expect((await early.result).state.outcome).toBe('succeeded')
    const late = await controlled(plan, { start, atMs: 200_000, rows: [at(100_000)] })
    await late.advance(0)
    expect((await late.result).state.steps.get('ok')?.status).toBe('timed-out')
  })

  it('promise 22c: SIGHUP lets what runs end, starts nothing more, and parks', async () => {
    const run = await controlled(planOf({ steps: { a: {}, b: { needs: ['a'] } } }))
    await run.arrive({ type: 'park' })
    expect(run.aborted('a')).toBeUndefined()
    await (await run.started('a')).succeed()
    await run.advance(0)
    expect((await run.result).end).toBe('parked')
    expect(run.running()).toEqual([])
  })
})

describe('lifecycle signals', () => {
  it('are sent where a coordinator asked for the run: spawn, handoff, complete', async () => {
    const steps = {
      make: { agent: 'maker', outputs: { v: { type: 'string' as const } } },
      use: { agent: 'user', needs: ['make'], with: { v: '${{ steps.make.outputs.v }}' } },
    }
    const run = await controlled(planOf({ steps }), {
      cause: { coordinator: 'COORD_OPS', signal: 'OPS:RELEASE', id: 's1' },
    })
    await (await run.started('make')).succeed({ v: 'x' })
    await (await run.started('use')).succeed()
    expect((await run.result).state.signals.map(({ signal, source, target }) => [signal, source, target])).toEqual([
      ['COORD_OPS:SPAWN', 'COORD_OPS', 'main'],
      ['COORD_OPS:HANDOFF', 'maker', 'user'],
      ['COORD_OPS:COMPLETE', 'COORD_OPS', 'human'],
    ])
  })

  it('a handoff to a foreach is told once, whatever the number of its items', async () => {
    const steps = {
      make: { agent: 'maker', outputs: { v: { type: 'string' as const } } },
      use: {
        agent: 'user',
        needs: ['make'],
        foreach: { items: ['a', 'b'], key: '${{ item }}', needs: undefined, maxParallel: undefined },
        with: { v: '${{ steps.make.outputs.v }}' },
      },
    }
    const run = await controlled(planOf({ steps }), { cause: { coordinator: 'C', signal: 'OPS:GO', id: 's1' } })
    await (await run.started('make')).succeed({ v: 'x' })
    expect(run.running()).toEqual(['use[a]', 'use[b]'])
    const told = run.state().signals.filter(({ signal }) => signal === 'C:HANDOFF')
    expect(told.map(({ path, payload }) => [path, payload])).toEqual([['use', { from: 'make', to: 'use' }]])
  })
})
