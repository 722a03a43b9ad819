import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readAssets } from '../server/assets.ts'
import { listen, type PageServer } from '../server/listen.ts'
import { openStore } from '../store/store.ts'
import type { ExitCode, Io } from './io.ts'
import { openInBrowser } from './open-browser.ts'
import { packageFolder } from './package-folder.ts'
import { findProject } from './project.ts'
import { projectSource } from './ui-source.ts'
import { UsageError, WorldError } from './usage-error.ts'

const MOST_PORTS = 65_535

/**
 * `opsflow ui`: the page of this project, for the browser of this machine and this user, until Ctrl-C. Each printed
 * address opens it once; the next is printed when it was used.
 */
export async function ui(options: { readonly port?: number; readonly open?: boolean }, io: Io): Promise<ExitCode> {
  const { port = 0 } = options
  if (port > MOST_PORTS) throw new UsageError(`there is no port ${port}`, `they end at ${MOST_PORTS}`)
  const found = await findProject(io)
  const assets = readAssets(builtPage())
  const store = openStore(found.stateDir)
  try {
    const server = await listen({
      source: projectSource(store, found, io),
      assets,
      port,
      onOpened: (next) => io.stdout.write(`opened; for another browser: ${next}\n`),
    }).catch((error: NodeJS.ErrnoException) => {
      throw refusedPort(error, port)
    })
    io.stdout.write(`opsflow of ${found.root}\n${server.address()}\n`)
    io.stdout.write('opens once, for this user of this machine; Ctrl-C ends it, and no run with it\n')
    const tidy = options.open ? await openInBrowser(server.address(), io) : undefined
    await untilSignal(server, io)
    await tidy?.()
    return 0
  } finally {
    store.close()
  }
}

function refusedPort(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new WorldError(`port ${port} is taken`, 'name another with `--port`, or none to get one that is free')
  if (error.code === 'EACCES')
    return new WorldError(`port ${port} is not for this user`, 'name one above 1023, or none to get one that is free')
  return error
}

function untilSignal(server: PageServer, io: Io): Promise<void> {
  return new Promise((resolve) => {
    const undo = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => io.onSignal(signal, end))
    function end(): void {
      for (const one of undo) one()
      void server.close().then(resolve)
    }
  })
}

/** Where the build puts the page. */
function builtPage(): string {
  const page = join(packageFolder(), 'dist', 'page')
  if (existsSync(join(page, 'index.html'))) return page
  throw new WorldError('the page is not built', 'build it with `npm run build`')
}
