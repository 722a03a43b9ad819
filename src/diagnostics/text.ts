/**
 * Diagnostics as people read them in a terminal: one line that editors and CI can click, then the line of source with the place
 * underlined, the related places, and what to do. The only place, beside the other renderers, that knows lines and columns.
 */
import { styleText } from 'node:util'
import { graphemes } from '../util/width.ts'
import type { Severity } from './codes.ts'
import type { Diagnostic, Location, SourceFile, Span } from './diagnostic.ts'
import { lineText, positionOf } from './lines.ts'
import { printable } from './printable.ts'

/** How to draw. */
export interface TextOptions {
  readonly color: boolean
  /** Source lines wider than this are clipped around the place. */
  readonly width?: number
}

const TAB = 4
const SEVERITY_STYLE = { error: 'red', warning: 'yellow', info: 'blue' } as const satisfies Record<Severity, string>

/** Renders one diagnostic with its frame, without a line end behind the last line. */
export function renderText(diagnostic: Diagnostic, options: TextOptions): string {
  const { at, code, hint, message, related = [], severity } = diagnostic
  const paint = painter(options.color)
  const style = SEVERITY_STYLE[severity]
  const gutter = Math.max(...[at, ...related.map((place) => place.at)].map((place) => lineNumber(place).length))
  const lines = [
    `${paint('bold', label(at))} ${paint(style, `${severity}:`)} ${paint('bold', printable(message))} ${paint('dim', `[${code}]`)}`,
  ]
  lines.push(...frame({ at, gutter, mark: '^', style, options }))
  for (const place of related) {
    lines.push(`${' '.repeat(gutter)} ${paint('cyan', 'note:')} ${label(place.at)} ${printable(place.message)}`)
    lines.push(...frame({ at: place.at, gutter, mark: '-', style: 'cyan', options }))
  }
  if (hint !== undefined) lines.push(`${' '.repeat(gutter)} ${paint('cyan', 'hint:')} ${printable(hint)}`)
  return lines.join('\n')
}

/** `path:line:column:`, or the path alone for a file that has no text. */
function label({ file, span }: Location): string {
  if (!hasText(file)) return `${printable(file.path)}:`
  const { line, column } = positionOf(file, span.start)
  return `${printable(file.path)}:${line}:${column}:`
}

function hasText(file: SourceFile): boolean {
  return file.text !== ''
}

function lineNumber({ file, span }: Location): string {
  return hasText(file) ? String(positionOf(file, span.start).line) : ''
}

interface FrameOptions {
  readonly at: Location
  readonly gutter: number
  readonly mark: '^' | '-'
  readonly style: Style
  readonly options: TextOptions
}

/** The line of source, and below it the marks. A place of several lines is marked to the end of its first. */
function frame({ at, gutter, mark, style, options }: FrameOptions): string[] {
  if (!hasText(at.file)) return []
  const paint = painter(options.color)
  const { line, column } = positionOf(at.file, at.span.start)
  const text = lineText(at.file, line)
  const last = positionOf(at.file, Math.max(at.span.start, at.span.end - 1)).line
  const end = last > line ? text.length : column - 1 + (at.span.end - at.span.start)
  const drawn = draw(text, { start: column - 1, end: Math.min(end, text.length) }, (options.width ?? 140) - gutter - 3)
  const bar = paint('dim', '|')
  const more = last > line ? ` to line ${last}` : ''
  return [
    `${' '.repeat(gutter)} ${bar}`,
    `${paint('dim', String(line).padStart(gutter))} ${bar} ${drawn.text}`.trimEnd(),
    `${' '.repeat(gutter)} ${bar} ${' '.repeat(drawn.before)}${paint(style, mark.repeat(drawn.marks) + more)}`,
  ]
}

/** So many characters either side of a place hold more columns than are shown, also where each column takes several. */
const REACH = 1000

/** A line as it is shown: tabs expanded, invisible characters replaced, clipped around the span; and where its marks go. */
function draw(whole: string, place: Span, width: number): { text: string; before: number; marks: number } {
  // a line may be the whole file: what lies far from the place is not even looked at
  const cut = Math.max(0, place.start - REACH)
  const line = whole.slice(cut, place.start + REACH)
  const span = { start: place.start - cut, end: Math.min(place.end - cut, line.length) }
  const cells: { text: string; column: number; width: number; index: number }[] = []
  let column = 0
  for (const { text, index, width: own } of graphemes(line)) {
    const shown = text === '\t' ? ' '.repeat(TAB - (column % TAB)) : printable(text)
    const cellWidth = text === '\t' ? shown.length : shown === text ? own : 1
    cells.push({ text: shown, column, width: cellWidth, index })
    column += cellWidth
  }
  const columnAt = (index: number): number =>
    cells.findLast((cell) => cell.index <= index && index < line.length)?.column ?? column
  const start = span.start >= line.length ? column : columnAt(span.start)
  const end = span.end >= line.length ? column : columnAt(span.end)
  const marks = Math.max(1, end - start)
  if (column <= width) return { text: cells.map((cell) => cell.text).join(''), before: start, marks }

  const from = Math.max(0, Math.min(start - Math.floor(width / 3), column - width + 2))
  const to = from + width - 2
  const inside = cells.filter((cell) => cell.column >= from && cell.column + cell.width <= to)
  const lead = from > 0 || cut > 0 ? '…' : ''
  const first = inside[0]?.column ?? from
  const text = `${lead}${inside.map((cell) => cell.text).join('')}${to < column || cut + line.length < whole.length ? '…' : ''}`
  const before = start - first + lead.length
  return { text, before, marks: Math.max(1, Math.min(marks, to - start)) }
}

type Style = 'red' | 'yellow' | 'blue' | 'cyan' | 'bold' | 'dim'

function painter(color: boolean): (style: Style, text: string) => string {
  // The flag has decided: styleText must not look at the process's own streams again.
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
}
