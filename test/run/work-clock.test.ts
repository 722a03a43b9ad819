import { describe, expect, it } from 'vitest'
import type { EventBody, WaitSpec } from '../../src/events/events.ts'
import { createWorkClock } from '../../src/run/work-clock.ts'

/** A clock that has been fed these events, each at its time. */
function clock(...events: (readonly [number, EventBody])[]) {
  const made = createWorkClock()
  for (const [seq, [at, body]] of events.entries()) made.feed({ seq, at, ...body })
  return made
}
const start = (path: string): EventBody => ({ type: 'attempt-started', path, attempt: 1 })
const end = (path: string): EventBody => ({
  type: 'attempt-ended',
  path,
  attempt: 1,
  outcome: { status: 'succeeded', durationMs: 1 },
})
const repair = (path: string): EventBody => ({ type: 'recover-started', path, attempt: 1, failure: 'f' })
const repaired = (path: string): EventBody => ({
  type: 'recover-ended',
  path,
  attempt: 1,
  failure: 'f',
  outcome: { status: 'succeeded', durationMs: 1 },
})
const check = (path: string): EventBody => ({ type: 'check-started', path, check: 'c', attempt: 1 })
const checked = (path: string): EventBody => ({
  type: 'check-ended',
  path,
  check: 'c',
  attempt: 1,
  status: 'passed',
  level: 'mandatory',
})
const opened: EventBody = { type: 'run-opened', epoch: 1, pid: 1, boot: 'b', start: 1, by: { name: 'alice' } }

describe('promise 14a: working time', () => {
  it('is that in which at least one thing of a scope ran, counted once', () => {
    const made = clock([100, start('a')], [150, start('b')], [200, end('a')], [300, end('b')], [500, start('c')])
    expect(made.workedMs('', 300)).toBe(200)
    expect(made.workedMs('', 600)).toBe(300)
    expect(made.isWorking('')).toBe(true)
    expect(made.workedMs('elsewhere', 600)).toBe(0)
    expect(made.isWorking('elsewhere')).toBe(false)
  })

  it('counts for every scope around what runs, and for no other', () => {
    const made = clock([0, start('sub/deep/a')], [10, start('other/b')], [40, end('sub/deep/a')], [60, end('other/b')])
    expect(['', 'sub', 'sub/deep', 'other', 'sub/deep/a'].map((scope) => made.workedMs(scope, 99))).toEqual([
      60, 40, 40, 50, 0,
    ])
  })

  it('is that of attempts, repairs, checks and the checks of gates; not that of questions', () => {
    for (const [begin, over] of [
      [repair('sub/a'), repaired('sub/a')],
      [check('sub/a'), checked('sub/a')],
      [check('sub/gate:g'), checked('sub/gate:g')],
    ] as const) {
      const made = clock([0, begin], [30, over], [31, over])
      expect(['', 'sub'].map((scope) => made.workedMs(scope, 99))).toEqual([30, 30])
      expect(made.isWorking('sub')).toBe(false)
    }
    const asked: EventBody = { type: 'wait-opened', path: 'sub/a/check:c', wait: {} as WaitSpec }
    const plain: EventBody = { type: 'wait-opened', path: 'sub/b', wait: {} as WaitSpec }
    expect(clock([0, check('sub/a')], [5, plain], [20, asked], [90, checked('sub/a')]).workedMs('sub', 99)).toBe(20)
  })

  it('of a pipeline that starts anew begins anew, and its own start is no work of what is around it', () => {
    const made = clock(
      [0, start('sub')],
      [0, { type: 'pipeline-started', path: 'sub', pipeline: 'p', inputs: {} }],
      [10, start('sub/a')],
      [30, end('sub/a')],
    )
    expect(['', 'sub'].map((scope) => made.workedMs(scope, 99))).toEqual([20, 20])
    made.feed({ seq: 9, at: 50, type: 'pipeline-started', path: 'sub', pipeline: 'p', inputs: {} })
    expect(['', 'sub'].map((scope) => made.workedMs(scope, 99))).toEqual([20, 0])
  })

  it('is not moved by a jump of the clock, forward or back', () => {
    const made = clock([100, start('a')], [120, { type: 'clock-jumped', byMs: 5000 }], [5150, end('a')])
    expect(made.workedMs('', 9999)).toBe(50)
    const idle = clock([100, start('a')], [150, end('a')], [160, { type: 'clock-jumped', byMs: 5000 }])
    expect(idle.workedMs('', 9999)).toBe(50)
    const back = clock([100, start('a')], [120, { type: 'clock-jumped', byMs: -90 }])
    expect(back.workedMs('', 40)).toBe(30)
    expect(back.workedMs('', 0)).toBe(0)
    expect(clock([100, start('a')], [20, end('a')]).workedMs('', 99)).toBe(0)
  })

  it('ends with its owner at the last that was recorded, and is given anew to a run that is opened again', () => {
    const made = clock([100, start('a')], [130, start('b')], [900, opened])
    expect(made.workedMs('', 999)).toBe(30)
    expect(made.isWorking('')).toBe(false)
    made.feed({ seq: 9, at: 950, ...start('a') })
    expect(made.workedMs('', 1000)).toBe(80)
    made.feed({ seq: 10, at: 960, ...end('a') })
    made.feed({ seq: 11, at: 970, type: 'run-reopened', by: { name: 'alice' }, steps: [], gates: [] })
    expect(made.workedMs('', 1000)).toBe(0)
  })

  it('tells once which scopes began or ceased to work, or were touched', () => {
    const made = clock([0, start('sub/a')], [1, start('sub/b')])
    expect(made.takeChanged()).toEqual(['', 'sub'])
    expect(made.takeChanged()).toEqual([])
    made.feed({ seq: 3, at: 2, ...end('sub/a') })
    expect(made.takeChanged()).toEqual([])
    made.feed({ seq: 4, at: 3, type: 'clock-jumped', byMs: 5 })
    expect(made.takeChanged()).toEqual(['', 'sub'])
    made.feed({ seq: 5, at: 8, ...end('sub/b') })
    expect(made.takeChanged()).toEqual(['', 'sub'])
    made.feed({ seq: 6, at: 9, type: 'clock-jumped', byMs: 5 })
    expect(made.takeChanged()).toEqual([])
    made.touch('sub')
    expect(made.takeChanged()).toEqual(['sub'])
  })
})
