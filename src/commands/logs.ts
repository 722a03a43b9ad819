import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { attemptToken } from '../events/path.ts'
import type { RunState } from '../events/state.ts'
import { filesBelow } from '../util/files-below.ts'
import { logName } from '../util/log-name.ts'
import { READ } from '../util/no-links.ts'
import { createScreenFilter, harmless } from '../views/terminal/harmless.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import { isWorkflow, stopCommands } from '../views/terminal/unheard.ts'
import type { ExitCode, Io } from './io.ts'
import { findPath, stateOf, withRun } from './open-run.ts'
import { WorldError } from './usage-error.ts'

const FOLLOW_MS = 100
const PIECE_BYTES = 1 << 16
const LINE_FEED = 10

/**
 * `opsflow logs RUN [STEP] [-f]`: what the steps printed, attempt by attempt in the order in which they started. Several
 * logs get a heading each; one log is printed as it is: byte by byte, but on a terminal without what would do more to it
 * than colour its text, and in a GitHub workflow between two lines that keep it from being taken for commands.
 */
export function logs(
  options: { readonly id: string; readonly step?: string | undefined; readonly follow?: boolean },
  io: Io,
): Promise<ExitCode> {
  return withRun(
    options.id,
    io,
    async (open): Promise<ExitCode> => {
      const folder = join(open.reader.folder.path, 'logs')
      const known = [
        ...new Set([...attemptsIn(folder, open.state).map(({ path }) => path), ...open.state.steps.keys()]),
      ]
      const only = options.step === undefined ? undefined : findLog(options.step, known)
      // In a workflow a log may say what GitHub would take for a command to itself.
      const [stop, goOn] = isWorkflow(io.env) ? stopCommands() : ['', '']
      if (stop !== '') io.stdout.write(stop)
      const printer = createPrinter(folder, io, only === undefined)
      const names = (state: RunState) =>
        attemptsIn(folder, state).filter(({ path }) => only === undefined || path === only || isBelow(path, only))
      try {
        for (const attempt of names(open.state)) printer.print(attempt)
        if (!options.follow) {
          if (printer.printed === 0)
            throw new WorldError(
              only === undefined ? 'no step has printed anything' : `\`${only}\` has printed nothing`,
              `see \`opsflow show ${open.run}\``,
            )
          return 0
        }
        const stop = new AbortController()
        const undo = io.onSignal('SIGINT', () => stop.abort())
        while (!stop.signal.aborted) {
          // Liveness first: what was written before the end is then printed by this last round.
          const liveness = open.reader.liveness()
          for (const attempt of names(stateOf(open.reader.events().events))) printer.print(attempt)
          if (liveness !== 'live' && liveness !== 'ending') break
          await delay(FOLLOW_MS, undefined, { signal: stop.signal }).catch(() => undefined)
        }
        undo()
        return 0
      } finally {
        printer.close()
        if (goOn !== '') io.stdout.write(`\n${goOn}`)
      }
    },
    { damage: 'told' },
  )
}

export interface Attempt {
  readonly path: string
  readonly attempt: number
  /** Of a check or repair that was cut off and made again: 2 and more. */
  readonly delivery: number
}

/** What belongs to a step: what it holds, its items, its passes; its checks and repairs. */
function isBelow(path: string, step: string): boolean {
  return ['/', '[', '@'].some((mark) => path.startsWith(step + mark))
}

/** The log that a person means; a check of a gate and a repair may be named by their last part alone. */
function findLog(written: string, known: readonly string[]): string {
  const named = known.filter(
    (path) =>
      path
        .split('/')
        .at(-1)!
        .replace(/^(?:check|recover):/, '') === written,
  )
  return named.length === 1 && !known.includes(written) ? named[0]! : findPath(written, known, 'step')
}

/** Every attempt that has a log, checks and repairs among them, in the order in which their steps started. */
export function attemptsIn(folder: string, state: RunState): readonly Attempt[] {
  const startOf = ({ path }: Attempt): number => {
    const step = path.replace(/\/(?:check|recover):[^/]*$/, '')
    return state.steps.get(step)?.startedAt ?? Number.POSITIVE_INFINITY
  }
  return filesBelow(folder)
    .flatMap((file): readonly Attempt[] => {
      const name = /^(.*)\.(\d+)(?:-(\d+))?\.log$/s.exec(file)
      return name ? [{ path: name[1]!, attempt: Number(name[2]), delivery: Number(name[3] ?? 1) }] : []
    })
    .map((attempt) => ({ attempt, at: startOf(attempt) }))
    .toSorted((a, b) => (a.at === b.at ? compare(a.attempt, b.attempt) : a.at - b.at))
    .map(({ attempt }) => attempt)
}

/** An attempt, then its checks, then its repairs, then the next attempt. */
function compare(a: Attempt, b: Attempt): number {
  const step = (path: string) => path.replace(/\/(?:check|recover):[^/]*$/, '')
  if (step(a.path) !== step(b.path)) return step(a.path) < step(b.path) ? -1 : 1
  return a.attempt - b.attempt || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.delivery - b.delivery)
}

function whichOf(attempt: number, delivery: number): string {
  const words = [...(attempt > 1 ? [`attempt ${attempt}`] : []), ...(delivery > 1 ? [`made again, ${delivery}`] : [])]
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function createPrinter(folder: string, io: Io, headings: boolean) {
  const style = makeStyle(wantsColour(io.stdout, io.env))
  const files = new Map<
    string,
    { readonly fd: number; at: number; readonly shown: (bytes: Uint8Array) => string | Uint8Array }
  >()
  let last: string | undefined
  const printer = {
    /** Files with something in them so far. */
    printed: 0,
    /** Prints what the attempt's log has got since the last time. */
    print({ path, attempt, delivery }: Attempt): void {
      const name = logName(attemptToken(path, attempt, delivery))
      let file = files.get(name)
      if (file === undefined) {
        if (!existsSync(join(folder, name))) return
        file = {
          fd: openSync(join(folder, name), READ),
          at: 0,
          shown: io.stdout.isTTY ? forScreen() : (bytes) => bytes,
        }
        files.set(name, file)
      }
      const size = fstatSync(file.fd).size
      if (size <= file.at) return
      if (file.at === 0) printer.printed++
      if (headings && last !== name)
        io.stdout.write(harmless(`${style.dim(`── ${path}${whichOf(attempt, delivery)} ──`)}\n`))
      last = name
      let lastByte: number | undefined
      while (file.at < size) {
        // One for each write: a stream may still hold the one before.
        const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - file.at))
        const read = readSync(file.fd, piece, 0, piece.length, file.at)
        if (read === 0) break
        file.at += read
        lastByte = piece[read - 1]
        io.stdout.write(file.shown(piece.subarray(0, read)))
      }
      if (headings && lastByte !== LINE_FEED) io.stdout.write('\n')
    },
    close(): void {
      for (const { fd } of files.values()) closeSync(fd)
    },
  }
  return printer
}

function forScreen(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder()
  const filter = createScreenFilter()
  return (bytes) => filter(decoder.decode(bytes, { stream: true }))
}
