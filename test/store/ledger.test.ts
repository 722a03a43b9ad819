import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../src/events/events.ts'
import { type Ledger, StoreError } from '../../src/ports/store.ts'
import { runFolder } from '../../src/store/folders.ts'
import { createLedger, openLedger } from '../../src/store/ledger.ts'
import { openRunReader } from '../../src/store/reader.ts'
import { markOf } from '../../src/util/machine.ts'
import { ALICE, created, emptyPlan, ended, noted, temporaryFolder } from '../support/store.ts'

function newLedger(): {
  open: (inspect?: (db: DatabaseSync) => void) => Ledger
  folder: ReturnType<typeof runFolder>
} {
  const folder = runFolder(temporaryFolder(), 'r1')
  createLedger(folder, emptyPlan())
  const open = (inspect?: (db: DatabaseSync) => void): Ledger => {
    const opener = { mark: markOf(process.pid), by: ALICE, atMs: 1, ...(inspect && { inspect }) }
    const ledger = openLedger(folder, opener)
    onTestFinished(() => ledger.close())
    return ledger
  }
  return { open, folder }
}

function reasonOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof StoreError) return error.reason
    throw error
  }
  return 'nothing thrown'
}

describe('a ledger', () => {
  test('promise 1b: gives back, numbered and in order, what was appended, in this life and the next', () => {
    const { open } = newLedger()
    const first = open()
    expect(first.append([created('r1'), noted('a')], 10)).toEqual([
      { seq: 1, at: 10, ...created('r1') },
      { seq: 2, at: 10, ...noted('a') },
    ])
    first.append([noted('b')], 20)
    first.close()
    const second = open()
    expect(second.append([ended], 30)).toEqual([{ seq: 4, at: 30, ...ended }])
    expect(second.read().map(({ seq, at, type }) => [seq, at, type])).toEqual([
      [1, 10, 'run-created'],
      [2, 10, 'noted'],
      [3, 20, 'noted'],
      [4, 30, 'run-ended'],
    ])
    expect(second.read(4)).toHaveLength(1)
    expect(second.plan).toEqual(emptyPlan())
  })

  test('writes all events of an append or none', () => {
    const { open } = newLedger()
    const ledger = open()
    ledger.append([noted('a')], 1)
    const circle: Record<string, unknown> = { type: 'noted', by: ALICE }
    circle.text = circle
    expect(() => ledger.append([noted('b'), circle as EventBody], 2)).toThrow()
    expect(ledger.append([noted('c')], 3)).toMatchObject([{ seq: 2, text: 'c' }])
    expect(ledger.read()).toHaveLength(2)
  })

  test('keeps events of 100 KB and more', () => {
    const { open } = newLedger()
    const ledger = open()
    const text = 'ä'.repeat(150_000)
    ledger.append([noted(text), noted('small')], 1)
    ledger.close()
    expect(open().read()).toMatchObject([{ text }, { text: 'small' }])
  })

  test('promise 15d: refuses every append of an owner that a newer one replaced', () => {
    const { open } = newLedger()
    const old = open()
    old.append([noted('mine')], 1)
    const fresh = open()
    expect(fresh.epoch).toBe(old.epoch + 1)
    expect(reasonOf(() => old.append([noted('late')], 2))).toBe('owner-lost')
    fresh.append([noted('next')], 3)
    expect(reasonOf(() => old.append([noted('later')], 4))).toBe('owner-lost')
    expect(fresh.read()).toMatchObject([{ text: 'mine' }, { text: 'next' }])
  })

  test('is synced in full at every commit, and one small commit writes at most 16 KB', () => {
    const { open, folder } = newLedger()
    let connection: DatabaseSync | undefined
    const ledger = open((db) => {
      connection = db
    })
    expect(connection!.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 })
    ledger.append([noted('first')], 1)
    const before = statSync(`${folder.ledger}-wal`).size
    for (let i = 0; i < 50; i++) ledger.append([noted('x'.repeat(200)), noted('y'.repeat(200))], i)
    expect((statSync(`${folder.ledger}-wal`).size - before) / 50).toBeLessThanOrEqual(16_384)
  })

  test('promise 18c: on a full disk writes nothing, says so, stays readable and goes on when there is space', () => {
    const { open, folder } = newLedger()
    let connection: DatabaseSync | undefined
    const ledger = open((db) => {
      connection = db
    })
    ledger.append([noted('before')], 1)
    const pages = connection!.prepare('PRAGMA page_count').get()!.page_count as number
    connection!.exec(`PRAGMA max_page_count=${pages}`)
    const big = [noted('x'.repeat(20_000)), noted('last')]
    expect(reasonOf(() => ledger.append(big, 2))).toBe('full')
    expect(reasonOf(() => ledger.append(big, 3))).toBe('full')
    const reader = openRunReader(folder)
    expect(reader.events()).toMatchObject({ events: [{ text: 'before' }], damaged: undefined })
    reader.close()
    connection!.exec('PRAGMA max_page_count=100000')
    expect(ledger.append(big, 4)).toMatchObject([{ seq: 2 }, { seq: 3, text: 'last' }])
    expect(ledger.read()).toHaveLength(3)
  })

  test('remembers up to which inbox row its events have answered', () => {
    const { open } = newLedger()
    const ledger = open()
    ledger.append([noted('a')], 1, 7)
    ledger.close()
    const again = open()
    expect(again.inboxRow).toBe(7)
    expect(again.append([], 2, 9)).toEqual([])
    expect(again.inboxRow).toBe(9)
  })

  test('is not made twice, and not over another plan', () => {
    const folder = runFolder(temporaryFolder(), 'r1')
    expect(createLedger(folder, emptyPlan())).toBe(true)
    expect(createLedger(folder, emptyPlan())).toBe(false)
    expect(reasonOf(() => createLedger(folder, emptyPlan('other')))).toBe('other-plan')
  })

  test('whose making was cut off was never begun, and can be made after all', () => {
    const folder = runFolder(temporaryFolder(), 'r1')
    mkdirSync(folder.path, { recursive: true })
    writeFileSync(folder.ledger, '')
    const opener = { mark: markOf(process.pid), by: ALICE, atMs: 1 }
    expect(reasonOf(() => openLedger(folder, opener))).toBe('never-began')
    expect(createLedger(folder, emptyPlan())).toBe(true)
    openLedger(folder, opener).close()
  })

  test('promise 3e: of a newer format is refused', () => {
    const { open, folder } = newLedger()
    const db = new DatabaseSync(folder.ledger)
    db.exec('PRAGMA user_version=99')
    db.close()
    expect(reasonOf(open)).toBe('newer')
    expect(reasonOf(() => openRunReader(folder))).toBe('newer')
  })

  test('opens beside its folder of logs and artefacts', () => {
    const { folder } = newLedger()
    expect(statSync(join(folder.path, 'logs')).isDirectory()).toBe(true)
    expect(statSync(join(folder.path, 'artefacts')).isDirectory()).toBe(true)
  })
})
