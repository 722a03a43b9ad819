import { statSync } from 'node:fs'

export const NO_FOLDER = 'none'

/**
 * Names a folder itself, not its path: the same after a move within its file system, another for every copy. A project
 * may be copied while a run of it lives, with all that the run has on record; what it started belongs to one of the two.
 */
export function folderId(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? NO_FOLDER : `${stat.dev}:${stat.ino}`
}

/** What every process of a run carries in its environment, and what it is known by when all else is lost. */
export function runMark(
  runDir: string,
  run: string,
): { readonly OPSFLOW_RUN: string; readonly OPSFLOW_FOLDER: string } {
  return { OPSFLOW_RUN: run, OPSFLOW_FOLDER: folderId(runDir) }
}
