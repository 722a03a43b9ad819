import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GIT_PERSON } from '../support/repository.ts'
import { type Bench, openBench } from '../support/supervised.ts'

let bench: Bench
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: bench.folder, encoding: 'utf8', env: GIT_PERSON, stdio: ['ignore', 'pipe', 'pipe'] })

beforeEach(() => {
  bench = openBench()
  git('init', '--quiet')
  writeFileSync(join(bench.folder, '.gitignore'), '.opsflow\nsupervisor.lock*\nignored\n')
  writeFileSync(join(bench.folder, 'owned.txt'), 'before\n')
  writeFileSync(join(bench.folder, 'other.txt'), 'before\n')
  git('add', '.')
  git('commit', '--quiet', '-m', 'start')
})
afterEach(() => bench.close())

const owns = ['owned.txt', 'docs/**']

describe('what a step owns', () => {
  test('may be changed, added to and committed', async () => {
    const script =
      'echo x > owned.txt; mkdir docs; echo y > docs/new.md; echo z > ignored; git add . && git commit -qm changed'
    expect(await bench.run('good#1', script, { owns, env: GIT_PERSON })).toMatchObject({ status: 'succeeded' })
  })

  const trespasses = {
    'a tracked file': 'echo x > other.txt',
    'a new file': 'echo x > new.txt',
    'a file that it then committed': 'echo x > other.txt; git commit -qam sneaky',
    'a file that was changed before it already': 'echo more >> dirty.txt',
    'a deleted file': 'rm other.txt',
  }
  for (const [what, script] of Object.entries(trespasses)) {
    test(`promise 28a: is verified from git afterwards: ${what} fails it`, async () => {
      writeFileSync(join(bench.folder, 'dirty.txt'), 'not committed\n')
      const outcome = await bench.run('bad#1', script, { owns, env: GIT_PERSON })
      expect(outcome).toMatchObject({ status: 'failed', reason: 'owns' })
      expect(outcome.message).toMatch(/^changed what it does not own: `(other|new|dirty)\.txt`$/)
    })
  }

  test('is not blamed on a step for what another one beside it may have done', async () => {
    const both = await Promise.all([
      bench.run('owner#1', 'touch ignored; while [ ! -e other.done ]; do sleep 0.02; done', { owns: ['owned.txt'] }),
      bench.run('free#1', 'while [ ! -e ignored ]; do sleep 0.02; done; echo x > other.txt; echo x > other.done'),
    ])
    expect(both.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
  })

  test('promise 28c: cannot be verified outside of a repository, which is a failure before the start', async () => {
    const bare = openBench()
    const outcome = await bare.run('step#1', 'touch started', { owns })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'owns' })
    expect(existsSync(join(bare.folder, 'started'))).toBe(false)
    await bare.close()
  })

  test('leaves the index and the objects of the repository as they were', async () => {
    const before = [git('status', '--porcelain'), git('count-objects')]
    await bench.run('quiet#1', 'true', { owns })
    expect([git('status', '--porcelain'), git('count-objects')]).toEqual(before)
  })
})

describe('a worktree of its own', () => {
  test('keeps the work of a step out of the checkout, and keeps it as a patch', async () => {
    const outcome = await bench.run('apart#1', 'echo x > other.txt; echo y > new.txt; pwd; echo $OPSFLOW_ROOT', {
      isolation: 'worktree',
    })
    expect(outcome).toMatchObject({ status: 'succeeded' })
    expect(readFileSync(join(bench.folder, 'other.txt'), 'utf8')).toBe('before\n')
    const [cwd, root] = bench.log('apart#1').trim().split('\n')
    expect(cwd).toBe(root)
    expect(existsSync(cwd ?? '')).toBe(false)
    expect(git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
    git('apply', join(bench.runDir, 'artefacts', 'apart.1.patch'))
    expect(readFileSync(join(bench.folder, 'other.txt'), 'utf8')).toBe('x\n')
    expect(readFileSync(join(bench.folder, 'new.txt'), 'utf8')).toBe('y\n')
  })

  test('is kept as a patch also when the step failed', async () => {
    await bench.run('broken#1', 'echo partial > other.txt; exit 1', { isolation: 'worktree' })
    expect(readdirSync(join(bench.runDir, 'artefacts'))).toEqual(['broken.1.patch'])
  })

  test('cannot be made outside of a repository, and what to do is said', async () => {
    const bare = openBench()
    expect(await bare.run('step#1', 'touch started', { isolation: 'worktree' })).toMatchObject({
      status: 'failed',
      reason: 'isolation',
      message: expect.stringMatching(
        /^no worktree for its `isolation`: the project is in no git repository.*remove `isolation`$/,
      ),
    })
    expect(existsSync(join(bare.folder, 'started'))).toBe(false)
    await bare.close()
  })

  test('promise 28b: is left by nothing: a step that changed the checkout beside it fails', async () => {
    const script = `echo x > "${join(bench.folder, 'other.txt')}"`
    const outcome = await bench.run('escaped#1', script, { isolation: 'worktree' })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'owns' })
    expect(outcome.message).toContain('`other.txt`')
  })

  test('has the folder of the project where that is not the top of the repository', async () => {
    mkdirSync(join(bench.folder, 'below'))
    writeFileSync(join(bench.folder, 'below', 'here.txt'), 'here\n')
    git('add', '.')
    git('commit', '--quiet', '-m', 'below')
    const below = openBench({ root: join(bench.folder, 'below') })
    const outcome = await below.run('deep#1', 'cat here.txt; echo x > here.txt; echo x > ../other.txt', {
      isolation: 'worktree',
      owns: ['here.txt'],
    })
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 'owns',
      message: 'changed what it does not own: `/other.txt`',
    })
    await below.close()
  })
})

test('steps of one scope share a worktree: the second sees what the first did', async () => {
  const shared = { isolation: 'worktree', worktree: '' } as const
  await bench.run('first#1', 'echo made > made.txt', shared)
  expect(await bench.run('second#1', 'cat made.txt', shared)).toMatchObject({ status: 'succeeded' })
  expect(existsSync(join(bench.folder, 'made.txt'))).toBe(false)
})

describe('the worktree that steps of a scope shared', () => {
  const shared = (scope: string) => ({ isolation: 'worktree', worktree: scope, env: GIT_PERSON }) as const
  const left = () => readdirSync(join(bench.runDir, 'worktrees')).toSorted()

  test('goes at the end of the run, unless work would be lost with it', async () => {
    await bench.run('a#1', 'cat owned.txt; echo x > ignored', shared('clean'))
    await bench.run('b#1', 'echo x > new.txt', shared('new'))
    await bench.run('c#1', 'echo x > owned.txt', shared('changed'))
    await bench.run('d#1', 'echo x > owned.txt; git commit -qam work', shared('committed'))
    await bench.run('e#1', 'echo y > owned.txt; git commit -qam work; git branch kept', shared('branched'))
    expect(left()).toHaveLength(5)
    await bench.executor.close({ ended: true })
    expect(left()).toEqual(['shared-changed', 'shared-committed', 'shared-new'])
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(4)
  })

  test('stays when the run only parks', async () => {
    await bench.run('a#1', 'cat owned.txt', shared('clean'))
    await bench.executor.close({ ended: false })
    expect(left()).toEqual(['shared-clean'])
  })
})
