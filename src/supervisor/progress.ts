import { join } from 'node:path'

/** A tree larger than this is not walked to its end: what is beyond does not count as progress. */
const MOST_ENTRIES = 20_000
/** State of opsflow itself, which other steps write to; and what git keeps, of which the top level says enough. */
const NOT_ENTERED = new Set(['.opsflow', '.git'])

/** Whether a file below a folder was written since a time (epoch milliseconds). Yields between files, never throws. */
export async function wroteSince(folder: string, sinceMs: number): Promise<boolean> {
  // Loaded when a step is first suspected: most supervisors never look.
  const { opendir, stat } = await import('node:fs/promises')
  const queue = [folder]
  let seen = 0
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    try {
      for await (const entry of await opendir(next)) {
        if (++seen > MOST_ENTRIES) return false
        const path = join(next, entry.name)
        if (entry.isDirectory() && !NOT_ENTERED.has(entry.name)) queue.push(path)
        else if (entry.name !== '.opsflow' && (await stat(path)).mtimeMs > sinceMs) return true
      }
    } catch {
      // Gone or closed to us meanwhile: no evidence from there.
    }
  }
  return false
}
