import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

type Answer = { status?: number; headers?: Record<string, string>; body?: unknown; text?: string } | 'hang' | 'cut'

interface Seen {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: Record<string, unknown>
}

/** The part of GitHub's REST API that is used, on this machine: it keeps what is made, and answers otherwise when told to. */
export interface FakeGitHub {
  readonly api: string
  readonly token: string
  readonly seen: Seen[]
  readonly releases: Map<string, Record<string, unknown>>
  readonly pulls: Record<string, unknown>[]
  readonly tags: Set<string>
  checkRuns: { name: string; status: string; conclusion: string | null }[]
  statuses: { context: string; state: string }[]
  /** Answers the next requests of a method and path otherwise, one each; `after`: when the deed is done. */
  next(method: string, path: RegExp, answer: Answer, when?: 'instead' | 'after'): void
  /** Resolves when a request came that gets no answer. */
  hanging(): Promise<void>
}

export async function fakeGitHub(repository = 'acme/app'): Promise<FakeGitHub> {
  const token = `ghs_${'canary'.repeat(6)}`
  const script: { method: string; path: RegExp; answer: Answer; when: 'instead' | 'after' }[] = []
  const waiters: (() => void)[] = []
  let hung = 0
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const repo = `/repos/${repository}`
  const fake: FakeGitHub = {
    api,
    token,
    seen: [],
    releases: new Map(),
    pulls: [],
    tags: new Set(),
    checkRuns: [],
    statuses: [],
    next: (method, path, answer, when = 'instead') => void script.push({ method, path, answer, when }),
    hanging: () => (hung > 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const url = new URL(request.url ?? '', api)
    const seen: Seen = {
      method: request.method ?? '',
      path: url.pathname,
      authorization: request.headers.authorization,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    }
    fake.seen.push(seen)
    const at = script.findIndex(({ method, path }) => method === seen.method && path.test(url.pathname))
    const told = at === -1 ? undefined : script.splice(at, 1)[0]
    const own = told?.when === 'instead' ? undefined : answer(seen, url)
    const given = told?.answer ?? own!
    if (given === 'hang') {
      hung++
      for (const waiter of waiters.splice(0)) waiter()
      return
    }
    if (given === 'cut') {
      request.socket.destroy()
      return
    }
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers })
    response.end(given.text ?? JSON.stringify(given.body ?? {}))
  }

  function answer({ method, path, authorization, body }: Seen, url: URL): Exclude<Answer, string> {
    if (authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Bad credentials' } }
    if (!path.startsWith(`${repo}/`)) return notFound
    const rest = decodeURIComponent(path.slice(repo.length))
    if (method === 'POST' && rest === '/releases') {
      const tag = String(body.tag_name)
      if (fake.releases.has(tag)) return invalid({ resource: 'Release', code: 'already_exists', field: 'tag_name' })
      const release = { ...body, html_url: `https://github.com/${repository}/releases/tag/${tag}` }
      fake.releases.set(tag, release)
      return { status: 201, body: release }
    }
    if (method === 'POST' && rest === '/pulls') {
      if (findPull(`${repository.split('/')[0]}:${body.head}`, String(body.base)))
        return invalid({
          resource: 'PullRequest',
          code: 'custom',
          message: `A pull request already exists for acme:${body.head}.`,
        })
      const number = fake.pulls.length + 1
      const pull = { ...body, number, html_url: `https://github.com/${repository}/pull/${number}` }
      fake.pulls.push(pull)
      return { status: 201, body: pull }
    }
    const release = /^\/releases\/tags\/(.+)$/.exec(rest)
    if (release) return fake.releases.has(release[1]!) ? { body: fake.releases.get(release[1]!) } : notFound
    const tag = /^\/git\/ref\/tags\/(.+)$/.exec(rest)
    if (tag) return fake.tags.has(tag[1]!) ? { body: { ref: `refs/tags/${tag[1]}` } } : notFound
    if (rest === '/pulls') {
      const pull = findPull(url.searchParams.get('head') ?? '', url.searchParams.get('base') ?? '')
      return { body: pull ? [pull] : [] }
    }
    if (rest.endsWith('/check-runs')) return page(url, fake.checkRuns, (check_runs) => ({ total_count: 0, check_runs }))
    if (rest.endsWith('/status')) return page(url, fake.statuses, (statuses) => ({ state: 'pending', statuses }))
    return notFound
  }

  const findPull = (head: string, base: string) =>
    fake.pulls.find((pull) => `${repository.split('/')[0]}:${pull.head}` === head && pull.base === base)
  return fake
}

const notFound = { status: 404, body: { message: 'Not Found' } }

function invalid(error: Record<string, string>): Exclude<Answer, string> {
  return { status: 422, body: { message: 'Validation Failed', errors: [error] } }
}

/** At most a hundred items, as asked for, and the link to the next ones. */
function page<T>(url: URL, items: readonly T[], bodyOf: (items: readonly T[]) => unknown): Exclude<Answer, string> {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
  const number = Number(url.searchParams.get('page') ?? 1)
  const next = new URL(url)
  next.searchParams.set('page', String(number + 1))
  const headers = items.length > number * size ? { link: `<${next}>; rel="next", <${url}>; rel="first"` } : {}
  return { headers: headers as Record<string, string>, body: bodyOf(items.slice((number - 1) * size, number * size)) }
}
