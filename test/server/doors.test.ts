import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { Asking } from '../support/page-server.ts'
import { askRaw, emptySource, pageServer, signIn, tokenOf } from '../support/page-server.ts'

/** Every address of the server, as a stranger would try them. */
const ADDRESSES = [
  '/',
  '/assets/a.js',
  '/api/project',
  '/api/runs',
  '/api/runs/x/follow',
  '/api/runs/x/logs?path=a',
  '/api/runs/x/log?path=a',
  '/api/files',
  '/api/file?path=a',
  '/api/signals',
  '/api/report?run=x',
  '/api/act',
  '/nothing',
]

describe('the server of the page listens for this machine alone', () => {
  test('on the loopback, and on no other address of the machine', async () => {
    const { port } = await pageServer()
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address)
    for (const host of [...others, '127.0.0.2']) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ host, port, timeout: 2000 })
        socket.on('connect', () => resolve(true))
        socket.on('error', () => resolve(false))
        socket.on('timeout', () => resolve(false))
        socket.on('close', () => socket.destroy())
      })
      expect({ host, reached }).toEqual({ host, reached: false })
    }
    expect((await askRaw(port, '/')).status).toBe(401)
  })
})

/** 400: what is no name of a host at all. */
const REFUSED = [421, 400]

describe('promise 29e: a name that was made to point here (DNS rebinding)', () => {
  const names = (port: number) => [
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `evil.example@127.0.0.1:${port}`,
    `127.0.0.1:${port === 1 ? 2 : 1}`,
    '127.0.0.1',
    'localhost',
    `LOCALHOST.:${port}`,
    `0.0.0.0:${port}`,
    `[::1]:${port}`,
    `2130706433:${port}`,
  ]
  test('is refused at every address, with a session too, and opens none', async () => {
    const source = emptySource()
    const server = await pageServer(source)
    const token = tokenOf(server.address())
    for (const host of names(server.port)) {
      const answer = await askRaw(server.port, `/?token=${token}`, { headers: { host } })
      const { headers, status } = answer
      expect({ host, refused: REFUSED.includes(status), cookie: headers['set-cookie'] }).toEqual({
        host,
        refused: true,
        cookie: undefined,
      })
    }
    expect(tokenOf(server.address())).toBe(token)
    const { cookie } = await signIn(server)
    for (const host of names(server.port))
      for (const path of ADDRESSES)
        expect(REFUSED).toContain((await askRaw(server.port, path, { headers: { host, cookie } })).status)
  })

  test.for(['GET / HTTP/1.0\r\n\r\n', 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'])(
    'is refused where it is left out: %j',
    async (text) => {
      const { address, port } = await pageServer()
      const token = tokenOf(address())
      const said = await new Promise<string>((resolve, reject) => {
        let heard = ''
        const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text.replace('/', `/?token=${token}`)))
        socket.on('data', (piece) => {
          heard += piece.toString()
        })
        socket.on('end', () => resolve(heard))
        socket.on('error', reject)
      })
      expect(said).toMatch(/^HTTP\/1\.1 4(?:21|00) /)
      expect(said).not.toMatch(/set-cookie/i)
      expect(tokenOf(address())).toBe(token)
    },
  )

  test('is told apart from the names of the loopback, which are answered', async () => {
    const server = await pageServer()
    const { cookie } = await signIn(server)
    for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`])
      expect((await askRaw(server.port, '/api/project', { headers: { host, cookie } })).status).toBe(200)
  })
})

describe('promise 29e: another page in the same browser (CSRF)', () => {
  const WORD = JSON.stringify({ verb: 'approve', run: 'x', path: 'ship' })
  const asked = async (more: (port: number) => Asking['headers'], cookieToo = true) => {
    const source = emptySource()
    const server = await pageServer(source)
    const { cookie, key } = await signIn(server)
    const session = { 'x-opsflow-key': key, ...(cookieToo && { cookie }) }
    const headers = { 'content-type': 'application/json', ...session, ...more(server.port) }
    const { status } = await askRaw(server.port, '/api/act', { method: 'POST', headers, body: WORD })
    return { status, told: source.told }
  }
  const own = (port: number) => ({ origin: `http://127.0.0.1:${port}` })

  test('the page itself is taken', async () => {
    expect(await asked(own)).toEqual({
      status: 200,
      told: [{ verb: 'approve', run: 'x', path: 'ship', comment: undefined }],
    })
  })

  test.for<readonly [string, (port: number) => { readonly [name: string]: string }, number]>([
    ['another origin', () => ({ origin: 'https://evil.example' }), 403],
    ['another port of this machine', (port) => ({ origin: `http://127.0.0.1:${port + 1}` }), 403],
    ['the other name of this machine', (port) => ({ origin: `http://localhost:${port}` }), 403],
    ['a sandboxed frame', () => ({ origin: 'null' }), 403],
    ['no origin', () => ({}), 403],
    ['a page of the same site', (port) => ({ ...own(port), 'sec-fetch-site': 'same-site' }), 403],
    ['a page of another site', (port) => ({ ...own(port), 'sec-fetch-site': 'cross-site' }), 403],
    ['no page at all', (port) => ({ ...own(port), 'sec-fetch-site': 'none' }), 403],
    ['a form', (port) => ({ ...own(port), 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['a form of files', (port) => ({ ...own(port), 'content-type': 'multipart/form-data; boundary=x' }), 415],
    ['a form of text that looks like JSON', (port) => ({ ...own(port), 'content-type': 'text/plain' }), 415],
    ['a type that only begins like JSON', (port) => ({ ...own(port), 'content-type': 'application/jsonp' }), 415],
  ])('%s decides nothing', async ([, more, status]) => {
    expect(await asked(more)).toEqual({ status, told: [] })
  })

  test('without the cookie decides nothing, wherever it says that it comes from', async () => {
    expect(await asked(own, false)).toEqual({ status: 401, told: [] })
  })

  test.for([undefined, '', 'x', 'of another session', 'the session itself'])(
    'a server on another port gets the cookie, and does nothing with it without the key: %s',
    async (what) => {
      const source = emptySource()
      const server = await pageServer(source)
      const other = await signIn(server)
      const { cookie } = await signIn(server)
      const session = cookie.split('=')[1]!
      const key = what === 'of another session' ? other.key : what === 'the session itself' ? session : what
      const headers = { 'content-type': 'application/json', cookie, ...own(server.port) }
      const { status } = await askRaw(server.port, '/api/act', {
        method: 'POST',
        headers: { ...headers, ...(key !== undefined && { 'x-opsflow-key': key }) },
        body: WORD,
      })
      expect({ status, told: source.told }).toEqual({ status: 401, told: [] })
      // Nor does any address tell it.
      for (const path of ADDRESSES) {
        const answer = await askRaw(server.port, path, { headers: { cookie } })
        expect(`${JSON.stringify(answer.headers)} ${answer.body}`).not.toContain('key=')
      }
    },
  )

  test('cannot read either: no answer allows another origin, and none comes for what another site asks', async () => {
    const server = await pageServer()
    const { cookie } = await signIn(server)
    for (const path of ADDRESSES.filter((one) => one !== '/')) {
      for (const more of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
        const answer = await askRaw(server.port, path, { headers: { cookie, ...more } })
        expect({ path, status: answer.status }).toEqual({ path, status: 403 })
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      }
    }
    const preflight = await askRaw(server.port, '/api/act', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(403)
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test.for(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s does nothing anywhere', async (method) => {
    const source = emptySource()
    const server = await pageServer(source)
    const { cookie, key } = await signIn(server)
    const headers = { cookie, 'x-opsflow-key': key, 'content-type': 'application/json', ...own(server.port) }
    for (const path of ADDRESSES)
      expect((await askRaw(server.port, path, { method, headers, body: WORD })).status).toBe(404)
    expect(source.told).toEqual([])
  })
})

describe('promise 29e: guessing', () => {
  test('a token is 256 random bits, another one each time', async () => {
    const tokens = new Set<string>()
    for (let count = 0; count < 8; count++) {
      const server = await pageServer()
      const token = tokenOf(server.address())
      expect(Buffer.from(token, 'base64url')).toHaveLength(32)
      tokens.add(token)
    }
    expect(tokens.size).toBe(8)
  })

  test('is answered alike however near it is, wears nothing out, and never helps', async () => {
    const server = await pageServer()
    const token = tokenOf(server.address())
    const near = [
      ...['', 'x', '0', 'undefined', 'null', '%00', 'a'.repeat(8000)],
      ...[...token].map((char, at) => token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1)),
      ...[...token].map((_, at) => token.slice(0, at)),
      `${token}A`,
      ` ${token}`,
      token.toUpperCase(),
    ].filter((guess) => guess !== token)
    const answers = new Set<string>()
    for (const guess of near) {
      const { body, headers, status } = await askRaw(server.port, `/?token=${guess.replace(' ', '+')}`)
      expect(headers['set-cookie']).toBeUndefined()
      answers.add(`${status} ${body}`)
    }
    expect([...answers]).toEqual([expect.stringMatching(/^401 opsflow: this address was used before/)])
    const name = `opsflow-${server.port}`
    for (const guess of near.slice(1))
      expect(
        (await askRaw(server.port, '/api/project', { headers: { cookie: `${name}=${guess.replace(' ', '+')}` } }))
          .status,
      ).toBe(401)
    expect((await askRaw(server.port, '/', { headers: { cookie: (await signIn(server)).cookie } })).status).toBe(200)
  })

  test('the token of an address is no session, and a session is no token', async () => {
    const server = await pageServer()
    const first = tokenOf(server.address())
    const headers = { cookie: `opsflow-${server.port}=${first}`, authorization: `Bearer ${first}` }
    expect((await askRaw(server.port, '/api/project', { headers })).status).toBe(401)
    const session = (await signIn(server)).cookie.split('=')[1]!
    expect((await askRaw(server.port, `/?token=${session}`)).status).toBe(401)
  })

  test('an address opens the page once; the next one is told to whoever started the server', async () => {
    const server = await pageServer()
    const used = server.address()
    const path = `/?token=${tokenOf(used)}`
    expect((await askRaw(server.port, path, { method: 'HEAD' })).headers['set-cookie']).toBeUndefined()
    expect((await askRaw(server.port, path)).status).toBe(200)
    expect(server.next).toEqual([server.address()])
    expect(server.address()).not.toBe(used)
    expect((await askRaw(server.port, path)).status).toBe(401)
    expect((await askRaw(server.port, `/?token=${tokenOf(server.next[0]!)}`)).status).toBe(200)
  })
})

describe('a session', () => {
  test('is a cookie that no script reads and no other site sends, and its token leaves the address at once', async () => {
    const server = await pageServer()
    const answer = await askRaw(server.port, `/?token=${tokenOf(server.address())}`)
    expect(answer).toMatchObject({ status: 200, headers: { 'referrer-policy': 'no-referrer' } })
    // A redirect would be followed without the cookie by whoever came from a file, or from another site.
    expect(answer.headers.location).toBeUndefined()
    expect(answer.body).toMatch(/<meta http-equiv="refresh" content="0;url=\/#key=[\w-]{43}">/)
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(new RegExp(`^opsflow-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`)),
    ])
  })

  test('is needed at every address', async () => {
    const server = await pageServer()
    for (const path of ADDRESSES)
      expect({ path, status: (await askRaw(server.port, path)).status }).toEqual({ path, status: 401 })
  })

  test('of one server is worth nothing at another', async () => {
    const [one, other] = [await pageServer(), await pageServer()]
    const value = (await signIn(one)).cookie.split('=')[1]
    const headers = { cookie: `opsflow-${other.port}=${value}` }
    expect((await askRaw(other.port, '/api/project', { headers })).status).toBe(401)
  })
})

describe('every answer', () => {
  test('carries the policy that lets no script run but the page’s own, also where it refuses or fails', async () => {
    const server = await pageServer(
      emptySource({
        files: () => {
          throw new Error('broken')
        },
      }),
    )
    const { cookie } = await signIn(server)
    const answers = [
      ...(await Promise.all(ADDRESSES.map((path) => askRaw(server.port, path, { headers: { cookie } })))),
      await askRaw(server.port, '/', { headers: { host: 'evil.example' } }),
      await askRaw(server.port, '/api/runs'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 404, 200, 404, 500, 404, 200, 404, 404, 404, 421, 401,
    ])
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
    }
  })

  test('to an act that is none says why, and passes nothing on', async () => {
    const source = emptySource()
    const server = await pageServer(source)
    const { cookie, key } = await signIn(server)
    const headers = {
      cookie,
      'x-opsflow-key': key,
      origin: `http://127.0.0.1:${server.port}`,
      'content-type': 'application/json',
    }
    const say = (body: string) => askRaw(server.port, '/api/act', { method: 'POST', headers, body })
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '"approve"',
      '{"verb":"approve"}',
      '{"verb":"delete","run":"r","path":"a"}',
      '{"verb":"approve","run":"r","path":"a","comment":{}}',
      '{"verb":"answer","run":"r","path":"a","values":["x"]}',
      '{"verb":"answer","run":"r","path":"a","values":{"x":1}}',
      '{"verb":"bypass","run":"r","path":"a","reason":" ","expires":"1h"}',
      '{"verb":"bypass","run":"r","path":"a","reason":"x"}',
      '{"verb":"note","run":"r"}',
      '{"verb":"__proto__","run":"r","path":"a"}',
    ]) {
      const { body: said, status } = await say(body)
      expect({ body, status }).toEqual({ body, status: 400 })
      expect(JSON.parse(said)).toEqual({ ok: false, message: expect.stringMatching(/\w/) })
    }
    expect((await say(JSON.stringify({ verb: 'note', run: 'r', text: 'x'.repeat(300_000) }))).status).toBe(413)
    expect(source.told).toEqual([])
  })
})

test('the server ends though somebody follows a run', async () => {
  let asked = (): void => {}
  const isFollowed = new Promise<void>((resolve) => {
    asked = resolve
  })
  const server = await pageServer(
    emptySource({
      follow: async function* (_, signal) {
        asked()
        yield { fresh: true, plan: undefined, head: {} as never, steps: [] }
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    }),
  )
  const { cookie } = await signIn(server)
  const cut = askRaw(server.port, '/api/runs/x/follow', { headers: { cookie } }).catch(() => 'cut')
  await isFollowed
  await server.close()
  await cut
})
