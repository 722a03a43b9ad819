import { describe, expect, it } from 'vitest'
import { ALICE, type ControlledOptions, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * Promise 22: a cancel is heard at once in every state that a step, a gate or a run can be in. Each row brings a run to
 * one of them; what is asked of all rows stands below the table.
 */

interface Moment {
  readonly plan: PipelineDraft
  readonly inner?: PipelineDraft
  readonly options?: ControlledOptions
  /** Brings the run to where it is cancelled. */
  readonly reach?: (run: ControlledRun) => Promise<void>
  /** What the steps are then. */
  readonly is: { readonly [path: string]: string }
  /** What runs, is told to end and has to be waited for. */
  readonly ends: readonly string[]
  /** What the steps are in the end. */
  readonly was: { readonly [path: string]: string }
}

const retry = { attempts: 3, only: [], backoffMs: 5000, factor: 1, maxMs: 60_000, jitter: 0 }
const approval: StepDraft = { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } }
const inner: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }
const over = (items: readonly string[], maxParallel?: number) => ({
  foreach: { items: [...items], key: '${{ item }}', needs: undefined, maxParallel },
})
const last = { last: {} }

const MOMENTS: { readonly [state: string]: Moment } = {
  'while it opens, before the lock of the run itself is there': {
    plan: { mutex: 'repo', steps: { a: {} }, finally: last },
    options: { elsewhere: ['repo'] },
    is: {},
    ends: [],
    was: { a: 'cancelled' },
  },
  'before its needs are met': {
    plan: { steps: { a: {}, b: { needs: ['a'] } }, finally: last },
    is: { a: 'running' },
    ends: ['a'],
    was: { a: 'cancelled', b: 'cancelled' },
  },
  'behind a gate that has not judged': {
    plan: {
      steps: { a: {}, b: {} },
      finally: last,
      gates: [gate('g', { of: ['a'], before: ['b'], checks: [check('c')] })],
    },
    reach: async (run) => (await run.started('a')).succeed(),
    is: { a: 'succeeded', b: 'waiting' },
    ends: ['gate:g/check:c'],
    was: { a: 'succeeded', b: 'cancelled' },
  },
  'behind a gate that is held': {
    plan: {
      steps: { a: {}, b: {} },
      finally: last,
      gates: [gate('g', { of: ['a'], mustPass: ['a'], before: ['b'], bypass: { by: ['ARCHITECT'] } })],
    },
    reach: async (run) => (await run.started('a')).fail(),
    is: { a: 'failed', b: 'waiting' },
    ends: [],
    was: { a: 'failed', b: 'cancelled' },
  },
  'in the queue for a slot': {
    plan: { maxParallel: 1, steps: { a: {}, b: {} }, finally: last },
    is: { a: 'running', b: 'waiting' },
    ends: ['a'],
    was: { a: 'cancelled', b: 'cancelled' },
  },
  'in the queue for a lock': {
    plan: { steps: { a: { mutex: 'repo' }, b: { mutex: 'repo' } }, finally: last },
    is: { a: 'running', b: 'waiting' },
    ends: ['a'],
    was: { a: 'cancelled', b: 'cancelled' },
  },
  'in the queue for a lock that another run holds': {
    plan: { steps: { a: { mutex: 'repo' } }, finally: last },
    options: { elsewhere: ['repo'] },
    is: { a: 'waiting' },
    ends: [],
    was: { a: 'cancelled' },
  },
  'in backoff, with its lock': {
    plan: { steps: { a: { retry, mutex: 'repo' } }, finally: last },
    reach: async (run) => (await run.started('a')).fail(),
    is: { a: 'waiting' },
    ends: [],
    was: { a: 'cancelled' },
  },
  'while it runs': {
    plan: { steps: { a: { mutex: 'repo' } }, finally: last },
    is: { a: 'running' },
    ends: ['a'],
    was: { a: 'cancelled' },
  },
  'while what it made is checked': {
    plan: { steps: { a: { checks: [check('c')] } }, finally: last },
    reach: async (run) => (await run.started('a')).succeed(),
    is: { a: 'running' },
    ends: ['a/check:c'],
    was: { a: 'cancelled' },
  },
  'at an approval': {
    plan: { steps: { a: approval, b: { needs: ['a'] } }, finally: last },
    is: { a: 'waiting' },
    ends: [],
    was: { a: 'cancelled', b: 'cancelled' },
  },
  'in a wait of weeks': {
    plan: { steps: { a: { action: { kind: 'wait', forMs: 60 * 86_400_000 } } }, finally: last },
    is: { a: 'waiting' },
    ends: [],
    was: { a: 'cancelled' },
  },
  'in a foreach: one item runs, one waits for a place, one for another item': {
    plan: {
      steps: {
        a: {
          foreach: {
            ...over([]).foreach,
            items: ['x', 'y', 'z'],
            needs: "${{ item == 'z' ? ['x'] : [] }}",
            maxParallel: 1,
          },
        },
      },
      finally: last,
    },
    is: { a: 'running', 'a[x]': 'running', 'a[y]': 'waiting' },
    ends: ['a[x]'],
    was: { a: 'cancelled', 'a[x]': 'cancelled', 'a[y]': 'cancelled', 'a[z]': 'cancelled' },
  },
  'between two passes of a step that repeats': {
    plan: {
      steps: { a: { repeat: { until: 'false', max: 5, delayMs: 60_000, onMax: 'fail' } } },
      finally: last,
    },
    reach: async (run) => (await run.started('a@1')).succeed(),
    is: { a: 'waiting' },
    ends: [],
    was: { a: 'cancelled' },
  },
  'in a sub-pipeline, which has a `finally` of its own': {
    plan: { steps: { a: inner }, finally: last },
    inner: { steps: { one: {}, two: { needs: ['one'] } }, finally: { tidy: {} } },
    is: { a: 'running', 'a/one': 'running' },
    ends: ['a/one', 'a/tidy'],
    was: { a: 'cancelled', 'a/one': 'cancelled', 'a/two': 'cancelled', 'a/tidy': 'succeeded' },
  },
  'in a sub-pipeline that still waits for its own lock': {
    plan: { steps: { a: inner }, finally: last },
    inner: { mutex: 'repo', steps: { one: {} }, finally: { tidy: {} } },
    options: { elsewhere: ['repo'] },
    is: { a: 'waiting' },
    ends: [],
    was: { a: 'cancelled' },
  },
  'in the sub-pipelines of a foreach, one of them at an approval': {
    plan: { steps: { a: { ...inner, ...over(['x', 'y']) } }, finally: last },
    inner: { steps: { one: {}, ask: { ...approval, needs: ['one'] } } },
    reach: async (run) => (await run.started('a[x]/one')).succeed(),
    is: { 'a[x]/ask': 'waiting', 'a[y]/one': 'running' },
    ends: ['a[y]/one'],
    was: { a: 'cancelled', 'a[x]': 'cancelled', 'a[y]': 'cancelled', 'a[x]/ask': 'cancelled' },
  },
}

const plans = ({ plan, inner: one }: Moment) => planOf(plan, one === undefined ? {} : { inner: one })

/** Ends what was told to end, and everything of `finally`. */
async function end(run: ControlledRun, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const one = await run.started(path)
    if (run.aborted(path) === undefined) await one.succeed()
    else await one.fail({ status: 'cancelled' })
  }
}

/** A cancelled run holds nothing, waits for nothing, and has told of each end once. */
async function expectNothingLeft(run: ControlledRun): Promise<void> {
  const { end: how, state } = await run.result
  expect([how, state.outcome]).toEqual(['ended', 'cancelled'])
  expect([run.running(), run.locks(), run.awaited()]).toEqual([[], {}, []])
  const ended = run.events.flatMap((event) => (event.type === 'step-ended' ? [event.path] : []))
  expect(ended).toEqual([...new Set(ended)])
  expect([...state.steps.values()].filter(({ endedAt }) => endedAt === undefined)).toEqual([])
}

/** Nothing but what is in a `finally` starts once a cancel is on record. */
function startedAfterCancel({ events }: ControlledRun): string[] {
  const at = events.findIndex(({ type }) => type === 'cancel-requested')
  return events.slice(at).flatMap((event) => (event.type === 'attempt-started' ? [event.path] : []))
}

describe('promise 22a: a cancel is heard at once, and what is left over is nothing', () => {
  it.each(Object.entries(MOMENTS))('%s', async (_, moment) => {
    const run = await controlled(plans(moment), moment.options)
    await moment.reach?.(run)
    expect(statuses(run.state())).toMatchObject(moment.is)
    await run.cancel()
    await end(run, moment.ends)
    expect(run.running()).toEqual(['last'])
    expect(startedAfterCancel(run)).toEqual([...moment.ends.filter((path) => path.endsWith('tidy')), 'last'])
    await end(run, ['last'])
    expect(statuses((await run.result).state)).toMatchObject({ ...moment.was, last: 'succeeded' })
    await expectNothingLeft(run)
  })

  it('in `finally`, which it lets finish', async () => {
    const run = await controlled(planOf({ steps: { a: {} }, finally: { last: {}, after: { needs: ['last'] } } }))
    await (await run.started('a')).succeed()
    await run.cancel()
    expect([run.running(), run.aborted('last')]).toEqual([['last'], undefined])
    await end(run, ['last', 'after'])
    expect((await run.result).end).toBe('ended')
    expect(statuses((await run.result).state)).toEqual({ a: 'succeeded', last: 'succeeded', after: 'succeeded' })
    expect([run.locks(), run.awaited()]).toEqual([{}, []])
  })
})

describe('promise 22b: a hard cancel kills', () => {
  it.each(Object.entries(MOMENTS))('%s', async (_, moment) => {
    const run = await controlled(plans(moment), moment.options)
    await moment.reach?.(run)
    await run.cancel(true)
    for (const path of moment.ends.filter((one) => !one.endsWith('tidy'))) {
      expect(run.aborted(path)).toBe('hard')
      await end(run, [path])
    }
    await expectNothingLeft(run)
    expect(run.events.filter(({ type }) => type === 'finally-skipped').length).toBeGreaterThan(0)
    expect((await run.result).state.steps.get('last')?.attempts ?? 0).toBe(0)
  })
})

describe('promises 16a, 22a: a runner that is killed right after the cancel leaves a run that resume cancels', () => {
  it.each(Object.entries(MOMENTS))('%s', async (_, moment) => {
    const run = await controlled(plans(moment), moment.options)
    await moment.reach?.(run)
    await run.cancel()
    run.crash()
    const start = { type: 'resume' as const, events: [...run.events], by: ALICE }
    const again = await controlled(plans(moment), { ...moment.options, start, atMs: run.now() })
    for (let path = again.running()[0]; path !== undefined; path = again.running()[0]) await end(again, [path])
    expect(again.state().steps.get('last')?.status).toBe('succeeded')
    expect(statuses((await again.result).state)).toMatchObject({ ...moment.was, last: 'succeeded' })
    await expectNothingLeft(again)
  })
})

describe('promises 16a, 22a: a run that was killed there, and goes on, is cancelled at once', () => {
  it.each(Object.entries(MOMENTS))('%s', async (_, moment) => {
    const run = await controlled(plans(moment), moment.options)
    await moment.reach?.(run)
    run.crash()
    const start = { type: 'resume' as const, events: [...run.events], by: ALICE }
    const again = await controlled(plans(moment), { ...moment.options, start, atMs: run.now() })
    await again.cancel()
    for (let path = again.running()[0]; path !== undefined; path = again.running()[0]) await end(again, [path])
    expect(again.state().steps.get('last')?.status).toBe('succeeded')
    expect(statuses((await again.result).state)).toMatchObject({ ...moment.was, last: 'succeeded' })
    await expectNothingLeft(again)
  })
})
