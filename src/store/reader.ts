import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunEvent } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import type { InboxRow, Liveness } from '../ports/store.ts'
import { guarded, openReadable } from './database.ts'
import { currentPlan, type Damage, type Link, lastLink, readAll, readOn, storedPlan } from './events.ts'
import type { RunFolder } from './folders.ts'
import { openInboxReader, readInbox } from './inbox.ts'
import { listLogs, logsWithoutEvent } from './lost-tail.ts'
import { livenessOf, type OwnerRecord, ownerRecord } from './owner.ts'
import { LEDGER } from './schema.ts'

/** What changed since the last look: new events, another liveness, or damage (then nothing more comes). */
interface Look {
  readonly events: readonly RunEvent[]
  readonly liveness: Liveness
  readonly damaged: Damage | undefined
}

/**
 * A run's record, read beside its owner, by any number of processes. Nothing here can change it. Damage is a value: what
 * stands before it is given all the same.
 */
export interface RunReader {
  readonly run: string
  readonly folder: RunFolder
  /** Throws a `StoreError` `damaged` where it cannot be read. */
  plan(): Plan
  events(fromSeq?: number): { readonly events: readonly RunEvent[]; readonly damaged: Damage | undefined }
  /** First everything, then each change, within `intervalMs`; ends by `signal` or after damage. */
  follow(options?: { readonly signal?: AbortSignal; readonly intervalMs?: number }): AsyncGenerator<Look>
  inbox(): readonly InboxRow[]
  /** Everything by one look; what `liveness` says held before the events were read. `lostTail`: paths below `logs/` of attempts that the record knows nothing of, for its end is lost. */
  whole(): {
    readonly liveness: Liveness
    readonly events: readonly RunEvent[]
    readonly damaged: Damage | undefined
    readonly lostTail: readonly string[]
  }
  liveness(): Liveness
  owner(): OwnerRecord | undefined
  close(): void
}

const FOLLOW_MS = 100

export function openRunReader(folder: RunFolder): RunReader {
  const db = openReadable(folder.ledger, LEDGER)
  return {
    run: folder.run,
    folder,
    plan: () => guarded(folder.ledger, () => currentPlan(db, storedPlan(db, folder.run))),
    events: (fromSeq) => readAll(db, folder.run, fromSeq),
    follow: (options = {}) => follow(db, folder, options),
    inbox: () => readInbox(folder),
    whole() {
      const liveness = livenessOf(folder, () => lastType(db))
      const logs = listLogs(folder.logs)
      const { events, damaged } = readAll(db, folder.run)
      return { liveness, events, damaged, lostTail: damaged === undefined ? logsWithoutEvent(logs, events) : [] }
    },
    liveness: () => livenessOf(folder, () => lastType(db)),
    owner: () => ownerRecord(folder),
    close() {
      if (db.isOpen) db.close()
    },
  }
}

async function* follow(
  db: DatabaseSync,
  folder: RunFolder,
  { signal, intervalMs = FOLLOW_MS }: { signal?: AbortSignal; intervalMs?: number },
): AsyncGenerator<Look> {
  const version = db.prepare('PRAGMA data_version')
  let seen: { version: unknown; liveness: Liveness; link: Link; last: RunEvent['type'] | undefined } | undefined
  const inbox = openInboxReader(folder.inbox)
  let row = 0
  /** Whether somebody told a run that nobody runs something; its owner would put it on record. */
  const isTold = (liveness: Liveness): boolean => {
    if (liveness === 'live' || liveness === 'ending') return false
    try {
      const rows = inbox.after(row)
      row = rows.at(-1)?.row ?? row
      return rows.length > 0
    } catch {
      return false
    }
  }
  try {
    while (signal?.aborted !== true) {
      // First: an end that it speaks of is then among the events.
      const liveness = livenessOf(folder, () =>
        seen !== undefined && seen.version === version.get()?.data_version ? seen.last : lastType(db),
      )
      const told = isTold(liveness)
      // Before them too: what is committed after it is seen by the next look.
      const now = version.get()?.data_version
      if (seen === undefined || seen.version !== now) {
        const read = seen === undefined ? readAll(db, folder.run) : readOn(db, folder.run, seen.link)
        const isNews = told || seen?.liveness !== liveness || read.events.length > 0 || read.damaged !== undefined
        seen = { version: now, liveness, link: read.link, last: read.events.at(-1)?.type ?? seen?.last }
        if (isNews) yield { events: read.events, liveness, damaged: read.damaged }
        if (read.damaged !== undefined) return
      } else if (told || liveness !== seen.liveness) {
        seen = { ...seen, liveness }
        yield { events: [], liveness, damaged: undefined }
      }
      await delay(intervalMs, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    inbox.close()
  }
}

/** The type of the last event, unproven; undefined where there is none or it cannot be read. */
export function lastType(db: DatabaseSync): RunEvent['type'] | undefined {
  try {
    const last = lastLink(db)
    if (last === undefined) return undefined
    const row = db.prepare('SELECT body FROM events WHERE seq = ?').get(last.seq)
    return (JSON.parse(row?.body as string) as RunEvent).type
  } catch {
    return undefined
  }
}
