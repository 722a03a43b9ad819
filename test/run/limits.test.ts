import { describe, expect, it } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { ALICE, type ControlledOptions, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, planOf, type StepDraft } from '../support/plans.ts'

/*
 * Promise 24: what there is one of is had by one at a time and by the next one afterwards, however the one before lets go
 * of it. Every limit below is one, and three want it.
 */

const IDS = ['a', 'b', 'c']
const each = (draft: StepDraft) => Object.fromEntries(IDS.map((id) => [id, draft]))
const calls = (draft: StepDraft = {}): StepDraft => ({ ...draft, action: { kind: 'pipeline', pipeline: 'inner' } })
const foreach = { items: IDS, key: '${{ item }}', needs: undefined, maxParallel: 1 }

/** What there is one of, as a plan in which three steps want it, all of this draft. */
const ONES: { readonly [what: string]: (draft: StepDraft) => Plan } = {
  'a slot': (draft) => planOf({ maxParallel: 1, steps: each(draft) }),
  'a slot around sub-pipelines': (draft) =>
    planOf({ maxParallel: 1, steps: each(calls()) }, { inner: { steps: { one: draft } } }),
  'a place of an agent': (draft) => ({
    ...planOf({ steps: each({ ...draft, agent: 'git' }) }),
    agentLimits: { git: 1 },
  }),
  'a place of an agent, in sub-pipelines': (draft) => ({
    ...planOf({ steps: each(calls()) }, { inner: { steps: { one: { ...draft, agent: 'git' } } } }),
    agentLimits: { git: 1 },
  }),
  'a lock': (draft) => planOf({ steps: each({ ...draft, mutex: 'repo' }) }),
  'a lock of sub-pipelines': (draft) =>
    planOf({ steps: each(calls()) }, { inner: { mutex: 'repo', steps: { one: draft } } }),
  'a lock around sub-pipelines that want it, too': (draft) =>
    planOf({ steps: each(calls({ mutex: 'repo' })) }, { inner: { steps: { one: { ...draft, mutex: 'repo' } } } }),
  'a place of a foreach': (draft) => planOf({ steps: { each: { ...draft, foreach } } }),
  'a place of a foreach of sub-pipelines': (draft) =>
    planOf({ steps: { each: calls({ foreach }) } }, { inner: { steps: { one: draft } } }),
  'all of them': (draft) => ({
    ...planOf(
      { maxParallel: 1, mutex: 'whole', steps: { each: calls({ foreach, mutex: "${{ ['repo', item] }}" }) } },
      { inner: { maxParallel: 1, steps: { one: { ...draft, mutex: 'repo', agent: 'git' } } } },
    ),
    agentLimits: { git: 1 },
    places: { 'max_parallel of OPS': 2 },
  }),
}

const retry = { attempts: 2, only: [], backoffMs: 0, factor: 1, maxMs: 0, jitter: 0 }
const action = { kind: 'run' as const, script: 'x', shell: 'sh' as const }
const recover = { action, with: {}, env: {}, timeoutMs: undefined }
const broken = { match: undefined, exit: undefined, hint: undefined, recover }

interface Way {
  readonly draft?: StepDraft
  /** Until the first one lets go; may be another owner of the run afterwards. */
  go(run: ControlledRun, first: string, plan: Plan): Promise<ControlledRun>
}

const fails = (outcome: object): Way => ({
  async go(run, first) {
    await (await run.started(first)).fail(outcome)
    return run
  },
})

const resumed = (run: ControlledRun, plan: Plan, more: ControlledOptions = {}): Promise<ControlledRun> => {
  run.crash()
  return controlled(plan, {
    ...more,
    start: { type: 'resume', events: [...run.events], by: ALICE },
    atMs: run.now(),
  })
}

/** How the first one lets go. */
const WAYS: { readonly [how: string]: Way } = {
  fails: fails({}),
  'is over its time': fails({ status: 'timed-out' }),
  stalls: fails({ status: 'stalled' }),
  'is ended from outside': fails({ status: 'cancelled' }),
  'fails its check': {
    draft: { checks: [check('c')] },
    async go(run, first) {
      await (await run.started(first)).succeed()
      await (await run.started(`${first}/check:c`)).fail()
      return run
    },
  },
  'fails twice, the second time after a repair': {
    draft: { retry, failures: { broken } },
    async go(run, first) {
      await (await run.started(first)).fail({ failure: 'broken' })
      await (await run.started(`${first}/recover:broken`)).succeed()
      await run.advance(0)
      return run
    },
  },
  'cannot be repaired': {
    draft: { retry, failures: { broken } },
    async go(run, first) {
      await (await run.started(first)).fail({ failure: 'broken' })
      await (await run.started(`${first}/recover:broken`)).fail()
      return run
    },
  },
  'is cut off by a crash, and made again': {
    async go(run, first, plan) {
      const again = await resumed(run, plan)
      await (await again.started(first)).fail()
      return again
    },
  },
  'is cut off by a crash, and not made again': {
    draft: { interrupted: 'fail' },
    go: (run, _, plan) => resumed(run, plan),
  },
  'is cut off twice while it fails': {
    draft: { retry: { ...retry, attempts: 5 } },
    async go(run, first, plan) {
      await (await run.started(first)).fail()
      const again = await resumed(run, plan)
      await again.advance(0)
      const third = await resumed(again, plan)
      await third.advance(0)
      return third
    },
  },
}

/** Ends one after the other until the run has ended: never two at once, never none. */
async function oneByOne(run: ControlledRun): Promise<Set<string>> {
  const seen = new Set<string>()
  for (;;) {
    await run.advance(0)
    if (run.state().phase === 'ended') return seen
    const [path, ...others] = run.running()
    expect([path === undefined, others]).toEqual([false, []])
    seen.add(path!.replace(/\/(check|recover):.*$/, ''))
    await (await run.started(path!)).succeed()
  }
}

describe.each(Object.entries(ONES))(
  'promise 24a: %s is had by one at a time, and by the next one where the first',
  (_, plan) => {
    it.each(Object.entries(WAYS))('%s', async (__, { draft = {}, go }) => {
      const whole = plan({ interrupted: 'rerun', ...draft })
      const run = await controlled(whole)
      const [first, ...others] = run.running()
      expect(others).toEqual([])
      const later = await go(run, first!, whole)
      const seen = await oneByOne(later)
      expect([...seen, first].filter((path, at, all) => all.indexOf(path) === at)).toHaveLength(3)
      await later.result
      expect([later.locks(), later.awaited()]).toEqual([{}, []])

      // What failed is made again: under the same limits, and nothing was kept from the first time.
      const start = { type: 'reopen' as const, events: later.events, by: ALICE, steps: undefined }
      const again = await controlled(whole, { start, atMs: later.now() })
      await oneByOne(again)
      expect((await again.result).state.outcome).toBe('succeeded')
      expect([again.locks(), again.awaited()]).toEqual([{}, []])
    })
  },
)

describe('promise 24b: between two attempts', () => {
  const slow = { retry: { ...retry, backoffMs: 5000, maxMs: 5000 } }
  it.each([
    ['a slot', ['b']],
    ['a slot around sub-pipelines', ['b/one']],
    ['a place of an agent', ['b']],
    ['a lock', []],
    ['a lock of sub-pipelines', []],
    ['a place of a foreach', []],
  ] as const)('%s is with %j', async (what, running) => {
    const run = await controlled(ONES[what]!(slow))
    await (await run.started(run.running()[0]!)).fail()
    expect(run.running()).toEqual(running)
    await run.advance(5000)
    await oneByOne(run)
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})

describe('promise 24c: a limit that a run needs more than once is no wall', () => {
  it('an item that runs a pipeline holds no lock while it waits for its place: others need it inside', async () => {
    const items = [
      { id: 'x', own: 'red', inside: 'blue' },
      { id: 'y', own: 'blue', inside: 'red' },
    ]
    const step = calls({
      foreach: { items, key: '${{ item.id }}', needs: undefined, maxParallel: 1 },
      mutex: '${{ item.own }}',
      with: { key: '${{ item.inside }}' },
    })
    const plan = planOf(
      { steps: { each: step } },
      {
        inner: {
          inputs: { key: { type: 'string' } },
          steps: { one: { mutex: '${{ inputs.key }}' }, two: { needs: ['one'] } },
        },
      },
    )
    const run = await controlled(plan)
    expect(run.running()).toEqual(['each[x]/one'])
    expect(Object.keys(run.locks()).sort()).toEqual(['blue', 'red'])
    await (await run.started('each[x]/one')).succeed()
    const again = await resumed(run, plan)
    const seen = await oneByOne(again)
    expect([...seen]).toEqual(['each[x]/two', 'each[y]/one', 'each[y]/two'])
    expect((await again.result).state.outcome).toBe('succeeded')
    expect(again.locks()).toEqual({})
  })

  it('an item that waits for its lock has its place already, and goes on when the lock is there', async () => {
    const step = calls({ foreach, mutex: '${{ item }}' })
    const run = await controlled(planOf({ steps: { each: step } }, { inner: { steps: { one: {} } } }), {
      elsewhere: ['a'],
    })
    expect(run.state().steps.get('each[a]')?.waitingFor).toEqual({ kind: 'lock', keys: ['a'] })
    expect(run.state().steps.get('each[b]')?.waitingFor).toEqual({ kind: 'slot' })
    await run.freeElsewhere('a')
    await oneByOne(run)
    expect((await run.result).state.outcome).toBe('succeeded')
  })

  it('a limit that an expression makes smaller than one is refused where it is read, and starts nothing', async () => {
    const zero = '${{ 1 - 1 }}'
    const run = await controlled(planOf({ maxParallel: zero, steps: { a: {} } }))
    expect((await run.result).state).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^max_parallel: /),
    })
    const steps = { a: { foreach: { ...foreach, maxParallel: zero } }, b: calls() }
    const inner = { maxParallel: zero, steps: { one: {} } }
    const { state } = await (await controlled(planOf({ steps }, { inner }))).result
    for (const id of ['a', 'b']) expect(state.steps.get(id)).toMatchObject({ status: 'failed', reason: 'expression' })
  })
})
