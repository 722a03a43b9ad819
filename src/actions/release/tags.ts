import semver from 'semver'
import { ActionFailure } from '../action.ts'
import type { Git } from '../git/git.ts'
import { isAncestor, type RemoteRefs } from './remote.ts'

/** A release that is there, by its tag. */
export interface Released {
  readonly version: string
  readonly tag: string
  /** The form of the tag, with `*` for the version: `v*`, `*`, `name@*`. */
  readonly form: string
  /** What git can resolve: the tag of the remote may not be here. */
  readonly commit: string
}

/** What is released, as far as its tags go. */
export interface Tagged {
  /** A form with one `*`, or empty: by the tags that are there. */
  readonly tag: string
  /** Folder of the package; empty: the whole repository. */
  readonly path: string
  /** The name of the package, where its files say one. */
  readonly name: string | undefined
}

/** The forms that its tags may have; the first is that of a first release. */
export function tagForms({ tag, path, name }: Tagged): readonly string[] {
  if (tag !== '') {
    if (tag.split('*').length !== 2)
      throw new ActionFailure(
        'tag-form',
        `the form of the tags, \`${tag}\`, must have one \`*\` for the version`,
        'write it like `v*` or `name@*`',
      )
    return [tag]
  }
  if (path === '') return ['v*', '*', ...(name === undefined ? [] : [`${name}@*`])]
  const base = path.slice(path.lastIndexOf('/') + 1)
  const names = [...new Set([name ?? base, base])]
  return [...names.flatMap((one) => [`${one}@*`, `${one}@v*`, `${one}-v*`, `${one}/v*`]), `${path}/v*`]
}

/** The version that a tag says, by the first form that fits; undefined for a tag of something else. */
export function readTag(tag: string, forms: readonly string[]): Pick<Released, 'version' | 'form'> | undefined {
  for (const form of forms) {
    const [before = '', after = ''] = form.split('*')
    if (!tag.startsWith(before) || !tag.endsWith(after)) continue
    const text = tag.slice(before.length, tag.length - after.length)
    const version = /^\d/.test(text) ? semver.valid(text) : null
    if (version !== null) return { version, form }
  }
  return undefined
}

/** Every release that `base` contains, by its tags here or on the remote, the highest version first. */
export async function releasesOf(
  git: Git,
  base: string,
  refs: RemoteRefs,
  forms: readonly string[],
  remote: string,
): Promise<readonly Released[]> {
  const list = (...args: string[]) => git(['for-each-ref', '--format=%(refname:lstrip=2)%00%(objectname)', ...args])
  const [all, merged] = await Promise.all([list('refs/tags'), list('--merged', base, 'refs/tags')])
  const here = new Set(all.split('\n').map((line) => line.split('\0')[0]))
  const found: Released[] = []
  for (const line of merged.split('\n')) {
    const [tag = '', object = ''] = line.split('\0')
    const read = readTag(tag, forms)
    if (!read) continue
    const theirs = refs.tags.get(tag)
    if (theirs && theirs.object !== object)
      throw new ActionFailure(
        'tag-differs',
        `tag \`${tag}\` is ${object.slice(0, 10)} here and ${theirs.object.slice(0, 10)} on the remote`,
        `take the remote's: git fetch --force ${remote} tag ${tag}`,
      )
    found.push({ ...read, tag, commit: `refs/tags/${tag}^{commit}` })
  }
  for (const [tag, { commit }] of refs.tags) {
    const read = here.has(tag) ? undefined : readTag(tag, forms)
    if (read && (await git.ask(['cat-file', '-e', commit])).exit === 0 && (await isAncestor(git, commit, base)))
      found.push({ ...read, tag, commit })
  }
  return found.sort((a, b) => semver.rcompare(a.version, b.version))
}
