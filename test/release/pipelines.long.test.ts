import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fakeGitHub } from '../support/github.ts'
import { hotfix, mended, onGitHub, opsflow, quick, releasable, runId, submit } from '../support/release.ts'

describe('quick-commit', () => {
  test('refuses, with nothing committed: no convention, a credential, nothing to commit, no such file', async () => {
    const repository = await releasable('commit')
    const head = repository.git('rev-parse', 'HEAD')
    const none = await quick(repository, 'task_description=fix: x')
    expect(none.stdout).toMatch(/nothing has changed/)
    repository.write({ 'a.txt': `key = AKIA${'ABCD'.repeat(4)}\n` })
    expect((await quick(repository, 'task_description=fix: x')).stdout).toMatch(
      /nothing is staged \(stage it: git add FILE/,
    )
    expect((await quick(repository, 'task_description=Turn it')).stdout).toMatch(
      /`Turn it` follows no convention .*--input type=fix/,
    )
    expect((await quick(repository, 'task_description=fix: x', 'changed_files=["b.txt"]')).stdout).toMatch(
      /`b.txt` is no file/,
    )
    const secret = await quick(repository, 'task_description=fix: x', 'changed_files=["a.txt"]')
    expect(secret.stdout).toMatch(/nothing was committed: an AWS access key at a.txt:1/)
    expect(repository.git('rev-parse', 'HEAD')).toBe(head)
  })
})

describe('commit-and-pr', () => {
  test('a second time goes on top of what others pushed, into the same pull request', async () => {
    const repository = await releasable('commit')
    const hub = await fakeGitHub()
    const env = { GITHUB_TOKEN: hub.token }
    repository.write({ 'a.txt': 'changed\n' }).git('add', 'a.txt')
    expect((await submit(repository, env, ...onGitHub(hub))).exit).toBe(0)
    const theirs = repository.git('commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-m', 'fix: theirs')
    repository.git('push', '--quiet', 'origin', `${theirs}:refs/heads/feat/api-log-in`)
    repository.write({ 'a.txt': 'again\n' }).git('add', 'a.txt')
    const second = await submit(repository, env, ...onGitHub(hub), '--input', 'task_description=fix: stop')
    expect(second.exit, second.stdout).toBe(0)
    expect(hub.pulls).toHaveLength(1)
    expect(repository.inRemote('log', '--format=%s', '-3', 'feat/api-log-in')).toBe(
      'fix: stop\nfix: theirs\nfeat(api): Log in',
    )
  })

  test('without a token pushes, and says that there is no pull request and why', async () => {
    const repository = await releasable('commit')
    repository.git('branch', 'feat/api-log-in')
    repository.write({ 'a.txt': 'changed\n' }).git('add', 'a.txt')
    const { exit, stdout } = await submit(
      repository,
      {},
      '--input',
      'github_repository=acme/app',
      '--input',
      'github_api=http://127.0.0.1:9',
    )
    expect(exit, stdout).toBe(0)
    expect(stdout).toContain(
      'Pull request: none: no GITHUB_TOKEN was given\n  Page: https://github.com/acme/app/compare/main...feat/api-log-in-2',
    )
    // The name by the message was taken.
    expect(repository.inRemote('for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe(
      'feat/api-log-in-2\nmain',
    )
  })

  test('commits nothing where the tests fail, and pushes nothing that conflicts', async () => {
    const repository = await releasable('commit')
    const head = repository.git('rev-parse', 'HEAD')
    repository.write({ Makefile: 'test:\n\t@test ! -e broken\n', broken: '' })
    const failed = await submit(repository, {}, '--input', 'changed_files=["Makefile"]')
    expect(failed.stdout).toMatch(/the tests failed: `make test`/)
    expect([repository.git('rev-parse', 'HEAD'), repository.git('branch', '--show-current')]).toEqual([head, 'main'])

    repository.git('clean', '--quiet', '--force')
    repository.git('switch', '--quiet', '--create', 'work')
    repository.write({ 'a.txt': 'theirs\n' }).git('commit', '--quiet', '--all', '--message', 'fix: theirs')
    repository.git('push', '--quiet', 'origin', 'work')
    const theirs = repository.git('rev-parse', 'HEAD')
    repository.git('reset', '--quiet', '--hard', head)
    repository.write({ 'a.txt': 'mine\n' }).git('add', 'a.txt')
    const conflict = await submit(repository, {})
    expect(conflict.exit).toBe(1)
    expect(conflict.stdout).toMatch(/somebody changed the same on `work`: `a.txt`/)
    expect(repository.inRemote('rev-parse', 'work')).toBe(theirs)
    expect(repository.git('status', '--porcelain=v2', '--branch')).toContain('branch.head work')
    expect(repository.read('a.txt')).toBe('mine\n')
  })
})

describe('hotfix', () => {
  test('upon a hotfix goes on top of it, and without a token says that GitHub got nothing', async () => {
    const { repository, fix } = await mended()
    expect((await hotfix(repository, {}, [fix], '--approve', 'approve')).exit).toBe(0)
    const again = repository.commit('fix: turn')
    const next = await hotfix(repository, {}, [again], '--approve', 'approve')
    expect(next.exit, next.stdout).toBe(0)
    expect(next.stdout).toContain('GitHub release: none: `origin` is no address on the web, not on GitHub')
    expect(repository.inRemote('describe', 'hotfix/1.0.x')).toBe('v1.0.2')
    expect(repository.inRemote('tag', '--contains', 'v1.0.1')).toBe('v1.0.1\nv1.0.2')
  })

  test('refuses a feature, a commit that does not fit, and one that is out already, and leaves everything as it was', async () => {
    const { repository, fix } = await mended()
    const feature = repository.git('rev-parse', 'HEAD~2')
    const late = repository.commit('fix: late', { 'big.txt': 'bigger\n' })
    const before = repository.snapshot()
    for (const [commits, says] of [
      [[feature], /`hotfix\/1.0.x` gets versions 1.0.x, and the commits since `v1.0.0` ask for `1.1.0`/],
      [[fix, late], /the commits do not fit upon `v1.0.0`: `big.txt`/],
      [['v1.0.0'], /`v1.0.0` is in `v1.0.0` already/],
      [['nowhere'], /there is no commit `nowhere` here/],
    ] as const) {
      const { exit, stdout } = await hotfix(repository, {}, [...commits], '--approve', 'approve')
      expect(exit).toBe(1)
      expect(stdout).toMatch(says)
    }
    expect(repository.snapshot()).toEqual(before)
  })
})

describe('a release with a token', () => {
  test('whose GitHub part fails is out, says so, and `retry` makes the one release', async () => {
    const repository = await releasable('release')
    repository.commit('feat: greet')
    repository.push()
    const hub = await fakeGitHub()
    hub.tags.add('v1.1.0-rc.1')
    const env = { GITHUB_TOKEN: hub.token }
    // It is made, but the answer says something else: the next attempt finds it.
    hub.next('POST', /releases$/, { status: 403, body: { message: 'Resource not accessible by integration' } }, 'after')
    const input = ['--input', 'prerelease=rc']
    const failed = await opsflow(repository, env, 'run', 'release', '--approve', 'approve', ...onGitHub(hub), ...input)
    expect(failed.exit).toBe(1)
    expect(failed.stdout).toMatch(/the token may not do this in `acme\/app`/)
    expect(repository.inRemote('describe', 'main')).toBe('v1.1.0-rc.1')
    const { exit, stdout } = await opsflow(repository, env, 'retry', runId(failed.stdout))
    expect(exit, stdout).toBe(0)
    expect(hub.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(hub.releases.get('v1.1.0-rc.1')).toMatchObject({ prerelease: true, make_latest: 'false' })
    expect(stdout).toContain('https://github.com/acme/app/releases/tag/v1.1.0-rc.1')
  })
})

test('a hook that refuses a commit is named, and what was staged stays staged', async () => {
  const repository = await releasable('commit')
  const hook = join(repository.folder, '.git', 'hooks', 'pre-commit')
  writeFileSync(hook, '#!/bin/sh\necho "not on a Friday" >&2\nexit 1\n')
  chmodSync(hook, 0o755)
  repository.write({ 'a.txt': 'x\n' }).git('add', 'a.txt')
  const { exit, stdout } = await opsflow(repository, {}, 'run', 'quick-commit', '--input', 'task_description=fix: x')
  expect(exit).toBe(1)
  expect(stdout).toMatch(/git did not commit: not on a Friday/)
  expect(repository.git('status', '--porcelain')).toBe('M  a.txt')
})
