import { journalFault } from '../supervisor/journal.ts'
import { leftProcesses } from '../supervisor/reap.ts'
import { jsonText, runJson } from '../views/json.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { showLines } from '../views/terminal/show.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import { takenUpLater } from '../views/terminal/words.ts'
import { answeredMeanwhile, withAnswers } from './answered.ts'
import type { ExitCode, Io } from './io.ts'
import { holdersIn } from './live-view.ts'
import { withRun } from './open-run.ts'
import { patchLines } from './patches.ts'

/** `opsflow show RUN`: what it did, does and waits for. */
export function show(options: { readonly id: string; readonly json?: boolean }, io: Io): Promise<ExitCode> {
  return withRun(
    options.id,
    io,
    async ({ store, run, reader, events, state: recorded, liveness, damage }) => {
      const answered = answeredMeanwhile(reader, events, recorded, liveness)
      const state = withAnswers(recorded, answered)
      // Only where both its owners are dead can something of it be left.
      const left = liveness === 'interrupted' ? leftProcesses(reader.folder.path, run) : []
      if (options.json) io.stdout.write(`${jsonText(runJson(recorded, liveness))}\n`)
      else {
        const style = makeStyle(wantsColour(io.stdout, io.env))
        const holders = holdersIn(store)
        const lines = showLines(state, liveness, Date.now(), style, left, holders, damage === undefined)
        // A step says it in its own line.
        const others = answered.filter(({ path }) => !state.steps.has(path))
        const said = others.map(({ path, decision }) => `  ${path}  ${takenUpLater(decision)}`)
        const text = [...lines, ...said, ...patchLines(reader.folder, io.cwd)].join('\n')
        io.stdout.write(unheardIn(io.env, harmless(`${text}\n`)))
      }
      const doubt = liveness === 'interrupted' ? journalFault(reader.folder.path) : undefined
      if (doubt !== undefined) io.stderr.write(harmless(`opsflow: ${doubt}\n`))
      if (damage === undefined) return 0
      io.stderr.write(`opsflow: ${damage}; what is shown is what stands before it\n`)
      return 1
    },
    { damage: 'told' },
  )
}
