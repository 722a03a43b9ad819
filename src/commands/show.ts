import { StoreError } from '../ports/store.ts'
import type { Store } from '../store/store.ts'
import { journalFault } from '../supervisor/journal.ts'
import { leftProcesses } from '../supervisor/reap.ts'
import { runJson } from '../views/json.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { showLines } from '../views/terminal/show.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { withRun } from './open-run.ts'
import { patchLines } from './patches.ts'

/** `opsflow show RUN`: what it did, does and waits for. */
export function show(options: { readonly id: string; readonly json?: boolean }, io: Io): Promise<ExitCode> {
  return withRun(
    options.id,
    io,
    async ({ store, run, reader, state, damage }) => {
      const liveness = reader.liveness()
      // Only where both its owners are dead can something of it be left.
      const left = liveness === 'interrupted' ? leftProcesses(reader.folder.path, run) : []
      if (options.json) io.stdout.write(`${JSON.stringify(runJson(state, liveness), undefined, 2)}\n`)
      else
        io.stdout.write(
          harmless(
            `${[
              ...showLines(
                state,
                liveness,
                Date.now(),
                makeStyle(wantsColour(io.stdout, io.env)),
                left,
                holdersIn(store),
                damage === undefined,
              ),
              ...patchLines(reader.folder, io.cwd),
            ].join('\n')}\n`,
          ),
        )
      const doubt = liveness === 'interrupted' ? journalFault(reader.folder.path) : undefined
      if (doubt !== undefined) io.stderr.write(harmless(`opsflow: ${doubt}\n`))
      if (damage === undefined) return 0
      io.stderr.write(`opsflow: ${damage}; what is shown is what stands before it\n`)
      return 1
    },
    { damage: 'told' },
  )
}

/** Who holds a lock; nobody, where this user may not read who does. */
function holdersIn(store: Store): (key: string) => readonly { readonly run: string; readonly path: string }[] {
  return (key) => {
    try {
      return store
        .lock(key)
        .filter(({ held }) => held)
        .map(({ run, token }) => ({ run, path: holderPath(token) }))
    } catch (error) {
      if (error instanceof StoreError) return []
      throw error
    }
  }
}

/** The step that a token is of; empty for the run. What a pipeline itself holds is named after it. */
function holderPath(token: string): string {
  return token.slice(0, token.lastIndexOf('#')).replace(/(?:^|\/)pipeline:$/, '')
}
