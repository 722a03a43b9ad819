import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { makeFolders } from '../util/make-folder.ts'
import { APPEND, openFile, refuseLink } from '../util/no-links.ts'
import { createRedactor } from './redact.ts'

/** The log of one attempt: one file that both output streams go to. */
export interface Log {
  /** To be handed to a child. */
  readonly fd: number
  size(): number
  write(bytes: Uint8Array): void
  /** A line of our own. */
  note(text: string): void
  /** Copies a stream into the log, redacted; `seen` gets what was redacted. */
  take(stream: Readable, seen?: (bytes: Buffer) => void): void
  /** Cuts what is beyond the limit. */
  cut(limitBytes: number): void
  /** Nothing more comes: cuts it as well, and says so where anything was cut off. */
  finish(limitBytes: number): void
  close(): void
}

const folders = new Set<string>()

/** Opens a log for appending, with its folder; `forms` are the secrets that must not reach it. */
export function openLog(file: string, forms: readonly string[]): Log {
  const folder = dirname(file)
  if (!folders.has(folder)) {
    refuseLink(folder)
    makeFolders(folder)
    folders.add(folder)
  }
  // A launch that keeps no log names the one device that may stand there.
  const fd = file === devNull ? openSync(file, APPEND) : openFile(file, APPEND, 0o600)
  const pending = new Set<() => void>()
  let full = false
  let isCut = false
  const cut = (limitBytes: number): void => {
    if (fstatSync(fd).size <= limitBytes) return
    ftruncateSync(fd, limitBytes)
    isCut = true
  }
  const write = (bytes: Uint8Array): void => {
    if (full) return
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    } catch {
      // No space: the step goes on without a log rather than blocked on a pipe that nobody reads.
      full = true
    }
  }
  const note = (text: string): void => write(Buffer.from(`opsflow: ${text}\n`))
  return {
    fd,
    size: () => fstatSync(fd).size,
    write,
    note,
    take(stream, seen) {
      const redactor = createRedactor(forms)
      const give = (bytes: Buffer): void => {
        if (bytes.length === 0) return
        write(bytes)
        seen?.(bytes)
      }
      const flush = (): void => {
        if (pending.delete(flush)) give(redactor.flush())
      }
      pending.add(flush)
      stream.on('data', (chunk: Buffer) => give(redactor.push(chunk)))
      stream.on('close', flush)
      stream.on('error', flush)
    },
    cut,
    finish(limitBytes) {
      for (const flush of pending) flush()
      cut(limitBytes)
      if (isCut) note('the log reached its limit, the rest was cut off')
    },
    close: () => closeSync(fd),
  }
}
