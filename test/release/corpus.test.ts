import semver from 'semver'
import { describe, expect, test } from 'vitest'
import { releaseChangelog } from '../../src/actions/release/changelog-text.ts'
import { readCommits } from '../../src/actions/release/commits.ts'
import { type Released, readTag, tagForms } from '../../src/actions/release/tags.ts'
import { chooseVersion, type VersionAnswer } from '../../src/actions/release/version-rules.ts'
import { HISTORIES, type History, REFUSED } from './histories.ts'

/** The version that a history asks for, by the rules alone: what git knows is given as data. */
async function choose(history: Omit<History, 'version' | 'entry'>): Promise<VersionAnswer & { form: string }> {
  const { path = '', name, asked = '', prerelease = '', branch = 'main', written, changelog = '' } = history
  const form = history.tag?.startsWith('rel-') ? 'rel-*' : ''
  const forms = tagForms({ tag: form, path, name })
  const commits: { sha: string; message: string; isMerge: boolean; described: boolean }[] = []
  const releases: (Released & { at: number })[] = []
  const sha = (number: number) => `${number.toString(16).padStart(4, '0')}${'abcdef0123456789'.repeat(3)}`.slice(0, 40)
  for (const one of history.commits) {
    if (typeof one === 'string' && one.startsWith('@')) {
      const tag = one.slice(1)
      const read = readTag(tag, forms)
      if (read) releases.push({ ...read, tag, commit: sha(commits.length), at: commits.length })
      continue
    }
    const message = typeof one === 'string' ? one : 'merge' in one ? one.merge : one.described
    commits.push({
      sha: sha(commits.length + 1),
      message: message.replace(/#(\d+)(?=\.?$)/gm, (_, number: string) => sha(Number(number)).slice(0, 12)),
      isMerge: typeof one !== 'string' && 'merge' in one,
      described: typeof one !== 'string' && 'described' in one,
    })
  }
  const answer = await chooseVersion({
    releases: releases.sort((a, b) => semver.rcompare(a.version, b.version)),
    written,
    unreleased: /^- /m.test(changelog.split('## [')[1] ?? ''),
    asked,
    prerelease,
    branch,
    since: async (release) => readCommits(commits.slice(releases.find((one) => one === release)?.at ?? 0).toReversed()),
  })
  return { ...answer, form: (answer.last ?? releases[0])?.form ?? forms[0]! }
}

describe('the version and the entry of a history', () => {
  test.each(Object.entries(HISTORIES))('%s', async (_, history) => {
    const { version, last, commits, form } = await choose(history)
    expect(version).toBe(history.version)
    if (history.tag !== undefined) expect(form.replace('*', version)).toBe(history.tag)
    const { entry } = releaseChangelog(history.changelog, {
      version,
      date: '2026-03-01',
      tag: form.replace('*', version),
      previousTag: last?.tag,
      commits,
    })
    const [title, ...lines] = entry.split('\n').filter((line) => line !== '')
    expect(title).toBe(`## [${version}] - 2026-03-01`)
    expect(lines.map((line) => line.replace(/^### /, '+'))).toEqual(history.entry)
  })
  test.each(Object.entries(REFUSED))('refused, with what to do: %s', async (_, history) => {
    await expect(choose(history)).rejects.toThrow(history.says)
  })
  test('the corpus has what it is for: forty histories or more', () => {
    expect(Object.keys(HISTORIES).length).toBeGreaterThanOrEqual(40)
  })
})

describe('a changelog whose version was first given out for trial', () => {
  test('keeps one section of it, and every byte of the others', () => {
    const { changelog = '' } = HISTORIES['a promotion takes over what a person wrote for the pre-releases']!
    const { text } = releaseChangelog(changelog, {
      version: '1.1.0',
      date: '2026-03-01',
      tag: 'v1.1.0',
      previousTag: 'v1.0.0',
      commits: [],
    })
    expect(text).not.toContain('1.1.0-rc')
    expect(text.endsWith('\n\n## [1.0.0] - 2025-01-01\n')).toBe(true)
    expect(text.match(/^## /gm)).toHaveLength(3)
  })
})
