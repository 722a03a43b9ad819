import { expect, test } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { criticalPath } from '../../src/views/longest-way.ts'
import { estimate } from '../../src/views/terminal/estimate.ts'
import { gate, planOf } from '../support/plans.ts'
import { ended, eventsOf, START, started, waiting } from './rig.ts'

const TIMES = new Map([
  ['a', 10_000],
  ['b', 20_000],
  ['c', 40_000],
])
const at = (second: number, plan: Plan, events: readonly RunEvent[], times: ReadonlyMap<string, number> = TIMES) =>
  estimate(plan, reduceAll(events), times, START + second * 1000)

test('what is left is the longest way through what is left', () => {
  const plan = planOf({ steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['a'] } } })
  expect(at(0, plan, eventsOf())).toEqual({ share: 0, leftMs: 50_000 })
  expect(at(5, plan, eventsOf([1, started('a')]))).toEqual({ share: 4 / 70, leftMs: 46_000 })
  const later = eventsOf([1, started('a')], [9, ended('a'), started('b'), started('c')], [25, ended('b')])
  expect(at(29, plan, later)).toEqual({ share: 50 / 70, leftMs: 20_000 })
})

test('with too few places it is all that is left over the places there are', () => {
  const plan = planOf({ maxParallel: 1, steps: { a: {}, b: {}, c: {} } })
  expect(at(0, plan, eventsOf())?.leftMs).toBe(70_000)
})

test('a gate holds what stands behind it, and `finally` comes after all', () => {
  const gates = [gate('g', { of: ['b'], before: ['c'] })]
  const plan = planOf({ steps: { b: {}, c: {} }, finally: { a: {} }, gates })
  expect(at(0, plan, eventsOf())?.leftMs).toBe(70_000)
})

test('a step that nobody has measured takes what steps take on the average; people take no time', () => {
  const ask = { kind: 'approval', prompt: '', show: undefined, from: [], self: true } as const
  const plan = planOf({ steps: { a: {}, ask: { needs: ['a'], action: ask }, new: { needs: ['ask'] } } })
  expect(
    at(
      0,
      plan,
      eventsOf(),
      new Map([
        ['a', 10_000],
        ['x', 30_000],
      ]),
    )?.leftMs,
  ).toBe(30_000)
})

test('a step that takes longer than it used to is about to end', () => {
  const plan = planOf({ steps: { a: {} } })
  expect(at(100, plan, eventsOf([1, started('a')]))).toEqual({ share: 1, leftMs: 0 })
})

test('the wait before another attempt counts, and the attempt after it', () => {
  const plan = planOf({ steps: { a: {} } })
  const retry = {
    type: 'retry-scheduled',
    path: 'a',
    attempt: 2,
    delayMs: 9000,
    untilMs: START + 12_000,
    failure: 'x',
  } as const
  expect(at(4, plan, eventsOf([1, started('a')], [3, retry]))?.leftMs).toBe(18_000)
  expect(at(4, plan, eventsOf([1, waiting('a', { kind: 'timer', untilMs: START + 7000 })]))?.leftMs).toBe(3000)
})

test('items are so many times one, over the places that they have', () => {
  const each = { foreach: { items: [], key: undefined, needs: undefined, maxParallel: 2 } }
  const plan = planOf({ steps: { a: each } })
  const items = ['1', '2', '3', '4', '5'].map((key) => ({ key, item: key, needs: [] }))
  const events = eventsOf([1, { type: 'foreach-expanded', path: 'a', items }, started('a[1]')], [9, ended('a[1]')])
  expect(at(9, plan, events)).toEqual({ share: 0.2, leftMs: 20_000 })
})

test('of a sub-pipeline it is what its steps take', () => {
  const plan = planOf(
    { steps: { part: { action: { kind: 'pipeline', pipeline: 'child' } }, a: { needs: ['part'] } } },
    { child: { steps: { x: {}, y: { needs: ['x'] } } } },
  )
  const times = new Map([
    ['part/x', 5000],
    ['part/y', 7000],
    ['a', 10_000],
    ['part', 99_000],
  ])
  expect(at(0, plan, eventsOf(), times)?.leftMs).toBe(22_000)
  const opened = { type: 'pipeline-started', path: 'part', pipeline: 'child', inputs: {} } as const
  const events = eventsOf([1, opened, started('part/x')], [6, ended('part/x'), started('part/y')])
  expect(at(8, plan, events, times)?.leftMs).toBe(15_000)
})

test('a first run has no estimate', () => {
  expect(at(0, planOf({ steps: { a: {} } }), eventsOf(), new Map())).toBeUndefined()
})

test('the critical path is the chain that took longest, with `finally` after it', () => {
  const plan = planOf({
    steps: { a: {}, b: { needs: ['a'] }, c: { needs: ['a'] }, d: { needs: ['b', 'c'] }, e: {} },
    finally: { f: {} },
  })
  const events = eventsOf(
    [0, started('a'), started('e')],
    [2, ended('a'), started('b'), started('c')],
    [3, ended('c')],
    [7, ended('e')],
    [8, ended('b'), ended('d', { status: 'skipped', reason: 'when' })],
    [9, started('f')],
    [10, ended('f')],
  )
  expect(criticalPath(plan.pipelines.main!, reduceAll(events))).toEqual({ steps: ['a', 'b', 'f'], ms: 9000 })
})

test('a chain of ten thousand steps is no deeper than one', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `s${i}`)
  const steps = Object.fromEntries(ids.map((id, i) => [id, i === 0 ? {} : { needs: [ids[i - 1]!] }]))
  const plan = planOf({ steps })
  expect(at(0, plan, eventsOf(), new Map([['s0', 1000]]))?.leftMs).toBe(10_000_000)
})
