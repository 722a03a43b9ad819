/**
 * The moving part of a terminal: some lines at its end that are drawn anew, below what stays. Takes lines that fit; gives
 * one write for each change.
 *
 * 1. The cursor stays visible, below the last line, at its first column: whatever ends this process leaves nothing behind.
 * 2. No line reaches the last column, so none wraps, until the window gets narrower: terminals then wrap what is there,
 *    and what is erased is counted by what it has become.
 */
import { stripVTControlCharacters } from 'node:util'
import { textWidth } from './fit.ts'

export interface ScreenOutput {
  write(text: string): unknown
  readonly columns?: number
  readonly rows?: number
}

export interface Screen {
  /** Writes `above` for good, and `moving` below it, in place of what moved before. */
  draw(above: string, moving: readonly string[]): void
}

/** Where a terminal does not tell its size. */
const USUAL = { columns: 80, rows: 24 }
/** Terminals that know these show all of a write at once; the others pass them over. */
const TOGETHER = ['\x1b[?2026h', '\x1b[?2026l'] as const

export function sizeOf(out: ScreenOutput): { readonly columns: number; readonly rows: number } {
  return { columns: out.columns || USUAL.columns, rows: out.rows || USUAL.rows }
}

export function createScreen(out: ScreenOutput): Screen {
  let shown: readonly string[] = []
  return {
    draw(above, moving) {
      if (above === '' && moving.length === shown.length && moving.every((line, i) => line === shown[i])) return
      const { columns, rows } = sizeOf(out)
      const up = Math.min(rowsOf(shown, columns), rows - 1)
      const toTop = `${up > 0 ? `\x1b[${up}A` : ''}\r`
      const moves = moving.map((line) => `${line}\x1b[K\n`).join('')
      // What stays may wrap, so its place is cleared beforehand; what moves is drawn over, which does not flicker.
      const isPlaceCleared = above !== '' || moves === ''
      const change = isPlaceCleared ? `${clear(up)}${toTop}${above}${moves}` : `${moves}\x1b[J`
      out.write(`${TOGETHER[0]}${toTop}${change}${TOGETHER[1]}`)
      shown = moving
    },
  }
}

/** Row by row: a terminal whose whole screen is erased at once may keep what was on it as history. */
function clear(rows: number): string {
  return `${'\x1b[2K\n'.repeat(rows)}\x1b[2K`
}

function rowsOf(lines: readonly string[], columns: number): number {
  let rows = 0
  for (const line of lines) rows += Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(line)) / columns))
  return rows
}
