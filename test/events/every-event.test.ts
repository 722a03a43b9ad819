import { describe, expect, it } from 'vitest'
import type { EventBody, RunEvent, WaitSpec } from '../../src/events/events.ts'
import { emptyState, reduceAll } from '../../src/events/reduce.ts'
import type { RunState } from '../../src/events/state.ts'

const ALICE = { name: 'alice', uid: 1000 }
const BOB = { name: 'bob', uid: 1001 }
const CREATED: EventBody = {
  type: 'run-created',
  run: 'r',
  pipeline: 'main',
  planHash: 'h',
  inputs: {},
  startedBy: ALICE,
  version: '0',
  root: '/',
  approve: [],
}
const at = (bodies: readonly EventBody[]): RunState =>
  reduceAll(bodies.map((body, i): RunEvent => ({ seq: i + 1, at: 1000 + i, ...body })))
const state = (...bodies: EventBody[]): RunState => at([CREATED, ...bodies])
const opened: EventBody = { type: 'run-opened', epoch: 2, pid: 7, boot: 'b', start: 3, by: ALICE }
const started = (path: string, attempt = 1): EventBody => ({ type: 'attempt-started', path, attempt })
const scope = (path: string): EventBody => ({ type: 'pipeline-started', path, pipeline: 'inner', inputs: {} })
const ended: EventBody = { type: 'run-ended', outcome: 'succeeded', outputs: { o: 1 }, nextSteps: ['go'] }
const wait = (more: Partial<WaitSpec> = {}): WaitSpec => ({
  kind: 'approval',
  prompt: 'Go?',
  from: ['ops'],
  persons: [],
  self: true,
  startedBy: ALICE,
  ...more,
})

describe('promise 1a: of a run of which nothing is known', () => {
  it('nothing is said', () => {
    expect(emptyState()).toEqual({
      run: '',
      pipeline: '',
      planHash: '',
      inputs: {},
      startedBy: { name: '' },
      plannedBy: [],
      version: '',
      root: '',
      approve: [],
      createdAt: 0,
      phase: 'running',
      parkedFor: [],
      outputs: {},
      nextSteps: [],
      steps: new Map(),
      gates: new Map(),
      scopes: new Map(),
      notes: [],
      signals: [],
      below: new Map(),
      lastSeq: 0,
      lastAt: 0,
    })
  })
})

describe('promise 1a: of a run', () => {
  it('an owner that opens it is known; a run that has ended stays ended', () => {
    const open = state({ type: 'run-parked', for: ['a'] }, opened)
    expect(open).toMatchObject({ phase: 'running', parkedFor: [], owner: { epoch: 2, pid: 7, boot: 'b', start: 3 } })
    expect(state(ended, opened)).toMatchObject({ phase: 'ended', outcome: 'succeeded' })
  })

  it('what it waits for is known until something happens to a step, or it ends', () => {
    const waiting: EventBody = { type: 'run-waiting', for: { kind: 'lock', keys: ['repo'] } }
    expect(state(waiting).waitingFor).toEqual({ kind: 'lock', keys: ['repo'] })
    expect(state(waiting, started('a')).waitingFor).toBeUndefined()
    expect(state(waiting, ended).waitingFor).toBeUndefined()
  })

  it('the end has its outcome, outputs, names for people and next steps', () => {
    expect(state(ended)).toMatchObject({ phase: 'ended', outputs: { o: 1 }, nextSteps: ['go'], endedAt: 1001 })
    expect(state(ended)).not.toHaveProperty('labels')
    expect(state({ ...ended, labels: { o: 'Tag' } } as EventBody)).toMatchObject({ labels: { o: 'Tag' } })
  })

  it('notes and signals are kept in their order', () => {
    const signal = {
      type: 'signal-sent',
      path: 'a',
      id: 'r:3',
      source: 'r',
      target: '',
      signal: 'OPS:GO',
      payload: {},
    } as const
    const after = state({ type: 'noted', by: BOB, text: 'look here' }, signal)
    expect(after.notes).toEqual([{ by: BOB, at: 1001, text: 'look here' }])
    expect(after.signals).toMatchObject([{ id: 'r:3', signal: 'OPS:GO' }])
    expect(after.waitingFor).toBeUndefined()
  })
})

describe('promise 1a: of a scope', () => {
  const late: EventBody = { type: 'deadline-passed', path: 'sub', what: 'timeout' }
  const last = (path: string): EventBody => ({ type: 'finally-started', path, outcome: 'failed' })

  it('what came to its timeout, its `finally` and its being left out is known', () => {
    const after = state(scope('sub'), late, last('sub'))
    expect(after.scopes.get('sub')).toMatchObject({
      timedOut: true,
      finallyOutcome: 'failed',
      finallyAt: 1003,
      finallySkipped: false,
    })
    const skipped = state(scope('sub'), { type: 'finally-skipped', path: 'sub', reason: 'killed' })
    expect(skipped.scopes.get('sub')).toMatchObject({ finallySkipped: true })
    expect(
      state(scope('sub'), { type: 'finally-skipped', path: 'sub', reason: 'killed' }, last('sub')).scopes.get('sub'),
    ).toMatchObject({ finallySkipped: false })
  })

  it('that is not open nothing is known, whatever is said of it', () => {
    const after = state(late, last('sub'), { type: 'finally-skipped', path: 'sub', reason: 'killed' })
    expect([...after.scopes.keys()]).toEqual([''])
    expect([...after.steps.keys()]).toEqual([])
  })

  it('a jump of the clock and a new owner move its `finally`, where it has begun one', () => {
    const jump: EventBody = { type: 'clock-jumped', byMs: 5000 }
    expect(state(scope('sub'), last('sub'), jump).scopes.get('sub')?.finallyAt).toBe(6002)
    expect(state(scope('sub'), last('sub'), jump, opened).scopes.get('sub')?.finallyAt).toBe(1004)
    for (const event of [jump, opened]) expect(state(scope('sub'), event).scopes.get('sub')?.finallyAt).toBeUndefined()
  })
})

describe('promise 1a: of a step', () => {
  it('what was missing when it first started is kept, for the step that a part is of, too', () => {
    const after = state(
      { ...started('a'), missing: ['x'] } as EventBody,
      { ...started('a', 2), missing: ['y'] } as EventBody,
    )
    expect(after.steps.get('a')).toMatchObject({ missing: ['x'], attempts: 2 })
    const item = state({ ...started('each[k]'), missing: ['x'] } as EventBody)
    expect(item.steps.get('each')).toMatchObject({ missing: ['x'] })
    expect(state(started('each[k]')).steps.get('each')).toBeUndefined()
  })

  it('a repair is in flight until it ends', () => {
    const start: EventBody = { type: 'recover-started', path: 'a', attempt: 1, failure: 'offline' }
    expect(state(started('a'), start).steps.get('a')).toMatchObject({ inFlight: 'recover', recovering: 'offline' })
    const outcome = { status: 'succeeded', durationMs: 1 } as const
    const after = state(started('a'), start, {
      type: 'recover-ended',
      path: 'a',
      attempt: 1,
      failure: 'offline',
      outcome,
    })
    expect(after.steps.get('a')).toMatchObject({ inFlight: undefined, recovering: undefined })
  })

  it('a check runs until it has ended; what nobody judged any more was skipped', () => {
    const start: EventBody = { type: 'check-started', path: 'a', check: 'tidy', attempt: 1 }
    const end: EventBody = {
      type: 'check-ended',
      path: 'a',
      check: 'tidy',
      attempt: 1,
      status: 'failed',
      level: 'advisory',
      message: 'no',
    }
    expect(state(started('a'), start).steps.get('a')?.checks.get('tidy')).toEqual({ status: 'running', delivery: 1 })
    expect(
      state(started('a'), start, { ...start, delivery: 2 }, end)
        .steps.get('a')
        ?.checks.get('tidy'),
    ).toMatchObject({
      status: 'failed',
      delivery: 2,
    })
    expect(state(started('a'), start, end).steps.get('a')?.checks.get('tidy')).toEqual({
      status: 'failed',
      delivery: 1,
      level: 'advisory',
      message: 'no',
    })
    const over: EventBody = { type: 'step-ended', path: 'a', status: 'cancelled' }
    const asked: EventBody = { type: 'wait-opened', path: 'a/check:tidy', wait: wait() }
    expect(state(started('a'), start, asked, over).steps.get('a')?.checks.get('tidy')).toStrictEqual({
      status: 'skipped',
      delivery: 1,
      level: undefined,
      message: undefined,
      wait: undefined,
    })
    expect(state(started('a'), start, end, over).steps.get('a')?.checks.get('tidy')).toMatchObject({ status: 'failed' })
    expect(state(started('a'), start, end, started('a', 2)).steps.get('a')?.checks.size).toBe(0)
  })

  it.each<[string, Partial<WaitSpec>, object]>([
    ['an approval', {}, { kind: 'approval', prompt: 'Go?', from: ['ops'] }],
    ['an answer', { kind: 'answer' }, { kind: 'answer', prompt: 'Go?', from: ['ops'] }],
    ['a signal', { kind: 'signal', signal: 'OPS:GO' }, { kind: 'signal', signal: 'OPS:GO' }],
    ['a signal of no name', { kind: 'signal' }, { kind: 'signal', signal: '' }],
    [
      'a word about a step that was cut off',
      { kind: 'interrupted' },
      { kind: 'approval', prompt: 'Go?', from: ['ops'] },
    ],
  ])('promise 25a: it is known that it waits for %s, and what was decided', (_, more, waitingFor) => {
    const spec = wait(more)
    const asked: EventBody = { type: 'wait-opened', path: 'a', wait: spec }
    expect(state(asked).steps.get('a')).toMatchObject({ status: 'waiting', wait: { spec }, waitingFor })
    expect(state(asked).steps.get('a')?.waitingFor).toEqual(waitingFor)
    const decision = { verdict: 'approved', by: BOB, at: 5 } as const
    const after = state(asked, { type: 'wait-decided', path: 'a', decision }).steps.get('a')
    expect(after).toMatchObject({ status: 'running', wait: { spec, decision }, waitingFor: undefined })
  })

  it('a decision that nobody asked for is no wait', () => {
    const decision = { verdict: 'approved', by: BOB, at: 5 } as const
    expect(state({ type: 'wait-decided', path: 'a', decision }).steps.get('a')?.wait).toBeUndefined()
  })

  it('a check that asks a person has its own question, and the step none', () => {
    const asked: EventBody = { type: 'wait-opened', path: 'a/check:person', wait: wait() }
    expect(state(started('a'), asked).steps.get('a')).toMatchObject({ status: 'running', wait: undefined })
    expect(state(started('a'), asked).steps.get('a')?.checks.get('person')).toMatchObject({
      status: 'running',
      wait: wait(),
    })
    const decision = { verdict: 'approved', by: BOB, at: 5 } as const
    const after = state(started('a'), asked, { type: 'wait-decided', path: 'a/check:person', decision })
    expect(after.steps.get('a')?.checks.get('person')).toEqual({ status: 'running', delivery: 1 })
    expect([...after.steps.keys()]).toEqual(['a'])
  })
})

describe('promise 1a: of a gate', () => {
  const judged: EventBody = {
    type: 'gate-judged',
    path: 'sub',
    gate: 'g',
    status: 'held',
    level: 'mandatory',
    share: 0.5,
    failing: ['a'],
  }
  const asked: EventBody = { type: 'wait-opened', path: 'sub/gate:g', wait: wait({ kind: 'bypass' }) }
  const decided: EventBody = {
    type: 'gate-decided',
    path: 'sub',
    gate: 'g',
    status: 'bypassed',
    by: BOB,
    reason: 'flake',
    expiresAt: 99,
    planHash: 'h',
  }

  it('verdict, question and decision are known; judged again it has none of the old ones', () => {
    expect(state(judged, asked).gates.get('sub/g')).toMatchObject({
      gate: 'g',
      status: 'held',
      share: 0.5,
      failing: ['a'],
      wait: { kind: 'bypass' },
    })
    expect(state(judged, asked, decided).gates.get('sub/g')).toMatchObject({
      status: 'bypassed',
      decided: { by: BOB, reason: 'flake', at: 1003 },
      bypassedUntil: 99,
      wait: undefined,
    })
    const decision = { verdict: 'bypassed', by: BOB, at: 5 } as const
    expect(
      state(judged, asked, { type: 'wait-decided', path: 'sub/gate:g', decision }).gates.get('sub/g')?.wait,
    ).toBeUndefined()
    expect(state(judged, asked, decided, judged).gates.get('sub/g')).toMatchObject({
      status: 'held',
      decided: undefined,
      bypassedUntil: undefined,
      wait: undefined,
    })
    expect([...state(judged, asked, decided).steps.keys()]).toEqual([])
  })

  it('its checks are its own', () => {
    const after = state({ type: 'check-started', path: 'sub/gate:g', check: 'tidy', attempt: 1 })
    expect(after.gates.get('sub/g')).toMatchObject({ status: 'pending', level: 'mandatory', failing: [] })
    expect(after.gates.get('sub/g')?.checks.get('tidy')).toMatchObject({ status: 'running' })
    expect([...after.steps.keys()]).toEqual([])
  })
})
