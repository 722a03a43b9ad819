import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Io } from './io.ts'

/** What opens a file with the program that the user chose for it. */
const OPENERS: { readonly [platform: string]: string } = { darwin: 'open', linux: 'xdg-open' }

/**
 * Opens an address that only this user may know. Its token must not stand among the arguments of a process, which
 * everybody on the machine can read: the browser gets a file that only this user can read, and that leads there. Gives
 * what removes that file.
 */
export async function openInBrowser(
  address: string,
  io: Io,
  opener = OPENERS[platform()],
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(resolve(io.env.TMPDIR || tmpdir(), 'opsflow-ui-'))
  const file = join(folder, 'open.html')
  await writeFile(
    file,
    `<!doctype html><meta http-equiv="refresh" content="0;url=${address}"><title>opsflow</title>\n`,
    {
      mode: 0o600,
    },
  )
  if (opener === undefined) told(io)
  else {
    const child = spawn(opener, [file], {
      stdio: 'ignore',
      detached: true,
      cwd: io.cwd,
      env: io.env as NodeJS.ProcessEnv,
    })
    child.on('error', () => told(io))
    child.unref()
  }
  return () => rm(folder, { recursive: true, force: true })
}

function told(io: Io): void {
  io.stderr.write('opsflow: no program to open a browser was found: open the address above yourself\n')
}
