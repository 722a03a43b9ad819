import { existsSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type InboxRow, StoreError } from '../ports/store.ts'
import { guarded, inTransaction, openReadable, openWritable, untilFree } from './database.ts'
import type { RunFolder } from './folders.ts'
import { lockFiles } from './owner.ts'
import { INBOX, LEDGER } from './schema.ts'
import { refuseUnsafeRun } from './trust.ts'

/**
 * What people and other processes want a run to know: approvals, answers, notes, signals, a cancel. A file of its own
 * beside the ledger, made by the first who has something to say, so that no writer ever stands in the way of a commit.
 */
export type NewRow = Pick<InboxRow, 'by' | 'kind' | 'target' | 'data'>

const PATIENCE_MS = 30_000
const TRY_MS = 3
const COLUMNS = 'row, at, name, uid, kind, target, data'

/**
 * Puts a row in a run's inbox; on the disk when this returns. Never an event: the owner judges it. Its time is never
 * before that of the last event, so a clock that was set back cannot make an answer older than its question.
 */
export function putRow(folder: RunFolder, row: NewRow, nowMs: number): InboxRow {
  refuseUnsafeRun(folder, lockFiles(folder))
  const at = Math.max(nowMs, lastEventAt(folder))
  return untilFree(PATIENCE_MS, () => guarded(folder.inbox, () => putOnce(folder.inbox, { ...row, at })))
}

function putOnce(path: string, row: Omit<InboxRow, 'row'>): InboxRow {
  const db = openWritable(path, INBOX, 'full', TRY_MS)
  try {
    const { lastInsertRowid } = inTransaction(db, () =>
      db
        .prepare('INSERT INTO inbox(at, name, uid, kind, target, data) VALUES(?, ?, ?, ?, ?, ?)')
        .run(row.at, row.by.name, row.by.uid ?? null, row.kind, row.target, JSON.stringify(row.data)),
    )
    return { ...row, row: Number(lastInsertRowid) }
  } finally {
    db.close()
  }
}

function lastEventAt(folder: RunFolder): number {
  if (!existsSync(folder.ledger)) throw new StoreError('never-began', `run \`${folder.run}\` was never begun`)
  return guarded(folder.ledger, () => {
    const db = openReadable(folder.ledger, LEDGER)
    try {
      return (db.prepare('SELECT at FROM events ORDER BY seq DESC LIMIT 1').get()?.at as number | undefined) ?? 0
    } finally {
      db.close()
    }
  })
}

/** The owner's end of an inbox. */
export interface InboxReader {
  /** Rows after a given one; asks the file only when somebody has written since the last time. */
  after(row: number): readonly InboxRow[]
  close(): void
}

export function openInboxReader(path: string): InboxReader {
  let open: { readonly db: DatabaseSync; readonly version: StatementSync; readonly rows: StatementSync } | undefined
  let seen: { readonly version: unknown; readonly lastRow: number } | undefined
  const connect = (): typeof open => {
    if (open !== undefined || !existsSync(path)) return open
    const db = openReadable(path, INBOX)
    try {
      const rows = db.prepare(`SELECT ${COLUMNS} FROM inbox WHERE row > ? ORDER BY row`)
      open = { db, version: db.prepare('PRAGMA data_version'), rows }
    } catch {
      // Its maker is not done yet.
      db.close()
    }
    return open
  }
  const close = (): void => {
    if (open?.db.isOpen) open.db.close()
    open = undefined
  }
  return {
    after: (row) => {
      try {
        return guarded(path, () => {
          const inbox = connect()
          if (inbox === undefined) return []
          const version = inbox.version.get()?.data_version
          if (seen !== undefined && seen.version === version && seen.lastRow <= row) return []
          const found = inbox.rows.all(row)
          seen = { version, lastRow: (found.at(-1)?.row as number | undefined) ?? row }
          return found.flatMap((one) => toRow(one) ?? [])
        })
      } catch (error) {
        // Opened anew the next time: it may have been mended, or laid aside.
        close()
        seen = undefined
        throw error
      }
    },
    close,
  }
}

/** All rows of a run, in the order in which they came. */
export function readInbox(folder: RunFolder): readonly InboxRow[] {
  const inbox = openInboxReader(folder.inbox)
  try {
    return inbox.after(0)
  } finally {
    inbox.close()
  }
}

/** Undefined for what no `putRow` wrote. */
function toRow(row: Record<string, unknown>): InboxRow | undefined {
  const data = parseData(row.data)
  if (data === undefined) return undefined
  const uid = row.uid as number | null
  return {
    row: row.row as number,
    at: row.at as number,
    by: { name: row.name as string, ...(uid !== null && { uid }) },
    kind: row.kind as InboxRow['kind'],
    target: row.target as string,
    data,
  }
}

function parseData(text: unknown): InboxRow['data'] | undefined {
  try {
    const data = JSON.parse(text as string) as unknown
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as InboxRow['data']) : undefined
  } catch {
    return undefined
  }
}
