import type { RunState } from '../../events/state.ts'
import type { Liveness } from '../../ports/store.ts'
import { formatDuration } from '../../util/duration.ts'
import { statusText } from './show.ts'
import { makeStyle, type Style } from './style.ts'
import { clockText } from './words.ts'

/** The list of runs, newest first, as columns. `nowMs`: epoch milliseconds. */
export function runsLines(
  runs: readonly { readonly state: RunState; readonly liveness: Liveness }[],
  nowMs: number,
  style: Style,
): readonly string[] {
  const plain = makeStyle(false)
  const rows = runs.map(({ state, liveness }) => ({
    cells: [
      state.run,
      state.pipeline,
      statusText(state, liveness, plain),
      clockText(state.createdAt),
      formatDuration((state.endedAt ?? nowMs) - state.createdAt),
      state.startedBy.name,
    ],
    status: statusText(state, liveness, style),
  }))
  const head = ['RUN', 'PIPELINE', 'STATUS', 'STARTED', 'TOOK', 'BY']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row.cells[column]!.length)))
  const line = (cells: readonly string[], status?: string) =>
    cells
      .map((cell, column) =>
        column === 2 && status !== undefined
          ? status + ' '.repeat(widths[2]! - cell.length)
          : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  return [style.dim(line(head)), ...rows.map((row) => line(row.cells, row.status))]
}
