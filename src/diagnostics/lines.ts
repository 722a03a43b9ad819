import type { SourceFile } from './diagnostic.ts'

/** A place as people and other tools count it: both from 1, columns in UTF-16 units, a byte order mark not counted. */
export interface Position {
  readonly line: number
  readonly column: number
}

const tables = new WeakMap<SourceFile, readonly number[]>()

/** The offsets where the lines of a file begin; made once a file. */
function lineStarts(file: SourceFile): readonly number[] {
  let starts = tables.get(file)
  if (!starts) {
    const found = [file.text.startsWith('\uFEFF') ? 1 : 0]
    for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) found.push(at + 1)
    tables.set(file, found)
    starts = found
  }
  return starts
}

/** The line and column of an offset. */
export function positionOf(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: Math.max(0, offset - starts[low]!) + 1 }
}

/** The text of a line, counted from 1, without its line end. */
export function lineText(file: SourceFile, line: number): string {
  const starts = lineStarts(file)
  const start = starts[line - 1] ?? file.text.length
  const end = (starts[line] ?? file.text.length + 1) - 1
  // looked at, not searched: a line may be the whole file, and be asked for by each of its faults
  return file.text.slice(start, end > start && file.text[end - 1] === '\r' ? end - 1 : end)
}

/** The end of a span as a position; on the line of its last character, also where that is a line end. */
export function endPositionOf(file: SourceFile, span: { readonly start: number; readonly end: number }): Position {
  if (span.end <= span.start) return positionOf(file, span.start)
  const last = positionOf(file, span.end - 1)
  return { line: last.line, column: Math.min(last.column + 1, lineText(file, last.line).length + 1) }
}
