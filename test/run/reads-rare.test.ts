import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/expr/evaluate.ts'
import { givenFor, rootsOf } from '../../src/run/given.ts'
import { count, duration } from '../../src/run/roots.ts'
import type { Json } from '../../src/util/json.ts'
import { ALICE, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/** A step that says what these expressions give, each as JSON. */
const probe = (expressions: { readonly [name: string]: string }, more: StepDraft = {}): StepDraft => ({
  ...more,
  env: Object.fromEntries(Object.entries(expressions).map(([name, source]) => [name, `\${{ [${source}] }}`])),
})
async function seen(run: ControlledRun, path = 'probe'): Promise<{ readonly [name: string]: Json }> {
  const { env } = (await run.started(path)).request
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, JSON.parse(String(value))[0]]))
}
const start = (root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}, more = {}) =>
  controlled(planOf(root, others), more)
const request = async (root: PipelineDraft, path = 'a') => (await (await start(root)).started(path)).request
const message = async (root: PipelineDraft) => (await (await start(root)).result).state.steps.get('a')?.message
const on = (step: string) => [{ step, on: 'completed' as const }]

describe('what a step reads', () => {
  it('as a whole: the environment, the gates, the steps, the project', async () => {
    const steps = { probe: probe({ steps: 'steps.map(s, s)', gates: 'gates.map(g, g)', path: 'project' }), b: {} }
    const run = await start({ gates: [gate('g', { of: ['b'] }), gate('h', { of: ['b'] })], steps })
    expect(await seen(run)).toEqual({
      steps: ['probe', 'b'],
      gates: ['g', 'h'],
      path: { alias: null, path: '/project', repo: null, protected: [] },
    })
    const env = { ONE: '1', TWO: '2' }
    const other = await start({ env, steps: { probe: { env: { ALL: '${{ env }}' } } } })
    expect((await other.started('probe')).request.env).toMatchObject({ ALL: JSON.stringify(env) })
  })

  it('by a var: what is so now, not what was so when another step read the var', async () => {
    const run = await start({
      vars: { inner: '${{ steps.a.status }}', outer: '${{ vars.inner }}' },
      steps: { a: {}, early: probe({ now: 'vars.outer' }), probe: probe({ now: 'vars.outer' }, { needs: ['a'] }) },
    })
    expect(await seen(run, 'early')).not.toEqual({ now: 'succeeded' })
    await (await run.started('a')).succeed()
    expect(await seen(run)).toEqual({ now: 'succeeded' })
  })

  it('by vars that read vars: each of them once, however often they are read', async () => {
    const depth = 14
    const vars: { [name: string]: string } = { v0: 'x' }
    for (let at = 1; at <= depth; at++)
      vars[`v${at}`] = `\${{ vars.v${at - 1} == vars.v${at - 1} ? vars.v${at - 1} : '' }}`
    const run = await start({ vars, steps: { probe: probe({ deep: `vars.v${depth}` }) } })
    expect(await seen(run)).toEqual({ deep: 'x' })
  })

  it('of its item, also in a pass', async () => {
    const run = await start({
      steps: {
        x: probe(
          { item: 'item' },
          {
            foreach: { items: ['k'], key: '${{ item }}', needs: undefined, maxParallel: undefined },
            repeat: { until: 'false', max: 2, delayMs: 0, onMax: 'stop' },
          },
        ),
      },
    })
    expect(await seen(run, 'x[k]@1')).toEqual({ item: 'k' })
  })

  it('of one that failed at the instant at which it started itself, in every attempt', async () => {
    const retry = { attempts: 2, only: [], backoffMs: 10, factor: 1, maxMs: 10, jitter: 0 }
    const run = await start({ steps: { a: {}, probe: probe({ a: 'steps.a.status' }, { needs: on('a'), retry }) } })
    await (await run.started('a')).fail()
    expect(await seen(run)).toEqual({ a: 'failed' })
    await (await run.started('probe')).fail()
    await run.advance(10)
    expect(await seen(run)).toEqual({ a: 'failed' })
  })

  it('of a pipeline and of a question that gave nothing: every name that they would have given, as null', async () => {
    const run = await start(
      {
        steps: {
          sub: { action: { kind: 'pipeline', pipeline: 'inner' } },
          which: { action: { kind: 'ask', prompt: 'Which?', from: [], answer: { tag: { type: 'string' } } } },
          plain: { outputs: { own: { type: 'string' } } },
          probe: probe(
            { sub: 'steps.sub.outputs', which: 'steps.which.outputs', plain: 'steps.plain.outputs' },
            { needs: [...on('sub'), ...on('which'), ...on('plain')] },
          ),
        },
      },
      { inner: { steps: { b: {} }, outputs: { said: { value: 'hello', deliverable: undefined } } } },
    )
    await (await run.started('sub/b')).fail()
    await (await run.started('plain')).fail()
    await run.row('reject', 'which')
    expect(await seen(run)).toEqual({ sub: { said: null }, which: { tag: null }, plain: { own: null } })
  })
})

describe('a number or a time that is wanted', () => {
  it.each(['${{ true }}', '${{ [3] }}', '${{ {"a": 3} }}'])('is not %s', (value) => {
    expect(count(value, {}, 0).ok).toBe(false)
    expect(duration(value, {}).ok).toBe(false)
  })
})

describe('what an attempt is asked to do', () => {
  it('is refused where a text of the environment around it cannot be read', async () => {
    expect(await message({ env: { X: '${{ steps.a.outputs.none.deep }}' }, steps: { a: {} } })).toMatch(/^env `X`: ./)
  })

  it('names no variable that is let through where none is, and takes out those that are', async () => {
    expect(await request({ steps: { a: { env: { X: '1' } } } })).not.toHaveProperty('inherit')
    const given = await request({ env: { HOME: 'inherit', Y: '2' }, steps: { a: { env: { X: '1' } } } })
    expect(given).toMatchObject({ inherit: ['HOME'] })
    expect(given.env).toEqual({ X: '1', Y: '2' })
  })

  it('knows the failures by what they are told by, without what is done about them', async () => {
    const failures = {
      net: { match: 'ECONN', exit: 7, hint: 'try later', recover: undefined },
    } as StepDraft['failures']
    expect((await request({ steps: { a: { failures: failures! } } })).failures).toEqual({
      net: { match: 'ECONN', exit: 7 },
    })
  })

  it('stands in the worktree of a pipeline around it, through those that ask for none', async () => {
    const sub = (pipeline: string): StepDraft => ({ action: { kind: 'pipeline', pipeline } })
    const run = await start(
      { isolation: 'worktree', steps: { x: sub('one') } },
      { one: { steps: { y: sub('two') } }, two: { steps: { a: {} } } },
    )
    expect((await run.started('x/y/a')).request).toMatchObject({ isolation: 'worktree', worktree: '' })
  })

  it('may compute with the environment, and pass a secret on that stands in it', async () => {
    const { env } = await request({
      secrets: ['TOKEN'],
      env: { N: '5', T: '${{ secrets.TOKEN }}' },
      steps: {
        a: {
          env: { M: '${{ int(env.N) + 1 }}', HEAD: 'Bearer ${{ env.T }}', BOTH: '${{ env.T }}${{ secrets.TOKEN }}' },
        },
      },
    })
    expect(env.M).toBe('6')
    expect(env.HEAD).toBe(`Bearer ${env.T}`)
    expect(env.BOTH).toBe(`${env.T}${env.T}`)
  })

  it('binds the question which files were changed by no rule', async () => {
    const run = await start({
      gates: [gate('g', { of: ['a'], paths: ['src/**'] })],
      steps: { a: { permissions: { allow: ['git'], deny: ['rm'], ask: {} } } as StepDraft },
    })
    await (await run.started('a')).succeed()
    const asked = await run.started('gate:g/check:changed-paths')
    expect(asked.request.permissions).toEqual({ allow: [], deny: [], ask: {} })
  })

  it('is no repair or check whose texts cannot be read, which says so', async () => {
    const action = { kind: 'run' as const, script: 'x', shell: 'sh' as const }
    const wrong = { value: '${{ steps.a.outputs.none.deep }}' }
    const run = await start({
      steps: { a: { checks: [check('c', { judge: { kind: 'step', action, with: wrong, env: {} } })] } },
    })
    await (await run.started('a')).succeed()
    expect((await run.result).state.steps.get('a')?.message).toMatch(/^check `c` failed: .*none/)
  })
})

describe('what the condition of a wait reads is put on record', () => {
  const ROOTS = { inputs: { map: { a: { b: 3, c: 4 } }, none: null }, payload: { v: 1 }, signal: 'X', word: 'x' }
  const given = (text: string) => JSON.parse(JSON.stringify(givenFor(text, ROOTS) ?? null)) as Json

  it.each<[string, Json]>([
    ['inputs.map.a.b == 3 && inputs.map.a != null', { inputs: { map: { a: { b: 3, c: 4 } } } }],
    ['inputs.map.a.b == 3', { inputs: { map: { a: { b: 3 } } } }],
    ['inputs.absent.deep == 1', { inputs: { absent: null } }],
    ['word.deep == 1', null],
    ['nothing == 1', null],
    ["payload.v == 1 && signal == 'X'", null],
  ])('%s', (text, expected) => expect(given(text)).toEqual(expected))

  it('with texts as texts, and a step that has the name of a time as a step', () => {
    const roots = rootsOf({
      steps: { build: { status: '5m', duration: '90s' }, duration: { status: '3s', duration: '7s' } },
      run: { id: '10m' },
    })
    for (const text of [
      "steps.build.status == '5m'",
      "steps.build.duration == duration('90s')",
      "steps.duration.status == '3s'",
      "steps.duration.duration == duration('7s')",
      "run.id == '10m'",
    ])
      expect([text, evaluate(text, roots)]).toEqual([text, { ok: true, value: true }])
  })
})

describe('who is asked', () => {
  it('is asked for an answer, whatever was approved when the run was started', async () => {
    const ask = { kind: 'ask' as const, prompt: 'Which?', from: [], answer: {} }
    const run = await start({ steps: { which: { action: ask } } }, {}, { approve: ['which'] })
    expect(run.state().steps.get('which')?.status).toBe('waiting')
    await run.row('answer', 'which', {}, ALICE)
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})
