import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { opsflow } from '../support/operations.ts'
import { runId } from '../support/release.ts'
import { releaseProject as project, refuse } from '../support/release-project.ts'
import { Repository } from '../support/repository.ts'

/*
 * `opsflow run release` on real repositories with a real bare remote, through the whole program:
 *
 *   verify --> tests --> round (next -> changelog -> commit -> gates -> approve -> publish) --> checkout
 */

describe('a release', () => {
  test('waits for a person, then publishes with one push and moves the checkout', async () => {
    const repository = await project()
    const before = repository.snapshot()
    const parked = await opsflow(repository, 'run', 'release')
    expect(parked.exit).toBe(4)
    expect(parked.stdout).toContain('Publish v1.1.0 to origin/main?')
    expect(parked.stdout).toContain('      NO TESTS RAN: ')
    expect(parked.stdout).toContain('      ### Added')
    expect(repository.snapshot()).toMatchObject({
      refs: before.refs,
      status: '',
      remote: before.remote,
      files: before.files,
    })

    const id = runId(parked.stdout)
    const approved = await opsflow(repository, 'approve', id, 'approve')
    expect(approved).toMatchObject({ exit: 0, stdout: expect.stringContaining(`opsflow resume ${id}`) })
    expect(repository.inRemote('tag')).toBe('v1.0.0')

    const resumed = await opsflow(repository, 'resume', id)
    expect(resumed.exit).toBe(0)
    expect(resumed.stdout).toContain('Announce v1.1.0')
    expect(repository.inRemote('describe', 'main')).toBe('v1.1.0')
    expect(repository.git('describe')).toBe('v1.1.0')
    expect(repository.git('status', '--porcelain')).toBe('')
    expect(repository.git('diff', '--name-only', 'HEAD~1')).toBe('CHANGELOG.md\npackage.json')
    expect(repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
  })

  test('works in a repository that says no version anywhere and has no tests', async () => {
    const repository = new Repository()
    repository.commit('Initial commit', { 'main.c': 'int main(void) { return 0; }\n' })
    repository.push()
    expect((await opsflow(repository, 'init', 'release')).exit).toBe(0)
    const linted = await opsflow(repository, 'lint')
    expect(linted.stdout).toMatch(/no (findings|problems)|0 errors/)
    const { exit } = await opsflow(repository, 'run', 'release', '--approve', 'approve')
    expect(exit).toBe(0)
    expect(repository.inRemote('describe', 'main')).toBe('v0.1.0')
    expect(repository.read('CHANGELOG.md')).toContain('## [0.1.0]')
  })

  const failures: Record<string, { before?: (r: Repository) => void; files?: Record<string, string>; says: RegExp }> = {
    'an unclean tree': {
      before: (r) => r.write({ 'package.json': '{}' }),
      says: /uncommitted changes: `package.json`/,
    },
    'the wrong branch': {
      before: (r) => r.git('switch', '--quiet', '-c', 'side'),
      says: /on `side`, releases are cut from `main`/,
    },
    'a remote that is ahead': { before: (r) => r.moveRemote('fix: theirs'), says: /has commits that are not here/ },
    'failing tests': {
      files: { Makefile: 'test:\n\t@echo one of them is wrong; false\n' },
      says: /the tests failed: `make test`[\s\S]*one of them is wrong/,
    },
    'a secret in what would be released': {
      before: (r) => r.commit(`feat: use AKIA${'ABCD'.repeat(4)}`),
      says: /an AWS access key at CHANGELOG.md:\d+/,
    },
  }
  for (const [what, { before, files, says }] of Object.entries(failures)) {
    test(`stops at ${what} and leaves checkout, refs and remote as they were`, async () => {
      const repository = await project(files)
      before?.(repository)
      const snapshot = repository.snapshot()
      const { exit, stdout } = await opsflow(repository, 'run', 'release', '--approve', 'approve')
      expect(stdout).toMatch(says)
      expect(exit).toBe(1)
      expect(repository.snapshot()).toEqual(snapshot)
    })
  }

  test('of what is no version is refused at the door, before anything runs', async () => {
    const repository = await project()
    for (const words of [['release'], ['hotfix', '-i', 'commits=[]']]) {
      const refused = await opsflow(repository, 'run', ...words, '-i', 'version=banana')
      expect(refused).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('`version` is `banana`') })
    }
    const { exit, stdout } = await opsflow(repository, 'run', 'release', '-i', 'version=v2.0.0-rc.1')
    expect([exit, stdout]).toEqual([4, expect.stringContaining('Publish v2.0.0-rc.1')])
  })

  test('that a person rejects leaves everything as it was', async () => {
    const repository = await project()
    const snapshot = repository.snapshot()
    const id = runId((await opsflow(repository, 'run', 'release')).stdout)
    expect((await opsflow(repository, 'reject', id, 'approve', '--comment', 'not on a Friday')).exit).toBe(0)
    const { exit, stdout } = await opsflow(repository, 'resume', id)
    expect(exit).toBe(1)
    expect(stdout).toContain('not on a Friday')
    expect(repository.snapshot()).toEqual(snapshot)
  })

  test('that a person cancels while it waits leaves everything as it was', async () => {
    const repository = await project()
    const snapshot = repository.snapshot()
    const id = runId((await opsflow(repository, 'run', 'release')).stdout)
    expect((await opsflow(repository, 'cancel', id)).exit).toBe(0)
    expect(repository.snapshot()).toEqual(snapshot)
  })

  test('whose push was refused is finished by `retry`, with the same commit', async () => {
    const repository = await project()
    const snapshot = repository.snapshot()
    const open = refuse(repository, 'refs/heads/*')
    const failed = await opsflow(repository, 'run', 'release', '--approve', 'approve')
    expect(failed.exit).toBe(1)
    expect(failed.stdout).toMatch(/refused the push, and nothing changed there/)
    expect(repository.snapshot()).toEqual(snapshot)
    open()
    const { exit, stdout } = await opsflow(repository, 'retry', runId(failed.stdout))
    expect(exit, stdout).toBe(0)
    expect(stdout).not.toMatch(/✓ round@1\/commit/)
    expect(repository.inRemote('describe', 'main')).toBe('v1.1.0')
    expect(repository.git('describe')).toBe('v1.1.0')
  })

  test('that is out but could not move the checkout says so, undoes nothing, and `retry` finishes it', async () => {
    const repository = await project()
    const id = runId((await opsflow(repository, 'run', 'release')).stdout)
    await opsflow(repository, 'approve', id, 'approve')
    repository.write({ 'package.json': '{"mine": true}' })
    const failed = await opsflow(repository, 'resume', id)
    expect(failed.exit).toBe(1)
    expect(failed.stdout).toMatch(/v1.1.0 is published; the checkout could not be moved/)
    expect(repository.inRemote('describe', 'main')).toBe('v1.1.0')
    expect(repository.read('package.json')).toBe('{"mine": true}')
    repository.git('checkout', '--', 'package.json')
    expect((await opsflow(repository, 'retry', id)).exit).toBe(0)
    expect(repository.git('describe')).toBe('v1.1.0')
  })
})

describe('a release whose remote moves on', () => {
  test('is computed again from the version on, and asks again', async () => {
    const repository = await project()
    const id = runId((await opsflow(repository, 'run', 'release')).stdout)
    const theirs = repository.moveRemote('feat!: theirs')
    await opsflow(repository, 'approve', id, 'approve')
    const again = await opsflow(repository, 'resume', id)
    expect(again.exit).toBe(4)
    expect(again.stdout).toContain('Publish v2.0.0 to origin/main?')
    expect(repository.inRemote('rev-parse', 'main')).toBe(theirs)
    await opsflow(repository, 'approve', id, 'approve')
    const { exit, stdout } = await opsflow(repository, 'resume', id)
    expect(exit, stdout).toBe(0)
    expect(repository.inRemote('rev-parse', 'v2.0.0^{commit}~1')).toBe(theirs)
    expect(repository.git('describe')).toBe('v2.0.0')
    expect(repository.read('CHANGELOG.md')).toContain('**Breaking:** Theirs')
  })
})

describe('init release', () => {
  test('writes what opsflow itself is released with, and the second time nothing', async () => {
    const repository = new Repository()
    const first = await opsflow(repository, 'init', 'release')
    expect(first.stdout).toContain('+ pipelines/release.yaml')
    expect(repository.read('pipelines/release.yaml')).toBe(
      readFileSync(join(import.meta.dirname, '../../pipelines/release.yaml'), 'utf8'),
    )
    const second = await opsflow(repository, 'init', 'release')
    expect(second).toMatchObject({ exit: 0, stdout: expect.stringContaining('= pipelines/release.yaml') })
  })
  test('never overwrites a file that says something else, and then writes nothing', async () => {
    const repository = new Repository().write({ 'agents.yaml': 'agents: {}\n' })
    const { exit, stderr } = await opsflow(repository, 'init', 'release')
    expect(exit).toBe(1)
    expect(stderr).toContain('nothing was written: `agents.yaml` is there already')
    expect(repository.git('status', '--porcelain', '--untracked-files=all')).toBe('?? agents.yaml')
  })
  test('names the templates when it knows none of that name', async () => {
    expect(await opsflow(new Repository(), 'init', 'relase')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('did you mean `release`?'),
    })
    expect(await opsflow(new Repository(), 'init')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/there is `release` \(.*\), `commit` \(/),
    })
  })
})

describe('the coordinator of operations', () => {
  test('refuses a payload at the door with what is missing', async () => {
    const repository = await project()
    const { exit, stderr } = await opsflow(repository, 'signal', 'OPS:RELEASE')
    expect(exit).toBe(2)
    expect(stderr).toContain('missing: task_description')
    expect((await opsflow(repository, 'runs')).stdout).toContain('no runs yet')
  })
  test('answers a foreign signal with IGNORED', async () => {
    const repository = await project()
    expect(await opsflow(repository, 'signal', 'SALES:RELEASE')).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('IGNORED'),
    })
  })
  test('shows the faults of a file that may be the one that answers', async () => {
    const repository = await project()
    repository.write({ 'pipelines/ops.yaml': 'coordinator: COORD_OPS\nsignal: {}\n' })
    const { exit, stdout, stderr } = await opsflow(repository, 'signal', 'OPS:CI')
    expect(exit).toBe(1)
    expect(stdout).toContain('IGNORED')
    expect(stderr).toContain('did you mean `signals`?')
  })
  test('answers OPS:CI with the tests of the project, and records its lifecycle', async () => {
    const repository = await project({ Makefile: 'test:\n\t@echo fine\n' })
    const { exit, stdout } = await opsflow(repository, 'signal', 'OPS:CI', '--payload', 'task_description=check it')
    expect(exit).toBe(0)
    expect(stdout).toContain('COORD_OPS answers OPS:CI with `ci-check`')
    expect(stdout).toContain('COORD_OPS:SPAWN')
    expect(stdout).toContain('COORD_OPS:COMPLETE')
  })
  test('answers OPS:RELEASE with a release that waits for a person', async () => {
    const repository = await project({ Makefile: 'test:\n\t@echo fine\n' })
    const { exit, stdout } = await opsflow(
      repository,
      'signal',
      'OPS:RELEASE',
      '--payload',
      'task_description=cut it',
      '--payload',
      'version=4.0.0',
    )
    expect(exit).toBe(4)
    expect(stdout).toContain('Publish v4.0.0 to origin/main?\n      tested by make test\n')
  })
})
