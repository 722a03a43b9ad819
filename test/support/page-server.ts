import { type IncomingMessage, request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { RunChange, Told } from '../../src/server/api.ts'
import type { Assets } from '../../src/server/assets.ts'
import { listen, type PageServer } from '../../src/server/listen.ts'
import { NotThere, type Source } from '../../src/server/source.ts'
import type { Json } from '../../src/util/json.ts'
import type { TestProject } from './project.ts'
import { soon } from './waiting.ts'

/** What a server said. */
export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: string
}

export interface Asking {
  readonly method?: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

/** A request with exactly these headers: no client adds or mends any. */
export function askRaw(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Asking = {},
): Promise<Answer> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: { host: `127.0.0.1:${port}`, ...length, ...headers },
        agent: false,
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (piece: string) => {
          text += piece
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
        answer.on('error', reject)
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

/** The changes of a run as the page gets them, until nobody asks any more. */
export async function* followed(port: number, run: string, cookie: string): AsyncGenerator<RunChange> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { host: `127.0.0.1:${port}`, cookie }
    const asked = request({ host: '127.0.0.1', port, path: `/api/runs/${run}/follow`, headers, agent: false }, resolve)
    asked.on('error', reject)
    asked.end()
  })
  let text = ''
  try {
    for await (const piece of answer.setEncoding('utf8')) {
      text += piece as string
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events)
        if (event.includes('event: change')) yield JSON.parse(/^data: (.*)$/m.exec(event)![1]!) as RunChange
    }
  } finally {
    answer.destroy()
  }
}

/** The token in an address. */
export function tokenOf(address: string): string {
  return new URL(address).searchParams.get('token')!
}

/** Opens the page as a browser does, and gives the cookie and the key that it got. */
export function signIn(server: PageServer): Promise<Session> {
  return signInAt(server.port, server.address())
}

interface Session {
  readonly cookie: string
  readonly key: string
}

async function signInAt(port: number, address: string): Promise<Session> {
  const { body, headers } = await askRaw(port, `/?token=${tokenOf(address)}`)
  const [cookie] = headers['set-cookie'] as readonly string[]
  return { cookie: cookie!.split(';')[0]!, key: /#key=([\w-]+)/.exec(body)![1]! }
}

/** A source that has nothing but a project, and keeps what it was told. */
export function emptySource(parts: Partial<Source> = {}): Source & { readonly told: unknown[] } {
  const told: unknown[] = []
  const none = () => {
    throw new NotThere('there is no such thing')
  }
  return {
    told,
    project: () => ({ name: 'house', root: '/house', stateDir: '/house/.opsflow', version: '0.0.0', user: 'tester' }),
    runs: () => ({ runs: [], total: 0, pipelines: [], statuses: [] }),
    follow: none,
    logs: () => [],
    readLog: none,
    act: async (act) => {
      told.push(act)
      return { ok: true, message: 'noted' }
    },
    report: none,
    files: async () => [],
    file: none,
    signals: async () => [],
    ...parts,
  }
}

const SMALL_PAGE: Assets = new Map([
  ['/', { type: 'text/html; charset=utf-8', body: new Uint8Array(Buffer.from('<!doctype html><title>page</title>')) }],
  ['/assets/a.js', { type: 'text/javascript; charset=utf-8', body: new Uint8Array(Buffer.from('1')) }],
])

/** Listens for one test. */
export async function pageServer(
  source: Source = emptySource(),
  assets: Assets = SMALL_PAGE,
): Promise<PageServer & { readonly next: string[] }> {
  const next: string[] = []
  const server = await listen({ source, assets, port: 0, onOpened: (address) => next.push(address) })
  onTestFinished(() => server.close())
  return { ...server, next }
}

/** `opsflow ui` of a project, opened by a browser. */
export async function openedUi(it: TestProject, ...words: readonly string[]) {
  const started = it.start('ui', ...words)
  onTestFinished(async () => {
    started.signal('SIGINT')
    await started.ended
  })
  return { started, ...(await pageOf(started)) }
}

/** What a browser asks of a server that was started, after it opened the address that was printed. */
export async function pageOf(started: { readonly out: { stdout: string }; readonly ended: Promise<unknown> }) {
  let hasEnded = false
  void started.ended.then(() => {
    hasEnded = true
  })
  await soon(
    () => hasEnded || /\?token=\S+\n/.test(started.out.stdout),
    (is) => is,
    () => `the address (${JSON.stringify(started.out)})`,
  )
  const address = /http:\S+/.exec(started.out.stdout)![0]
  const port = Number(new URL(address).port)
  const { cookie, key } = await signInAt(port, address)
  const get = async (path: string) => askRaw(port, path, { headers: { cookie } })
  return {
    port,
    cookie,
    address,
    get,
    json: async <T>(path: string) => JSON.parse((await get(path)).body) as T,
    act: async (act: Json) => {
      const from = { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' }
      const headers = { cookie, 'x-opsflow-key': key, ...from }
      const said = await askRaw(port, '/api/act', { method: 'POST', headers, body: JSON.stringify(act) })
      return { status: said.status, ...(JSON.parse(said.body) as Told) }
    },
  }
}
