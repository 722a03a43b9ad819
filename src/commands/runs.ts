import { jsonText } from '../views/json.ts'
import { runsLines } from '../views/terminal/runs.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { withStore } from './open-run.ts'

const DEFAULT_LIMIT = 20

/** `opsflow runs`: the runs of this project, newest first. */
export function runs(options: { readonly limit?: number; readonly json?: boolean }, io: Io): Promise<ExitCode> {
  return withStore(io, async (store): Promise<ExitCode> => {
    const all = store.list()
    const limit = options.limit ?? DEFAULT_LIMIT
    const shown = all.slice(0, limit)
    if (options.json) io.stdout.write(`${jsonText({ runs: shown })}\n`)
    else if (all.length === 0)
      io.stdout.write(`no runs yet in ${store.stateDir}: start one with \`opsflow run PIPELINE\`\n`)
    else {
      io.stdout.write(`${runsLines(shown, Date.now(), makeStyle(wantsColour(io.stdout, io.env))).join('\n')}\n`)
      if (all.length > limit)
        io.stdout.write(`and ${all.length - limit} older: \`opsflow runs --limit ${all.length}\`\n`)
    }
    return 0
  })
}
