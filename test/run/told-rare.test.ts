import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import { ALICE, awaitedBy, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * What a run tells of itself: how it ended and why, what it waits for, whom it asked to look.
 */

const sub = (more: StepDraft = {}): StepDraft => ({ ...more, action: { kind: 'pipeline', pipeline: 'inner' } })
const approval: StepDraft = { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } }
const items = (list: readonly string[], maxParallel?: number): StepDraft => ({
  foreach: { items: [...list], key: '${{ item }}', needs: undefined, maxParallel },
})
const start = (root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}, more = {}) =>
  controlled(planOf(root, others), more)
const step = (run: ControlledRun, path: string) => run.state().steps.get(path)
type Body<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>
const all = <T extends RunEvent['type']>(run: ControlledRun, type: T) =>
  run.events.filter((event): event is Body<T> => event.type === type)

describe('the end of a pipeline that another one calls', () => {
  const failed = async (inner: PipelineDraft, until: (run: ControlledRun) => Promise<void>) => {
    const run = await start({ steps: { s: sub() } }, { inner })
    await until(run)
    return (await run.result).state.steps.get('s')
  }

  it('names what failed in it, and no gate that passed', async () => {
    const gates = [gate('fine', { of: ['a'] }), gate('bad', { of: ['b'], mustPass: ['b'] })]
    const s = await failed({ gates, steps: { a: {}, b: {} } }, async (run) => {
      await (await run.started('s/a')).succeed()
      await (await run.started('s/b')).fail()
    })
    expect(s?.message).toBe('`s/b`, gate `s/bad` failed')
  })

  it('says so where nothing in it failed by itself', async () => {
    const steps = { a: { allowFailure: true }, b: { needs: ['a'], quorum: { count: 1 } } }
    const s = await failed({ steps }, async (run) => (await run.started('s/a')).fail())
    expect(s).toMatchObject({ status: 'failed', message: '`s` did not succeed' })
  })

  it('says how long it took', async () => {
    const run = await start({ steps: { s: sub() } }, { inner: { steps: { a: {} } } })
    await run.advance(500)
    await (await run.started('s/a')).succeed()
    expect(all(run, 'attempt-ended').find(({ path }) => path === 's')?.outcome.durationMs).toBe(500)
  })
})

describe('the end of a run', () => {
  it('has names for its outputs only where they are to be handed over', async () => {
    const outputs = { a: { value: 'x', deliverable: undefined } }
    const plain = await start({ steps: {}, outputs })
    expect(all(plain, 'run-ended')[0]).not.toHaveProperty('labels')
    const told = await start({ steps: {}, outputs: { ...outputs, b: { value: 'y', deliverable: 'The report' } } })
    expect(all(told, 'run-ended')[0]).toHaveProperty('labels', { b: 'The report' })
  })

  it('is a failure where its time was over, though all that was cut off may fail', async () => {
    const run = await start({ timeoutMs: 1000, steps: { a: { allowFailure: true } } })
    await run.advance(1000)
    await (await run.started('a')).fail({ status: 'cancelled' })
    expect((await run.result).state).toMatchObject({ outcome: 'failed', reason: 'its time is over' })
  })

  it('is a cancel where all of it had succeeded and only a gate was still judged', async () => {
    const run = await start({ gates: [gate('g', { of: ['a'], checks: [check('c')] })], steps: { a: {} } })
    await (await run.started('a')).succeed()
    await run.cancel()
    await (await run.started('gate:g/check:c')).fail({ status: 'cancelled' })
    expect((await run.result).state.outcome).toBe('cancelled')
  })

  it('is a cancel where it was told to end for another reason before, or has been since', async () => {
    const before = await start({ failFast: true, steps: { a: {}, b: {} } })
    await (await before.started('a')).fail()
    await before.cancel()
    await (await before.started('b')).fail({ status: 'cancelled' })
    expect((await before.result).state.outcome).toBe('cancelled')
    const gates = [gate('g', { of: ['a'], checks: [check('c')] })]
    const since = await start({ timeoutMs: 1000, gates, steps: { a: {} } })
    await (await since.started('a')).succeed()
    await since.cancel()
    await since.advance(2000)
    await (await since.started('gate:g/check:c')).fail({ status: 'cancelled' })
    expect((await since.result).state.outcome).toBe('cancelled')
  })

  it('is that of a step too which runs a pipeline: it was told to end, and did not fail', async () => {
    const run = await start({ failFast: true, steps: { a: {}, s: sub() } }, { inner: { steps: { b: {} } } })
    await (await run.started('a')).fail()
    await (await run.started('s/b')).fail({ status: 'cancelled' })
    await run.result
    expect(step(run, 's')).toMatchObject({ status: 'cancelled', reason: 'fail-fast' })
  })

  it('keeps what succeeded although it was told to end; what was still to be checked is cancelled', async () => {
    const run = await start({ steps: { a: {}, b: { checks: [check('c')] } } })
    await run.cancel()
    await (await run.started('a')).succeed()
    await (await run.started('b')).succeed()
    const { state } = await run.result
    expect([state.steps.get('a')?.status, state.steps.get('b')?.status]).toEqual(['succeeded', 'cancelled'])
    expect(all(run, 'check-started')).toEqual([])
  })
})

describe('who is asked to look', () => {
  const issue = (run: ControlledRun) => all(run, 'signal-sent').map(({ target, payload }) => [target, payload])

  it('hears which step is late, once', async () => {
    const run = await start({ steps: { a: { dueMs: 1000 } } })
    await run.advance(5000)
    expect(issue(run)).toEqual([['human', { run: 'run-1', step: 'a', issue: 'it is not done when it was due' }]])
  })

  it.each(['run', 'action', 'http'] as const)('hears of none that only waits for a slot: %s', async (kind) => {
    const actions = {
      run: { kind, script: 'x', shell: 'sh' },
      action: { kind, uses: 'x' },
      http: { kind, method: 'GET', url: 'http://x', headers: {}, body: undefined, expect: undefined },
    } as const
    const run = await start({ maxParallel: 1, steps: { a: {}, b: { action: actions[kind] as never, dueMs: 1000 } } })
    await run.advance(5000)
    expect(issue(run)).toEqual([])
    await (await run.started('a')).succeed()
    await run.advance(1000)
    expect(issue(run)).toMatchObject([['human', { step: 'b' }]])
  })

  it('hears nothing of a step whose time to be done cannot be read', async () => {
    const run = await start({ steps: { a: { dueMs: '${{ inputs.none.deep + 1 }}' as never } } })
    expect([run.running(), run.awaited()]).toEqual([['a'], []])
  })

  it('hears of a question that nobody answered once, also where it is asked again and again', async () => {
    const repeat = { until: 'false', max: 3, delayMs: 0, onMax: 'stop' as const }
    const run = await start({ steps: { r: { ...approval, repeat, timeoutMs: 1000, onTimeout: 'escalate' } } })
    await run.advance(1000)
    expect(issue(run)).toHaveLength(1)
    expect((await run.result).state.outcome).toBe('escalated')
  })

  it('hears nothing of what was told to end because the time of all was over', async () => {
    const run = await start({ timeoutMs: 1000, steps: { a: { onTimeout: 'escalate' } } })
    await run.advance(1000)
    await (await run.started('a')).fail({ status: 'cancelled' })
    expect(step(run, 'a')).toMatchObject({ status: 'timed-out', reason: 'timeout' })
    expect([issue(run), (await run.result).state.outcome]).toEqual([[], 'failed'])
  })
})

describe('a handoff', () => {
  const cause = { coordinator: 'OPS', signal: 'OPS:GO', id: '1' }
  const told = async (
    steps: { readonly [id: string]: StepDraft },
    until: (run: ControlledRun) => Promise<void>,
    vars = {},
  ) => {
    const run = await start({ steps, vars }, {}, { cause })
    await until(run)
    return all(run, 'signal-sent').flatMap(({ signal, source, target, payload }) =>
      signal === 'OPS:HANDOFF' ? [[source, target, payload.from, payload.to]] : [],
    )
  }
  const made = async (run: ControlledRun): Promise<void> => {
    for (const path of ['a', 'b', 'c']) await (await run.started(path)).succeed()
  }
  const makers = { a: { agent: 'one' }, b: { agent: 'two' }, c: {} }
  const reader = (env: { readonly [name: string]: string }): StepDraft => ({
    agent: 'two',
    needs: ['a', 'b', 'c'],
    env,
  })

  it('is told of what another agent made, and of nothing else that a step reads', async () => {
    const env = {
      X: '${{ steps.a.status }} of ${{ steps.b.status }}, ${{ steps.c.status }}',
      Y: 'steps.a.status and vars.far, as a text',
    }
    expect(await told({ ...makers, z: reader(env) }, made)).toEqual([['one', 'two', 'a', 'z']])
    expect(await told({ ...makers, z: reader({ Y: env.Y }) }, made, { far: '${{ steps.a.status }}' })).toEqual([])
    expect(await told({ ...makers, z: reader({ Y: '${{ inputs.a }}${{ run.id }}' }) }, made)).toEqual([])
  })

  it('is told of what is read by vars that read vars, and of none that nobody reads', async () => {
    const vars = {
      far: '${{ vars.near }}',
      near: '${{ steps.a.status }}${{ vars.near2 }}',
      near2: 'x',
      apart: '${{ steps.a.status }}',
    }
    expect(await told({ ...makers, z: reader({ X: '${{ vars.far }}${{ vars.near }}' }) }, made, vars)).toEqual([
      ['one', 'two', 'a', 'z'],
    ])
    expect(await told({ ...makers, z: reader({ X: '${{ vars.near2 }}${{ inputs.apart }}' }) }, made, vars)).toEqual([])
  })

  it('is told once, to each that it is for, also where a step is tried again or has items', async () => {
    const retry = { attempts: 2, only: [], backoffMs: 0, factor: 1, maxMs: 0, jitter: 0 }
    const env = { X: '${{ steps.a.status }}' }
    const steps = {
      ...makers,
      z: { ...reader(env), ...items(['k', 'l']), retry },
      y: { ...reader(env), agent: 'three' },
    }
    const found = await told(steps, async (run) => {
      await made(run)
      for (const path of ['z[k]', 'z[l]']) await (await run.started(path)).fail()
      await run.advance(0)
      for (const path of ['z[k]', 'z[l]', 'y']) await (await run.started(path)).succeed()
    })
    expect([...found].sort()).toEqual([
      ['one', 'three', 'a', 'y'],
      ['one', 'two', 'a', 'z'],
    ])
  })
})

describe('a run that parks names', () => {
  const parkedFor = async (
    root: PipelineDraft,
    others: { readonly [name: string]: PipelineDraft } = {},
    until = async (_: ControlledRun) => {},
  ) => {
    const run = await start(root, others, { park: true })
    await until(run)
    await run.advance(0)
    return (await run.result).state.parkedFor
  }

  it('no step that is only to be done by some time', async () => {
    expect(await parkedFor({ steps: { s: sub({ dueMs: 1000 }) } }, { inner: { steps: { ok: approval } } })).toEqual([
      's/ok',
    ])
  })

  it('what waits for a gate that is held, with the gate', async () => {
    const gates = [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: { by: ['ARCHITECT'] } })]
    const names = await parkedFor({ gates, steps: { a: { agent: 'x' }, b: {} } }, {}, async (run) =>
      (await run.started('a')).fail(),
    )
    expect([...names].sort()).toEqual(['b', 'gate:g'])
  })

  it('no signal that it sent to itself', async () => {
    const wait: StepDraft = { action: { kind: 'wait', signal: 'OPS:GO', when: undefined } }
    const send: StepDraft = { action: { kind: 'signal', signal: 'OPS:GO' } }
    expect(await parkedFor({ steps: { wait, send, ok: approval } })).toEqual(['ok'])
  })

  it('no lock of its own that it was cancelled before it had', async () => {
    const run = await start(
      { mutex: 'repo', steps: { a: {} }, finally: { ok: approval } },
      {},
      { park: true, elsewhere: ['repo'] },
    )
    await run.cancel()
    await run.advance(0)
    expect((await run.result).state.parkedFor).toEqual(['ok'])
  })

  it('no lock of a pipeline that was cancelled before it had it', async () => {
    const run = await start(
      { steps: { s: sub() }, finally: { ok: approval } },
      { inner: { mutex: 'repo', steps: { a: {} } } },
      { park: true, elsewhere: ['repo'] },
    )
    await run.cancel()
    await run.advance(0)
    expect((await run.result).state.parkedFor).toEqual(['ok'])
  })

  it('all that it holds itself, though it asks for something else with it', async () => {
    const steps = { ok: { ...approval, mutex: 'one' }, a: { mutex: "${{ ['one', 'two'] }}" } }
    expect([...(await parkedFor({ steps }))].sort()).toEqual(['a', 'ok'])
  })

  it.each<[string, StepDraft, string]>([
    ['an item', items(['k']), 'x[k]'],
    ['a pass', { repeat: { until: 'false', max: 2, delayMs: 0, onMax: 'stop' } }, 'x@1'],
  ])('nothing while %s may still get a lock that another run holds', async (_, more, path) => {
    const run = await start(
      { steps: { x: { ...more, mutex: 'repo' }, ok: approval } },
      {},
      { park: true, elsewhere: ['repo'] },
    )
    await run.advance(1000)
    expect(all(run, 'run-parked')).toEqual([])
    await run.freeElsewhere('repo')
    expect(run.running()).toEqual([path])
  })
})

describe('a bypass that is over', () => {
  it('leaves the gate held as it was, with its share', async () => {
    const gates = [gate('g', { of: ['a', 'b'], success: 1, before: ['c'], bypass: { by: ['ARCHITECT'] } })]
    const run = await start({
      gates,
      steps: { a: { agent: 'x' }, b: { agent: 'x' }, late: {}, c: { needs: ['late'] } },
    })
    await (await run.started('a')).succeed()
    await (await run.started('b')).fail()
    const bob = { name: 'bob', uid: 1001 }
    await run.row('bypass', 'gate:g', { reason: 'now', expires: run.now() + 100 }, bob)
    expect(run.state().gates.get('g')?.status).toBe('bypassed')
    await run.advance(200)
    await (await run.started('late')).succeed()
    const judged = all(run, 'gate-judged')
    expect(judged).toHaveLength(2)
    expect(judged[1]).toMatchObject({ status: 'held', share: 0.5, failing: ['b'] })
    expect(awaitedBy(run)).toEqual(['gate:g#bypass'])
    await run.row('bypass', 'gate:g', { reason: 'again' }, bob)
    expect(run.running()).toEqual(['c'])
  })

  it('has no share where the gate asked for none', async () => {
    const gates = [gate('g', { of: ['a'], mustPass: ['a'], before: ['c'], bypass: { by: ['ARCHITECT'] } })]
    const run = await start({ gates, steps: { a: {}, late: {}, c: { needs: ['late'] } } })
    await (await run.started('a')).fail()
    await run.row('bypass', 'gate:g', { reason: 'now', expires: run.now() + 100 }, { name: 'bob', uid: 1001 })
    await run.advance(200)
    await (await run.started('late')).succeed()
    expect(all(run, 'gate-judged').map((event) => Object.hasOwn(event, 'share'))).toEqual([false, false])
  })
})

describe('what one gate judges by nothing', () => {
  it('fails, and says that there was nothing to count', async () => {
    const run = await start({
      gates: [gate('g', { of: ['a'], success: 0.5 })],
      steps: { a: { agent: 'x', when: 'false' } },
    })
    expect((await run.result).state.gates.get('g')).toMatchObject({ status: 'failed', share: 0, failing: ['success'] })
  })
})

describe('a failure that is on record', () => {
  it('counts after a kill, though what was checked after it passes', async () => {
    const plan = planOf({ steps: { a: { checks: [check('c'), check('d')] } } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    await (await run.started('a/check:c')).fail({ message: 'no' })
    run.crash()
    const again = await controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE } })
    await (await again.started('a/check:d')).succeed()
    expect((await again.result).state.steps.get('a')).toMatchObject({
      status: 'failed',
      message: 'check `c` failed: no',
    })
  })
})
