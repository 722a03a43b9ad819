import type { Git } from '../git/git.ts'

/** One change since the last release, read by the rules of Conventional Commits 1.0. A squashed commit can hold several. */
export interface ReleaseCommit {
  readonly sha: string
  /** Lower case; undefined where the subject follows no convention. */
  readonly type: string | undefined
  readonly scope: string | undefined
  readonly breaking: boolean
  /** What the commit says, without type and scope. */
  readonly subject: string
  /** What its footers say of the break, a line each. */
  readonly notes: readonly string[]
  /** True where the commit itself changed the changelog: its author has written the entry. */
  readonly described: boolean
}

export type Bump = 'major' | 'minor' | 'patch'

const HEADER = /^([a-zA-Z][\w-]*)(?:\(([^()]*)\))?(!)?:[ \t]+(\S.*)$/
/** The footer, to the end of its paragraph or the next footer. */
const BREAKING = /^BREAKING[ -]CHANGE:\s+(\S[^\n]*(?:\n(?!\s*\n|[A-Z][A-Za-z-]*(?:: | #)|\s{0,3}[*-] )[^\n]+)*)/gm
const BULLET = /^\s{0,3}[*-] (.*)$/
const QUOTED = /^(Revert|Reapply) "(.*)"$/
const REVERTED = /\bThis reverts commits? ((?:[0-9a-f]{7,64}(?:, and |, | and |\s)?)+)/g
/** Types that change nothing for those who use the project. */
const INNER = new Set(['build', 'chore', 'ci', 'docs', 'refactor', 'release', 'style', 'test', 'tests'])
const PATCHES = new Set(['fix', 'perf', 'revert'])

/** Reads one message, or one part of a squashed one. */
export function parseCommit(sha: string, message: string, described: boolean): ReleaseCommit {
  const text = message.replaceAll('\r\n', '\n')
  const first = (text.split('\n')[0] ?? '').trim()
  const notes = [...text.matchAll(BREAKING)].map(([, note]) => note!.replace(/\s*\n\s*/g, ' ').trim())
  const { subject, isUndone } = unquote(first)
  const header = HEADER.exec(subject)
  const plain = { sha, described, notes, breaking: notes.length > 0 }
  if (isUndone) return { ...plain, type: 'revert', scope: undefined, subject }
  if (!header) return { ...plain, type: undefined, scope: undefined, subject }
  return {
    ...plain,
    type: header[1]!.toLowerCase(),
    scope: header[2]?.trim() || undefined,
    breaking: header[3] !== undefined || plain.breaking,
    subject: header[4]!.trim(),
  }
}

/** What git writes for a revert, and for a revert of that: the message inside, and whether it is undone in the end. */
function unquote(line: string): { readonly subject: string; readonly isUndone: boolean } {
  let subject = line
  let isUndone = false
  for (let quoted = QUOTED.exec(subject); quoted; quoted = QUOTED.exec(subject)) {
    subject = quoted[2]!.replaceAll('\\"', '"')
    if (quoted[1] === 'Revert') isUndone = !isUndone
  }
  return { subject, isUndone }
}

/** Whether a change stands in the changelog: it changes what users get, or nobody can tell. */
export function isListed(commit: ReleaseCommit): boolean {
  return commit.breaking || commit.type === undefined || !INNER.has(commit.type)
}

/**
 * The changes of one commit. A conventional subject speaks for all of a squashed commit, but for breaks in its body;
 * where the subject follows no convention, the list of squashed commits speaks. A merge speaks only by a subject or a
 * footer of its own: what it merges is there beside it.
 */
function readCommit(
  sha: string,
  message: string,
  described: boolean,
  isMerge = false,
): readonly ReleaseCommit[] {
  const parts: string[][] = [[]]
  for (const line of message.split(/\r?\n/)) {
    const squashed = parts[0]!.length > 0 ? BULLET.exec(line)?.[1] : undefined
    if (squashed !== undefined && HEADER.test(squashed)) parts.push([squashed])
    else parts.at(-1)!.push(line)
  }
  const [main, ...squashed] = parts.map((lines) => parseCommit(sha, lines.join('\n'), described))
  if (main!.type !== undefined) return [main!, ...squashed.filter(({ breaking }) => breaking)]
  if (isMerge) return main!.breaking ? [main!] : []
  const isSaid = squashed.some(isListed)
  return isSaid ? [...(main!.breaking ? [main!] : []), ...squashed] : [main!, ...squashed]
}

/** The commits that a message takes back. */
function revertedBy(message: string): readonly string[] {
  const named = [...message.matchAll(REVERTED)].flatMap(([, list]) => list!.match(/[0-9a-f]{7,64}/g) ?? [])
  if (named.length > 0 || !/^revert(?:\([^()]*\))?!?:/i.test(message)) return named
  return [...message.matchAll(/^Refs: (.+)$/gm)].flatMap(([, list]) => list!.match(/\b[0-9a-f]{7,64}\b/g) ?? [])
}

interface RawCommit {
  readonly sha: string
  readonly message: string
  readonly isMerge: boolean
  readonly described: boolean
}

/**
 * The changes of commits, newest first. A commit and its revert in one range are no change; one that takes back what was
 * released before is.
 */
export function readCommits(commits: readonly RawCommit[]): readonly ReleaseCommit[] {
  const gone = new Set<string>()
  for (const { sha, message } of commits) {
    if (gone.has(sha)) continue
    const targets = revertedBy(message)
    const here = targets.map((target) => commits.find((commit) => commit.sha !== sha && commit.sha.startsWith(target)))
    for (const commit of here) if (commit) gone.add(commit.sha)
    if (targets.length > 0 && here.every((commit) => commit !== undefined)) gone.add(sha)
  }
  return commits.flatMap(({ sha, message, described, isMerge }) =>
    gone.has(sha) ? [] : readCommit(sha, message, described, isMerge),
  )
}

/** The step of the version that the commits ask for; undefined where none of them changes what users get. */
export function bumpOf(commits: readonly ReleaseCommit[]): Bump | undefined {
  if (commits.some((commit) => commit.breaking)) return 'major'
  if (commits.some((commit) => commit.type === 'feat')) return 'minor'
  return commits.some(({ type }) => type !== undefined && PATCHES.has(type)) ? 'patch' : undefined
}

/** What is released: the whole repository (`''`) or a folder of it, and the changelog that tells of it. */
export interface ReleasePlace {
  readonly path: string
  readonly changelog: string
}

/** The changes between a release (undefined: the beginning) and `to` that touch the place, newest first. */
export async function commitsSince(
  git: Git,
  from: string | undefined,
  to: string,
  { path, changelog }: ReleasePlace,
): Promise<readonly ReleaseCommit[]> {
  const range = from === undefined ? to : `${from}..${to}`
  const log = (format: string, ...paths: string[]) =>
    git(['log', '-z', '--full-history', `--format=${format}`, '--end-of-options', range, '--', ...paths])
  const [all, described] = await Promise.all([
    log('%H%x00%P%x00%B', ...(path === '' ? [] : [`:(top,literal)${path}`])),
    log('%H', `:(top,literal)${changelog}`),
  ])
  const own = new Set(described.split('\0').map((sha) => sha.trim()))
  const parts = all.split('\0')
  const commits: RawCommit[] = []
  for (let i = 0; i + 2 < parts.length; i += 3) {
    const sha = parts[i]!.trim()
    commits.push({ sha, message: parts[i + 2]!, isMerge: parts[i + 1]!.includes(' '), described: own.has(sha) })
  }
  return readCommits(commits)
}
