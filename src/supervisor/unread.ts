import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The files of `$OPSFLOW_OUTPUT`, beside the log of each attempt. */
const OUTPUT_FILE = /\.\d+\.out$/

/** Removes what the steps of a dead run wrote to `$OPSFLOW_OUTPUT`: nobody reads it any more, and it may hold a secret. */
export function dropUnread(runDir: string): void {
  const logs = join(runDir, 'logs')
  if (!existsSync(logs)) return
  for (const file of readdirSync(logs, { recursive: true, encoding: 'utf8' }))
    if (OUTPUT_FILE.test(file)) rmSync(join(logs, file), { force: true, recursive: true })
}
