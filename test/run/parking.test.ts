import { describe, expect, it } from 'vitest'
import { ALICE, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

const approval = (more: StepDraft = {}): StepDraft => ({
  action: { kind: 'approval', prompt: 'Go?', from: [], show: undefined, self: true },
  ...more,
})
const wait = (forMs: number): StepDraft => ({ action: { kind: 'wait', forMs } })
const park = (draft: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}): Promise<ControlledRun> =>
  controlled(planOf(draft, others), { park: true })
const parked = (run: ControlledRun): readonly (readonly string[])[] =>
  run.events.flatMap((event) => (event.type === 'run-parked' ? [event.for] : []))

describe('a run that parks', () => {
  it.each<[string, PipelineDraft]>([
    ['a question', { steps: { go: approval() } }],
    ['a question that is due', { steps: { go: approval({ dueMs: 1000 }) } }],
    ['a question in `finally`, which has a time of its own', { steps: {}, finally: { go: approval() } }],
    ['a question after a step that has ended', { steps: { a: wait(0), go: approval({ needs: ['a'] }) } }],
  ])('names what it waits for, and nothing else: %s', async (_, draft) => {
    const run = await park(draft)
    await run.advance(0)
    expect((await run.result).end).toBe('parked')
    expect(parked(run)).toEqual([['go']])
  })

  it('names what stands in sub-pipelines, and all of several', async () => {
    const sub: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }
    const run = await park({ steps: { go: approval(), sub } }, { inner: { steps: { go: approval() } } })
    await run.advance(0)
    expect((await run.result).end).toBe('parked')
    expect(parked(run).map((names) => [...names].sort())).toEqual([['go', 'sub/go']])
  })

  it('does so for a wait of over a minute, and stays for one of a minute', async () => {
    const long = await park({ steps: { a: wait(60_001) } })
    await long.advance(0)
    expect((await long.result).end).toBe('parked')
    const short = await park({ steps: { a: wait(60_000) } })
    await short.advance(59_999)
    expect(parked(short)).toEqual([])
    await short.advance(1)
    expect((await short.result).state.outcome).toBe('succeeded')
  })

  it('stays where a lock may come that another run holds, and not where it holds it itself', async () => {
    const steps = { a: { mutex: 'repo' }, go: approval() }
    const other = await controlled(planOf({ steps }), { park: true, elsewhere: ['repo'] })
    await other.advance(1000)
    expect(parked(other)).toEqual([])
    await other.freeElsewhere('repo')
    await (await other.started('a')).succeed()
    await other.advance(0)
    expect((await other.result).end).toBe('parked')
    const own = await park({ steps: { go: approval({ mutex: 'repo' }), a: { needs: [], mutex: 'repo' } } })
    await own.advance(0)
    expect((await own.result).end).toBe('parked')
  })

  it('counts the lock of an item, and of a pipeline that it calls', async () => {
    const each: StepDraft = {
      ...approval({ mutex: 'repo' }),
      foreach: { items: ['x'], key: '${{ item }}', needs: undefined, maxParallel: undefined },
    }
    const items = await park({ steps: { each, a: { mutex: 'repo' } } })
    expect(items.running()).toEqual(['a'])
    await (await items.started('a')).succeed()
    await items.advance(0)
    expect((await items.result).end).toBe('parked')
    const sub: StepDraft = { action: { kind: 'pipeline', pipeline: 'inner' } }
    const inner = { mutex: 'repo', steps: { go: approval() } }
    const called = await park({ steps: { sub, a: { mutex: 'repo' } } }, { inner })
    expect(called.running()).toEqual(['a'])
    await (await called.started('a')).succeed()
    await called.advance(0)
    expect((await called.result).end).toBe('parked')
  })

  it('gives what was decided before it was opened its turn first', async () => {
    const plan = planOf({ steps: { go: approval(), a: { needs: ['go'] } } })
    const first = await controlled(plan, { park: true })
    await first.advance(0)
    const rows = [{ row: 1, at: first.now(), by: ALICE, kind: 'approve' as const, target: 'go', data: {} }]
    const start = { type: 'resume' as const, events: first.events, by: ALICE }
    const run = await controlled(plan, { park: true, start, rows, atMs: first.now() })
    await run.advance(10)
    expect(parked(run)).toHaveLength(1)
    expect(run.running()).toEqual(['a'])
    await (await run.started('a')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('does not while something runs, however long', async () => {
    const run = await park({ steps: { go: approval(), a: {} } })
    await run.advance(10_000_000)
    expect(parked(run)).toEqual([])
    await (await run.started('a')).succeed()
    await run.advance(0)
    expect((await run.result).end).toBe('parked')
  })

  it('never does where somebody stays with it', async () => {
    const run = await controlled(planOf({ steps: { go: approval() } }))
    await run.advance(10_000_000)
    expect(parked(run)).toEqual([])
    await run.row('approve', 'go', {}, ALICE)
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})
