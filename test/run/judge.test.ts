import { describe, expect, it } from 'vitest'
import type { WaitSpec } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'
import { judge } from '../../src/run/judge.ts'

const alice = { name: 'alice', uid: 1000 }
const bob = { name: 'bob', uid: 1001 }

function wait(more: Partial<WaitSpec> = {}): WaitSpec {
  return { kind: 'approval', prompt: 'Go?', from: [], persons: [], self: true, startedBy: alice, ...more }
}

let next = 0
function row(kind: InboxRow['kind'], more: Partial<InboxRow> = {}): InboxRow {
  next += 1
  return { row: next, at: 100, by: bob, kind, target: 'ok', data: {}, ...more }
}

const verdicts = (spec: WaitSpec, rows: readonly InboxRow[], now = 200) =>
  judge(spec, rows, now).rows.map(({ verdict }) => verdict)

describe('judge', () => {
  it('promise 20b: leaves a wait open without rows, and calls it expired at its deadline', () => {
    expect(judge(wait(), [], 200).state).toBe('open')
    expect(judge(wait({ deadlineMs: 201 }), [], 200).state).toBe('open')
    expect(judge(wait({ deadlineMs: 200 }), [], 200)).toMatchObject({
      state: 'decided',
      decision: { verdict: 'expired', at: 200 },
    })
  })

  it('promises 20b, 20c: the first decision wins, and the second person is told', () => {
    const judged = judge(wait(), [row('reject', { data: { comment: 'no' } }), row('approve', { by: alice })], 200)
    expect(judged.decision).toMatchObject({ verdict: 'rejected', by: bob, comment: 'no' })
    expect(judged.rows.map(({ verdict }) => verdict)).toEqual(['taken', 'decided'])
    expect(judged.rows[1]?.message).toBe('it was rejected before by bob')
  })

  it('promise 19c: a row made in time counts however late it is read; one made after the deadline is late', () => {
    const spec = wait({ deadlineMs: 150 })
    expect(judge(spec, [row('approve', { at: 150 })], 9999).decision?.verdict).toBe('approved')
    expect(verdicts(spec, [row('approve', { at: 151 })])).toEqual(['late'])
    expect(judge(spec, [row('approve', { at: 151 })], 9999).decision?.verdict).toBe('expired')
  })

  it('promise 21b: only the persons behind `from` may decide, by name or by uid', () => {
    const spec = wait({ from: ['maintainers'], persons: ['alice', 'uid:1001'] })
    expect(verdicts(spec, [row('approve', { by: { name: 'mallory', uid: 7 } })])).toEqual(['not-allowed'])
    expect(verdicts(spec, [row('approve')])).toEqual(['taken'])
    expect(verdicts(spec, [row('approve', { by: { name: 'alice' } })])).toEqual(['taken'])
  })

  it('promise 21b: with self: false the starter may not, also under another name of the same user', () => {
    const spec = wait({ self: false })
    expect(verdicts(spec, [row('approve', { by: { name: 'root', uid: 1000 } })])).toEqual(['not-allowed'])
    expect(verdicts(spec, [row('approve')])).toEqual(['taken'])
  })

  it('promise 23a: a row of another kind does not decide, and is told what would', () => {
    const judged = judge(wait(), [row('answer')], 200)
    expect(judged.rows[0]).toMatchObject({
      verdict: 'not-allowed',
      message: '`answer` does not decide this; it waits for `approve` or `reject`',
    })
  })

  it('a signal must have the name and fit the condition; its payload is what the wait gives', () => {
    const spec = wait({ kind: 'signal', signal: 'OPS:GO', when: 'payload.n > 2' })
    const signal = (name: string, n: number) => row('signal', { data: { signal: name, payload: { n } } })
    expect(verdicts(spec, [signal('OPS:STOP', 3), signal('OPS:GO', 1), signal('OPS:GO', 3)])).toEqual([
      'not-allowed',
      'not-allowed',
      'taken',
    ])
    expect(judge(spec, [signal('OPS:GO', 3)], 200).decision?.values).toEqual({ n: 3 })
  })

  it('without a `when` a wait takes no signal from outside of its run', () => {
    const spec = wait({ kind: 'signal', signal: 'OPS:GO' })
    expect(verdicts(spec, [row('signal', { data: { signal: 'OPS:GO', payload: {} } })])).toEqual(['not-allowed'])
  })

  it('a condition that can not be told does not hold', () => {
    const spec = wait({ kind: 'signal', signal: 'OPS:GO', when: 'payload.list[9] == 1' })
    expect(verdicts(spec, [row('signal', { data: { signal: 'OPS:GO', payload: { list: [] } } })])).toEqual([
      'not-allowed',
    ])
  })

  it('an answer has all the fields that were asked for', () => {
    const spec = wait({ kind: 'answer', answer: { a: { type: 'string' }, b: { type: 'string', optional: true } } })
    expect(verdicts(spec, [row('answer', { data: {} })])).toEqual(['not-allowed'])
    expect(judge(spec, [row('answer', { data: { a: 'x' } })], 200).decision?.values).toMatchObject({ a: 'x' })
  })

  it('an answer is what was asked for and nothing else, with the defaults of what was left out', () => {
    const answer = { a: { type: 'string' as const }, n: { type: 'integer' as const, default: 3 } }
    const spec = wait({ kind: 'answer', answer })
    expect(judge(spec, [row('answer', { data: { a: 'x', other: 1 } })], 200).decision?.values).toEqual({ a: 'x', n: 3 })
  })

  it('promise 21a: a bypass has a reason, and is not over already', () => {
    const spec = wait({ kind: 'bypass' })
    expect(verdicts(spec, [row('bypass')])).toEqual(['not-allowed'])
    expect(verdicts(spec, [row('bypass', { data: { reason: 'flake', expires: 50 } })])).toEqual(['late'])
    expect(judge(spec, [row('bypass', { data: { reason: 'flake', expires: 500 } })], 200).decision).toMatchObject({
      verdict: 'bypassed',
      comment: 'flake',
      expiresAt: 500,
    })
  })

  it('an interrupted step is run again or given up', () => {
    expect(judge(wait({ kind: 'interrupted' }), [row('rerun')], 200).decision?.verdict).toBe('rerun')
    expect(judge(wait({ kind: 'interrupted' }), [row('reject')], 200).decision?.verdict).toBe('rejected')
  })
})
