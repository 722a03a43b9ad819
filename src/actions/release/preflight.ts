import { existsSync } from 'node:fs'
import { matchesGlob } from '../../util/glob.ts'
import { type Action, ActionFailure } from '../action.ts'
import { type Git, gitFor, lastWords, listed } from '../git/git.ts'
import { askRemote, type RemoteRefs, releaseBase } from './remote.ts'

/** Files that configure opsflow itself: they are no part of what is released, so they may be there uncommitted. */
const OWN_FILES =
  /^(?:opsflow\.config\.(?:ya?ml|json|js|ts)|\.opsflowrc(?:\.[a-z]+)?|agents\.yaml|pipelines\/.*|pipelines)$/

const UNFINISHED = {
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  BISECT_LOG: 'bisect',
} as const

/** Refuses where a merge, a rebase or the like waits to be finished. */
export async function checkFinished(git: Git): Promise<void> {
  for (const [file, what] of Object.entries(UNFINISHED)) {
    const path = await git(['rev-parse', '--path-format=absolute', '--git-path', file])
    if (existsSync(path))
      throw new ActionFailure(
        'unfinished',
        `a ${what} is not finished`,
        `finish it, or give it up: git ${what} ${what === 'bisect' ? 'reset' : '--abort'}`,
      )
  }
}

async function checkRepository(git: Git): Promise<string> {
  const inside = await git.ask(['rev-parse', '--is-inside-work-tree'])
  if (inside.stdout !== 'true') {
    if (inside.exit === 0 || inside.stderr.includes('not a git repository'))
      throw new ActionFailure('no-repository', 'this folder is in no git work tree', 'run it in a repository')
    throw new ActionFailure('git', `git does not read this repository: ${lastWords(inside.stderr)}`)
  }
  if ((await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD'])).exit !== 0)
    throw new ActionFailure('no-commit', 'the repository has no commit yet', 'commit something first')
  if ((await git(['rev-parse', '--is-shallow-repository'])) === 'true')
    throw new ActionFailure(
      'shallow',
      'the repository is a shallow clone: the last release cannot be found',
      'get the history: git fetch --unshallow',
    )
  await checkFinished(git)
  const branch = await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
  if (branch.exit !== 0)
    throw new ActionFailure(
      'detached',
      'HEAD is detached: no branch would get the release',
      'check out the release branch: git switch BRANCH',
    )
  return branch.stdout
}

async function checkClean(git: Git): Promise<void> {
  const status = (await git(['status', '--porcelain=v1', '-z', '--untracked-files=normal'])).split('\0')
  const changed: string[] = []
  const untracked: string[] = []
  for (let i = 0; i < status.length; i++) {
    const entry = status[i]!
    if (entry === '') continue
    const path = entry.slice(3)
    if (entry.startsWith('??')) {
      if (!OWN_FILES.test(path.replace(/\/$/, ''))) untracked.push(path)
    } else changed.push(path)
    if (/^[RC]/.test(entry)) i++ // the next entry is where it came from
  }
  if (changed.length > 0)
    throw new ActionFailure(
      'not-clean',
      `the work tree has uncommitted changes: ${listed(changed)}`,
      'commit them, or put them aside: git stash',
    )
  if (untracked.length > 0)
    throw new ActionFailure(
      'untracked',
      `files that git does not know would be missing in the release: ${listed(untracked)}`,
      'commit them, remove them, or name them in .gitignore',
    )
}

/** One branch by name; else one of several; else the remote's default. */
function checkBranch(current: string, named: string, several: readonly string[], refs: RemoteRefs): void {
  if (named === '' && several.length > 0) {
    if (several.some((glob) => matchesGlob(current, glob))) return
    throw new ActionFailure(
      'wrong-branch',
      `the checkout is on \`${current}\`, releases are cut from ${several.map((glob) => `\`${glob}\``).join(', ')}`,
      `switch to one of them, or name the branch: --input branch=${current}`,
    )
  }
  const wanted = named || refs.defaultBranch || current
  if (current !== wanted)
    throw new ActionFailure(
      'wrong-branch',
      `the checkout is on \`${current}\`, releases are cut from \`${wanted}\``,
      `switch: git switch ${wanted}, or name the branch: --input branch=${current}`,
    )
}

export const preflight: Action = {
  description: 'Checks that the repository can be released: clean tree, right branch, remote up to date',
  effects: 'none',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    branch: { type: 'string', default: '', description: "The branch to release; empty: the remote's default branch" },
    branches: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Globs of the branches that releases are cut from, where there are several: the one checked out is released',
    },
  },
  outputs: { branch: { type: 'string' }, head: { type: 'string' }, ahead: { type: 'integer' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const remote = inputs.remote as string
    const current = await checkRepository(git)
    await checkClean(git)
    const refs = await askRemote(git, remote)
    checkBranch(current, inputs.branch as string, inputs.branches as readonly string[], refs)
    const { base, behind, ahead } = await releaseBase(git, remote, current, refs)
    if (behind)
      throw new ActionFailure(
        'behind',
        `\`${remote}/${current}\` has commits that are not here`,
        `get them first: git pull --ff-only ${remote} ${current}`,
      )
    context.log(
      `on \`${current}\` at ${base.slice(0, 10)}, clean, ${ahead === 0 ? `even with \`${remote}\`` : `${ahead} ${ahead === 1 ? 'commit' : 'commits'} ahead of \`${remote}\`, which the release will publish`}`,
    )
    return { branch: current, head: base, ahead }
  },
}
