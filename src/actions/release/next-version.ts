import type { Json } from '../../util/json.ts'
import { type Action, ActionFailure } from '../action.ts'
import { type Git, gitFor } from '../git/git.ts'
import { changelogPath } from './changelog.ts'
import { commitsSince } from './commits.ts'
import { findVersionFiles, folderOf, saidBy, VERSION_FILES_INPUT } from './find-version-files.ts'
import { askRemote, type RemoteRefs, releaseBase } from './remote.ts'
import { type Released, releasesOf, tagForms } from './tags.ts'
import { chooseVersion } from './version-rules.ts'

/** Text under [Unreleased] at a commit means that there is something to release, whatever the commits say. */
async function hasUnreleasedText(git: Git, commit: string, path: string): Promise<boolean> {
  const { exit, stdout } = await git.ask(['show', `${commit}:${path}`])
  const section =
    exit === 0
      ? /^## +\[?unreleased\]?[^\n]*\n([\s\S]*?)(?=^## |^\[[^\]\n]+\]: |(?![\s\S]))/im.exec(stdout)?.[1]
      : undefined
  return section !== undefined && /^\s*[-*] /m.test(section)
}

/** The form of the last release's tag stays; a tag that is taken, or that git allows nowhere, is refused. */
async function tagFor(git: Git, version: string, form: string, refs: RemoteRefs, remote: string): Promise<string> {
  const tag = form.replace('*', version)
  if ((await git.ask(['check-ref-format', `refs/tags/${tag}`])).exit !== 0)
    throw new ActionFailure('tag-form', `git allows no tag \`${tag}\``, 'give the form of the tags: --input tag=v*')
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
  return tag
}

export const nextVersion: Action = {
  description: 'The next semantic version, from the conventional commits since the last release tag',
  effects: 'none',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    branch: { type: 'string', description: 'The branch that is released' },
    version: { type: 'string', default: '', description: 'Use this version; empty: compute it' },
    prerelease: { type: 'string', default: '', description: '`rc`, `beta`, …: a pre-release; empty: a full release' },
    path: { type: 'string', default: '', description: 'Folder of the package; empty: the whole repository' },
    tag: {
      type: 'string',
      default: '',
      description: 'Form of the tags, `v*` or `name@*`; empty: as those that are there',
    },
    base: { type: 'string', default: '', description: 'Release this commit; empty: what the branch has' },
    version_files: VERSION_FILES_INPUT,
  },
  outputs: {
    version: { type: 'string' },
    tag: { type: 'string' },
    prerelease: { type: 'boolean' },
    previous: { type: 'string', description: 'Tag of the release before; empty at the first' },
    base: { type: 'string', description: 'The commit that is released' },
    tip: { type: 'string', description: "The remote branch's commit; empty where the branch is not there yet" },
    commits: { type: 'array', items: { type: 'object' }, maxItems: 10_000 },
  },
  async run(inputs, context) {
    const git = gitFor(context)
    const { remote, branch, version: asked, prerelease, tag: form } = inputs as Readonly<Record<string, string>>
    const path = folderOf(inputs.path as string)
    const refs = await askRemote(git, remote!)
    const base = (inputs.base as string) || (await releaseBase(git, remote!, branch!, refs)).base
    const said = saidBy(await findVersionFiles(git, base, path, inputs.version_files as Json[]))
    const forms = tagForms({ tag: form!, path, name: said.name })
    const releases = await releasesOf(git, base, refs, forms, remote!)
    const changelog = await changelogPath(git, base, path)
    const { version, last, commits } = await chooseVersion({
      releases,
      written: said.version,
      unreleased: await hasUnreleasedText(git, base, changelog),
      asked: asked!,
      prerelease: prerelease!,
      branch: branch!,
      since: (release) => commitsSince(git, release?.commit, base, { path, changelog }),
    })
    const tag = await tagFor(git, version, (last ?? releases[0])?.form ?? forms[0]!, refs, remote!)
    context.log(summary(last, tag, commits.length, base))
    return {
      version,
      tag,
      prerelease: version.includes('-'),
      previous: last?.tag ?? '',
      base,
      tip: refs.branches.get(branch!) ?? '',
      commits: commits.map(({ type, scope, notes, ...commit }) => ({
        ...commit,
        type: type ?? null,
        scope: scope ?? null,
        notes: [...notes],
      })),
    }
  },
}

function summary(last: Released | undefined, tag: string, commits: number, base: string): string {
  const from = last ? `${last.tag} -> ` : 'first release: '
  return `${from}${tag}, ${commits} ${commits === 1 ? 'commit' : 'commits'}, from ${base.slice(0, 10)}`
}
