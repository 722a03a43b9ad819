import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The files of `$OPSFLOW_OUTPUT`, beside the log of each attempt. */
const OUTPUT_FILE = /\.\d+(?:-\d+)?\.out$/

/**
 * Removes what the steps of a dead run wrote to `$OPSFLOW_OUTPUT`: nobody reads it any more, and it may hold a secret. It
 * stays below the folder of logs: no link is followed. What cannot be removed stays, and keeps no run from going on.
 */
export function dropUnread(runDir: string): void {
  const logs = join(runDir, 'logs')
  try {
    if (lstatSync(logs).isDirectory()) dropIn(logs)
  } catch {
    // Nothing was started, or it is another user's.
  }
}

/** Folder by folder: Node's own recursion follows links. */
function dropIn(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    try {
      if (entry.isDirectory()) dropIn(path)
      else if (entry.isFile() && OUTPUT_FILE.test(entry.name)) rmSync(path, { force: true })
    } catch {
      // Another user's.
    }
  }
}
