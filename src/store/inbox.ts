import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type InboxRow, StoreError } from '../ports/store.ts'
import { guarded, inTransaction, openWritable, untilFree } from './database.ts'
import type { RunFolder } from './folders.ts'
import { LEDGER } from './schema.ts'

/** What a person or another process wants a run to know: approvals, answers, notes, signals, a cancel. */
export type NewRow = Pick<InboxRow, 'by' | 'kind' | 'target' | 'data'>

/**
 * Puts a row in a run's inbox; on the disk when this returns. Never an event: the owner judges it. Its time is never
 * before that of the last event, so a clock that was set back cannot make an answer older than its question.
 */
export function putRow(folder: RunFolder, row: NewRow, nowMs: number): InboxRow {
  if (!existsSync(folder.ledger)) throw new StoreError('never-began', `run \`${folder.run}\` was never begun`)
  return untilFree(PATIENCE_MS, () => guarded(folder.ledger, () => putOnce(folder, row, nowMs)))
}

const PATIENCE_MS = 30_000
const TRY_MS = 3

function putOnce(folder: RunFolder, row: NewRow, nowMs: number): InboxRow {
  const db = openWritable(folder.ledger, LEDGER, 'full', TRY_MS)
  try {
    return inTransaction(db, () => {
      const last = db.prepare('SELECT max(at) AS at FROM (SELECT at FROM events ORDER BY seq DESC LIMIT 1)').get()
      const at = Math.max(nowMs, (last?.at as number | null) ?? 0)
      const { lastInsertRowid } = db
        .prepare('INSERT INTO inbox(at, name, uid, kind, target, data) VALUES(?, ?, ?, ?, ?, ?)')
        .run(at, row.by.name, row.by.uid ?? null, row.kind, row.target, JSON.stringify(row.data))
      return { ...row, row: Number(lastInsertRowid), at }
    })
  } finally {
    db.close()
  }
}

/** Reads rows after a given one; asks the file only when another process has written since the last time. */
export function inboxReader(db: DatabaseSync, path: string): (afterRow: number) => readonly InboxRow[] {
  const version = db.prepare('PRAGMA data_version')
  const rows = db.prepare('SELECT row, at, name, uid, kind, target, data FROM inbox WHERE row > ? ORDER BY row')
  let seen: { version: number; afterRow: number; lastRow: number } | undefined
  return (afterRow) =>
    guarded(path, () => {
      const now = version.get()?.data_version as number
      if (seen?.version === now && seen.lastRow <= afterRow && seen.afterRow <= afterRow) return []
      const found = rows.all(afterRow).map(toRow)
      seen = { version: now, afterRow, lastRow: found.at(-1)?.row ?? afterRow }
      return found
    })
}

/** All rows, in the order in which they came. */
export function readInbox(db: DatabaseSync): readonly InboxRow[] {
  return db.prepare('SELECT row, at, name, uid, kind, target, data FROM inbox ORDER BY row').all().map(toRow)
}

function toRow(row: Record<string, unknown>): InboxRow {
  const uid = row.uid as number | null
  return {
    row: row.row as number,
    at: row.at as number,
    by: { name: row.name as string, ...(uid !== null && { uid }) },
    kind: row.kind as InboxRow['kind'],
    target: row.target as string,
    data: JSON.parse(row.data as string) as InboxRow['data'],
  }
}
