import type { Span } from '../diagnostics/diagnostic.ts'

/** A line of the text: where it begins, where its line end stands, and what it says. */
export interface Line {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The line around a place. */
export function lineAround(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const next = text.indexOf('\n', offset)
  const end = next < 0 ? text.length : next
  return { start, end, text: text.slice(start, end).replace(/\r$/, '') }
}

/** Where a line ends but for its comment and the blanks before it. */
export function saidUntil(line: Line): number {
  return line.start + line.text.replace(/\s#.*$/, '').trimEnd().length
}

/** A range as the parser gives it, kept inside of the text. */
export function clamp(text: string, [start, end]: readonly [number, number]): Span {
  const from = Math.max(0, Math.min(start, text.length))
  return { start: from, end: Math.max(from, Math.min(end, text.length)) }
}

/** The word at a place, or the place itself where there is none. */
export function wordAt(text: string, span: Span): Span {
  const blanks = /^[ \t]*/.exec(text.slice(span.start, span.start + 200))![0].length
  const start = span.start + blanks
  const word = /^[^\s,\]}]*/.exec(text.slice(start, start + 200))![0]
  return word === '' ? span : { start, end: start + word.length }
}

/** Where the indentation first goes down more levels than so many; the end of the text where it never does. */
export function deepLine(text: string, levels: number): number {
  const open: number[] = []
  for (const { 0: line, index } of text.matchAll(/^ *(?=[^\s])/gm)) {
    while (open.length > 0 && open.at(-1)! >= line.length) open.pop()
    open.push(line.length)
    if (open.length > levels) return index + line.length
  }
  return text.length
}
