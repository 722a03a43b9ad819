import type { DatabaseSync } from 'node:sqlite'
import type { Plan } from '../plan/plan.ts'
import type { Token } from '../ports/executor.ts'
import type { Locks } from '../ports/store.ts'
import { own } from '../util/own.ts'
import { guarded, inTransaction } from './database.ts'
import { findCircle, isAround, type LockRow, pathOf, stepOf } from './deadlock.ts'

/**
 * Locks between runs, as rows of the shared index: one row a request, in the order of asking, one row a key. Between
 * the steps of a run it is judged here in memory; the index is asked only about other runs. A row counts for as long as
 * its run has a living runner or supervisor, or something that they started still lives; nothing has to be cleaned up
 * after `kill -9`: the next one in line does.
 */
export interface LockOptions {
  readonly db: DatabaseSync
  /** For error messages. */
  readonly path: string
  readonly run: string
  /** Whether another run still has a living owner, or something of it still runs. */
  readonly isAlive: (run: string) => boolean
  /** Told once of each circle of steps that wait for each other's locks. */
  readonly onDeadlock?: (circle: readonly LockRow[]) => void
  readonly now: () => number
}

interface Request {
  readonly id: number
  readonly token: Token
  readonly path: string
  readonly keys: readonly string[]
  readonly places: NonNullable<Plan['places']>
  held: boolean
}

export function openLocks({ db, path, run, isAlive, onDeadlock, now }: LockOptions): Locks {
  const version = db.prepare('PRAGMA data_version')
  const insert = db.prepare('INSERT INTO locks(run, token, held, at) VALUES(?, ?, 0, ?)')
  const insertKey = db.prepare('INSERT INTO lock_keys(key, id) VALUES(?, ?)')
  const hold = db.prepare('UPDATE locks SET held = 1 WHERE id = ?')
  const drop = db.prepare('DELETE FROM locks WHERE id = ?')
  const dropRun = db.prepare('DELETE FROM locks WHERE run = ?')
  const others = db.prepare(
    `SELECT DISTINCT key, locks.run AS run FROM lock_keys JOIN locks USING(id)
     WHERE key IN (SELECT value FROM json_each(?1)) AND locks.run <> ?2 AND (held = 1 OR (?3 = 0 AND id < ?4))`,
  )
  /** In the order of asking. */
  const requests = new Map<Token, Request>()
  const holders = new Map<string, Set<Request>>()
  let waiting = 0
  let blockers = new Set<string>()
  let seenVersion: unknown
  let changed = false
  /** Circles told of, by the rows that make them. */
  const told = new Set<string>()

  /** Each key with the places that steps of this run leave it: held by one that is not around it, one fewer. */
  const leftHere = (request: Request): Map<string, number> =>
    new Map(
      request.keys.map((key) => {
        const taken = [...(holders.get(key) ?? [])].filter((holder) => !isAround(holder, request))
        return [key, (own(request.places, key) ?? 1) - taken.length]
      }),
    )

  /**
   * It may pass those who only wait: they may be waiting for the step around it. In its own run nobody waits for what the
   * run itself holds (`inRun`), so that is no reason to pass those who asked before.
   */
  const isInside = (request: Request, inRun = false): boolean =>
    [...holders.values()].some((set) =>
      [...set].some((holder) => isAround(holder, request) && !(inRun && stepOf(holder.path) === '')),
    )

  const isFree = (request: Request, passes: boolean): boolean => {
    const left = leftHere(request)
    const isLeft = (): boolean => [...left.values()].every((places) => places > 0)
    if (!isLeft()) return false
    for (const row of others.all(JSON.stringify(request.keys), run, passes ? 1 : 0, request.id)) {
      const [other, key] = [row.run as string, row.key as string]
      if (isAlive(other)) {
        blockers.add(other)
        left.set(key, left.get(key)! - 1)
      } else dropRun.run(other)
    }
    return isLeft()
  }

  /** One pass over those who wait, oldest first; `claimed` are keys that an older one of this run waits for. */
  const grant = (): Token[] => {
    const given: Token[] = []
    const claimed = new Set<string>()
    for (const request of requests.values()) {
      if (request.held) continue
      const passes = isInside(request)
      const isClaimed = !isInside(request, true) && request.keys.some((key) => claimed.has(key))
      if (!isClaimed && isFree(request, passes)) {
        hold.run(request.id)
        request.held = true
        waiting--
        for (const key of request.keys) holders.set(key, (holders.get(key) ?? new Set()).add(request))
        given.push(request.token)
      } else for (const key of request.keys) claimed.add(key)
    }
    return given
  }

  /** Other runs are looked at again where the index or the life of a blocker changed. */
  const look = (): Token[] => {
    if (waiting === 0) return []
    const nowVersion = version.get()?.data_version
    if (!changed && nowVersion === seenVersion && [...blockers].every(isAlive)) return []
    return guarded(path, () =>
      inTransaction(db, () => {
        seenVersion = nowVersion
        changed = false
        blockers = new Set()
        return grant()
      }),
    )
  }

  /** Only a step inside of one that holds something can close a circle, so nobody else asks. */
  const lookForCircle = (): void => {
    if (onDeadlock === undefined || ![...requests.values()].some((one) => !one.held && isInside(one))) return
    const circle = findCircle(allRows(db).filter((row) => row.run === run || isAlive(row.run)))
    const name = circle.map(({ id }) => id).join()
    if (circle.length === 0 || told.has(name)) return
    told.add(name)
    onDeadlock(circle)
  }

  return {
    request(token, keys, places = {}) {
      const known = requests.get(token)
      if (known) return known.held
      guarded(path, () =>
        inTransaction(db, () => {
          const sorted = [...new Set(keys)].sort()
          const id = Number(insert.run(run, token, now()).lastInsertRowid)
          for (const key of sorted) insertKey.run(key, id)
          const request = { id, token, path: pathOf(token), keys: sorted, places, held: false }
          requests.set(token, request)
          waiting++
          // Older ones that could be given are told by `granted`, so only this one's turn is judged.
          const older = [...requests.values()].filter((other) => !other.held && other !== request)
          const passes = isInside(request)
          const isClaimed =
            !isInside(request, true) && older.some((other) => other.keys.some((key) => sorted.includes(key)))
          if (isClaimed || !isFree(request, passes)) return
          hold.run(id)
          request.held = true
          waiting--
          for (const key of sorted) holders.set(key, (holders.get(key) ?? new Set()).add(request))
        }),
      )
      if (requests.get(token)?.held === true) return true
      guarded(path, lookForCircle)
      return false
    },
    granted() {
      const before = seenVersion
      const given = look()
      if (before !== seenVersion) guarded(path, lookForCircle)
      return given
    },
    release(token) {
      const request = requests.get(token)
      if (!request) return
      guarded(path, () => drop.run(request.id))
      requests.delete(token)
      if (!request.held) waiting--
      for (const key of request.keys) holders.get(key)?.delete(request)
      changed = true
    },
    close() {
      if (requests.size > 0) guarded(path, () => dropRun.run(run))
      requests.clear()
      holders.clear()
      waiting = 0
    },
  }
}

/** Frees what an earlier owner of this run left behind. */
export function clearLocks(db: DatabaseSync, run: string): void {
  db.prepare('DELETE FROM locks WHERE run = ?').run(run)
}

/** Who holds a key and who waits for it, for `show`: runs and steps in the order of asking, dead ones too. */
export function lockRows(
  db: DatabaseSync,
  key: string,
): readonly { readonly run: string; readonly token: Token; readonly held: boolean; readonly at: number }[] {
  return db
    .prepare('SELECT run, token, held, at FROM locks JOIN lock_keys USING(id) WHERE key = ? ORDER BY held DESC, id')
    .all(key)
    .map((row) => ({ run: row.run as string, token: row.token as Token, held: row.held === 1, at: row.at as number }))
}

function allRows(db: DatabaseSync): readonly LockRow[] {
  return db
    .prepare(
      'SELECT id, run, token, held, json_group_array(key) AS keys FROM locks JOIN lock_keys USING(id) GROUP BY id ORDER BY id',
    )
    .all()
    .map((row) => ({
      id: row.id as number,
      run: row.run as string,
      token: row.token as Token,
      path: pathOf(row.token as Token),
      held: row.held === 1,
      keys: JSON.parse(row.keys as string) as readonly string[],
    }))
}
