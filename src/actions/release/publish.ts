import { type Action, ActionFailure } from '../action.ts'
import { type Git, gitFor, lastWords } from '../git/git.ts'
import { askRemote, fetchBranch, isAncestor, type RemoteRefs } from './remote.ts'

/** What the remote says of a release: it has all of it, it went another way, or the way is free. */
async function standing(
  git: Git,
  refs: RemoteRefs,
  release: { remote: string; branch: string; commit: string; tag: string; tagObject: string },
): Promise<'published' | 'moved' | 'free'> {
  const tip = refs.branches.get(release.branch)
  const tag = refs.tags.get(release.tag)
  if (tip !== undefined && (await git.ask(['cat-file', '-e', tip])).exit !== 0)
    await fetchBranch(git, release.remote, release.branch)
  if (tag?.object === release.tagObject && tip !== undefined && (await isAncestor(git, release.commit, tip)))
    return 'published'
  if (tag !== undefined) return 'moved'
  return tip === undefined || (await isAncestor(git, tip, release.commit)) ? 'free' : 'moved'
}

export const publish: Action = {
  description:
    'Pushes branch and tag of a release in one atomic push, never forced; says `moved` where the remote went on meanwhile',
  effects: 'external',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    branch: { type: 'string' },
    commit: { type: 'string' },
    tag: { type: 'string' },
    tag_object: { type: 'string' },
  },
  outputs: { moved: { type: 'boolean' }, commit: { type: 'string' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const { remote, branch, commit, tag, tag_object: tagObject } = inputs as Readonly<Record<string, string>>
    const release = { remote: remote!, branch: branch!, commit: commit!, tag: tag!, tagObject: tagObject! }
    const before = await standing(git, await askRemote(git, release.remote), release)
    if (before === 'published') context.log(`${tag} and \`${branch}\` are on \`${remote}\` already`)
    if (before === 'moved')
      context.log(`\`${remote}/${branch}\` moved, or took the tag, since the release was prepared: nothing was pushed`)
    if (before !== 'free') return { moved: before === 'moved', commit: release.commit }

    const push = await git.ask([
      'push',
      '--atomic',
      '--porcelain',
      '--no-follow-tags',
      '--end-of-options',
      release.remote,
      `${release.commit}:refs/heads/${branch}`,
      `${release.tagObject}:refs/tags/${tag}`,
    ])
    for (const line of `${push.stdout}\n${push.stderr}`.split('\n')) if (line.trim() !== '') context.log(line)
    // What counts is what the remote has now, not how the push said good-bye: a connection can end after the deed.
    const after = await standing(git, await askRemote(git, release.remote), release)
    if (after === 'published') return { moved: false, commit: release.commit }
    if (after === 'moved') return { moved: true, commit: release.commit }
    throw new ActionFailure(
      'push',
      `\`${remote}\` refused the push, and nothing changed there: ${lastWords(push.stderr)}`,
      'mend the cause, then `opsflow retry`',
    )
  },
}
