import { describe, expect, test } from 'vitest'
import { type Ledger, StoreError } from '../../src/ports/store.ts'
import { type EmbeddedWorld, embeddedWorld } from './embedded-world.ts'
import { DISPATCH, portContract, SUCCEEDED, settled, words } from './port.contract.ts'

portContract('the embedded engine', embeddedWorld)

const ALICE = { name: 'alice' }
const noted = { type: 'noted', by: ALICE, text: 'a' } as const

/** A world whose disk is full for as long as `full` says. */
async function smallDisk(): Promise<{ world: EmbeddedWorld; disk: { full: boolean; appends: number } }> {
  const world = await embeddedWorld()
  const disk = { full: false, appends: 0 }
  const wrap = (real: Ledger): Ledger => ({
    ...real,
    append(events, atMs, row) {
      disk.appends++
      if (disk.full) throw new StoreError('full', 'no space left')
      return real.append(events, atMs, row)
    },
  })
  world.wrap(wrap)
  return { world, disk }
}

describe('the embedded engine', () => {
  test('promise 2b: commits once a turn, however many steps end and start in it', async () => {
    const { world, disk } = await smallDisk()
    const port = await world.open()
    port.emit(noted)
    await port.next()
    for (const token of ['a#1', 'b#1', 'c#1']) port.dispatch(token, DISPATCH)
    const batch = port.next()
    await settled()
    const before = disk.appends
    for (const token of ['a#1', 'b#1', 'c#1']) world.end(token, SUCCEEDED)
    expect(await batch).toHaveLength(3)
    for (let i = 0; i < 6; i++) port.emit(noted)
    void port.next()
    await settled()
    expect(disk.appends - before).toBe(1)
    expect(world.events()).toHaveLength(7)
    await world.close()
  })

  test('tells the executor before the commit what comes first after it, where nothing runs', async () => {
    const world = await embeddedWorld()
    const port = await world.open()
    port.emit(noted)
    await port.next()
    port.emit(noted)
    for (const token of ['a#1', 'b#1']) port.dispatch(token, DISPATCH)
    let batch = port.next()
    await settled()
    expect(world.prepared).toEqual([{ token: 'a#1', durable: 1 }])
    expect(world.calls).toEqual(['a#1', 'b#1'].map((token) => ({ call: 'start', token, durable: 2 })))
    world.end('a#1', SUCCEEDED)
    await batch
    port.dispatch('c#1', DISPATCH)
    batch = port.next()
    await settled()
    for (const token of ['b#1', 'c#1']) world.end(token, SUCCEEDED)
    await batch
    port.dispatch('d#1', DISPATCH)
    void port.next()
    await settled()
    expect(world.prepared.map(({ token }) => token)).toEqual(['a#1', 'd#1'])
    await world.close()
  })

  test('goes on beside an inbox that cannot be read, and says so once', async () => {
    const world = await embeddedWorld()
    let isDamaged = true
    world.wrap((real) => ({
      ...real,
      inbox(row) {
        if (isDamaged) throw new StoreError('damaged', '`inbox.db` is damaged')
        return real.inbox(row)
      },
    }))
    const port = await world.open()
    await port.next()
    port.dispatch('a#1', DISPATCH)
    const batch = port.next()
    for (let i = 0; i < 3; i++) {
      await settled()
      world.advance(1000)
    }
    expect(world.notices.map(({ message }) => message)).toEqual([
      '`inbox.db` is damaged; what people tell this run is not heard until that file is mended or laid aside and the run is resumed',
    ])
    world.end('a#1', SUCCEEDED)
    expect(await batch).toMatchObject([{ type: 'outcome', token: 'a#1' }])
    isDamaged = false
    await world.close()
  })

  test('promise 18c: starts nothing while the disk is full, says so once, and goes on by itself', async () => {
    const { world, disk } = await smallDisk()
    const port = await world.open()
    await port.next()
    disk.full = true
    port.emit(noted)
    port.dispatch('a#1', DISPATCH)
    const batch = port.next()
    for (let i = 0; i < 5; i++) {
      await settled()
      world.advance(1000)
    }
    expect(world.calls).toEqual([])
    expect(world.notices).toEqual([
      { kind: 'cannot-write', message: 'no space left; nothing is started until it can be written' },
    ])
    disk.full = false
    world.advance(1000)
    await settled()
    expect(world.calls).toMatchObject([{ call: 'start', token: 'a#1', durable: 1 }])
    expect(world.notices.map(({ kind }) => kind)).toEqual(['cannot-write', 'writes-again'])
    world.end('a#1', SUCCEEDED)
    expect(words(await batch)).toEqual(['outcome a#1'])
    await world.close()
  })

  test('on a full disk a cancel ends what runs at once, and a hard one gives up', async () => {
    const { world, disk } = await smallDisk()
    const port = await world.open()
    await port.next()
    port.dispatch('a#1', DISPATCH)
    port.timer('t#1', 10)
    const batch = port.next()
    await settled()
    world.advance(10)
    await batch
    disk.full = true
    port.emit(noted)
    const stuck = port.next()
    await settled()
    port.cancel({ by: ALICE, reason: 'ctrl-c', hard: false })
    expect(world.calls.at(-1)).toMatchObject({ call: 'abort', token: 'a#1' })
    port.cancel({ by: ALICE, reason: 'ctrl-c', hard: true })
    await expect(stuck).rejects.toThrow('no space left')
    expect(world.events()).toEqual([])
    await world.close()
  })

  test('tells a cancel and a park in whatever it waits for', async () => {
    const { world } = await smallDisk()
    const port = await world.open()
    await port.next()
    const batch = port.next()
    await settled()
    port.cancel({ by: ALICE, reason: 'SIGTERM', hard: false })
    port.park()
    expect(await batch).toMatchObject([{ type: 'cancel', by: ALICE, reason: 'SIGTERM', hard: false }, { type: 'park' }])
    await world.close()
  })

  test('promise 14b: asks its clock for no timer longer than an hour', async () => {
    const { world } = await smallDisk()
    const port = await world.open()
    await port.next()
    port.timer('t#1', 90 * 86_400_000)
    void port.next()
    await settled()
    expect(world.clock.longestMs).toBe(3_600_000)
    await world.close()
  })

  test('promise 15d: ends when a newer owner has the run, and starts nothing then', async () => {
    const { world } = await smallDisk()
    world.wrap((real) => ({
      ...real,
      append() {
        throw new StoreError('owner-lost', 'run `r1` has a newer owner')
      },
    }))
    const port = await world.open()
    port.emit(noted)
    port.dispatch('a#1', DISPATCH)
    await expect(port.next()).rejects.toThrow('newer owner')
    expect(world.calls).toEqual([])
    await world.close()
  })

  test('asks for a lock again, in the order of asking, after it could not be written', async () => {
    const { world } = await smallDisk()
    let full = true
    world.wrapLocks((real) => ({
      ...real,
      request(token, keys) {
        if (full && token === 'b#1') throw new StoreError('full', 'no space left')
        return real.request(token, keys)
      },
    }))
    const port = await world.open()
    await port.next()
    for (const token of ['a#1', 'b#1', 'c#1']) port.lock(token, [token])
    expect(words(await port.next())).toEqual(['locked a#1'])
    const batch = port.next()
    await settled()
    full = false
    world.advance(200)
    expect(words(await batch)).toEqual(['locked b#1', 'locked c#1'])
    await world.close()
  })

  test('goes on when the view of it fails, and says so', async () => {
    const { world } = await smallDisk()
    world.watch(() => {
      throw new Error('broken pipe')
    })
    const port = await world.open()
    port.emit(noted)
    expect(words(await port.next())).toEqual(['opened'])
    expect(world.notices).toEqual([{ kind: 'view-failed', message: 'the view failed: broken pipe' }])
    expect(world.events()).toHaveLength(1)
    await world.close()
  })

  test('promise 2c: nobody is told of an event before it can be read from the disk', async () => {
    const { world } = await smallDisk()
    const told: number[] = []
    world.watch((written) => {
      expect(world.events()).toEqual(expect.arrayContaining([...written]))
      told.push(...written.map(({ seq }) => seq))
    })
    const port = await world.open()
    port.emit(noted)
    await port.next()
    port.emit(noted)
    port.emit(noted)
    void port.next()
    await settled()
    expect(told).toEqual([1, 2, 3])
    expect(world.notices).toEqual([])
    await world.close()
  })

  test('commits and starts what was asked for after the last batch', async () => {
    const { world } = await smallDisk()
    const port = await world.open()
    await port.next()
    port.emit(noted)
    port.abort('a#1', true)
    await port.finish()
    expect(world.events()).toMatchObject([{ type: 'noted' }])
    expect(world.calls).toMatchObject([{ call: 'abort', token: 'a#1', durable: 1 }])
    await world.close()
  })
})
