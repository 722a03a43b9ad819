import { describe, expect, it } from 'vitest'
import type { EventBody, RunEvent } from '../../src/events/events.ts'
import { decodeKey, encodeKey, gateKeyOf, kindPath, parentPath } from '../../src/events/path.ts'
import { reduceAll } from '../../src/events/reduce.ts'

const alice = { name: 'alice' }
const created: EventBody = {
  type: 'run-created',
  run: 'r',
  pipeline: 'main',
  planHash: 'h',
  inputs: {},
  startedBy: alice,
  version: '0',
  root: '/',
  approve: [],
}

function state(...bodies: EventBody[]) {
  return reduceAll([created, ...bodies].map((body, i): RunEvent => ({ seq: i + 1, at: 1000 + i, ...body })))
}

const ended = (path: string, status: 'succeeded' | 'failed' = 'succeeded'): EventBody => ({
  type: 'step-ended',
  path,
  status,
})
const started = (path: string, attempt = 1): EventBody => ({ type: 'attempt-started', path, attempt })

describe('reduce', () => {
  it('knows of a step what last happened to it', () => {
    const waiting = state({ type: 'step-waiting', path: 'a', for: { kind: 'slot' } })
    expect(waiting.steps.get('a')).toMatchObject({ status: 'waiting', waitingFor: { kind: 'slot' } })
    const running = state({ type: 'step-waiting', path: 'a', for: { kind: 'slot' } }, started('a'))
    expect(running.steps.get('a')).toMatchObject({
      status: 'running',
      waitingFor: undefined,
      inFlight: 'attempt',
      startedAt: 1002,
    })
  })

  it('an attempt that has ended is no longer in flight, and its step goes on until its own end', () => {
    const outcome = { status: 'succeeded', durationMs: 5 } as const
    const after = state(started('a'), { type: 'attempt-ended', path: 'a', attempt: 1, outcome })
    expect(after.steps.get('a')).toMatchObject({ status: 'running', inFlight: undefined, last: outcome })
  })

  it('a sub-pipeline that starts again forgets what happened in it, but never an attempt number', () => {
    const open: EventBody = { type: 'pipeline-started', path: 'x', pipeline: 'inner', inputs: {} }
    const gate: EventBody = {
      type: 'gate-judged',
      path: 'x',
      gate: 'g',
      status: 'failed',
      level: 'mandatory',
      failing: [],
    }
    const after = state(started('x'), open, started('x/a'), ended('x/a'), gate, started('x', 2), open)
    expect(after.steps.get('x/a')).toMatchObject({ status: 'pending', attempts: 1, endedAt: undefined })
    expect(after.gates.has('x/g')).toBe(false)
  })

  it('a reopened run is running again; what holds a reopened step too; all else is kept', () => {
    const open: EventBody = { type: 'pipeline-started', path: 'x', pipeline: 'inner', inputs: {} }
    const run: EventBody = { type: 'run-ended', outcome: 'failed', outputs: {}, nextSteps: [] }
    const reopened: EventBody = { type: 'run-reopened', by: alice, steps: ['x/b'], gates: [] }
    const after = state(
      started('x'),
      open,
      ended('x/a'),
      ended('x/b', 'failed'),
      ended('x', 'failed'),
      ended('y'),
      run,
      reopened,
    )
    expect(after).toMatchObject({ phase: 'running', outcome: undefined, endedAt: undefined })
    expect([...after.steps.values()].map(({ path, status }) => [path, status])).toEqual([
      ['x', 'running'],
      ['x/a', 'succeeded'],
      ['x/b', 'pending'],
      ['y', 'succeeded'],
    ])
  })

  it('a new expansion drops the items that it no longer has', () => {
    const items = (...keys: string[]): EventBody => ({
      type: 'foreach-expanded',
      path: 'e',
      items: keys.map((key) => ({ key, item: null, needs: [] })),
    })
    expect([...state(items('a', 'b'), ended('e[a]'), ended('e[b]'), items('b')).steps.keys()]).toEqual(['e', 'e[b]'])
  })

  it('parks, opens and ends', () => {
    const parked = state({ type: 'run-parked', for: ['ok'] })
    expect(parked).toMatchObject({ phase: 'parked', parkedFor: ['ok'] })
    const opened = state(
      { type: 'run-parked', for: ['ok'] },
      { type: 'run-opened', epoch: 2, pid: 1, boot: 'b', start: 3, by: alice },
    )
    expect(opened).toMatchObject({ phase: 'running', parkedFor: [], owner: { epoch: 2 } })
  })

  it('keeps the first time and the hardest mode of a cancel', () => {
    const cancel = (hard: boolean): EventBody => ({ type: 'cancel-requested', by: alice, reason: 'r', hard })
    expect(state(cancel(true), cancel(false)).cancel).toMatchObject({ hard: true, at: 1001 })
  })
})

describe('paths', () => {
  it.each([
    ['a/b[k]@2', 'a/b[k]'],
    ['a/b[k]', 'a/b'],
    ['a@1/b', 'a@1'],
    ['a', ''],
  ])('%s is held by %s', (path, parent) => {
    expect(parentPath(path)).toBe(parent)
  })

  it('keys may hold anything: they are encoded, and a very long one is cut and told apart', () => {
    expect(encodeKey('a/b[c]@d#e')).toBe('a%2Fb%5Bc%5D%40d%23e')
    const long = encodeKey('x'.repeat(500))
    expect(long.length).toBeLessThanOrEqual(128)
    expect(encodeKey(`${'x'.repeat(500)}y`)).not.toBe(long)
  })

  it('what is left of a very long key can be decoded, whatever is in it', () => {
    for (const char of ['語', '😀', 'é', '%', 'a']) {
      const start = decodeKey(encodeKey(char.repeat(200))).split('~')[0]!
      expect(char.repeat(200).startsWith(start)).toBe(true)
    }
  })

  it('a path without keys and passes is the same from run to run', () => {
    expect(kindPath('round@2/audit[api]/scan')).toBe('round/audit/scan')
    expect(gateKeyOf('round/gate:quality')).toBe('round/quality')
    expect(gateKeyOf('round/quality')).toBeUndefined()
  })
})
