import { describe, expect, it } from 'vitest'
import type { EventBody, RunEvent } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import type { RunState } from '../../src/events/state.ts'
import type { Plan } from '../../src/plan/plan.ts'

const ALICE = { name: 'alice' }
const created: EventBody = {
  type: 'run-created',
  run: 'r',
  pipeline: 'main',
  planHash: 'h',
  inputs: { a: 1 },
  startedBy: ALICE,
  version: '0',
  root: '/',
  approve: ['ok'],
}
const state = (...bodies: EventBody[]): RunState =>
  reduceAll([created, ...bodies].map((body, i): RunEvent => ({ seq: i + 1, at: 1000 + i, ...body })))
const scope = (path: string): EventBody => ({ type: 'pipeline-started', path, pipeline: 'inner', inputs: {} })
const ended = (path: string): EventBody => ({ type: 'step-ended', path, status: 'succeeded' })
const judged = (path: string): EventBody => ({
  type: 'gate-judged',
  path,
  gate: 'g',
  status: 'passed',
  level: 'mandatory',
  failing: [],
})
const expanded = (...keys: string[]): EventBody => ({
  type: 'foreach-expanded',
  path: 'each',
  items: keys.map((key) => ({ key, item: key, needs: [] })),
})
const reopened = (steps: string[], gates: string[] = []): EventBody => ({
  type: 'run-reopened',
  by: ALICE,
  steps,
  gates,
})
const replanned = (more: Partial<Extract<EventBody, { type: 'plan-changed' }>>): EventBody => ({
  type: 'plan-changed',
  by: ALICE,
  planHash: 'h2',
  plan: {} as Plan,
  inputs: { b: 2 },
  steps: [],
  gates: [],
  dropped: [],
  ...more,
})
const paths = (of: RunState) => [...of.steps.keys()]
/** What something happened to, but the run itself. */
const known = (of: RunState) =>
  [...of.steps.values()].filter(({ path, status }) => path !== '' && status !== 'pending').map(({ path }) => path)

describe('a foreach that is laid out again', () => {
  const before = [
    scope(''),
    expanded('x', 'y'),
    scope('each[x]'),
    ended('each[x]/a'),
    judged('each[x]'),
    scope('each[y]'),
    ended('each[y]/a'),
    judged('each[y]'),
  ]

  it('keeps the items that it still has, with all that happened in them', () => {
    const after = state(...before, expanded('x', 'z'))
    expect(known(after)).toEqual(expect.arrayContaining(['each[x]/a']))
    expect(paths(after)).not.toContain('each[y]')
    expect(after.steps.get('each[y]/a')?.status ?? 'pending').toBe('pending')
    expect([...after.gates.keys()]).toEqual(['each[x]/g'])
    expect([...after.scopes.keys()]).toEqual(['', 'each[x]'])
  })

  it('that drops all of them has none left', () => {
    const after = state(...before, expanded())
    expect(known(after)).not.toEqual(expect.arrayContaining(['each[x]/a', 'each[y]/a']))
    expect([...after.gates.keys()]).toEqual([])
  })
})

describe('a run that is opened again', () => {
  const inside: EventBody[] = [
    scope(''),
    scope('sub'),
    ended('sub/a'),
    judged('sub'),
    ended('sub'),
    scope('subway'),
    ended('subway/a'),
    judged('subway'),
  ]

  it('forgets a step with all below it, and leaves what only begins alike', () => {
    const after = state(
      ...inside,
      { type: 'run-ended', outcome: 'failed', outputs: { o: 1 }, nextSteps: ['n'] },
      reopened(['sub']),
    )
    expect(after).toMatchObject({ phase: 'running', outputs: {}, nextSteps: [], parkedFor: [] })
    expect(after.outcome).toBeUndefined()
    expect(after.endedAt).toBeUndefined()
    expect(after.cancel).toBeUndefined()
    expect(known(after)).toEqual(['subway', 'subway/a'])
    expect([...after.scopes.keys()]).toEqual(['', 'subway'])
    expect([...after.gates.keys()]).toEqual(['subway/g'])
  })

  it('forgets a gate alone, and what holds it goes on', () => {
    const after = state(...inside, reopened([], ['sub/g']))
    expect([...after.gates.keys()]).toEqual(['subway/g'])
    expect(after.steps.get('sub')).toMatchObject({ status: 'running' })
    expect(after.steps.get('sub/a')).toMatchObject({ status: 'succeeded' })
  })

  it('is in no `finally` any more, in no scope around what happens again', () => {
    const late: EventBody[] = [
      { type: 'finally-started', path: 'sub', outcome: 'failed' },
      { type: 'finally-started', path: '', outcome: 'failed' },
    ]
    const after = state(...inside, ...late, reopened(['sub/a']))
    for (const path of ['', 'sub']) {
      expect(after.scopes.get(path)).toMatchObject({ finallySkipped: false, timedOut: false })
      expect(after.scopes.get(path)?.finallyOutcome).toBeUndefined()
      expect(after.scopes.get(path)?.finallyAt).toBeUndefined()
    }
  })

  it('leaves alone what still runs around what happens again', () => {
    const start: EventBody = { type: 'attempt-started', path: 'sub', attempt: 3 }
    const after = state(scope(''), start, scope('sub'), ended('sub/a'), reopened(['sub/a']))
    expect(after.steps.get('sub')).toMatchObject({ status: 'running', attempts: 3 })
  })

  it('knows no attempt of a step that nothing ever happened to', () => {
    expect(known(state(scope(''), reopened(['nobody/home'])))).toEqual([])
  })
})

describe('a run that goes on by another plan', () => {
  it('has the new inputs, at its root too, and nothing that was approved beforehand', () => {
    const after = state(scope(''), replanned({}))
    expect(after).toMatchObject({ planHash: 'h2', inputs: { b: 2 }, approve: [] })
    expect(after.scopes.get('')).toMatchObject({ inputs: { b: 2 } })
  })

  it('knows who brought its plans, each once, under any name, and the starter not among them', () => {
    const by = (name: string, uid?: number) => replanned({ by: uid === undefined ? { name } : { name, uid } })
    const changed = state(by('bob', 8), by('alias', 8), by('carol'), by('carol'), replanned({}))
    expect(changed.plannedBy).toEqual([{ name: 'bob', uid: 8 }, { name: 'carol' }])
  })

  it('has nothing of what is gone, and keeps what stands beside it', () => {
    const after = state(
      scope(''),
      scope('sub'),
      ended('sub/a'),
      ended('sub/b'),
      judged('sub'),
      ended('other'),
      replanned({ dropped: ['sub/a'] }),
    )
    expect(paths(after)).not.toContain('sub/a')
    expect(known(after)).toEqual(expect.arrayContaining(['sub/b', 'other']))
    const gone = state(
      scope(''),
      scope('sub'),
      ended('sub/a'),
      judged('sub'),
      ended('sub'),
      ended('other'),
      replanned({ dropped: ['sub'] }),
    )
    expect(known(gone)).toEqual(['other'])
    expect(paths(gone)).not.toContain('sub')
    expect([...gone.scopes.keys()]).toEqual([''])
    expect([...gone.gates.keys()]).toEqual([])
  })

  it('forgets what is gone also as a part of what is forgotten later', () => {
    const after = state(
      scope(''),
      scope('sub'),
      ended('sub/a'),
      ended('sub/b'),
      replanned({ dropped: ['sub/a'] }),
      ended('sub/a'),
      reopened(['sub']),
    )
    expect(known(after)).toEqual([])
  })
})
