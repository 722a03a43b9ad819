import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../src/events/events.ts'
import { textWidth } from '../../src/views/terminal/fit.ts'
import { gate, planOf } from '../support/plans.ts'
import { ended, eventsOf, expectCapture, frameAt, START, started, waiting } from './rig.ts'

const APPROVAL = { kind: 'approval', prompt: 'Ship it?', show: undefined, from: ['boss'], self: true } as const
const PLAN = planOf({
  steps: {
    lint: {},
    build: {},
    test: { needs: ['build'] },
    flaky: {},
    audit: { foreach: { items: [], key: undefined, needs: undefined, maxParallel: undefined } },
    review: { needs: ['lint'], action: APPROVAL },
    migrate: { mutex: 'prod' },
    docs: {},
    ship: { needs: ['review', 'test'] },
  },
  finally: { clean: {} },
  gates: [gate('style', { of: ['lint'], before: ['review'] }), gate('quality', { of: ['test'], before: ['ship'] })],
})
const DURATIONS = new Map([
  ['lint', 2000],
  ['build', 60_000],
  ['test', 90_000],
  ['ship', 30_000],
])
const item = (key: string) => ({ key, item: key, needs: [] })
const EVENTS = eventsOf(
  [0, started('lint'), started('build'), started('flaky'), waiting('migrate', { kind: 'lock', keys: ['prod'] })],
  [1, { type: 'foreach-expanded', path: 'audit', items: [item('api'), item('web'), item('db')] }],
  [1, started('audit[api]'), started('audit[web]'), waiting('audit[db]', { kind: 'slot' })],
  [
    2,
    ended('lint'),
    { type: 'gate-judged', path: '', gate: 'style', status: 'passed', level: 'mandatory', failing: [] },
  ],
  [
    3,
    ended('audit[api]', { status: 'failed', reason: 'exit-1' }),
    waiting('docs', { kind: 'timer', untilMs: START + 600_000 }),
  ],
  [
    4,
    { type: 'retry-scheduled', path: 'flaky', attempt: 2, delayMs: 20_000, untilMs: START + 24_000, failure: 'exit-1' },
  ],
  [
    5,
    {
      type: 'wait-opened',
      path: 'review',
      wait: {
        kind: 'approval',
        prompt: 'Ship it?',
        from: ['boss'],
        persons: [],
        self: true,
        startedBy: { name: 'ann' },
      },
    },
  ],
)
const LINES: { readonly [path: string]: string } = {
  build:
    'compiling \u001b[31m日本語のモジュール\u001b[0m 12 of 96, which is a rather long line that goes on and on\u001b[2J\u001b[9A',
  'audit[web]': '\t👩‍👩‍👧 looked at\r everything\u202e!',
}
const known = {
  plan: PLAN,
  durations: DURATIONS,
  lastLine: (path: string) => LINES[path],
  holders: () => [{ run: 'other', path: 'ship' }],
}

describe('the frame of a run', () => {
  test.each([
    [80, 24],
    [60, 20],
    [200, 50],
    [40, 12],
    [20, 6],
  ])(
    'has a line a step with its state, its time, what it waits for and what it printed last, in %i columns and %i rows',
    (columns, rows) => {
      const frame = frameAt(20, EVENTS, { ...known, columns, rows })
      expectCapture(`steps-${columns}x${rows}`, frame)
      const lines = frame.split('\n')
      expect(lines.length).toBeLessThan(rows)
      for (const line of lines) expect(textWidth(line)).toBeLessThan(columns)
    },
  )

  test('nothing that a program prints is more than letters on one line', () => {
    expect(frameAt(20, EVENTS, { ...known, columns: 200, rows: 50 })).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  })

  test('of a window of any size no line reaches its last column, and there are fewer lines than rows', () => {
    for (let columns = 1; columns <= 90; columns++) {
      for (const rows of [1, 2, 3, 4, 5, 8, 13, 24]) {
        const lines = frameAt(20, EVENTS, { ...known, columns, rows }).split('\n')
        expect(lines.length, `${columns}x${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 1))
        for (const line of lines)
          expect(textWidth(line), `${columns}x${rows}: ${line}`).toBeLessThanOrEqual(columns - 1)
      }
    }
  })

  const keys = Array.from({ length: 500 }, (_, i) => `${i}`)
  const many: readonly EventBody[] = [
    { type: 'foreach-expanded', path: 'each', items: keys.map(item) },
    ...keys.slice(0, 140).flatMap((key) => [started(`each[${key}]`)]),
    ...keys
      .slice(0, 120)
      .map((key) => ended(`each[${key}]`, key === '7' ? { status: 'failed', reason: 'exit-1' } : {})),
    ...keys.slice(140).map((key) => waiting(`each[${key}]`, { kind: 'slot' })),
    waiting('each[300]', { kind: 'lock', keys: ['db'] }),
  ]
  const MANY = planOf({ steps: { each: {}, after: { needs: ['each'] }, ask: { action: APPROVAL } } })

  test.each([
    [80, 24],
    [200, 50],
  ])('of 500 steps it shows what matters and counts the rest, in %i columns and %i rows', (columns, rows) => {
    const frame = frameAt(95, eventsOf([1, ...many]), { plan: MANY, columns, rows })
    expectCapture(`many-${columns}x${rows}`, frame)
    expect(frame).toContain('each[300]')
    expect(frame).toMatch(/and .*\d+ waiting for a free slot/)
  })

  test('without a plan it shows what happens', () => {
    expect(frameAt(20, EVENTS, {})).toMatch(/▸ build +20s\n/)
  })

  test('of a run that has to wait before it may start, it says for what', () => {
    const events = eventsOf([0, { type: 'run-waiting', for: { kind: 'lock', keys: ['prod'] } }])
    expect(frameAt(4, events, known)).toMatch(
      /… the run +4s {2}waiting for lock `prod`, held by run other, step `ship`/,
    )
  })

  test('a gate that a person may bypass is a line of its own, and so is a check that a person answers', () => {
    const wait = {
      kind: 'bypass',
      prompt: 'quality failed',
      from: [],
      persons: [],
      self: true,
      startedBy: { name: 'ann' },
    } as const
    const asked = { ...wait, kind: 'approval', prompt: 'well written?' } as const
    const events = eventsOf(
      [1, { type: 'gate-judged', path: '', gate: 'quality', status: 'held', level: 'mandatory', failing: ['test'] }],
      [1, { type: 'wait-opened', path: 'gate:quality', wait }],
      [2, started('docs'), { type: 'wait-opened', path: 'docs/check:words', wait: asked }],
    )
    const frame = frameAt(4, events, known)
    expect(frame).toMatch(/◆ quality +held: quality failed/)
    expect(frame).toMatch(/▸ docs +2s {2}check `words` waits for a person/)
    expect(frame).toMatch(/gates {2}· style to come {2}◆ quality held/)
  })
})

describe('the bar', () => {
  const bar = (frame: string) => frame.split('\n').at(-1)

  test('counts steps where nothing is known of earlier runs', () => {
    const plan = planOf({ steps: { a: {}, b: {}, c: {}, d: {} } })
    const frame = frameAt(9, eventsOf([1, started('a'), ended('a'), started('b')]), { plan })
    expect(bar(frame)).toBe('  ━━━━╌╌╌╌╌╌╌╌╌╌╌╌  1 of 4 steps  9s')
  })

  test('says by earlier runs what is left, and that it is after the answer where a person is asked', () => {
    expect(bar(frameAt(20, EVENTS, known))).toMatch(/, about 10m 25s of work left$/)
    const plan = planOf({ steps: { a: {} } })
    const events = eventsOf([0, started('a')])
    const left = (second: number) => bar(frameAt(second, events, { plan, durations: new Map([['a', 30_000]]) }))
    expect(left(10)).toMatch(/ {2}10s, about 20s left$/)
    expect(left(40)).toMatch(/ {2}40s, any moment now$/)
  })

  test('says that a cancelled run is ending', () => {
    const cancel = { type: 'cancel-requested', by: { name: 'ann' }, reason: 'Ctrl-C', hard: false } as const
    expect(bar(frameAt(3, eventsOf([1, started('build')], [2, cancel]), known))).toContain('ending')
  })
})
