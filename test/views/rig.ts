import { join } from 'node:path'
import type { EventBody, RunEvent } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import { estimate } from '../../src/views/terminal/estimate.ts'
import { type Board, frameLines } from '../../src/views/terminal/frame.ts'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { expectKept } from '../support/kept.ts'

/** When the runs of these tests began. */
export const START = Date.UTC(2026, 2, 1, 12)

const CREATED: EventBody = {
  type: 'run-created',
  run: '20260301-120000-abcde',
  pipeline: 'main',
  planHash: 'hash',
  inputs: {},
  startedBy: { name: 'ann' },
  version: '0.0.0',
  root: '/project',
  approve: [],
}
const OPENED: EventBody = { type: 'run-opened', epoch: 1, pid: 1, boot: 'b', start: 1, by: { name: 'ann' } }

/** The events of a run: what happened, by the second in which it did. */
export function eventsOf(
  ...happened: readonly (readonly [second: number, ...what: readonly EventBody[]])[]
): RunEvent[] {
  const all = [[0, CREATED, OPENED] as const, ...happened]
  return all
    .flatMap(([second, ...what]) => what.map((body) => ({ at: START + second * 1000, body })))
    .map(({ at, body }, i) => ({ seq: i + 1, at, ...body }))
}

export const started = (path: string, attempt = 1): EventBody => ({ type: 'attempt-started', path, attempt })
export const ended = (path: string, more: Partial<Extract<EventBody, { type: 'step-ended' }>> = {}): EventBody => ({
  type: 'step-ended',
  path,
  status: 'succeeded',
  ...more,
})
export const waiting = (path: string, what: Extract<EventBody, { type: 'step-waiting' }>['for']): EventBody => ({
  type: 'step-waiting',
  path,
  for: what,
})

/** The frame of a run at a second of it. */
export function frameAt(
  second: number,
  events: readonly RunEvent[],
  board: Partial<Board> & { readonly durations?: ReadonlyMap<string, number> },
): string {
  const state = reduceAll(events)
  const nowMs = START + second * 1000
  const { durations, plan } = board
  return frameLines({
    state,
    plan: undefined,
    estimate: plan && durations && estimate(plan, state, durations, nowMs),
    nowMs,
    columns: 80,
    rows: 24,
    style: makeStyle(false),
    lastLine: () => undefined,
    holders: () => [],
    ...board,
  }).join('\n')
}

/** Compares with what was looked at and kept in `captures/`; UPDATE=1 writes it. */
export function expectCapture(name: string, text: string): void {
  const file = join(import.meta.dirname, 'captures', `${name}.txt`)
  // The time of day is the reader's own.
  const kept = `${text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'DAY OF YEAR AT TIME')}\n`
  expectKept(file, kept)
}
