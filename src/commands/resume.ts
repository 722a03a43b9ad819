import type { RunState } from '../events/state.ts'
import { applyDefaults, checkValues } from '../model/inputs.ts'
import { hashOf } from '../plan/freeze.ts'
import type { Plan } from '../plan/plan.ts'
import { forgottenByPlan } from '../run/replan.ts'
import { openStore } from '../store/store.ts'
import { type CancelOrder, type ExecuteOptions, execute } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { readRun, resolveRun, rootOf } from './open-run.ts'
import { compileAgain, startAnew, tellOfNewFiles } from './plan-now.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { findProject } from './project.ts'
import { secretsOf } from './secrets.ts'
import { isUndelivered } from './undelivered.ts'
import { UsageError, WorldError } from './usage-error.ts'

export interface ResumeCommand extends ExecuteOptions {
  readonly id: string
  readonly takeOver?: boolean
  readonly withPlan?: boolean
  /** Opens the run only to end it. */
  readonly cancel?: CancelOrder
}

/** `opsflow resume RUN`: the same run goes on where its record ends, whatever ended its owner. */
export async function resume(options: ResumeCommand, io: Io): Promise<ExitCode> {
  const found = await findProject(io)
  const store = openStore(found.stateDir)
  try {
    const run = resolveRun(store, options.id)
    if (options.takeOver) await store.takeOver(run, io.kill)
    const { state, plan: from, liveness } = readRun(store, run)
    const undone = state.phase === 'ended' ? undoneFinally(from, state) : []
    if (state.phase === 'ended' && undone.length === 0 && isUndelivered(store.folder(run).path)) {
      await (await import('./deliver.ts')).deliverAll(store, options, io)
      return isUndelivered(store.folder(run).path) ? 1 : 0
    }
    if (state.phase === 'ended' && undone.length === 0) {
      throw new WorldError(
        `run \`${run}\` has ended: ${state.outcome}`,
        endedHint(run, state, options.withPlan === true ? startAnew(from, found, io) : undefined),
      )
    }
    const order = {
      store,
      run,
      root: rootOf(state, from, found.root, store),
      cancel: options.cancel,
      secrets: secretsOf({ config: found.config?.checked, root: found.root }, io),
    }
    if (!options.withPlan && options.cancel === undefined && liveness !== 'live')
      await tellOfNewFiles({ state, plan: from, found }, io)
    if (undone.length > 0)
      return await execute({ ...order, start: { type: 'reopen', by: io.user, steps: undone } }, options, io)
    if (!options.withPlan) return await execute({ ...order, start: { type: 'resume', by: io.user } }, options, io)
    const { result } = await compileAgain(from, io, state.cause?.coordinator)
    if (!result.ok) {
      printDiagnostics(result.diagnostics, io)
      return 1
    }
    const plan = result.value
    const inputs = inputsFor(plan, from, state)
    if (plan.hash === hashOf(from)) {
      io.stdout.write('the files say what the run follows already: it goes on as it was\n')
      return await execute({ ...order, start: { type: 'resume', by: io.user } }, options, io)
    }
    refuseForgetting(from, plan, state, inputs)
    return await execute({ ...order, plan, start: { type: 'replan', by: io.user, from, inputs } }, options, io)
  } finally {
    store.close()
  }
}

/** What to do with a run that has ended; `anew` is the command for files that changed. */
function endedHint(run: string, { outcome }: RunState, anew: string | undefined): string {
  const again = outcome === 'succeeded' ? 'nothing is left to do' : `run its failed steps again: opsflow retry ${run}`
  if (anew === undefined) return again
  return outcome === 'succeeded'
    ? `start the files as they are now: ${anew}`
    : `${again} (it goes on by the plan on record), or start the files as they are now: ${anew}`
}

/** A step that was cut off in the middle and may have had effects is asked about, never forgotten with the old plan. */
function refuseForgetting(from: Plan, plan: Plan, state: RunState, inputs: RunState['inputs']): void {
  const forgotten = forgottenByPlan(from, plan, state, inputs)
  if (forgotten.length === 0) return
  throw new WorldError(
    `the new plan changes what is around a step that was cut off in the middle and may have had effects: ${forgotten.map((path) => `\`${path}\``).join(', ')}`,
    `go on by the plan of the start until that is settled: opsflow resume ${state.run}`,
  )
}

/** The run's inputs as the new plan takes them: what it has no more is left out, what is new gets its default. */
function inputsFor(plan: Plan, from: Plan, state: RunState): RunState['inputs'] {
  if (plan.root !== from.root) {
    throw new UsageError(
      `the file of run \`${state.run}\` is the pipeline \`${plan.root}\` now, not \`${from.root}\``,
      'start a new run',
    )
  }
  const schemas = plan.pipelines[plan.root]!.inputs
  const kept = Object.fromEntries(
    Object.entries(state.inputs).filter(([name, value]) => Object.hasOwn(schemas, name) && value !== null),
  )
  const faults = checkValues(schemas, kept)
  if (faults.length > 0)
    throw new UsageError(
      `the inputs of the run do not fit the new plan: ${faults.map(({ message }) => message).join('; ')}`,
      'give the new inputs a default, or start a new run',
    )
  return applyDefaults(schemas, kept)
}

/** The steps of `finally` that a killed run still has to do. */
function undoneFinally(plan: Plan, state: RunState): readonly string[] {
  if (state.scopes.get('')?.finallySkipped !== true) return []
  const steps = plan.pipelines[plan.root]!.steps.filter(({ section }) => section === 'finally').map(({ id }) => id)
  return steps.filter((id) => state.steps.get(id)?.status !== 'succeeded')
}
