import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { branch } from '../../src/actions/git/branch.ts'
import { commit } from '../../src/actions/git/commit.ts'
import { push } from '../../src/actions/git/push.ts'
import { Repository } from '../support/repository.ts'

function repository(): Repository {
  const made = new Repository()
  made.commit('feat: begin', { 'a.txt': 'one\n', '.gitignore': 'left-out\n' })
  return made.push()
}

describe('git/commit', () => {
  test('refuses with nothing committed, and says what to do', async () => {
    const here = repository()
    const head = here.git('rev-parse', 'HEAD')
    const fails = (message: string, files: string[] = [], type = '') =>
      expect(here.act(commit, { message, files, type })).rejects
    await fails('fix: x').toThrow('nothing has changed')
    here.write({ 'a.txt': `key = AKIA${'ABCD'.repeat(4)}\n`, 'left-out': '' })
    await fails('fix: x').toMatchObject({
      message: 'nothing is staged',
      hint: expect.stringContaining('\'["a.txt"]\''),
    })
    await fails('').toThrow('the message is empty')
    await fails('Turn it').toMatchObject({
      message: '`Turn it` follows no convention',
      hint: expect.stringContaining('type=fix'),
    })
    await fails('Turn it', [], 'a fix').toThrow('`a fix` is no type')
    await fails('fix: x', ['b.txt']).toThrow('`b.txt` is no file')
    await fails('fix: x', ['left-out']).toThrow('`left-out` is no file')
    await fails('fix: x', ['*']).toThrow('`*` is no file')
    await fails('fix: x', ['a.txt']).toThrow('nothing was committed: an AWS access key at a.txt:1')
    here.write({ '.git/MERGE_HEAD': `${head}\n` })
    await fails('fix: x').toThrow('a merge is not finished')
    expect(here.git('rev-parse', 'HEAD')).toBe(head)
  })

  test('an attempt that was cut off after its commit makes no second one', async () => {
    const here = repository().write({ 'a.txt': 'two\n' })
    const inputs = { message: 'fix: turn it\n\nWhy.', files: ['a.txt'] }
    const first = await here.act(commit, inputs)
    const again = await here.act(commit, inputs)
    expect(again.outputs.commit).toBe(first.outputs.commit)
    expect(here.git('rev-list', '--count', 'HEAD')).toBe('2')
    expect(here.git('log', '-1', '--format=%B')).toBe('fix: turn it\n\nWhy.')
  })

  test('a hook that refuses is named, and what was staged stays staged', async () => {
    const here = repository().write({ 'a.txt': 'two\n' })
    here.git('add', 'a.txt')
    const hook = join(here.folder, '.git', 'hooks', 'pre-commit')
    writeFileSync(hook, '#!/bin/sh\necho "not on a Friday" >&2\nexit 1\n')
    chmodSync(hook, 0o755)
    await expect(here.act(commit, { message: 'fix: x' })).rejects.toThrow('git did not commit: not on a Friday')
    expect(here.git('status', '--porcelain')).toBe('M  a.txt')
  })
})

describe('git/branch', () => {
  test('takes a free name by the message, and stays where it is on a branch of its own', async () => {
    const here = repository()
    here.git('branch', 'feat/api-log-in')
    const inputs = { message: 'feat(api)!: Log in\n\nBody' }
    const first = await here.act(branch, inputs)
    expect(first.outputs).toEqual({ branch: 'feat/api-log-in-2', into: 'main', created: true })
    expect((await here.act(branch, inputs)).outputs).toEqual({
      branch: 'feat/api-log-in-2',
      into: 'main',
      created: false,
    })
  })
  test('has the words of the message in its name, or the name that was given', async () => {
    const here = repository()
    for (const [name, message, expected] of [
      ['', 'Größer — und besser!', 'work/grosser-und-besser'],
      ['', '***', 'work/change'],
      ['mine/one', 'fix: x', 'mine/one'],
    ] as const) {
      expect((await here.act(branch, { branch: name, message })).outputs.branch).toBe(expected)
      here.git('switch', '--quiet', 'main')
    }
    for (const [name, says] of [
      ['main', /cannot be the branch/],
      ['-f', /cannot be the branch/],
      ['a..b', /cannot be the branch/],
      ['mine/one', /there is a branch `mine\/one` already/],
    ] as const)
      await expect(here.act(branch, { branch: name, message: 'fix: x' })).rejects.toThrow(says)
    expect(here.git('branch', '--show-current')).toBe('main')
  })
})

describe('git/push', () => {
  test('never goes to the default branch, nor from another than it was told', async () => {
    const here = repository()
    here.commit('fix: x')
    await expect(here.act(push, { branch: 'main' })).rejects.toThrow('is the default branch of `origin`')
    await expect(here.act(push, { branch: 'other' })).rejects.toThrow('the checkout left `other`')
  })
  test('goes upon what others pushed; where both changed the same, everything stays as it was', async () => {
    const here = repository()
    here.git('switch', '--quiet', '--create', 'work')
    here.commit('fix: mine', { 'mine.txt': '1' })
    expect((await here.act(push, { branch: 'work' })).outputs).toMatchObject({ rebased: false })
    expect(here.git('rev-parse', '--abbrev-ref', '@{upstream}')).toBe('origin/work')
    const theirs = here.commit('fix: theirs', { 'a.txt': 'theirs\n' })
    here.git('push', '--quiet', 'origin', 'work')
    here.git('reset', '--quiet', '--hard', 'HEAD~1')
    here.commit('fix: more', { 'more.txt': '1' })
    here.write({ 'more.txt': 'not committed' })
    expect((await here.act(push, { branch: 'work' })).outputs).toMatchObject({ rebased: true })
    expect(here.inRemote('log', '-3', '--format=%s', 'work')).toBe('fix: more\nfix: theirs\nfix: mine')
    expect(here.git('status', '--porcelain')).toBe(' M more.txt')
    expect((await here.act(push, { branch: 'work' })).log.join()).toContain('already')

    here.git('stash', '--quiet')
    here.git('reset', '--quiet', '--hard', `${theirs}~1`)
    const head = here.commit('fix: mine too', { 'a.txt': 'mine\n' })
    const before = here.inRemote('rev-parse', 'work')
    await expect(here.act(push, { branch: 'work' })).rejects.toThrow('somebody changed the same on `work`: `a.txt`')
    expect([here.git('rev-parse', 'HEAD'), here.git('branch', '--show-current')]).toEqual([head, 'work'])
    expect(here.inRemote('rev-parse', 'work')).toBe(before)
  })
  test('that the remote refuses gives its words', async () => {
    const here = repository()
    here.git('switch', '--quiet', '--create', 'work')
    writeFileSync(join(here.remote, 'hooks', 'update'), '#!/bin/sh\necho "closed" >&2; exit 1\n', { mode: 0o755 })
    await expect(here.act(push, { branch: 'work' })).rejects.toThrow(/`origin` refused the push: .*closed/)
  })
})
