import { expect, test } from 'vitest'
import type { EventBody, RunEvent, RunOutcome } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { summaryLines } from '../../src/views/terminal/summary.ts'
import { planOf } from '../support/plans.ts'
import { ended, eventsOf, started } from './rig.ts'

const PLAN = planOf({ steps: { build: {}, test: { needs: ['build'] }, ship: { needs: ['test'] } } })
const endOf = (outcome: RunOutcome): EventBody => ({
  type: 'run-ended',
  outcome,
  outputs: { tag: 'v1', empty: null },
  labels: { tag: 'Release tag' },
  nextSteps: ['tell the team'],
})
const summary = (events: readonly RunEvent[], plan = PLAN) =>
  summaryLines(events.at(-1)!, reduceAll(events), plan, makeStyle(false))

test('a run that succeeded: outcome, what bounded its time, what it gave, what to do next', () => {
  const events = eventsOf(
    [0, started('build')],
    [60, ended('build'), started('test')],
    [91, ended('test'), ended('ship', { status: 'skipped', reason: 'when' })],
    [105, endOf('succeeded')],
  )
  expect(summary(events)).toEqual([
    'succeeded in 1m 45s: 2 succeeded, 1 skipped',
    '  critical path 1m 31s: build → test',
    '  Release tag: v1',
    '  next: tell the team',
  ])
})

test('a run that failed names the logs of what failed of itself, and how to go on', () => {
  const plan = planOf(
    { steps: { part: { action: { kind: 'pipeline', pipeline: 'child' } }, lint: {} } },
    { child: { steps: { one: {} } } },
  )
  const bad = { status: 'failed', reason: 'exit', message: 'exit code 1' } as const
  const events = eventsOf(
    [
      0,
      { type: 'pipeline-started', path: 'part', pipeline: 'child', inputs: {} },
      started('part/one'),
      started('lint'),
    ],
    [1, ended('lint', bad), ended('part/one', bad), ended('part', bad), endOf('failed')],
  )
  expect(summary(events, plan)).toEqual([
    'failed in 1s: 3 failed',
    '  critical path 1s: part',
    '  Release tag: v1',
    '  logs: opsflow logs 20260301-120000-abcde part/one',
    '  logs: opsflow logs 20260301-120000-abcde lint',
    '  again: opsflow retry 20260301-120000-abcde',
  ])
})

test('what ran one after the other needs no word on what bounded its time', () => {
  const events = eventsOf([0, started('build')], [60, ended('build')], [61, endOf('succeeded')])
  expect(summary(events)[1]).toBe('  Release tag: v1')
})

test('of many that failed, the first are named and the rest counted', () => {
  const paths = Array.from({ length: 9 }, (_, i) => `s${i}`)
  const events = eventsOf(...paths.map((path) => [0, started(path), ended(path, { status: 'failed' })] as const), [
    1,
    endOf('failed'),
  ])
  const lines = summary(events)
  expect(lines.filter((line) => line.startsWith('  logs:'))).toHaveLength(5)
  expect(lines).toContain('  and 4 more that failed: opsflow show 20260301-120000-abcde')
})

test('a long way is told by its beginning', () => {
  const ids = Array.from({ length: 20 }, (_, i) => `s${i}`)
  const plan = planOf({ steps: Object.fromEntries(ids.map((id, i) => [id, i === 0 ? {} : { needs: [ids[i - 1]!] }])) })
  const events = eventsOf(
    ...ids.map((id, i) => [i, started(id)] as const),
    ...ids.map((id, i) => [i + 1, ended(id)] as const),
    [60, endOf('succeeded')],
  )
  expect(summary(events, plan)[1]).toMatch(/s0 → s1 → s2 → s3 → s4 → s5 → s6 → 13 more$/)
})

test('what was cancelled can be gone on with, and after a kill so can its `finally`', () => {
  const cancel: EventBody = { type: 'cancel-requested', by: { name: 'ann' }, reason: 'Ctrl-C', hard: true }
  expect(summary(eventsOf([1, cancel, endOf('cancelled')])).at(-1)).toBe('  again: opsflow retry 20260301-120000-abcde')
  const skipped: EventBody = { type: 'finally-skipped', path: '', reason: 'killed' }
  expect(summary(eventsOf([1, cancel, skipped, endOf('cancelled')])).at(-1)).toBe(
    '  go on: opsflow resume 20260301-120000-abcde',
  )
})
