import { appendFileSync, statSync } from 'node:fs'
import type { RunEvent } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import { markdown } from '../views/report/markdown.ts'
import { runPage } from '../views/report/run-page.ts'
import { runReport } from '../views/report/run-report.ts'
import type { Io } from './io.ts'

/** What GitHub takes of a job's step; a larger summary is dropped whole. */
const MOST_BYTES = 1024 * 1024
/** Rows of a table and items of a list: first as many as may help, then few. */
const ROWS = [100, 10]

/**
 * Appends the report of a run to the summary of the step that it runs in, as GitHub Actions shows it. The run is over by
 * then: what cannot be written is said, and changes nothing.
 */
export function appendSummary(file: string, events: readonly RunEvent[], plan: Plan, io: Io): void {
  const fail = (why: string) => io.stderr.write(`opsflow: the report cannot be added to GITHUB_STEP_SUMMARY: ${why}\n`)
  try {
    const data = runReport(events, plan, { liveness: 'free', nowMs: Date.now() })
    const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    for (const rows of ROWS) {
      const text = `${before > 0 ? '\n' : ''}${markdown(runPage(data, rows))}`
      if (before + Buffer.byteLength(text) > MOST_BYTES) continue
      appendFileSync(file, text)
      return
    }
    fail(`it would be over 1 MiB; see \`opsflow report ${data.run}\``)
  } catch (error) {
    fail((error as Error).message)
  }
}
