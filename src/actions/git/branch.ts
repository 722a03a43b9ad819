import { type Action, ActionFailure } from '../action.ts'
import { checkFinished } from '../release/preflight.ts'
import { askRemote } from '../release/remote.ts'
import { type Git, gitFor } from './git.ts'

/** The words of a message as a branch: `feat(api): log in` is `feat/api-log-in`. */
function branchOf(message: string): string {
  const [first = ''] = message.trim().split('\n')
  const type = /^([a-zA-Z][\w-]*)(?:\([^()]*\))?!?: /.exec(first)?.[1]?.toLowerCase()
  const words = (type === undefined ? first : first.slice(type.length))
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  return `${type ?? 'work'}/${words || 'change'}`
}

/** The name, or with a number behind it where somebody has it already. */
async function free(git: Git, name: string, remote: ReadonlyMap<string, string>): Promise<string> {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}-${number}`
    if (remote.has(tried)) continue
    if ((await git.ask(['rev-parse', '--verify', '--quiet', `refs/heads/${tried}`])).exit !== 0) return tried
  }
}

export const branch: Action = {
  description: "Leaves the remote's default branch for one of its own, with all changes; on another branch it stays",
  effects: 'workspace',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    branch: { type: 'string', default: '', description: 'Its name; empty: by the message' },
    message: { type: 'string' },
  },
  outputs: { branch: { type: 'string' }, into: { type: 'string' }, created: { type: 'boolean' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const { remote, branch: named, message } = inputs as Readonly<Record<string, string>>
    await checkFinished(git)
    const { defaultBranch: into, branches } = await askRemote(git, remote!)
    if (into === undefined)
      throw new ActionFailure(
        'no-branch',
        `\`${remote}\` has no default branch yet`,
        `push one first: git push ${remote} main`,
      )
    const at = await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
    if (at.exit === 0 && at.stdout !== into && (named === '' || named === at.stdout)) {
      context.log(`on \`${at.stdout}\` already`)
      return { branch: at.stdout, into, created: false }
    }
    const wanted = named || branchOf(message!)
    if (wanted === into || (await git.ask(['check-ref-format', '--branch', wanted])).exit !== 0)
      throw new ActionFailure(
        'no-branch',
        `\`${wanted}\` cannot be the branch of a pull request`,
        'give another: --input branch=NAME',
      )
    const name = named === '' ? await free(git, wanted, branches) : named!
    const made = await git.ask(['switch', '--quiet', '--create', name])
    if (made.exit !== 0)
      throw new ActionFailure(
        'branch',
        `there is a branch \`${name}\` already`,
        `git switch ${name}, or give another: --input branch=NAME`,
      )
    context.log(`\`${name}\`, to be merged into \`${into}\``)
    return { branch: name, into, created: true }
  },
}
