import { existsSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Actor, RunEvent, RunOutcome } from '../events/events.ts'
import { eventFault } from '../events/shape.ts'
import { type Liveness, StoreError } from '../ports/store.ts'
import { inTransaction, openReadable, openWritable } from './database.ts'
import { indexFile, listRunFolders, type RunFolder, runFolder } from './folders.ts'
import { livenessOf, probe } from './owner.ts'
import { lastType } from './reader.ts'
import { INDEX, LEDGER } from './schema.ts'

/** One line of `opsflow runs`. */
export interface RunSummary {
  readonly run: string
  readonly pipeline: string | undefined
  readonly startedBy: Actor | undefined
  readonly root: string | undefined
  readonly createdAt: number
  /** `unreadable`: its folder is there, its ledger is not to be read. */
  readonly phase: 'running' | 'parked' | 'ended' | 'unreadable'
  readonly outcome: RunOutcome | undefined
  readonly endedAt: number | undefined
  readonly lastAt: number
  /** Of a run that has not ended. */
  readonly liveness: Liveness
}

/** Opens the shared index. One that is damaged is laid aside and made again, but not under the feet of a live run. */
export function openIndex(stateDir: string): DatabaseSync {
  const path = indexFile(stateDir)
  try {
    return openWritable(path, INDEX, 'normal')
  } catch (error) {
    if (!(error instanceof StoreError) || error.reason !== 'damaged') throw error
    const live = listRunFolders(stateDir).find((run) => probe(runFolder(stateDir, run)) !== 'unowned')
    if (live !== undefined) {
      throw new StoreError(
        'damaged',
        `${error.message}; run \`${live}\` may hold locks in it`,
        'try again when it has ended',
      )
    }
    renameSync(path, `${path}.damaged`)
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    return openWritable(path, INDEX, 'normal')
  }
}

/** What a run's own ledger says of it, from its first and last event. `known`: its liveness, where who asks knows it. */
export function summarise(folder: RunFolder, known?: Liveness): RunSummary {
  const unreadable: RunSummary = {
    run: folder.run,
    pipeline: undefined,
    startedBy: undefined,
    root: undefined,
    createdAt: 0,
    phase: 'unreadable',
    outcome: undefined,
    endedAt: undefined,
    lastAt: 0,
    liveness: 'free',
  }
  if (!existsSync(folder.ledger)) return unreadable
  try {
    const db = openReadable(folder.ledger, LEDGER)
    try {
      const liveness = known ?? livenessOf(folder, () => lastType(db))
      const rows = db
        .prepare('SELECT at, body FROM events WHERE seq = 1 OR seq = (SELECT max(seq) FROM events) ORDER BY seq')
        .all()
        .map((row) => ({ ...(JSON.parse(row.body as string) as RunEvent), at: row.at as number }))
      const [first, last] = [rows[0], rows.at(-1)]
      if (rows.some((row) => eventFault(row, row.at) !== undefined)) return unreadable
      if (first?.type !== 'run-created' || last === undefined) return { ...unreadable, liveness }
      return {
        run: folder.run,
        pipeline: first.pipeline,
        startedBy: first.startedBy,
        root: first.root,
        createdAt: first.at,
        phase: last.type === 'run-ended' ? 'ended' : last.type === 'run-parked' ? 'parked' : 'running',
        outcome: last.type === 'run-ended' ? last.outcome : undefined,
        endedAt: last.type === 'run-ended' ? last.at : undefined,
        lastAt: last.at,
        liveness,
      }
    } finally {
      db.close()
    }
  } catch {
    return unreadable
  }
}

/**
 * All runs, newest first. Ended ones come from the index; all others, and what the index lacks, from their ledgers.
 * Without an index (nobody may write one here) all are read from their ledgers.
 */
export function listRuns(db: DatabaseSync | undefined, stateDir: string): readonly RunSummary[] {
  const rows = db?.prepare('SELECT run, body FROM runs').all() ?? []
  const known = new Map(rows.map((row) => [row.run as string, JSON.parse(row.body as string) as RunSummary]))
  const folders = listRunFolders(stateDir)
  const fresh: RunSummary[] = []
  const all = folders.map((run) => {
    const folder = runFolder(stateDir, run)
    const kept = known.get(run)
    if (kept !== undefined) return kept
    const found = summarise(folder)
    if (found.phase === 'ended') fresh.push(found)
    return found
  })
  const there = new Set(folders)
  const gone = [...known.keys()].filter((run) => !there.has(run))
  if (db !== undefined && fresh.length + gone.length > 0) {
    inTransaction(db, () => {
      for (const summary of fresh) keep(db, summary)
      for (const run of gone) forget(db, run)
    })
  }
  return all.sort((a, b) => b.createdAt - a.createdAt || (a.run < b.run ? 1 : -1))
}

/** Keeps the line of an ended run; any other state of it drops the line, since only its ledger knows the truth then. */
export function keep(db: DatabaseSync, summary: RunSummary): void {
  if (summary.phase !== 'ended') {
    forget(db, summary.run)
    return
  }
  db.prepare('INSERT OR REPLACE INTO runs(run, created, body) VALUES(?, ?, ?)').run(
    summary.run,
    summary.createdAt,
    JSON.stringify(summary),
  )
}

export function forget(db: DatabaseSync, run: string): void {
  db.prepare('DELETE FROM runs WHERE run = ?').run(run)
}

/** Milliseconds that steps of a pipeline took in earlier runs, by path without keys and passes. */
export function readDurations(db: DatabaseSync, pipeline: string): ReadonlyMap<string, number> {
  const rows = db.prepare('SELECT step, ms FROM durations WHERE pipeline = ?').all(pipeline)
  return new Map(rows.map((row) => [row.step as string, row.ms as number]))
}

/** Mixes what a run measured into what is known: half the new, half the old, so that one odd run does not decide. */
export function keepDurations(db: DatabaseSync, pipeline: string, durations: ReadonlyMap<string, number>): void {
  if (durations.size === 0) return
  inTransaction(db, () => {
    const put = db.prepare(
      `INSERT INTO durations(pipeline, step, ms) VALUES(?, ?, ?)
       ON CONFLICT DO UPDATE SET ms = (ms + excluded.ms) / 2`,
    )
    for (const [step, ms] of durations) put.run(pipeline, step, ms)
  })
}
