import semver from 'semver'
import type { Action } from '../action.ts'
import { ActionFailure } from '../action.ts'
import { type Git, gitFor } from '../git/git.ts'
import { changelogPath } from './changelog.ts'
import { bumpOf, commitsSince, type ReleaseCommit } from './commits.ts'
import { askRemote, isAncestor, type RemoteRefs, releaseBase } from './remote.ts'
import { VERSION_FILES } from './version-file.ts'

interface Released {
  readonly version: string
  readonly tag: string
  /** What git can resolve: the tag of the remote may not be here. */
  readonly commit: string
}

/** The latest release that `base` contains, by its tag, here or on the remote; pre-releases do not count. */
async function lastRelease(git: Git, base: string, refs: RemoteRefs): Promise<Released | undefined> {
  const local = await git(['for-each-ref', '--format=%(refname:short)%00%(objectname)', '--merged', base, 'refs/tags'])
  const found: Released[] = []
  const add = (tag: string, commit: string) => {
    const version = /^v?(\d+\.\d+\.\d+)$/.exec(tag)?.[1]
    if (version !== undefined) found.push({ version, tag, commit })
  }
  for (const line of local.split('\n')) {
    const [tag = '', object = ''] = line.split('\0')
    const theirs = refs.tags.get(tag)
    if (theirs && theirs.object !== object && /^v?\d+\.\d+\.\d+$/.test(tag)) {
      throw new ActionFailure(
        'tag-differs',
        `tag \`${tag}\` is ${object.slice(0, 10)} here and ${theirs.object.slice(0, 10)} on the remote`,
        `take the remote's: git fetch --force origin tag ${tag}`,
      )
    }
    add(tag, `refs/tags/${tag}^{commit}`)
  }
  for (const [tag, { commit }] of refs.tags) {
    if ((await git.ask(['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`])).exit === 0) continue
    if ((await git.ask(['cat-file', '-e', commit])).exit === 0 && (await isAncestor(git, commit, base)))
      add(tag, commit)
  }
  return found.sort((a, b) => semver.rcompare(a.version, b.version))[0]
}

/** The version that the project's own files say at a commit. */
async function writtenVersion(git: Git, commit: string): Promise<string | undefined> {
  for (const file of VERSION_FILES) {
    const { exit, stdout } = await git.ask(['show', `${commit}:${file.path}`])
    const version = exit === 0 ? file.get(stdout) : undefined
    if (version !== undefined && semver.valid(version)) return version
  }
  return undefined
}

function choose(
  last: Released | undefined,
  written: string | undefined,
  commits: readonly ReleaseCommit[],
  unreleased: boolean,
): string {
  if (last === undefined) return written !== undefined && written !== '0.0.0' ? written : '0.1.0'
  const bump = bumpOf(commits) ?? (unreleased ? 'patch' : undefined)
  if (bump === undefined) {
    throw new ActionFailure(
      'nothing-to-release',
      commits.length === 0
        ? `nothing was committed since \`${last.tag}\``
        : `none of the ${commits.length} commits since \`${last.tag}\` is a feature, a fix or a breaking change`,
      'name the version yourself: --input version=X.Y.Z',
    )
  }
  // Below 1.0.0 a breaking change is a step of the minor number.
  const next = semver.inc(last.version, bump === 'major' && semver.major(last.version) === 0 ? 'minor' : bump)!
  return written !== undefined && semver.gt(written, next) ? written : next
}

function checkAsked(asked: string, last: Released | undefined): string {
  const version = semver.valid(asked)
  if (version === null) throw new ActionFailure('version', `\`${asked}\` is no semantic version`, 'write it as X.Y.Z')
  if (last && !semver.gt(version, last.version))
    throw new ActionFailure('version', `\`${version}\` is not above the last release, \`${last.version}\``)
  return version
}

/** Text under [Unreleased] at a commit means that there is something to release, whatever the commits say. */
async function hasUnreleasedText(git: Git, commit: string, path: string): Promise<boolean> {
  const { exit, stdout } = await git.ask(['show', `${commit}:${path}`])
  const section =
    exit === 0
      ? /^## +\[?unreleased\]?[^\n]*\n([\s\S]*?)(?=^## |^\[[^\]\n]+\]: |(?![\s\S]))/im.exec(stdout)?.[1]
      : undefined
  return section !== undefined && /^\s*[-*] /m.test(section)
}

export const nextVersion: Action = {
  description: 'The next semantic version, from the conventional commits since the last release tag',
  effects: 'none',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    branch: { type: 'string', description: 'The branch that is released' },
    version: { type: 'string', default: '', description: 'Use this version; empty: compute it' },
  },
  outputs: {
    version: { type: 'string' },
    tag: { type: 'string' },
    previous: { type: 'string', description: 'Tag of the release before; empty at the first' },
    base: { type: 'string', description: 'The commit that is released' },
    tip: { type: 'string', description: "The remote branch's commit; empty where the branch is not there yet" },
    commits: { type: 'array', items: { type: 'object' }, maxItems: 10_000 },
  },
  async run(inputs, context) {
    const git = gitFor(context)
    const remote = inputs.remote as string
    const branch = inputs.branch as string
    const refs = await askRemote(git, remote)
    const { base } = await releaseBase(git, remote, branch, refs)
    const last = await lastRelease(git, base, refs)
    const changelog = await changelogPath(git, base)
    const commits = await commitsSince(git, last?.commit, base, changelog)
    const asked = inputs.version as string
    const version =
      asked === ''
        ? choose(last, await writtenVersion(git, base), commits, await hasUnreleasedText(git, base, changelog))
        : checkAsked(asked, last)
    const tag = `${last && !last.tag.startsWith('v') ? '' : 'v'}${version}`
    const taken = refs.tags.has(tag)
      ? `on \`${remote}\``
      : (await git.ask(['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`])).exit === 0
        ? 'here'
        : undefined
    if (taken)
      throw new ActionFailure(
        'tag-exists',
        `tag \`${tag}\` is already there, ${taken}, but not on what is released`,
        'name another version: --input version=X.Y.Z',
      )
    context.log(
      `${last ? `${last.tag} -> ` : 'first release: '}${tag}, ${commits.length} ${commits.length === 1 ? 'commit' : 'commits'}, from ${base.slice(0, 10)}`,
    )
    const listed = commits.map(({ sha, type, scope, breaking, subject, described }) => ({
      sha,
      type: type ?? null,
      scope: scope ?? null,
      breaking,
      subject,
      described,
    }))
    return { version, tag, previous: last?.tag ?? '', base, tip: refs.branches.get(branch) ?? '', commits: listed }
  },
}
