import { describe, expect, it } from 'vitest'
import type { GatePlan, Plan } from '../../src/plan/plan.ts'
import { forgottenByPlan, replanning } from '../../src/run/replan.ts'
import { type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * What `resume --with-plan` opens again, and what it leaves alone, told by the record alone.
 */

const CHANGED = { phase: 'changed' }
const FROM = { by: ['owners'] }
const sub = (pipeline = 'inner'): StepDraft => ({ action: { kind: 'pipeline', pipeline } })
const approval: StepDraft = { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } }
const ask: StepDraft = { action: { kind: 'ask', prompt: 'Which?', from: ['owners'], answer: {} } }
const items = (...list: string[]): StepDraft => ({
  foreach: { items: list, key: '${{ item }}', needs: undefined, maxParallel: undefined },
})
const passes: StepDraft = { repeat: { until: 'false', max: 3, delayMs: 0, onMax: 'stop' } }

type Draft = PipelineDraft & { readonly others?: { readonly [name: string]: PipelineDraft }; readonly owner?: string }

function plan({ others = {}, owner = 'alice', ...root }: Draft): Plan {
  return { ...planOf(root, others), hash: JSON.stringify([root, others, owner]), people: { owners: [owner] } }
}

/** What another plan would do over of a run that has come so far. */
async function over(from: Draft, to: Draft, until: (run: ControlledRun) => Promise<unknown> = async () => undefined) {
  const [before, after] = [plan(from), plan(to)]
  const run = await controlled(before)
  await until(run)
  const state = run.state()
  return { ...replanning(before, after, state), forgotten: forgottenByPlan(before, after, state) }
}

const NOTHING = { steps: [], gates: [], dropped: [], forgotten: [] }
const succeed = async (run: ControlledRun, ...paths: string[]): Promise<void> => {
  for (const path of paths) await (await run.started(path)).succeed()
}

describe('what a new plan does over', () => {
  it('nothing, where nothing of it is another', async () => {
    const draft: Draft = {
      steps: { a: {}, off: { when: 'false' }, ok: { ...approval, needs: ['b'] }, b: { needs: ['a'] } },
      gates: [gate('g', { of: ['a'], success: 1 })],
      finally: { last: {} },
    }
    expect(await over(draft, { ...draft }, (run) => succeed(run, 'a'))).toEqual(NOTHING)
  })

  it('no step that is new, or that nothing has happened to yet', async () => {
    const from: Draft = { steps: { a: {}, b: { needs: ['a'] } } }
    const to: Draft = { steps: { a: {}, b: { needs: ['a'], ...CHANGED }, c: {} } }
    expect(await over(from, to)).toEqual(NOTHING)
  })

  it('a gate that judges otherwise, and what waited for it; one that was not there before is not yet judged', async () => {
    const draft = (success: number | undefined, more: readonly GatePlan[] = []): Draft => ({
      steps: { a: {}, b: {}, c: {} },
      gates: [gate('g', { of: ['a'], before: ['b'], success }), ...more],
    })
    const until = (run: ControlledRun): Promise<void> => succeed(run, 'a')
    expect(await over(draft(undefined), draft(0.5), until)).toEqual({ ...NOTHING, steps: ['b'], gates: ['g'] })
    expect(await over(draft(0.5), draft(0.5, [gate('h', { of: ['c'] })]), until)).toEqual(NOTHING)
  })

  it('a gate of the end of the run that judges otherwise, and with it the end; no step of it', async () => {
    const steps = { a: {} }
    const draft = (success: number): Draft => ({
      steps,
      gates: [gate('g', { of: ['a'], success })],
      finally: { last: {} },
    })
    const found = await over(draft(1), draft(0.5), (run) => succeed(run, 'a'))
    expect(found).toEqual({ ...NOTHING, steps: ['last'], gates: ['g'] })
  })

  it('a step that is gone, only where something happened to it', async () => {
    const from: Draft = { steps: { a: {}, b: { needs: ['a'] } } }
    expect((await over(from, { steps: { z: {} } })).dropped).toEqual(['a'])
  })
})

describe('a new plan for a run that is in its finally', () => {
  const from: Draft = { steps: { a: {} }, finally: { last: {} } }
  const steps = async (to: Draft, until = (run: ControlledRun) => succeed(run, 'a')) =>
    (await over(from, to, until)).steps

  it('does it over where a step is new or gone', async () => {
    expect(await steps({ ...from, steps: { a: {}, b: {} } })).toEqual(['last'])
    expect(await steps({ ...from, steps: {} })).toEqual(['last'])
  })

  it('does not where none is, nor where only another one of finally is new', async () => {
    expect(await steps(from)).toEqual([])
    expect(await steps({ ...from, finally: { last: {}, more: {} } })).toEqual([])
  })

  it('has none to do over before the run has come there', async () => {
    const early = async (): Promise<void> => undefined
    expect(await steps({ ...from, steps: { a: {}, b: {} } }, early)).toEqual([])
    expect(await steps({ ...from, steps: { b: {} } }, early)).toEqual([])
  })
})

describe('promise 3d: of what was decided over the old plan', () => {
  it('nothing in a pass that is over is asked again', async () => {
    const others = { inner: { steps: { ok: approval, work: { needs: ['ok'] } } } }
    const from: Draft = { others, steps: { r: { ...sub(), ...passes }, z: {} } }
    const to: Draft = { others, steps: { ...from.steps, z: CHANGED } }
    const found = await over(from, to, async (run) => {
      await run.row('approve', 'r@1/ok')
      await succeed(run, 'r@1/work')
      await run.row('approve', 'r@2/ok')
    })
    expect(found.steps).toEqual(['z', 'r@2/ok', 'r@2/work'])
  })

  it('nothing in a step that is gone, however deep, is asked again', async () => {
    const others = {
      inner: { steps: { ok: approval, deeper: sub('deep') } },
      deep: { steps: { yes: approval } },
    }
    const from: Draft = { others, steps: { gone: sub(), z: {} }, finally: { last: {} } }
    const found = await over(from, { others, steps: { z: {} }, finally: { last: {} } })
    expect(found).toEqual({ ...NOTHING, dropped: ['gone'] })
  })

  it('an approval that was taken back unanswered, in a sub-pipeline that is done without it', async () => {
    const others = { inner: { steps: { ok: { ...approval, allowFailure: true } } } }
    const draft: Draft = { others, timeoutMs: 10, steps: { a: sub(), b: {} }, finally: { last: {} } }
    const to = { ...draft, steps: { a: sub(), b: { ...CHANGED } } }
    const opened = await over(draft, to, async (run) => {
      await run.advance(10)
      expect(run.state().steps.get('a/ok')?.status).toBe('cancelled')
      expect(run.state().steps.get('a')?.status).toBe('succeeded')
    })
    expect(opened.steps).not.toContain('a/ok')
    expect(opened.steps).toContain('b')
  })

  it('an approval that was not asked for, or not needed, is not opened', async () => {
    const steps = { off: { ...approval, when: 'false' }, later: { ...approval, needs: ['a'] }, a: {}, z: {} }
    expect((await over({ steps }, { steps: { ...steps, z: CHANGED } })).steps).toEqual(['z'])
  })

  it('the last question of an approval that is asked again and again is asked again', async () => {
    const steps = { ok: { ...approval, ...passes }, z: {} }
    const found = await over({ steps }, { steps: { ...steps, z: CHANGED } }, (run) => run.row('approve', 'ok@1'))
    expect(found.steps).toEqual(['z', 'ok@2'])
  })

  it('what was skipped by its own `when` stays so, what was lost to a failure does not', async () => {
    const steps = {
      ok: approval,
      off: { needs: ['ok'], when: 'false' },
      bad: {},
      lost: { needs: ['ok', 'bad'] },
    }
    const found = await over({ steps }, { steps: { ...steps, z: {} } }, async (run) => {
      await run.row('approve', 'ok')
      await (await run.started('bad')).fail()
    })
    expect(found.steps).toEqual(['ok', 'lost'])
  })

  it('a bypass is asked again while one of those it was for is still to come; a gate that passed is not judged again', async () => {
    const gates = [
      gate('held', { of: ['a'], success: 1, before: ['b', 'c'], bypass: FROM }),
      gate('fine', { of: ['x'], before: ['y'] }),
    ]
    const from: Draft = { gates, steps: { a: { agent: 'one' }, b: {}, c: {}, x: {}, y: {}, z: {} } }
    const found = await over(from, { ...from, steps: { ...from.steps, z: CHANGED } }, async (run) => {
      await succeed(run, 'x')
      await (await run.started('a')).fail()
      await run.row('bypass', 'gate:held', { reason: 'now' })
      await succeed(run, 'b')
    })
    expect(found).toEqual({ ...NOTHING, steps: ['z', 'c'], gates: ['held'] })
  })
})

describe('a question that is open is asked of those whom the new plan has for it', () => {
  const ways: readonly (readonly [string, Draft, string])[] = [
    [
      'a gate that is held',
      { gates: [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: FROM })], steps: {} },
      'fail',
    ],
    [
      'a check of a gate',
      {
        gates: [gate('g', { of: ['a'], checks: [check('seen', { judge: { kind: 'ask', from: ['owners'] } })] })],
        steps: {},
      },
      'succeed',
    ],
  ]
  for (const [name, draft, end] of ways) {
    const from: Draft = { ...draft, steps: { a: { agent: 'one' }, b: {} } }
    const until = async (run: ControlledRun): Promise<void> => {
      const a = await run.started('a')
      await (end === 'fail' ? a.fail() : a.succeed())
      await Promise.all(run.running().map((path) => succeed(run, path)))
    }
    it(`${name}: anew, where they are others`, async () => {
      expect((await over(from, { ...from, owner: 'bob' }, until)).gates).toEqual(['g'])
    })
    it(`${name}: not anew, where they are the same`, async () => {
      expect(await over(from, from, until)).toEqual(NOTHING)
    })
  }

  it('a check of a gate that was answered is not asked again, nor one of a gate that was judged', async () => {
    const seen = check('seen', { judge: { kind: 'ask', from: ['owners'] } })
    const draft = (checks: (typeof seen)[]): Draft => ({
      gates: [gate('g', { of: ['a'], before: ['b'], checks })],
      steps: { a: {}, b: {} },
    })
    const until = async (run: ControlledRun): Promise<void> => {
      await succeed(run, 'a')
      await run.row('approve', 'gate:g/check:seen')
    }
    const [one, two] = [draft([seen]), draft([seen, check('more', { judge: { kind: 'ask', from: ['bob'] } })])]
    expect(await over(one, { ...one, owner: 'bob' }, until)).toEqual(NOTHING)
    expect(await over(two, { ...two, owner: 'bob' }, until)).toEqual(NOTHING)
  })

  it('an ask whose persons are the same stays as it is; one that was answered too, whoever they are', async () => {
    const from: Draft = { steps: { open: ask, done: ask } }
    const until = (run: ControlledRun): Promise<void> => run.row('answer', 'done', {})
    expect((await over(from, from, until)).steps).toEqual([])
    expect((await over(from, { ...from, owner: 'bob' }, until)).steps).toEqual(['open'])
  })

  it('a bypass that was refused is no question any more', async () => {
    const gates = [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: FROM })]
    const from: Draft = { gates, steps: { a: { agent: 'one' }, b: {}, c: {} } }
    const found = await over(from, { ...from, owner: 'bob' }, async (run) => {
      await (await run.started('a')).fail()
      await run.row('reject', 'gate:g', {})
    })
    expect(found.gates).toEqual([])
  })
})

describe('promise 17a: what was cut off and may not simply run again', () => {
  const once: StepDraft = { interrupted: 'ask' }

  it('keeps the step that holds it, where what came before is asked again', async () => {
    const others = { inner: { steps: { one: once } } }
    const from: Draft = { others, steps: { ok: approval, sub: { ...sub(), needs: ['ok'] }, z: {} } }
    const found = await over(from, { ...from, steps: { ...from.steps, z: CHANGED } }, (run) => run.row('approve', 'ok'))
    expect(found).toEqual({ ...NOTHING, steps: ['z', 'ok'] })
  })

  it('names only what may not run again, in a sub-pipeline and in its items and passes', async () => {
    const others = {
      inner: {
        steps: {
          free: {},
          once,
          each: items('k'),
          eachOnce: { ...items('k'), ...once },
          pass: passes,
          passOnce: { ...passes, ...once },
        },
      },
    }
    const steps = { sub: sub() }
    const found = await over({ others, steps }, { others, steps: { sub: { ...sub(), ...CHANGED } } })
    expect([...found.forgotten].sort()).toEqual(['sub/eachOnce[k]', 'sub/once', 'sub/passOnce@1'])
  })

  it('is no more in the middle where somebody has stopped it', async () => {
    const others = { inner: { steps: { one: once } } }
    const from: Draft = { others, steps: { sub: sub() }, finally: { last: {} } }
    const until = async (run: ControlledRun): Promise<void> => {
      await (await run.started('sub/one')).fail({ status: 'interrupted' })
      expect(run.state().steps.get('sub/one')?.status).toBe('waiting')
      await run.cancel()
    }
    const to: Draft = { ...from, steps: { sub: { ...sub(), ...CHANGED } } }
    expect((await over(from, to)).forgotten).toEqual(['sub/one'])
    expect((await over(from, to, until)).forgotten).toEqual([])
  })

  it('stays cut off where the persons of the plan are others', async () => {
    const from: Draft = { steps: { one: once, open: ask } }
    const until = async (run: ControlledRun): Promise<void> =>
      (await run.started('one')).fail({ status: 'interrupted' })
    expect((await over(from, { ...from, owner: 'bob' }, until)).steps).toEqual(['open'])
  })
})
