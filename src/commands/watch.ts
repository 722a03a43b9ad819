import { emptyState } from '../events/reduce.ts'
import { exitOf, showEvents } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { openView } from './live-view.ts'
import { knownPlan, withRun } from './open-run.ts'

/**
 * `opsflow watch RUN`: the run's own view from another terminal, from its beginning. Ends when the run ends or nobody
 * owns it any more; `--resume` then goes on with it here. Ctrl-C stops watching, not the run.
 */
export async function watch(options: { readonly id: string; readonly resume?: boolean }, io: Io): Promise<ExitCode> {
  const seen = await withRun(
    options.id,
    io,
    async ({ store, run, reader }): Promise<ExitCode | 'unowned'> => {
      const plan = knownPlan(reader)
      const durations = plan === undefined ? new Map<string, number>() : store.durations(plan.root)
      const view = await openView({ store, folder: reader.folder, plan, durations }, io)
      const stop = new AbortController()
      const undo = io.onSignal('SIGINT', () => stop.abort())
      try {
        let state = emptyState()
        for await (const look of reader.follow({ signal: stop.signal })) {
          state = showEvents(look.events, state, view)
          if (look.damaged !== undefined) {
            const { message } = look.damaged
            view.aside(() => io.stderr.write(`opsflow: ${message}\n`))
            return 1
          }
          if (state.phase === 'ended' && look.liveness !== 'live') return exitOf(state.outcome ?? 'failed', false)
          if (look.liveness !== 'live' && look.liveness !== 'ending') {
            if (options.resume) return 'unowned'
            view.close()
            io.stdout.write(
              `nobody runs ${run} now (${state.phase === 'parked' ? 'parked' : 'interrupted'}); go on with: opsflow resume ${run}\n`,
            )
            return state.phase === 'parked' ? 4 : 1
          }
        }
        return 0
      } finally {
        undo()
        view.close()
      }
    },
    { damage: 'told' },
  )
  if (seen !== 'unowned') return seen
  const { resume } = await import('./resume.ts')
  return resume({ id: options.id }, io)
}
