import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { forgottenByPlan } from '../../src/run/replan.ts'
import { ALICE, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * `resume --with-plan`. What a step is, is told by all that it says; a change of its `phase` is one that nothing else follows from.
 */

const inner = { kind: 'pipeline' as const, pipeline: 'inner' }
const CHANGED = { phase: 'changed' }
const BOB = { name: 'bob', uid: 1001 }

function approval(more: StepDraft = {}): StepDraft {
  return { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true }, ...more }
}

function other(root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}): Plan {
  return { ...planOf(root, others), hash: 'other' }
}

function onward(from: Plan, to: Plan, events: readonly RunEvent[], more = {}): Promise<ControlledRun> {
  return controlled(to, { start: { type: 'replan', events, by: ALICE, from, inputs: {} }, ...more })
}

async function crashed(plan: Plan, until: (run: ControlledRun) => Promise<void>): Promise<readonly RunEvent[]> {
  const run = await controlled(plan)
  await until(run)
  run.crash()
  return run.events
}

const succeed = async (run: ControlledRun, path: string): Promise<void> => (await run.started(path)).succeed()

describe('resume --with-plan', () => {
  it('promise 3d: a finished step stays where its hash is equal; one in flight whose hash changed starts anew', async () => {
    const from = planOf({ steps: { a: {}, b: { needs: ['a'] }, c: {} } })
    const events = await crashed(from, (run) => succeed(run, 'a'))
    const to = other({ steps: { a: {}, b: { needs: ['a'], ...CHANGED }, c: {} } })
    const run = await onward(from, to, events)
    expect(run.running()).toEqual(['b', 'c'])
    expect((await run.started('b')).attempt).toBe(2)
    await succeed(run, 'b')
    await succeed(run, 'c')
    const { state } = await run.result
    expect([state.outcome, state.planHash, state.steps.get('a')?.attempts]).toEqual(['succeeded', 'other', 1])
  })

  it('promise 3d: of items with few places the one in flight goes on first, and those that were opened again after it', async () => {
    const inside = { inner: { steps: { ok: approval({ allowFailure: true }), side: {} } } }
    const each: StepDraft = {
      action: inner,
      foreach: { items: ['a', 'b'], key: '${{ item }}', needs: undefined, maxParallel: 1 },
    }
    const from = planOf({ steps: { each, z: {} } }, inside)
    const events = await crashed(from, async (run) => {
      await run.row('approve', 'each[a]/ok')
      await (await run.started('each[a]/side')).fail()
      await run.started('each[b]/side')
    })
    const run = await onward(from, other({ steps: { each, z: CHANGED } }, inside), events)
    await run.advance(0)
    expect(run.running()).toEqual(['z', 'each[b]/side'])
    await succeed(run, 'z')
    await succeed(run, 'each[b]/side')
    await run.row('approve', 'each[b]/ok')
    await run.row('approve', 'each[a]/ok')
    const { state } = await run.result
    expect([statuses(state)['each[b]'], statuses(state)['each[a]']]).toEqual(['succeeded', 'failed'])
  })

  it('promise 17a: a step that was cut off and may not simply run again stays cut off, also while it is asked about', async () => {
    const from = planOf({ steps: { a: { interrupted: 'ask' } } })
    const to = other({ steps: { a: { interrupted: 'ask', ...CHANGED } } })
    const first = await crashed(from, async () => undefined)
    const run = await onward(from, to, first)
    await run.advance(0)
    expect([run.running(), run.state().steps.get('a')?.wait?.spec.kind]).toEqual([[], 'interrupted'])
    run.crash()
    const asked = await onward(to, { ...from, hash: 'third' }, run.events)
    await asked.advance(0)
    expect([asked.running(), asked.state().steps.get('a')?.status]).toEqual([[], 'waiting'])
    await asked.row('rerun', 'a')
    expect((await asked.started('a')).attempt).toBe(2)
  })

  it('promise 17a: it stays cut off where only what comes before it happens again', async () => {
    const steps = { ok: approval(), a: { needs: ['ok'], interrupted: 'ask' as const }, b: {} }
    const from = planOf({ steps })
    const events = await crashed(from, (run) => run.row('approve', 'ok'))
    const run = await onward(from, other({ steps: { ...steps, b: CHANGED } }), events)
    await run.advance(0)
    expect(run.running()).toEqual(['b'])
    expect(statuses(run.state())).toMatchObject({ ok: 'waiting', a: 'waiting' })
  })

  it.each([
    ['a sub-pipeline', { action: inner }, 'x/one'],
    ['an item', { foreach: { items: ['k'], key: '${{ item }}', needs: undefined, maxParallel: undefined } }, 'x[k]'],
    ['a pass', { repeat: { until: 'false', max: 3, delayMs: 0, onMax: 'stop' } }, 'x@1'],
  ] as const)('promise 23a: %s that would be forgotten in the middle is named', async (_, draft, path) => {
    const others = { inner: { steps: { one: { interrupted: 'ask' as const } } } }
    const x: StepDraft = { ...draft, interrupted: 'ask' }
    const from = planOf({ steps: { x } }, others)
    const run = await controlled(from)
    const to = other({ steps: { x: { ...x, ...CHANGED } } }, others)
    expect(forgottenByPlan(from, to, run.state())).toEqual([path])
    expect(forgottenByPlan(from, other({ steps: { x } }, others), run.state())).toEqual([])
    await succeed(run, path)
    expect(forgottenByPlan(from, to, run.state()).filter((each) => each === path)).toEqual([])
  })

  it('a foreach whose items changed has the new ones; none keeps what it did', async () => {
    const each = (items: readonly string[], more: StepDraft = {}): StepDraft => ({
      foreach: { items: [...items], key: '${{ item }}', needs: undefined, maxParallel: undefined },
      ...more,
    })
    const from = planOf({ steps: { x: each(['a', 'b']) } })
    const events = await crashed(from, (run) => succeed(run, 'x[a]'))
    const run = await onward(from, other({ steps: { x: each(['b', 'c'], CHANGED) } }), events)
    expect(run.running()).toEqual(['x[b]', 'x[c]'])
    expect((await run.started('x[b]')).attempt).toBe(2)
    expect(run.state().steps.has('x[a]')).toBe(false)
  })

  it('a repeat that changed passes from the first on, and no token is used twice', async () => {
    const repeat = { until: 'false', max: 2, delayMs: 0, onMax: 'stop' as const }
    const from = planOf({ steps: { r: { repeat } } })
    const events = await crashed(from, (run) => succeed(run, 'r@1'))
    const run = await onward(from, other({ steps: { r: { repeat, ...CHANGED } } }), events)
    expect([run.running(), (await run.started('r@1')).attempt]).toEqual([['r@1'], 2])
    await succeed(run, 'r@1')
    expect((await run.started('r@2')).attempt).toBe(2)
  })

  it('promise 3d: an approval over the old plan is asked again where something still waits for it, --approve too', async () => {
    const steps = { ok: approval(), a: { needs: ['ok'] } }
    const from = planOf({ steps })
    const run = await controlled(from, { approve: ['ok'] })
    run.crash()
    const later = await onward(from, other({ steps: { ...steps, b: {} } }), run.events)
    expect([later.running(), statuses(later.state()).ok]).toEqual([['b'], 'waiting'])
  })

  it('promise 3d: what is done under an approval and did not change is not done twice', async () => {
    const steps = { ok: approval(), publish: { needs: ['ok'] }, tell: { needs: ['publish'] } }
    const from = planOf({ steps })
    const events = await crashed(from, async (run) => {
      await run.row('approve', 'ok')
      await succeed(run, 'publish')
    })
    const run = await onward(from, other({ steps: { ...steps, tell: { ...steps.tell, ...CHANGED } } }), events)
    expect(run.running()).toEqual(['tell'])
    expect(statuses(run.state())).toMatchObject({ ok: 'waiting', publish: 'succeeded' })
  })

  it('promise 3d: the approval of a sub-pipeline, and each of its items, is asked again', async () => {
    const foreach = { items: ['k'], key: '${{ item }}', needs: undefined, maxParallel: undefined }
    const others = { inner: { steps: { ok: approval({ foreach }), a: { needs: ['ok'] } } } }
    const from = planOf({ steps: { sub: { action: inner }, z: {} } }, others)
    const events = await crashed(from, (run) => run.row('approve', 'sub/ok[k]'))
    const run = await onward(from, other({ steps: { sub: { action: inner }, z: CHANGED } }, others), events)
    expect(statuses(run.state())).toMatchObject({ sub: 'running', 'sub/ok[k]': 'waiting' })
    await run.row('approve', 'sub/ok[k]')
    expect(run.running()).toEqual(['z', 'sub/a'])
  })

  it('promise 3d: a bypass over the old plan is asked again, unless what it let pass is done', async () => {
    const gates = [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: { by: ['ARCHITECT'] } })]
    const steps = { a: { agent: 'x' }, b: { needs: [{ step: 'a', on: 'completed' as const }] }, c: { needs: ['b'] } }
    const from = planOf({ gates, steps })
    const bypassed = async (run: ControlledRun): Promise<void> => {
      await (await run.started('a')).fail()
      await run.row('bypass', 'gate:g', { reason: 'now' }, BOB)
    }
    const to = other({ gates, steps: { ...steps, c: { ...steps.c, ...CHANGED } } })
    const held = await onward(from, to, await crashed(from, bypassed))
    expect([held.running(), held.state().gates.get('g')?.status]).toEqual([[], 'held'])
    const done = async (run: ControlledRun): Promise<void> => {
      await bypassed(run)
      await succeed(run, 'b')
    }
    const passed = await onward(from, to, await crashed(from, done))
    expect([passed.running(), passed.state().gates.get('g')?.status]).toEqual([['c'], 'bypassed'])
  })

  it('what is still asked is asked of the persons that the new plan has for it; what was answered stays answered', async () => {
    const ask: StepDraft = { action: { kind: 'ask', prompt: 'Which?', from: ['owners'], answer: {} } }
    const gates = [gate('g', { of: ['a'], success: 1, before: ['b'], bypass: { by: ['owners'] } })]
    const steps = { a: { agent: 'x' }, b: {}, open: ask, done: ask, last: { needs: ['done'] } }
    const owned = (owners: readonly string[]) => ({ ...other({ gates, steps }), people: { owners } })
    const from = { ...owned(['alice']), hash: 'hash' }
    const events = await crashed(from, async (run) => {
      await (await run.started('a')).fail()
      await run.row('answer', 'done', {})
      await succeed(run, 'last')
    })
    const run = await onward(from, owned(['bob']), events)
    const { steps: now, gates: judged } = run.state()
    expect([now.get('open')?.wait?.spec.persons, judged.get('g')?.wait?.persons]).toEqual([['bob'], ['bob']])
    expect([run.running(), statuses(run.state())]).toEqual([
      [],
      expect.objectContaining({ done: 'succeeded', last: 'succeeded' }),
    ])
  })

  it('a new step runs although the run was in its finally, which runs again at the end', async () => {
    const from = planOf({ steps: { a: {} }, finally: { last: {} } })
    const events = await crashed(from, (run) => succeed(run, 'a'))
    const run = await onward(from, other({ steps: { a: {}, b: {} }, finally: { last: {} } }), events)
    expect(run.running()).toEqual(['b'])
    await succeed(run, 'b')
    expect((await run.started('last')).attempt).toBe(2)
  })
})
