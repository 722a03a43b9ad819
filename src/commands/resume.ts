import { openStore } from '../store/store.ts'
import { type ExecuteOptions, execute } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { stateOf } from './open-run.ts'
import { findProject } from './project.ts'
import { secretsOf } from './run.ts'
import { WorldError } from './usage-error.ts'

export interface ResumeCommand extends ExecuteOptions {
  readonly id: string
  readonly withPlan?: boolean
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
    reader.close()
    if (state.phase === 'ended' && !offersFinally(state)) {
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
        start: { type: 'resume', by: io.user },
        secrets: secretsOf({ config, root: found.root }, io),
      },
      options,
      io,
    )
  } finally {
    store.close()
  }
}

/** A run that was killed may still have its `finally` to run. */
function offersFinally(state: ReturnType<typeof stateOf>): boolean {
  return state.cancel?.hard === true
}
