import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
  if (existsSync(join(stateDir, '.gitignore')) && existsSync(runsFolder(stateDir))) return
  mkdirSync(runsFolder(stateDir), { recursive: true })
  writeFileSync(join(stateDir, '.gitignore'), '*\n')
}

/** Names of all run folders, oldest first; empty where there is no state yet. */
export function listRunFolders(stateDir: string): readonly string[] {
  try {
    return readdirSync(runsFolder(stateDir), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
