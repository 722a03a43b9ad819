import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changelog } from '../../src/actions/release/changelog.ts'
import { commitAndTag } from '../../src/actions/release/commit-and-tag.ts'
import { nextVersion } from '../../src/actions/release/next-version.ts'
import { preflight } from '../../src/actions/release/preflight.ts'
import type { Json } from '../../src/util/json.ts'
import { Repository } from '../support/repository.ts'

/** The version, the entry, the commit and the tag, up to the push. */
async function prepare(repository: Repository, inputs: Record<string, Json>) {
  const { version_files = [], path = '', ...rest } = inputs
  const next = (await repository.act(nextVersion, { branch: 'main', version_files, path, ...rest })).outputs
  const { version, tag, previous, base, commits } = next
  const told = { version, tag, previous, base, commits, path }
  const { entry, date } = (await repository.act(changelog, told)).outputs
  const { commit, tag_object } = (await repository.act(commitAndTag, { ...told, date, entry, version_files })).outputs
  const show = (file: string) => repository.git('show', `${commit}:${file}`)
  return { next, entry, commit, tag: tag_object, show }
}

/** A repository of two packages and a crate, each with releases of its own, made in one go. */
function monorepo(): Repository {
  const repository = new Repository()
  const stream: string[] = []
  let mark = 0
  const commit = (message: string, files: Record<string, string>, merge?: number) => {
    mark++
    stream.push(
      `commit refs/heads/main\nmark :${mark}\ncommitter A Tester <tester@example.org> ${1_700_000_000 + mark} +0000`,
    )
    stream.push(`data ${Buffer.byteLength(message)}\n${message}`)
    if (merge !== undefined) stream.push(`merge :${merge}`)
    for (const [path, text] of Object.entries(files))
      stream.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}`)
    return mark
  }
  const tag = (name: string, from: number) => stream.push(`reset refs/tags/${name}\nfrom :${from}\n`)
  const lock = {
    packages: { '': { name: 'all' }, 'packages/app': { version: '1.0.0' }, 'packages/lib': { version: '2.0.0' } },
  }
  const first = commit('chore: begin', {
    'package.json': '{ "private": true }\n',
    'package-lock.json': `${JSON.stringify(lock, null, 2)}\n`,
    'packages/app/package.json': '{\n  "name": "@acme/app",\n  "version": "1.0.0"\n}\n',
    'packages/lib/package.json': '{\n  "name": "lib",\n  "version": "2.0.0"\n}\n',
    'crates/fast/Cargo.toml': '[package]\nname = "fast"\nversion = "0.1.0"\n',
    'crates/fast/src/lib.rs': '// fast 0.1.0\n',
    'crates/fast/docs/a.md': 'fast = "0.1.0"\n',
    'Cargo.lock':
      '[[package]]\nname = "fast"\nversion = "0.1.0"\n\n[[package]]\nname = "serde"\nversion = "0.1.0"\nsource = "r"\n',
    'packages/app/CHANGELOG.md': '# App\n\n## [Unreleased]\n',
    'tool/pyproject.toml': '[project]\nname = "tool"\nversion = "3.0.0"\n',
  })
  tag('@acme/app@1.0.0', first)
  tag('lib@2.0.0', first)
  tag('fast-v0.1.0', first)
  commit('fix(lib): stop', { 'packages/lib/a.js': '1' })
  commit('feat(app)!: go', { 'packages/app/a.js': '1' })
  const both = commit('feat: on, in both', { 'packages/app/b.js': '1', 'packages/lib/b.js': '1' })
  tag('lib@2.1.0', both)
  commit('fix(fast): round', { 'crates/fast/src/round.rs': '1' })
  commit('feat(tool): count', { 'tool/count.py': '1' })
  stream.push('done\n')
  execFileSync('git', ['fast-import', '--quiet', '--done'], { cwd: repository.folder, input: stream.join('\n') })
  repository.git('reset', '--quiet', '--hard', 'main')
  repository.git('push', '--quiet', 'origin', 'main', '--tags')
  return repository
}

describe('a repository of several packages', () => {
  test('releases each by its own commits, tags, files and changelog', async () => {
    const repository = monorepo()
    const app = await prepare(repository, { path: 'packages/app/' })
    expect(app.next).toMatchObject({ tag: '@acme/app@2.0.0', previous: '@acme/app@1.0.0' })
    expect(repository.git('show', '--format=%s', '--name-only', app.commit)).toBe(
      'chore(release): @acme/app@2.0.0\n\npackage-lock.json\npackages/app/CHANGELOG.md\npackages/app/package.json',
    )
    expect(app.show('packages/app/CHANGELOG.md')).toContain('# App\n\n## [Unreleased]\n\n## [2.0.0]')
    expect(JSON.parse(app.show('package-lock.json')).packages).toMatchObject({
      'packages/app': { version: '2.0.0' },
      'packages/lib': { version: '2.0.0' },
    })
    const lines = app.entry.split('\n').filter((line) => line.startsWith('-'))
    expect(lines).toEqual(['- **Breaking:** app: Go', '- On, in both'])

    await expect(repository.act(nextVersion, { branch: 'main', path: 'packages/lib' })).rejects.toThrow(
      'nothing was committed since `lib@2.1.0`',
    )
    await expect(repository.act(nextVersion, { branch: 'main', path: 'packages/none' })).rejects.toThrow(
      'there is no folder `packages/none`',
    )
    await expect(repository.act(nextVersion, { branch: 'main', path: '../x' })).rejects.toThrow('is no folder below')
  })

  test('sets a crate in its manifest, in the lock file and where a pattern says; a Python project as Python writes', async () => {
    const repository = monorepo()
    const version_files = [{ path: 'crates/fast/**/*.md', text: 'fast = "{version}"' }]
    const crate = await prepare(repository, { path: './crates/fast', version_files })
    expect(crate.next.tag).toBe('fast-v0.1.1')
    expect(crate.show('Cargo.lock').match(/version = "0\.1\.\d"/g)).toEqual(['version = "0.1.1"', 'version = "0.1.0"'])
    expect(crate.show('crates/fast/docs/a.md')).toBe('fast = "0.1.1"')
    expect(crate.show('crates/fast/src/lib.rs')).toBe('// fast 0.1.0')

    const python = await prepare(repository, { path: 'tool', prerelease: 'rc', tag: 'tool@*' })
    expect(python.next).toMatchObject({ version: '3.0.0-rc.1', tag: 'tool@3.0.0-rc.1', prerelease: true })
    expect(python.show('tool/pyproject.toml')).toContain('version = "3.0.0rc1"')
  })

  test('refuses a pattern that names nothing, before anything is made', async () => {
    const repository = monorepo()
    for (const [pattern, says] of [
      [{ path: 'none/*.txt', text: '{version}' }, /no file of the repository fits `none\/\*\.txt`/],
      [
        { path: 'crates/**/*.rs', text: 'v{version}' },
        /`crates\/fast\/src\/lib.rs`, .* have no text like `v\{version\}`/,
      ],
      [{ path: 'crates/**' }, /wants a `path` and a `text`/],
    ] as const)
      await expect(
        repository.act(nextVersion, { branch: 'main', path: 'crates/fast', version_files: [pattern] }),
      ).rejects.toThrow(says)
  })
})

describe('several release branches', () => {
  test('are released where they are checked out, and no other; releases of another branch do not count', async () => {
    const repository = new Repository()
    repository.commit('feat: begin')
    repository.tag('v1.0.0').commit('feat: on')
    repository.tag('v1.1.0').push()
    repository.git('switch', '--quiet', '--create', '1.0.x', 'v1.0.0')
    repository.commit('fix: stop')
    repository.git('push', '--quiet', 'origin', '1.0.x')
    const branches = ['main', '*.x']
    expect((await repository.act(preflight, { branches })).outputs.branch).toBe('1.0.x')
    const { outputs } = await repository.act(nextVersion, { branch: '1.0.x' })
    expect(outputs).toMatchObject({ tag: 'v1.0.1', previous: 'v1.0.0' })
    repository.git('switch', '--quiet', '--create', 'side')
    await expect(repository.act(preflight, { branches })).rejects.toThrow(
      'the checkout is on `side`, releases are cut from `main`, `*.x`',
    )
  })
})

describe('a release where git signs tags', () => {
  test('has a tag that git verifies, leaves no ref behind, and does over what a killed attempt left', async () => {
    const repository = new Repository()
    const key = join(repository.home, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const allowed = join(repository.home, 'allowed')
    execFileSync('sh', ['-c', `printf 'tester@example.org %s' "$(cat '${key}.pub')" > '${allowed}'`])
    for (const [name, value] of [
      ['gpg.format', 'ssh'],
      ['user.signingkey', `${key}.pub`],
      ['gpg.ssh.allowedSignersFile', allowed],
      ['tag.gpgSign', 'true'],
    ] as const)
      repository.git('config', name, value)
    repository.commit('feat: begin')
    repository.push()
    const first = await prepare(repository, {})
    expect(repository.git('tag')).toBe('')
    repository.git('update-ref', 'refs/tags/v0.1.0', first.tag)
    const { commits, base } = first.next
    const told = { version: '0.1.0', tag: 'v0.1.0', base, commits, date: '2026-03-01', entry: first.entry }
    const { tag_object: tag } = (await repository.act(commitAndTag, told)).outputs
    expect(repository.git('tag')).toBe('')
    repository.git('update-ref', 'refs/tags/v0.1.0', tag)
    expect(() => repository.git('verify-tag', 'v0.1.0')).not.toThrow()
  })
})
