import { describe, expect, it } from 'vitest'
import { type ControlledRun, controlled } from '../support/controlled-port.ts'
import { gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 *   a (fails) --> (quality: bypassed for a second) --> ship, which has to wait for something else than the gate
 */

const BOB = { name: 'bob', uid: 1001 }
const onA = { step: 'a', on: 'completed' as const }
const gates = [gate('quality', { of: ['a'], mustPass: ['a'], before: ['ship'], bypass: { by: ['ARCHITECT'] } })]
const status = (run: ControlledRun) => run.state().gates.get('quality')?.status

/** The gate is bypassed for a second while `busy` keeps `ship` from starting. */
async function bypassed(
  ship: StepDraft,
  plan: Partial<PipelineDraft> = {},
  others: { readonly [name: string]: PipelineDraft } = {},
  elsewhere: readonly string[] = [],
): Promise<ControlledRun> {
  const { steps, ...rest } = plan
  const all = { a: {}, ship: { needs: [onA], ...ship }, ...steps }
  const run = await controlled(planOf({ steps: all, gates, ...rest }, others), { elsewhere })
  await (await run.started('a')).fail()
  await run.row('bypass', 'gate:quality', { reason: 'now', expires: run.now() + 1000 }, BOB)
  expect([status(run), run.running().includes('ship')]).toEqual(['bypassed', false])
  return run
}

/** Somebody says it once more. */
const again = (run: ControlledRun) =>
  run.row('bypass', 'gate:quality', { reason: 'still', expires: run.now() + 1000 }, BOB)

describe('promise 21a: a bypass that is over lets nothing start that still waited', () => {
  it('for a slot: the slot is free for others', async () => {
    const run = await bypassed({}, { maxParallel: 1, steps: { busy: {}, next: { needs: ['busy'] } } })
    expect(run.state().steps.get('ship')?.waitingFor).toEqual({ kind: 'slot' })
    await run.advance(1000)
    await (await run.started('busy')).succeed()
    expect([run.running(), status(run)]).toEqual([['next'], 'held'])
    expect(run.state().steps.get('ship')?.waitingFor).toEqual({ kind: 'gate', gate: 'quality' })
    await again(run)
    await (await run.started('next')).succeed()
    expect(run.running()).toEqual(['ship'])
  })

  it('for a lock: it is given back', async () => {
    const run = await bypassed({ mutex: 'repo' }, {}, {}, ['repo'])
    await run.advance(1000)
    await run.freeElsewhere('repo')
    expect([run.running(), run.locks(), status(run)]).toEqual([[], {}, 'held'])
    await again(run)
    expect([run.running(), Object.keys(run.locks())]).toEqual([['ship'], ['repo']])
    await (await run.started('ship')).succeed()
    expect(run.locks()).toEqual({})
  })

  it('for the lock of the pipeline that it runs', async () => {
    const inner = { mutex: 'repo', steps: { one: {} } }
    const run = await bypassed({ action: { kind: 'pipeline', pipeline: 'inner' } }, {}, { inner }, ['repo'])
    await run.advance(1000)
    await run.freeElsewhere('repo')
    expect([run.running(), run.locks(), status(run)]).toEqual([[], {}, 'held'])
    await again(run)
    await (await run.started('ship/one')).succeed()
    expect([(await run.result).state.steps.get('ship')?.status, run.locks()]).toEqual(['succeeded', {}])
  })

  it('and a word about the lock that is told twice gives it to nobody', async () => {
    const run = await bypassed({ mutex: 'repo' }, {}, {}, ['repo'])
    const [first] = run.locksAsked()
    await run.advance(1000)
    await run.freeElsewhere('repo')
    run.takeElsewhere('repo')
    await again(run)
    await run.arrive({ type: 'locked', token: first! })
    expect(run.running()).toEqual([])
    await run.freeElsewhere('repo')
    expect(run.running()).toEqual(['ship'])
  })

  it('what had begun goes on, however often it is tried', async () => {
    const retry = { attempts: 2, only: [], backoffMs: 5000, factor: 1, maxMs: 5000, jitter: 0 }
    const run = await controlled(planOf({ steps: { a: {}, ship: { needs: [onA], retry } }, gates }))
    await (await run.started('a')).fail()
    await run.row('bypass', 'gate:quality', { reason: 'now', expires: run.now() + 1000 }, BOB)
    await (await run.started('ship')).fail()
    await run.advance(5000)
    expect([run.running(), status(run)]).toEqual([['ship'], 'bypassed'])
  })
})

describe('promise 10d: a gate is judged when it is known what can no longer start', () => {
  it('so nobody is asked about a step that is lost further down', async () => {
    const needs = (step: string, on: 'failed' | 'succeeded') => [{ step, on }]
    const steps = {
      a: {},
      b: { agent: 'worker', needs: needs('a', 'succeeded') },
      c: { needs: needs('b', 'failed') },
      ship: { needs: needs('c', 'succeeded') },
    }
    const held = { ...gates[0]!, of: ['b'], mustPass: ['b'] }
    const run = await controlled(planOf({ steps, gates: [held] }))
    await (await run.started('a')).fail()
    const { state } = await run.result
    expect(state.gates.get('quality')?.status).toBe('failed')
    expect(run.events.filter(({ type }) => type === 'wait-opened' || type === 'gate-judged')).toHaveLength(1)
  })

  it('so nobody is asked about a step for a failure that did not come', async () => {
    const needs = [
      { step: 'c', on: 'failed' as const },
      { step: 'b', on: 'completed' as const },
    ]
    const run = await controlled(planOf({ steps: { a: {}, b: {}, c: {}, ship: { needs } }, gates }))
    await (await run.started('c')).succeed()
    await (await run.started('a')).fail()
    expect([status(run), run.awaited()]).toEqual(['failed', []])
    await (await run.started('b')).succeed()
    expect((await run.result).state.steps.get('ship')).toMatchObject({ status: 'skipped' })
  })
})
