import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { platform, userInfo } from 'node:os'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { StoreError } from '../ports/store.ts'
import { refuseNoFile, refuseUnsafeFile } from './trust.ts'

/**
 * The one way in which the store opens its SQLite files, begins transactions and names what went wrong. Files carry a
 * version (`user_version`): a newer one is refused, an older one is copied aside and migrated in one transaction.
 */

/** How long a writer waits for another; each holds the file for one commit only. */
const BUSY_MS = 5000
const PRIMARY = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notDatabase: 26,
} as const
/** Below this much free space a failed write is a full disk, whatever the code says. */
const FULL_BELOW_BYTES = 256 * 1024

/** A step from version `n` to `n + 1` is the element `n - 1`. */
export interface Schema {
  readonly version: number
  readonly create: string
  readonly migrations: readonly string[]
}

/**
 * `full`: each commit is on the disk when it returns. `normal`: the last ones may be lost with the power, never torn.
 * `none`: nothing is synced; whoever makes a file so syncs it as a whole.
 */
export type Durability = 'full' | 'normal' | 'none'

const SYNCHRONOUS = { full: 'FULL', normal: 'NORMAL', none: 'OFF' } as const

/** Opens for writing; makes the file where there is none. */
export function openWritable(path: string, schema: Schema, durability: Durability, timeout = BUSY_MS): DatabaseSync {
  return guarded(path, () => {
    refuseUnsafeFile(path)
    const db = new DatabaseSync(path, { timeout })
    try {
      const isNew = statSync(path).size === 0
      if (isNew) shareAsFolder(path)
      // Empty tables are not worth a sync: whatever is put into them is synced together with them.
      setDurability(db, isNew && durability === 'normal' ? 'none' : durability)
      db.exec('PRAGMA journal_mode=WAL')
      bringToVersion(db, path, schema)
      if (isNew) setDurability(db, durability)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
}

const GROUP_READ_WRITE = 0o060
const GROUP_WRITE = 0o020

/**
 * A new file in a folder that a group may write in: the same for the group of the file, where it is the folder's. SQLite
 * makes every database 0644, whatever the umask, and what it makes beside one gets the mode of that one.
 */
function shareAsFolder(path: string): void {
  const file = statSync(path)
  const folder = statSync(dirname(path))
  if ((folder.mode & GROUP_WRITE) === 0 || folder.gid !== file.gid) return
  try {
    chmodSync(path, (file.mode & 0o777) | (folder.mode & GROUP_READ_WRITE))
  } catch (error) {
    // Another user made it a moment ago and does this for us.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
  }
}

function setDurability(db: DatabaseSync, durability: Durability): void {
  db.exec(`PRAGMA synchronous=${SYNCHRONOUS[durability]}`)
  // A plain fsync on macOS leaves the data in the drive's cache.
  if (durability === 'full' && platform() === 'darwin') db.exec('PRAGMA fullfsync=1; PRAGMA checkpoint_fullfsync=1')
}

/** Opens for reading alone; a live writer is not disturbed. Works where nothing can be written (a mounted archive) too. */
export function openReadable(path: string, schema: Schema): DatabaseSync {
  if (!existsSync(path)) throw new StoreError('damaged', `\`${path}\` is not there`)
  return guarded(path, () => {
    refuseNoFile(path)
    let db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS })
    try {
      versionOf(db)
    } catch (error) {
      db.close()
      if (primaryCode(error) !== PRIMARY.cantOpen && primaryCode(error) !== PRIMARY.readOnly) throw error
      refuseHalf(path)
      const url = pathToFileURL(path)
      url.search = 'immutable=1'
      db = new DatabaseSync(url, { readOnly: true })
    }
    try {
      refuseNewer(versionOf(db), path, schema)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
}

/** Without write access the log beside the file is not read: nothing is told rather than half of it. */
function refuseHalf(path: string): void {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  throw new StoreError(
    'denied',
    `\`${path}\` cannot be read whole: its newest part can only be read by who may write in its folder`,
    'read it as the user who ran it, or after the run has ended',
  )
}

export function versionOf(db: DatabaseSync): number {
  return db.prepare('PRAGMA user_version').get()?.user_version as number
}

function bringToVersion(db: DatabaseSync, path: string, schema: Schema): void {
  const found = versionOf(db)
  if (found === schema.version) return
  refuseNewer(found, path, schema)
  if (found > 0) backUp(db, path, found)
  inTransaction(db, () => {
    // Asked again under the lock: another process may have been faster.
    const version = versionOf(db)
    if (version === schema.version) return
    const steps = version === 0 ? [schema.create] : schema.migrations.slice(version - 1, schema.version - 1)
    for (const step of steps) db.exec(step)
    db.exec(`PRAGMA user_version=${schema.version}`)
  })
}

function backUp(db: DatabaseSync, path: string, version: number): void {
  const backup = `${path}.v${version}.bak`
  if (existsSync(backup)) return
  rmSync(`${backup}.part`, { force: true })
  db.prepare('VACUUM INTO ?').run(`${backup}.part`)
  renameSync(`${backup}.part`, backup)
}

function refuseNewer(found: number, path: string, schema: Schema): void {
  if (found <= schema.version) return
  throw new StoreError(
    'newer',
    `\`${path}\` has format ${found}, this opsflow knows formats up to ${schema.version}`,
    'open it with the opsflow that wrote it, or a newer one',
  )
}

/** Runs `work` in one write transaction: all or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/**
 * Tries `work` until the file is free: in steps of a few random milliseconds, since SQLite's own waiting comes back too
 * seldom to meet a gap between the commits of a busy owner.
 */
export function untilFree<T>(patienceMs: number, work: () => T): T {
  const until = performance.now() + patienceMs
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof StoreError) || error.reason !== 'busy' || performance.now() >= until) throw error
      Atomics.wait(cell, 0, 0, 1 + Math.random() * 4)
    }
  }
}

/** Runs `work` and says what SQLite's error means for the store. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreError(error, path)
  }
}

export function asStoreError(error: unknown, path: string): unknown {
  const system = (error as NodeJS.ErrnoException).code
  const code = system === 'ENOSPC' || system === 'EDQUOT' ? PRIMARY.full : primaryCode(error)
  if (code === undefined || error instanceof StoreError) return error
  if (code === PRIMARY.full || ((code === PRIMARY.io || code === PRIMARY.cantOpen) && isFull(path))) {
    return new StoreError('full', `no space left to write \`${path}\``, 'free some space; the run goes on by itself')
  }
  if (code === PRIMARY.busy || code === PRIMARY.locked) {
    return new StoreError('busy', `\`${path}\` is held by another process for too long`)
  }
  if (code === PRIMARY.corrupt || code === PRIMARY.notDatabase) {
    return new StoreError('damaged', `\`${path}\` is damaged: ${(error as Error).message}`)
  }
  if (code === PRIMARY.cantOpen && hasTooManyFiles(path)) {
    return new StoreError(
      'denied',
      `\`${path}\` cannot be opened: too many files are open`,
      'raise the limit with `ulimit -n`',
    )
  }
  if (code === PRIMARY.cantOpen || code === PRIMARY.readOnly) {
    return denied(path)
  }
  return error
}

/** What SQLite has open of one database. */
const FILES_OF_ONE = 4

/** SQLite only says that it cannot open a file; whether one more may be opened is known by trying. */
function hasTooManyFiles(path: string): boolean {
  const opened: number[] = []
  try {
    for (let i = 0; i < FILES_OF_ONE; i++) opened.push(openSync(dirname(path), 'r'))
    return false
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EMFILE' || code === 'ENFILE'
  } finally {
    for (const fd of opened) closeSync(fd)
  }
}

/** Names who can help: the owner of the file, or of the folder where the file is not there. */
function denied(path: string): StoreError {
  const message = `\`${path}\` cannot be opened to write`
  const there = [path, dirname(path)].find((one) => existsSync(one))
  const uid = there === undefined ? undefined : statSync(there, { throwIfNoEntry: false })?.uid
  if (there === undefined || uid === undefined || uid === userInfo().uid)
    return new StoreError(
      'denied',
      `${message}: it is yours, and either read-only or on a read-only file system`,
      'make it writable with `chmod u+w`, or set `OPSFLOW_STATE` to another folder',
    )
  const owner = userName(uid)
  const what = there === path ? 'it' : 'its folder'
  return new StoreError(
    'denied',
    `${message}: ${what} belongs to ${owner}`,
    `ask ${owner} to do it, or to share the folder with your group: \`chmod -R g+rwX ${dirname(path)}\``,
  )
}

/** The name of a user where the machine lists it. */
function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((entry) => entry.split(':'))
      .find((fields) => fields[2] === String(uid))
    if (line?.[0]) return `\`${line[0]}\``
  } catch {
    // Not every machine has the list.
  }
  return `user ${uid}`
}

function primaryCode(error: unknown): number | undefined {
  const { code, errcode } = error as { code?: string; errcode?: number }
  return code === 'ERR_SQLITE_ERROR' && errcode !== undefined ? errcode % 256 : undefined
}

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < FULL_BELOW_BYTES
  } catch {
    return false
  }
}
