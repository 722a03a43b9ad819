import { lstatSync, type Stats } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { StoreError } from '../ports/store.ts'

/**
 * What is on record decides what is run and what was approved. So nothing is written, and no run gone on with, where any
 * user of the machine could have written, or where a link leads somewhere else. A group is another matter: whoever lets
 * one write shares the runs with it on purpose.
 */

const OTHERS_WRITE = 0o002
const STICKY = 0o1000

/** Refuses a folder of the state that anybody may write in, or that is a link; one that is not there yet is fine. */
export function refuseUnsafeFolder(path: string): void {
  const found = look(path)
  if (found !== undefined) refuseUnsafe(path, found, 'folder')
}

/** Refuses a file of the state, or its folder, that anybody may write in, or that is a link or no file at all. */
export function refuseUnsafeFile(path: string): void {
  refuseUnsafeFolder(dirname(path))
  const found = look(path)
  if (found !== undefined) refuseUnsafe(path, found, 'file')
}

/** Refuses folders around a run that are unsafe: the state, and that of its runs. */
export function refuseUnsafeFolders(folder: { readonly path: string }): void {
  refuseUnsafeFolder(dirname(dirname(folder.path)))
  refuseUnsafeFolder(dirname(folder.path))
}

/** Refuses a run of which anything that decides about it is unsafe; steps hand over their outputs beside the logs. */
export function refuseUnsafeRun(
  folder: { readonly path: string; readonly ledger: string; readonly inbox: string; readonly logs: string },
  locks: readonly string[],
): void {
  refuseUnsafeFolders(folder)
  for (const file of [folder.ledger, folder.inbox]) refuseUnsafeFile(file)
  refuseUnsafeFolder(folder.logs)
  for (const lock of locks) refuseNoLock(lock)
}

/** Refuses what stands in the place of a lock and is no file. */
export function refuseNoLock(path: string): void {
  const found = look(path)
  if (found !== undefined && !found.isFile())
    throw notWhatItWas(path, found, 'remove it: a lock holds nothing, and is made anew')
}

/** Refuses to read through a link, or what is no file: a pipe would be waited for. */
export function refuseNoFile(path: string): void {
  const found = look(path)
  if (found !== undefined && !found.isFile()) throw notWhatItWas(path, found)
}

function refuseUnsafe(path: string, found: Stats, kind: 'file' | 'folder'): void {
  if (kind === 'folder' ? !found.isDirectory() : !found.isFile()) throw notWhatItWas(path, found)
  if ((found.mode & OTHERS_WRITE) === 0) return
  throw new StoreError(
    'denied',
    `every user of this machine can write \`${path}\`, and so what is on record and what runs next`,
    remedy(path, found, kind),
  )
}

/** What many share, or is another's, is not to be closed; and not every file system knows modes. */
function remedy(path: string, found: Stats, kind: 'file' | 'folder'): string {
  const isShared = found.uid !== userInfo().uid || (found.mode & STICKY) !== 0
  if (isShared) return 'set `OPSFLOW_STATE` to a folder of your own, in it or elsewhere'
  const close = `chmod ${kind === 'folder' ? '-R ' : ''}o-w '${path.replaceAll("'", "'\\''")}'`
  return `look at what is there, then close it: \`${close}\`; where that changes nothing, set \`OPSFLOW_STATE\` to a folder elsewhere`
}

function notWhatItWas(path: string, found: Stats, hint?: string): StoreError {
  return found.isSymbolicLink()
    ? new StoreError(
        'denied',
        `\`${path}\` is a symbolic link, which is not followed`,
        hint ?? 'put what it leads to in its place, or set `OPSFLOW_STATE` to the folder itself',
      )
    : new StoreError(
        'denied',
        `\`${path}\` is neither a file nor a folder of opsflow: something else was put there`,
        hint,
      )
}

/** Undefined where nothing is there, or what is around it is no folder: who makes it says so. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}
