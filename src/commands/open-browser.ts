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
 * what removes that file. Where no browser can be opened that is said, and the page is served all the same.
 */
export async function openInBrowser(
  address: string,
  io: Io,
  opener = OPENERS[platform()],
): Promise<() => Promise<void>> {
  let folder: string | undefined
  const tidy = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  const failed = (why: string) => void io.stderr.write(`opsflow: ${why}: open the address above yourself\n`)
  const none = () => failed('no program to open a browser was found')
  try {
    folder = await mkdtemp(resolve(io.env.TMPDIR || tmpdir(), 'opsflow-ui-'))
    const file = join(folder, 'open.html')
    const page = `<!doctype html><meta http-equiv="refresh" content="0;url=${address}"><title>opsflow</title>\n`
    await writeFile(file, page, { mode: 0o600 })
    if (opener === undefined) none()
    else {
      const child = spawn(opener, [file], {
        stdio: 'ignore',
        detached: true,
        cwd: io.cwd,
        env: io.env as NodeJS.ProcessEnv,
      })
      child.on('error', none)
      child.unref()
    }
  } catch (error) {
    failed(`no browser was opened (${(error as Error).message})`)
  }
  return tidy
}
