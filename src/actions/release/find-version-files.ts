import semver from 'semver'
import type { ValueSchema } from '../../model/value-schema.ts'
import { matchesGlob } from '../../util/glob.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { ActionFailure } from '../action.ts'
import type { Git } from '../git/git.ts'
import { crateOf, patternFile, type VersionFile, versionFiles } from './version-file.ts'

/** A file that says the version, as it is at a commit. */
export interface FoundFile {
  readonly file: VersionFile
  readonly text: string
}

/** How actions are told of files beside those that are known. */
export const VERSION_FILES_INPUT: ValueSchema = {
  type: 'array',
  items: { type: 'object' },
  default: [],
  description: 'More files that say the version: `path`, a glob, and `text`, what stands around `{version}`',
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

/** A folder as git writes it: without `./` and a slash at its end; what leads out of the repository is refused. */
export function folderOf(path: string): string {
  const folder = path.replace(/^(?:\.\/)+|^\.$/, '').replace(/\/+$/, '')
  if (folder.startsWith('/') || folder.split('/').includes('..'))
    throw new ActionFailure(
      'no-folder',
      `\`${path}\` is no folder below the top of the repository`,
      'write it from there: packages/app',
    )
  return folder
}

/**
 * The files of a commit that say the version of what is released: the kinds that are known, and those that the pipeline
 * names by pattern. One that is named and does not say a version is a mistake, and refused.
 */
export async function findVersionFiles(
  git: Git,
  commit: string,
  folder: string,
  patterns: readonly Json[],
): Promise<readonly FoundFile[]> {
  const paths = (await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit])).split('\0').filter(Boolean)
  if (folder !== '' && !paths.some((path) => path.startsWith(`${folder}/`)))
    throw new ActionFailure(
      'no-folder',
      `there is no folder \`${folder}\` in what is released`,
      'write it from the top of the repository: --input path=packages/app',
    )
  const there = new Set(paths)
  const read = async (path: string) => (await fileAt(git, commit, path)) ?? ''
  const found: FoundFile[] = []
  for (const file of versionFiles(folder, { crates: await cratesOf(paths, folder, read) })) {
    if (!there.has(file.path)) continue
    const text = await read(file.path)
    if (file.get(text) !== undefined) found.push({ file, text })
  }
  for (const each of patterns) {
    const { path, text } = checkPattern(each as JsonObject)
    const fitting = paths.filter((one) => matchesGlob(one, path))
    const files = await Promise.all(
      fitting.map(async (one) => ({ file: patternFile(one, text), text: await read(one) })),
    )
    const telling = files.filter((one) => one.file.get(one.text) !== undefined)
    if (telling.length === 0)
      throw new ActionFailure(
        'version-file',
        fitting.length === 0
          ? `no file of the repository fits \`${path}\` of \`version_files\``
          : `\`${fitting.slice(0, 3).join('`, `')}\` ${fitting.length === 1 ? 'has' : 'have'} no text like \`${text}\``,
        'write what stands around the version, with `{version}` in its place',
      )
    found.push(...telling)
  }
  return found
}

function checkPattern({ path, text }: JsonObject): { readonly path: string; readonly text: string } {
  if (typeof path === 'string' && typeof text === 'string' && text.split('{version}').length === 2)
    return { path, text }
  throw new ActionFailure(
    'version-file',
    'an entry of `version_files` wants a `path` and a `text` with one `{version}` in it',
    'like { path: src/version.py, text: \'__version__ = "{version}"\' }',
  )
}

/** The crates whose version is set with that of a folder: its own, or all that take the version of its workspace. */
async function cratesOf(
  paths: readonly string[],
  folder: string,
  read: (path: string) => Promise<string>,
): Promise<readonly string[]> {
  const manifest = folder === '' ? 'Cargo.toml' : `${folder}/Cargo.toml`
  if (!paths.includes(manifest)) return []
  const below = folder === '' ? '' : `${folder}/`
  const others = paths.filter((path) => path.startsWith(below) && path.endsWith('/Cargo.toml') && path !== manifest)
  const texts = await Promise.all([manifest, ...others].map(read))
  const names = texts.map((text, i) => (i === 0 ? (crateOf(text, false) ?? crateOf(text, true)) : crateOf(text, true)))
  return names.filter((name) => name !== undefined)
}

/** The first version and name that the files say; a version that is not semantic is none. */
export function saidBy(found: readonly FoundFile[]): {
  readonly version: string | undefined
  readonly name: string | undefined
} {
  const versions = found.map(({ file, text }) => file.get(text)).filter((version) => semver.valid(version) !== null)
  return { version: versions[0], name: found.map(({ file, text }) => file.name?.(text)).find((name) => !!name) }
}
