import { describe, expect, it } from 'vitest'
import { controlled } from '../support/controlled-port.ts'
import { planOf, type StepDraft } from '../support/plans.ts'

const running = async (steps: { [id: string]: StepDraft }) => (await controlled(planOf({ steps }))).running()

describe('steps that own files', () => {
  it('promise 28d: take turns where both may write one path, and say what they wait for', async () => {
    const run = await controlled(
      planOf({
        steps: {
          guide: { owns: ['docs/guide.md', 'CHANGELOG.md'] },
          docs: { owns: ['docs/**'] },
          code: { owns: ['src/**'] },
          log: { owns: ['./CHANGELOG.md'] },
          other: {},
        },
      }),
    )
    expect(run.running()).toEqual(['other', 'guide', 'code'])
    expect(run.state().steps.get('docs')).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'lock', keys: ['writes docs/**'] },
    })
    await (await run.started('guide')).fail()
    expect(run.running()).toEqual(['other', 'code', 'docs', 'log'])
  })

  it('promise 28d: keep their turn over attempts, and wait for another run of the store that has it', async () => {
    const retry = { attempts: 2, backoffMs: 10, factor: 1, maxMs: 10, jitter: 0, only: [] } as const
    const run = await controlled(planOf({ steps: { a: { owns: ['docs/'], retry }, b: { owns: ['docs/a.md'] } } }))
    await (await run.started('a')).fail()
    expect(run.running()).toEqual([])
    await run.advance(10)
    run.takeElsewhere('writes docs/')
    await (await run.started('a')).succeed()
    expect(run.running()).toEqual([])
    await run.freeElsewhere('writes docs/')
    expect(run.running()).toEqual(['b'])
  })

  it('promise 28d: take turns also as items of one foreach, and within what they call', async () => {
    expect(
      await running({
        each: {
          owns: ['src/**'],
          foreach: { items: ['x', 'y'], key: undefined, needs: undefined, maxParallel: undefined },
        },
      }),
    ).toEqual(['each[0]'])
    const plan = planOf(
      { steps: { sub: { action: { kind: 'pipeline', pipeline: 'inner' } }, a: { owns: ['src/**'] } } },
      { inner: { steps: { b: { owns: ['src/b.ts'] }, c: { owns: ['docs/**'] } } } },
    )
    expect((await controlled(plan)).running()).toEqual(['a', 'sub/c'])
  })

  it('write at the same time in worktrees of their own, and take turns in one that they share', async () => {
    const owns = ['src/**']
    const alone = { owns, isolation: 'worktree' } as const
    expect(await running({ a: alone, b: alone })).toEqual(['a', 'b'])
    const run = await controlled(planOf({ isolation: 'worktree', steps: { a: { owns }, b: { owns } } }))
    expect(run.running()).toEqual(['a'])
    expect(Object.keys(run.locks())).toEqual(['writes src/** in run-1'])
  })
})
