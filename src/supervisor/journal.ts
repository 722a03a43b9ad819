import { closeSync, ftruncateSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { bootId, startTicks } from '../util/machine.ts'
import { APPEND, openFile, READ } from '../util/no-links.ts'
import { folderId } from './mark.ts'

/** A process group that the supervisor started and has not seen the end of. */
export interface Child {
  readonly pid: number
  readonly token: string
  readonly boot: string
  /** The folder of the run that started it. */
  readonly folder: string
  /** Ticks since boot; undefined where the system does not tell. */
  readonly start: number | undefined
  /** Epoch milliseconds. */
  readonly at: number
}

/** Where the supervisor notes what it starts, for whoever comes after both it and the runner died. */
export const journalFile = (runDir: string): string => join(runDir, 'children.jsonl')

export interface Journal {
  started(pid: number, token: string): void
  ended(pid: number): void
  close(): void
}

/** Opens the journal of a run. One write a start and one an end, none of them synced: it matters only while this boot lasts. */
export function openJournal(runDir: string): Journal {
  const fd = openFile(journalFile(runDir), APPEND, 0o600)
  const boot = bootId()
  const folder = folderId(runDir)
  let alive = 0
  /** A line was cut off by a full disk: the next one must not become a part of it. */
  let torn = false
  const write = (entry: object): void => {
    const line = Buffer.from(`${torn ? '\n' : ''}${JSON.stringify(entry)}\n`)
    try {
      torn = writeSync(fd, line) < line.length
    } catch {
      // A full disk must not stop the work; processes are then found by their environment.
    }
  }
  return {
    started(pid, token) {
      alive++
      write({ pid, token, boot, folder, start: startTicks(pid), at: Date.now() })
    },
    ended(pid) {
      alive--
      if (alive === 0) ftruncateSync(fd)
      else write({ pid, ended: true })
    },
    close: () => closeSync(fd),
  }
}

/**
 * The groups that were started and not seen to end. A torn last line is left out, and so is all of a journal that cannot be
 * read: `journalFault` says so.
 */
export function readJournal(runDir: string): readonly Child[] {
  const children = new Map<number, Child>()
  for (const line of readText(runDir).text.split('\n')) {
    const entry = parse(line)
    if (entry === undefined) continue
    if (entry.ended === true) children.delete(entry.pid)
    else children.set(entry.pid, entry)
  }
  return [...children.values()]
}

/** Why the journal of a run tells nothing; undefined where it can be read, or nothing was ever started. */
export function journalFault(runDir: string): string | undefined {
  const { code } = readText(runDir)
  return code === undefined
    ? undefined
    : `\`${journalFile(runDir)}\` cannot be read (${code}): what the run started is found by its environment alone`
}

/** Somebody may have put a link or a pipe in its place: neither is followed or waited for. */
function readText(runDir: string): { readonly text: string; readonly code?: string | undefined } {
  let fd: number | undefined
  try {
    fd = openFile(journalFile(runDir), READ)
    return { text: readFileSync(fd, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { text: '', code: code === 'ENOENT' ? undefined : code }
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function parse(line: string): (Child & { readonly ended?: boolean }) | undefined {
  try {
    const entry = JSON.parse(line) as Child & { readonly ended?: boolean }
    return Number.isSafeInteger(entry.pid) && entry.pid > 1 ? entry : undefined
  } catch {
    return undefined
  }
}
