import type { Json } from '../../util/json.ts'
import type { HostAnswer, HttpRequest } from '../action/protocol.ts'
import { type Reach, reachOf } from './address.ts'

const MOST_REDIRECTS = 10
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000
/** Headers that say nothing about who asks. All others belong to the host they were written for: any may be a credential. */
const FREE_HEADERS = /^(accept(-.*)?|user-agent|content-type|content-language|cache-control)$/i

type Refusal = Extract<HostAnswer, { ok: false }>

interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: string | undefined
}

/** Sends one request and follows its redirects. Never throws: what goes wrong is an answer with a reason. */
export async function sendRequest(
  request: HttpRequest,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<HostAnswer> {
  const first = firstHop(request)
  if ('ok' in first) return first
  const start = await reachOf(first.url.hostname)
  const refused = await refuseTarget(first.url, undefined, start)
  if (refused !== undefined) return refused
  let hop: Hop = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const startedAt = performance.now()
    let response: Response
    try {
      const { url, method, headers, body } = hop
      response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal,
        ...(body === undefined ? {} : { body }),
      })
    } catch (error) {
      return networkFailure(hop.url, error)
    }
    log(`${hop.method} ${shown(hop.url)} -> ${response.status} in ${Math.round(performance.now() - startedAt)} ms`)
    const location =
      isRedirect(response.status) && !request.expect?.includes(response.status)
        ? response.headers.get('location')
        : null
    if (location === null) return await readResponse(request, hop.url, response)
    await response.body?.cancel()
    const next = nextHop(hop, response.status, location)
    if ('ok' in next) return next
    const problem = await refuseTarget(next.url, hop.url, start)
    if (problem !== undefined) return problem
    hop = next
  }
  return failure('http-redirect', `\`${shown(first.url)}\` redirects more than ${MOST_REDIRECTS} times`)
}

function firstHop(request: HttpRequest): Hop | Refusal {
  const url = URL.parse(request.url)
  if (url === null)
    return failure('http-url', `\`${request.url}\` is no URL; write it with its scheme, as in \`https://example.org/\``)
  try {
    const headers = new Headers(Object.entries(request.headers))
    const { body } = request
    if (!headers.has('user-agent')) headers.set('user-agent', 'opsflow')
    if (body !== undefined && !headers.has('content-type')) {
      headers.set('content-type', typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json')
    }
    return {
      url,
      method: request.method.toUpperCase(),
      headers,
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    }
  } catch {
    return failure('http-request', 'a header has a name or value that http does not allow')
  }
}

/** The rules of `address.ts`, and the scheme. */
async function refuseTarget(url: URL, from: URL | undefined, start: Reach): Promise<Refusal | undefined> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return failure('http-url', `\`${shown(url)}\` is neither http nor https`)
  }
  if (from?.protocol === 'https:' && url.protocol === 'http:') {
    return failure('http-redirect', `\`${shown(from)}\` redirects from https to http`)
  }
  const reach = from === undefined ? start : await reachOf(url.hostname)
  if (reach === 'link-local')
    return failure('http-host', `\`${url.hostname}\` is a link-local address, where no step may send requests`)
  if (from !== undefined && reach === 'private' && start !== 'private') {
    return failure('http-redirect', `\`${shown(from)}\` redirects into the private network, to \`${url.hostname}\``)
  }
  return undefined
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

function nextHop(hop: Hop, status: number, location: string): Hop | Refusal {
  const url = URL.parse(location, hop.url.href)
  if (url === null) return failure('http-redirect', `\`${shown(hop.url)}\` redirects to something that is no URL`)
  const headers = new Headers(hop.headers)
  if (url.origin !== hop.url.origin)
    for (const name of [...headers.keys()]) if (!FREE_HEADERS.test(name)) headers.delete(name)
  const turnsGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  if (!turnsGet) return { ...hop, url, headers }
  headers.delete('content-type')
  return { url, method: 'GET', headers, body: undefined }
}

async function readResponse(request: HttpRequest, url: URL, response: Response): Promise<HostAnswer> {
  const expected = request.expect?.includes(response.status) ?? response.ok
  let text: string | undefined
  try {
    text = await readBody(response, request.maxBytes)
  } catch (error) {
    return networkFailure(url, error)
  }
  if (!expected) {
    const wanted = request.expect === undefined ? '2xx' : request.expect.join(' or ')
    const retryAfterMs = retryAfter(response.headers.get('retry-after'))
    const answer = failure('http-status', `\`${shown(url)}\` answered ${response.status}, expected ${wanted}`)
    return retryAfterMs === undefined ? answer : { ...answer, retryAfterMs }
  }
  if (text === undefined)
    return failure('http-size', `the answer of \`${shown(url)}\` is larger than ${request.maxBytes} bytes`)
  const body = parseBody(text, response.headers.get('content-type') ?? '')
  if (body === undefined) return failure('http-body', `the answer of \`${shown(url)}\` says it is JSON but is not`)
  return { ok: true, outputs: { status: response.status, headers: Object.fromEntries(response.headers), body } }
}

/** The body as text, or undefined where it is larger than allowed; what is beyond is never read. */
async function readBody(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseBody(text: string, contentType: string): Json | undefined {
  if (!/^[\w.+-]+\/(?:[\w.+-]+\+)?json\b/i.test(contentType) || text === '') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Milliseconds that the other side asks us to wait; seconds or a date, bounded. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS)
}

function networkFailure(url: URL, error: unknown): Refusal {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  const code = cause?.code ?? (error as Error).name
  const meaning: { readonly [code: string]: string } = {
    ENOTFOUND: 'the host name is unknown',
    EAI_AGAIN: 'the host name cannot be looked up now',
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection was cut',
    ETIMEDOUT: 'no answer',
    AbortError: 'the step was ended',
    UND_ERR_SOCKET: 'the connection was cut',
    UND_ERR_CONNECT_TIMEOUT: 'no answer',
    UND_ERR_HEADERS_TIMEOUT: 'no answer',
    UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  }
  return failure(
    'http-network',
    `\`${shown(url)}\` could not be reached: ${meaning[code] ?? cause?.message ?? (error as Error).message} (${code})`,
  )
}

/** Without user, password and query, which may hold what is nobody's business. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

function failure(reason: string, message: string): Refusal {
  return { ok: false, reason, message }
}
