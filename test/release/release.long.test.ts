import { describe, expect, test } from 'vitest'
import { opsflow } from '../support/operations.ts'
import { runId } from '../support/release.ts'
import { releaseProject as project, refuse } from '../support/release-project.ts'
import type { Repository } from '../support/repository.ts'

describe('a release', () => {
  test('goes through in one command where it was approved beforehand', async () => {
    const repository = await project({ VERSION: '1.0.0\n' })
    const { exit } = await opsflow(repository, 'run', 'release', '--approve', 'approve', '--input', 'version=3.0.0')
    expect(exit).toBe(0)
    expect(repository.read('VERSION')).toBe('3.0.0\n')
    expect(repository.inRemote('describe', 'main')).toBe('v3.0.0')
  })

  const failures: Record<string, { before?: (r: Repository) => void; argv?: string[]; says: RegExp }> = {
    'nothing to release': { before: (r) => r.tag('v1.1.0').push(), says: /since `v1.1.0`/ },
    'a version that is not above the last': {
      argv: ['--input', 'version=0.9.0'],
      says: /`0.9.0` is not above the last release/,
    },
    'a push that the remote refuses': {
      before: (r) => refuse(r, 'refs/tags/*'),
      says: /refused the push, and nothing changed there/,
    },
  }
  for (const [what, { before, argv = [], says }] of Object.entries(failures)) {
    test(`stops at ${what} and leaves checkout, refs and remote as they were`, async () => {
      const repository = await project()
      before?.(repository)
      const snapshot = repository.snapshot()
      const { exit, stdout } = await opsflow(repository, 'run', 'release', '--approve', 'approve', ...argv)
      expect(stdout).toMatch(says)
      expect(exit).toBe(1)
      expect(repository.snapshot()).toEqual(snapshot)
    })
  }

  test('whose remote moves on three times is given up, with nothing published', async () => {
    const repository = await project()
    const before = repository.snapshot()
    let last = await opsflow(repository, 'run', 'release')
    const id = runId(last.stdout)
    for (let round = 0; round < 3; round++) {
      expect(last.exit).toBe(4)
      repository.moveRemote(`fix: theirs ${round}`)
      expect((await opsflow(repository, 'approve', id, 'approve')).exit).toBe(0)
      last = await opsflow(repository, 'resume', id)
    }
    expect(last.exit).toBe(1)
    expect(repository.inRemote('tag')).toBe('v1.0.0')
    expect(repository.snapshot()).toMatchObject({ refs: before.refs, status: '', trees: before.trees })
  })
})
