import { readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'

/** A folder and those above it, nearest first, up to and with `top`, or to the root of the file system. */
export function foldersUpTo(from: string, top: string | undefined): readonly string[] {
  const folders: string[] = []
  for (let folder = from; ; folder = dirname(folder)) {
    folders.push(folder)
    if (folder === top || folder === dirname(folder)) return folders
  }
}

/**
 * A folder and those above it as long as only this user and root can write there: a config that a stranger left in a
 * shared folder must not run for whoever works below it.
 */
export function ownFoldersUp(from: string): readonly string[] {
  const { uid } = userInfo()
  const [first = from, ...above] = foldersUpTo(from, undefined)
  const foreign = above.findIndex((folder) => {
    const { mode, uid: owner } = statSync(folder)
    return (mode & 0o002) !== 0 || (owner !== uid && owner !== 0)
  })
  return [first, ...(foreign === -1 ? above : above.slice(0, foreign))]
}

/** The top of the git work tree that a folder lies in: the nearest folder with a `.git`. Git itself is not asked. */
export function workTreeOf(folder: string): string | undefined {
  return foldersUpTo(folder, undefined).find(
    (candidate) => statSync(join(candidate, '.git'), { throwIfNoEntry: false }) !== undefined,
  )
}

/**
 * The same folder in the main work tree of its repository, so that runs from a linked work tree are kept with all others.
 * The folder itself where it lies in no linked work tree, or where the main one is bare.
 */
export function inMainWorkTree(folder: string): string {
  const top = workTreeOf(folder)
  if (top === undefined) return folder
  const common = commonDirectory(top)
  if (common === undefined || basename(common) !== '.git') return folder
  return join(dirname(common), relative(top, folder))
}

/** The repository's own directory, of a linked work tree; undefined for a main work tree and for a submodule. */
function commonDirectory(top: string): string | undefined {
  const link = join(top, '.git')
  try {
    if (!statSync(link).isFile()) return undefined
    const [, written = ''] = /^gitdir: (.+)$/m.exec(readFileSync(link, 'utf8')) ?? []
    const directory = resolve(top, written.trim())
    return resolve(directory, readFileSync(join(directory, 'commondir'), 'utf8').trim())
  } catch {
    // No file `commondir`: a submodule, whose work tree is its only one.
    return undefined
  }
}
