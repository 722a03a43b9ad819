import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './app.ts'
import type { Assets } from './assets.ts'
import { createGuard } from './guard.ts'
import type { Source } from './source.ts'

/** A server that listens. */
export interface PageServer {
  readonly port: number
  /** Opens the page once; another one afterwards. */
  address(): string
  close(): Promise<void>
}

/** This machine's own, so that nothing beyond it can connect. */
const LOOPBACK = '127.0.0.1'

/** Starts to listen on the loopback; port 0 is any that is free. Rejects with the system's own word. */
export function listen(options: {
  readonly source: Source
  readonly assets: Assets
  readonly port: number
  /** The address was used; told the next one. */
  readonly onOpened?: (next: string) => void
}): Promise<PageServer> {
  let port = options.port
  const address = (): string => `http://${LOOPBACK}:${port}/?token=${guard.token()}`
  const guard = createGuard(
    () => port,
    () => options.onOpened?.(address()),
  )
  const app = createApp({ source: options.source, assets: options.assets, guard })
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      port = (server.address() as AddressInfo).port
      resolve({
        port,
        address,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            // Whoever follows a run would hold it open.
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      })
    })
  })
}
