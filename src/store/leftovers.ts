import type { Leftovers, LeftProcess } from '../ports/store.ts'
import { type RunFolder, runFolder } from './folders.ts'
import { probe, takeDeadRun } from './owner.ts'

/**
 * Runs whose runner and supervisor are both dead, and whose processes are not: what such a run held is not free before
 * they are gone. Whoever wants it ends them.
 */

/** Says whether another run lives. One that is dead and left something behind lives until that is ended, which begins now. */
export function lifeOf(
  stateDir: string,
  leftovers: Leftovers | undefined,
  notice: ((message: string) => void) | undefined,
): (run: string) => boolean {
  const ending = new Set<string>()
  const end = async (folder: RunFolder, { end }: Leftovers): Promise<void> => {
    // Held like a supervisor that is ending its steps: `show` says so, and `resume` waits.
    const release = takeDeadRun(folder)
    if (release === undefined) return
    try {
      tellEnded(`the dead run \`${folder.run}\``, await end(folder.path, folder.run), notice)
    } finally {
      release()
    }
  }
  return (run) => {
    const folder = runFolder(stateDir, run)
    if (ending.has(run) || probe(folder) !== 'unowned') return true
    if (leftovers === undefined || leftovers.find(folder.path, run).length === 0) return false
    ending.add(run)
    end(folder, leftovers)
      .catch((error: Error) => notice?.(`what run \`${run}\` left behind could not be ended: ${error.message}`))
      .finally(() => ending.delete(run))
    return true
  }
}

/** Names what was ended, a line each. */
export function tellEnded(
  whose: string,
  left: readonly LeftProcess[],
  notice: ((message: string) => void) | undefined,
): void {
  for (const { pid, token } of left) {
    const of = token === undefined ? '' : ` of ${token.replace(/#1$/, '').replace('#', ', attempt ')}`
    notice?.(`ended what ${whose} left behind: pid ${pid}${of}`)
  }
}
