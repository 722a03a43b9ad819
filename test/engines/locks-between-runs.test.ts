import { describe, expect, test } from 'vitest'
import { NEW, world } from '../support/engine-world.ts'
import { ALICE, BOB } from '../support/store.ts'
import { settled } from './port.contract.ts'

const HOUR = 3_600_000
const FAILED = { status: 'failed', reason: 'exit', durationMs: 1 } as const
const RESUME = { type: 'resume', by: BOB } as const
const cancel = (hard: boolean) => ({ by: BOB, reason: 'enough', hard })

type World = Awaited<ReturnType<typeof world>>
type Handle = Awaited<ReturnType<World['begin']>>

/** Where the lock stands; what is under it is called `a`. */
const LOCKS = {
  'of a step': ['steps:\n  a: { mutex: repo, run: "true", retry: { attempts: 2, backoff: 1h, jitter: 0% } }\n', ''],
  'of a pipeline': ['mutex: repo\nsteps:\n  a: { run: "true", retry: { attempts: 2, backoff: 1h, jitter: 0% } }\n', ''],
  'of a coordinator that has one place': [
    'steps:\n  a: { run: "true", retry: { attempts: 2, backoff: 1h, jitter: 0% } }\n',
    'max_parallel: 1\n',
  ],
} as const

/** How the first run gives the lock up; it runs `a` under it, and the second run waits. */
const WAYS: { readonly [how: string]: (it: World, first: Handle) => Promise<void> } = {
  'fails twice, and keeps it between': async (it, first) => {
    it.end('a#1', FAILED)
    await settled()
    it.clock.advance(1000)
    await settled()
    expect(it.starts).toEqual(['a#1'])
    it.clock.setWall(HOUR)
    it.clock.advance(2000)
    await settled()
    it.end('a#2', FAILED)
    await first.result
  },
  succeeds: async (it, first) => {
    it.end('a#1')
    await first.result
  },
  'is cancelled while it runs': async (_, first) => {
    first.cancel(cancel(false))
    await first.result
  },
  'is killed by a hard cancel': async (_, first) => {
    first.cancel(cancel(true))
    await first.result
  },
  'is cancelled in its backoff': async (it, first) => {
    it.end('a#1', FAILED)
    await settled()
    first.cancel(cancel(false))
    await first.result
  },
  'parks at the end of what runs': async (it, first) => {
    first.park()
    await settled()
    it.end('a#1', FAILED)
    expect((await first.result).end).toBe('parked')
    it.release()
  },
}

describe.each(Object.entries(LOCKS))(
  'promise 24c: the lock %s goes to the run that waits for it where the other',
  (_, [steps, coordinator]) => {
    test.each(Object.entries(WAYS))('%s', async (__, giveUp) => {
      const it = await world(`pipeline: p\n${steps}`, { runs: ['r2'], coordinator })
      const first = await it.begin(NEW)
      await settled()
      const second = await it.begin(NEW, false, 'r2')
      await settled()
      it.clock.advance(1000)
      await settled()
      expect(it.starts).toEqual(['a#1'])
      const before = it.starts.length
      await giveUp(it, first)
      it.clock.advance(1000)
      await settled()
      expect(it.starts.slice(before).filter((token) => token.startsWith('r2:'))).toEqual(['r2:a#1'])
      it.end('r2:a#1')
      expect((await second.result).state.outcome).toBe('succeeded')
    })

    test('is tried again by `retry` or `resume`, which take the lock like any other', async () => {
      const it = await world(`pipeline: p\n${steps}`, { runs: ['r2'], coordinator })
      const first = await it.begin(NEW)
      await settled()
      first.cancel(cancel(false))
      await first.result
      it.release()
      const second = await it.begin(NEW, false, 'r2')
      await settled()
      expect(it.starts).toEqual(['a#1', 'r2:a#1'])
      const retried = await it.begin({ type: 'reopen', by: ALICE, steps: undefined })
      await settled()
      it.clock.advance(1000)
      await settled()
      expect(it.starts).toEqual(['a#1', 'r2:a#1'])
      it.end('r2:a#1')
      await second.result
      it.clock.advance(1000)
      await settled()
      expect(it.starts).toEqual(['a#1', 'r2:a#1', 'a#2'])
      retried.park()
      await settled()
      it.end('a#2', FAILED)
      expect((await retried.result).end).toBe('parked')
      it.release()
      it.clock.setWall(2 * HOUR)
      const resumed = await it.begin(RESUME)
      await settled()
      it.clock.advance(1000)
      await settled()
      expect(it.starts.at(-1)).toBe('a#3')
      it.end('a#3')
      expect((await resumed.result).state.outcome).toBe('succeeded')
    })
  },
)

test('promise 24c: a run that waits for a person under a lock frees it by parking, and takes it again when it goes on', async () => {
  const it = await world(
    `pipeline: p
steps:
  a: { mutex: repo, approval: { prompt: "Go?" } }
`,
    { runs: ['r2'] },
  )
  const first = await it.begin(NEW)
  await settled()
  const second = await it.begin(NEW, true, 'r2')
  await settled()
  it.clock.advance(1000)
  await settled()
  it.store.put('r2', { by: BOB, kind: 'approve', target: 'a', data: {} })
  first.park()
  expect((await first.result).end).toBe('parked')
  it.release()
  it.clock.advance(1000)
  const { end, state } = await second.result
  expect([end, state.steps.get('a')?.status]).toEqual(['parked', 'waiting'])
  it.release(undefined, 'r2')
  it.store.put('r1', { by: BOB, kind: 'approve', target: 'a', data: {} })
  expect((await (await it.begin(RESUME, true)).result).state.outcome).toBe('succeeded')
})
