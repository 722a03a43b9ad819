import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { makeFolders } from '../util/make-folder.ts'
import { jsonLines } from './lines.ts'
import { type FromSupervisor, GATE, type Hello, type Launch, type Report, type ToSupervisor } from './protocol.ts'
import { reap } from './reap.ts'

/** The runner's end of a supervisor. */
export interface Supervisor {
  /** Process id of the living supervisor, for display. */
  readonly pid: number | undefined
  /** Values that no log may hold; before the first launch. */
  secrets(values: readonly string[]): void
  /**
   * Says what will be launched next, by the same token, so that its process is there when it is: `argv` is its command,
   * waiting for a line on standard input. Goes out at once, since the caller is about to be busy.
   */
  prepare(token: string, launch: Launch, argv: readonly string[]): void
  launch(token: string, launch: Launch, done: (report: Report) => void): void
  abort(token: string, hard: boolean): void
  /** Writes a line into the log of a running launch. */
  note(token: string, text: string): void
  /**
   * Ends what runs, then the supervisor. Resolves when all it started is dead, its files are closed and its lock is
   * free; its process may take a few milliseconds more to end, and is not waited for.
   */
  close(): Promise<void>
}

export interface SupervisorOptions extends Omit<Hello, 'type'> {
  /** Path of the Node program. */
  readonly node: string
  readonly graceMs?: number
  /** One that was started beforehand. */
  readonly spare?: SpareSupervisor
}

/** A supervisor process that serves no run yet. */
export interface SpareSupervisor {
  /** Gives it away; undefined where it was given away already, or died. */
  take(): Process | undefined
  /** Ends it, unless it was given away. */
  drop(): void
}

/** How long after the last moment of promise 13 a report may still be on its way. */
const LATE_MS = 500

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

interface Queued {
  readonly launch: Launch
  readonly done: (report: Report) => void
}

interface Process {
  readonly child: ChildProcess
  readonly channel: Socket
  /** Where it keeps what it started ahead. */
  readonly gate: Socket
}

/**
 * What keeps a Node small: to start a process it copies its memory map, and young garbage and helper threads make that
 * half as dear again (docs/decisions/0061-a-small-supervisor.md). Not `--single-threaded`, which is the sum of such flags:
 * under it Node throws away the compiled form of its own modules, and starts 9 ms later.
 */
const SMALL = ['--max-semi-space-size=1', '--single-threaded-gc', '--no-concurrent-recompilation', '--v8-pool-size=1']

function spawnProcess(node: string, env: { readonly [name: string]: string }): Process {
  // Every step can read its environment: it has nothing that a step is not given, and no OPSFLOW_RUN of an outer run,
  // since it must outlive its steps long enough to end them.
  const own = env.PATH === undefined ? {} : { PATH: env.PATH }
  const child = spawn(node, [...SMALL, entryFile(import.meta.url, './main.ts', 'supervisor.js')], {
    cwd: '/',
    env: own,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  child.on('error', () => {})
  // Node makes no pipes where no more files may be opened, and says why only later.
  if ((child.stdio as ChildProcess['stdio'] | undefined) === undefined)
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE', syscall: 'spawn', path: node })
  const [channel, gate] = [child.stdio[3], child.stdio[GATE]] as [Socket, Socket]
  for (const socket of [channel, gate]) socket.on('error', () => {})
  gate.unref()
  return { child, channel, gate }
}

/**
 * Starts a supervisor before there is a run for it, so that its start overlaps with reading and compiling. It keeps no
 * process alive, writes nothing, and ends with this one.
 */
export function startSpareSupervisor(node: string, env: { readonly [name: string]: string }): SpareSupervisor {
  let spare: Process | undefined
  try {
    spare = spawnProcess(node, env)
  } catch {
    // Whoever needs one tries again, and tells.
  }
  spare?.child.unref()
  spare?.channel.unref()
  return {
    take() {
      const taken = spare
      spare = undefined
      if (taken === undefined || taken.child.pid === undefined || taken.child.exitCode !== null) return undefined
      taken.child.ref()
      taken.channel.ref()
      return taken
    },
    drop() {
      spare?.channel.destroy()
      spare?.gate.destroy()
      spare = undefined
    },
  }
}

/**
 * Starts a supervisor. When it dies, what it had started is ended from here, each of its launches ends as `lost`, and
 * the next launch gets a new supervisor.
 */
export function startSupervisorProcess(options: SupervisorOptions): Supervisor {
  const pending = new Map<string, Pending>()
  /** What waits at the gate, or would: one at a time, since whatever waits there reads the next line. */
  let prepared: string | undefined
  let secrets: readonly string[] = []
  let refused: string | undefined
  let closed = false
  let current: Process | undefined
  /** When the current process is dead, or has closed its end of the channel, which is the last thing it does. */
  let left = Promise.resolve()
  /** What a dead one left behind is being ended: a step that began meanwhile would be found with it, by the same id. */
  let reaping: Promise<unknown> | undefined
  /** What is launched meanwhile, in its order. */
  const queued = new Map<string, Queued>()
  let outbox = ''
  const { node, graceMs, spare, ...hello } = options

  const flush = (): void => {
    const text = outbox
    outbox = ''
    if (text !== '') current?.channel.write(text)
  }
  /** All that is said in one turn goes out in one write. */
  const tell = (message: ToSupervisor): void => {
    if (outbox === '') queueMicrotask(flush)
    outbox += `${JSON.stringify(message)}\n`
  }
  const end = (token: string, report: Report): void => {
    const one = pending.get(token)
    if (one === undefined || !pending.delete(token)) return
    one.done(report)
  }
  /** A supervisor that somebody stopped, a step of ours perhaps, ends nothing in time. To wake one that runs is nothing. */
  const wake = (): void => void current?.child.kill('SIGCONT')
  /** Wakes it when a report is overdue, and again until that comes: the step may have begun long after it was launched. */
  const watchdog = setInterval(() => {
    const now = performance.now()
    const isLate = ({ launch: { timeoutMs, graceMs }, startedAt }: Pending): boolean =>
      timeoutMs !== undefined && now > startedAt + (timeoutMs + graceMs) * 1.1 + LATE_MS
    if ([...pending.values()].some(isLate)) wake()
  }, LATE_MS)
  watchdog.unref()
  const take = (message: FromSupervisor): void => {
    if (message.type === 'ended') end(message.token, message.report)
    else if (message.type === 'refused') refused = message.message
  }
  const lost = async (): Promise<void> => {
    current?.gate.destroy()
    current = undefined
    prepared = undefined
    const unended = [...pending]
    // Another supervisor of this run still owns what the journal names.
    if (refused === undefined && unended.length > 0) {
      reaping = reap(options.runDir, options.run, graceMs ?? 2000)
      await reaping
    }
    for (const [token, one] of unended) {
      const about = refused ?? 'the supervisor died'
      end(token, { end: 'lost', error: { code: 'LOST', about }, durationMs: performance.now() - one.startedAt })
    }
    reaping = undefined
    for (const [token, { launch, done }] of [...queued]) {
      queued.delete(token)
      try {
        start(token, launch, done)
      } catch (error) {
        const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
        done({ end: 'spawn-failed', error: { code, about: 'the supervisor' }, durationMs: 0 })
      }
    }
  }
  /** One that waits has started nothing. */
  const cancel = (token: string): void => {
    const one = queued.get(token)
    if (one !== undefined && queued.delete(token)) setImmediate(one.done, { end: 'cancelled', durationMs: 0 })
  }
  const adopt = ({ child, channel }: Process): void => {
    channel.on('data', jsonLines(take))
    const gone = new Promise<void>((resolve) => {
      child.once('error', () => resolve())
      child.once('exit', () => resolve())
    })
    // What it said before it died is read first.
    const silent = new Promise<void>((resolve) => channel.once('close', () => resolve()))
    void Promise.all([gone, silent]).then(lost)
    left = Promise.race([gone, silent])
  }
  const open = (): void => {
    refused = undefined
    makeFolders(options.runDir)
    current = spare?.take() ?? spawnProcess(node, options.env)
    adopt(current)
    tell({ type: 'hello', ...hello })
    if (secrets.length > 0) tell({ type: 'secrets', values: secrets })
  }
  const start = (token: string, launch: Launch, done: (report: Report) => void): void => {
    if (current === undefined) open()
    pending.set(token, { launch, startedAt: performance.now(), done })
    if (prepared === token) {
      prepared = undefined
      current?.gate.write('\n')
      tell({ type: 'start', token })
    } else tell({ type: 'start', token, launch })
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
    prepare(token, launch, argv) {
      if (closed || current === undefined || reaping !== undefined || prepared !== undefined) return
      prepared = token
      tell({ type: 'prepare', token, launch, argv })
      flush()
    },
    launch(token, launch, done) {
      if (closed) throw new Error('a launch after the supervisor was closed')
      if (pending.has(token) || queued.has(token)) throw new Error(`\`${token}\` runs already`)
      if (reaping === undefined) start(token, launch, done)
      else queued.set(token, { launch, done })
    },
    abort(token, hard) {
      cancel(token)
      if (!pending.has(token)) return
      tell({ type: 'abort', token, hard })
      wake()
    },
    note(token, text) {
      if (pending.has(token)) tell({ type: 'note', token, text })
    },
    async close() {
      closed = true
      for (const token of queued.keys()) cancel(token)
      await reaping
      const last = current
      if (last === undefined) return clearInterval(watchdog)
      tell({ type: 'close' })
      flush()
      last.channel.end()
      last.gate.destroy()
      wake()
      await left
      clearInterval(watchdog)
      last.child.unref()
    },
  }
}
