import { describe, expect, it } from 'vitest'
import { indexPipeline } from '../../src/run/pipeline-index.ts'
import { delayOf, namesOf } from '../../src/run/retry.ts'
import { condition, count, duration, text, timeLimit } from '../../src/run/roots.ts'
import type { Json } from '../../src/util/json.ts'
import { ALICE, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

const run = (script = 'x'): StepDraft => ({ action: { kind: 'run', script, shell: 'sh' } })
/** What these expressions give in the environment of the step `probe`, which runs now. */
async function seen(of: ControlledRun, path = 'probe'): Promise<unknown> {
  const { env } = (await of.started(path)).request
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, JSON.parse(String(value))]))
}
const probe = (expressions: { readonly [name: string]: string }, needs: StepDraft['needs'] = []): StepDraft => ({
  ...run(),
  needs,
  // A list is always written as JSON.
  env: Object.fromEntries(Object.entries(expressions).map(([name, source]) => [name, `\${{ [${source}] }}`])),
})
const all = (id: string) => ({
  status: `${id}.status`,
  outcome: `${id}.outcome`,
  outputs: `${id}.outputs`,
  attempts: `${id}.attempts`,
  each: `${id}.each`,
})
const retry = { attempts: 2, only: [], backoffMs: 10, factor: 1, maxMs: 10, jitter: 0 } as const

describe('what a step reads of another', () => {
  it('is its status, its outputs, and how often it was tried', async () => {
    const steps = { a: { retry, outputs: { tag: { type: 'string' as const } } }, probe: probe(all('steps.a'), ['a']) }
    const it = await controlled(planOf({ steps }))
    await (await it.started('a')).fail()
    await it.advance(10)
    await (await it.started('a')).succeed({ tag: 'v1' })
    expect(await seen(it)).toEqual({
      status: ['succeeded'],
      outcome: [null],
      outputs: [{ tag: 'v1' }],
      attempts: [2],
      each: [[]],
    })
  })

  it('is null where it failed or has not been, with every name that it declares', async () => {
    const steps = {
      a: { outputs: { tag: { type: 'string' as const } } },
      b: { needs: ['a'], outputs: { n: { type: 'integer' as const } } },
      probe: probe({ ...all('steps.a'), later: 'steps.b.status', n: 'steps.b.outputs' }, [
        { step: 'a', on: 'completed' },
      ]),
    }
    const it = await controlled(planOf({ steps }))
    await (await it.started('a')).fail()
    expect(await seen(it)).toEqual({
      status: ['failed'],
      outcome: [null],
      outputs: [{ tag: null }],
      attempts: [1],
      each: [[]],
      later: ['skipped'],
      n: [{ n: null }],
    })
  })

  it('of a foreach: lists in the order of the items, of those that succeeded; each with key and item', async () => {
    const steps = {
      a: {
        foreach: { items: ['x', 'y'], key: '${{ item }}', needs: undefined, maxParallel: undefined },
        allowFailure: true,
        outputs: { tag: { type: 'string' as const } },
      },
      probe: probe(all('steps.a'), [{ step: 'a', on: 'completed' }]),
    }
    const it = await controlled(planOf({ steps }))
    await (await it.started('a[x]')).fail()
    await (await it.started('a[y]')).succeed({ tag: 'v2', more: 7 })
    expect(await seen(it)).toEqual({
      status: ['failed'],
      outcome: [null],
      outputs: [{ tag: ['v2'], more: [7] }],
      attempts: [1],
      each: [
        [
          { key: 'x', item: 'x', status: 'failed', outputs: { tag: null } },
          { key: 'y', item: 'y', status: 'succeeded', outputs: { tag: 'v2', more: 7 } },
        ],
      ],
    })
  })

  it('of a repeat: the attempts of all passes; of a called pipeline: its outputs and its outcome', async () => {
    const inner: PipelineDraft = {
      steps: { b: { allowFailure: true } },
      outputs: { said: { value: 'hello', deliverable: undefined } },
    }
    const steps = {
      again: { repeat: { until: 'false', max: 2, delayMs: 0, onMax: 'stop' as const } },
      sub: { action: { kind: 'pipeline' as const, pipeline: 'inner' } },
      probe: probe({ passes: 'steps.again.attempts', said: 'steps.sub.outputs', outcome: 'steps.sub.outcome' }, [
        'again',
        'sub',
      ]),
    }
    const it = await controlled(planOf({ steps }, { inner }))
    await (await it.started('again@1')).succeed()
    await it.advance(0)
    await (await it.started('again@2')).succeed()
    await (await it.started('sub/b')).fail()
    expect(await seen(it)).toEqual({ passes: [2], said: [{ said: 'hello' }], outcome: ['succeeded-with-failures'] })
  })

  it('is its time, also while it runs', async () => {
    const steps = {
      a: {},
      slow: {},
      probe: probe(
        {
          a: "steps.a.duration == duration('7s')",
          slow: "steps.slow.duration == duration('9s')",
          none: "steps.later.duration == duration('0s')",
          run: "run.duration == duration('9s')",
        },
        ['a', 'b'],
      ),
      b: {},
      later: { needs: ['probe'] },
    }
    const it = await controlled(planOf({ steps }))
    await it.advance(7000)
    await (await it.started('a')).succeed()
    await it.advance(2000)
    await (await it.started('b')).succeed()
    expect(await seen(it)).toEqual({ a: [true], slow: [true], none: [true], run: [true] })
  })
})

describe('what a step reads of the run', () => {
  it('is who started it, its gates, its inputs, vars and environment', async () => {
    const plan: PipelineDraft = {
      inputs: { a: { type: 'string' }, b: { type: 'string' } },
      vars: { one: '${{ inputs.a }}!', two: '${{ vars.one }}${{ vars.one }}' },
      env: { HOST: 'h-${{ inputs.a }}' },
      steps: {
        a: {},
        probe: probe(
          {
            id: 'run.id',
            by: 'run.started_by',
            gates: 'run.gates',
            g: 'gates.g',
            none: 'inputs.b',
            vars: 'vars.two',
            names: 'vars',
            host: 'env.HOST',
            path: 'project.path',
            outcome: 'run.outcome',
          },
          ['a'],
        ),
      },
      gates: [gate('g', { of: ['a'], before: ['probe'] }), gate('end', { of: ['probe'], level: 'advisory' })],
    }
    const it = await controlled(planOf(plan), { inputs: { a: 'x' } })
    await (await it.started('a')).succeed()
    const { HOST: _, ...read } = (await it.started('probe')).request.env
    expect(
      Object.fromEntries(Object.entries(read).map(([name, value]) => [name, JSON.parse(String(value))[0]])),
    ).toEqual({
      id: 'run-1',
      by: ALICE.name,
      gates: [
        { id: 'g', status: 'passed', level: 'mandatory' },
        { id: 'end', status: 'pending', level: 'advisory' },
      ],
      g: { status: 'passed', level: 'mandatory' },
      none: null,
      vars: 'x!x!',
      names: { one: 'x!', two: 'x!x!' },
      host: 'h-x',
      path: '/project',
      outcome: null,
    })
  })

  it('promise 12a: in `finally`: the outcome, what failed, and every step with all that is known of it', async () => {
    const plan = planOf({
      steps: { a: {}, b: { allowFailure: true }, c: { needs: ['a'] } },
      finally: {
        probe: probe({
          outcome: 'run.outcome',
          failed: 'run.failed',
          steps: 'run.steps.map(s, [s.id, s.status])',
          tries: 'run.steps.map(s, s.attempts)',
        }),
        other: {},
      },
    })
    const it = await controlled(plan)
    await (await it.started('a')).fail()
    await (await it.started('b')).fail()
    expect(await seen(it)).toEqual({
      outcome: ['failed'],
      failed: [['a', 'b']],
      steps: [
        [
          ['a', 'failed'],
          ['b', 'failed'],
          ['c', 'skipped'],
        ],
      ],
      tries: [[1, 1, 0]],
    })
  })

  it('promise 11d: is what was there when it started, where it started without something', async () => {
    const late = probe({ ...all('steps.b'), missing: 'missing', a: 'steps.a.status', names: 'run.steps.size()' }, [
      'a',
      'b',
    ])
    const steps = {
      a: {},
      b: { outputs: { tag: { type: 'string' as const } } },
      probe: { ...late, quorum: { count: 1 }, retry },
    }
    const it = await controlled(planOf({ steps }))
    await (await it.started('a')).succeed()
    const first = await seen(it)
    expect(first).toEqual({
      status: ['pending'],
      outcome: [null],
      outputs: [{ tag: null }],
      attempts: [0],
      each: [[]],
      missing: [['b']],
      a: ['succeeded'],
      names: [3],
    })
    await it.advance(5)
    await (await it.started('b')).succeed({ tag: 'v1' })
    await (await it.started('probe')).fail()
    await it.advance(10)
    expect(await seen(it)).toEqual(first)
  })
})

describe('a text that must be something', () => {
  const roots = { inputs: { n: 3, s: '4', list: [1], none: null, map: { a: 1 }, yes: true, span: '5m' } }
  it.each<[string, Json | object]>([
    ['inputs.yes', { ok: true, value: true }],
    ['inputs.n', { ok: false, message: '`inputs.n` gave the number 3, not true or false' }],
    ['inputs.none', { ok: false, message: '`inputs.none` gave null, not true or false' }],
    ['inputs.list', { ok: false, message: '`inputs.list` gave a list, not true or false' }],
    ['inputs.map', { ok: false, message: '`inputs.map` gave a map, not true or false' }],
    ['inputs.s', { ok: false, message: '`inputs.s` gave the string 4, not true or false' }],
  ])('a condition: %s', (source, expected) => expect(condition(source, roots)).toEqual(expected))

  it.each<[number | string | undefined, object]>([
    [7, { ok: true, value: 7 }],
    [undefined, { ok: true, value: undefined }],
    ['${{ inputs.n }}', { ok: true, value: 3 }],
    ['${{ inputs.s }}', { ok: true, value: 4 }],
    ['${{ inputs.n - 2 }}', { ok: true, value: 1 }],
    ['${{ inputs.n - 3 }}', { ok: false, message: '`${{ inputs.n - 3 }}` gave 0, not a whole number from 1 up' }],
    ['${{ inputs.n / 2.0 }}', { ok: false, message: expect.stringContaining('gave 1.5, not a whole number') }],
    ['${{ inputs.none }}', { ok: false, message: expect.stringContaining('gave null, not a whole number') }],
    ['${{ inputs.list[5] }}', { ok: false, message: expect.stringMatching(/./) }],
  ])('a count: %s', (value, expected) => expect(count(value, roots, 1)).toEqual(expected))

  it.each<[number | string | undefined, object]>([
    [7, { ok: true, value: 7 }],
    [undefined, { ok: true, value: undefined }],
    ['${{ inputs.span }}', { ok: true, value: 300_000 }],
    ['${{ inputs.n }}', { ok: false, message: '`${{ inputs.n }}` gave 3, not a duration such as 30s or 5m' }],
    ['${{ inputs.none }}', { ok: false, message: expect.stringContaining('gave null, not a duration') }],
    ['${{ inputs.list[5] }}', { ok: false, message: expect.stringMatching(/./) }],
  ])('a duration: %s', (value, expected) => expect(duration(value, roots)).toEqual(expected))

  it.each<[number | string | undefined, object]>([
    [0, { ok: true, value: 0 }],
    [undefined, { ok: true, value: undefined }],
    ['${{ inputs.span }}', { ok: true, value: 300_000 }],
    ["${{ '0s' }}", { ok: false, message: "`${{ '0s' }}` gave a limit of no time, which lets nothing happen" }],
    ['${{ inputs.n }}', { ok: false, message: '`${{ inputs.n }}` gave 3, not a duration such as 30s or 5m' }],
  ])('a limit: %s', (value, expected) => expect(timeLimit(value, roots)).toEqual(expected))

  it.each<[Json, object]>([
    ['plain', { ok: true, value: 'plain' }],
    ['${{ inputs.n }}', { ok: true, value: '3' }],
    ['${{ inputs.none }}', { ok: true, value: '' }],
    ['${{ inputs.yes }}', { ok: true, value: 'true' }],
    ['${{ inputs.list }}', { ok: true, value: '[1]' }],
    ['${{ inputs.map }}', { ok: true, value: '{"a":1}' }],
    ['${{ inputs.list[5] }}', { ok: false, message: expect.stringMatching(/./) }],
  ])('a text: %j', (value, expected) => expect(text(value, roots)).toEqual(expected))
})

describe('retries', () => {
  it('know a failure by its name, and by what kind of end it was', () => {
    expect(namesOf({ status: 'failed', failure: 'offline', reason: 'exit', durationMs: 1 })).toEqual(['offline'])
    expect(namesOf({ status: 'timed-out', durationMs: 1 })).toEqual(['timeout'])
    expect(namesOf({ status: 'stalled', failure: 'x', durationMs: 1 })).toEqual(['x', 'stall'])
    expect(namesOf({ status: 'failed', reason: 'check', durationMs: 1 })).toEqual(['check'])
    expect(namesOf({ status: 'failed', reason: 'exit', durationMs: 1 })).toEqual([])
  })

  it('wait longer each time up to the most, within the jitter, which each attempt has of its own', () => {
    const step = (jitter: number) =>
      planOf({ steps: { a: { retry: { attempts: 9, only: [], backoffMs: 100, factor: 3, maxMs: 2000, jitter } } } })
        .pipelines.main!.steps[0]!
    const at = (failures: number, jitter = 0, token = 'a#2') =>
      delayOf({ id: 'r' } as never, step(jitter), failures, token)
    expect([0, 1, 2, 3, 9].map((failures) => at(failures))).toEqual([100, 300, 900, 2000, 2000])
    const spread = Array.from({ length: 200 }, (_, attempt) => at(2, 0.5, `a#${attempt}`))
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(450)
    expect(Math.max(...spread)).toBeLessThanOrEqual(1350)
    expect(Math.min(...spread)).toBeLessThan(550)
    expect(Math.max(...spread)).toBeGreaterThan(1250)
    expect(new Set(spread).size).toBeGreaterThan(100)
  })

  it.each(['expression', 'inputs', 'permission'])(
    'are none where the next attempt would meet the same: %s',
    async (reason) => {
      const it = await controlled(planOf({ steps: { a: { retry } } }))
      await (await it.started('a')).fail({ reason })
      expect((await it.result).state.steps.get('a')).toMatchObject({ status: 'failed', reason, attempts: 1 })
    },
  )
})

describe('what is looked up in a pipeline', () => {
  const plan = planOf({
    steps: {
      a: {},
      b: { needs: ['a'] },
      c: { needs: [{ step: 'a', on: 'completed' }, 'b' as never].slice(0, 1) as never },
      d: { needs: ['b', 'c'] },
      e: {},
    },
    gates: [gate('soft', { of: ['a'], bypass: { by: ['x'] } }), gate('hard', { of: ['a', 'b'] })],
  }).pipelines.main!
  const index = (durations: readonly (readonly [string, number])[] = [], path = '') =>
    indexPipeline(plan, path, new Map(durations))

  it('is who needs whom, and which gates judge it: those that nobody may bypass first', () => {
    const { dependents, judgedBy, position } = index()
    expect(Object.fromEntries(dependents)).toEqual({
      a: [
        { step: 'b', on: 'ok' },
        { step: 'c', on: 'completed' },
      ],
      b: [{ step: 'd', on: 'ok' }],
      c: [{ step: 'd', on: 'ok' }],
    })
    expect(Object.fromEntries(judgedBy)).toEqual({ a: ['hard', 'soft'], b: ['hard'] })
    expect([...position]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
      ['e', 4],
    ])
  })

  it('is the longest way to the end, in hops, or in what is known of earlier runs', () => {
    expect(Object.fromEntries(index().rank)).toEqual({ a: 3, b: 2, c: 2, d: 1, e: 1 })
    expect(Object.fromEntries(index().after)).toEqual({ a: 2, b: 1, c: 1 })
    const known = index([
      ['b', 10],
      ['c', 40],
      ['e', 100],
    ])
    // What nothing is known of counts as the mean of the others: 50.
    expect(Object.fromEntries(known.rank)).toEqual({ a: 140, b: 60, c: 90, d: 50, e: 100 })
    expect(Object.fromEntries(index([['sub/b', 10]], 'sub').rank)).toEqual({ a: 30, b: 20, c: 20, d: 10, e: 10 })
    expect(Object.fromEntries(index([['b', 10]], 'sub').rank)).toEqual(Object.fromEntries(index().rank))
  })
})
