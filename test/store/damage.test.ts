import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/ports/store.ts'
import { runFolder } from '../../src/store/folders.ts'
import { createLedger, openLedger } from '../../src/store/ledger.ts'
import { openRunReader } from '../../src/store/reader.ts'
import { openStore } from '../../src/store/store.ts'
import { markOf } from '../../src/util/machine.ts'
import { ALICE, created, emptyPlan, noted, temporaryFolder } from '../support/store.ts'

const COUNT = 60
const TEXT = (i: number): string => `note ${i} ${'abcdefghij'.repeat(10)}`

/** A closed ledger of `COUNT` events in one file. */
function written(): { stateDir: string; folder: ReturnType<typeof runFolder> } {
  const stateDir = temporaryFolder()
  const folder = runFolder(stateDir, 'r1')
  createLedger(folder, emptyPlan())
  const ledger = openLedger(folder, { mark: markOf(process.pid), by: ALICE, atMs: 1 })
  ledger.append([created('r1')], 1)
  for (let i = 2; i <= COUNT; i++) ledger.append([noted(TEXT(i))], i)
  ledger.close()
  return { stateDir, folder }
}

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path)
  db.exec(sql)
  db.close()
}

function look(folder: ReturnType<typeof runFolder>): { good: number; damaged: number | undefined } {
  const reader = openRunReader(folder)
  try {
    const { events, damaged } = reader.events()
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    return { good: events.length, damaged: damaged?.seq }
  } finally {
    reader.close()
  }
}

describe('a damaged ledger', () => {
  test.each([
    ['whose event says something else', `UPDATE events SET body = replace(body, 'note 20', 'note 21') WHERE seq = 20`],
    ['whose event has another time', 'UPDATE events SET at = at + 1 WHERE seq = 20'],
    ['that lost an event', 'DELETE FROM events WHERE seq = 20'],
    ['whose event is no JSON', `UPDATE events SET body = '{' WHERE seq = 20`],
    ['whose checksum changed', `UPDATE events SET sum = zeroblob(16) WHERE seq = 20`],
  ])('%s names the number and keeps what is before it', (_, sql) => {
    const { folder } = written()
    change(folder.ledger, sql)
    expect(look(folder)).toEqual({ good: 19, damaged: 20 })
  })

  test('promise 18a: whose plan was changed is seen at the first event', () => {
    const { folder } = written()
    change(folder.ledger, `UPDATE plan SET body = replace(body, 'release', 'relaese')`)
    expect(look(folder)).toEqual({ good: 0, damaged: 1 })
  })

  test('promise 18a: is refused to an owner that reads it, by number', () => {
    const { folder } = written()
    change(folder.ledger, 'DELETE FROM events WHERE seq = 20')
    const ledger = openLedger(folder, { mark: markOf(process.pid), by: ALICE, atMs: 1 })
    try {
      expect(() => ledger.read()).toThrow(StoreError)
      expect(() => ledger.read()).toThrow('event 20 of run `r1` is damaged')
    } finally {
      ledger.close()
    }
  })

  test('promise 18b: that lost its tail is known by logs of attempts that it never started', () => {
    const { folder } = written()
    const ledger = openLedger(folder, { mark: markOf(process.pid), by: ALICE, atMs: 1 })
    ledger.append([{ type: 'attempt-started', path: 'round/build', attempt: 1 }], 99)
    ledger.append([{ type: 'check-started', path: 'round/build', check: 'lint', attempt: 1 }], 99)
    ledger.close()
    mkdirSync(join(folder.logs, 'round', 'build'), { recursive: true })
    for (const log of ['round/build.1.log', 'round/build/check:lint.1.log']) writeFileSync(join(folder.logs, log), '')
    const lost = (): readonly string[] => {
      const reader = openRunReader(folder)
      try {
        return reader.whole().lostTail
      } finally {
        reader.close()
      }
    }
    expect(lost()).toEqual([])
    change(folder.ledger, `DELETE FROM events WHERE seq = ${COUNT + 2}`)
    expect(look(folder)).toEqual({ good: COUNT + 1, damaged: undefined })
    expect(lost()).toEqual(['round/build/check:lint.1.log'])
  })

  test('promise 18a: is exported up to the damage', () => {
    const { stateDir, folder } = written()
    change(folder.ledger, 'DELETE FROM events WHERE seq = 20')
    const store = openStore(stateDir)
    const exported = store.export('r1')
    store.close()
    expect(exported.events).toHaveLength(19)
    expect(exported.damaged?.seq).toBe(20)
    expect(exported.plan).toEqual(emptyPlan())
  })

  test('promise 18a: never passes a flipped bit of an event: each is found, and no false event is given', () => {
    const { folder } = written()
    const good = readFileSync(folder.ledger)
    const texts = Array.from({ length: COUNT - 1 }, (_, i) => Buffer.from(TEXT(i + 2)))
    for (const [i, text] of texts.entries()) {
      const bytes = Buffer.from(good)
      // A page that was split keeps dead copies of what it moved: the living one is among them.
      for (let at = good.indexOf(text); at >= 0; at = good.indexOf(text, at + 1)) {
        bytes[at + (i % text.length)]! ^= 1 << (i % 8)
      }
      writeFileSync(folder.ledger, bytes)
      expect(look(folder)).toEqual({ good: i + 1, damaged: i + 2 })
    }
  })

  test('with a bit flipped anywhere gives the true events before the damage, or all of them', () => {
    const { folder } = written()
    const good = readFileSync(folder.ledger)
    const truth = openRunReader(folder)
    const events = truth.events().events
    truth.close()
    let reported = 0
    for (let i = 0; i < 200; i++) {
      const bytes = Buffer.from(good)
      bytes[Math.floor((i / 200) * good.length) + (i % 7)]! ^= 1 << (i % 8)
      writeFileSync(folder.ledger, bytes)
      try {
        const reader = openRunReader(folder)
        const read = reader.events()
        reader.close()
        expect(read.events).toEqual(events.slice(0, read.events.length))
        expect(read.damaged !== undefined || read.events.length === events.length).toBe(true)
        if (read.damaged) reported++
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError)
        reported++
      }
    }
    expect(reported).toBeGreaterThan(0)
  })
})
