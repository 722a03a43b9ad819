import { leftProcesses } from '../supervisor/reap.ts'
import { runJson } from '../views/json.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { showLines } from '../views/terminal/show.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { withRun } from './open-run.ts'

/** `opsflow show RUN`: what it did, does and waits for. */
export function show(options: { readonly id: string; readonly json?: boolean }, io: Io): Promise<ExitCode> {
  return withRun(options.id, io, async ({ run, reader, state, damage }) => {
    const liveness = reader.liveness()
    // Only where both its owners are dead can something of it be left.
    const left = liveness === 'interrupted' ? leftProcesses(reader.folder.path, run) : []
    if (options.json) io.stdout.write(`${JSON.stringify(runJson(state, liveness), undefined, 2)}\n`)
    else
      io.stdout.write(
        harmless(
          `${showLines(state, liveness, Date.now(), makeStyle(wantsColour(io.stdout, io.env)), left).join('\n')}\n`,
        ),
      )
    if (damage === undefined) return 0
    io.stderr.write(`opsflow: ${damage}; what is shown is what stands before it\n`)
    return 1
  })
}
