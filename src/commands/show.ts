import { runJson } from '../views/json.ts'
import { showLines } from '../views/terminal/show.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { withRun } from './open-run.ts'

/** `opsflow show RUN`: what it did, does and waits for. */
export function show(options: { readonly id: string; readonly json?: boolean }, io: Io): Promise<ExitCode> {
  return withRun(options.id, io, async ({ reader, state, damage }) => {
    const liveness = reader.liveness()
    if (options.json) io.stdout.write(`${JSON.stringify(runJson(state, liveness), undefined, 2)}\n`)
    else
      io.stdout.write(
        `${showLines(state, liveness, Date.now(), makeStyle(wantsColour(io.stdout, io.env))).join('\n')}\n`,
      )
    if (damage === undefined) return 0
    io.stderr.write(`opsflow: ${damage}; what is shown is what stands before it\n`)
    return 1
  })
}
