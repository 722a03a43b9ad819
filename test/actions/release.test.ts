import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changelog } from '../../src/actions/release/changelog.ts'
import { cleanUp, commitAndTag } from '../../src/actions/release/commit-and-tag.ts'
import { nextVersion } from '../../src/actions/release/next-version.ts'
import { preflight } from '../../src/actions/release/preflight.ts'
import { publish } from '../../src/actions/release/publish.ts'
import { updateCheckout } from '../../src/actions/release/update-checkout.ts'
import { GIT_PERSON, Repository } from '../support/repository.ts'

/** A project at 1.0.0 with one feature since, in step with its remote. */
function project(): Repository {
  const repository = new Repository()
  repository.commit('chore: begin', {
    'package.json': '{\n  "name": "p",\n  "version": "1.0.0"\n}\n',
    VERSION: '1.0.0\n',
  })
  repository.tag('v1.0.0').commit('feat: greet')
  return repository.push()
}

/** Everything up to the push; gives what the push needs. */
async function prepare(repository: Repository) {
  const next = (await repository.act(nextVersion, { branch: 'main' })).outputs
  const entry = (
    await repository.act(changelog, {
      version: next.version,
      tag: next.tag,
      previous: next.previous,
      base: next.base,
      commits: next.commits,
    })
  ).outputs
  const made = (
    await repository.act(commitAndTag, {
      version: next.version,
      tag: next.tag,
      previous: next.previous,
      base: next.base,
      commits: next.commits,
      date: entry.date,
      entry: entry.entry,
    })
  ).outputs
  return {
    next,
    entry,
    made,
    release: { branch: 'main', commit: made.commit, tag: next.tag, tag_object: made.tag_object },
  }
}

describe('release/preflight', () => {
  test('passes on a clean tree of the right branch, in step with the remote', async () => {
    const { outputs } = await project().act(preflight)
    expect(outputs).toMatchObject({ branch: 'main', ahead: 0 })
  })
  test('says how many commits go out with the release', async () => {
    const repository = project()
    repository.commit('fix: local')
    expect((await repository.act(preflight)).outputs.ahead).toBe(1)
  })

  const refusals: Record<string, { break: (r: Repository) => void; says: RegExp; inputs?: Record<string, string> }> = {
    'a changed file': { break: (r) => r.write({ VERSION: 'x\n' }), says: /uncommitted changes: `VERSION`/ },
    'a renamed file': { break: (r) => r.git('mv', 'VERSION', 'OTHER'), says: /uncommitted changes: `OTHER`/ },
    'an unknown file': {
      break: (r) => r.write({ 'new.txt': 'x' }),
      says: /files that git does not know would be missing in the release: `new.txt`/,
    },
    'another branch': {
      break: (r) => r.git('switch', '--quiet', '--create', 'side'),
      says: /the checkout is on `side`, releases are cut from `main`/,
    },
    'a detached HEAD': { break: (r) => r.git('checkout', '--quiet', '--detach'), says: /HEAD is detached/ },
    'a remote that moved': {
      break: (r) => r.moveRemote('fix: theirs'),
      says: /`origin\/main` has commits that are not here/,
    },
    'a remote that went another way': {
      break: (r) => {
        r.moveRemote('fix: theirs')
        r.commit('fix: mine')
      },
      says: /have both moved on/,
    },
    'no such remote': { break: () => {}, inputs: { remote: 'upstream' }, says: /there is no remote `upstream`/ },
    'a remote that does not answer': {
      break: (r) => r.git('remote', 'set-url', 'origin', '/nowhere.git'),
      says: /`origin` does not answer/,
    },
    'an unfinished merge': {
      break: (r) => r.write({ '.git/MERGE_HEAD': `${r.git('rev-parse', 'HEAD')}\n` }),
      says: /a merge is not finished/,
    },
  }
  for (const [what, { break: breakIt, says, inputs }] of Object.entries(refusals)) {
    test(`refuses ${what}, and moves no ref`, async () => {
      const repository = project()
      breakIt(repository)
      const before = repository.snapshot()
      await expect(repository.act(preflight, inputs ?? {})).rejects.toThrow(says)
      expect(repository.snapshot()).toEqual(before)
    })
  }
  test('does not mind files of its own that are not committed yet', async () => {
    const repository = project().write({
      'agents.yaml': 'agents: {}\n',
      'pipelines/release.yaml': 'pipeline: release\n',
      'opsflow.config.yaml': '{}\n',
    })
    expect((await repository.act(preflight)).outputs.branch).toBe('main')
  })
})

describe('release/next-version', () => {
  const cases: Record<string, { commits: string[]; next: string; from?: string }> = {
    'a fix is a patch': { commits: ['fix: a'], next: '1.0.1' },
    'a feature is a minor step': { commits: ['fix: a', 'feat(x): b'], next: '1.1.0' },
    'a breaking mark is a major step': { commits: ['feat(x)!: b'], next: '2.0.0' },
    'a breaking footer is a major step': { commits: ['fix: a\n\nBREAKING CHANGE: all of it'], next: '2.0.0' },
    'below 1.0.0 a breaking change is a minor step': { commits: ['feat!: b'], from: 'v0.3.1', next: '0.4.0' },
    'tags without v stay without': { commits: ['fix: a'], from: '2.0.0', next: '2.0.1' },
  }
  for (const [what, { commits, next, from }] of Object.entries(cases)) {
    test(what, async () => {
      const repository = new Repository()
      repository.commit('chore: begin')
      repository.tag(from ?? 'v1.0.0')
      for (const message of commits) repository.commit(message)
      repository.push()
      const { outputs } = await repository.act(nextVersion, { branch: 'main' })
      expect(outputs.version).toBe(next)
      expect(outputs.tag).toBe(from && !from.startsWith('v') ? next : `v${next}`)
      expect(outputs.commits).toHaveLength(commits.length)
    })
  }
  test('the first release is the version that the project says, else 0.1.0', async () => {
    const said = new Repository()
    said.commit('feat: x', { VERSION: '3.2.1\n' })
    expect((await said.push().act(nextVersion, { branch: 'main' })).outputs.tag).toBe('v3.2.1')
    const silent = new Repository()
    silent.commit('feat: x')
    expect((await silent.push().act(nextVersion, { branch: 'main' })).outputs.tag).toBe('v0.1.0')
  })
  test('refuses when nothing changed for users, unless [Unreleased] says something', async () => {
    const repository = project().tag('v1.1.0')
    repository.commit('docs: words')
    repository.push()
    await expect(repository.act(nextVersion, { branch: 'main' })).rejects.toThrow(
      /none of the 1 commits since `v1.1.0`/,
    )
    repository.commit('docs: log', { 'CHANGELOG.md': '## [Unreleased]\n\n- Better words\n' })
    repository.push()
    expect((await repository.act(nextVersion, { branch: 'main' })).outputs.version).toBe('1.1.1')
  })
  test('takes a version that was asked for, and refuses one that is not above the last', async () => {
    expect((await project().act(nextVersion, { branch: 'main', version: '5.0.0' })).outputs.tag).toBe('v5.0.0')
    await expect(project().act(nextVersion, { branch: 'main', version: '1.0.0' })).rejects.toThrow(
      /not above the last release/,
    )
    await expect(project().act(nextVersion, { branch: 'main', version: 'one' })).rejects.toThrow(/no semantic version/)
  })
  test('knows a release tag that only the remote has', async () => {
    const repository = project()
    repository.inRemote('tag', 'v1.4.0', 'main')
    repository.commit('fix: more')
    expect((await repository.act(nextVersion, { branch: 'main' })).outputs).toMatchObject({
      version: '1.4.1',
      previous: 'v1.4.0',
    })
  })
  test('releases from the remote when it moved on, and from here when here is ahead', async () => {
    const repository = project()
    const theirs = repository.moveRemote('feat!: theirs')
    expect((await repository.act(nextVersion, { branch: 'main' })).outputs).toMatchObject({
      version: '2.0.0',
      base: theirs,
    })
  })
})

describe('release, commit to checkout', () => {
  test('until the push nothing of the user moves; after it branch, tag and checkout are the release', async () => {
    const repository = project()
    const { trees: _, ...before } = repository.snapshot()
    const { release, made, next } = await prepare(repository)
    expect(repository.snapshot()).toMatchObject(before)
    expect(made.files).toEqual(['CHANGELOG.md', 'VERSION', 'package.json'])

    expect((await repository.act(publish, release)).outputs.moved).toBe(false)
    expect(repository.git('rev-parse', 'HEAD')).toBe(next.base)
    expect(repository.inRemote('rev-parse', 'main')).toBe(made.commit)
    expect(repository.inRemote('cat-file', '-t', 'v1.1.0')).toBe('tag')
    expect(repository.inRemote('cat-file', '-p', 'v1.1.0')).toContain('### Added\n\n- Greet')

    await repository.act(updateCheckout, release)
    await repository.act(cleanUp)
    expect(repository.git('status', '--porcelain')).toBe('')
    expect(repository.git('describe')).toBe('v1.1.0')
    expect(repository.read('package.json')).toBe('{\n  "name": "p",\n  "version": "1.1.0"\n}\n')
    expect(repository.read('VERSION')).toBe('1.1.0\n')
    expect(existsSync(made.tree)).toBe(false)
    expect(repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
  })

  test('a remote that moved is an output, not a push', async () => {
    const repository = project()
    const { release } = await prepare(repository)
    const theirs = repository.moveRemote('fix: theirs')
    expect((await repository.act(publish, release)).outputs.moved).toBe(true)
    expect(repository.inRemote('rev-parse', 'main')).toBe(theirs)
    expect(repository.inRemote('tag')).toBe('v1.0.0')
  })

  test('a tag that somebody else pushed meanwhile is a moved remote', async () => {
    const repository = project()
    const { release } = await prepare(repository)
    repository.inRemote('tag', 'v1.1.0', 'main')
    expect((await repository.act(publish, release)).outputs.moved).toBe(true)
  })

  test('publishing again what is published pushes nothing and succeeds', async () => {
    const repository = project()
    const { release } = await prepare(repository)
    await repository.act(publish, release)
    repository.moveRemote('fix: after the release')
    const { outputs, log } = await repository.act(publish, release)
    expect(outputs.moved).toBe(false)
    expect(log.join()).toContain('already')
  })

  test('a refusal of the remote names its words and leaves branch and tag unpushed, both', async () => {
    const repository = project()
    const { release } = await prepare(repository)
    writeFileSync(
      join(repository.remote, 'hooks', 'update'),
      '#!/bin/sh\ncase "$1" in refs/tags/*) echo "tags are closed" >&2; exit 1;; esac\n',
      { mode: 0o755 },
    )
    const before = repository.inRemote('for-each-ref')
    await expect(repository.act(publish, release)).rejects.toThrow(/refused the push, and nothing changed there/)
    expect(repository.inRemote('for-each-ref')).toBe(before)
  })

  test('preparing twice replaces the first work tree', async () => {
    const repository = project()
    const first = await prepare(repository)
    const second = await prepare(repository)
    expect(second.made.tree).toBe(first.made.tree)
    expect(repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(2)
  })

  test('a checkout that was changed meanwhile is not moved, and the message says that the release is out', async () => {
    const repository = project()
    const { release } = await prepare(repository)
    await repository.act(publish, release)
    repository.write({ VERSION: 'mine\n' })
    await expect(repository.act(updateCheckout, release)).rejects.toThrow(
      /v1.1.0 is published; the checkout could not be moved/,
    )
    expect(repository.read('VERSION')).toBe('mine\n')
    repository.git('checkout', '--', 'VERSION')
    expect((await repository.act(updateCheckout, release)).outputs.head).toBe(release.commit)
  })

  test('without a name for the committer nothing begins', async () => {
    const repository = project()
    const { GIT_COMMITTER_NAME: _, GIT_AUTHOR_NAME: __, GIT_COMMITTER_EMAIL: ___, ...env } = GIT_PERSON
    repository.git('config', 'user.useConfigOnly', 'true')
    const context = {
      root: repository.folder,
      cwd: repository.folder,
      run: 'r',
      path: 's',
      attempt: 1,
      idempotencyKey: 'k',
      scratch: join(repository.home, 'scratch'),
      env,
      log: () => {},
      signal: new AbortController().signal,
    }
    await expect(
      commitAndTag.run(
        { version: '1.1.0', tag: 'v1.1.0', previous: '', base: 'HEAD', date: 'd', entry: 'e', commits: [] },
        context,
      ),
    ).rejects.toThrow(/git does not know who commits/)
  })
})

describe('a release in a repository with habits of its own', () => {
  const bytes = (r: Repository, path: string) =>
    execFileSync('git', ['show', `HEAD:${path}`], { cwd: r.folder, env: GIT_PERSON, encoding: 'utf8' })

  test('changes only the bytes of the version, whatever line ends git is told to write', async () => {
    for (const habit of ['core.autocrlf=true', 'core.autocrlf=input', 'core.eol=crlf']) {
      const repository = new Repository()
      const text = '{\r\n  "name": "p",\r\n  "version": "1.0.0"\r\n}\n'
      repository.commit('chore: begin', { 'package.json': text, VERSION: '1.0.0\n', 'CHANGELOG.md': '# Mine\r\n' })
      // From now on all text is to be normalized; what was committed before is not.
      repository.commit('feat: greet')
      repository.write({ '.git/info/attributes': '* text=auto\n*.json text\n*.md text\n' })
      repository.git('config', ...(habit.split('=') as [string, string]))
      repository.git('config', 'core.safecrlf', 'true')
      repository.git('tag', 'v1.0.0', 'HEAD~1')
      repository.push()
      const { release } = await prepare(repository)
      repository.git('update-ref', 'HEAD', release.commit)
      expect(bytes(repository, 'package.json')).toBe(text.replace('1.0.0', '1.1.0'))
      expect(bytes(repository, 'VERSION')).toBe('1.1.0\n')
      expect(bytes(repository, 'CHANGELOG.md')).toMatch(/^# Mine\r\n/)
      expect(bytes(repository, 'CHANGELOG.md').replaceAll('\r\n', '')).not.toContain('\n')
    }
  })

  test('keeps the mode of a file, and refuses one that is a link', async () => {
    const repository = project()
    repository.git('update-index', '--chmod=+x', 'VERSION')
    repository.git('commit', '--quiet', '--message', 'fix: mode')
    repository.git('checkout', '--quiet', '--', '.')
    const { made } = await prepare(repository)
    expect(repository.git('ls-tree', made.commit, 'VERSION')).toMatch(/^100755/)
    repository.write({ 'docs/log.md': '# Log\n' })
    symlinkSync('docs/log.md', join(repository.folder, 'CHANGELOG.md'))
    repository.git('add', '--all')
    repository.git('commit', '--quiet', '--message', 'docs: link')
    await expect(prepare(repository)).rejects.toThrow('`CHANGELOG.md` is a link')
  })

  test('goes by the place that pushes go to, where fetches come from another', async () => {
    const repository = project()
    const other = join(repository.home, 'other.git')
    repository.git('clone', '--quiet', '--bare', repository.remote, other)
    repository.git('remote', 'set-url', '--push', 'origin', other)
    const { release } = await prepare(repository)
    expect((await repository.act(publish, release)).outputs.moved).toBe(false)
    expect(repository.git('ls-remote', other, 'refs/heads/main')).toContain(release.commit)
    expect(repository.git('ls-remote', repository.remote, 'refs/heads/main')).not.toContain(release.commit)
  })

  test('is refused where a push goes to several places', async () => {
    const repository = project()
    repository.git('remote', 'set-url', '--push', 'origin', repository.remote)
    repository.git('remote', 'set-url', '--push', '--add', 'origin', join(repository.home, 'other.git'))
    await expect(repository.act(preflight)).rejects.toThrow(/goes to 2 places/)
  })

  test('is made without the hooks of a checkout, and pushed with them', async () => {
    const repository = project()
    const said = join(repository.home, 'hooks-that-ran')
    const names = ['post-checkout', 'pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-push']
    for (const name of names) {
      repository.write({ [`.git/hooks/${name}`]: `#!/bin/sh\necho ${name} >> '${said}'\ntest ${name} = pre-push\n` })
      chmodSync(join(repository.folder, '.git', 'hooks', name), 0o755)
    }
    const { release } = await prepare(repository)
    expect((await repository.act(publish, release)).outputs.moved).toBe(false)
    expect(readFileSync(said, 'utf8')).toBe('pre-push\n')
  })

  test('that wants signatures and cannot make them says what to do', async () => {
    const repository = project()
    repository.git('config', 'commit.gpgsign', 'true')
    repository.git('config', 'gpg.program', '/bin/false')
    await expect(prepare(repository)).rejects.toMatchObject({ hint: expect.stringContaining('commit.gpgsign false') })
  })

  test('that git refuses to read says why', async () => {
    const repository = project()
    repository.write({ '.git/config': '[core]\n\trepositoryformatversion = 99\n' })
    await expect(repository.act(preflight)).rejects.toThrow(/git does not read this repository: .*99/)
  })
})
