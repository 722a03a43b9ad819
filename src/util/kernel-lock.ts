import { readFileSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { refuseLink } from './no-links.ts'

/**
 * A lock that the kernel holds for a process and frees at its death, whatever the cause: the exclusive lock of an empty
 * SQLite database. Whoever holds one must never open the file in another way (even reading it once frees the lock),
 * which is why the file holds nothing. The first two functions block for a few milliseconds at most.
 */

const BUSY = 5
/** A probe holds its shared lock for a moment; a taker outlasts it. */
const OUTLAST_PROBE_MS = 100

/** Takes the lock and gives the function that frees it, or undefined where another holds it. */
export function takeKernelLock(path: string): (() => void) | undefined {
  refuseLink(path)
  const db = new DatabaseSync(path, { timeout: OUTLAST_PROBE_MS })
  try {
    // No journal file beside it: nothing is ever written.
    db.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return () => {
    if (db.isOpen) db.close()
  }
}

/** Whether some process holds the lock now. A file that is not there is held by nobody, and is not made. */
export function isKernelLockHeld(path: string): boolean {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    db.exec('SELECT 1 FROM sqlite_schema')
    return false
  } catch (error) {
    if (isBusy(error)) return true
    if (db === undefined || (error as { errcode?: number }).errcode === CANT_OPEN) return false
    throw error
  } finally {
    db?.close()
  }
}

/**
 * The process that holds the lock, where the kernel lists it (Linux, the same pid namespace). Never opens the file.
 */
export function kernelLockHolder(path: string): number | undefined {
  try {
    const { ino } = statSync(path)
    // `1: POSIX  ADVISORY  WRITE PID MAJOR:MINOR:INODE START END`
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      const [, , , mode, pid, file] = line.trim().split(/\s+/)
      if (mode === 'WRITE' && file?.split(':').at(-1) === String(ino) && Number(pid) > 1) return Number(pid)
    }
  } catch {
    // No such file, or a system that does not tell.
  }
  return undefined
}

const CANT_OPEN = 14

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY
}
