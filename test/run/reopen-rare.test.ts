import { describe, expect, it } from 'vitest'
import { reopening } from '../../src/run/reopen.ts'
import { replanning } from '../../src/run/replan.ts'
import { ALICE, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * What `retry` opens again, and what it leaves alone, told by the record alone.
 */

const sub: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }
const approval: StepDraft = { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } }
const passes = (until: string): StepDraft => ({ repeat: { until, max: 3, delayMs: 0, onMax: 'fail' } })
const items = (...list: string[]): StepDraft => ({
  foreach: { items: list, key: '${{ item }}', needs: undefined, maxParallel: undefined },
})

type Draft = PipelineDraft & { readonly inner?: PipelineDraft }
const plan = ({ inner, ...root }: Draft) => planOf(root, inner && { inner })

/** Ends everything that is started, in order; of a path that is named, so many attempts fail first. */
async function toEnd(run: ControlledRun, failing: readonly string[] = []): Promise<void> {
  const left = [...failing]
  for (let next = run.running()[0]; next !== undefined; next = run.running()[0]) {
    const one = await run.started(next)
    const at = left.indexOf(next)
    if (at < 0) await one.succeed()
    else await one.fail()
    if (at >= 0) left.splice(at, 1)
  }
}

/** What a retry of a run opens in which these fail; of the steps named, or of all that failed. */
async function opened(draft: Draft, failing: readonly string[], named?: readonly string[]) {
  const run = await controlled(plan(draft))
  await toEnd(run, failing)
  const { state } = await run.result
  return reopening(plan(draft), state, named)
}

describe('retry of all that failed', () => {
  it('opens what failed and what was lost to it, `finally`, and the verdicts that were not good', async () => {
    const draft: Draft = {
      steps: { a: {}, b: { needs: ['a'] }, one: { agent: 'x' }, two: { agent: 'x', when: 'false' } },
      gates: [gate('good', { of: ['one'], success: 1 }), gate('bad', { of: ['two'], success: 1, level: 'advisory' })],
      finally: { last: {} },
    }
    expect(await opened(draft, ['a'])).toEqual({ steps: ['a', 'b', 'last'], gates: ['bad'] })
  })

  it('opens the whole of `finally` where only something of it failed, and nothing before it', async () => {
    const draft: Draft = {
      steps: { a: {} },
      gates: [gate('g', { of: ['a'] })],
      finally: { last: {}, also: {} },
    }
    expect(await opened(draft, ['last'])).toEqual({ steps: ['last', 'also'], gates: [] })
  })

  it('opens the gates that were not good where all steps were, and what they let through', async () => {
    const draft: Draft = {
      steps: { a: { agent: 'x' }, off: { when: 'false', agent: 'x' }, b: {}, c: {}, d: { needs: ['c'] } },
      gates: [
        gate('good', { of: ['a'], success: 1, before: ['b'] }),
        gate('bad', { of: ['off'], success: 1, level: 'advisory', before: ['c'] }),
      ],
    }
    expect(await opened(draft, [])).toEqual({ steps: ['c', 'd'], gates: ['bad'] })
  })

  it('leaves a gate that was bypassed as it is', async () => {
    const draft: Draft = {
      steps: { a: { agent: 'x' }, off: { when: 'false', agent: 'x' }, b: {} },
      gates: [
        gate('let', { of: ['off'], success: 1, before: ['b'], bypass: { by: ['ARCHITECT'] } }),
        gate('bad', { of: ['off'], success: 1 }),
      ],
    }
    const run = await controlled(plan(draft))
    await run.row('bypass', 'gate:let', { reason: 'now' }, { name: 'bob', uid: 1001 })
    await toEnd(run)
    expect(reopening(plan(draft), (await run.result).state, undefined)).toEqual({ steps: [], gates: ['bad'] })
  })

  it('opens a gate of a sub-pipeline, and what comes after the sub-pipeline, but nothing in it that ended well', async () => {
    const draft: Draft = {
      steps: { sub, after: { needs: [{ step: 'sub', on: 'completed' }] } },
      inner: {
        steps: { a: {}, off: { when: 'false', agent: 'x' } },
        gates: [gate('good', { of: ['a'] }), gate('bad', { of: ['off'], success: 1 })],
      },
    }
    expect(await opened(draft, [])).toEqual({ steps: ['after'], gates: ['sub/bad'] })
  })

  it('opens a sub-pipeline as a whole where nothing in it failed', async () => {
    const draft: Draft = {
      steps: { sub },
      inner: {
        steps: { a: {} },
        outputs: { x: { value: '${{ steps.a.outputs.none.deeper }}', deliverable: undefined } },
      },
    }
    expect(await opened(draft, [])).toEqual({ steps: ['sub'], gates: [] })
  })

  it('opens what failed in the last pass, and the repeat as a whole where all of its passes ended well', async () => {
    const draft = (until: string): Draft => ({
      steps: { r: { ...sub, ...passes(until) } },
      inner: { steps: { a: {}, b: {}, c: { needs: ['b'] } } },
    })
    expect(await opened(draft('false'), ['r@2/b'])).toEqual({ steps: ['r@2/b', 'r@2/c'], gates: [] })
    expect(await opened(draft('false'), [])).toEqual({ steps: ['r'], gates: [] })
  })

  it('opens the items that failed, and in them what failed', async () => {
    const draft: Draft = {
      steps: { x: { ...sub, ...items('k', 'l') } },
      inner: { steps: { a: {}, b: { needs: ['a'] } } },
    }
    expect(await opened(draft, ['x[l]/a'])).toEqual({ steps: ['x[l]/a', 'x[l]/b'], gates: [] })
  })
})

describe('retry of what is named', () => {
  it('a step of `finally` alone: nothing else of it, and no verdict', async () => {
    const draft: Draft = {
      steps: { a: {}, off: { when: 'false', agent: 'x' } },
      gates: [gate('bad', { of: ['off'], success: 1 })],
      finally: { last: {}, also: {}, next: { needs: ['last'] } },
    }
    expect(await opened(draft, ['last'], ['last'])).toEqual({ steps: ['last', 'next'], gates: [] })
  })

  it('a step of `finally`, to its end: the others of it stay as they were', async () => {
    const draft = plan({ steps: { a: {} }, finally: { last: {}, also: {} } })
    const run = await controlled(draft)
    await toEnd(run, ['last'])
    expect((await run.result).state.outcome).toBe('succeeded-with-failures')
    const start = { type: 'reopen' as const, events: run.events, by: ALICE, steps: ['last'] }
    const again = await controlled(draft, { start })
    expect(again.running()).toEqual(['last'])
    await toEnd(again)
    const { state } = await again.result
    expect([state.outcome, state.steps.get('also')?.attempts]).toEqual(['succeeded', 1])
  })

  it('the last pass: it alone; an earlier one, or something in it: the repeat from the first on', async () => {
    const draft: Draft = {
      steps: { r: { ...sub, ...passes('false') }, after: { needs: ['r'] } },
      inner: { steps: { a: {}, b: { needs: ['a'] } } },
    }
    const of = async (path: string) => (await opened(draft, [], [path])).steps
    expect(await of('r@3')).toEqual(['r@3', 'after'])
    expect(await of('r@3/b')).toEqual(['r@3/b', 'after'])
    expect(await of('r@1')).toEqual(['r', 'after'])
    expect(await of('r@2/b')).toEqual(['r', 'after'])
  })

  it('a step that a gate judges: the gate, and what waited for its verdict', async () => {
    const draft: Draft = {
      steps: { a: {}, b: {}, c: { needs: ['b'] }, beside: {} },
      gates: [gate('g', { of: ['a'], before: ['b'] }), gate('other', { of: ['beside'] })],
    }
    expect(await opened(draft, [], ['a'])).toEqual({ steps: ['a', 'b', 'c'], gates: ['g'] })
  })

  it('what stands before a sub-pipeline, and a step in it: the sub-pipeline as a whole, its gates with it', async () => {
    const draft: Draft = {
      steps: { first: {}, sub: { ...sub, needs: ['first'] } },
      inner: { steps: { a: {} }, gates: [gate('g', { of: ['a'] })] },
    }
    expect(await opened(draft, [], ['first', 'sub/a'])).toEqual({ steps: ['first', 'sub'], gates: [] })
  })
})

describe('what stays although the gate before it is judged again', () => {
  /** What another plan would do over. */
  async function over(from: Draft, to: Draft, until: (run: ControlledRun) => Promise<void>) {
    const run = await controlled(plan(from))
    await until(run)
    return replanning(plan(from), { ...plan(to), hash: 'other' }, run.state())
  }

  it('a step that was cut off and may not simply run again, where the gate is another', async () => {
    const draft = (success: number): Draft => ({
      steps: { a: { agent: 'x' }, b: { interrupted: 'ask' }, c: {} },
      gates: [gate('g', { of: ['a'], success, before: ['b', 'c'] })],
    })
    const found = await over(draft(1), draft(0.5), async (run) => (await run.started('a')).succeed())
    expect(found).toEqual({ steps: ['c'], gates: ['g'], dropped: [] })
  })

  it('a step that is done, where what the gate judges is asked again', async () => {
    const steps = { ok: approval, b: {}, c: { interrupted: 'ask' as const }, z: {} }
    const gates = [gate('g', { of: ['ok'], before: ['b', 'c'] })]
    const until = async (run: ControlledRun): Promise<void> => {
      await run.row('approve', 'ok')
      await (await run.started('b')).succeed()
    }
    const found = await over({ steps, gates }, { steps: { ...steps, z: { phase: 'changed' } }, gates }, until)
    expect(found).toEqual({ steps: ['z', 'ok'], gates: ['g'], dropped: [] })
  })
})
