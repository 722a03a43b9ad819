import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import { emptyState, reduce } from '../../src/events/reduce.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { type MovingOptions, movingView } from '../../src/views/terminal/moving.ts'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { planOf } from '../support/plans.ts'
import { virtualTerminal } from '../support/virtual-terminal.ts'
import { ended, eventsOf, START, started } from './rig.ts'

/** A view on a terminal in memory, whose clock and timer the test moves. */
function viewOf(plan: Plan | undefined, options: Partial<MovingOptions> = {}, columns = 80, rows = 24) {
  const terminal = virtualTerminal(columns, rows)
  let nowMs = START
  let tick = (): void => {}
  let isStopped = false
  const failures: string[] = []
  const view = movingView(terminal, {
    style: makeStyle(false),
    plan,
    durations: new Map(),
    lastLine: () => undefined,
    holders: () => [],
    failed: (message) => failures.push(message),
    nowMs: () => nowMs,
    every: (_, call) => {
      tick = call
      return () => {
        isStopped = true
      }
    },
    ...options,
  })
  let state = emptyState()
  return {
    terminal,
    view,
    failures,
    isStopped: () => isStopped,
    happen(events: readonly RunEvent[]) {
      for (const [i, event] of events.entries()) {
        state = reduce(state, event)
        view.event(event, state, events[i + 1])
      }
    },
    /** The next frame, so many milliseconds later. */
    frame(laterMs = 100) {
      nowMs += laterMs
      tick()
    },
  }
}

const PLAN = planOf({ steps: { a: {}, b: { needs: ['a'] } } })
const TWO = eventsOf([0, started('a')], [1, ended('a'), started('b')])
const END: RunEvent = { seq: 99, at: START + 2000, type: 'run-ended', outcome: 'succeeded', outputs: {}, nextSteps: [] }

test('an event writes nothing: only the timer does, once for all that came', () => {
  const it = viewOf(PLAN)
  it.happen(TWO)
  expect(it.terminal.writes).toEqual([])
  it.frame()
  expect(it.terminal.writes).toHaveLength(1)
})

test('what has ended stays above, what runs and what comes is below', () => {
  const it = viewOf(PLAN)
  it.happen(TWO)
  it.frame(4000)
  expect(it.terminal.text()).toBe(`main  run 20260301-120000-abcde
  ✓ a  1s
  ▸ b  3s
  ━━━━━━━━╌╌╌╌╌╌╌╌  1 of 2 steps  4s`)
})

test('a run that has ended leaves its summary and nothing that moves', () => {
  const it = viewOf(PLAN)
  it.happen([...TWO, { seq: 98, at: START + 2000, ...ended('b') } as RunEvent, END])
  it.view.close()
  expect(it.terminal.text()).toBe(`main  run 20260301-120000-abcde
  ✓ a  1s
  ✓ b  1s
succeeded in 2s: 2 succeeded`)
  expect(it.isStopped()).toBe(true)
})

test('where nothing happens it looks again twice a second, no more', () => {
  let looks = 0
  const it = viewOf(PLAN, { lastLine: () => `line ${looks++}` })
  it.happen(eventsOf([0, started('a')]))
  it.frame()
  expect(looks).toBe(1)
  for (let i = 0; i < 4; i++) it.frame()
  expect(looks).toBe(1)
  it.frame()
  expect(looks).toBe(2)
  expect(it.terminal.text()).toContain('line 1')
})

test('a run that nothing happens in writes only what has changed: nothing, where it waits for a person', () => {
  const it = viewOf(undefined)
  it.happen(eventsOf())
  it.frame(200)
  const before = it.terminal.writes.length
  it.frame(600)
  expect(it.terminal.writes).toHaveLength(before)
})

describe('while a prompt has the screen', () => {
  test('nothing is written; what came follows in its order, with what others had to say', () => {
    const it = viewOf(PLAN)
    it.happen(eventsOf([0, started('a')]))
    it.frame()
    it.view.hold(true)
    expect(it.terminal.text()).toBe('main  run 20260301-120000-abcde')
    const before = it.terminal.writes.length
    it.happen([{ seq: 9, at: START + 1000, ...ended('a') } as RunEvent])
    it.view.aside(() => it.terminal.write('opsflow: a notice\n'))
    it.happen([{ seq: 10, at: START + 1000, ...started('b') } as RunEvent])
    it.frame()
    expect(it.terminal.writes).toHaveLength(before)
    it.view.hold(false)
    it.frame(900)
    expect(it.terminal.text()).toBe(`main  run 20260301-120000-abcde
  ✓ a  1s
opsflow: a notice
  ▸ b  0s
  ━━━━━━━━╌╌╌╌╌╌╌╌  1 of 2 steps  1s`)
  })

  test('a run that ends meanwhile still says how', () => {
    const it = viewOf(PLAN)
    it.happen(eventsOf([0, started('a')]))
    it.view.hold(true)
    it.happen([END])
    it.view.close()
    expect(it.terminal.text()).toContain('succeeded in 2s')
  })
})

test('what others write stands above what moves', () => {
  const it = viewOf(PLAN)
  it.happen(eventsOf([0, started('a')]))
  it.frame()
  it.view.aside(() => it.terminal.write('opsflow: the record cannot be written\n'))
  it.frame()
  expect(it.terminal.text()).toMatch(/\nopsflow: the record cannot be written\n {2}▸ a {2}0s\n/)
})

test('a view that fails is given up, and says so once; the lines of what happens go on', () => {
  const it = viewOf(PLAN, {
    lastLine: () => {
      throw new Error('no such log')
    },
  })
  it.happen(eventsOf([0, started('a')]))
  it.frame()
  it.happen([{ seq: 9, at: START + 1000, ...ended('a') } as RunEvent])
  it.frame(900)
  it.frame(900)
  expect(it.failures).toEqual(['no such log'])
  expect(it.terminal.text()).toBe('main  run 20260301-120000-abcde\n  ✓ a  1s')
})

describe('of 500 steps', () => {
  const keys = Array.from({ length: 500 }, (_, i) => `${i}`)
  const expanded = eventsOf([
    0,
    { type: 'foreach-expanded', path: 'each', items: keys.map((key) => ({ key, item: key, needs: [] })) },
  ])
  const endOf = (key: string, isGood: boolean): readonly RunEvent[] => [
    { seq: 9, at: START, ...started(`each[${key}]`) } as RunEvent,
    {
      seq: 10,
      at: START + 1000,
      ...ended(`each[${key}]`, isGood ? {} : { status: 'failed', reason: 'exit', message: 'exit code 1' }),
    } as RunEvent,
  ]
  const plan = planOf({ steps: { each: {} } })

  test('those that succeed are counted, the first that fail are listed', () => {
    const it = viewOf(plan)
    it.happen(expanded)
    for (const key of keys) it.happen(endOf(key, Number(key) % 10 !== 7))
    it.frame()
    const text = it.terminal.text()
    expect(text).not.toContain('✓')
    expect(text).toContain('  501 steps: those that succeed are counted, not listed')
    expect(text.match(/✗ each\[\d+\] {2}failed: exit code 1/g)).toHaveLength(20)
    expect(text.match(/what fails from here on is counted: opsflow show/g)).toHaveLength(1)
    expect(text).toContain('500 of 501 steps  50 failed')
    expect(text.split('\n').length).toBeLessThan(30)
  })

  test('all of it takes a write for each frame, and none for a step', () => {
    const it = viewOf(plan)
    it.happen(expanded)
    for (const [i, key] of keys.entries()) {
      it.happen(endOf(key, true))
      if (i % 50 === 49) it.frame(1000)
    }
    expect(it.terminal.writes.length).toBeLessThanOrEqual(10)
  })
})

test('where nothing is coloured, neither is what steps wrote', () => {
  const it = viewOf(PLAN)
  it.happen(eventsOf([0, started('a')], [1, ended('a', { status: 'failed', message: '\u001b[31mred\u001b[39m' })]))
  it.frame()
  expect(it.terminal.writes.join('')).not.toMatch(/\u001b\[\d+m/)
  expect(it.terminal.text()).toContain('failed: red')
})
