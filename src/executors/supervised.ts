import { lstatSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Outcome } from '../events/outcome.ts'
import type { Dispatch, Executor, Token } from '../ports/executor.ts'
import { revealSecrets, type Secrets } from '../ports/secrets.ts'
import { type SpareSupervisor, startSupervisorProcess } from '../supervisor/client.ts'
import { runMark } from '../supervisor/mark.ts'
import type { Launch, Report } from '../supervisor/protocol.ts'
import { logName } from '../util/log-name.ts'
import { action } from './action/action.ts'
import { baseEnvironment, type Environment, stepEnvironment } from './environment.ts'
import { gitLaunch, type RunScript } from './git.ts'
import { http } from './http/http.ts'
import type { Kind, KindContext } from './kind.ts'
import { outcomeOfEnd } from './outcome.ts'
import { createOverlap } from './overlap.ts'
import { refusal } from './rails.ts'
import { shell } from './shell/shell.ts'
import { createVault, type Vault } from './vault.ts'
import { closeShared, needsWorkspace, openWorkspace } from './workspace.ts'

/**
 * The executor of shell, action and http steps: every dispatch becomes one process group of the supervisor.
 *
 * 1. The promises E1 to E4 of `Executor`, for every kind alike.
 * 2. No process is started by the runner but the supervisor itself.
 * 3. Secrets are resolved before the first start; no log, outcome or file that is written here holds one.
 */
export interface SupervisedOptions {
  readonly run: string
  /** Folder of the run: `logs/`, the journal and temporary files go there. */
  readonly runDir: string
  /** Absolute path of the project root. */
  readonly root: string
  /** The environment that opsflow was started in. */
  readonly env: Environment
  /** Path of the Node program: `process.execPath`. */
  readonly node: string
  readonly modules?: KindContext['modules']
  /** The supervisor's kernel lock. */
  readonly lockFile?: string
  /** What the run's pipelines declare under `secrets`, resolved once at the start. */
  readonly secrets?: {
    readonly names: readonly string[]
    readonly optional?: readonly string[]
    readonly from: Secrets
  }
  readonly logLimitBytes?: number
  /** A supervisor that was started beforehand. */
  readonly spare?: SpareSupervisor
}

const LOG_LIMIT_BYTES = 1024 ** 3
const MOST_DEATHS = 5
const CANCELLED: Outcome = { status: 'cancelled', message: 'cancelled before it started', durationMs: 0 }

function broken(error: Error): Outcome {
  return { status: 'failed', reason: 'spawn', message: error.message, durationMs: 0 }
}

/** Starts the supervisor of a run and gives the executor that speaks to it. */
export function startSupervisor(options: SupervisedOptions): Executor {
  const supervisor = startSupervisorProcess({
    run: options.run,
    runDir: options.runDir,
    env: baseEnvironment(options.env, options.secrets?.names),
    logLimitBytes: options.logLimitBytes ?? LOG_LIMIT_BYTES,
    lockFile: options.lockFile,
    node: options.node,
    ...(options.spare && { spare: options.spare }),
  })
  const { root: runRoot, runDir } = options
  const mark = runMark(runDir, options.run)
  const vault = createVault(options.secrets)
  /** Tokens that run; the value is how they are stopped before the supervisor has them. */
  const running = new Map<Token, { aborted: boolean }>()
  let opened: Promise<void> | undefined
  const whenOpen = (): Promise<void> => {
    opened ??= vault.open().then((values) => {
      if (values.length > 0) supervisor.secrets(values)
    })
    return opened
  }

  /** How often the supervisor died under each path. */
  const deaths = new Map<string, number>()
  /** A step that kills the supervisor, or eats all memory, would be started again for ever. */
  const survived = (path: string, outcome: Outcome): Outcome => {
    if (outcome.status !== 'interrupted' || outcome.message !== 'the supervisor died') return outcome
    const count = (deaths.get(path) ?? 0) + 1
    deaths.set(path, count)
    if (count < MOST_DEATHS) return outcome
    const message = `the supervisor died ${count} times while it ran; does it kill its parent, or use up the memory?`
    return { ...outcome, status: 'failed', message }
  }

  const overlap = createOverlap()
  const ahead = new Map<Token, ReturnType<typeof prepare>>()
  const launch = (token: Token, dispatch: Dispatch, root: string, done: (outcome: Outcome) => void): void => {
    const prepared = ahead.get(token) ?? prepare(token, dispatch, { ...options, root, mark }, vault)
    ahead.delete(token)
    supervisor.launch(token, prepared.launch, (report) => {
      done(prepared.judge(report))
      // The next step waits for the outcome, and nobody for this.
      setImmediate(prepared.cleanUp)
    })
  }
  const begin = (token: Token, dispatch: Dispatch, done: (outcome: Outcome) => void): void => {
    const refused = refusal(dispatch) ?? vault.refusal(dispatch)
    if (refused !== undefined) done(refused)
    else if (needsWorkspace(dispatch)) {
      guarded(token, dispatch).then(done, (error: Error) => done(broken(error)))
    } else launch(token, dispatch, options.root, done)
  }
  /** A dispatch that is prepared before it and judged after it by git. */
  const guarded = async (token: Token, dispatch: Dispatch): Promise<Outcome> => {
    const run: RunScript = (script, cwd, env) =>
      new Promise((resolve) => supervisor.launch(token, gitLaunch(script, cwd, env, dispatch.path), resolve))
    const workspace = await openWorkspace({ ...options, token, dispatch, run, overlap })
    if ('status' in workspace) return workspace
    const outcome = await new Promise<Outcome>((resolve) => {
      if (running.get(token)?.aborted === true) resolve(CANCELLED)
      else launch(token, dispatch, workspace.root, resolve)
    })
    return await workspace.close(outcome)
  }

  return {
    prepare(token, dispatch) {
      const kind = KINDS[dispatch.body.kind] as Kind
      if (kind.waiting?.(dispatch.body, []) === undefined || !vault.isOpen() || needsWorkspace(dispatch)) return
      try {
        if ((refusal(dispatch) ?? vault.refusal(dispatch)) !== undefined) return
        const prepared = prepare(token, dispatch, { ...options, mark }, vault)
        const waiting = kind.waiting(dispatch.body, prepared.launch.argv)
        if (waiting === undefined) return
        ahead.set(token, prepared)
        supervisor.prepare(token, prepared.launch, waiting)
      } catch {
        // `start` meets the same, and says so.
      }
    },
    start(token, dispatch, done) {
      const state = { aborted: false }
      running.set(token, state)
      overlap.begin(token, dispatch)
      const finish = (outcome: Outcome): void => {
        running.delete(token)
        overlap.end(token)
        done(vault.redact(survived(dispatch.path, outcome)))
      }
      const attempt = (): void => {
        try {
          if (state.aborted) finish(CANCELLED)
          else begin(token, dispatch, finish)
        } catch (error) {
          finish(broken(error as Error))
        }
      }
      if (vault.isOpen()) attempt()
      else void whenOpen().then(attempt)
    },
    abort(token, hard) {
      const state = running.get(token)
      if (state === undefined) return
      state.aborted = true
      supervisor.abort(token, hard)
    },
    send: (token, message) => supervisor.note(token, `message: ${message}`),
    async close(options) {
      if (options?.ended === true) {
        await closeShared(
          runRoot,
          runDir,
          (script, cwd, env) =>
            new Promise((resolve) => supervisor.launch('worktrees#1', gitLaunch(script, cwd, env, ''), resolve)),
        )
      }
      await supervisor.close()
    },
  }
}

function prepare(
  token: Token,
  dispatch: Dispatch,
  options: SupervisedOptions & { readonly mark: ReturnType<typeof runMark> },
  vault: Vault,
): { readonly launch: Launch; readonly judge: (report: Report) => Outcome; readonly cleanUp: () => void } {
  // Every step waits for this: nothing in it is looked up or taken apart twice.
  const name = logName(token)
  const stem = name.slice(0, -'.log'.length)
  const reveal = (text: string): string => revealSecrets(text, vault.values())
  const context: KindContext = {
    root: options.root,
    runDir: options.runDir,
    node: options.node,
    modules: options.modules ?? {},
    cwd: dispatch.cwd === undefined ? options.root : resolve(options.root, dispatch.cwd),
    log: `${options.runDir}/logs/${name}`,
    output: `${options.runDir}/logs/${stem}.out`,
    scratch: `${options.runDir}/scratch/${stem}`,
    reveal,
  }
  const { body } = dispatch
  // Each kind takes the bodies of its own name, which the type of a lookup cannot say.
  const kind = KINDS[body.kind] as Kind
  const own = Object.fromEntries(Object.entries(dispatch.env).map(([key, value]) => [key, reveal(value)]))
  const launch: Launch = {
    ...kind.prepare(body, dispatch, context),
    cwd: context.cwd,
    env: stepEnvironment(dispatch, own, options.env, {
      root: options.root,
      output: context.output,
      mark: options.mark,
    }),
    log: context.log,
    output: context.output,
    graceMs: dispatch.graceMs,
    ...(dispatch.timeoutMs === undefined ? {} : { timeoutMs: dispatch.timeoutMs }),
    ...(dispatch.stall === undefined ? {} : { stall: dispatch.stall }),
    step: dispatch.path,
  }
  const judge = (report: Report): Outcome =>
    outcomeOfEnd({ dispatch, report, log: context.log, cwd: context.cwd }) ??
    kind.judge(body, dispatch, report, context)
  // It has been read, and may hold a secret. To look first is cheaper than to remove what most steps never made.
  const cleanUp = (): void => {
    if (lstatSync(context.output, { throwIfNoEntry: false })) rmSync(context.output, { recursive: true, force: true })
    kind.cleanUp?.(body, context)
  }
  return { launch, judge, cleanUp }
}

const KINDS = { shell, action, http }
