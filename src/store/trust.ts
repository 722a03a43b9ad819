import { lstatSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../ports/store.ts'

/**
 * What is on record decides what is run and what was approved. So nothing is written, and no run gone on with, where any
 * user of the machine could have written, or where a link leads somewhere else. A group is another matter: whoever lets
 * one write shares the runs with it on purpose.
 */

const OTHERS_WRITE = 0o002

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

/** Refuses a run of which anything that decides about it is unsafe. */
export function refuseUnsafeRun(folder: {
  readonly path: string
  readonly ledger: string
  readonly inbox: string
}): void {
  refuseUnsafeFolder(dirname(dirname(folder.path)))
  refuseUnsafeFolder(dirname(folder.path))
  for (const file of [folder.ledger, folder.inbox]) refuseUnsafeFile(file)
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
    `look at what is there, then close it: chmod ${kind === 'folder' ? '-R ' : ''}o-w ${path}`,
  )
}

function notWhatItWas(path: string, found: Stats): StoreError {
  return found.isSymbolicLink()
    ? new StoreError(
        'denied',
        `\`${path}\` is a symbolic link, which is not followed`,
        'put what it leads to in its place, or set `OPSFLOW_STATE` to the folder itself',
      )
    : new StoreError('denied', `\`${path}\` is neither a file nor a folder of opsflow: something else was put there`)
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
