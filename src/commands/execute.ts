import { systemClock } from '../engines/embedded/clock.ts'
import { type StartOrder, startRun } from '../engines/embedded/engine.ts'
import type { Actor, RunEvent, RunOutcome } from '../events/events.ts'
import { openQuestions } from '../events/questions.ts'
import { emptyState, reduce } from '../events/reduce.ts'
import { startSupervisor } from '../executors/supervised.ts'
import type { Plan } from '../plan/plan.ts'
import type { Secrets } from '../ports/secrets.ts'
import { answeredByRetry } from '../run/escalation.ts'
import type { Store } from '../store/store.ts'
import type { SpareSupervisor } from '../supervisor/client.ts'
import { journalFault } from '../supervisor/journal.ts'
import { leftProcesses, reap } from '../supervisor/reap.ts'
import { sweepHeap } from '../util/heap.ts'
import { unreachable } from '../util/unreachable.ts'
import { jsonText, runJson } from '../views/json.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { type LiveView, silentView } from '../views/terminal/live.ts'
import type { ExitCode, Io } from './io.ts'
import { isScreen, openView, questionShown } from './live-view.ts'
import { patchLines } from './patches.ts'
import { createPrompter } from './prompter.ts'
import { optionalSecrets, refuseSecrets, secretNames } from './secrets.ts'
import { isUndelivered, markUndelivered, speaks } from './undelivered.ts'

/** How a command wants a run driven. */
export interface ExecuteOptions {
  readonly detach?: boolean
  readonly strict?: boolean
  readonly json?: boolean
  /** A supervisor that was started beforehand. */
  readonly spare?: SpareSupervisor
  /** It answers what another run sent: whoever drives that one delivers what this one sends, too. */
  readonly heard?: boolean
}

/** Who ends a run, and why; `hard` leaves out its `finally`. */
export interface CancelOrder {
  readonly by: Actor
  readonly reason: string
  readonly hard: boolean
}

/**
 * Drives a run in this process until it ended or parked: owner lock, supervisor, engine, view, signals. The one place
 * where the adapters meet; `run`, `resume`, `retry` and whatever opens a parked run come through here.
 */
export async function execute(order: ExecuteOrder, options: ExecuteOptions, io: Io): Promise<ExitCode> {
  let exit = await once(order, options, io)
  // A pause that was answered with retry opens what failed again, from the record like any other owner.
  const { spare: _, ...more } = options
  while (exit === 'again') exit = await once({ ...order, start: { type: 'resume', by: io.user } }, more, io)
  if (options.heard !== true && isUndelivered(order.store.folder(order.run).path))
    await (await import('./deliver.ts')).deliverAll(order.store, options, io)
  return exit
}

interface ExecuteOrder {
  readonly store: Store
  readonly run: string
  readonly root: string
  readonly start: StartOrder
  /** The plan to go on by, where it is not the one on record. */
  readonly plan?: Plan
  readonly secrets: Secrets
  /** Ends the run as soon as it is open, before anything of it starts. */
  readonly cancel?: CancelOrder | undefined
}

async function once(order: ExecuteOrder, options: ExecuteOptions, io: Io): Promise<ExitCode | 'again'> {
  const { store, run, root, start } = order
  const interactive = isInteractive(options, io)
  const owned = await store.own(run, {
    pid: io.pid,
    by: io.user,
    leftovers: { find: leftProcesses, end: reap, doubt: journalFault },
    signal: io.kill,
    notice: (message) => io.stderr.write(`opsflow: ${message}\n`),
  })
  const release: (() => void)[] = []
  let durations: ReadonlyMap<string, number> | undefined
  try {
    // What the files said is in the plan on record, and nothing holds on to the files any more.
    sweepHeap()
    const plan = order.plan ?? owned.ledger.plan
    // Before anything is started: a record that cannot be read whole is refused here.
    let state = (start.type === 'new' ? [] : owned.ledger.read()).reduce(reduce, emptyState())
    if (speaks(plan, start.type === 'new' ? start.cause : state.cause)) markUndelivered(owned.folder.path)
    const executor = startSupervisor({
      run,
      runDir: owned.folder.path,
      root,
      env: io.env,
      node: io.node,
      modules: plan.modules,
      lockFile: owned.supervisorLock,
      secrets: { names: secretNames(plan), optional: optionalSecrets(plan), from: order.secrets },
      ...(options.spare && { spare: options.spare }),
    })
    const { durations: history, folder } = owned
    const view = options.json ? silentView() : await openView({ store, folder, plan, durations: history }, io)
    const prompter = interactive
      ? createPrompter({
          io,
          view,
          put: async (row) => {
            await refuseSecrets({ 'the answer': row.data }, plan, async () => order.secrets)
            store.put(run, row)
          },
          cancel: (hard) => handle.cancel(interrupted(io, 'Ctrl-C', hard)),
        })
      : undefined
    // The prompt first: what the view still has to say comes below it.
    release.push(
      () => prompter?.close(),
      () => view.close(),
    )
    // Asked before this process was: the events that are still to come do not say what it is about.
    for (const question of prompter ? openQuestions(state) : []) {
      view.aside(() => io.stdout.write(questionShown(question, run, io)))
      prompter?.opened(question.path, question.wait)
    }
    let telling = Promise.resolve()
    const handle = startRun({
      ledger: owned.ledger,
      executor,
      locks: owned.locks,
      clock: systemClock,
      start,
      plan,
      park: !interactive,
      durations: owned.durations,
      onEvents: (events) => {
        for (const [i, event] of events.entries()) {
          state = reduce(state, event)
          view.event(event, state, events[i + 1])
          prompter?.event(event)
        }
        if (events.some(({ type }) => type === 'signal-sent'))
          telling = telling.then(() => tellOthers(store, run, events, io))
      },
      onNotice: ({ message }) => {
        view.aside(() => io.stderr.write(`opsflow: ${message}\n`))
        prompter?.interrupt()
      },
    })
    if (order.cancel) handle.cancel(order.cancel)
    let asked = 0
    release.push(
      io.onSignal('SIGINT', () => handle.cancel(interrupted(io, 'Ctrl-C', asked++ > 0))),
      io.onSignal('SIGTERM', () => handle.cancel(interrupted(io, 'SIGTERM', false))),
      io.onSignal('SIGHUP', () => handle.park()),
    )
    const result = await handle.result
    durations = result.durations
    await telling
    for (const undo of release.splice(0)) undo()
    if (result.end === 'parked' && answeredByRetry(plan, result.state) !== undefined) return 'again'
    if (options.json) io.stdout.write(`${jsonText(runJson(result.state, 'free'))}\n`)
    else if (result.end === 'ended')
      io.stdout.write(
        harmless(
          patchLines(owned.folder, io.cwd)
            .map((line) => `${line}\n`)
            .join(''),
        ),
      )
    else io.stdout.write(`  go on: opsflow resume ${run}\n`)
    const summary = io.env.GITHUB_STEP_SUMMARY
    if (summary) (await import('./step-summary.ts')).appendSummary(summary, owned.ledger.read(), plan, io)
    return result.end === 'parked' ? 4 : exitOf(result.state.outcome ?? 'failed', options.strict === true)
  } finally {
    for (const undo of release) undo()
    owned.release(durations)
  }
}

/** Steps of other runs that wait hear a signal at once; what fails here is delivered when this run is over. */
async function tellOthers(store: Store, run: string, events: readonly RunEvent[], io: Io): Promise<void> {
  try {
    await (await import('./deliver.ts')).tellAtOnce(store, events, run, io)
  } catch {
    return
  }
}

/** Whether a person sits there who can be asked. */
function isInteractive(options: ExecuteOptions, io: Io): boolean {
  return (
    !options.detach &&
    !options.json &&
    // The output first: to look at the input makes its stream, which takes as long as a commit.
    isScreen(io) &&
    io.stdin.isTTY === true
  )
}

function interrupted(io: Io, reason: string, hard: boolean): CancelOrder {
  return { by: io.user, reason, hard }
}

/** The exit code that an outcome stands for. */
export function exitOf(outcome: RunOutcome, strict: boolean): ExitCode {
  switch (outcome) {
    case 'succeeded':
      return 0
    case 'succeeded-with-failures':
      return strict ? 1 : 0
    case 'partial':
    case 'failed':
    case 'escalated':
      return 1
    case 'cancelled':
      return 130
    default:
      return unreachable(outcome)
  }
}

/** Events of a run to a view, from outside: what `watch` does. */
export function showEvents(
  events: readonly RunEvent[],
  from: ReturnType<typeof emptyState>,
  view: LiveView,
): ReturnType<typeof emptyState> {
  let state = from
  for (const [i, event] of events.entries()) {
    state = reduce(state, event)
    view.event(event, state, events[i + 1])
  }
  return state
}
