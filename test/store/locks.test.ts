import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Leftovers, LeftProcess } from '../../src/ports/store.ts'
import { type OwnedRun, openStore, type Store } from '../../src/store/store.ts'
import { ALICE, emptyPlan, startChild, temporaryFolder } from '../support/store.ts'

const OWN = join(import.meta.dirname, 'processes', 'own.ts')

function newStore(): Store {
  const store = openStore(temporaryFolder())
  onTestFinished(() => store.close())
  return store
}

async function ownedRun(store: Store, run: string): Promise<OwnedRun> {
  store.create(emptyPlan(), run)
  const owned = await store.own(run, { pid: process.pid, by: ALICE })
  onTestFinished(() => owned.release())
  return owned
}

/** Two runs of one store, each over its own connection, as two processes have them. */
async function twoRuns(): Promise<[OwnedRun, OwnedRun]> {
  const store = newStore()
  const other = openStore(store.stateDir)
  onTestFinished(() => other.close())
  return [await ownedRun(store, 'r1'), await ownedRun(other, 'r2')]
}

describe('locks between runs', () => {
  test('are held by one at a time, and go to the next when they are freed', async () => {
    const [a, b] = await twoRuns()
    expect(a.locks.request('x#1', ['repo'])).toBe(true)
    expect(b.locks.request('x#1', ['repo'])).toBe(false)
    expect(b.locks.granted()).toEqual([])
    a.locks.release('x#1')
    expect(b.locks.granted()).toEqual(['x#1'])
    expect(b.locks.granted()).toEqual([])
  })

  test('promise 24d: are taken all at once or not at all', async () => {
    const [a, b] = await twoRuns()
    expect(a.locks.request('x#1', ['one'])).toBe(true)
    expect(b.locks.request('y#1', ['two', 'one'])).toBe(false)
    expect(b.locks.request('z#1', ['three'])).toBe(true)
    a.locks.release('x#1')
    expect(b.locks.granted()).toEqual(['y#1'])
    expect(a.locks.request('x#2', ['two'])).toBe(false)
  })

  test('go to who asked first, in the run and between runs', async () => {
    const [a, b] = await twoRuns()
    a.locks.request('first#1', ['k'])
    expect(b.locks.request('second#1', ['k'])).toBe(false)
    expect(a.locks.request('third#1', ['k'])).toBe(false)
    a.locks.release('first#1')
    expect(a.locks.granted()).toEqual([])
    expect(b.locks.granted()).toEqual(['second#1'])
    b.locks.release('second#1')
    expect(a.locks.granted()).toEqual(['third#1'])
  })

  test('go to who asked first of the steps of one run, also where the run itself holds something', async () => {
    const [a, b] = await twoRuns()
    expect(a.locks.request('pipeline:#1', ['seat'])).toBe(true)
    expect(a.locks.request('first#1', ['k'])).toBe(true)
    expect(a.locks.request('second#1', ['k'])).toBe(false)
    expect(b.locks.request('other#1', ['k'])).toBe(false)
    a.locks.release('first#1')
    expect(a.locks.request('third#1', ['k'])).toBe(false)
    expect(a.locks.granted()).toEqual(['second#1'])
    a.locks.release('second#1')
    // Another run may be waiting for the seat, so those inside pass it.
    expect(a.locks.granted()).toEqual(['third#1'])
  })

  test('promise 24e: are shared by the steps inside the one that holds them, and by nobody else', async () => {
    const [a, b] = await twoRuns()
    expect(a.locks.request('ship#1', ['repo'])).toBe(true)
    expect(b.locks.request('x#1', ['repo'])).toBe(false)
    expect(a.locks.request('ship@2/build#1', ['repo'])).toBe(true)
    expect(a.locks.request('shipping#1', ['repo'])).toBe(false)
    a.locks.release('ship@2/build#1')
    expect(b.locks.granted()).toEqual([])
    a.locks.release('ship#1')
    expect(b.locks.granted()).toEqual(['x#1'])
  })

  test('of several places are held by so many at once, over all runs, and the next asks when one is free', async () => {
    const store = newStore()
    const [a, b, c, d] = await Promise.all(['r1', 'r2', 'r3', 'r4'].map((run) => ownedRun(store, run)))
    const ask = (owned: OwnedRun | undefined, ...keys: string[]) => owned!.locks.request('p#1', keys, { seat: 2 })
    expect([ask(a, 'seat'), ask(b, 'seat', 'repo')]).toEqual([true, true])
    expect([ask(c, 'seat', 'repo'), ask(d, 'seat')]).toEqual([false, false])
    a!.locks.release('p#1')
    // The third asked first, and still waits for the other lock.
    expect([c!.locks.granted(), d!.locks.granted()]).toEqual([[], []])
    await b!.release()
    expect([c!.locks.granted(), d!.locks.granted()]).toEqual([['p#1'], ['p#1']])
    expect(ask(a, 'seat')).toBe(false)
  })

  test('a request that is taken back lets the next one pass', async () => {
    const [a, b] = await twoRuns()
    a.locks.request('x#1', ['k'])
    a.locks.request('y#1', ['k'])
    b.locks.request('z#1', ['k'])
    a.locks.release('y#1')
    a.locks.release('x#1')
    expect(a.locks.granted()).toEqual([])
    expect(b.locks.granted()).toEqual(['z#1'])
  })

  test('are free when the run gives itself up', async () => {
    const store = newStore()
    const a = await ownedRun(store, 'r1')
    const b = await ownedRun(store, 'r2')
    a.locks.request('x#1', ['k'])
    expect(b.locks.request('x#1', ['k'])).toBe(false)
    a.release()
    expect(b.locks.granted()).toEqual(['x#1'])
  })

  test('promises 16e, 24c: are free after kill -9 of their owner, in another process and in its own next life', async () => {
    const store = newStore()
    store.create(emptyPlan(), 'r1')
    const holder = startChild(OWN, store.stateDir, 'r1', 'repo')
    expect(await holder.line()).toBe('locked')
    const b = await ownedRun(store, 'r2')
    expect(b.locks.request('x#1', ['repo'])).toBe(false)
    expect(store.lock('repo').map(({ run, held }) => [run, held])).toEqual([
      ['r1', true],
      ['r2', false],
    ])
    await holder.kill()
    expect(b.locks.granted()).toEqual(['x#1'])
    const again = await store.own('r1', { pid: process.pid, by: ALICE })
    onTestFinished(() => again.release())
    expect(again.locks.request('deploy#2', ['repo'])).toBe(false)
    b.locks.release('x#1')
    expect(again.locks.granted()).toEqual(['deploy#2'])
  })

  test('promise 24c: are not free while something that a dead run started still lives, and whoever wants them ends it', async () => {
    const store = newStore()
    store.create(emptyPlan(), 'r1')
    const holder = startChild(OWN, store.stateDir, 'r1', 'repo')
    expect(await holder.line()).toBe('locked')
    const notices: string[] = []
    let gone: () => void = () => undefined
    let left: readonly LeftProcess[] = [{ pid: 4711, token: 'deploy#1' }]
    const leftovers: Leftovers = {
      find: (_, run) => (run === 'r1' ? left : []),
      end: (_, run) =>
        new Promise((resolve) => {
          gone = () => {
            const ended = run === 'r1' ? left : []
            left = []
            resolve(ended)
          }
        }),
    }
    store.create(emptyPlan(), 'r2')
    const b = await store.own('r2', {
      pid: process.pid,
      by: ALICE,
      leftovers,
      notice: (message) => notices.push(message),
    })
    onTestFinished(() => b.release())
    expect(b.locks.request('x#1', ['repo'])).toBe(false)
    await holder.kill()
    expect(b.locks.granted()).toEqual([])
    expect(b.locks.granted()).toEqual([])
    expect(store.reader('r1').liveness()).toBe('ending')
    await expect(store.own('r1', { pid: process.pid, by: ALICE, patienceMs: 0 })).rejects.toThrow('is ending')
    gone()
    await vi.waitFor(() => expect(b.locks.granted()).toEqual(['x#1']))
    expect(notices).toEqual(['ended what the dead run `r1` left behind: pid 4711 of deploy'])
    expect(store.reader('r1').liveness()).toBe('interrupted')
  })

  test('of a dead run are given up by its next owner only when what it left behind is gone', async () => {
    const store = newStore()
    store.create(emptyPlan(), 'r1')
    const holder = startChild(OWN, store.stateDir, 'r1', 'repo')
    expect(await holder.line()).toBe('locked')
    const b = await ownedRun(store, 'r2')
    b.locks.request('x#1', ['repo'])
    await holder.kill()
    let grantedMeanwhile: readonly string[] = ['never asked']
    const leftovers: Leftovers = {
      find: () => [],
      end: async () => {
        grantedMeanwhile = b.locks.granted()
        return []
      },
    }
    const again = await store.own('r1', { pid: process.pid, by: ALICE, leftovers })
    onTestFinished(() => again.release())
    expect(grantedMeanwhile).toEqual([])
    expect(b.locks.granted()).toEqual(['x#1'])
  })

  test('that steps of two runs wait for in a circle are told by name, once', async () => {
    const store = newStore()
    const notices: string[] = []
    const [a, b] = await Promise.all(
      ['r1', 'r2'].map((run) => {
        store.create(emptyPlan(), run)
        return store.own(run, { pid: process.pid, by: ALICE, notice: (message) => notices.push(`${run}: ${message}`) })
      }),
    )
    for (const owned of [a, b]) onTestFinished(() => owned?.release())
    a?.locks.request('ship#1', ['repo'])
    b?.locks.request('move#1', ['db'])
    expect(a?.locks.request('ship/tables#1', ['db'])).toBe(false)
    expect(notices).toEqual([])
    expect(b?.locks.request('move/push#1', ['repo'])).toBe(false)
    a?.locks.granted()
    a?.locks.granted()
    b?.locks.granted()
    const [first, second] = ['r1', 'r2'].map((own) => {
      const name = (path: string, run: string) => (run === own ? `\`${path}\`` : `\`${path}\` of run \`${run}\``)
      return (
        `${own}: steps wait for each other's locks: ` +
        `${name('ship/tables', 'r1')} waits for lock \`db\`, which ${name('move', 'r2')} holds; ` +
        `${name('move/push', 'r2')} waits for lock \`repo\`, which ${name('ship', 'r1')} holds; ` +
        `end one of them: opsflow cancel ${own === 'r1' ? 'r2' : 'r1'}`
      )
    })
    expect([...notices].sort()).toEqual([first, second])
  })

  test('that a run itself holds let its steps pass those who wait for the run, and make circles as those of steps do', async () => {
    const store = newStore()
    const notices: string[] = []
    const [a, b] = await Promise.all(
      ['r1', 'r2'].map((run) => {
        store.create(emptyPlan(), run)
        return store.own(run, { pid: process.pid, by: ALICE, notice: (message) => notices.push(message) })
      }),
    )
    for (const owned of [a, b]) onTestFinished(() => owned?.release())
    expect(a?.locks.request('pipeline:#1', ['seat'])).toBe(true)
    expect(b?.locks.request('pipeline:#1', ['seat', 'repo'])).toBe(false)
    expect(a?.locks.request('push#1', ['repo'])).toBe(true)
    a?.locks.release('push#1')
    b?.locks.release('pipeline:#1')
    expect(b?.locks.request('pipeline:#2', ['repo'])).toBe(true)
    expect(a?.locks.request('sub/pipeline:#2', ['repo'])).toBe(false)
    expect(b?.locks.request('move#1', ['seat'])).toBe(false)
    expect(notices).toEqual([
      "steps wait for each other's locks: `sub` of run `r1` waits for lock `repo`, which this run holds; " +
        '`move` waits for lock `seat`, which run `r1` holds; end one of them: opsflow cancel r1',
    ])
  })

  test('of a thousand steps that want the same one are granted one by one, each once', async () => {
    const [a] = await twoRuns()
    const tokens = Array.from({ length: 1000 }, (_, i) => `s[${i}]#1`)
    const granted = tokens.filter((token) => a.locks.request(token, ['k']))
    for (let held = granted[0]; held !== undefined; ) {
      a.locks.release(held)
      const next = a.locks.granted()
      expect(next.length).toBeLessThanOrEqual(1)
      granted.push(...next)
      held = next[0]
    }
    expect(granted).toEqual(tokens)
  })
})
