import type { Clock } from '../../ports/clock.ts'

/** A timer of Node holds 31 bits of milliseconds and sleeps with the machine; an hour at a time is safe for both. */
const PIECE_MS = 3_600_000

/** The clock of this machine. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  timer(ms, callback) {
    const until = performance.now() + ms
    let timer: NodeJS.Timeout
    const arm = (): void => {
      const left = until - performance.now()
      timer = left > PIECE_MS ? setTimeout(arm, PIECE_MS) : setTimeout(callback, Math.max(0, Math.ceil(left)))
    }
    arm()
    return () => clearTimeout(timer)
  },
}
