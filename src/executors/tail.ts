import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

/** How much of the end of an output the `failures` of a step are matched against. */
const MATCHED_BYTES = 64 * 1024
const SHOWN_BYTES = 2 * 1024

/** The end of a log as plain text; empty where there is none. */
export function readTail(file: string, maxBytes: number = MATCHED_BYTES): string {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return ''
  }
  try {
    const size = fstatSync(fd).size
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    const count = readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    return plainText(bytes.subarray(0, count).toString('utf8'))
  } finally {
    closeSync(fd)
  }
}

/** The last whole lines of a text, at most 2 KiB, for the person who reads the red line. */
export function shownTail(text: string): string | undefined {
  const trimmed = text.trimEnd()
  if (trimmed === '') return undefined
  const bytes = Buffer.from(trimmed, 'utf8')
  if (bytes.length <= SHOWN_BYTES) return trimmed
  const end = bytes.subarray(bytes.length - SHOWN_BYTES).toString('utf8')
  const newline = end.indexOf('\n')
  return newline >= 0 && newline < end.length - 1 ? end.slice(newline + 1) : end.replace(/^\ufffd+/, '')
}

/** Without colours, cursor moves and other control characters; a line that was drawn over keeps its last form. */
function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n/g, '\n')
    .replace(/[^\n]*\r(?=[^\n])/g, '')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '')
}
