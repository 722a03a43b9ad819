import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Actor, RunEvent } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import { type InboxRow, type Ledger, type Leftovers, type Liveness, type Locks, StoreError } from '../ports/store.ts'
import { markOf } from '../util/machine.ts'
import { nearest } from '../util/nearest.ts'
import { guarded } from './database.ts'
import { circleMessage } from './deadlock.ts'
import type { Damage } from './events.ts'
import {
  indexFile,
  listRunFolders,
  prepareStateFolder,
  type RunFolder,
  removeRunFolder,
  runFolder,
  sweepRemoved,
} from './folders.ts'
import { type NewRow, putRow } from './inbox.ts'
import {
  forget,
  keep,
  keepDurations,
  listRuns,
  openIndex,
  type RunSummary,
  readDurations,
  summarise,
} from './index-db.ts'
import { createLedger, openLedger } from './ledger.ts'
import { endLeft, lifeOf } from './leftovers.ts'
import { clearLocks, lockRows, openLocks } from './locks.ts'
import { refuseNetwork } from './network.ts'
import { endOwner, lockFiles, type SignalOwner, supervisorLock, takeRunWhenEnded } from './owner.ts'
import { openRunReader, type RunReader } from './reader.ts'
import { isRunId, matchRuns, newRunId } from './run-id.ts'
import { refuseUnsafeFolders, refuseUnsafeRun } from './trust.ts'

/**
 * The state of a project: a folder with one ledger a run and one small index. Takes the folder's path; gives runs to
 * own, to read and to write to from outside. Reading never disturbs an owner, and reading a damaged run gives what is
 * good. What cannot be done is thrown as `StoreError`, whose `reason` is for machines and whose message is for people.
 */
export interface Store {
  readonly stateDir: string
  /** Makes a run; `created: false` where it is there with the same plan. Nobody owns it yet. */
  create(plan: Plan, run?: string): { readonly run: string; readonly created: boolean }
  /**
   * Takes a run and opens it to write. Waits `patienceMs` where its last owner's steps are still being ended, and ends
   * what outlived that owner before anything else.
   */
  own(run: string, owner: NewOwner): Promise<OwnedRun>
  /**
   * Ends the runner that owns the run, and waits until all it started is gone. It is killed hard: TERM would cancel the
   * run, and a stopped process does not hear it.
   */
  takeOver(run: string, signal: SignalOwner, patienceMs?: number): Promise<void>
  reader(run: string): RunReader
  /** Newest first. */
  list(): readonly RunSummary[]
  /** The one run that a person means: its name, or a beginning of the name or of its tail. */
  resolve(written: string): string
  put(run: string, row: NewRow): InboxRow
  export(run: string): Exported
  /** Deletes a run that has ended, or cannot be read, and that nobody owns. */
  remove(run: string): Promise<void>
  /** Deletes what removals that were cut off have left. Gives what cannot be deleted. */
  sweep(): readonly StoreError[]
  /** Who holds a lock, and who waits for it. */
  lock(key: string): ReturnType<typeof lockRows>
  /** Milliseconds that steps of a pipeline took in earlier runs, by path without keys and passes; nothing where no index can be made. */
  durations(pipeline: string): ReadonlyMap<string, number>
  folder(run: string): RunFolder
  close(): void
}

interface NewOwner {
  readonly pid: number
  readonly by: Actor
  readonly patienceMs?: number
  /** Absent: whoever asks knows that dead owners left nothing. */
  readonly leftovers?: Leftovers
  /** Wakes a supervisor that is stopped and has still to end what it started. Absent: it is only waited for. */
  readonly signal?: SignalOwner
  /** What a person should know: what was ended, and steps that wait for each other. */
  readonly notice?: (message: string) => void
}

/** A run in the hands of its one owner. */
export interface OwnedRun {
  readonly folder: RunFolder
  readonly ledger: Ledger
  readonly locks: Locks
  /** The file for the supervisor to hold; never to be opened here. */
  readonly supervisorLock: string
  readonly durations: ReadonlyMap<string, number>
  /** Gives the run up, with all its locks. `durations`: what steps took, for the runs to come. */
  release(durations?: ReadonlyMap<string, number>): void
}

/** All there is of a run, for another tool or another day. */
interface Exported {
  readonly format: 1
  readonly run: string
  readonly liveness: Liveness
  readonly plan: Plan | undefined
  readonly events: readonly RunEvent[]
  readonly inbox: readonly InboxRow[]
  readonly damaged: Damage | undefined
}

const PATIENCE_MS = 30_000

export function openStore(stateDir: string, now: () => number = Date.now): Store {
  refuseNetwork(stateDir)
  let shared: DatabaseSync | undefined
  const index = (): DatabaseSync => {
    prepareStateFolder(stateDir)
    shared ??= openIndex(stateDir)
    return shared
  }
  /** The index, or nothing where it cannot be made: on a mounted archive, in another user's folder. */
  const indexIfAny = (): DatabaseSync | undefined => {
    try {
      return index()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const isDenied = error instanceof StoreError ? error.reason === 'denied' : code === 'EROFS' || code === 'EACCES'
      if (isDenied) return undefined
      throw error
    }
  }
  const existing = (run: string): RunFolder => {
    const folder = runFolder(stateDir, run)
    if (isRunId(run) && existsSync(folder.path)) return folder
    throw notFound(run, listRunFolders(stateDir))
  }
  return {
    stateDir,
    folder: existing,
    durations(pipeline) {
      const db = indexIfAny()
      return db === undefined ? new Map() : guarded(indexFile(stateDir), () => readDurations(db, pipeline))
    },
    create(plan, run = newRunId(now())) {
      if (!isRunId(run))
        throw new StoreError('not-found', `\`${run}\` cannot name a run`, 'use letters, digits, `-` and `_`')
      prepareStateFolder(stateDir)
      return { run, created: createLedger(runFolder(stateDir, run), plan) }
    },
    async own(run, owner) {
      const { pid, by, patienceMs = PATIENCE_MS, leftovers, notice, signal } = owner
      const folder = existing(run)
      refuseUnsafeRun(folder, lockFiles(folder))
      const giveUp = await takeRunWhenEnded(folder, patienceMs, signal)
      let ledger: Ledger | undefined
      try {
        // From here on no older owner can record anything, even one whose lock file somebody took away.
        ledger = openLedger(folder, { mark: markOf(pid), by, atMs: now() })
        // Before its old locks are given up, and before anything of it starts anew.
        if (leftovers !== undefined && ledger.epoch > 1) await endLeft('the dead run', folder, leftovers, notice)
        return ownedRun(folder, ledger, giveUp, owner)
      } catch (error) {
        ledger?.close()
        giveUp()
        throw error
      }
    },
    takeOver: (run, signal, patienceMs = PATIENCE_MS) => endOwner(existing(run), signal, patienceMs),
    reader: (run) => openRunReader(existing(run)),
    list: () => (existsSync(stateDir) ? guarded(indexFile(stateDir), () => listRuns(indexIfAny(), stateDir)) : []),
    resolve(written) {
      const runs = listRunFolders(stateDir)
      const [first, ...more] = matchRuns(written, runs)
      if (first === undefined) throw notFound(written, runs)
      if (more.length === 0) return first
      throw new StoreError(
        'ambiguous',
        `\`${written}\` may be ${1 + more.length} runs: ${[first, ...more]
          .slice(-5)
          .map((run) => `\`${run}\``)
          .join(', ')}`,
        'write more of the name, or its last part',
      )
    },
    put: (run, row) => putRow(existing(run), row, now()),
    export(run) {
      const reader = openRunReader(existing(run))
      try {
        const { liveness, events, damaged } = reader.whole()
        const part = { format: 1, run, liveness, events, damaged } as const
        return { ...part, plan: orUndefined(() => reader.plan()), inbox: orUndefined(() => reader.inbox()) ?? [] }
      } finally {
        reader.close()
      }
    },
    async remove(run) {
      const folder = existing(run)
      refuseUnsafeFolders(folder)
      const giveUp = await takeRunWhenEnded(folder, 0).catch((error: unknown) => {
        throw existsSync(folder.path) ? error : notFound(run, listRunFolders(stateDir))
      })
      try {
        // It may have been opened again since it was chosen.
        const { phase } = summarise(folder, 'free')
        if (phase !== 'ended' && phase !== 'unreadable')
          throw new StoreError('owned', `run \`${run}\` has not ended`, `end it first: opsflow cancel ${run}`)
        removeRunFolder(folder)
      } finally {
        giveUp()
      }
      // The index is only a copy, and is mended by the next `list`.
      orUndefined(() => forget(index(), run))
    },
    sweep() {
      refuseUnsafeFolders(runFolder(stateDir, 'any'))
      return sweepRemoved(stateDir)
    },
    lock: (key) => guarded(indexFile(stateDir), () => lockRows(index(), key)),
    close() {
      if (shared?.isOpen) shared.close()
      shared = undefined
    },
  }

  function ownedRun(folder: RunFolder, ledger: Ledger, giveUp: () => void, owner: NewOwner): OwnedRun {
    const { run } = folder
    const { leftovers, notice } = owner
    const isAlive = lifeOf(stateDir, leftovers, notice)
    const path = indexFile(stateDir)
    // The index is opened when it is first needed: a run without locks touches it twice.
    if (ledger.epoch > 1) {
      guarded(path, () => {
        clearLocks(index(), run)
        // An ended run that is opened again is not what its line says any more.
        forget(index(), run)
      })
    }
    let locks: Locks | undefined
    let connection: DatabaseSync | undefined
    let isReleased = false
    const opened = (): Locks => {
      // A connection of its own: what another run of this same process changes must be seen as a change.
      connection ??= openIndex(stateDir)
      locks ??= openLocks({
        db: connection,
        path,
        run,
        isAlive,
        now,
        onDeadlock: (circle) => notice?.(circleMessage(circle, run)),
      })
      return locks
    }
    const closeLocks = (): void => {
      locks?.close()
      if (connection?.isOpen) connection.close()
    }
    return {
      folder,
      ledger,
      supervisorLock: supervisorLock(folder),
      locks: {
        request: (...asked) => guarded(path, opened).request(...asked),
        granted: () => locks?.granted() ?? [],
        release: (token) => locks?.release(token),
        close: closeLocks,
      },
      durations: guarded(path, () => readDurations(index(), ledger.plan.root)),
      release(durations = new Map()) {
        if (isReleased) return
        isReleased = true
        // Read while the ledger is open: a reader that is the last one out leaves its shared memory file behind.
        const summary = summarise(folder, 'free')
        try {
          closeLocks()
          ledger.close()
          // The run is over and recorded; the index is only its copy and is mended by the next `list`. Whoever takes the
          // run next says otherwise after this.
          orUndefined(() => {
            keep(index(), summary)
            keepDurations(index(), ledger.plan.root, durations)
          })
        } finally {
          giveUp()
        }
      },
    }
  }
}

function notFound(written: string, runs: readonly string[]): StoreError {
  const near = nearest(written, runs)
  const hint = near === undefined ? 'list them with `opsflow runs`' : `did you mean \`${near}\`?`
  return new StoreError('not-found', `there is no run \`${written}\``, hint)
}

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
