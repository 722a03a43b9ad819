import { stripVTControlCharacters } from 'node:util'
import { graphemes } from '../../src/util/width.ts'

/**
 * A terminal in memory: what a person sees after these writes. Knows what the view uses, and refuses the rest, so that a
 * sequence which nobody thought of fails a test. Narrowing wraps what is there, as terminals do.
 */
export interface VirtualTerminal {
  columns: number
  rows: number
  write(text: string): void
  /** All lines that were ever on it, those that scrolled away first; blanks at the ends left out. */
  text(): string
  /** Writes so far. */
  readonly writes: readonly string[]
  resize(columns: number, rows: number): void
}

export function virtualTerminal(columns: number, rows: number): VirtualTerminal {
  // Each a row of cells; a wide character takes a cell and an empty one. `goesOn`: the row wrapped.
  let lines: { cells: string[]; goesOn: boolean }[] = [{ cells: [], goesOn: false }]
  let row = 0
  let column = 0
  const writes: string[] = []
  const down = (goesOn: boolean): void => {
    lines[row]!.goesOn = goesOn
    row++
    lines[row] ??= { cells: [], goesOn: false }
  }
  const put = (text: string, width: number): void => {
    if (column + width > it.columns) {
      down(true)
      column = 0
    }
    const { cells } = lines[row]!
    while (cells.length < column) cells.push(' ')
    cells[column] = text
    if (width === 2) cells[column + 1] = ''
    column += width
  }
  const sequence = (name: string, count: number): void => {
    if (name === 'A') row = Math.max(row - count, lines.length - it.rows, 0)
    else if (name === 'K') lines[row]!.cells.length = Math.min(lines[row]!.cells.length, column)
    else if (name === 'J') {
      sequence('K', 0)
      lines[row]!.goesOn = false
      lines.length = row + 1
    } else if (name !== 'm') throw new Error(`the terminal knows no \`${name}\``)
  }
  const it: VirtualTerminal = {
    columns,
    rows,
    writes,
    write(text) {
      writes.push(text)
      for (const part of text.split(/(\x1b\[[?\d;]*[A-Za-z]|[\r\n])/)) {
        const [, digits, name] = /^\x1b\[([?\d;]*)([A-Za-z])$/.exec(part) ?? []
        if (digits === '?2026') continue
        if (name !== undefined) sequence(name, Number(digits || 1))
        else if (part === '\r') column = 0
        else if (part === '\n') {
          down(false)
          column = 0
        } else {
          if (/[\0-\x1f\x7f-\x9f]/.test(part)) throw new Error(`${JSON.stringify(part)} is no text`)
          for (const { text: character, width } of graphemes(part)) put(character, width)
        }
      }
    },
    text: () =>
      stripVTControlCharacters(lines.map(({ cells }) => cells.join('').trimEnd()).join('\n')).replace(/\n+$/, ''),
    resize(toColumns, toRows) {
      const whole: string[][] = []
      for (const [i, { cells }] of lines.entries()) {
        if (i > 0 && lines[i - 1]!.goesOn) whole.at(-1)!.push(...cells)
        else whole.push([...cells])
      }
      lines = whole.flatMap((cells) => {
        const parts: { cells: string[]; goesOn: boolean }[] = []
        for (let at = 0; at === 0 || at < cells.length; at += toColumns)
          parts.push({ cells: cells.slice(at, at + toColumns), goesOn: at + toColumns < cells.length })
        return parts
      })
      // Where the view writes nothing the cursor stands at the end.
      row = lines.length - 1
      it.columns = toColumns
      it.rows = toRows
    },
  }
  return it
}
