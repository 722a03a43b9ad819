import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsonLines } from './lines.ts'
import type { FromSupervisor, Hello, Launch, Report, ToSupervisor } from './protocol.ts'
import { reap } from './reap.ts'

/** The runner's end of a supervisor. */
export interface Supervisor {
  /** Process id of the living supervisor, for display. */
  readonly pid: number | undefined
  /** Values that no log may hold; before the first launch. */
  secrets(values: readonly string[]): void
  launch(token: string, launch: Launch, done: (report: Report) => void): void
  abort(token: string, hard: boolean): void
  /** Writes a line into the log of a running launch. */
  note(token: string, text: string): void
  /** Ends what runs, then the supervisor; resolves when it is gone. */
  close(): Promise<void>
}

export interface SupervisorOptions extends Omit<Hello, 'type'> {
  /** Path of the Node program. */
  readonly node: string
  readonly graceMs?: number
}

/** Where the program of a process of ours is: beside this file when run from source, in the bundle otherwise. */
export function entryFile(here: string, source: string, bundled: string): string {
  const own = here.endsWith('.ts') ? fileURLToPath(new URL(source, here)) : undefined
  if (own !== undefined) return own
  for (const place of ['./', '../', '../../', '../../../'].map((folder) => `${folder}${bundled}`)) {
    const file = fileURLToPath(new URL(place, here))
    if (existsSync(file)) return file
  }
  throw new Error(`\`${bundled}\` is missing beside the installed program; install opsflow again`)
}

interface Pending {
  readonly launch: Launch
  readonly startedAt: number
  readonly done: (report: Report) => void
}

interface Process {
  readonly child: ChildProcess
  readonly channel: Socket
  readonly gone: Promise<void>
}

/**
 * Starts a supervisor. When it dies, what it had started is ended from here, each of its launches ends as `lost`, and
 * the next launch gets a new supervisor.
 */
export function startSupervisorProcess(options: SupervisorOptions): Supervisor {
  const pending = new Map<string, Pending>()
  let secrets: readonly string[] = []
  let refused: string | undefined
  let closed = false
  let current: Process | undefined

  const tell = (message: ToSupervisor): void => {
    current?.channel.write(`${JSON.stringify(message)}\n`)
  }
  const end = (token: string, report: Report): void => {
    const one = pending.get(token)
    if (one !== undefined && pending.delete(token)) one.done(report)
  }
  const take = (message: FromSupervisor): void => {
    if (message.type === 'ended') end(message.token, message.report)
    else if (message.type === 'refused') refused = message.message
  }
  const lost = async (): Promise<void> => {
    current = undefined
    const left = [...pending]
    // Another supervisor of this run still owns what the journal names.
    if (refused === undefined && left.length > 0) await reap(options.runDir, options.run, options.graceMs ?? 2000)
    for (const [token, one] of left) {
      const about = refused ?? 'the supervisor died'
      end(token, { end: 'lost', error: { code: 'LOST', about }, durationMs: performance.now() - one.startedAt })
    }
  }
  const spawnProcess = (): Process => {
    mkdirSync(options.runDir, { recursive: true })
    const stderr = openSync(join(options.runDir, 'supervisor.log'), 'a', 0o600)
    const file = entryFile(import.meta.url, './main.ts', 'supervisor.js')
    // Its environment has no OPSFLOW_RUN of an outer run: it must outlive its steps long enough to end them.
    const env = Object.fromEntries(Object.entries(options.env).filter(([name]) => !name.startsWith('OPSFLOW_')))
    const child = spawn(options.node, [file], {
      cwd: options.runDir,
      env,
      detached: true,
      stdio: ['ignore', stderr, stderr, 'pipe'],
    })
    closeSync(stderr)
    const channel = child.stdio[3] as Socket
    channel.on('data', jsonLines(take))
    channel.on('error', () => {})
    const gone = new Promise<void>((resolve) => {
      child.once('error', () => resolve())
      child.once('exit', () => resolve())
    })
    // What it said before it died is read first.
    const silent = new Promise<void>((resolve) => channel.once('close', () => resolve()))
    void Promise.all([gone, silent]).then(lost)
    return { child, channel, gone }
  }
  const open = (): void => {
    refused = undefined
    current = spawnProcess()
    const { node: _, graceMs: __, ...hello } = options
    tell({ type: 'hello', ...hello })
    if (secrets.length > 0) tell({ type: 'secrets', values: secrets })
  }
  open()

  return {
    get pid() {
      return current?.child.pid
    },
    secrets(values) {
      secrets = values
      tell({ type: 'secrets', values })
    },
    launch(token, launch, done) {
      if (closed) throw new Error('a launch after the supervisor was closed')
      if (pending.has(token)) throw new Error(`\`${token}\` runs already`)
      if (current === undefined) open()
      pending.set(token, { launch, startedAt: performance.now(), done })
      tell({ type: 'start', token, launch })
    },
    abort(token, hard) {
      if (pending.has(token)) tell({ type: 'abort', token, hard })
    },
    note(token, text) {
      if (pending.has(token)) tell({ type: 'note', token, text })
    },
    async close() {
      closed = true
      const last = current
      if (last === undefined) return
      tell({ type: 'close' })
      last.channel.end()
      await last.gone
    },
  }
}
