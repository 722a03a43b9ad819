import type { Git } from '../git/git.ts'

/** One commit since the last release, read by the rules of Conventional Commits 1.0. */
export interface ReleaseCommit {
  readonly sha: string
  /** Lower case; undefined where the subject follows no convention. */
  readonly type: string | undefined
  readonly scope: string | undefined
  readonly breaking: boolean
  /** What the commit says, without type and scope. */
  readonly subject: string
  /** True where the commit itself changed the changelog: its author has written the entry. */
  readonly described: boolean
}

export type Bump = 'major' | 'minor' | 'patch'

const HEADER = /^([a-zA-Z]+)(?:\(([^()]*)\))?(!)?: +(.+)$/
const BREAKING = /^BREAKING[ -]CHANGE: /m

/** Reads one commit message. */
export function parseCommit(sha: string, message: string, described: boolean): ReleaseCommit {
  const [first = ''] = message.split('\n')
  const header = HEADER.exec(first)
  if (!header)
    return {
      sha,
      type: undefined,
      scope: undefined,
      breaking: BREAKING.test(message),
      subject: first.trim(),
      described,
    }
  return {
    sha,
    type: header[1]!.toLowerCase(),
    scope: header[2] || undefined,
    breaking: header[3] !== undefined || BREAKING.test(message),
    subject: header[4]!.trim(),
    described,
  }
}

/** The step of the version that the commits ask for; undefined where none of them changes what users get. */
export function bumpOf(commits: readonly ReleaseCommit[]): Bump | undefined {
  if (commits.some((commit) => commit.breaking)) return 'major'
  if (commits.some((commit) => commit.type === 'feat')) return 'minor'
  return commits.some((commit) => commit.type === 'fix' || commit.type === 'perf' || commit.type === 'revert')
    ? 'patch'
    : undefined
}

/** The commits between a release (undefined: the beginning) and `to`, newest first, merges left out. */
export async function commitsSince(
  git: Git,
  from: string | undefined,
  to: string,
  changelog: string,
): Promise<readonly ReleaseCommit[]> {
  const range = from === undefined ? to : `${from}..${to}`
  const log = await git(['log', '--no-merges', '--format=%H%x00%B%x00', '-z', '--end-of-options', range])
  const described = new Set(
    (await git(['log', '--no-merges', '--format=%H', '--end-of-options', range, '--', changelog])).split('\n'),
  )
  const parts = log.split('\0')
  const commits: ReleaseCommit[] = []
  for (let i = 0; i + 1 < parts.length; i += 3) {
    const sha = parts[i]!.trim()
    if (sha !== '') commits.push(parseCommit(sha, parts[i + 1]!, described.has(sha)))
  }
  return commits
}
