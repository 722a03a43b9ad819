import { expect, it } from 'vitest'
import type { EventBody } from '../../src/events/events.ts'
import { reduceAll } from '../../src/events/reduce.ts'

const BY = { name: 'ann' }
const opened = (epoch: number): EventBody => ({ type: 'run-opened', epoch, pid: epoch, boot: '', start: 0, by: BY })

it('promise 12c: `finally` has all of its time again when a new owner opens the run', () => {
  const created = { run: 'r', pipeline: 'p', planHash: 'h', inputs: {}, startedBy: BY, version: '1.0.0', root: '/' }
  const bodies: readonly (readonly [number, EventBody])[] = [
    [1000, { type: 'run-created', ...created, approve: [] }],
    [1000, opened(1)],
    [2000, { type: 'finally-started', path: '', outcome: 'succeeded' }],
    [900_000, opened(2)],
  ]
  const events = bodies.map(([at, body], index) => ({ ...body, seq: index + 1, at }))
  expect(reduceAll(events.slice(0, 3)).scopes.get('')?.finallyAt).toBe(2000)
  expect(reduceAll(events).scopes.get('')?.finallyAt).toBe(900_000)
})
