import type { DatabaseSync } from 'node:sqlite'
import type { RunEvent } from '../events/events.ts'
import { eventFault, planFault } from '../events/shape.ts'
import type { Plan } from '../plan/plan.ts'
import { StoreError } from '../ports/store.ts'
import { chainNext, chainStart, sameSum } from './chain.ts'

/** Reading what a ledger holds, and proving it: the one code for owners, `show`, `logs`, `watch` and export. */

/** A place from which reading can go on: the last event seen and its checksum. */
export interface Link {
  readonly seq: number
  readonly sum: Uint8Array
}

/** The first event that is not what was written; everything before it is good. */
export interface Damage {
  readonly seq: number
  readonly message: string
}

export interface Read {
  readonly events: readonly RunEvent[]
  readonly damaged: Damage | undefined
  readonly link: Link
}

export interface StoredPlan {
  readonly plan: Plan
  readonly hash: string
  readonly body: string
}

export function storedPlan(db: DatabaseSync, run: string): StoredPlan {
  const row = db.prepare('SELECT hash, body FROM plan').get() as { hash: string; body: string } | undefined
  if (row === undefined) throw new StoreError('never-began', `run \`${run}\` was never begun: it has no plan`)
  const plan = planIn(row.body)
  if (plan === undefined) throw new StoreError('damaged', `the plan of run \`${run}\` is damaged`)
  return { plan, hash: row.hash, body: row.body }
}

function planIn(body: string): Plan | undefined {
  try {
    const plan: unknown = JSON.parse(body)
    return planFault(plan) === undefined ? (plan as Plan) : undefined
  } catch {
    return undefined
  }
}

/** The plan that the run follows now: the last that an event brought, else the one it began with. */
export function currentPlan(db: DatabaseSync, stored: StoredPlan): Plan {
  const row = db
    .prepare(`SELECT body FROM events WHERE body LIKE '{"type":"plan-changed"%' ORDER BY seq DESC LIMIT 1`)
    .get() as { body: string } | undefined
  return row === undefined ? stored.plan : (JSON.parse(row.body) as { plan: Plan }).plan
}

/** The last event as it stands, without proof. */
export function lastLink(db: DatabaseSync): Link | undefined {
  const row = db.prepare('SELECT seq, sum FROM events ORDER BY seq DESC LIMIT 1').get()
  return row === undefined ? undefined : { seq: row.seq as number, sum: row.sum as Uint8Array }
}

/** What the first event is chained to. */
export function startOf(run: string, { hash, body }: StoredPlan): Link {
  return { seq: 0, sum: chainStart(run, hash, body) }
}

/**
 * Reads from the beginning, proving every event and the file's own structure; gives those from `fromSeq`. `known`: what the
 * first event is chained to, for who has read the plan already, which may be most of the file.
 */
export function readAll(db: DatabaseSync, run: string, fromSeq = 1, known?: Link): Read {
  let start = known
  try {
    start ??= startOf(run, storedPlan(db, run))
  } catch (error) {
    const none = { seq: 0, sum: new Uint8Array() }
    return { events: [], damaged: damage(run, 1, `its plan cannot be read (${(error as Error).message})`), link: none }
  }
  const read = readOn(db, run, start)
  const damaged = read.damaged ?? structureDamage(db, run, read.link.seq + 1)
  return { ...read, damaged, events: fromSeq <= 1 ? read.events : read.events.filter(({ seq }) => seq >= fromSeq) }
}

/** Reads what came after `from`, proving each event against its predecessor. */
export function readOn(db: DatabaseSync, run: string, from: Link): Read {
  const events: RunEvent[] = []
  let { seq, sum } = from
  const stop = (why: string): Read => ({ events, damaged: damage(run, seq + 1, why), link: { seq, sum } })
  try {
    const rows = db.prepare('SELECT seq, at, body, sum FROM events WHERE seq > ? ORDER BY seq').iterate(from.seq)
    for (const row of rows) {
      const { at, body } = row as { at: number; body: string }
      if (row.seq !== seq + 1) return stop('it is missing')
      const expected = chainNext(sum, seq + 1, at, body)
      if (!sameSum(expected, row.sum))
        return stop(seq === 0 ? "its checksum or the plan's does not fit" : 'its checksum does not fit')
      const made = JSON.parse(body) as object
      const fault = eventFault(made, at)
      if (fault !== undefined) return stop(`its checksum fits, but it is none that opsflow writes: ${fault}`)
      events.push({ seq: seq + 1, at, ...made } as RunEvent)
      seq++
      sum = expected
    }
  } catch (error) {
    return stop((error as Error).message)
  }
  return { events, damaged: undefined, link: { seq, sum } }
}

/** Sees what no checksum of an event can: pages that lost their last rows. */
function structureDamage(db: DatabaseSync, run: string, seq: number): Damage | undefined {
  try {
    const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check
    return found === 'ok' ? undefined : damage(run, seq, `or later: ${String(found)}`)
  } catch (error) {
    return damage(run, seq, (error as Error).message)
  }
}

function damage(run: string, seq: number, why: string): Damage {
  return { seq, message: `event ${seq} of run \`${run}\` is damaged: ${why}; what is before it is good` }
}
