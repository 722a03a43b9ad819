import type { Clock } from '../../src/ports/clock.ts'

/** A clock that moves when the test says so. Timers of an instant fire in the order in which they were set. */
export interface FakeClock extends Clock {
  /** Lets time pass, firing what comes due on the way. */
  advance(ms: number): void
  /** Sets the wall clock forward or back, as a suspended machine or a person does. */
  setWall(byMs: number): void
  /** The longest single timer that was asked for. */
  readonly longestMs: number
}

export function fakeClock(startMs = 1_800_000_000_000): FakeClock {
  let monotonic = 0
  let offset = startMs
  let longestMs = 0
  let order = 0
  const timers = new Map<number, { at: number; callback: () => void }>()
  return {
    wallMs: () => monotonic + offset,
    monotonicMs: () => monotonic,
    timer(ms, callback) {
      longestMs = Math.max(longestMs, ms)
      const id = order++
      timers.set(id, { at: monotonic + Math.max(0, ms), callback })
      return () => void timers.delete(id)
    },
    advance(ms) {
      const end = monotonic + ms
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
        if (!due) break
        timers.delete(due[0])
        monotonic = Math.max(monotonic, due[1].at)
        due[1].callback()
      }
      monotonic = end
    },
    setWall(byMs) {
      offset += byMs
    },
    get longestMs() {
      return longestMs
    },
  }
}
