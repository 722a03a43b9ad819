import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectChecks } from '../../src/actions/ci/project-checks.ts'
import { projectTests } from '../../src/actions/ci/project-tests.ts'
import { conventionalCommits } from '../../src/actions/git/conventional-commits.ts'
import { noSecretsInDiff } from '../../src/actions/git/no-secrets-in-diff.ts'
import { Repository } from '../support/repository.ts'

describe('the checks of a project', () => {
  test('all run, by script and by target, and those that fail are named together', async () => {
    const repository = new Repository().write({
      'package.json': JSON.stringify({
        scripts: { test: 'false', lint: 'echo looked; exit 3', types: 'echo typed', build: 'false' },
      }),
      Makefile: 'lint := no target\ntypecheck:\n\t@echo made; false\n',
    })
    const log: string[] = []
    const run = repository.act(projectChecks, {}, log)
    await expect(run).rejects.toThrow('2 of 3 checks failed: `npm run --silent lint`, `make typecheck`')
    expect(log).toEqual(expect.arrayContaining(['looked', 'typed', 'made']))
  })
  test('may be none, and that is said', async () => {
    const { outputs, log } = await new Repository().act(projectChecks)
    expect(outputs).toEqual({ ran: [] })
    expect(log.join()).toContain('no checks were found')
  })
})

test('tests of another folder get the packages of the checkout', async () => {
  const repository = new Repository().write({
    'node_modules/x': '',
    'tree/package.json': '{"scripts": {"test": "ls node_modules"}}',
  })
  const folder = join(repository.folder, 'tree')
  expect((await repository.act(projectTests, { folder })).log).toContain('x')
})

test('what is not published is judged whole, and without an upstream the last commit', async () => {
  const repository = new Repository()
  repository.commit('Begin', { 'a.txt': `AKIA${'ABCD'.repeat(4)}` })
  repository.push()
  const from = 'upstream'
  await expect(repository.act(conventionalCommits, { from })).rejects.toThrow('a commit follows no convention')
  repository.git('branch', '--quiet', '--set-upstream-to=origin/main')
  expect((await repository.act(conventionalCommits, { from })).outputs.count).toBe(0)
  repository.commit('feat: a')
  repository.commit('fix: b')
  expect((await repository.act(conventionalCommits, { from })).outputs.count).toBe(2)
  expect((await repository.act(noSecretsInDiff, { from })).outputs.lines).toBe(2)
})
