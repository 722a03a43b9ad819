import { tokenText } from '../events/path.ts'
import type { Leftovers } from '../ports/store.ts'
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
  const end = async (folder: RunFolder, leftovers: Leftovers): Promise<void> => {
    // Held like a supervisor that is ending its steps: `show` says so, and `resume` waits.
    const release = takeDeadRun(folder)
    if (release === undefined) return
    try {
      await endLeft(`the dead run \`${folder.run}\``, folder, leftovers, notice)
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

/** Ends what a dead run left behind, and names what was ended, a line each. */
export async function endLeft(
  whose: string,
  folder: RunFolder,
  leftovers: Leftovers,
  notice: ((message: string) => void) | undefined,
): Promise<void> {
  const doubt = leftovers.doubt?.(folder.path)
  if (doubt !== undefined) notice?.(doubt)
  for (const { pid, token } of await leftovers.end(folder.path, folder.run)) {
    const of = token === undefined ? '' : ` of ${tokenText(token)}`
    notice?.(`ended what ${whose} left behind: pid ${pid}${of}`)
  }
}
