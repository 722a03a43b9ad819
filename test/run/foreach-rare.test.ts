import { describe, expect, it } from 'vitest'
import type { EventBody } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import type { Json } from '../../src/util/json.ts'
import { ALICE, type ControlledRun, controlled, locksOf, statuses } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

const sub = (pipeline: string, more: StepDraft = {}): StepDraft => ({ ...more, action: { kind: 'pipeline', pipeline } })
const over = (items: Json, more: StepDraft = {}): StepDraft => ({
  ...more,
  foreach: { items: items as never, key: '${{ item.id }}', needs: '${{ item.on }}', maxParallel: undefined },
})
const keys = (list: readonly Json[] | string): StepDraft => ({
  foreach: { items: list as never, key: undefined, needs: undefined, maxParallel: undefined },
})
const start = (root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}, more = {}) =>
  controlled(planOf(root, others), more)
const step = (run: ControlledRun, path: string) => run.state().steps.get(path)
const message = async (draft: StepDraft) =>
  (await (await start({ steps: { x: draft } })).result).state.steps.get('x')?.message

describe('the items of a foreach', () => {
  it('are a thousand at most', async () => {
    const many = (length: number) => keys(Array.from({ length }, (_, at) => at))
    const run = await start({ steps: { x: many(1000) } })
    expect(run.running()).toHaveLength(8)
    expect(await message(many(1001))).toBe('1001 items are more than the 1000 that a foreach may have')
  })

  it('may need several others, and are no circle for that', async () => {
    const list = [
      { id: 'a', on: [] },
      { id: 'b', on: ['a'] },
      { id: 'c', on: ['a'] },
      { id: 'd', on: ['b', 'c'] },
    ]
    const run = await start({ steps: { x: over(list) } })
    for (const path of ['x[a]', 'x[b]', 'x[c]', 'x[d]']) await (await run.started(path)).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('are told the circle alone where some need each other, without those that only lead to it', async () => {
    const list = [
      { id: 'a', on: ['b'] },
      { id: 'b', on: ['c'] },
      { id: 'c', on: ['b'] },
    ]
    expect(await message(over(list))).toBe('items need each other in a circle: `b` -> `c` -> `b`')
  })

  it('are told by their beginning where they are no list', async () => {
    const found = (await message(keys(`\${{ "${'y'.repeat(300)}" }}`)))!
    expect(found).toMatch(/^`items` gave "y+, not a list$/)
    expect(found.length).toBeLessThan(120)
  })

  it('have the condition of their step each, where it reads the item; else none of them is made for nothing', async () => {
    const each = await start({ steps: { x: { ...keys([1, 2]), when: 'item == 2' } } })
    expect([each.running(), step(each, 'x[0]')]).toMatchObject([['x[1]'], { status: 'skipped', reason: 'when' }])
    const none = await start({ steps: { x: { ...keys([1, 2]), when: 'false' } } })
    await none.result
    expect(statuses(none.state())).toEqual({ x: 'skipped' })
  })

  it('hold no place while they wait for a lock, where they run no pipeline', async () => {
    const x = { ...keys(['k', 'l']), mutex: 'repo-${{ item }}' }
    const steps = { x: { ...x, foreach: { ...x.foreach!, maxParallel: 1 } } }
    const run = await start({ steps }, {}, { elsewhere: ['repo-k'] })
    expect(run.running()).toEqual(['x[1]'])
    await (await run.started('x[1]')).succeed()
    await run.freeElsewhere('repo-k')
    expect(run.running()).toEqual(['x[0]'])
  })

  it('make a failure of it where one had failed before it was told to end; a timeout where the time was over', async () => {
    const draft = { timeoutMs: 1000, steps: { x: keys([1, 2]) } }
    const ended = async (until: (run: ControlledRun) => Promise<void>) => {
      const run = await start(draft)
      await (await run.started('x[0]')).fail()
      await until(run)
      await (await run.started('x[1]')).fail({ status: 'cancelled' })
      return (await run.result).state.steps.get('x')
    }
    expect(await ended((run) => run.cancel())).toMatchObject({ status: 'failed', message: '1 of 2 failed: `0`' })
    expect(await ended((run) => run.advance(1000))).toMatchObject({ status: 'timed-out', reason: 'timeout' })
    const plain = await start(draft)
    await plain.cancel()
    for (const path of ['x[0]', 'x[1]']) await (await plain.started(path)).fail({ status: 'cancelled' })
    await plain.result
    expect(step(plain, 'x')).toMatchObject({ status: 'cancelled', reason: 'cancel' })
  })

  it('that a second expansion has too are the same; what happened in them is forgotten with the step', () => {
    const item = (key: string) => ({ key, item: key, needs: [] })
    const bodies: readonly EventBody[] = [
      { type: 'foreach-expanded', path: 'x', items: [item('a'), item('b')] },
      { type: 'attempt-started', path: 'x[a]', attempt: 1 },
      { type: 'attempt-started', path: 'x[b]', attempt: 1 },
      { type: 'foreach-expanded', path: 'x', items: [item('a')] },
      { type: 'run-reopened', by: ALICE, steps: ['x'], gates: [] },
    ]
    const at = (length: number) =>
      statuses(reduceAll(bodies.slice(0, length).map((body, seq) => ({ ...body, seq: seq + 1, at: seq }))))
    expect(at(3)).toEqual({ x: 'running', 'x[a]': 'running', 'x[b]': 'running' })
    expect(at(4)).toEqual({ x: 'running', 'x[a]': 'running' })
    expect(at(5)).toEqual({ x: 'pending', 'x[a]': 'pending' })
  })
})

describe('what goes first where not all can', () => {
  it('is what most is still to come after, also after the pipelines around it', async () => {
    const durations = new Map([
      ['y/b', 500],
      ['x/s/a', 10],
      ['long', 1000],
    ])
    const run = await start(
      { maxParallel: 1, steps: { y: sub('two'), x: sub('outer'), long: { needs: ['x'] } } },
      { outer: { steps: { s: sub('one') } }, one: { steps: { a: {} } }, two: { steps: { b: {} } } },
      { durations },
    )
    expect(run.running()).toEqual(['x/s/a'])
    await (await run.started('x/s/a')).succeed()
    expect(run.running()).toEqual(['long'])
  })
})

describe('a step that waits for several gates', () => {
  it('says which one it waits for, one after the other', async () => {
    const gates = [gate('g', { of: ['a'], before: ['z'] }), gate('h', { of: ['b'], before: ['z'] })]
    const run = await start({ gates, steps: { a: {}, b: {}, z: {} } })
    expect(step(run, 'z')?.waitingFor).toEqual({ kind: 'gate', gate: 'g' })
    await (await run.started('a')).succeed()
    expect(step(run, 'z')?.waitingFor).toEqual({ kind: 'gate', gate: 'h' })
    await (await run.started('b')).succeed()
    expect(run.running()).toEqual(['z'])
  })
})

describe('a lock', () => {
  it('is asked for once, be its name given as a number or a text', async () => {
    const run = await start({ steps: { a: { mutex: "${{ [5, '5'] }}" } } }, {}, { elsewhere: ['5'] })
    expect(step(run, 'a')?.waitingFor).toEqual({ kind: 'lock', keys: ['5'] })
    await run.freeElsewhere('5')
    expect(locksOf(run)).toEqual({ 5: 'a#lock' })
  })
})
