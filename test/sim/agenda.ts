import { hash32 } from './random.ts'

/** Virtual time: a wall clock that can jump, a monotonic one that cannot, and what is due by either. */
export interface Agenda {
  wallMs(): number
  monotonicMs(): number
  /** Runs `act` when the clock says `dueMs`; never before what is due earlier. Returns the way to take it back. */
  at(clock: 'wall' | 'monotonic', dueMs: number, act: () => void): () => void
  /** Moves to the next due entry and runs it; false when nothing is due any more. */
  step(): boolean
  /** Monotonic time of the next entry; undefined: none. */
  nextMs(): number | undefined
  /** Sets the wall clock forward or back. */
  jump(byMs: number): void
}

interface Entry {
  readonly clock: 'wall' | 'monotonic'
  readonly dueMs: number
  /** Breaks ties between entries of one instant. */
  readonly rank: number
  readonly act: () => void
}

/** Starts at `startMs` wall time. Entries of one instant come in an order that `tieSeed` decides; 0: as they were made. */
export function createAgenda(startMs: number, tieSeed: number): Agenda {
  const entries = new Set<Entry>()
  let now = 0
  let offset = startMs
  let made = 0
  const dueOf = (entry: Entry): number => Math.max(now, entry.clock === 'wall' ? entry.dueMs - offset : entry.dueMs)
  const first = (): Entry | undefined => {
    let best: Entry | undefined
    let bestDue = Infinity
    for (const entry of entries) {
      const due = dueOf(entry)
      if (due < bestDue || (due === bestDue && entry.rank < best!.rank)) {
        best = entry
        bestDue = due
      }
    }
    return best
  }
  return {
    wallMs: () => now + offset,
    monotonicMs: () => now,
    at: (clock, dueMs, act) => {
      made++
      const entry: Entry = { clock, dueMs, rank: tieSeed === 0 ? made : hash32(`${tieSeed}/${made}`), act }
      entries.add(entry)
      return () => entries.delete(entry)
    },
    step: () => {
      const entry = first()
      if (entry === undefined) return false
      now = dueOf(entry)
      entries.delete(entry)
      entry.act()
      return true
    },
    nextMs: () => {
      const entry = first()
      return entry && dueOf(entry)
    },
    jump: (byMs) => {
      offset += byMs
    },
  }
}
