import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '../../src/events/outcome.ts'
import { type SupervisedOptions, startSupervisor } from '../../src/executors/supervised.ts'
import type { Dispatch, DispatchBody, Executor } from '../../src/ports/executor.ts'
import { logName } from '../../src/util/log-name.ts'
import { NODE } from './node.ts'

/** A run folder with a real supervisor, for tests of what it starts. */
export interface Bench {
  readonly folder: string
  readonly runDir: string
  readonly executor: Executor
  /** Starts a dispatch and resolves to its outcome. */
  run(token: string, body: DispatchBody | string, more?: Partial<Dispatch>): Promise<Outcome>
  log(token: string): string
  close(): Promise<void>
}

/** Of this process alone: processes are found by the id of their run, and other tests run beside this one. */
export const RUN = `run-under-test-${process.pid}`

/** Opens a bench in a folder of its own; the project root is that folder. */
export function openBench(options: Partial<SupervisedOptions> = {}): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  const run = options.run ?? RUN
  const runDir = join(folder, '.opsflow', 'runs', run)
  const executor = startSupervisor({
    run,
    runDir,
    root: folder,
    env: process.env,
    node: NODE,
    lockFile: join(folder, 'supervisor.lock'),
    ...options,
  })
  return {
    folder,
    runDir,
    executor,
    run: (token, body, more) =>
      new Promise((resolve) => executor.start(token, dispatchOf(token, body, { run, ...more }), resolve)),
    log: (token) => readFileSync(join(runDir, 'logs', logName(token)), 'utf8'),
    async close() {
      await executor.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A dispatch with nothing special; a text is a script for `sh`. */
export function dispatchOf(token: string, body: DispatchBody | string, more: Partial<Dispatch> = {}): Dispatch {
  const [path = '', attempt = '1'] = token.split('#')
  return {
    run: RUN,
    path,
    attempt: Number(attempt),
    idempotencyKey: `${RUN}/${path}`,
    timeoutMs: undefined,
    graceMs: 200,
    stall: undefined,
    env: {},
    cwd: undefined,
    body: typeof body === 'string' ? { kind: 'shell', script: body, shell: 'sh' } : body,
    failures: {},
    outputs: {},
    permissions: { allow: [], deny: [], ask: {} },
    isolation: undefined,
    owns: [],
    ...more,
  }
}

/** Whether a process is there and does something: one that only waits to be read by its parent is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The first thread may have ended before the last one, which still holds files and locks.
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z' || readdirSync(`/proc/${pid}/task`).length > 1
  } catch {
    return process.platform !== 'linux'
  }
}
