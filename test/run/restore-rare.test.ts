import { describe, expect, it } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { inFlight } from '../../src/run/in-flight.ts'
import {
  ALICE,
  type ControlledOptions,
  type ControlledRun,
  controlled,
  locksOf,
  statuses,
} from '../support/controlled-port.ts'
import { check, gate, planOf, type StepDraft } from '../support/plans.ts'

/*
 * What a run that was killed in the middle goes on with: what a run that was not killed would have done.
 */

/** The run is killed now, and opened again. */
async function reopened(plan: Plan, run: ControlledRun, more: ControlledOptions = {}): Promise<ControlledRun> {
  run.crash()
  return controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE }, atMs: run.now(), ...more })
}
const step = (run: ControlledRun, path: string) => run.state().steps.get(path)
const types = (run: ControlledRun) => run.events.map(({ type }) => type)
const sub: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }
const approval: StepDraft = { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } }
const seen = check('seen', { judge: { kind: 'ask', from: [] } })
const items = (list: readonly { id: string; on?: readonly string[] }[], maxParallel?: number): StepDraft => ({
  foreach: {
    items: list.map(({ id, on = [] }) => ({ id, on })),
    key: '${{ item.id }}',
    needs: '${{ item.on }}',
    maxParallel,
  },
})

describe('signals that the run sent itself', () => {
  const repeat = { until: 'false', max: 3, delayMs: 1000, onMax: 'stop' as const }
  const send = (n: number, needs: string[]): StepDraft => ({
    needs,
    action: { kind: 'signal', signal: 'OPS:GO' },
    with: { n },
  })
  const waits = (when: string | undefined, needs: string[] = []): StepDraft => ({
    needs,
    action: { kind: 'wait', signal: 'OPS:GO', when },
    repeat,
  })

  it.each([0, 10])(
    'before a wait was ready are none for it, also after its run was killed: %i ms before',
    async (ms) => {
      const steps = {
        early: send(1, []),
        a: {},
        wait: waits(undefined, ['a']),
        b: { needs: ['a'] },
        late: send(2, ['b']),
      }
      const plan = planOf({ steps })
      const kept = await controlled(plan)
      await kept.advance(ms)
      await (await kept.started('a')).succeed()
      await kept.advance(10)
      await (await kept.started('b')).succeed()
      const killed = await reopened(plan, kept)
      await killed.advance(5000)
      expect(step(killed, 'wait@1')?.wait?.decision).toMatchObject({ values: { n: 2 } })
      expect(step(killed, 'wait@2')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'signal' } })
    },
  )

  it('after it was ready still are, though an earlier one is not', async () => {
    const steps = {
      early: send(0, []),
      a: {},
      wait: waits(undefined, ['a']),
      b: {},
      one: send(1, ['b']),
      two: send(2, ['one']),
    }
    const plan = planOf({ steps })
    const run = await controlled(plan)
    await run.advance(10)
    await (await run.started('a')).succeed()
    await run.advance(10)
    await (await run.started('b')).succeed()
    const again = await reopened(plan, run)
    await again.advance(5000)
    expect(step(again, 'wait@2')?.wait?.decision).toMatchObject({ values: { n: 2 } })
    expect(step(again, 'wait@3')).toMatchObject({ status: 'waiting' })
  })

  it('are for those that wait for them, the one that asked first, and of another name for nobody', async () => {
    const signal = (name: string, n: number, needs: string[]): StepDraft => ({
      needs,
      action: { kind: 'signal', signal: name },
      with: { n },
    })
    const once: StepDraft = { action: { kind: 'wait', signal: 'OPS:GO', when: undefined } }
    const steps = {
      one: once,
      two: once,
      again: waits(undefined),
      a: {},
      other: signal('OPS:OTHER', 0, ['a']),
      first: signal('OPS:GO', 1, ['other']),
      second: signal('OPS:GO', 2, ['first']),
      third: signal('OPS:GO', 3, ['second']),
    }
    const plan = planOf({ steps })
    const run = await controlled(plan)
    await run.advance(10)
    await (await run.started('a')).succeed()
    const killed = await reopened(plan, run)
    await killed.advance(5000)
    const values = ['one', 'two', 'again@1'].map((path) => step(killed, path)?.wait?.decision?.values)
    expect(values).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(step(killed, 'again@2')).toMatchObject({ status: 'waiting' })
    expect(killed.events.flatMap((event) => (event.type === 'signal-sent' ? [event.target] : []))).toEqual([
      '*',
      '*',
      '*',
      '*',
    ])
  })

  it('are taken once, also where others before them were taken by nobody', async () => {
    const steps = { wait: waits('payload.n == 2'), a: {}, one: send(1, ['a']), two: send(2, ['one']) }
    const plan = planOf({ steps })
    const run = await controlled(plan)
    await run.advance(10)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    await again.advance(5000)
    expect(step(again, 'wait@1')?.wait?.decision).toMatchObject({ values: { n: 2 } })
    expect(step(again, 'wait@2')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'signal' } })
  })
})

describe('the lock of a run that was cancelled', () => {
  const finish = { last: {} }
  const cancelled = async (plan: Plan, reach: (run: ControlledRun) => Promise<void>, elsewhere: string[] = []) => {
    const run = await controlled(plan, { elsewhere })
    await reach(run)
    await run.cancel()
    return reopened(plan, run, { elsewhere: ['repo'] })
  }

  it('is not asked for where nothing in it had begun', async () => {
    const again = await cancelled(
      planOf({ mutex: 'repo', steps: { a: {}, ok: approval }, finally: finish }),
      async () => undefined,
      ['repo'],
    )
    expect(again.running()).toEqual(['last'])
    await (await again.started('last')).succeed()
    expect((await again.result).state.outcome).toBe('cancelled')
    expect(statuses(again.state())).toMatchObject({ a: 'cancelled', ok: 'cancelled' })
  })

  it.each<[string, { readonly [id: string]: StepDraft }, (run: ControlledRun) => Promise<void>]>([
    ['something had ended', { a: {}, ok: approval }, async (run) => (await run.started('a')).succeed()],
    ['somebody was asked', { ok: approval, later: { needs: ['ok'] } }, async () => undefined],
    ['something was tried', { a: {}, b: { needs: ['a'] } }, async () => undefined],
  ])('is asked for again where %s, and its `finally` waits for it', async (_, steps, reach) => {
    const again = await cancelled(planOf({ mutex: 'repo', steps, finally: finish }), async (run) => {
      await reach(run)
      expect(locksOf(run)).toEqual({ repo: 'pipeline:#lock' })
    })
    expect(again.running()).toEqual([])
    await again.freeElsewhere('repo')
    expect(again.running()).toEqual(['last'])
  })
})

describe('locks within locks', () => {
  const plan = planOf(
    { steps: { s: { ...sub, mutex: 'outer' } }, finally: { last: { mutex: 'apart' } } },
    { inner: { mutex: 'inner', steps: { a: {} } } },
  )

  it('are asked for from the outside in, before anything goes on', async () => {
    const run = await controlled(plan)
    expect(locksOf(run)).toEqual({ outer: 's#lock', inner: 's/pipeline:#lock' })
    const again = await reopened(plan, run, { elsewhere: ['outer'] })
    expect([again.running(), again.locks()]).toEqual([[], {}])
    await again.freeElsewhere('outer')
    expect([again.running(), locksOf(again)]).toEqual([['s/a'], { outer: 's#lock', inner: 's/pipeline:#lock' }])
  })

  it('are told of once by what waits inside of them, however often its run is killed', async () => {
    const waiting = planOf(
      { steps: { s: { ...sub, mutex: 'outer' } } },
      { inner: { steps: { ok: approval, b: { needs: ['ok'] } } } },
    )
    const elsewhere = { elsewhere: ['outer'] }
    const told = (run: ControlledRun) =>
      run.events.flatMap((event) => (event.type === 'step-waiting' && event.path === 's/b' ? [event.for] : []))
    const again = await reopened(waiting, await controlled(waiting), elsewhere)
    await again.row('approve', 's/ok')
    const third = await reopened(waiting, again, elsewhere)
    expect([third.running(), told(third)]).toEqual([[], [{ kind: 'lock', keys: ['outer'] }]])
    await third.freeElsewhere('outer')
    expect(third.running()).toEqual(['s/b'])
  })

  it('are not asked for any more where what wanted them was told to end', async () => {
    const again = await reopened(plan, await controlled(plan), { elsewhere: ['outer'] })
    await again.cancel()
    expect([again.running(), locksOf(again)]).toEqual([['last'], { apart: 'last#lock' }])
    await (await again.started('last')).succeed()
    expect([(await again.result).state.outcome, again.locks()]).toEqual(['cancelled', {}])
  })
})

describe('gates', () => {
  it('that were being judged when the run was cancelled are not judged in its `finally`', async () => {
    const plan = planOf({
      gates: [gate('g', { of: ['a'], before: ['b'], checks: [check('c')] })],
      steps: { a: {}, b: {} },
      finally: { last: {} },
    })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    await run.cancel()
    await (await run.started('gate:g/check:c')).fail({ status: 'cancelled' })
    expect(run.running()).toEqual(['last'])
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['last'])
    await (await again.started('last')).succeed()
    expect((await again.result).state.outcome).toBe('cancelled')
    expect(types(again)).not.toContain('gate-judged')
  })

  it('of the end of the run are judged at its end', async () => {
    const plan = planOf({ gates: [gate('g', { of: ['a'] })], steps: { a: {}, b: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    expect(types(again)).not.toContain('gate-judged')
    await (await again.started('b')).succeed()
    expect(types(again)).toContain('gate-judged')
  })

  it('ask again which files were changed where that question was cut short', async () => {
    const plan = planOf({
      gates: [gate('g', { of: ['a'], paths: ['src/**'], before: ['b'], checks: [check('c')] })],
      steps: { a: {}, b: {} },
    })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['gate:g/check:changed-paths'])
    await (await again.started('gate:g/check:changed-paths')).succeed({ files: ['src/x'] })
    const third = await reopened(plan, again)
    expect(third.running()).toEqual(['gate:g/check:c'])
    await (await third.started('gate:g/check:c')).succeed()
    expect(third.running()).toEqual(['b'])
  })
})

describe('what a step holds', () => {
  it('is its slot, while a program checks what it made, also the second one', async () => {
    const plan = planOf({ maxParallel: 1, steps: { a: { checks: [check('c'), check('d')] }, b: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['a/check:c'])
    await (await again.started('a/check:c')).succeed()
    const third = await reopened(plan, again)
    expect(third.running()).toEqual(['a/check:d'])
    await (await third.started('a/check:d')).succeed()
    expect(third.running()).toEqual(['b'])
  })

  it('is none while a person is asked about what it made', async () => {
    const plan = planOf({ maxParallel: 1, steps: { a: { checks: [check('c'), seen] }, b: {} } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    await (await run.started('a/check:c')).succeed()
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['b'])
    await again.row('approve', 'a/check:seen')
    expect(step(again, 'a')?.status).toBe('succeeded')
  })

  it('is the lock of an item that runs a pipeline', async () => {
    const plan = planOf(
      { steps: { x: { ...sub, ...items([{ id: 'k' }, { id: 'l' }], 1), mutex: 'repo-${{ item.id }}' } } },
      { inner: { steps: { a: {}, b: { needs: ['a'] } } } },
    )
    const run = await controlled(plan)
    await (await run.started('x[k]/a')).succeed()
    expect(locksOf(run)).toEqual({ 'repo-k': 'x[k]#lock' })
    const again = await reopened(plan, run)
    expect([again.running(), locksOf(again)]).toEqual([['x[k]/b'], { 'repo-k': 'x[k]#lock' }])
    await (await again.started('x[k]/b')).succeed()
    expect([again.running(), locksOf(again)]).toEqual([['x[l]/a'], { 'repo-l': 'x[l]#lock' }])
  })

  it('is its place among the items: who waits for one lets those go on that have one', async () => {
    const plan = planOf({ steps: { x: items([{ id: 'a', on: ['b'] }, { id: 'b' }, { id: 'c' }], 1) } })
    const run = await controlled(plan)
    await (await run.started('x[b]')).succeed()
    expect([run.running(), step(run, 'x[a]')?.waitingFor]).toEqual([['x[c]'], { kind: 'slot' }])
    const again = await reopened(plan, run)
    expect(again.running()).toEqual(['x[c]'])
    await (await again.started('x[c]')).succeed()
    expect(again.running()).toEqual(['x[a]'])
  })

  it('is what it did, also of an item for which there is no place at once', async () => {
    const plan = planOf(
      { steps: { x: { ...sub, ...items([{ id: 'k' }, { id: 'l' }], 1) } } },
      { inner: { steps: { a: {}, b: { needs: ['a'] } } } },
    )
    const run = await controlled(plan)
    for (const key of ['k', 'l']) {
      await (await run.started(`x[${key}]/a`)).succeed()
      await (await run.started(`x[${key}]/b`)).fail()
    }
    await run.result
    const again = await controlled(plan, { start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined } })
    expect(again.running()).toEqual(['x[k]/b'])
    await (await again.started('x[k]/b')).succeed()
    expect(again.running()).toEqual(['x[l]/b'])
    await (await again.started('x[l]/b')).succeed()
    expect((await again.result).state.outcome).toBe('succeeded')
  })
})

describe('what is due', () => {
  it.each<[string, StepDraft]>([
    ['a step that asks', { ...approval, dueMs: 1000 }],
    ['a step whose items ask', { ...approval, ...items([{ id: 'k' }]), dueMs: 1000 }],
    ['a step whose pipeline asks', { ...sub, dueMs: 1000 }],
  ])('is late at its instant: %s', async (_, draft) => {
    const plan = planOf({ steps: { x: draft } }, { inner: { steps: { ok: approval } } })
    const run = await controlled(plan)
    await run.advance(400)
    const again = await reopened(plan, run)
    await again.advance(599)
    expect(types(again)).not.toContain('deadline-passed')
    await again.advance(1)
    expect(types(again)).toContain('deadline-passed')
    const third = await reopened(plan, again)
    await third.advance(5000)
    expect(types(third).filter((type) => type === 'deadline-passed')).toHaveLength(1)
  })

  it('an escalation inside of a step that may fail is not one of its run', async () => {
    const plan = planOf(
      { steps: { s: { ...sub, allowFailure: true }, b: {} } },
      { inner: { steps: { ok: { ...approval, timeoutMs: 1000, onTimeout: 'escalate' } } } },
    )
    const run = await controlled(plan)
    await run.advance(1000)
    expect(step(run, 's')).toMatchObject({ status: 'failed', reason: 'escalated' })
    const again = await reopened(plan, run)
    await (await again.started('b')).succeed()
    expect((await again.result).state.outcome).toBe('succeeded-with-failures')
  })
})

describe('what was started and has not ended', () => {
  it('is each attempt, repair and check by a program, and no question', async () => {
    const action = { kind: 'run' as const, script: 'x', shell: 'sh' as const }
    const plan = planOf(
      {
        gates: [
          gate('root', { of: ['done'], before: ['never'], checks: [check('r')] }),
          gate('asks', { of: ['done'], before: ['never'], checks: [seen] }),
        ],
        steps: {
          tried: {},
          checked: { checks: [check('c'), check('d')] },
          asked: { checks: [check('c'), seen] },
          broken: {
            failures: {
              net: {
                match: undefined,
                exit: undefined,
                hint: undefined,
                recover: { action, with: {}, env: {}, timeoutMs: undefined },
              },
            },
            retry: { attempts: 2, only: [], backoffMs: 0, factor: 1, maxMs: 0, jitter: 0 },
          },
          ok: approval,
          s: sub,
          done: {},
          never: {},
        },
      },
      { inner: { gates: [gate('g', { of: ['a'], before: ['b'], checks: [check('c')] })], steps: { a: {}, b: {} } } },
    )
    const run = await controlled(plan)
    for (const path of ['checked', 'asked', 's/a', 'done', 'checked/check:c', 'asked/check:c'])
      await (await run.started(path)).succeed()
    await (await run.started('broken')).fail({ failure: 'net' })
    expect([...inFlight(run.state())].sort()).toEqual([
      'broken/recover:net#1',
      'checked/check:d#1',
      'gate:root/check:r#1',
      's/gate:g/check:c#1',
      'tried#1',
    ])
  })
})
