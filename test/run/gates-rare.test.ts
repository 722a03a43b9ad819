import { describe, expect, it } from 'vitest'
import type { Arrival } from '../../src/ports/port.ts'
import { ALICE, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { check, gate, planOf } from '../support/plans.ts'

const BOB = { name: 'bob', uid: 1001 }
const BYPASS = { by: ['ARCHITECT'] }
const inputs = { go: { type: 'boolean' }, list: { type: 'array' } } as const

const judged = (run: ControlledRun, id: string) =>
  run.events.filter((event) => event.type === 'gate-judged' && event.gate === id)
const order = (run: ControlledRun, more: Partial<Extract<Arrival, { type: 'bypass' }>>) =>
  run.arrive({ type: 'bypass', gate: 'quality', by: BOB, reason: 'known flake', expiresAt: undefined, ...more })

/** a (fails) --> (quality) --> ship */
async function held(more: Parameters<typeof gate>[1] = {}, ship: object = {}): Promise<ControlledRun> {
  const gates = [gate('quality', { of: ['a'], mustPass: ['a'], before: ['ship'], bypass: BYPASS, ...more })]
  const needs = [{ step: 'a', on: 'completed' as const }]
  const run = await controlled(planOf({ steps: { a: {}, ship: { needs, ...ship } }, gates }))
  await (await run.started('a')).fail()
  return run
}

describe('a gate with a condition', () => {
  it.each([
    [true, 'failed', ['tidy'], undefined],
    [false, 'passed', [], undefined],
  ])('that is %s has %s, and is checked only where it applies', async (go, status, failing, share) => {
    const gates = [gate('quality', { when: 'inputs.go', of: ['a'], before: ['ship'], checks: [check('tidy')] })]
    const run = await controlled(planOf({ steps: { a: {}, ship: {} }, gates, inputs }), { inputs: { go, list: [] } })
    await (await run.started('a')).succeed()
    if (go) await (await run.started('gate:quality/check:tidy')).fail()
    expect(judged(run, 'quality')).toMatchObject([{ status, failing }])
    expect(run.state().gates.get('quality')?.share).toBe(share)
    expect(run.running()).toEqual(go ? [] : ['ship'])
  })

  it('that cannot be told has failed, and says why', async () => {
    const gates = [gate('quality', { when: "inputs.list[3] == 'x'", of: ['a'], before: ['ship'] })]
    const run = await controlled(planOf({ steps: { a: {}, ship: {} }, gates, inputs }), {
      inputs: { go: true, list: [] },
    })
    await (await run.started('a')).succeed()
    expect(judged(run, 'quality')).toMatchObject([{ status: 'failed', failing: [expect.stringMatching(/^when: ./)] }])
    expect((await run.result).state.steps.get('ship')).toMatchObject({
      status: 'skipped',
      reason: 'gate',
      message: 'gate `quality` did not pass',
    })
  })
})

describe('a gate about files', () => {
  const files = () =>
    controlled(
      planOf({
        steps: { a: {}, ship: {} },
        gates: [gate('quality', { of: ['a'], before: ['ship'], paths: ['src/**'], checks: [check('tidy')] })],
      }),
    )
  const CHANGED = 'gate:quality/check:changed-paths'
  const said = (run: ControlledRun) => run.events.find((event) => event.type === 'check-ended')
  const changed = async (paths: readonly string[]) => {
    const run = await files()
    await (await run.started('a')).succeed()
    await (await run.started(CHANGED)).succeed({ files: [...paths] })
    return run
  }

  it('that cannot learn what changed has failed, with what was said', async () => {
    const run = await files()
    await (await run.started('a')).succeed()
    await (await run.started(CHANGED)).fail({ message: 'no repository' })
    expect(said(run)).toMatchObject({
      check: 'changed-paths',
      status: 'failed',
      level: 'mandatory',
      message: 'no repository',
    })
    expect(judged(run, 'quality')).toMatchObject([{ status: 'failed', failing: ['changed-paths'] }])
    expect(run.running()).toEqual([])
  })

  it('says at least how that ended where nothing was said', async () => {
    const run = await files()
    await (await run.started('a')).succeed()
    await (await run.started(CHANGED)).fail()
    expect(said(run)).toMatchObject({ message: 'failed' })
  })

  it('asks again where a crash cut it off, and not where the run is being stopped', async () => {
    const run = await files()
    await (await run.started('a')).succeed()
    await (await run.started(CHANGED)).fail({ status: 'interrupted' })
    expect(run.running()).toEqual([CHANGED])
    const asked = await run.started(CHANGED)
    await run.cancel()
    await asked.fail({ status: 'interrupted' })
    expect((await run.result).state).toMatchObject({ outcome: 'cancelled' })
    expect(judged(run, 'quality')).toEqual([])
  })

  it('has passed unchecked where nothing of it changed, and is checked where something did', async () => {
    for (const files of [[], ['src/a.ts']]) {
      const run = await changed(files)
      expect(said(run)).toMatchObject({ status: files.length === 0 ? 'skipped' : 'passed' })
      expect(said(run)).not.toHaveProperty('message')
      expect(run.running()).toEqual(files.length === 0 ? ['ship'] : ['gate:quality/check:tidy'])
      expect(judged(run, 'quality')).toHaveLength(files.length === 0 ? 1 : 0)
    }
  })

  it('that is stopped while it is checked judges nothing', async () => {
    const run = await controlled(
      planOf({
        steps: { a: {}, ship: {} },
        gates: [gate('quality', { of: ['a'], before: ['ship'], checks: [check('tidy')] })],
      }),
    )
    await (await run.started('a')).succeed()
    const tidy = await run.started('gate:quality/check:tidy')
    await run.cancel()
    await tidy.succeed()
    expect((await run.result).state.outcome).toBe('cancelled')
    expect(judged(run, 'quality')).toEqual([])
  })
})

describe('a held gate', () => {
  it('asks in words, of the persons behind the role, the starter too', async () => {
    const run = await held()
    expect(run.events.find((event) => event.type === 'wait-opened')).toMatchObject({
      path: 'gate:quality',
      wait: {
        kind: 'bypass',
        prompt: 'gate `quality` did not pass; bypass it?',
        from: ['ARCHITECT'],
        persons: ['bob'],
        self: true,
      },
    })
  })

  it('is let pass by an order that reached the owner itself, by its key or its path, once', async () => {
    for (const name of ['quality', 'gate:quality']) {
      const run = await held()
      await order(run, { gate: name, expiresAt: 99_999 })
      await order(run, { gate: name })
      expect(run.events.filter((event) => event.type === 'gate-decided')).toMatchObject([
        { gate: 'quality', status: 'bypassed', by: BOB, reason: 'known flake', expiresAt: 99_999, planHash: 'hash' },
      ])
      expect(run.running()).toEqual(['ship'])
      expect(run.awaited()).toEqual([])
    }
  })

  it('is not let pass by an order about another gate, of another person, without a reason or already over', async () => {
    const run = await held()
    for (const wrong of [{ gate: 'other' }, { by: ALICE }, { reason: ' ' }, { expiresAt: 1 }]) await order(run, wrong)
    expect(run.events.filter((event) => event.type === 'gate-decided')).toEqual([])
    expect(run.running()).toEqual([])
    expect(run.awaited()).toHaveLength(1)
  })

  it('is rejected by an order, too', async () => {
    const run = await held()
    await run.arrive({ type: 'reject-gate', gate: 'quality', by: BOB, reason: 'mend it' })
    expect(run.events.find((event) => event.type === 'gate-decided')).toMatchObject({ status: 'failed', by: BOB })
    expect(run.events.find((event) => event.type === 'gate-decided')).not.toHaveProperty('expiresAt')
    expect((await run.result).state.steps.get('ship')?.status).toBe('skipped')
  })

  it('fails, and asks nobody any more, when the last step that it held cannot start', async () => {
    const gates = [gate('quality', { of: ['a'], mustPass: ['a'], before: ['ship'], bypass: BYPASS })]
    const needs = [
      { step: 'a', on: 'completed' as const },
      { step: 'b', on: 'ok' as const },
    ]
    const run = await controlled(planOf({ steps: { a: {}, b: {}, c: {}, ship: { needs } }, gates }))
    await (await run.started('a')).fail()
    expect(run.state().gates.get('quality')?.status).toBe('held')
    await (await run.started('b')).fail()
    expect(judged(run, 'quality')).toMatchObject([
      { status: 'held', failing: ['a'], level: 'mandatory' },
      { status: 'failed', failing: ['a'], level: 'mandatory' },
    ])
    expect(run.awaited()).toEqual([])
    await (await run.started('c')).succeed()
    expect((await run.result).state.outcome).toBe('failed')
  })

  it('keeps its question while one of several could still start', async () => {
    const gates = [gate('quality', { of: ['a'], mustPass: ['a'], before: ['ship', 'tell'], bypass: BYPASS })]
    const onA = { step: 'a', on: 'completed' as const }
    const run = await controlled(
      planOf({
        steps: { a: {}, b: {}, ship: { needs: [onA, { step: 'b', on: 'ok' }] }, tell: { needs: [onA] } },
        gates,
      }),
    )
    await (await run.started('a')).fail()
    await (await run.started('b')).fail()
    expect(run.state().gates.get('quality')?.status).toBe('held')
    await order(run, {})
    expect(run.running()).toEqual(['tell'])
  })

  it('is not held for a step whose condition is false anyway', async () => {
    const run = await held({}, { when: 'false' })
    expect(judged(run, 'quality')).toMatchObject([{ status: 'failed' }])
    expect(statuses((await run.result).state)).toMatchObject({ ship: 'skipped' })
  })

  it('is dropped with its question when the run is cancelled', async () => {
    const run = await held()
    await run.cancel()
    expect(run.awaited()).toEqual([])
    expect((await run.result).state.outcome).toBe('cancelled')
  })

  it('tells the share that it counted each time that it is judged', async () => {
    const gates = [gate('quality', { of: ['a', 'b'], success: 0.9, before: ['ship'], bypass: BYPASS })]
    const worker = { agent: 'worker' }
    const needs = [
      { step: 'a', on: 'completed' as const },
      { step: 'b', on: 'completed' as const },
    ]
    const run = await controlled(planOf({ steps: { a: worker, b: worker, ship: { needs, mutex: 'repo' } }, gates }))
    run.takeElsewhere('repo')
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    expect(judged(run, 'quality')).toMatchObject([{ status: 'held', share: 0.5 }])
  })
})
