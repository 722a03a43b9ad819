import type { EventBody, RunEvent } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'

/** Thrown at an owner that is not the owner any more. */
export class OwnerLost extends Error {}

/** A record that another owner than the last opened one wrote, or that came in another turn, can be told by these. */
interface Written {
  readonly event: RunEvent
  /** Its body as it was stored. */
  readonly text: string
  readonly epoch: number
  readonly commit: number
  /** Monotonic instant of the commit. */
  readonly atMs: number
  /** Rows that the inbox held then. */
  readonly rows: number
}

/** The simulated durable store of one run: a commit is there whole or not at all. */
export interface SimLedger {
  readonly written: readonly Written[]
  readonly rows: readonly InboxRow[]
  /** Monotonic instant at which each row came. */
  readonly postedMs: readonly number[]
  readonly epoch: number
  readonly commits: number
  /** What a crash in the middle of a commit left, and the next owner cut off. */
  readonly cut: readonly Written[]
  /** The rows that may answer the question of a path: those that came since it was asked last. */
  rowsFor(path: string): readonly InboxRow[]
  /** Begins to write a commit and never ends it. */
  tear(epoch: number, bodies: readonly EventBody[], wallMs: number, monotonicMs: number): void
  events(): RunEvent[]
  /** A new owner; the one before may not append any more. */
  takeOver(): number
  append(epoch: number, bodies: readonly EventBody[], wallMs: number, monotonicMs: number): readonly RunEvent[]
  post(row: Omit<InboxRow, 'row'>, monotonicMs: number): InboxRow
}

/** `trusts`: the planted fault that believes an owner that was replaced. */
export function createLedger(trusts: (epoch: number) => boolean = () => false): SimLedger {
  const written: Written[] = []
  const events: RunEvent[] = []
  const rows: InboxRow[] = []
  const postedMs: number[] = []
  const cut: Written[] = []
  const asked = new Map<string, number>()
  let torn: Written[] = []
  let epoch = 0
  let commits = 0
  const make = (by: number, bodies: readonly EventBody[], wallMs: number, atMs: number): Written[] =>
    bodies.map((body, index) => {
      const text = JSON.stringify(body)
      const event = { ...(JSON.parse(text) as EventBody), seq: written.length + 1 + index, at: wallMs }
      return { event, text, epoch: by, commit: commits + 1, atMs, rows: rows.length }
    })
  return {
    written,
    cut,
    rows,
    postedMs,
    get epoch() {
      return epoch
    },
    get commits() {
      return commits
    },
    events: () => events.slice(),
    rowsFor: (path) => rows.slice(asked.get(path) ?? 0),
    tear: (by, bodies, wallMs, monotonicMs) => {
      torn = make(by, bodies, wallMs, monotonicMs)
    },
    takeOver: () => {
      cut.push(...torn)
      torn = []
      epoch++
      return epoch
    },
    append: (by, bodies, wallMs, monotonicMs) => {
      if (by !== epoch && !trusts(by)) throw new OwnerLost(`owner ${by} was replaced by owner ${epoch}`)
      if (bodies.length === 0) return []
      const made = make(by, bodies, wallMs, monotonicMs)
      commits++
      for (const entry of made) {
        written.push(entry)
        events.push(entry.event)
        if (entry.event.type === 'wait-opened') asked.set(entry.event.path, rows.length)
      }
      return made.map((entry) => entry.event)
    },
    post: (row, monotonicMs) => {
      postedMs.push(monotonicMs)
      const stored = { ...row, row: rows.length + 1 }
      rows.push(stored)
      return stored
    },
  }
}
