import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { READ } from '../util/no-links.ts'

/** How much of the end of an output the `failures` of a step are matched against. */
const MATCHED_BYTES = 64 * 1024
const SHOWN_BYTES = 2 * 1024

/** The end of a log as plain text; empty where there is none. */
export function readTail(file: string, maxBytes: number = MATCHED_BYTES): string {
  let fd: number
  try {
    // The step may have put anything in its place.
    fd = openSync(file, READ)
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(fd)
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

/** Colours, cursor moves, titles. Node's own pattern for them takes seconds over some texts of this size. */
const ESCAPES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]/g

/**
 * Without colours, cursor moves and other control characters; a line that was drawn over keeps its last form. The step
 * chose the text: all of this takes time in proportion to its length.
 */
function plainText(text: string): string {
  return text
    .replace(ESCAPES, '')
    .split('\n')
    .map(lastForm)
    .join('\n')
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '')
}

function lastForm(line: string): string {
  let end = line.length
  while (line[end - 1] === '\r') end--
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end)
}
