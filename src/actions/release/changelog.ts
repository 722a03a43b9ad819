import type { Json, JsonObject } from '../../util/json.ts'
import { type Action, ActionFailure } from '../action.ts'
import { type Git, gitFor } from '../git/git.ts'
import { type ReleaseEntry, releaseChangelog } from './changelog-text.ts'
import type { ReleaseCommit } from './commits.ts'

/** The changelog of a commit: the file at the root that is called so, in whatever case; `CHANGELOG.md` where there is none. */
export async function changelogPath(git: Git, commit: string): Promise<string> {
  const names = (await git(['ls-tree', '--name-only', '-z', commit])).split('\0')
  return names.find((name) => name.toLowerCase() === 'changelog.md') ?? 'CHANGELOG.md'
}

/** The text of a file at a commit, byte for byte, or undefined where it is not there. */
export async function fileAt(git: Git, commit: string, path: string): Promise<string | undefined> {
  if ((await git.ask(['cat-file', '-e', `${commit}:${path}`])).exit !== 0) return undefined
  const bytes = Number(await git(['cat-file', '-s', `${commit}:${path}`]))
  const text = await git(['cat-file', 'blob', `${commit}:${path}`], { exact: true })
  if (Buffer.byteLength(text) !== bytes)
    throw new ActionFailure(
      'encoding',
      `\`${path}\` is not UTF-8, so it cannot be changed without changing other bytes`,
      'save it as UTF-8',
    )
  return text
}

/** What `changelog` and `commit-and-tag` are told, as the entry that both compute alike. */
export function entryFrom(inputs: Readonly<Record<string, Json>>): ReleaseEntry {
  const commits = (inputs.commits as readonly JsonObject[]).map(
    (commit): ReleaseCommit => ({
      sha: String(commit.sha),
      type: (commit.type as string | null) ?? undefined,
      scope: (commit.scope as string | null) ?? undefined,
      breaking: commit.breaking === true,
      subject: String(commit.subject),
      described: commit.described === true,
    }),
  )
  return {
    version: inputs.version as string,
    tag: inputs.tag as string,
    date: inputs.date as string,
    previousTag: (inputs.previous as string) || undefined,
    commits,
  }
}

export const changelog: Action = {
  description: 'The changelog entry of a release: [Unreleased] and the commits that have no entry yet',
  effects: 'none',
  inputs: {
    version: { type: 'string' },
    tag: { type: 'string' },
    previous: { type: 'string', default: '' },
    base: { type: 'string' },
    commits: { type: 'array', items: { type: 'object' }, maxItems: 10_000 },
  },
  outputs: { entry: { type: 'string' }, date: { type: 'string' }, path: { type: 'string' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const base = inputs.base as string
    const path = await changelogPath(git, base)
    const date = new Date().toISOString().slice(0, 10)
    const { entry } = releaseChangelog(await fileAt(git, base, path), entryFrom({ ...inputs, date }))
    for (const line of entry.split('\n')) context.log(line)
    return { entry, date, path }
  },
}
