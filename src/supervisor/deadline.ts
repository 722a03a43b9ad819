/** The longest that one Node timer can hold; a longer one would fire at once. */
const LONGEST_MS = 3_600_000

/** Calls back once, `ms` from now on the monotonic clock, however long that is. Returns what cancels it. */
export function deadline(ms: number, callback: () => void): () => void {
  const at = performance.now() + ms
  let timer: NodeJS.Timeout
  const arm = (): void => {
    const left = at - performance.now()
    timer = left > LONGEST_MS ? setTimeout(arm, LONGEST_MS) : setTimeout(callback, Math.max(0, left))
  }
  arm()
  return () => clearTimeout(timer)
}
