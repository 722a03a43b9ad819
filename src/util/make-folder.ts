import { mkdirSync } from 'node:fs'

/** Never for all, whatever the umask: who can write in a folder of the state says what is on record and what runs next. */
const MODE = 0o775

/** Makes one folder. */
export function makeFolder(path: string): void {
  mkdirSync(path, { mode: MODE })
}

/** Makes a folder with all that is missing around it; nothing where it is there. */
export function makeFolders(path: string): void {
  mkdirSync(path, { recursive: true, mode: MODE })
}
