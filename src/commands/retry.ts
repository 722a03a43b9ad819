import { openStore } from '../store/store.ts'
import { type ExecuteOptions, execute } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { findPath, readRun, resolveRun, rootOf } from './open-run.ts'
import { tellOfNewFiles } from './plan-now.ts'
import { findProject } from './project.ts'
import { secretsOf } from './secrets.ts'
import { WorldError } from './usage-error.ts'

export interface RetryCommand extends ExecuteOptions {
  readonly id: string
  readonly step?: readonly string[]
  /** Said or not: what follows a step was made from what it did, so it always runs again (promise 16). */
  readonly downstream?: boolean
}

/** `opsflow retry RUN`: opens an ended run again, in the same record; failed or named steps and what follows get a new attempt. */
export async function retry(options: RetryCommand, io: Io): Promise<ExitCode> {
  const found = await findProject(io)
  const store = openStore(found.stateDir)
  try {
    const run = resolveRun(store, options.id)
    const { state, plan } = readRun(store, run)
    if (state.phase !== 'ended')
      throw new WorldError(
        `run \`${run}\` has not ended, so there is nothing to open again`,
        `go on with it: opsflow resume ${run}`,
      )
    const steps = options.step?.map((step) => findPath(step, [...state.steps.keys()], 'step'))
    if (steps === undefined && state.outcome === 'succeeded')
      throw new WorldError(`run \`${run}\` succeeded: no step failed`, 'name what should run again: --step STEP')
    const root = rootOf(state, plan, found.root, store)
    await tellOfNewFiles({ state, plan, found }, io)
    return await execute(
      {
        store,
        run,
        root,
        start: { type: 'reopen', by: io.user, steps },
        secrets: secretsOf({ config: found.config?.checked, root: found.root }, io),
      },
      options,
      io,
    )
  } finally {
    store.close()
  }
}
