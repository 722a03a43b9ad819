import { ActionFailure } from '../action.ts'
import type { Git } from '../git/git.ts'
import { lastWords } from '../git/git.ts'

/** A remote as it answers now. Asking moves no ref of the user's repository. */
export interface RemoteRefs {
  /** The branch that the remote calls its default; undefined where it does not say (an empty remote). */
  readonly defaultBranch: string | undefined
  /** Branch -> commit. */
  readonly branches: ReadonlyMap<string, string>
  /** Tag -> what it points at: the tag object, and the commit behind it. */
  readonly tags: ReadonlyMap<string, { readonly object: string; readonly commit: string }>
}

/**
 * Where a push to the remote goes: the place whose state counts, also where fetches come from another one. One push
 * cannot be atomic over several places.
 */
async function placeOf(git: Git, remote: string): Promise<string> {
  const [fetched, pushed] = await Promise.all([
    git.ask(['remote', 'get-url', remote]),
    git.ask(['remote', 'get-url', '--push', '--all', remote]),
  ])
  // A place instead of a name, or no such remote, which the question itself will tell.
  if (pushed.exit !== 0) return remote
  const places = pushed.stdout.split('\n')
  if (places.length > 1)
    throw new ActionFailure(
      'several-places',
      `a push to \`${remote}\` goes to ${places.length} places, and a release must be there as a whole or not at all`,
      'name a remote with one place: --input remote=NAME',
    )
  return places[0] === undefined || places[0] === fetched.stdout ? remote : places[0]
}

/** Asks a remote for its branches and tags. */
export async function askRemote(git: Git, remote: string): Promise<RemoteRefs> {
  const place = await placeOf(git, remote)
  const { exit, stdout, stderr } = await git.ask(['ls-remote', '--symref', '--end-of-options', place])
  if (exit !== 0) {
    const known = (await git.ask(['remote'])).stdout.split('\n').filter(Boolean)
    if (!known.includes(remote)) {
      throw new ActionFailure(
        'no-remote',
        `there is no remote \`${remote}\``,
        known.length > 0
          ? `the remotes are ${known.map((name) => `\`${name}\``).join(', ')}`
          : `add one: git remote add ${remote} URL`,
      )
    }
    throw new ActionFailure('remote', `the remote \`${remote}\` does not answer: ${lastWords(stderr)}`)
  }
  let defaultBranch: string | undefined
  const branches = new Map<string, string>()
  const tags = new Map<string, { object: string; commit: string }>()
  for (const line of stdout.split('\n')) {
    const symref = /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)
    if (symref) defaultBranch = symref[1]
    const [sha = '', ref = ''] = line.split('\t')
    if (ref.startsWith('refs/heads/')) branches.set(ref.slice('refs/heads/'.length), sha)
    const tag = /^refs\/tags\/(.+?)(\^\{\})?$/.exec(ref)
    if (tag?.[1]) {
      const before = tags.get(tag[1])
      tags.set(tag[1], tag[2] && before ? { object: before.object, commit: sha } : { object: sha, commit: sha })
    }
  }
  return { defaultBranch, branches, tags }
}

/** Brings the objects behind a branch of the remote here, and writes no ref while at it. */
export async function fetchBranch(git: Git, remote: string, branch: string): Promise<void> {
  await git([
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--refmap=',
    '--end-of-options',
    await placeOf(git, remote),
    `refs/heads/${branch}`,
  ])
}

/** Whether the first commit is the second or one of its ancestors. */
export async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  return (await git.ask(['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant])).exit === 0
}

/**
 * The commit to release from: the local branch where it holds all that the remote has, else the remote's tip where that
 * holds all that is local. Where both have something of their own nobody but the user can say.
 */
export async function releaseBase(
  git: Git,
  remote: string,
  branch: string,
  refs: RemoteRefs,
): Promise<{ readonly base: string; readonly behind: boolean; readonly ahead: number }> {
  const head = await git(['rev-parse', '--verify', 'HEAD^{commit}'])
  const tip = refs.branches.get(branch)
  if (tip === undefined) return { base: head, behind: false, ahead: 0 }
  if ((await git.ask(['cat-file', '-e', `${tip}^{commit}`])).exit !== 0) await fetchBranch(git, remote, branch)
  if (await isAncestor(git, tip, head)) {
    return { base: head, behind: false, ahead: Number(await git(['rev-list', '--count', `${tip}..${head}`])) }
  }
  if (await isAncestor(git, head, tip)) return { base: tip, behind: true, ahead: 0 }
  throw new ActionFailure(
    'diverged',
    `your branch \`${branch}\` and \`${remote}/${branch}\` have both moved on`,
    `bring them together first: git pull --rebase ${remote} ${branch}`,
  )
}
