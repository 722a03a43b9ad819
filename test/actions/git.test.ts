import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectTests } from '../../src/actions/ci/project-tests.ts'
import { changedFiles } from '../../src/actions/git/changed-files.ts'
import { conventionalCommits } from '../../src/actions/git/conventional-commits.ts'
import { noSecretsInDiff } from '../../src/actions/git/no-secrets-in-diff.ts'
import { Repository } from '../support/repository.ts'

describe('git/no-secrets-in-diff', () => {
  test('names the place of a credential and never its value', async () => {
    const repository = new Repository()
    repository.commit('chore: begin')
    const token = `ghp_${'a1B2'.repeat(10)}`
    repository.commit('feat: oops', { 'src/x.txt': `one\ntwo\nkey = ${token}\n` })
    const failure = await repository.act(noSecretsInDiff).catch((error: Error) => error as Error)
    expect((failure as Error).message).toBe('a GitHub token at src/x.txt:3')
  })
  test('is not led astray by lines like those of a diff, nor by files that are not to be shown', async () => {
    const key = `AKIA${'ABCD'.repeat(4)}`
    for (const files of [
      { 'k.txt': `one\n++ ${key}\n` },
      { '.gitattributes': 'k.bin -diff\n', 'k.bin': `one\n${key}\n` },
    ]) {
      const repository = new Repository()
      repository.commit('chore: begin')
      repository.commit('feat: oops', files)
      const failure = await repository.act(noSecretsInDiff).catch((error: Error) => error as Error)
      expect((failure as Error).message).toMatch(/^an? AWS .* at k\.(txt|bin):2$/)
    }
  })
  test('sees what a merge adds by itself, and not what one side had', async () => {
    const repository = new Repository()
    const key = `AKIA${'ABCD'.repeat(4)}`
    repository.commit('chore: begin', { 'k.txt': 'one\n' })
    repository.git('switch', '--quiet', '--create', 'side')
    repository.commit('feat: side', { 'k.txt': 'side\nmore\n' })
    repository.git('switch', '--quiet', 'main')
    repository.commit('feat: main', { 'k.txt': `key = ${key}\n` })
    const merge = (text: string) => {
      repository.git('merge', '--quiet', '--no-commit', '--strategy=ours', 'side')
      repository.write({ 'k.txt': text })
      repository.git('commit', '--quiet', '--all', '--message', 'chore: merge')
    }
    merge(`side\nkey = ${key}\nmore\n`)
    expect((await repository.act(noSecretsInDiff)).outputs.lines).toBe(0)
    repository.git('reset', '--quiet', '--hard', 'HEAD^')
    merge(`side\nmore\nother = ${key}\n`)
    const failure = await repository.act(noSecretsInDiff).catch((error: Error) => error as Error)
    expect((failure as Error).message).toMatch(/ at k\.txt:3$/)
  })
  test('does not mind a credential that goes away', async () => {
    const repository = new Repository()
    repository.commit('chore: begin', { 'k.txt': `AKIA${'ABCD'.repeat(4)}\n` })
    repository.commit('fix: remove', { 'k.txt': 'nothing\n' })
    expect((await repository.act(noSecretsInDiff)).outputs.lines).toBe(1)
  })
})

describe('git/changed-files', () => {
  test('names what is uncommitted, unknown, or in commits that the upstream lacks', async () => {
    const repository = new Repository()
    repository.commit('chore: begin', { 'old.txt': 'a', 'src/x.ts': 'a' })
    repository.push()
    repository.git('branch', '--set-upstream-to=origin/main')
    expect((await repository.act(changedFiles)).outputs.files).toEqual([])
    repository.commit('feat: more', { 'src/y.ts': 'b' })
    repository.write({ 'old.txt': 'changed', 'new dir/ü.txt': 'new' })
    expect((await repository.act(changedFiles)).outputs.files).toEqual(['new dir/ü.txt', 'old.txt', 'src/y.ts'])
    expect((await repository.act(changedFiles, { paths: ['src/**'] })).outputs.files).toEqual(['src/y.ts'])
  })
  test('without an upstream the last commit counts as the work', async () => {
    const repository = new Repository()
    repository.commit('chore: begin', { 'a.txt': 'a' })
    repository.commit('feat: more', { 'b.txt': 'b' })
    expect((await repository.act(changedFiles)).outputs.files).toEqual(['b.txt'])
  })
  test('says what is missing where there is no repository', async () => {
    const repository = new Repository()
    rmSync(join(repository.folder, '.git'), { recursive: true })
    await expect(repository.act(changedFiles)).rejects.toThrow(/this folder is in no git work tree/)
  })
})

describe('git/conventional-commits', () => {
  test('judges the commits of a range', async () => {
    const repository = new Repository()
    const first = repository.commit('begin')
    repository.commit('feat(a)!: b')
    expect((await repository.act(conventionalCommits, { from: first })).outputs.count).toBe(1)
    repository.commit('Add a thing')
    await expect(repository.act(conventionalCommits, { from: first })).rejects.toThrow(
      /a commit follows no convention: `[0-9a-f]{10} Add a thing`/,
    )
  })
})

describe('ci/project-tests', () => {
  test('runs the test script and keeps what it prints', async () => {
    const repository = new Repository().write({
      'package.json': JSON.stringify({ scripts: { test: 'echo all is well' } }),
    })
    const { outputs, log } = await repository.act(projectTests)
    expect(outputs).toEqual({ found: true, command: 'npm test --silent' })
    expect(log).toContain('all is well')
  })
  test('fails when they fail', async () => {
    await expect(new Repository().write({ Makefile: 'test:\n\tfalse\n' }).act(projectTests)).rejects.toThrow(
      /the tests failed: `make test` exited with 2/,
    )
  })
  test('says so when there are none, also with the placeholder of npm', async () => {
    const placeholder = { scripts: { test: 'echo "Error: no test specified" && exit 1' } }
    for (const files of [{}, { 'package.json': JSON.stringify(placeholder) }]) {
      expect((await new Repository().write(files).act(projectTests)).outputs.found).toBe(false)
    }
  })
  test('runs the command that it is given', async () => {
    const { log } = await new Repository().act(projectTests, { command: 'echo mine' })
    expect(log).toContain('mine')
  })
})

test('a commit that looks like an option is no option: nothing is written, and nothing passes for judged', async () => {
  const it = new Repository()
  it.commit('feat: one')
  it.commit('feat: two')
  for (const action of [conventionalCommits, noSecretsInDiff])
    for (const inputs of [{ commit: '--output=pwned' }, { commit: 'HEAD', from: '--output=pwned' }])
      await expect(it.act(action, inputs)).rejects.toMatchObject({ reason: 'git' })
  expect(it.git('status', '--porcelain')).toBe('')
})
