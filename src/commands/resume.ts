import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'
import { openStore } from '../store/store.ts'
import { type ExecuteOptions, execute } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { stateOf } from './open-run.ts'
import { findProject } from './project.ts'
import { secretsOf } from './run.ts'
import { WorldError } from './usage-error.ts'

export interface ResumeCommand extends ExecuteOptions {
  readonly id: string
  readonly takeOver?: boolean
}

/** `opsflow resume RUN`: the same run goes on where its record ends, whatever ended its owner. */
export async function resume(options: ResumeCommand, io: Io): Promise<ExitCode> {
  const found = await findProject(io)
  const store = openStore(found.stateDir)
  try {
    const run = store.resolve(options.id)
    if (options.takeOver) await store.takeOver(run, (pid) => io.kill(pid, 'SIGKILL'))
    const reader = store.reader(run)
    const state = stateOf(reader.events().events)
    const undone = state.phase === 'ended' ? undoneFinally(reader.plan(), state) : []
    reader.close()
    if (state.phase === 'ended' && undone.length === 0) {
      throw new WorldError(
        `run \`${run}\` has ended: ${state.outcome}`,
        `run its failed steps again: opsflow retry ${run}`,
      )
    }
    const config = found.config?.checked
    return await execute(
      {
        store,
        run,
        root: state.root,
        start: undone.length > 0 ? { type: 'reopen', by: io.user, steps: undone } : { type: 'resume', by: io.user },
        secrets: secretsOf({ config, root: found.root }, io),
      },
      options,
      io,
    )
  } finally {
    store.close()
  }
}

/** The steps of `finally` that a killed run still has to do. */
function undoneFinally(plan: Plan, state: RunState): readonly string[] {
  if (state.scopes.get('')?.finallySkipped !== true) return []
  const steps = plan.pipelines[plan.root]!.steps.filter(({ section }) => section === 'finally').map(({ id }) => id)
  return steps.filter((id) => state.steps.get(id)?.status !== 'succeeded')
}
