import { describe, expect, test } from 'vitest'
import { NEW, world } from '../support/engine-world.ts'
import { BOB } from '../support/store.ts'
import { settled } from './port.contract.ts'

describe('a run driven by the embedded engine', () => {
  test('promise 1c: shows exactly the events that it stored, and hands its durations to the next run', async () => {
    const { begin, end, events, store, release, closed } = await world(
      'pipeline: p\nsteps:\n  a: { run: "true" }\n  b: { needs: [a], run: "true" }\n',
    )
    const { result } = await begin(NEW)
    await settled()
    end('a#1')
    await settled()
    end('b#1', { status: 'succeeded', durationMs: 11 })
    const { state, durations } = await result
    expect(state.outcome).toBe('succeeded')
    expect([...durations]).toEqual([
      ['a', 7],
      ['b', 11],
    ])
    expect(closed()).toBe(1)
    expect(store.export('r1').events).toEqual(events)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.find(({ type }) => type === 'run-opened')).toMatchObject({ epoch: 1, pid: process.pid })
    release(durations)
    expect(store.list()).toMatchObject([{ run: 'r1', phase: 'ended', outcome: 'succeeded' }])
  })

  test.each([
    ['in a step', 'run: "true"', 0],
    ['at an approval', 'approval: { prompt: "Go?" }', 0],
    ['in a wait', 'wait: 3h', 0],
    ['in backoff', 'run: "true", retry: { attempts: 3, backoff: 1h }', 1],
  ])('promise 22a: is cancelled at once %s', async (_, step, failures) => {
    const { begin, end, starts, events } = await world(`pipeline: p\nsteps:\n  a: { ${step} }\n`)
    const handle = await begin(NEW)
    await settled()
    for (let i = 0; i < failures; i++) end(starts.at(-1)!, { status: 'failed', reason: 'exit', durationMs: 1 })
    await settled()
    handle.cancel({ by: BOB, reason: 'Ctrl-C', hard: false })
    const { end: how, state } = await handle.result
    expect([how, state.outcome]).toEqual(['ended', 'cancelled'])
    expect(events).toContainEqual(expect.objectContaining({ type: 'cancel-requested', by: BOB, reason: 'Ctrl-C' }))
  })

  test('promises 14b, 19c: keeps its deadline over a pause of days, and takes what was decided before it', async () => {
    const { begin, clock, store, release } = await world(
      'pipeline: p\nsteps:\n  go: { approval: { prompt: "Go?" }, timeout: 2d }\n  late: { approval: { prompt: "Too?" }, timeout: 1d, allow_failure: true }\n',
    )
    const { result } = await begin(NEW, true)
    expect((await result).end).toBe('parked')
    release()
    clock.advance(30 * 3_600_000)
    const row = { by: BOB, kind: 'approve', data: {} } as const
    store.put('r1', { ...row, target: 'go' })
    store.put('r1', { ...row, target: 'late' })
    clock.advance(40 * 3_600_000)
    const resumed = await begin({ type: 'resume', by: BOB }, true)
    const { end, state } = await resumed.result
    expect(end).toBe('ended')
    expect(state.steps.get('go')).toMatchObject({ status: 'succeeded' })
    expect(state.steps.get('late')).toMatchObject({ status: 'timed-out' })
    expect(state.outcome).toBe('succeeded-with-failures')
  })

  test('that was made and never began is not resumed, and one that began is not begun again', async () => {
    const { begin, release } = await world('pipeline: p\nsteps:\n  a: { wait: 3h }\n')
    await expect(begin({ type: 'resume', by: BOB })).rejects.toThrow('was made but never began')
    release()
    const { result } = await begin(NEW, true)
    await result
    release()
    await expect(begin(NEW)).rejects.toThrow('it can only be resumed')
  })
})
