import type { ForgeFailure } from '../../ports/forge.ts'
import type { Json } from '../../util/json.ts'

/** Where the REST API is, and who asks. */
export interface GitHubAccess {
  /** `https://api.github.com`, or that of another installation; without a slash at its end. */
  readonly api: string
  readonly token: string
  /** `owner/name`. */
  readonly repository: string
  /** For one request, its answer included. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export type GitHubAnswer =
  | { readonly status: number; readonly body: Json; readonly next: string | undefined; readonly failure?: undefined }
  | { readonly failure: ForgeFailure }

const TIMEOUT_MS = 30_000
const MOST_BYTES = 8 * 1024 * 1024
const MOST_REDIRECTS = 3
const LONGEST_WAIT_MS = 3_600_000

/**
 * One request of the API. An answer with a status that the caller expects is given as it is; every other one, and none at
 * all, is a failure that says what to do. The token goes to the origin of the API only, also where an answer leads elsewhere.
 */
export async function askGitHub(
  access: GitHubAccess,
  method: 'GET' | 'POST',
  path: string,
  options: { readonly body?: Json; readonly expect: readonly number[] },
): Promise<GitHubAnswer> {
  const base = URL.parse(access.api)
  if (base === null || (base.protocol !== 'https:' && !isLoopback(base)))
    return failure(
      'forge-refused',
      `\`${access.api}\` is no https address of an API`,
      'write it like https://api.github.com',
    )
  if (!/^[\x21-\x7e]+$/.test(access.token))
    return failure('forge-token', 'the token holds signs that no token has', 'give it as it was shown, on one line')
  const timeout = AbortSignal.timeout(access.timeoutMs ?? TIMEOUT_MS)
  const signal = access.signal ? AbortSignal.any([access.signal, timeout]) : timeout
  let url = path.startsWith('https:') || path.startsWith('http:') ? path : `${access.api}${path}`
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      if (URL.parse(url)?.origin !== base.origin)
        return failure(
          'forge-answer',
          `${base.host} leads to another address, where the token does not go`,
          'give the address it moved to',
        )
      const response = await fetch(url, {
        method,
        signal,
        redirect: 'manual',
        headers: {
          authorization: `Bearer ${access.token}`,
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          'user-agent': 'opsflow',
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      })
      const location = [301, 302, 307, 308].includes(response.status) ? response.headers.get('location') : null
      if (location === null) return await judge(access, method, response, options.expect)
      await response.body?.cancel()
      url = URL.parse(location, url)?.href ?? ''
    }
    return failure('forge-answer', `${base.host} leads in circles`, 'try again later')
  } catch (error) {
    return unreached(base.host, access, timeout, error)
  }
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}

async function judge(
  access: GitHubAccess,
  method: string,
  response: Response,
  expect: readonly number[],
): Promise<GitHubAnswer> {
  const { status, headers } = response
  const body = await readJson(response)
  if (expect.includes(status)) {
    if (body === undefined)
      return failure(
        'forge-answer',
        `GitHub answered ${status} with something that is no JSON`,
        'is this the address of the API?',
      )
    return { status, body, next: nextPage(headers.get('link')) }
  }
  return failureOf(access, method, status, headers, saidBy(body))
}

/** What a status means, and what to do about it. */
function failureOf(
  { repository }: GitHubAccess,
  method: string,
  status: number,
  headers: Headers,
  said: string,
): { readonly failure: ForgeFailure } {
  const words = said === '' ? String(status) : `${status}: ${said}`
  const wait = waitOf(headers)
  if (status === 429 || (status === 403 && (wait !== undefined || /rate limit/i.test(said)))) {
    const waitMs = Math.min(wait ?? 60_000, LONGEST_WAIT_MS)
    return failure(
      'forge-limit',
      `GitHub takes no more requests for now (${words})`,
      `try again in ${Math.ceil(waitMs / 1000)} s`,
      waitMs,
    )
  }
  if (status === 401)
    return failure(
      'forge-token',
      `GitHub does not take the token (${words})`,
      'it may have run out: make a new one and set GITHUB_TOKEN',
    )
  if (status === 403)
    return failure(
      'forge-rights',
      `the token may not ${method === 'GET' ? 'read this of' : 'do this in'} \`${repository}\` (${words})`,
      'give it contents and pull requests, read and write',
    )
  if (status === 404 || status === 410)
    return failure(
      'forge-missing',
      `GitHub shows this token no \`${repository}\`, or not what was asked of it (${words})`,
      'check the name, and that the token may see the repository',
    )
  if (status >= 500)
    return failure('forge-down', `GitHub is broken now (${words})`, 'try again later: `opsflow retry`', wait)
  return failure('forge-refused', `GitHub refuses the request (${words})`, 'mend what it says')
}

/** Milliseconds that the answer asks to wait; undefined where it asks for nothing. */
function waitOf(headers: Headers): number | undefined {
  const after = headers.get('retry-after')?.trim()
  if (after !== undefined) {
    const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()
    if (!Number.isNaN(ms)) return Math.max(0, ms)
  }
  if (headers.get('x-ratelimit-remaining') !== '0') return undefined
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000 - Date.now()
  return Number.isNaN(reset) ? 60_000 : Math.max(0, reset)
}

async function readJson(response: Response): Promise<Json | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json
  } catch {
    return undefined
  }
}

/** What GitHub says of a refusal: its message, and the messages or codes of its errors. */
export function saidBy(body: Json | undefined): string {
  const { message, errors } = (body ?? {}) as { readonly message?: Json; readonly errors?: Json }
  const more = (Array.isArray(errors) ? errors : []).map((error: Json) => {
    const { message, code, field } = (
      typeof error === 'object' && error !== null ? error : { message: error }
    ) as Record<string, Json>
    return typeof message === 'string' ? message : [field, code].filter((word) => typeof word === 'string').join(' ')
  })
  return [message, ...more]
    .filter((text) => typeof text === 'string' && text !== '')
    .join('; ')
    .replace(/[\r\n]+/g, ' ')
    .slice(0, 300)
}

function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>;[^,]*\brel="?next"?/.exec(link ?? '')?.[1]
}

function unreached(
  host: string,
  access: GitHubAccess,
  timeout: AbortSignal,
  error: unknown,
): { readonly failure: ForgeFailure } {
  if (access.signal?.aborted === true)
    return failure('forge-timeout', 'the step was ended before GitHub answered', 'run it again: what was made is found')
  if (timeout.aborted) {
    const seconds = Math.round((access.timeoutMs ?? TIMEOUT_MS) / 100) / 10
    return failure(
      'forge-timeout',
      `${host} did not answer in ${seconds} s`,
      'run it again: what was made meanwhile is found, not made twice',
    )
  }
  const { code } = (error as { cause?: { code?: string } }).cause ?? {}
  return failure(
    'forge-down',
    `${host} could not be reached${code === undefined ? '' : ` (${code})`}`,
    'check the network, then `opsflow retry`',
  )
}

function failure(
  reason: ForgeFailure['reason'],
  message: string,
  hint: string,
  retryAfterMs?: number,
): { readonly failure: ForgeFailure } {
  return { failure: { reason, message, hint, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } }
}
