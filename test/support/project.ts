import { type ChildProcess, spawn as spawnChild } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { main } from '../../src/cli.ts'
import type { ExitCode, Io } from '../../src/commands/io.ts'
import type { RunEvent } from '../../src/events/events.ts'
import { emptyState, reduce } from '../../src/events/reduce.ts'
import type { RunState } from '../../src/events/state.ts'
import type { Liveness } from '../../src/ports/store.ts'
import { runFolder } from '../../src/store/folders.ts'
import { openRunReader } from '../../src/store/reader.ts'
import { NODE } from './node.ts'
import { LOOK_MS, linesOf, PATIENCE_MS, soon } from './waiting.ts'

/**
 * A project in a folder of its own, and the command line in it: in this process (`opsflow`, `start`) or as a real one
 * (`spawn`). Nothing waits by the clock: `until` follows the record of a run, `file` the evidence that a step writes.
 */
export interface TestProject {
  /** Holds the files; the working directory of every command. */
  readonly folder: string
  readonly stateDir: string
  readonly env: { readonly [name: string]: string }
  /** Runs a command here, in this process, to its end. */
  opsflow(...words: readonly string[]): Promise<Ended>
  /** The same by another user of the machine. */
  as(user: string): { opsflow(...words: readonly string[]): Promise<Ended> }
  /** Starts a command here, in this process. */
  start(...words: readonly string[]): Started
  /** Starts a command as a process of its own; killed when the test ends. */
  spawn(...words: readonly string[]): Spawned
  write(files: { readonly [path: string]: string }): void
  read(path: string): string
  has(path: string): boolean
  /** Lines of a file that steps append to; none where it is not there. */
  lines(path: string): readonly string[]
  /** Resolves when the file is there and has so many lines. */
  file(path: string, lines?: number): Promise<readonly string[]>
  /** Ids of all runs that began, oldest first; resolves when there are so many. */
  runs(least?: number): Promise<readonly string[]>
  /** The only run, or the newest. Resolves when there is one that began. */
  run(): Promise<string>
  state(run?: string): RunState
  events(run?: string): readonly RunEvent[]
  /** Follows a run's record until it says so. */
  until(holds: (state: RunState, liveness: Liveness) => boolean, run?: string): Promise<RunState>
}

interface Ended {
  readonly exit: ExitCode
  readonly stdout: string
  readonly stderr: string
}

interface Started {
  readonly ended: Promise<Ended>
  readonly out: { stdout: string; stderr: string }
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void
}

interface Spawned {
  readonly pid: number
  readonly child: ChildProcess
  readonly out: { stdout: string; stderr: string }
  readonly ended: Promise<{
    readonly exit: number | null
    readonly signal: string | null
    readonly stdout: string
    readonly stderr: string
  }>
  kill(signal: NodeJS.Signals): void
}

const ENTRY = join(import.meta.dirname, 'opsflow-process.ts')
/** What the page starts is built, as the page is. */
const BUILT = join(import.meta.dirname, '..', '..', 'bin', 'opsflow.js')

/** Makes a project of texts, each under its path. `env` adds to what commands see of the world. */
export function project(
  files: { readonly [path: string]: string },
  options: { readonly env?: { readonly [name: string]: string } } = {},
): TestProject {
  const home = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  const folder = join(home, 'project')
  const stateDir = join(home, 'state')
  mkdirSync(folder)
  const children = new Set<ChildProcess>()
  // What processes of their own printed: a run that never came may have been refused.
  const printed: unknown[] = []
  onTestFinished(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await endLeft()
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    USER: 'tester',
    TMPDIR: process.env.TMPDIR ?? tmpdir(),
    OPSFLOW_STATE: stateDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A Tester',
    GIT_AUTHOR_EMAIL: 'tester@example.org',
    GIT_COMMITTER_NAME: 'A Tester',
    GIT_COMMITTER_EMAIL: 'tester@example.org',
    ...options.env,
  }
  const write: TestProject['write'] = (more) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
  write(files)

  const startAs = (user: Io['user'], words: readonly string[]): Started => {
    const out = { stdout: '', stderr: '' }
    const handlers: { readonly name: string; readonly call: () => void }[] = []
    const io: Io = {
      stdout: { write: keep(out, 'stdout') },
      stderr: { write: keep(out, 'stderr') },
      stdin: (async function* () {})(),
      cwd: folder,
      env,
      user,
      pid: process.pid,
      node: NODE,
      entry: BUILT,
      kill: (pid, signal) => void process.kill(pid, signal),
      version: '0.0.0',
      onSignal: (name, call) => {
        const handler = { name, call }
        handlers.push(handler)
        return () => void handlers.splice(handlers.indexOf(handler), 1)
      },
    }
    const ended = main(words, io).then((exit) => ({ exit, ...out }))
    return {
      ended,
      out,
      signal: (name) => {
        for (const handler of [...handlers]) if (handler.name === name) handler.call()
      },
    }
  }

  const runs = (): readonly string[] => {
    const under = join(stateDir, 'runs')
    if (!existsSync(under)) return []
    // Their names sort by second only.
    const begun = readdirSync(under).map((run) => ({ run, at: beganAt(run) }))
    return begun.sort((a, b) => a.at - b.at).map(({ run }) => run)
  }
  const newest = (): string => {
    const run = runs().at(-1)
    if (run === undefined) throw new Error('there is no run yet')
    return run
  }
  const events = (run = newest()): readonly RunEvent[] => {
    const reader = openRunReader(runFolder(stateDir, run))
    try {
      return reader.events().events
    } finally {
      reader.close()
    }
  }

  /** Ends what a killed runner's supervisor has not ended yet, by the records of this project alone. */
  const endLeft = async (): Promise<void> => {
    for (const run of runs()) {
      const left = lookForever(
        () => true,
        run,
        PATIENCE_MS,
        (_, liveness) => liveness !== 'ending' && liveness !== 'live',
      )
      await left.catch(() => undefined)
    }
  }

  const lookForever = async (
    holds: (state: RunState, liveness: Liveness) => boolean,
    run: string,
    patienceMs: number,
    also: (state: RunState, liveness: Liveness) => boolean = () => true,
  ): Promise<RunState> => {
    const reader = openRunReader(runFolder(stateDir, run))
    let state = emptyState()
    try {
      const signal = AbortSignal.timeout(patienceMs)
      for await (const look of reader.follow({ intervalMs: LOOK_MS, signal })) {
        for (const event of look.events) state = reduce(state, event)
        if (holds(state, look.liveness) && also(state, look.liveness)) return state
      }
    } finally {
      reader.close()
    }
    throw new Error(
      `the record of \`${run}\` never said so; it ends with\n${events(run)
        .slice(-12)
        .map((event) => JSON.stringify(event))
        .join('\n')}`,
    )
  }

  return {
    folder,
    stateDir,
    env,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    has: (path) => existsSync(join(folder, path)),
    lines: (path) => linesOf(join(folder, path)),
    file: (path, lines = 1) =>
      soon(
        () => linesOf(join(folder, path)),
        (found) => found.length >= lines,
        path,
      ),
    opsflow: (...words) => startAs({ name: 'tester', uid: 1000 }, words).ended,
    as: (user) => ({ opsflow: (...words) => startAs({ name: user }, words).ended }),
    start: (...words) => startAs({ name: 'tester', uid: 1000 }, words),
    spawn(...words) {
      const out = { stdout: '', stderr: '' }
      printed.push(out)
      const child = spawnChild(NODE, [ENTRY, ...words], {
        cwd: folder,
        env: { ...env, OPSFLOW_BUILD_VERSION: '0.0.0' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      child.stdout!.setEncoding('utf8').on('data', keep(out, 'stdout'))
      child.stderr!.setEncoding('utf8').on('data', keep(out, 'stderr'))
      const ended = new Promise<Awaited<Spawned['ended']>>((resolve) =>
        child.on('close', (exit, signal) => resolve({ exit, signal, ...out })),
      )
      return { pid: child.pid!, child, out, ended, kill: (signal) => void child.kill(signal) }
    },
    runs: (least = 0) =>
      soon(
        () => runs().filter(hasBegun),
        (found) => found.length >= least,
        () => `${least} runs (commands said ${JSON.stringify(printed)})`,
      ),
    run: () =>
      soon(
        () => runs().at(-1),
        (run) => run !== undefined && hasBegun(run),
        'a run',
      ).then((run) => run!),
    state: (run) => events(run).reduce(reduce, emptyState()),
    events,
    until: async (holds, run) =>
      lookForever(
        holds,
        run ??
          (await soon(
            () => runs().at(-1),
            (id) => id !== undefined && hasBegun(id),
            'a run',
          ))!,
        PATIENCE_MS,
      ),
  }

  function hasBegun(run: string): boolean {
    return beganAt(run) < Number.POSITIVE_INFINITY
  }

  function beganAt(run: string): number {
    try {
      return events(run)[0]?.at ?? Number.POSITIVE_INFINITY
    } catch {
      return Number.POSITIVE_INFINITY
    }
  }
}

function keep(out: { stdout: string; stderr: string }, name: 'stdout' | 'stderr'): (text: string | Uint8Array) => void {
  const decoder = new TextDecoder()
  return (text) => {
    out[name] += typeof text === 'string' ? text : decoder.decode(text, { stream: true })
  }
}

/** Output with what differs between two runs of a test replaced: ids, times, durations, process numbers, folders. */
export function plain(text: string, at?: TestProject): string {
  const local = at === undefined ? text : text.replaceAll(at.folder, 'PROJECT').replaceAll(at.stateDir, 'STATE')
  return (
    local
      .replace(/\b\d{8}-\d{6}-[2-9b-z]{5}\b/g, 'RUN')
      .replace(/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+Z)?( UTC)?/g, 'TIME')
      .replace(/\bpid \d+/g, 'pid PID')
      .replace(/\bplan [0-9a-f]{12}\b/g, 'plan HASH')
      .replace(/(?<![\w.])(?:\d+(?:\.\d+)?(?:ms|s|m|h))+(?![\w])/g, 'SPAN')
      // Of steps that take as long as each other, now this one is on it and now that.
      .replace(/critical path SPAN(?: SPAN)?: .*/g, 'critical path SPAN: STEPS')
      .replace(/[ \t]+$/gm, '')
  )
}
