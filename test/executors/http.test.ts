import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HttpRequest } from '../../src/executors/action/protocol.ts'
import { reachOf } from '../../src/executors/http/address.ts'
import { sendRequest } from '../../src/executors/http/request.ts'

let server: Server
let origin = ''
const handlers: {
  readonly [path: string]: (request: IncomingMessage, response: ServerResponse, body: string) => void
} = {
  '/echo': (request, response, body) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-answer': 'yes' })
    response.end(
      JSON.stringify({
        method: request.method,
        body,
        type: request.headers['content-type'] ?? null,
        auth: request.headers.authorization ?? null,
        other: request.headers['x-auth'] ?? null,
        accept: request.headers.accept ?? null,
      }),
    )
  },
  '/text': (_request, response) => response.end('plain'),
  '/lies': (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
  '/problem': (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/problem+json' }).end('{"a":1}'),
  '/large': (_request, response) => response.end('x'.repeat(5000)),
  '/busy': (_request, response) => response.writeHead(503, { 'retry-after': '7' }).end(),
  '/later': (_request, response) =>
    response.writeHead(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end(),
  '/moved': (_request, response) => response.writeHead(302, { location: '/echo' }).end(),
  '/kept': (_request, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/metadata': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/scheme': (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/other-host': (_request, response) =>
    response.writeHead(307, { location: `${origin.replace('127.0.0.1', 'localhost')}/echo` }).end(),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    response.socket?.destroy()
  },
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () =>
      handlers[request.url?.split('?')[0] ?? '']?.(request, response, Buffer.concat(chunks).toString()),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const send = (path: string, more: Partial<HttpRequest> = {}, lines: string[] = []) => {
  const url = path.startsWith('/') ? `${origin}${path}` : path
  const request = { method: 'GET', url, headers: {}, body: undefined, expect: undefined, maxBytes: 4096, ...more }
  return sendRequest(request, AbortSignal.timeout(10_000), (line) => lines.push(line))
}

describe('a request', () => {
  test('gives status, headers and a parsed body', async () => {
    const answer = await send('/echo')
    expect(answer).toMatchObject({
      ok: true,
      outputs: { status: 200, headers: { 'x-answer': 'yes' }, body: { method: 'GET', body: '' } },
    })
  })

  test('sends data as JSON and text as text, unless a header says otherwise', async () => {
    const typeOf = async (more: Partial<HttpRequest>) => {
      const answer = await send('/echo', { method: 'post', ...more })
      return answer.ok ? answer.outputs.body : answer
    }
    expect(await typeOf({ body: { a: [1] } })).toMatchObject({
      method: 'POST',
      body: '{"a":[1]}',
      type: 'application/json',
    })
    expect(await typeOf({ body: 'text' })).toMatchObject({ body: 'text', type: 'text/plain; charset=utf-8' })
    expect(await typeOf({ body: '<a/>', headers: { 'Content-Type': 'text/xml' } })).toMatchObject({ type: 'text/xml' })
  })

  test('reads JSON by its content type, and leaves other text alone', async () => {
    expect(await send('/text')).toMatchObject({ outputs: { body: 'plain' } })
    expect(await send('/problem')).toMatchObject({ outputs: { body: { a: 1 } } })
  })

  test('logs where it went, without the query', async () => {
    const lines: string[] = []
    await send('/text?token=private', {}, lines).catch(() => undefined)
    await send('/text', {}, lines)
    expect(lines.join('\n')).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/text -> 200 in \d+ ms$/m)
    expect(lines.join('\n')).not.toContain('private')
  })
})

describe('a failure says what it is', () => {
  const cases = [
    ['a status that is not expected', '/busy', {}, 'http-status', /answered 503, expected 2xx/],
    [
      'a success that is not expected',
      '/text',
      { expect: [201, 204] },
      'http-status',
      /answered 200, expected 201 or 204/,
    ],
    ['an answer that is too large', '/large', {}, 'http-size', /larger than 4096 bytes/],
    ['JSON that is none', '/lies', {}, 'http-body', /says it is JSON but is not/],
    ['an answer that is cut off', '/cut', {}, 'http-network', /could not be reached/],
    ['a port where nothing listens', 'http://127.0.0.1:9/', {}, 'http-network', /127\.0\.0\.1:9/],
    ['a name that nobody knows', 'http://no-such-host.invalid/', {}, 'http-network', /no-such-host\.invalid/],
    ['no URL', 'example.org', {}, 'http-url', /is no URL/],
    ['another scheme', 'ftp://example.org/', {}, 'http-url', /neither http nor https/],
    ['a header that http does not allow', '/text', { headers: { 'X-A': 'a\nb' } }, 'http-request', /a header/],
    ['a link-local address', 'http://169.254.169.254/', {}, 'http-host', /link-local/],
    ['a link-local address in disguise', 'http://2852039166/', {}, 'http-host', /link-local/],
    ['a redirect to a link-local address', '/metadata', {}, 'http-host', /link-local/],
    ['a redirect to another scheme', '/scheme', {}, 'http-url', /neither http nor https/],
    ['redirects without end', '/loop', {}, 'http-redirect', /more than 10 times/],
  ] as const
  for (const [what, path, more, reason, message] of cases) {
    test(what, async () => {
      const answer = await send(path, more as Partial<HttpRequest>)
      expect(answer).toMatchObject({ ok: false, reason })
      expect(answer.ok ? '' : answer.message).toMatch(message)
    })
  }

  test('and when the other side wants to be asked again', async () => {
    expect(await send('/busy')).toMatchObject({ retryAfterMs: 7000 })
    const later = await send('/later')
    expect(later.ok ? 0 : later.retryAfterMs).toBeGreaterThan(50_000)
  })
})

describe('a redirect', () => {
  test('is followed, as GET where http says so', async () => {
    expect(await send('/moved', { method: 'POST', body: 'x' })).toMatchObject({
      outputs: { body: { method: 'GET', body: '' } },
    })
    expect(await send('/kept', { method: 'POST', body: 'x' })).toMatchObject({
      outputs: { body: { method: 'POST', body: 'x' } },
    })
  })

  test('is the answer itself where its status is expected', async () => {
    expect(await send('/moved', { expect: [302] })).toMatchObject({ ok: true, outputs: { status: 302 } })
  })

  test('takes credentials along on the same host only', async () => {
    const headers = { Authorization: 'Bearer x', 'X-Auth': 'y', Accept: 'text/plain' }
    expect(await send('/kept', { headers })).toMatchObject({ outputs: { body: { auth: 'Bearer x', other: 'y' } } })
    expect(await send('/other-host', { headers })).toMatchObject({
      outputs: { body: { auth: null, other: null, accept: 'text/plain' } },
    })
  })
})

test('addresses are told apart by where they lead', async () => {
  const reaches = [
    '8.8.8.8',
    '10.1.2.3',
    '127.0.0.1',
    '[::1]',
    '169.254.0.1',
    '[fe80::1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:10.0.0.1]',
    '[2606:4700::1]',
  ]
  expect(await Promise.all(reaches.map(reachOf))).toEqual([
    'public',
    'private',
    'private',
    'private',
    'link-local',
    'link-local',
    'link-local',
    'private',
    'public',
  ])
})
