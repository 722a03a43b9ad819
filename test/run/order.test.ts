import { describe, expect, it } from 'vitest'
import { ALICE, controlled, statuses } from '../support/controlled-port.ts'
import { planOf } from '../support/plans.ts'

describe('needs', () => {
  // a --> b --> c
  it('starts a step the moment its own needs are met, one after the other in a chain', async () => {
    const run = await controlled(planOf({ steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['b'] } } }))
    expect(run.running()).toEqual(['a'])
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['b'])
    await (await run.started('b')).succeed()
    await (await run.started('c')).succeed()
    const { end, state } = await run.result
    expect(end).toBe('ended')
    expect(state.outcome).toBe('succeeded')
    expect(statuses(state)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded' })
  })

  // a --> c    b (slow)
  it('promise 6a: knows no waves: c starts when a has ended, whatever b does', async () => {
    const run = await controlled(planOf({ steps: { a: {}, b: {}, c: { needs: ['a'] } } }))
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['b', 'c'])
  })

  // a (fails) --> b --> c      d
  it('promise 8a: a failing step stops what depends on it and nothing else', async () => {
    const run = await controlled(planOf({ steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['b'] }, d: {} } }))
    await (await run.started('a')).fail()
    expect(run.running()).toEqual(['d'])
    await (await run.started('d')).succeed()
    const { state } = await run.result
    expect(state.outcome).toBe('failed')
    expect(statuses(state)).toEqual({ a: 'failed', b: 'skipped', c: 'skipped', d: 'succeeded' })
    expect(state.steps.get('b')?.reason).toBe('upstream')
  })

  it('promise 7a: skipped by its own when satisfies a need, skipped because of a failure upstream does not', async () => {
    const run = await controlled(
      planOf({ steps: { a: { when: 'inputs.go == true' }, b: { needs: ['a'] } }, inputs: { go: { type: 'boolean' } } }),
      { inputs: { go: false } },
    )
    expect(run.running()).toEqual(['b'])
    await (await run.started('b')).succeed()
    const { state } = await run.result
    expect(state.outcome).toBe('succeeded')
    expect(statuses(state)).toEqual({ a: 'skipped', b: 'succeeded' })
  })

  // x (fails) --> repair        x --> tell (completed)
  it('promise 6b: a handled failure still counts for the outcome', async () => {
    const steps = {
      x: {},
      repair: { needs: [{ step: 'x', on: 'failed' as const }] },
      tell: { needs: [{ step: 'x', on: 'completed' as const }] },
    }
    const run = await controlled(planOf({ steps }))
    await (await run.started('x')).fail()
    expect(run.running()).toEqual(['repair', 'tell'])
    expect((await run.started('repair')).request.path).toBe('repair')
    await (await run.started('repair')).succeed()
    await (await run.started('tell')).succeed()
    expect((await run.result).state.outcome).toBe('failed')
  })

  it('promise 6c: a reactor is skipped as by its own when where x succeeds', async () => {
    const run = await controlled(
      planOf({ steps: { x: {}, repair: { needs: [{ step: 'x', on: 'failed' }] }, after: { needs: ['repair'] } } }),
    )
    await (await run.started('x')).succeed()
    expect(run.running()).toEqual(['after'])
    await (await run.started('after')).succeed()
    const { state } = await run.result
    expect(state.steps.get('repair')).toMatchObject({ status: 'skipped', reason: 'when' })
    expect(state.outcome).toBe('succeeded')
  })

  it('promise 5c: a failure that is allowed satisfies a need and makes the run succeeded-with-failures', async () => {
    const run = await controlled(planOf({ steps: { a: { allowFailure: true }, b: { needs: ['a'] } } }))
    await (await run.started('a')).fail()
    await (await run.started('b')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded-with-failures')
  })

  it('promise 8b: fail_fast ends what runs and cancels what has not started', async () => {
    const run = await controlled(planOf({ failFast: true, steps: { a: {}, b: {}, c: { needs: ['b'] } } }))
    await (await run.started('a')).fail()
    expect(run.aborted('b')).toBe('soft')
    await (await run.started('b')).fail({ status: 'cancelled' })
    const { state } = await run.result
    expect(statuses(state)).toEqual({ a: 'failed', b: 'cancelled', c: 'cancelled' })
    expect(state.outcome).toBe('failed')
  })
})

describe('quorum', () => {
  const steps = { a: {}, b: {}, c: {}, join: { needs: ['a', 'b', 'c'], quorum: { share: 0.5 } } }

  it('promise 11c: rounds up, starts with what is there, and missing names the rest', async () => {
    const run = await controlled(planOf({ steps: { ...steps, join: { ...steps.join, env: { M: '${{ missing }}' } } } }))
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual(['b', 'c'])
    await (await run.started('b')).succeed()
    expect((await run.started('join')).request.env).toEqual({ M: '["c"]' })
    expect(run.events.find((event) => event.type === 'attempt-started' && event.path === 'join')).toMatchObject({
      missing: ['c'],
    })
  })

  it('promise 11d: what ends late changes nothing of what the started step saw, also through vars and after a crash', async () => {
    const out = { outputs: { v: { type: 'string' as const } } }
    const retry = { attempts: 2, only: [], backoffMs: 1000, factor: 1, maxMs: 1000, jitter: 0 }
    const join = { ...steps.join, retry, env: { V: '${{ vars.late }}', S: '${{ steps.c.status }}' } }
    const vars = { late: '${{ steps.c.outputs.v }}' }
    const plan = planOf({ vars, steps: { a: out, b: out, c: out, join } })
    const run = await controlled(plan)
    await (await run.started('a')).succeed({ v: 'a' })
    await (await run.started('b')).succeed({ v: 'b' })
    const { env } = (await run.started('join')).request
    await run.advance(5)
    await (await run.started('c')).succeed({ v: 'c' })
    await (await run.started('join')).fail()
    await run.advance(1000)
    expect((await run.started('join')).request.env).toEqual(env)
    run.crash()
    const again = await controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE } })
    expect((await again.started('join')).request.env).toEqual(env)
  })

  it.each([
    ['a foreach', { foreach: { items: ['k', 'l'], key: '${{ item }}', needs: undefined, maxParallel: 1 } }, 'join[k]'],
    ['a repeat', { repeat: { until: 'false', max: 2, delayMs: 0, onMax: 'stop' as const } }, 'join@1'],
  ] as const)('promise 11d: %s goes on without what came late, also after a crash', async (_, draft, first) => {
    const plan = planOf({ steps: { ...steps, join: { ...steps.join, ...draft, env: { M: '${{ missing }}' } } } })
    const run = await controlled(plan)
    for (const id of ['a', 'b']) await (await run.started(id)).succeed()
    await run.advance(5)
    await (await run.started('c')).succeed()
    run.crash()
    const again = await controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE } })
    await (await again.started(first)).succeed()
    expect((await again.started(again.running()[0]!)).request.env).toEqual({ M: '["c"]' })
  })

  it('promise 11c: is skipped as by a failure upstream once out of reach', async () => {
    const run = await controlled(planOf({ steps }))
    await (await run.started('a')).fail()
    await (await run.started('b')).fail()
    expect(run.state().steps.get('join')).toMatchObject({ status: 'skipped', reason: 'quorum' })
    await (await run.started('c')).succeed()
    expect((await run.result).state.outcome).toBe('failed')
  })
})

describe('expressions', () => {
  it('an expression error is a failure with reason expression, never a skip', async () => {
    const run = await controlled(
      planOf({ steps: { a: { when: 'inputs.list[3] == 1' } }, inputs: { list: { type: 'array' } } }),
      {
        inputs: { list: [] },
      },
    )
    const { state } = await run.result
    expect(state.steps.get('a')).toMatchObject({ status: 'failed', reason: 'expression' })
    expect(state.outcome).toBe('failed')
  })

  it('outputs of a step are read by the next, and those of one that failed are null', async () => {
    const steps = {
      a: { outputs: { v: { type: 'string' as const } }, allowFailure: true },
      b: { outputs: { v: { type: 'string' as const } } },
      c: { needs: ['a', 'b'], env: { A: '${{ steps.a.outputs.v == null }}', B: 'v${{ steps.b.outputs.v }}' } },
    }
    const run = await controlled(
      planOf({ steps, outputs: { out: { value: '${{ steps.b.outputs.v }}', deliverable: undefined } } }),
    )
    await (await run.started('a')).fail({ outputs: { v: 'lost' } })
    await (await run.started('b')).succeed({ v: '1.10' })
    const c = await run.started('c')
    expect(c.request.env).toEqual({ A: 'true', B: 'v1.10' })
    await c.succeed()
    expect((await run.result).state.outputs).toEqual({ out: '1.10' })
  })

  it('secrets stay references', async () => {
    const run = await controlled(
      planOf({ secrets: ['TOKEN'], steps: { a: { env: { T: 'Bearer ${{ secrets.TOKEN }}' } } } }),
    )
    expect((await run.started('a')).request.env).toEqual({ T: 'Bearer ${secret:TOKEN}' })
  })

  it('data that looks like a reference to a secret gets none: the step fails', async () => {
    const outputs = { title: { type: 'string' as const } }
    const env = { T: '${{ secrets.TOKEN }}', TITLE: 'about ${{ steps.a.outputs.title }}' }
    const run = await controlled(planOf({ secrets: ['TOKEN'], steps: { a: { outputs }, b: { needs: ['a'], env } } }))
    await (await run.started('a')).succeed({ title: '${secret:TOKEN}' })
    const { state } = await run.result
    expect(state.steps.get('b')).toMatchObject({ status: 'failed', reason: 'expression' })
    expect(state.steps.get('b')?.message).toContain('env `TITLE`')
  })

  it('a variable of the pipeline that holds a reference may be read in another', async () => {
    const steps = { a: { env: { HEADER: 'Bearer ${{ env.T }}' } } }
    const run = await controlled(planOf({ secrets: ['TOKEN'], env: { T: '${{ secrets.TOKEN }}' }, steps }))
    expect((await run.started('a')).request.env).toMatchObject({ HEADER: 'Bearer ${secret:TOKEN}' })
  })
})
