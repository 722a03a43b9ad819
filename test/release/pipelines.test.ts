import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesBelow } from '../../src/util/files-below.ts'
import { fakeGitHub } from '../support/github.ts'
import { hotfix, mended, onGitHub, opsflow, quick, releasable, runId, submit } from '../support/release.ts'

/*
 * `quick-commit`, `commit-and-pr` and `hotfix` through the whole program, on real repositories with a real bare remote
 * and a GitHub on this machine. Their other ways to go stand in `pipelines.long.test.ts` and in `test/actions/`.
 */

describe('quick-commit', () => {
  test('commits the named files, also one that is gone, and nothing else', async () => {
    const repository = await releasable('commit')
    repository.write({ 'a.txt': 'changed\n', 'new dir/b.txt': 'new\n', 'other.txt': 'mine\n' })
    repository.git('rm', '--quiet', 'VERSION')
    repository.git('add', 'other.txt')
    const files = 'changed_files=["a.txt", "new dir/b.txt", "VERSION"]'
    const { exit, stdout } = await quick(repository, 'task_description=turn it', 'type=fix(core)', files)
    expect(exit, stdout).toBe(0)
    expect(repository.git('show', '--format=%s', '--name-status', 'HEAD')).toBe(
      'fix(core): turn it\n\nD\tVERSION\nM\ta.txt\nA\tnew dir/b.txt',
    )
    expect(repository.git('status', '--porcelain')).toBe('A  other.txt')
  })
})

describe('commit-and-pr', () => {
  test('leaves the default branch, commits, pushes and opens one pull request; the token is nowhere', async () => {
    const repository = await releasable('commit')
    const hub = await fakeGitHub()
    const env = { GITHUB_TOKEN: hub.token }
    repository.write({ 'a.txt': 'changed\n' }).git('add', 'a.txt')
    const first = await submit(repository, env, ...onGitHub(hub), '--input', 'body=It logs in.')
    expect(first.exit, first.stdout).toBe(0)
    expect(first.stdout).toContain('https://github.com/acme/app/pull/1')
    expect(repository.git('branch', '--show-current')).toBe('feat/api-log-in')
    expect(repository.inRemote('log', '-1', '--format=%s', 'feat/api-log-in')).toBe('feat(api): Log in')
    expect(hub.pulls).toEqual([
      expect.objectContaining({
        head: 'feat/api-log-in',
        base: 'main',
        title: 'feat(api): Log in',
        body: 'It logs in.',
      }),
    ])

    const state = join(repository.folder, '.opsflow')
    expect(filesBelow(state).length).toBeGreaterThan(0)
    const leaks = filesBelow(state).filter((file) => readFileSync(join(state, file)).includes(hub.token))
    expect(leaks).toEqual([])
    expect(first.stdout + first.stderr).not.toContain(hub.token)
  })
})

describe('hotfix', () => {
  test('releases the fix and nothing else, on the branch of its line, and asks first', async () => {
    const { repository, fix } = await mended()
    const hub = await fakeGitHub()
    hub.tags.add('v1.0.1')
    const before = repository.snapshot()
    const parked = await hotfix(repository, { GITHUB_TOKEN: hub.token }, [fix], ...onGitHub(hub))
    expect(parked.exit, parked.stdout).toBe(4)
    expect(parked.stdout).toContain('Publish v1.0.1 to origin/hotfix/1.0.x?')
    expect(repository.snapshot()).toMatchObject({ refs: before.refs, remote: before.remote, status: '' })
    await opsflow(repository, {}, 'approve', runId(parked.stdout), 'approve')
    const done = await opsflow(repository, { GITHUB_TOKEN: hub.token }, 'resume', runId(parked.stdout))
    expect(done.exit, done.stdout).toBe(0)
    expect(repository.inRemote('describe', 'hotfix/1.0.x')).toBe('v1.0.1')
    expect(repository.inRemote('diff', '--name-only', 'v1.0.0', 'v1.0.1')).toBe('CHANGELOG.md\nVERSION\na.txt')
    expect(hub.releases.get('v1.0.1')).toMatchObject({ body: '### Fixed\n\n- Stop', prerelease: false })
    expect(hub.pulls).toEqual([expect.objectContaining({ head: 'hotfix/1.0.x', base: 'main' })])
    const after = repository.snapshot()
    expect(after).toMatchObject({ head: before.head, status: '', trees: before.trees })
    expect(after.refs?.replace(/refs\/remotes\/origin\/hotfix.*\n/, '')).toBe(before.refs)
  })
})
