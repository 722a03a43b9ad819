import type { RunOutcome } from '../../events/events.ts'
import type { Liveness } from '../../ports/store.ts'
import { formatDuration } from '../../util/duration.ts'
import { harmless } from './harmless.ts'
import { makeStyle, type Style } from './style.ts'
import { clockText, runStatus } from './words.ts'

/** A run in the list. */
interface RunRow {
  readonly run: string
  readonly pipeline: string | undefined
  readonly startedBy: { readonly name: string } | undefined
  readonly createdAt: number
  readonly endedAt: number | undefined
  readonly phase: 'running' | 'parked' | 'ended' | 'unreadable'
  readonly outcome: RunOutcome | undefined
  readonly liveness: Liveness
}

const HEAD = ['RUN', 'PIPELINE', 'STATUS', 'STARTED', 'TOOK', 'BY']
const STATUS = HEAD.indexOf('STATUS')

/** A name as a cell: who may write the record may have put anything there. */
function word(name: string): string {
  return harmless(name).replace(/[\t\n]/g, ' ')
}

/** The list of runs as columns, in the order given. `nowMs`: epoch milliseconds. */
export function runsLines(runs: readonly RunRow[], nowMs: number, style: Style): readonly string[] {
  const rows = runs.map((run) => ({
    cells: [
      word(run.run),
      word(run.pipeline ?? '?'),
      runStatus(run, makeStyle(false)),
      ...(run.phase === 'unreadable'
        ? ['?', '?']
        : [clockText(run.createdAt), formatDuration((run.endedAt ?? nowMs) - run.createdAt)]),
      word(run.startedBy?.name ?? '?'),
    ],
    status: runStatus(run, style),
  }))
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => row.cells[column]!.length)))
  const line = (cells: readonly string[], status: string) =>
    cells
      .map((cell, column) => (column === STATUS ? status : cell) + ' '.repeat(widths[column]! - cell.length))
      .join('  ')
      .trimEnd()
  return [style.dim(line(HEAD, HEAD[STATUS]!)), ...rows.map((row) => line(row.cells, row.status))]
}
