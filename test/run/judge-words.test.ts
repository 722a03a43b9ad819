import { describe, expect, it } from 'vitest'
import type { WaitSpec } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'
import { fits, judge } from '../../src/run/judge.ts'
import type { Json } from '../../src/util/json.ts'

const bob = { name: 'bob', uid: 1001 }
const DEADLINE = Date.UTC(2030, 0, 2)

const wait = (more: Partial<WaitSpec> = {}): WaitSpec => ({
  kind: 'approval',
  prompt: 'Go?',
  from: [],
  persons: [],
  self: true,
  startedBy: { name: 'alice', uid: 1000 },
  ...more,
})
const row = (kind: InboxRow['kind'], data: InboxRow['data'] = {}, at = 100): InboxRow => ({
  row: 1,
  at,
  by: bob,
  kind,
  target: 'ok',
  data,
})
const told = (spec: WaitSpec, one: InboxRow, now = 200) => judge(spec, [one], now).rows[0]
const decided = (spec: WaitSpec, one: InboxRow, now = 200) => judge(spec, [one], now).decision
const signal = (data: { readonly [name: string]: Json }) => row('signal', { signal: 'OPS:GO', ...data })

describe('promise 20c: who is not heard is told why', () => {
  it.each<[string, WaitSpec, InboxRow, string]>([
    [
      'late',
      wait({ deadlineMs: DEADLINE }),
      row('approve', {}, DEADLINE + 1),
      'it is too late: the deadline was 2030-01-02T00:00:00.000Z',
    ],
    [
      'a signal from outside',
      wait({ kind: 'signal', signal: 'OPS:GO' }),
      signal({}),
      'it waits for a `OPS:GO` of its own run, since it has no `when`',
    ],
    [
      'another signal',
      wait({ kind: 'signal', signal: 'OPS:STOP', when: 'true' }),
      signal({}),
      'it waits for the signal `OPS:STOP`, not `OPS:GO`',
    ],
    [
      'a payload that does not fit',
      wait({ kind: 'signal', signal: 'OPS:GO', when: 'payload.n > 2' }),
      signal({ payload: { n: 1 } }),
      '`payload.n > 2` does not hold for its payload',
    ],
    ['no reason', wait({ kind: 'bypass' }), row('bypass', { reason: 7 }), 'a bypass needs a reason'],
    ['a reason of blanks', wait({ kind: 'bypass' }), row('bypass', { reason: ' \n' }), 'a bypass needs a reason'],
    [
      'a bypass that was over',
      wait({ kind: 'bypass' }),
      row('bypass', { reason: 'flake', expires: 0 }),
      'the bypass had expired by 1970-01-01T00:00:00.000Z',
    ],
  ])('%s', (_, spec, one, message) => {
    expect(told(spec, one)?.message).toBe(message)
    expect(decided(spec, one, 0)).toBeUndefined()
  })

  it('every field of an answer that is wrong', () => {
    const answer = { a: { type: 'string' }, n: { type: 'integer' } } as const
    expect(told(wait({ kind: 'answer', answer }), row('answer', { n: 'x' }))?.message).toMatch(
      /^`n` wants a whole number, .*, and .*field `a`/,
    )
  })

  it('a second decision, where nobody is named for the first', () => {
    const spec = wait({ kind: 'signal', signal: 'OPS:GO', when: 'true' })
    const { by: _, ...nobody } = signal({})
    const rows = [nobody as InboxRow, { ...signal({}), row: 2 }]
    expect(judge(spec, rows, 200).rows[1]?.message).toBe('it was received before')
  })
})

describe('a decision has what was said and nothing else', () => {
  it.each<[string, WaitSpec, InboxRow, object]>([
    ['an approval', wait(), row('approve'), { verdict: 'approved', by: bob, at: 100, row: 1 }],
    [
      'a comment that is no text',
      wait(),
      row('approve', { comment: 7, reason: 8 }),
      { verdict: 'approved', by: bob, at: 100, row: 1 },
    ],
    [
      'a bypass without end',
      wait({ kind: 'bypass' }),
      row('bypass', { reason: 'flake', expires: 'never' }),
      { verdict: 'bypassed', by: bob, at: 100, row: 1, comment: 'flake' },
    ],
    [
      'a bypass at the very moment',
      wait({ kind: 'bypass' }),
      row('bypass', { reason: 'flake', expires: 201 }),
      { verdict: 'bypassed', by: bob, at: 100, row: 1, comment: 'flake', expiresAt: 201 },
    ],
  ])('%s', (_, spec, one, decision) => expect(decided(spec, one)).toStrictEqual(decision))

  it.each<[Json | undefined, object]>([
    [{ a: 1 }, { a: 1 }],
    [undefined, {}],
    [null, {}],
    ['text', {}],
    [[1, 2], {}],
  ])('a signal with the payload %j gives %j', (payload, values) => {
    const data = payload === undefined ? {} : { payload }
    expect(decided(wait({ kind: 'signal', signal: 'OPS:GO', when: 'true' }), signal(data))?.values).toEqual(values)
  })

  it('an approval has no values, whatever came with it', () => {
    expect(decided(wait(), row('approve', { payload: { a: 1 } }))).not.toHaveProperty('values')
  })
})

it('promise 19c: a wait without a deadline is open for ever, and takes what comes', () => {
  expect(judge(wait(), [], Number.MAX_SAFE_INTEGER).state).toBe('open')
  expect(decided(wait(), row('approve', {}, Number.MAX_SAFE_INTEGER))?.verdict).toBe('approved')
})

it('a condition of a wait may read the name of the signal', () => {
  const spec = wait({ kind: 'signal', when: "signal == ''" })
  expect(fits(spec, {})).toBe(true)
  expect(fits({ ...spec, signal: 'OPS:GO' }, {})).toBe(false)
})
