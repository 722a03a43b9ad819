import { join } from 'node:path'
import semver from 'semver'
import { type Action, ActionFailure } from '../action.ts'
import { type Git, gitFor, lastWords, listed, unmerged } from '../git/git.ts'
import { addWorkTree, checkIdentity, withoutHooks } from './commit-and-tag.ts'
import { checkFinished } from './preflight.ts'
import { askRemote, fetchBranch, isAncestor } from './remote.ts'
import { type Released, releasesOf, tagForms } from './tags.ts'

/** The commits that were named, in the order in which they were made. */
async function commitsOf(git: Git, named: readonly string[], onto: string, last: Released): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of named) {
    const { exit, stdout } = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
    if (exit !== 0)
      throw new ActionFailure(
        'no-commit',
        `there is no commit \`${name}\` here`,
        'name what mends it: --input commits=\'["SHA"]\'',
      )
    if (await isAncestor(git, stdout, onto))
      throw new ActionFailure('no-commit', `\`${name}\` is in \`${last.tag}\` already`, 'leave it out')
    if ((await git.ask(['rev-parse', '--verify', '--quiet', `${stdout}^2`])).exit === 0)
      throw new ActionFailure('no-commit', `\`${name}\` is a merge`, 'name the commits that it merged')
    found.push(stdout)
  }
  if (found.length < 2) return found
  const all = (await git(['rev-list', '--reverse', '--topo-order', ...found, `^${onto}`])).split('\n')
  return all.filter((commit) => found.includes(commit))
}

export const pick: Action = {
  description:
    'Puts commits upon the last release in a temporary work tree, for a release that has nothing else; checkout and refs stay',
  effects: 'workspace',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    commits: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'What mends it, as it is on another branch',
    },
    tag: { type: 'string', default: '', description: 'Form of the tags, `v*` or `name@*`; empty: `v*` or `*`' },
  },
  outputs: {
    base: { type: 'string', description: 'The commit to release' },
    onto: { type: 'string', description: 'The commit that it stands upon' },
    previous: { type: 'string', description: 'Tag of the release that is mended' },
    branch: { type: 'string', description: 'The branch of its line of versions, `hotfix/1.2.x`' },
    into: { type: 'string', description: "The remote's default branch" },
    tree: { type: 'string', description: 'The temporary work tree, absolute' },
  },
  async run(inputs, context) {
    const root = gitFor(context)
    const { remote, tag } = inputs as Readonly<Record<string, string>>
    await checkIdentity(root)
    await checkFinished(root)
    const refs = await askRemote(root, remote!)
    const forms = tagForms({ tag: tag!, path: '', name: undefined })
    const last = (await releasesOf(root, 'HEAD', refs, forms, remote!)).find(({ version }) => !version.includes('-'))
    if (!last)
      throw new ActionFailure('no-release', 'there is no release to mend', 'cut one first: opsflow run release')
    const branch = `hotfix/${semver.major(last.version)}.${semver.minor(last.version)}.x`
    const tip = refs.branches.get(branch)
    if (tip !== undefined && (await root.ask(['cat-file', '-e', tip])).exit !== 0)
      await fetchBranch(root, remote!, branch)
    const onto = tip ?? (await root(['rev-parse', '--verify', last.commit]))
    const commits = await commitsOf(root, inputs.commits as readonly string[], onto, last)
    const tree = join(context.scratch, 'tree')
    const env = withoutHooks(context.env)
    await addWorkTree(root, tree, onto, env)
    const git = root.at(tree)
    const picked = await git.ask(['cherry-pick', '-x', ...commits], { env })
    if (picked.exit !== 0) {
      const files = await unmerged(git)
      throw new ActionFailure(
        'conflict',
        files.length > 0
          ? `the commits do not fit upon \`${last.tag}\`: ${listed(files)}`
          : `the commits cannot be put upon \`${last.tag}\`: ${lastWords(picked.stderr)}`,
        `nothing was changed; make a commit that fits: git switch --create mend ${last.tag}`,
      )
    }
    const base = await git(['rev-parse', 'HEAD'])
    context.log(
      `${commits.length} ${commits.length === 1 ? 'commit' : 'commits'} upon ${tip ? branch : last.tag}: ${base.slice(0, 10)}`,
    )
    return { base, onto, previous: last.tag, branch, into: refs.defaultBranch ?? '', tree }
  },
}
