import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'

/**
 * Written space ahead in SQLite's write-ahead log. A sync of a file that grew must also put its new length on the disk;
 * where the blocks are there already it takes half as long. SQLite reads nothing of it: its log ends at the first frame
 * that does not carry its salt, and zeros do not.
 */
export interface WalSpace {
  /** After each commit: now and then a look, and more space where the last has been used up. */
  committed(): void
  close(): void
}

/** A short run never pays for space that it does not use. */
const COMMITS_BETWEEN_LOOKS = 8
const AHEAD_BYTES = 256 * 1024

/** `ledger` is the database whose log it is; its process alone writes there. */
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
    committed() {
      if (isOver || ++commits % COMMITS_BETWEEN_LOOKS !== 0) return
      try {
        fd ??= openSync(`${ledger}-wal`, 'r+')
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
