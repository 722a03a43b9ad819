import { describe, expect, it } from 'vitest'
import { controlled } from '../support/controlled-port.ts'
import { planOf, type StepDraft } from '../support/plans.ts'

/** A text of a plan that cannot be read when its time has come: the list has no fourth item. */
const BAD = '${{ inputs.list[3] }}'
const inputs = { list: { type: 'array' as const } }
const given = { inputs: { list: [] } }
const sub = (more: Partial<StepDraft> = {}): StepDraft => ({
  action: { kind: 'pipeline', pipeline: 'inner' },
  with: { list: [] },
  ...more,
})

describe('a text of the run itself that cannot be read', () => {
  it.each([
    ['max_parallel', { maxParallel: BAD }],
    ['timeout', { timeoutMs: BAD }],
    ['mutex', { mutex: BAD }],
  ])('%s fails the run before anything starts, and says which', async (name, more) => {
    const run = await controlled(planOf({ inputs, steps: { a: {} }, ...more }), given)
    const { end, state } = await run.result
    expect(end).toBe('ended')
    expect(state).toMatchObject({ phase: 'ended', outcome: 'failed', outputs: {}, nextSteps: [] })
    expect(state.reason).toMatch(new RegExp(`^${name}: .`))
    expect(state.steps.size).toBe(0)
  })

  it('is told to the coordinator that asked for the run', async () => {
    const cause = { coordinator: 'COORD_OPS', signal: 'OPS:GO', id: 's1' }
    const run = await controlled(planOf({ inputs, steps: { a: {} }, maxParallel: BAD }), { ...given, cause })
    await run.result
    const sent = run.events.filter((event) => event.type === 'signal-sent')
    expect(sent.at(-1)).toMatchObject({
      signal: expect.stringContaining('FAILURE'),
      payload: { reason: expect.stringMatching(/^max_parallel: /) },
    })
  })
})

describe('a text of a sub-pipeline that cannot be read', () => {
  it.each([
    ['max_parallel', { maxParallel: BAD }, {}],
    ['timeout', { timeoutMs: BAD }, {}],
    ['mutex', { mutex: BAD }, {}],
    ['', {}, { timeoutMs: BAD }],
    ['', {}, { with: { list: BAD } }],
  ])('%s fails its step, and says which', async (name, inner, more) => {
    const plan = planOf({ inputs, steps: { sub: sub(more), b: {} } }, { inner: { inputs, steps: { a: {} }, ...inner } })
    const run = await controlled(plan, given)
    expect(run.running()).toEqual(['b'])
    expect(run.state().steps.get('sub')).toMatchObject({ status: 'failed', reason: 'expression' })
    expect(run.state().steps.get('sub')?.message).toMatch(name === '' ? /./ : new RegExp(`^${name}: .`))
    expect(run.locks()).toEqual({})
    expect(run.awaited()).toEqual([])
  })

  it('an input that it lacks, or does not take, is refused by name', async () => {
    const plan = planOf(
      { steps: { sub: sub({ with: {} }), other: sub({ with: { list: 7 } }) } },
      { inner: { inputs, steps: { a: {} } } },
    )
    const run = await controlled(plan)
    const { steps } = (await run.result).state
    expect(steps.get('sub')).toMatchObject({
      status: 'failed',
      reason: 'inputs',
      message: expect.stringMatching(/input.*`list`/),
    })
    expect(steps.get('other')).toMatchObject({
      reason: 'inputs',
      message: '`list` wants a list, and this is the number 7',
    })
  })
})

describe('a text of a step that cannot be read fails it with that reason', () => {
  it.each<[string, Partial<StepDraft>]>([
    ['mutex', { mutex: BAD }],
    ['env', { env: { X: BAD } }],
    ['cwd', { cwd: BAD }],
    ['timeout', { timeoutMs: BAD }],
    ['with', { action: { kind: 'action', uses: 'x' }, with: { x: BAD } }],
    ['the items of a foreach', { foreach: { items: BAD, key: undefined, needs: undefined, maxParallel: undefined } }],
    ['max_parallel of a foreach', { foreach: { items: ['x'], key: undefined, needs: undefined, maxParallel: BAD } }],
    ['when', { when: 'inputs.list[3] == 1' }],
    [
      'attempts of a retry',
      { retry: { attempts: BAD, only: [], backoffMs: 0, factor: 1, maxMs: 0, jitter: 0 } as never },
    ],
  ])('%s', async (name, more) => {
    const run = await controlled(planOf({ inputs, steps: { a: more, b: { needs: ['a'] }, c: {} } }), given)
    if (name === 'attempts of a retry') {
      await (await run.started('a')).fail()
      expect(run.state().steps.get('a')).toMatchObject({ status: 'failed', reason: 'exit', attempts: 1 })
    } else
      expect(run.state().steps.get('a')).toMatchObject({
        status: 'failed',
        reason: name === 'the items of a foreach' ? 'foreach' : 'expression',
        message: expect.stringMatching(/./),
      })
    expect(run.running()).toEqual(['c'])
    await (await run.started('c')).succeed()
    expect((await run.result).state).toMatchObject({ outcome: 'failed' })
    expect(run.state().steps.get('b')).toMatchObject({
      status: 'skipped',
      reason: 'upstream',
      message: '`a` did not succeed',
    })
    expect(run.locks()).toEqual({})
  })
})

describe('why a step was skipped is said', () => {
  it('by its quorum, in numbers', async () => {
    const run = await controlled(
      planOf({ steps: { a: {}, b: {}, c: {}, d: { needs: ['a', 'b', 'c'], quorum: { count: 3 } } } }),
    )
    await (await run.started('a')).succeed()
    await (await run.started('b')).fail()
    expect(run.state().steps.get('d')).toMatchObject({ status: 'skipped', reason: 'quorum' })
    expect(run.state().steps.get('d')?.message).toBe('1 of 3 needs can be met, 3 were asked for')
  })

  it('where it reacts to a failure that did not come', async () => {
    const run = await controlled(planOf({ steps: { a: {}, b: { needs: [{ step: 'a', on: 'failed' }] } } }))
    await (await run.started('a')).succeed()
    expect((await run.result).state.steps.get('b')).toMatchObject({
      status: 'skipped',
      reason: 'when',
      message: '`a` did not fail',
    })
  })

  it('needs that may have ended as they like count for a quorum, too', async () => {
    const needs = [
      { step: 'a', on: 'completed' as const },
      { step: 'b', on: 'failed' as const },
      { step: 'c', on: 'succeeded' as const },
    ]
    const run = await controlled(planOf({ steps: { a: {}, b: {}, c: {}, d: { needs, quorum: { count: 2 } } } }))
    await (await run.started('a')).fail()
    expect(run.running()).toEqual(['b', 'c'])
    await (await run.started('b')).fail()
    expect(run.running()).toEqual(['c', 'd'])
    expect((await run.started('d')).request).toBeDefined()
    expect(run.events.find((event) => event.type === 'attempt-started' && event.path === 'd')).toMatchObject({
      missing: ['a', 'b', 'c'],
    })
  })

  it.each([
    ['ok', undefined],
    ['succeeded', undefined],
    ['completed', []],
  ] as const)('a step that needs `%s` starts with %j missing', async (on, missing) => {
    const run = await controlled(
      planOf({
        steps: {
          a: {},
          b: {},
          d: {
            needs: [
              { step: 'a', on },
              { step: 'b', on: 'ok' },
            ],
          },
        },
      }),
    )
    await (await run.started('a')).succeed()
    await (await run.started('b')).succeed()
    const event = run.events.find((each) => each.type === 'attempt-started' && each.path === 'd')
    if (missing === undefined) expect(event).not.toHaveProperty('missing')
    else expect(event).toMatchObject({ missing })
  })
})

describe('a mutex', () => {
  it('may be a list of anything, each once, in a fixed order; nothing is no lock', async () => {
    const run = await controlled(
      planOf({ inputs, steps: { a: { mutex: '${{ inputs.list }}' }, b: { mutex: '${{ inputs.list[3] }}' } } }),
      { inputs: { list: ['z', 7, null, '', 'a'] } },
    )
    expect(Object.keys(run.locks())).toEqual(['7', 'a', 'z'])
  })

  it('is told while it is waited for, before anything of the step is done', async () => {
    const run = await controlled(planOf({ steps: { a: { mutex: 'repo' } } }), { elsewhere: ['repo'] })
    expect(run.state().steps.get('a')).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'lock', keys: ['repo'] },
      startedAt: undefined,
    })
    await run.freeElsewhere('repo')
    expect(run.running()).toEqual(['a'])
  })

  it('of a called pipeline is told at the step that calls it', async () => {
    const plan = planOf({ steps: { sub: sub() } }, { inner: { mutex: 'inside', inputs, steps: { a: {} } } })
    const run = await controlled(plan, { elsewhere: ['inside'] })
    expect(run.state().steps.get('sub')).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'lock', keys: ['inside'] },
    })
    await run.freeElsewhere('inside')
    expect(run.running()).toEqual(['sub/a'])
  })
})

describe('limits of time', () => {
  it('of a called pipeline and of the step that calls it: the shorter one counts', async () => {
    for (const [own, calls] of [
      [1000, 3000],
      [3000, 1000],
      [1000, undefined],
      [undefined, 1000],
    ] as const) {
      const plan = planOf(
        { steps: { sub: sub({ timeoutMs: calls }), b: {} } },
        { inner: { inputs, timeoutMs: own, steps: { a: {} } } },
      )
      const run = await controlled(plan)
      await run.advance(999)
      expect(run.aborted('sub/a')).toBeUndefined()
      await run.advance(1)
      expect(run.aborted('sub/a')).toBe('soft')
      expect(run.aborted('b')).toBeUndefined()
    }
  })
})
