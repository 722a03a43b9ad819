/**
 * The number of single-character edits (insert, delete, replace, swap of neighbours) between two short texts, or some number
 * above `limit` where it is above that.
 */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swap)
      least = Math.min(least, row[j]!)
    }
    // a later swap takes from the row before this one, and adds one to it: that is never less than this row's least
    if (least > limit) return least
    before = last
    last = row
  }
  return last[b.length]!
}

/** The name nearest to what was written, or undefined where none is near enough to suggest. Ties go to the first. */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3))
  const wanted = written.toLowerCase()
  let best: string | undefined
  let bestDistance = limit + 1
  for (const name of names) {
    if (Math.abs(name.length - written.length) > limit) continue
    const distance = editDistance(wanted, name.toLowerCase(), bestDistance - 1)
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}
