import { describe, expect, it } from 'vitest'
import { controlled, statuses } from '../support/controlled-port.ts'
import { planOf, type StepDraft } from '../support/plans.ts'

const child = (pipeline: string): StepDraft => ({ action: { kind: 'pipeline', pipeline } })

function over(items: unknown, more: Partial<NonNullable<StepDraft['foreach']>> = {}): StepDraft['foreach'] {
  return { items: items as never, key: '${{ item.id }}', needs: '${{ item.needs }}', maxParallel: undefined, ...more }
}

describe('foreach', () => {
  const item = (id: string, ...needs: string[]) => ({ id, needs })

  // items: a --> b, c
  it('makes a graph at run time: an item starts when the items it needs have succeeded', async () => {
    const steps = {
      tasks: { outputs: { list: { type: 'array' as const } } },
      each: {
        needs: ['tasks'],
        foreach: over('${{ steps.tasks.outputs.list }}'),
        outputs: { n: { type: 'integer' as const } },
      },
      last: {
        needs: ['each'],
        env: { NS: '${{ steps.each.outputs.n }}', KEYS: '${{ steps.each.each.map(i, i.key) }}' },
      },
    }
    const run = await controlled(planOf({ steps }))
    await (await run.started('tasks')).succeed({ list: [item('a'), item('b', 'a'), item('c')] })
    expect(run.running()).toEqual(['each[a]', 'each[c]'])
    await (await run.started('each[c]')).succeed({ n: 3 })
    await (await run.started('each[a]')).succeed({ n: 1 })
    await (await run.started('each[b]')).succeed({ n: 2 })
    expect((await run.started('last')).request.env).toEqual({ NS: '[1,2,3]', KEYS: '["a","b","c"]' })
    await (await run.started('last')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it.each([
    ['a key that is there twice', [item('a'), item('a')], 'same key `a`'],
    ['an unknown need', [item('a', 'z')], 'needs `z`'],
    ['a circle', [item('a', 'b'), item('b', 'a')], 'in a circle: `a` -> `b` -> `a`'],
    ['too many items', Array.from({ length: 1001 }, (_, i) => item(`k${i}`)), 'more than the 1000'],
    ['what is no list', 'text', 'not a list'],
  ])('promise 3c: %s fails the step before any item starts', async (_, items, message) => {
    const run = await controlled(planOf({ steps: { each: { foreach: over(items) } } }))
    const { state } = await run.result
    expect(state.steps.get('each')).toMatchObject({ status: 'failed', reason: 'foreach' })
    expect(state.steps.get('each')?.message).toContain(message)
    expect(state.steps.size).toBe(1)
  })

  it('fails after all items have ended when one failed, and skips the items that need it', async () => {
    const run = await controlled(planOf({ steps: { each: { foreach: over([item('a'), item('b', 'a'), item('c')]) } } }))
    await (await run.started('each[a]')).fail()
    expect(run.state().steps.get('each')?.status).toBe('running')
    await (await run.started('each[c]')).succeed()
    const { state } = await run.result
    expect(statuses(state)).toEqual({
      each: 'failed',
      'each[a]': 'failed',
      'each[b]': 'skipped',
      'each[c]': 'succeeded',
    })
  })

  it('speaks of items by the keys that their author wrote', async () => {
    const items = [
      { id: 'a b', needs: [] },
      { id: 'c/d', needs: ['a b'] },
    ]
    const each = { items, key: '${{ item.id }}', needs: '${{ item.needs }}', maxParallel: undefined }
    const run = await controlled(planOf({ steps: { e: { foreach: each } } }))
    await (await run.started('e[a%20b]')).fail()
    const { steps } = (await run.result).state
    expect(steps.get('e[c%2Fd]')?.message).toBe('`a b` did not succeed')
    expect(steps.get('e')?.message).toBe('1 of 2 failed: `a b`')
  })

  it('promise 24a: never has more items at once than its own max_parallel', async () => {
    const items = [item('a'), item('b'), item('c')]
    const run = await controlled(planOf({ steps: { each: { foreach: over(items, { maxParallel: 2 }) } } }))
    expect(run.running()).toEqual(['each[a]', 'each[b]'])
    expect(run.state().steps.get('each[c]')?.waitingFor).toEqual({ kind: 'slot' })
    await (await run.started('each[b]')).fail()
    expect(run.running()).toEqual(['each[a]', 'each[c]'])
  })

  it('an empty list succeeds with empty lists', async () => {
    const run = await controlled(
      planOf({
        steps: { each: { foreach: over([]) } },
        outputs: { all: { value: '${{ steps.each.each }}', deliverable: undefined } },
      }),
    )
    expect((await run.result).state).toMatchObject({ outcome: 'succeeded', outputs: { all: [] } })
  })
})

describe('repeat', () => {
  const repeat = { until: 'outputs.open == 0', max: 3, delayMs: 0, onMax: 'fail' as const }
  const outputs = { open: { type: 'integer' as const } }

  it('passes again until it holds; outputs are those of the last pass', async () => {
    const run = await controlled(planOf({ steps: { a: { repeat, outputs } } }))
    await (await run.started('a@1')).succeed({ open: 2 })
    await (await run.started('a@2')).succeed({ open: 0 })
    expect((await run.result).state.steps.get('a')).toMatchObject({
      status: 'succeeded',
      iteration: 2,
      outputs: { open: 0 },
    })
  })

  it.each([
    ['fail', 'failed'],
    ['stop', 'succeeded'],
  ] as const)('on_max: %s ends it %s when there were enough passes', async (onMax, status) => {
    const run = await controlled(planOf({ steps: { a: { repeat: { ...repeat, max: 1, onMax }, outputs } } }))
    await (await run.started('a@1')).succeed({ open: 2 })
    expect((await run.result).state.steps.get('a')?.status).toBe(status)
  })

  it('a failed pass fails it; the delay lies between passes', async () => {
    const run = await controlled(planOf({ steps: { a: { repeat: { ...repeat, delayMs: 500 }, outputs } } }))
    await (await run.started('a@1')).succeed({ open: 2 })
    expect(run.running()).toEqual([])
    await run.advance(500)
    await (await run.started('a@2')).fail()
    expect((await run.result).state.steps.get('a')?.status).toBe('failed')
  })
})

describe('sub-pipelines', () => {
  it('promise 11a: see their inputs only, have a scope of their own, and give their outputs', async () => {
    const plan = planOf(
      {
        steps: { sub: { ...child('inner'), with: { n: '${{ 20 + 1 }}' } } },
        outputs: { v: { value: '${{ steps.sub.outputs.v }}', deliverable: undefined } },
      },
      {
        inner: {
          inputs: { n: { type: 'integer' }, opt: { type: 'string', optional: true } },
          steps: { one: { env: { N: '${{ inputs.n }}', O: '${{ inputs.opt == null }}' } } },
          outputs: { v: { value: '${{ inputs.n * 2 }}', deliverable: undefined } },
        },
      },
    )
    const run = await controlled(plan)
    expect((await run.started('sub/one')).request.env).toEqual({ N: '21', O: 'true' })
    await (await run.started('sub/one')).succeed()
    expect((await run.result).state.outputs).toEqual({ v: 42 })
  })

  it('refuses at the door what its inputs do not allow', async () => {
    const plan = planOf(
      { steps: { sub: { ...child('inner'), with: { n: 'x' } } } },
      { inner: { inputs: { n: { type: 'integer' } }, steps: { one: {} } } },
    )
    const { state } = await (await controlled(plan)).result
    expect(state.steps.get('sub')).toMatchObject({ status: 'failed', reason: 'inputs' })
  })

  it('promise 11b: succeeded-with-failures counts as succeeded, and steps.x.outcome says so', async () => {
    const plan = planOf({ steps: { sub: child('inner') } }, { inner: { steps: { one: { allowFailure: true } } } })
    const run = await controlled(plan)
    await (await run.started('sub/one')).fail()
    const { state } = await run.result
    expect(state.steps.get('sub')).toMatchObject({ status: 'succeeded', outcome: 'succeeded-with-failures' })
    expect(state.outcome).toBe('succeeded')
  })

  it('a retry of a sub-pipeline runs all of it again, and no token is used twice', async () => {
    const retry = { attempts: 2, only: [], backoffMs: 0, factor: 1, maxMs: 0, jitter: 0 }
    const plan = planOf(
      { steps: { sub: { ...child('inner'), retry } } },
      { inner: { steps: { one: {}, two: { needs: ['one'] } } } },
    )
    const run = await controlled(plan)
    await (await run.started('sub/one')).succeed()
    await (await run.started('sub/two')).fail()
    await run.advance(1)
    expect((await run.started('sub/one')).attempt).toBe(2)
    await (await run.started('sub/one')).succeed()
    await (await run.started('sub/two')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('promise 24a: steps inside take slots of every scope around them, and the sub-pipeline itself none', async () => {
    const plan = planOf(
      { maxParallel: 2, steps: { x: child('inner'), y: child('inner'), z: {} } },
      { inner: { maxParallel: 1, steps: { one: {}, two: {} } } },
    )
    const run = await controlled(plan)
    expect(run.running()).toHaveLength(2)
    for (let left = 5; left > 0; left--) {
      expect(run.running().length).toBeLessThanOrEqual(2)
      expect(run.running().filter((path) => path.startsWith('x/')).length).toBeLessThanOrEqual(1)
      await (await run.started(run.running()[0]!)).succeed()
    }
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  // each[a] and each[b], each a repeat of a pipeline
  it('nests: a foreach of a repeat of a pipeline', async () => {
    const steps = {
      each: {
        ...child('inner'),
        foreach: over([{ id: 'a' }, { id: 'b' }], { needs: undefined }),
        repeat: { until: 'outputs.done == true', max: 2, delayMs: 0, onMax: 'stop' as const },
      },
    }
    const inner = {
      steps: { one: { outputs: { done: { type: 'boolean' as const } } } },
      outputs: { done: { value: '${{ steps.one.outputs.done }}', deliverable: undefined } },
    }
    const run = await controlled(planOf({ steps }, { inner }))
    await (await run.started('each[a]@1/one')).succeed({ done: true })
    await (await run.started('each[b]@1/one')).succeed({ done: false })
    await (await run.started('each[b]@2/one')).succeed({ done: true })
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})
