import { describe, expect, it } from 'vitest'
import { ALICE, type ControlledRun, controlled, statuses } from '../support/controlled-port.ts'
import { gate, planOf, type StepDraft } from '../support/plans.ts'

const types = (run: ControlledRun): readonly string[] => run.events.map(({ type }) => type)
const cancelled = { status: 'cancelled', durationMs: 1 } as const
const hardCancel = { type: 'cancel', by: ALICE, reason: 'now', hard: true } as const

describe('a hard cancel while `finally` runs', () => {
  const plan = planOf({ steps: { a: {} }, finally: { last: {}, beside: {} } })
  const inFinally = async (): Promise<ControlledRun> => {
    const run = await controlled(plan)
    await (await run.started('a')).succeed()
    await (await run.started('beside')).succeed()
    return run
  }

  it('cuts off what runs of it, and the record says so', async () => {
    const run = await inFinally()
    await run.cancel(true)
    expect(run.aborted('last')).toBe('hard')
    await run.arrive({ type: 'outcome', token: 'last#1', outcome: cancelled })
    expect((await run.result).state.outcome).toBe('cancelled')
    expect(run.events.find(({ type }) => type === 'finally-skipped')).toMatchObject({ reason: 'killed' })
    expect(statuses(run.state())).toEqual({ a: 'succeeded', beside: 'succeeded', last: 'cancelled' })
  })

  it('that came when its last step had just succeeded has cut nothing off', async () => {
    const run = await inFinally()
    await run.arrive(hardCancel, {
      type: 'outcome',
      token: 'last#1',
      outcome: { status: 'succeeded', outputs: {}, durationMs: 1 },
    })
    expect((await run.result).state.outcome).toBe('succeeded')
    expect(types(run)).not.toContain('finally-skipped')
  })

  it('says nothing of a step before it that was cancelled by its own pipeline', async () => {
    const run = await controlled(planOf({ failFast: true, steps: { a: {}, b: {} }, finally: { last: {} } }))
    await (await run.started('a')).fail()
    await run.arrive({ type: 'outcome', token: 'b#1', outcome: cancelled })
    await run.arrive(hardCancel, {
      type: 'outcome',
      token: 'last#1',
      outcome: { status: 'succeeded', outputs: {}, durationMs: 1 },
    })
    expect((await run.result).state.outcome).toBe('failed')
    expect(types(run)).not.toContain('finally-skipped')
  })
})

describe('a gate that waits for nothing', () => {
  it('holds its step back until it was judged, and lets it start', async () => {
    const run = await controlled(planOf({ gates: [gate('g', { before: ['b'] })], steps: { a: {}, b: {} } }))
    expect(types(run)).toContain('gate-judged')
    expect(run.running().sort()).toEqual(['a', 'b'])
    await (await run.started('a')).succeed()
    await (await run.started('b')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})

describe('items that are opened again, more of them than places', () => {
  const each: StepDraft = {
    action: { kind: 'pipeline', pipeline: 'inner' },
    foreach: { items: ['x', 'y', 'z'], key: '${{ item }}', needs: undefined, maxParallel: 2 },
  }
  const plan = planOf({ steps: { each } }, { inner: { steps: { a: {}, b: { needs: ['a'] } } } })

  it('take turns: no more at once than there are places, and each once', async () => {
    const run = await controlled(plan)
    for (let next = run.running()[0]; next !== undefined; next = run.running()[0])
      await (await run.started(next)).fail()
    expect((await run.result).state.outcome).toBe('failed')
    const later = await controlled(plan, { start: { type: 'reopen', events: run.events, by: ALICE, steps: undefined } })
    const seen: string[] = []
    let most = 0
    for (let now = later.running(); now[0] !== undefined; now = later.running()) {
      most = Math.max(most, now.length)
      seen.push(now[0])
      await (await later.started(now[0])).succeed()
    }
    expect((await later.result).state.outcome).toBe('succeeded')
    expect(most).toBe(2)
    expect(seen.sort()).toEqual(['x', 'y', 'z'].flatMap((key) => [`each[${key}]/a`, `each[${key}]/b`]))
    const waited = later.events
      .slice(run.events.length)
      .filter((event) => event.type === 'step-waiting' && event.path.startsWith('each['))
    expect(waited).toMatchObject([{ path: 'each[z]', for: { kind: 'slot' } }])
  })
})

describe('variables that are let through', () => {
  it('are named for the executor, and no text is given for them', async () => {
    const run = await controlled(planOf({ steps: { a: { env: { HOME: 'inherit', NAME: 'x' } } } }))
    const { request } = await run.started('a')
    expect(request).toMatchObject({ inherit: ['HOME'] })
    expect(request.env).toEqual({ NAME: 'x' })
  })
})

describe('a handoff', () => {
  const cause = { coordinator: 'COORD_OPS', signal: 'OPS:GO', id: 's1' }
  const told = (run: ControlledRun) =>
    run
      .state()
      .signals.flatMap(({ signal, source, target, payload }) =>
        signal === 'COORD_OPS:HANDOFF' ? [{ source, target, payload }] : [],
      )
  const handoff = { source: 'maker', target: 'user', payload: { from: 'made', to: 'used' } }
  const played = async (used: StepDraft, vars: { readonly [name: string]: string } = {}): Promise<ControlledRun> => {
    const steps = {
      made: { agent: 'maker', outputs: { n: { type: 'integer' as const } } },
      apart: { agent: 'other' },
      used: { agent: 'user', needs: ['made', 'apart'], ...used },
    }
    const run = await controlled(planOf({ vars: vars as never, steps }), { cause })
    await (await run.started('made')).succeed({ n: 1 })
    await (await run.started('apart')).succeed()
    return run
  }

  it('is told where a step reads the other by a variable of the pipeline', async () => {
    const vars = { twice: '${{ vars.once + vars.once }}', once: '${{ steps.made.outputs.n }}' }
    expect(told(await played({ with: { n: '${{ vars.twice }}' } }, vars))).toEqual([handoff])
  })

  it('is told where only its condition reads the other', async () => {
    expect(told(await played({ when: 'steps.made.outputs.n == 1' }))).toEqual([handoff])
  })

  it('is not told where a step only comes after', async () => {
    expect(told(await played({ env: { NAME: 'steps.made' } }))).toEqual([])
  })
})
