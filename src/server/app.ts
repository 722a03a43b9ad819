/**
 * The page's server: requests in, answers out.
 *
 * Takes a `Source` to read from, the guard and the built page. Promises:
 * 1. Nothing is answered before the guard let the request in; only the exchange of a token needs no session.
 * 2. It reads; what it does is a person's act, by the command of that name. It runs nothing itself.
 * 3. No answer runs what a run wrote: texts are sent as data, under a policy that allows no script but the page's own.
 */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import { streamSSE } from 'hono/streaming'
import { readAct } from './acts.ts'
import { REPORT_FORMS } from './api.ts'
import type { Assets } from './assets.ts'
import type { Guard, Refusal } from './guard.ts'
import { NotThere, type Source } from './source.ts'

const HEADERS: { readonly [name: string]: string } = {
  'content-security-policy': [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "worker-src 'self'"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** What a person can type into a form, with room to spare. */
const BODY_BYTES = 256 * 1024
const MOST_RUNS = 2000
const BEAT_MS = 15_000

export function createApp(options: { readonly source: Source; readonly guard: Guard; readonly assets: Assets }): Hono {
  const { assets, guard, source } = options
  const app = new Hono()

  app.use(async (c, next) => {
    const refused = refusalOf(c, guard)
    if (refused !== undefined) refuse(c, refused)
    else await next()
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
  })
  app.onError((error, c) => {
    const { name, message, hint, reason } = error as Error & { readonly hint?: unknown; readonly reason?: unknown }
    const isMissing = error instanceof NotThere || reason === 'not-found'
    const answer = c.json(
      { ok: false, message: name === 'Error' ? `opsflow: ${message}` : message, hint },
      isMissing ? 404 : name === 'UsageError' ? 400 : 500,
    )
    for (const [header, value] of Object.entries(HEADERS)) answer.headers.set(header, value)
    return answer
  })
  app.notFound((c) => c.json({ ok: false, message: 'there is nothing at this address' }, 404))

  app.get('/', (c, next) => {
    const token = c.req.query('token')
    if (token === undefined) return next()
    const opened = guard.exchange(token)
    if (opened === undefined) return refuse(c, { status: 401, message: WORN })
    setCookie(c, guard.cookieName(), opened.session, { httpOnly: true, sameSite: 'Strict', path: '/' })
    // No redirect: a browser that came from another site, or from a file, would follow it without the cookie. What stands
    // behind `#` is sent to nobody; the page takes it out of the address.
    return c.html(
      `<!doctype html><meta http-equiv="refresh" content="0;url=/#key=${opened.key}"><title>opsflow</title>\n`,
    )
  })

  app.get('/api/project', (c) => c.json(source.project()))
  app.get('/api/runs', (c) => {
    const { limit = '100', pipeline = '', status = '', text = '' } = c.req.query()
    return c.json(source.runs({ text, pipeline, status, limit: Math.min(MOST_RUNS, wholeOf(limit, 100)) }))
  })
  app.get('/api/runs/:run/follow', (c) => follow(c, source))
  app.get('/api/runs/:run/logs', (c) => c.json(source.logs(c.req.param('run'), c.req.query('path') ?? '')))
  app.get('/api/runs/:run/log', (c) => {
    const { attempt = '1', delivery = '1', from = '0', path = '' } = c.req.query()
    const log = { path, attempt: wholeOf(attempt, 1), delivery: wholeOf(delivery, 1) }
    const piece = source.readLog(c.req.param('run'), { ...log, from: wholeOf(from, 0) })
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-log-from': `${piece.from}` }
    return c.body(piece.bytes, 200, { ...headers, 'x-log-size': `${piece.size}` })
  })
  app.post(
    '/api/act',
    bodyLimit({ maxSize: BODY_BYTES, onError: (c) => c.json({ ok: false, message: 'that is too much text' }, 413) }),
    async (c) => {
      const body: unknown = await c.req.json().catch(() => undefined)
      const act = readAct(body)
      if (typeof act === 'string') return c.json({ ok: false, message: act }, 400)
      const told = await source.act(act)
      return c.json(told, told.ok ? 200 : 409)
    },
  )
  app.get('/api/files', async (c) => c.json(await source.files()))
  app.get('/api/file', async (c) => c.json(await source.file(c.req.query('path') ?? '')))
  app.get('/api/signals', async (c) => c.json(await source.signals()))
  app.get('/api/report', async (c) => {
    const { format, pipeline, run, since } = c.req.query()
    const form = REPORT_FORMS.find((one) => one === format) ?? 'page'
    const text = await source.report({ run, since, pipeline }, form)
    if (form === 'page') return c.body(text, 200, { 'content-type': 'application/json' })
    // A file to keep, never a page of this origin.
    const headers = { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' }
    return c.body(text, 200, headers)
  })

  app.get('*', (c, next) => {
    const asset = assets.get(c.req.path)
    return asset === undefined ? next() : c.body(asset.body, 200, { 'content-type': asset.type })
  })
  return app
}

const WORN = 'this address was used before or is not the one that `opsflow ui` printed last'

function refusalOf(c: Context, guard: Guard): Refusal | undefined {
  const host = c.req.header('host')
  const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD'
  const isEntry = c.req.path === '/' && c.req.method === 'GET'
  const session = getCookie(c, guard.cookieName())
  return (
    guard.refuseHost(host) ??
    // A link in a chat or a terminal may lead here; what it opens is only the page.
    (isEntry
      ? undefined
      : guard.refuseOrigin(
          {
            host,
            origin: c.req.header('origin'),
            fetchSite: c.req.header('sec-fetch-site'),
            contentType: c.req.header('content-type'),
          },
          changes,
        )) ??
    (isEntry && c.req.query('token') !== undefined ? undefined : guard.refuseStranger(session)) ??
    (changes ? guard.refuseKey(session, c.req.header('x-opsflow-key')) : undefined)
  )
}

function refuse(c: Context, { status, message }: Refusal): Response {
  const answer = c.req.path.startsWith('/api/')
    ? c.json({ ok: false, message }, status)
    : c.text(`opsflow: ${message}\n`, status)
  c.res = answer
  return answer
}

/** Everything that is known of a run, then each change, as events of one long answer. */
function follow(c: Context, source: Source): Response {
  const run = c.req.param('run') ?? ''
  const stop = new AbortController()
  // Asked for before the answer begins, so that a run that is not there is answered as that.
  const changes = source.follow(run, stop.signal)
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => stop.abort())
    // Whoever went away without a word is noticed by what cannot be sent.
    const beat = setInterval(() => void stream.writeSSE({ event: 'beat', data: '' }), BEAT_MS)
    try {
      for await (const change of changes) {
        await stream.writeSSE({ event: 'change', data: JSON.stringify(change) })
        if (stream.aborted) break
      }
    } finally {
      clearInterval(beat)
      stop.abort()
    }
  })
}

function wholeOf(text: string, otherwise: number): number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : otherwise
}
