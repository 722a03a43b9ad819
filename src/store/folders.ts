import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StoreError } from '../ports/store.ts'
import { makeFolder } from '../util/make-folder.ts'
import { isRunId } from './run-id.ts'
import { refuseUnsafeFolder } from './trust.ts'

/** Where the parts of a run lie. `artefacts` is for the files of steps, `logs` for what they print. */
export interface RunFolder {
  readonly run: string
  readonly path: string
  readonly ledger: string
  readonly inbox: string
  readonly logs: string
  readonly artefacts: string
}

const runsFolder = (stateDir: string): string => join(stateDir, 'runs')
export const indexFile = (stateDir: string): string => join(stateDir, 'index.db')

export function runFolder(stateDir: string, run: string): RunFolder {
  const path = join(runsFolder(stateDir), run)
  const file = (name: string): string => join(path, name)
  return {
    run,
    path,
    ledger: file('ledger.db'),
    inbox: file('inbox.db'),
    logs: file('logs'),
    artefacts: file('artefacts'),
  }
}

/** Makes the state folder if it is not there; it ignores itself, so that no state is ever committed. */
export function prepareStateFolder(stateDir: string): void {
  refuseUnsafeFolder(stateDir)
  refuseUnsafeFolder(runsFolder(stateDir))
  if (existsSync(join(stateDir, '.gitignore')) && existsSync(runsFolder(stateDir))) return
  try {
    makeAll(runsFolder(stateDir))
    ignoreItself(stateDir)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = WHY_NOT[code ?? '']
    if (why === undefined) throw error
    throw new StoreError(
      'denied',
      `no state can be kept in \`${stateDir}\`: ${why}`,
      'set `OPSFLOW_STATE` to another folder',
    )
  }
}

/** One that is there is somebody's own, or a link: it is left as it is. */
function ignoreItself(stateDir: string): void {
  try {
    writeFileSync(join(stateDir, '.gitignore'), '*\n', { flag: 'wx', mode: 0o664 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const WHY_NOT: { readonly [code: string]: string } = {
  EROFS: 'the file system is read-only',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
  ENOENT: 'no folder can be made there',
}

/** Folder by folder: Node's own recursion hides what is wrong, and never ends where no folder can be made at all. */
function makeAll(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (!existsSync(dirname(path))) makeAll(dirname(path))
  try {
    makeFolder(path)
  } catch (error) {
    // Another process may have been faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}

/** Names of all run folders, oldest first; empty where there is no state yet. */
export function listRunFolders(stateDir: string): readonly string[] {
  try {
    return readdirSync(runsFolder(stateDir), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isRunId(entry.name))
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** No run can be named so: what carries it is on its way out. */
const REMOVED = '.removed-'

/** Takes a run's folder out of the list in one step, and deletes it then: a process that dies in between leaves no half run. */
export function removeRunFolder(folder: RunFolder): void {
  const away = join(dirname(folder.path), `${REMOVED}${folder.run}`)
  deleteFolder(away)
  renameSync(folder.path, away)
  deleteFolder(away)
}

/** Deletes what was left of removals that did not come to their end. Gives a message for each that cannot be. */
export function sweepRemoved(stateDir: string): readonly StoreError[] {
  const folder = runsFolder(stateDir)
  if (!existsSync(folder)) return []
  const errors: StoreError[] = []
  for (const name of readdirSync(folder).filter((name) => name.startsWith(REMOVED))) {
    try {
      deleteFolder(join(folder, name))
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      errors.push(error)
    }
  }
  return errors
}

function deleteFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch (error) {
    // Node names no code for what is in use.
    const why = WHY_NOT[(error as NodeJS.ErrnoException).code ?? ''] ?? 'something in it is in use'
    throw new StoreError(
      'denied',
      `\`${path}\` cannot be deleted whole: ${why}`,
      'delete it as the user who owns what is in it',
    )
  }
}
