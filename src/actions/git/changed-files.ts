import { fitsPath } from '../../policy/ownership.ts'
import { type Action, ActionFailure } from '../action.ts'
import { gitFor } from './git.ts'

export const changedFiles: Action = {
  description:
    'The files that differ from what is published: uncommitted, unknown to git, or in commits that the upstream branch lacks',
  effects: 'none',
  inputs: { paths: { type: 'array', items: { type: 'string' }, default: [], description: 'Globs; empty: every file' } },
  outputs: { files: { type: 'array', items: { type: 'string' } } },
  async run(inputs, context) {
    const git = gitFor(context)
    if ((await git.ask(['rev-parse', '--is-inside-work-tree'])).stdout !== 'true')
      throw new ActionFailure(
        'no-repository',
        '`paths` asks git what changed, and this folder is in no git work tree',
        'leave `paths` out, or run it in a repository',
      )
    const found = new Set<string>()
    const add = (list: string) => {
      for (const path of list.split('\0')) if (path !== '') found.add(path)
    }
    // Without an upstream nobody has said what is published: the last commit is the least that the work can be.
    const upstream = await git.ask(['rev-parse', '--verify', '--quiet', '@{upstream}'])
    const since =
      upstream.exit === 0
        ? await git(['merge-base', 'HEAD', '@{upstream}'])
        : (await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD~1'])).stdout
    const isBorn = (await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD'])).exit === 0
    if (isBorn)
      add(await git(['diff', '--name-only', '-z', '--no-renames', '--relative', since === '' ? 'HEAD' : since]))
    add(await git(['ls-files', '--others', '--exclude-standard', '-z']))
    const globs = inputs.paths as readonly string[]
    const files = [...found].filter((file) => globs.length === 0 || globs.some((glob) => fitsPath(file, glob))).sort()
    for (const file of files) context.log(file)
    return { files }
  },
}
