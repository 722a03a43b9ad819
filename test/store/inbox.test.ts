import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type OwnedRun, openStore, type Store } from '../../src/store/store.ts'
import { ALICE, BOB, created, emptyPlan, noted, startChild, temporaryFolder } from '../support/store.ts'

const PUT_ROWS = join(import.meta.dirname, 'processes', 'put-rows.ts')

async function ownedRun(now?: () => number): Promise<{ store: Store; owned: OwnedRun }> {
  const store = openStore(temporaryFolder(), now)
  store.create(emptyPlan(), 'r1')
  const owned = await store.own('r1', { pid: process.pid, by: ALICE })
  onTestFinished(() => {
    owned.release()
    store.close()
  })
  owned.ledger.append([created('r1')], 1)
  return { store, owned }
}

const approve = { by: BOB, kind: 'approve', target: 'approve', data: { comment: 'looks good' } } as const

describe('the inbox of a run', () => {
  test('promise 20a: gives the owner each row once, in the order in which they came', async () => {
    const { store, owned } = await ownedRun(() => 500)
    expect(owned.ledger.inbox(0)).toEqual([])
    const first = store.put('r1', approve)
    const second = store.put('r1', { ...approve, by: { name: 'carol' } })
    expect(owned.ledger.inbox(0)).toEqual([
      { row: 1, at: 500, ...approve },
      { row: 2, at: 500, ...approve, by: { name: 'carol' } },
    ])
    expect(owned.ledger.inbox(second.row)).toEqual([])
    expect(owned.ledger.inbox(first.row)).toEqual([second])
    const reader = store.reader('r1')
    expect(reader.inbox()).toEqual([first, second])
    reader.close()
  })

  test('passes over rows that opsflow did not write', async () => {
    const { store, owned } = await ownedRun(() => 500)
    store.put('r1', approve)
    const db = new DatabaseSync(store.folder('r1').inbox)
    for (const data of ['{', '[]', 'null', '"x"'])
      db.prepare("INSERT INTO inbox(at, name, kind, target, data) VALUES(1, 'mallory', 'approve', 'approve', ?)").run(
        data,
      )
    db.close()
    const last = store.put('r1', approve)
    expect(owned.ledger.inbox(0).map(({ row }) => row)).toEqual([1, last.row])
    expect(owned.ledger.inbox(last.row)).toEqual([])
  })

  test('that is damaged is told, and read again when it was mended', async () => {
    const { store, owned } = await ownedRun()
    const { inbox } = store.folder('r1')
    const first = store.put('r1', approve)
    const sound = readFileSync(inbox)
    expect(owned.ledger.inbox(0)).toHaveLength(1)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${inbox}${suffix}`, { force: true })
    writeFileSync(inbox, 'no database at all, but long enough to be taken for one'.repeat(100))
    const again = openStore(store.stateDir)
    expect(() => again.put('r1', approve)).toThrow(/inbox.db. is damaged/)
    again.close()
    owned.release()
    const next = await store.own('r1', { pid: process.pid, by: ALICE })
    onTestFinished(() => next.release())
    expect(() => next.ledger.inbox(0)).toThrow(/inbox.db. is damaged/)
    writeFileSync(inbox, sound)
    expect(next.ledger.inbox(0)).toEqual([first])
  })

  test('promise 20a: takes rows of twenty writers at once while the owner commits, and loses none', async () => {
    const { store, owned } = await ownedRun()
    const writers = Array.from({ length: 20 }, (_, i) => startChild(PUT_ROWS, store.stateDir, 'r1', `writer${i}`, '4'))
    let running = writers.length
    for (const writer of writers) void writer.exit.then(() => running--)
    const seen: string[] = []
    let last = 0
    while (running > 0) {
      owned.ledger.append([noted('meanwhile')], Date.now())
      for (const row of owned.ledger.inbox(last)) {
        seen.push(`${row.data.text}`)
        last = row.row
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    seen.push(...owned.ledger.inbox(last).map((row) => `${row.data.text}`))
    const wanted = writers.flatMap((_, i) => [0, 1, 2, 3].map((n) => `writer${i} ${n}`))
    expect(seen.toSorted()).toEqual(wanted.toSorted())
    expect(await Promise.all(writers.map(({ exit }) => exit))).toEqual(writers.map(() => 0))
    expect(() => owned.ledger.read()).not.toThrow()
  })

  test('never dates a row before the last event, also after the clock was set back', async () => {
    let wall = 1000
    const { store, owned } = await ownedRun(() => wall)
    owned.ledger.append([noted('asked')], 5000)
    wall = 200
    expect(store.put('r1', approve).at).toBe(5000)
  })
})
