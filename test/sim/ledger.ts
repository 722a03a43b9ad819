import type { EventBody, RunEvent } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'

/** Thrown at an owner that is not the owner any more. */
export class OwnerLost extends Error {}

/** A record that another owner than the last opened one wrote, or that came in another turn, can be told by these. */
interface Written {
  readonly event: RunEvent
  readonly epoch: number
  readonly commit: number
  /** Monotonic instant of the commit. */
  readonly atMs: number
}

/** The simulated durable store of one run: a commit is there whole or not at all. */
export interface SimLedger {
  readonly written: readonly Written[]
  readonly rows: readonly InboxRow[]
  readonly epoch: number
  readonly commits: number
  events(): RunEvent[]
  /** A new owner; the one before may not append any more. */
  takeOver(): number
  append(epoch: number, bodies: readonly EventBody[], wallMs: number, monotonicMs: number): readonly RunEvent[]
  post(row: Omit<InboxRow, 'row'>): InboxRow
}

/** `trusting`: the planted fault that believes whoever writes. */
export function createLedger(trusting = false): SimLedger {
  const written: Written[] = []
  const rows: InboxRow[] = []
  let epoch = 0
  let commits = 0
  return {
    written,
    rows,
    get epoch() {
      return epoch
    },
    get commits() {
      return commits
    },
    events: () => written.map((entry) => entry.event),
    takeOver: () => {
      epoch++
      return epoch
    },
    append: (by, bodies, wallMs, monotonicMs) => {
      if (by !== epoch && !trusting) throw new OwnerLost(`owner ${by} was replaced by owner ${epoch}`)
      if (bodies.length === 0) return []
      commits++
      const events = bodies.map((body, index) => {
        const stored = JSON.parse(JSON.stringify(body)) as EventBody
        return { ...stored, seq: written.length + 1 + index, at: wallMs }
      })
      for (const event of events) written.push({ event, epoch: by, commit: commits, atMs: monotonicMs })
      return events
    },
    post: (row) => {
      const stored = { ...row, row: rows.length + 1 }
      rows.push(stored)
      return stored
    },
  }
}
