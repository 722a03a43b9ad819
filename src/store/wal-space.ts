import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { UPDATE } from '../util/no-links.ts'

/**
 * Written space ahead in SQLite's write-ahead log. A sync of a file that grew must also put its new length on the disk;
 * where the blocks are there already it takes half as long. SQLite reads nothing of it: its log ends at the first frame
 * that does not carry its salt, and zeros do not.
 */
export interface WalSpace {
  /**
   * Before each commit, inside its transaction: nobody else may then write to the log. Now and then a look, and more
   * space where the last has been used up.
   */
  committing(): void
  close(): void
}

/** A short run never pays for space that it does not use. */
const COMMITS_BETWEEN_LOOKS = 8
const AHEAD_BYTES = 256 * 1024

/** `ledger` is the database whose log it is. */
export function createWalSpace(ledger: string): WalSpace {
  let fd: number | undefined
  let commits = 0
  let end = 0
  let isOver = false
  const close = (): void => {
    isOver = true
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  return {
    committing() {
      if (isOver || ++commits % COMMITS_BETWEEN_LOOKS !== 0) return
      try {
        fd ??= openSync(`${ledger}-wal`, UPDATE)
        const { size } = fstatSync(fd)
        if (size <= end) return
        end = size + writeSync(fd, Buffer.alloc(AHEAD_BYTES), 0, AHEAD_BYTES, size)
      } catch {
        // A full disk, or a log that is gone: what is written without space ahead is as safe, only later.
        close()
      }
    },
    close,
  }
}
