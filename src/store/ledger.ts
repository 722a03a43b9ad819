import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Actor, RunEvent } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import { type Ledger, StoreError } from '../ports/store.ts'
import type { ProcessMark } from '../util/machine.ts'
import { makeFolder, makeFolders } from '../util/make-folder.ts'
import { chainNext } from './chain.ts'
import { asStoreError, guarded, inTransaction, openReadable, openWritable, versionOf } from './database.ts'
import { currentPlan, lastLink, readAll, startOf, storedPlan } from './events.ts'
import type { RunFolder } from './folders.ts'
import { openInboxReader } from './inbox.ts'
import { LEDGER } from './schema.ts'
import { createWalSpace } from './wal-space.ts'

/**
 * The record of one run: an append-only list of events in one SQLite file, with the plan they follow and who owns it.
 * Its owner is its only writer.
 *
 * 1. `append` is one transaction and one full sync: all events or none, on the disk when it returns.
 * 2. Each append checks the owner's epoch, so an owner that was replaced writes nothing.
 * 3. Every event carries a checksum over its predecessor's, the first over the plan: damage is found by number.
 * 4. A full disk throws a `StoreError` `full` and leaves the ledger as it was; the same append may be tried again.
 */

/** Who opens a ledger to write; kept for display and reaping (ownership itself is the kernel lock of `owner.ts`). */
export interface Opener {
  readonly mark: ProcessMark
  readonly by: Actor
  readonly atMs: number
  /** A seam for tests: sees the connection, to count what it writes or to make its disk full. */
  readonly inspect?: (db: DatabaseSync) => void
}

/** Makes the folder and ledger of a new run; false where it already has one with the same plan. */
export function createLedger(folder: RunFolder, plan: Plan): boolean {
  if (existsSync(folder.ledger) && hasPlan(folder, plan)) return false
  const isNew = !existsSync(folder.path)
  try {
    return guarded(folder.ledger, () => writePlan(folder, plan))
  } catch (error) {
    // A run that could not be made leaves nothing behind that looks like one.
    if (isNew) rmSync(folder.path, { recursive: true, force: true })
    throw error
  }
}

function writePlan(folder: RunFolder, plan: Plan): boolean {
  makeFolders(dirname(folder.path))
  // One by one: what Node says of a recursion on a read-only file system is that something is not there.
  for (const path of [folder.path, folder.logs, folder.artefacts]) if (!existsSync(path)) makeFolder(path)
  // Written without syncs, then synced once as a whole: nobody knows of the run before this returns.
  const db = openWritable(folder.ledger, LEDGER, 'none')
  try {
    inTransaction(db, () => {
      if (db.prepare('SELECT 1 FROM plan').get() !== undefined) return
      db.prepare('INSERT INTO plan VALUES(?, ?, ?)').run(plan.hash, folder.run, JSON.stringify(plan))
    })
  } finally {
    db.close()
  }
  for (const path of [folder.ledger, folder.path, dirname(folder.path)]) sync(path)
  return true
}

function hasPlan(folder: RunFolder, plan: Plan): boolean {
  return guarded(folder.ledger, () => {
    const db = openReadable(folder.ledger, LEDGER)
    try {
      if (versionOf(db) === 0) return false
      const row = db.prepare('SELECT hash FROM plan').get() as { hash: string } | undefined
      if (row !== undefined && row.hash !== plan.hash) {
        throw new StoreError('other-plan', `run \`${folder.run}\` exists with another plan`)
      }
      return row !== undefined
    } finally {
      db.close()
    }
  })
}

/** Opens a ledger to write, under a new epoch. The caller holds the run's owner lock. Throws where an event is damaged. */
export function openLedger(folder: RunFolder, opener: Opener): Ledger {
  if (!existsSync(folder.ledger)) throw neverBegan(folder.run)
  return guarded(folder.ledger, () => {
    const db = openWritable(folder.ledger, LEDGER, 'full')
    try {
      return ledgerOver(db, folder, opener)
    } catch (error) {
      db.close()
      throw error
    }
  })
}

function ledgerOver(db: DatabaseSync, folder: RunFolder, opener: Opener): Ledger {
  // nothing below may hold on to the text of the plan: this function's values live as long as the ledger
  const stored = storedPlan(db, folder.run)
  const plan = currentPlan(db, stored)
  const start = startOf(folder.run, stored)
  const { mark, by, atMs } = opener
  opener.inspect?.(db)
  const epoch = inTransaction(db, () => {
    db.prepare('UPDATE owner SET epoch = epoch + 1, pid = ?, boot = ?, start = ?, name = ?, at = ?').run(
      mark.pid,
      mark.boot,
      mark.start,
      by.name,
      atMs,
    )
    return (db.prepare('SELECT epoch FROM owner').get() as { epoch: number }).epoch
  })
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const ownerNow = db.prepare('SELECT epoch FROM owner')
  const insert = db.prepare('INSERT INTO events(seq, at, body, sum) VALUES(?, ?, ?, ?)')
  const answered = db.prepare('UPDATE owner SET inbox_row = ?')
  let inboxRow = (db.prepare('SELECT inbox_row FROM owner').get() as { inbox_row: number }).inbox_row
  let last = lastLink(db) ?? start
  const inbox = openInboxReader(folder.inbox)
  const space = createWalSpace(folder.ledger)

  const append: Ledger['append'] = (events, at, row = inboxRow) => {
    if (events.length === 0 && row === inboxRow) return []
    // SQLite would go on writing to a file that has no name any more.
    if (!existsSync(folder.ledger))
      throw new StoreError('damaged', `the record of run \`${folder.run}\` is gone: \`${folder.ledger}\` was removed`)
    const written: RunEvent[] = []
    let { seq, sum } = last
    try {
      begin.run()
      if ((ownerNow.get() as { epoch: number }).epoch !== epoch) throw ownerLost(folder.run)
      for (const event of events) {
        const body = JSON.stringify(event)
        seq++
        sum = chainNext(sum, seq, at, body)
        insert.run(seq, at, body, sum)
        written.push({ seq, at, ...event })
      }
      if (row !== inboxRow) answered.run(row)
      space.committing()
      commit.run()
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw asStoreError(error, folder.ledger)
    }
    last = { seq, sum }
    inboxRow = row
    return written
  }

  return {
    run: folder.run,
    epoch,
    plan,
    owner: { ...mark, epoch },
    get inboxRow() {
      return inboxRow
    },
    append,
    read(fromSeq = 1) {
      const { events, damaged } = guarded(folder.ledger, () => readAll(db, folder.run, fromSeq, start))
      if (damaged) throw new StoreError('damaged', damaged.message)
      return events
    },
    inbox: inbox.after,
    close() {
      inbox.close()
      space.close()
      if (db.isOpen) db.close()
    },
  }
}

/** A run whose folder is there and whose plan is not: its maker died in the middle. */
function neverBegan(run: string): StoreError {
  return new StoreError('never-began', `run \`${run}\` was never begun`, 'delete it, or start it again')
}

function ownerLost(run: string): StoreError {
  return new StoreError('owner-lost', `run \`${run}\` has a newer owner: this one may write nothing more`)
}

/** A file, or the names in a folder: a new entry is durable only when its parent is synced. Not for files that are open. */
function sync(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
