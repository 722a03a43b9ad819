import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunState } from '../events/state.ts'
import { logName } from '../util/log-name.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { findPath, type OpenRun, stateOf, withRun } from './open-run.ts'
import { WorldError } from './usage-error.ts'

const FOLLOW_MS = 100
const PIECE_BYTES = 1 << 16

/**
 * `opsflow logs RUN [STEP] [-f]`: what the steps printed, attempt by attempt in the order in which they started. Several
 * logs get a heading each; one log is printed as it is.
 */
export function logs(
  options: { readonly id: string; readonly step?: string | undefined; readonly follow?: boolean },
  io: Io,
): Promise<ExitCode> {
  return withRun(options.id, io, async (open): Promise<ExitCode> => {
    const paths = pathsOf(open.state)
    const only =
      options.step === undefined
        ? undefined
        : findPath(options.step, [...new Set([...paths, ...open.state.steps.keys()])], 'step')
    const printer = createPrinter(open, io, only === undefined)
    const names = (state: RunState) =>
      attemptsOf(state).filter(
        ({ path }) =>
          only === undefined ||
          path === only ||
          path.startsWith(`${only}/`) ||
          path.startsWith(`${only}[`) ||
          path.startsWith(`${only}@`),
      )
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
    }
  })
}

interface Attempt {
  readonly path: string
  readonly attempt: number
}

function pathsOf(state: RunState): readonly string[] {
  return attemptsOf(state).map(({ path }) => path)
}

/** Every attempt that may have a log: of steps, their checks and their repairs are in the files beside. */
function attemptsOf(state: RunState): readonly Attempt[] {
  return [...state.steps.values()]
    .toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))
    .flatMap((step) =>
      Array.from({ length: step.attempts }, (_, i) =>
        [step.path, ...[...step.checks.keys()].map((id) => `${step.path}/check:${id}`)].map((path) => ({
          path,
          attempt: i + 1,
        })),
      ).flat(),
    )
}

function createPrinter(open: OpenRun, io: Io, headings: boolean) {
  const folder = join(open.reader.folder.path, 'logs')
  const style = makeStyle(wantsColour(io.stdout, io.env))
  const files = new Map<string, { fd: number; at: number }>()
  let last: string | undefined
  const printer = {
    /** Files with something in them so far. */
    printed: 0,
    /** Prints what the attempt's log has got since the last time. */
    print({ path, attempt }: Attempt): void {
      const name = logName(`${path}#${attempt}`)
      let file = files.get(name)
      if (file === undefined) {
        if (!existsSync(join(folder, name))) return
        file = { fd: openSync(join(folder, name), 'r'), at: 0 }
        files.set(name, file)
      }
      const size = fstatSync(file.fd).size
      if (size <= file.at) return
      if (file.at === 0) printer.printed++
      if (headings && last !== name)
        io.stdout.write(`${style.dim(`── ${path}${attempt > 1 ? ` (attempt ${attempt})` : ''} ──`)}\n`)
      last = name
      const decoder = new TextDecoder()
      const piece = Buffer.alloc(PIECE_BYTES)
      let text = ''
      while (file.at < size) {
        const read = readSync(file.fd, piece, 0, Math.min(PIECE_BYTES, size - file.at), file.at)
        if (read === 0) break
        file.at += read
        text = decoder.decode(piece.subarray(0, read), { stream: true })
        io.stdout.write(text)
      }
      if (headings && !text.endsWith('\n')) io.stdout.write('\n')
    },
    close(): void {
      for (const { fd } of files.values()) closeSync(fd)
    },
  }
  return printer
}
