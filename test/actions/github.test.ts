import { describe, expect, test } from 'vitest'
import { placeOf } from '../../src/actions/github/access.ts'
import { gitHub } from '../../src/actions/github/github.ts'
import type { GitHubAccess } from '../../src/actions/github/request.ts'
import { type FakeGitHub, fakeGitHub } from '../support/github.ts'

const RELEASE = { tag: 'v1.1.0', title: 'v1.1.0', notes: '### Added\n\n- Go', prerelease: false }
const PULL = { from: 'go', into: 'main', title: 'feat: go', body: 'Goes.', draft: false }

async function forge(access: Partial<GitHubAccess> = {}) {
  const server = await fakeGitHub()
  server.tags.add('v1.1.0')
  return { server, hub: gitHub({ api: server.api, token: server.token, repository: 'acme/app', ...access }) }
}

const posts = (server: FakeGitHub) => server.seen.filter(({ method }) => method === 'POST').length

describe('a release on GitHub', () => {
  test('is made for a tag that is there (201)', async () => {
    const { server, hub } = await forge()
    expect(await hub.release(RELEASE)).toEqual({
      ok: true,
      value: { url: 'https://github.com/acme/app/releases/tag/v1.1.0', created: true },
    })
    expect(server.releases.get('v1.1.0')).toMatchObject({
      body: RELEASE.notes,
      prerelease: false,
      make_latest: 'legacy',
    })
  })
  test('that is a pre-release is said to be one, and never the latest', async () => {
    const { server, hub } = await forge()
    await hub.release({ ...RELEASE, prerelease: true })
    expect(server.releases.get('v1.1.0')).toMatchObject({ prerelease: true, make_latest: 'false' })
  })
  test('that is there is not made again, and stays as it is', async () => {
    const { server, hub } = await forge()
    await hub.release(RELEASE)
    expect(await hub.release({ ...RELEASE, notes: 'other' })).toMatchObject({ ok: true, value: { created: false } })
    expect(posts(server)).toBe(1)
    expect(server.releases.get('v1.1.0')?.body).toBe(RELEASE.notes)
  })
  test('that somebody else makes at the same moment (422 exists) is found', async () => {
    const { server, hub } = await forge()
    await hub.release(RELEASE)
    server.next('GET', /releases\/tags/, { status: 404, body: {} })
    expect(await hub.release(RELEASE)).toMatchObject({ ok: true, value: { created: false } })
    expect(posts(server)).toBe(2)
    expect(server.releases.size).toBe(1)
  })
  test('whose answer was lost is found by the next attempt: never two', async () => {
    const cancel = new AbortController()
    const { server, hub } = await forge({ signal: cancel.signal })
    server.next('POST', /releases$/, 'hang', 'after')
    const lost = hub.release(RELEASE)
    await server.hanging()
    cancel.abort()
    expect(await lost).toMatchObject({ ok: false, reason: 'forge-timeout' })
    const again = gitHub({ api: server.api, token: server.token, repository: 'acme/app' })
    expect(await again.release(RELEASE)).toMatchObject({ ok: true, value: { created: false } })
    expect(posts(server)).toBe(1)
  })
  test('of a tag that GitHub does not have is refused, since GitHub would make the tag wherever main is', async () => {
    const { server, hub } = await forge()
    const answer = await hub.release({ ...RELEASE, tag: 'v9.0.0' })
    expect(answer).toMatchObject({
      ok: false,
      reason: 'forge-missing',
      hint: expect.stringContaining('push the tag first'),
    })
    expect(posts(server)).toBe(0)
  })
  test('of a tag with a slash and a scope finds it', async () => {
    const { server, hub } = await forge()
    server.tags.add('@acme/app@1.0.0')
    expect(await hub.release({ ...RELEASE, tag: '@acme/app@1.0.0' })).toMatchObject({ ok: true })
    expect(await hub.release({ ...RELEASE, tag: '@acme/app@1.0.0' })).toMatchObject({ value: { created: false } })
  })
})

describe('a pull request on GitHub', () => {
  test('is opened once, and found after that, also when it was opened at the same moment', async () => {
    const { server, hub } = await forge()
    const value = { url: 'https://github.com/acme/app/pull/1', number: 1 }
    expect(await hub.pullRequest(PULL)).toEqual({ ok: true, value: { ...value, created: true } })
    expect(await hub.pullRequest(PULL)).toEqual({ ok: true, value: { ...value, created: false } })
    server.next('GET', /pulls$/, { body: [] })
    expect(await hub.pullRequest(PULL)).toEqual({ ok: true, value: { ...value, created: false } })
    expect(server.pulls).toHaveLength(1)
  })
  test.each([
    [{ message: 'No commits between main and go' }, /No commits between/, 'commit something first'],
    [{ resource: 'PullRequest', field: 'head', code: 'invalid' }, /head invalid/, 'push the branch first'],
    [{ resource: 'PullRequest', field: 'base', code: 'invalid' }, /base invalid/, 'a branch that is on GitHub'],
  ])('that GitHub refuses (422) says why and what to do: %j', async (error, says, hint) => {
    const { server, hub } = await forge()
    server.next('POST', /pulls$/, { status: 422, body: { message: 'Validation Failed', errors: [error] } })
    const answer = await hub.pullRequest(PULL)
    expect(answer).toMatchObject({ ok: false, reason: 'forge-refused', hint: expect.stringContaining(hint) })
    expect(answer).toMatchObject({ message: expect.stringMatching(says) })
  })
})

describe('checks on GitHub', () => {
  test('come from all pages, check runs and statuses alike, the worst of each name', async () => {
    const { server, hub } = await forge()
    server.checkRuns = Array.from({ length: 230 }, (_, i) => ({
      name: `check ${i}`,
      status: i === 229 ? 'in_progress' : 'completed',
      conclusion: i === 228 ? 'timed_out' : i === 229 ? null : 'success',
    }))
    server.checkRuns.push({ name: 'check 0', status: 'completed', conclusion: 'failure' })
    server.statuses = [
      { context: 'ci/old', state: 'success' },
      { context: 'ci/slow', state: 'pending' },
    ]
    const answer = await hub.checks('main')
    const states = new Map(answer.ok ? answer.value.map(({ name, state }) => [name, state]) : [])
    expect(states.size).toBe(232)
    expect([...states].filter(([, state]) => state !== 'passed')).toEqual([
      ['check 0', 'failed'],
      ['check 228', 'failed'],
      ['check 229', 'pending'],
      ['ci/slow', 'pending'],
    ])
    expect(server.seen.filter(({ path }) => path.endsWith('/check-runs'))).toHaveLength(3)
  })
  test('never follow a page to another address: the token stays', async () => {
    const { server, hub } = await forge()
    const other = await fakeGitHub()
    const link = `<${other.api}/repos/acme/app/commits/main/check-runs>; rel="next"`
    server.next('GET', /check-runs$/, { headers: { link }, body: { check_runs: [] } })
    expect(await hub.checks('main')).toMatchObject({ ok: false, reason: 'forge-answer' })
    expect(other.seen).toEqual([])
  })
})

describe('what goes wrong has a name, a message and a remedy', () => {
  const seconds = (from: number) => Math.floor(Date.now() / 1000) + from
  const table: Record<string, [Parameters<FakeGitHub['next']>[2], string, RegExp, RegExp]> = {
    '401': [
      { status: 401, body: { message: 'Bad credentials' } },
      'forge-token',
      /does not take the token \(401: Bad/,
      /set GITHUB_TOKEN/,
    ],
    '403 without rights': [
      { status: 403, body: { message: 'Resource not accessible by integration' } },
      'forge-rights',
      /may not read this of `acme\/app`/,
      /contents and pull requests/,
    ],
    '403 limit with retry-after': [
      { status: 403, headers: { 'retry-after': '17' }, body: { message: 'secondary rate limit' } },
      'forge-limit',
      /no more requests/,
      /in 17 s/,
    ],
    '403 limit with a reset': [
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds(3000)) }, body: {} },
      'forge-limit',
      /no more requests/,
      /in \d{4} s/,
    ],
    '429': [{ status: 429, body: {} }, 'forge-limit', /no more requests/, /in 60 s/],
    '410': [
      { status: 410, body: { message: 'Gone' } },
      'forge-missing',
      /shows this token no `acme\/app`/,
      /check the name/,
    ],
    '500': [{ status: 500, text: '<html>oops' }, 'forge-down', /GitHub is broken now \(500\)/, /opsflow retry/],
    '200 that is no JSON': [{ status: 200, text: '<html>hello' }, 'forge-answer', /no JSON/, /address of the API/],
    '200 of another kind': [{ status: 200, body: { hello: 1 } }, 'forge-answer', /does not know/, /address of the API/],
    'a hang': ['hang', 'forge-timeout', /did not answer in 0.3 s/, /not made twice/],
    'a cut connection': ['cut', 'forge-down', /could not be reached/, /network/],
    'a redirect at the same address is followed': [
      { status: 307, headers: { location: '/repos/acme/app/releases/tags/v1.1.0' } },
      'forge-token',
      /401/,
      /set GITHUB_TOKEN/,
    ],
  }
  test.each(Object.entries(table))('%s', async (_, [answer, reason, message, hint]) => {
    const { server, hub } = await forge(answer === 'hang' ? { timeoutMs: 300 } : {})
    server.next('GET', /releases\/tags/, answer)
    server.next('GET', /releases\/tags/, { status: 401, body: {} })
    const given = await hub.release(RELEASE)
    expect(given).toMatchObject({
      ok: false,
      reason,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(JSON.stringify(given)).not.toContain(server.token)
    expect(posts(server)).toBe(0)
  })
  test('the time that a limit asks for is given on', async () => {
    const { server, hub } = await forge()
    server.next('GET', /pulls/, { status: 403, headers: { 'retry-after': '17' }, body: {} })
    expect(await hub.pullRequest(PULL)).toMatchObject({ retryAfterMs: 17_000 })
  })
  test('nothing listens', async () => {
    const hub = gitHub({ api: 'http://127.0.0.1:9', token: 'x'.repeat(20), repository: 'acme/app' })
    expect(await hub.release(RELEASE)).toMatchObject({ ok: false, reason: 'forge-down' })
  })
  test('a token never goes out in the clear, and one that no header can hold is not repeated', async () => {
    const clear = gitHub({ api: 'http://example.org', token: 'x'.repeat(20), repository: 'acme/app' })
    expect(await clear.release(RELEASE)).toMatchObject({ ok: false, reason: 'forge-refused' })
    const { hub } = await forge({ token: 'two\nlines-of-canary' })
    const answer = await hub.release(RELEASE)
    expect(answer).toMatchObject({ ok: false, reason: 'forge-token' })
    expect(JSON.stringify(answer)).not.toContain('canary')
  })
})

describe('where a remote is', () => {
  test.each([
    ['git@github.com:acme/app.git', 'github.com', 'acme/app'],
    ['https://github.com/acme/app', 'github.com', 'acme/app'],
    ['https://user:secret@github.com/acme/app.git/', 'github.com', 'acme/app'],
    ['ssh://git@ssh.github.com:443/acme/app.git', 'github.com', 'acme/app'],
    ['git@git.example.org:acme/my.app.git', 'git.example.org', 'acme/my.app'],
  ])('%s', (url, host, repository) => expect(placeOf(url)).toEqual({ host, repository }))
  test.each([
    '/srv/app.git',
    '../app.git',
    'file:///srv/acme/app.git',
    'https://github.com/acme',
    '',
    'https://x.org/a/b/c',
  ])('`%s` is on no forge', (url) => expect(placeOf(url)).toBeUndefined())
})
