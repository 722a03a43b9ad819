import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../ports/store.ts'
import type { RunSummary } from '../store/index-db.ts'
import type { Store } from '../store/store.ts'
import { parseDuration } from '../util/duration.ts'
import { filesBelow } from '../util/files-below.ts'
import { runsLines } from '../views/terminal/runs.ts'
import { makeStyle, wantsColour } from '../views/terminal/style.ts'
import type { ExitCode, Io } from './io.ts'
import { resolveRun, withStore } from './open-run.ts'
import { errorText, UsageError } from './usage-error.ts'

export interface PruneOptions {
  /** Runs by name; none: those that the rules choose. */
  readonly ids: readonly string[]
  /** A duration: only runs that ended longer ago than that. */
  readonly olderThan?: string
  /** Never the newest so many of those that have ended. */
  readonly keep?: number
  readonly yes?: boolean
}

/**
 * `opsflow prune [RUN…] [--older-than D] [--keep N] [--yes]`: removes runs that have ended, and nothing else. Without
 * `--yes` it only shows which. A run that is being removed when this process dies is no run any more, and what is left
 * of it goes with the next prune.
 */
export function prune(options: PruneOptions, io: Io): Promise<ExitCode> {
  const choose = chooser(options)
  return withStore(io, async (store): Promise<ExitCode> => {
    const all = store.list()
    const chosen = choose(store, all)
    const open = all.filter((run) => run.phase !== 'ended').length
    const kept = `kept ${all.length - chosen.length}${open === 0 ? '' : `, of them ${open} not ended`}`
    if (options.yes === true) for (const error of store.sweep()) io.stderr.write(errorText(error))
    if (chosen.length === 0) {
      io.stdout.write(`nothing to remove; ${kept}\n`)
      return 0
    }
    const bytes = chosen.reduce((sum, { run }) => sum + sizeOf(store, run), 0)
    if (options.yes !== true) {
      io.stdout.write(`${runsLines(chosen, Date.now(), makeStyle(wantsColour(io.stdout, io.env))).join('\n')}\n`)
      io.stdout.write(
        `these ${chosen.length} (${megabytes(bytes)}) would be removed, with their logs: add --yes; ${kept}\n`,
      )
      return 0
    }
    return await removeAll(store, chosen, { bytes, kept }, io)
  })
}

async function removeAll(
  store: Store,
  chosen: readonly RunSummary[],
  { bytes, kept }: { readonly bytes: number; readonly kept: string },
  io: Io,
): Promise<ExitCode> {
  let failed = 0
  for (const { run } of chosen) {
    try {
      await store.remove(run)
    } catch (error) {
      if (isGone(error)) continue
      if (!(error instanceof StoreError)) throw error
      failed++
      io.stderr.write(errorText(error))
    }
  }
  const removed = chosen.length - failed
  io.stdout.write(
    `removed ${removed} ${removed === 1 ? 'run' : 'runs'}${failed === 0 ? ` (${megabytes(bytes)})` : ''}; ${kept}\n`,
  )
  return failed === 0 ? 0 : 1
}

type Choose = (store: Store, all: readonly RunSummary[]) => readonly RunSummary[]

/** What was asked for, checked before anything is read. */
function chooser({ ids, olderThan, keep }: PruneOptions): Choose {
  if (ids.length > 0) {
    if (olderThan !== undefined || keep !== undefined)
      throw new UsageError(
        'runs are named or chosen by a rule, not both',
        'leave out the names, or `--older-than` and `--keep`',
      )
    return named(ids)
  }
  if (olderThan === undefined && keep === undefined)
    throw new UsageError('say which runs may go', 'for example: opsflow prune --older-than 30d --keep 20')
  const ms = olderThan === undefined ? 0 : parseDuration(olderThan)
  if (ms === undefined) throw new UsageError(`\`${olderThan}\` is no duration`, 'write it as `12h` or `30d`')
  return (_store, all) => {
    const until = Date.now() - ms
    const ended = all.filter((run) => run.phase === 'ended').toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
    return ended.slice(keep ?? 0).filter((run) => (run.endedAt ?? 0) <= until)
  }
}

/** A run that has not ended is a promise to go on; one that cannot be read is nothing any more, and may go. */
function named(ids: readonly string[]): Choose {
  return (store, all) => {
    const known = new Map(all.map((run) => [run.run, run]))
    return [...new Set(ids.map((id) => resolveRun(store, id)))].map((run) => {
      const summary = known.get(run)!
      if (summary.phase === 'ended' || summary.phase === 'unreadable') return summary
      throw new UsageError(`run \`${run}\` has not ended`, `end it first: opsflow cancel ${run}`)
    })
  }
}

/** Bytes of a run's files; nothing where somebody else removes it at this moment. */
function sizeOf(store: Store, run: string): number {
  try {
    const { path } = store.folder(run)
    return filesBelow(path).reduce((sum, file) => sum + lstatSync(join(path, file)).size, 0)
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof StoreError ? error.reason === 'not-found' : (error as NodeJS.ErrnoException).code === 'ENOENT'
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
