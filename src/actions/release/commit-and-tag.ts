import { realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../../util/json.ts'
import { makeFolders } from '../../util/make-folder.ts'
import { type Action, ActionFailure } from '../action.ts'
import { type Git, gitFor } from '../git/git.ts'
import { changelogPath, entryFrom } from './changelog.ts'
import { releaseChangelog } from './changelog-text.ts'
import { fileAt, findVersionFiles, folderOf, VERSION_FILES_INPUT } from './find-version-files.ts'

/** A temporary work tree of its own at a commit, also where a killed attempt left one half made. */
export async function addWorkTree(
  git: Git,
  tree: string,
  commit: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await removeWorkTree(git, tree)
  makeFolders(dirname(tree))
  await git(['worktree', 'add', '--quiet', '--detach', tree, commit], { env })
}

/** Takes a temporary work tree away, also one that a killed attempt left half made. */
async function removeWorkTree(git: Git, tree: string): Promise<void> {
  await git.ask(['worktree', 'remove', '--force', '--force', tree])
  rmSync(tree, { recursive: true, force: true })
  await git.ask(['worktree', 'prune'])
}

/**
 * Writes a file of the release into the work tree, and into its index byte for byte: no attribute, no `core.autocrlf`
 * and no filter may touch what stands around the version.
 */
async function writeFile(git: Git, tree: string, base: string, path: string, text: string): Promise<void> {
  const mode = /^\d+/.exec(await git(['ls-tree', base, '--', `:(top,literal)${path}`]))?.[0] ?? '100644'
  if (!mode.startsWith('100'))
    throw new ActionFailure('no-file', `\`${path}\` is a link or a submodule, so a release cannot change it`)
  writeFileSync(join(tree, path), text)
  const blob = await git(['hash-object', '-w', '--no-filters', '--stdin'], { input: text })
  await git(['update-index', '--add', '--cacheinfo', `${mode},${blob},${path}`])
}

/** Writes the release's files. */
async function writeFiles(
  git: Git,
  tree: string,
  base: string,
  inputs: Parameters<typeof entryFrom>[0],
): Promise<void> {
  const version = inputs.version as string
  const folder = folderOf(inputs.path as string)
  const path = await changelogPath(git, base, folder)
  const text = await fileAt(git, base, path)
  await writeFile(git, tree, base, path, releaseChangelog(text, entryFrom(inputs)).text)
  const written = new Map<string, string>()
  for (const { file, text: before } of await findVersionFiles(git, base, folder, inputs.version_files as Json[])) {
    // Two patterns may speak of one file.
    const after = file.set(written.get(file.path) ?? before, version)
    if (file.get(after) !== version)
      throw new ActionFailure('version-file', `the version in \`${file.path}\` could not be set to \`${version}\``)
    written.set(file.path, after)
  }
  for (const [file, after] of written) await writeFile(git, tree, base, file, after)
}

/** A killed attempt may have left the ref of its signed tag: ours where it is on another commit of the same release. */
async function dropLeftTag(git: Git, tag: string, commit: string): Promise<void> {
  const ask = async (...revs: string[]) => (await git.ask(['rev-parse', '--verify', '--quiet', ...revs])).stdout
  const left = await ask(`refs/tags/${tag}`)
  if (left === '' || (await ask(`refs/tags/${tag}^{commit}~1`)) !== (await ask(`${commit}~1`))) return
  const subjects = await git(['log', '--no-walk', '--format=%s', `refs/tags/${tag}^{commit}`, commit])
  if (new Set(subjects.split('\n')).size === 1) await git(['update-ref', '-d', `refs/tags/${tag}`, left])
}

/**
 * An annotated tag as an object that no ref names yet: until the push has succeeded the user's refs stay as they are.
 * A signed one git can only make with its ref, which is taken away at once.
 */
async function makeTag(git: Git, tag: string, commit: string, message: string): Promise<string> {
  const signed = ['tag.gpgSign', 'tag.forceSignAnnotated'].map((key) =>
    git.ask(['config', '--type=bool', '--get', key]),
  )
  if ((await Promise.all(signed)).some(({ stdout }) => stdout === 'true')) {
    await dropLeftTag(git, tag, commit)
    await git(['tag', '--annotate', '--sign', '--message', message, tag, commit])
    const object = await git(['rev-parse', `refs/tags/${tag}`])
    await git(['update-ref', '-d', `refs/tags/${tag}`, object])
    return object
  }
  const tagger = await git(['var', 'GIT_COMMITTER_IDENT'])
  return git(['mktag'], { input: `object ${commit}\ntype commit\ntag ${tag}\ntagger ${tagger}\n\n${message}\n` })
}

export async function checkIdentity(git: Git): Promise<void> {
  if ((await git.ask(['var', 'GIT_COMMITTER_IDENT'])).exit !== 0) {
    throw new ActionFailure(
      'no-identity',
      'git does not know who commits',
      'tell it: git config user.name "…" and git config user.email …',
    )
  }
}

/** Hooks are written for a checkout with its dependencies installed; the temporary tree has none. The push runs its own. */
export function withoutHooks(env: Readonly<Record<string, string>>): Record<string, string> {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0)
  return {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: 'core.hooksPath',
    [`GIT_CONFIG_VALUE_${count}`]: '/dev/null',
  }
}

export const commitAndTag: Action = {
  description:
    'Makes the release commit and its annotated tag in a temporary work tree; checkout and refs stay as they are',
  effects: 'workspace',
  inputs: {
    version: { type: 'string' },
    tag: { type: 'string' },
    previous: { type: 'string', default: '' },
    base: { type: 'string' },
    date: { type: 'string' },
    entry: { type: 'string' },
    path: { type: 'string', default: '', description: 'Folder of the package; empty: the whole repository' },
    version_files: VERSION_FILES_INPUT,
    commits: { type: 'array', items: { type: 'object' }, maxItems: 10_000 },
  },
  outputs: {
    commit: { type: 'string' },
    tag_object: { type: 'string' },
    tree: { type: 'string', description: 'The temporary work tree, absolute' },
    files: { type: 'array', items: { type: 'string' } },
  },
  async run(inputs, context) {
    const root = gitFor(context)
    await checkIdentity(root)
    const tree = join(context.scratch, 'tree')
    const base = inputs.base as string
    const tag = inputs.tag as string
    const env = withoutHooks(context.env)
    await addWorkTree(root, tree, base, env)
    const git = root.at(tree)
    await writeFiles(git, tree, base, inputs)
    await git(['commit', '--quiet', '--no-verify', '--cleanup=verbatim', '--message', `chore(release): ${tag}`], {
      env,
    })
    const changed = (await git(['diff', '--name-only', '-z', base, 'HEAD'])).split('\0').filter(Boolean)
    const commit = await git(['rev-parse', 'HEAD'])
    const object = await makeTag(git, tag, commit, `${tag}\n\n${inputs.entry as string}`)
    for (const file of changed) context.log(`changed ${file}`)
    context.log(`commit ${commit.slice(0, 10)}, tag ${tag} (${object.slice(0, 10)})`)
    return { commit, tag_object: object, tree, files: changed }
  },
}

export const cleanUp: Action = {
  description: 'Takes the temporary work trees of this run away',
  effects: 'workspace',
  inputs: {},
  outputs: {},
  async run(_inputs, context) {
    const git = gitFor(context)
    // Every step of a run works below the same folder.
    const below = `${realpathOr(dirname(context.scratch))}/`
    const list = await git(['worktree', 'list', '--porcelain', '-z'])
    for (const entry of list.split('\0')) {
      const tree = entry.startsWith('worktree ') ? entry.slice('worktree '.length) : ''
      if (tree.startsWith(below)) await removeWorkTree(git, tree)
    }
    await git.ask(['worktree', 'prune'])
    return {}
  },
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
