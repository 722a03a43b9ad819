import type { Json, JsonObject } from '../../util/json.ts'
import type { Action } from '../action.ts'
import { type Git, gitFor } from '../git/git.ts'
import { type ReleaseEntry, releaseChangelog } from './changelog-text.ts'
import type { ReleaseCommit } from './commits.ts'
import { fileAt, folderOf } from './find-version-files.ts'

/** The changelog of a commit: the file of the folder that is called so, in whatever case; `CHANGELOG.md` where there is none. */
export async function changelogPath(git: Git, commit: string, folder: string): Promise<string> {
  const below = folder === '' ? '' : `${folder}/`
  const tree = ['ls-tree', '--full-tree', '--name-only', '-z', commit, ...(below === '' ? [] : ['--', below])]
  const names = (await git(tree)).split('\0')
  return names.find((name) => name.toLowerCase() === `${below}changelog.md`.toLowerCase()) ?? `${below}CHANGELOG.md`
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
      notes: ((commit.notes ?? []) as readonly Json[]).map(String),
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
    path: { type: 'string', default: '', description: 'Folder of the package; empty: the whole repository' },
    commits: { type: 'array', items: { type: 'object' }, maxItems: 10_000 },
  },
  outputs: { entry: { type: 'string' }, date: { type: 'string' }, path: { type: 'string' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const base = inputs.base as string
    const path = await changelogPath(git, base, folderOf(inputs.path as string))
    const date = new Date().toISOString().slice(0, 10)
    const { entry } = releaseChangelog(await fileAt(git, base, path), entryFrom({ ...inputs, date }))
    for (const line of entry.split('\n')) context.log(line)
    return { entry, date, path }
  },
}
