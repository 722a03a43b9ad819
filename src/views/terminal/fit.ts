import { graphemes } from '../../util/width.ts'
import { plain } from './harmless.ts'

/** Text whose characters are one column each: it needs no table. */
const NARROW = /^[\x20-\x7e]*$/

/** How many columns a text without escapes takes. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const grapheme of graphemes(text)) width += grapheme.width
  return width
}

/** A text in so many columns at most: its beginning, and a mark where something is missing. */
export function fitStart(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (text.length <= columns && NARROW.test(text)) return text
  let width = 0
  let end = 0
  for (const grapheme of graphemes(text)) {
    width += grapheme.width
    if (width > columns) return `${text.slice(0, end)}…`
    if (width < columns) end = grapheme.index + grapheme.text.length
  }
  return text
}

/** The same with the end kept, which tells paths apart. */
export function fitEnd(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (textWidth(text) <= columns) return text
  let kept = ''
  let width = 1
  for (const grapheme of [...graphemes(text)].toReversed()) {
    width += grapheme.width
    if (width > columns) break
    kept = grapheme.text + kept
  }
  return `…${kept}`
}

/** A text with blanks up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

/** What a program or a person wrote, as letters on one line. */
export function oneLine(text: string): string {
  return plain(text)
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .trim()
}

/** A piece of a line: its text without escapes, and how it is painted once it is known to fit. */
export type Piece = string | readonly [text: string, paint: (text: string) => string]

/** Pieces one after the other, in so many columns at most. */
export function lineOf(pieces: readonly Piece[], columns: number): string {
  let left = columns
  let line = ''
  for (const piece of pieces) {
    const [text, paint] = typeof piece === 'string' ? [piece, String] : piece
    const fitting = fitStart(text, left)
    left -= textWidth(fitting)
    line += paint(fitting)
    if (fitting !== text) break
  }
  return line.trimEnd()
}
