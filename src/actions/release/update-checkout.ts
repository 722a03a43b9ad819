import { type Action, ActionFailure } from '../action.ts'
import { gitFor, lastWords } from '../git/git.ts'
import { isAncestor } from './remote.ts'

export const updateCheckout: Action = {
  description: 'After the push: gives the user the tag and moves the checked-out branch forward to the release',
  effects: 'workspace',
  inputs: {
    remote: { type: 'string', default: 'origin' },
    branch: { type: 'string' },
    commit: { type: 'string' },
    tag: { type: 'string' },
    tag_object: { type: 'string' },
  },
  outputs: { head: { type: 'string' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const { remote, branch, commit, tag, tag_object: object } = inputs as Readonly<Record<string, string>>
    const here = await git.ask(['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`])
    if (here.exit !== 0) await git(['update-ref', `refs/tags/${tag}`, object!, ''])
    else if (here.stdout !== object)
      throw new ActionFailure(
        'tag-differs',
        `${tag} is published, but another tag of that name is here`,
        `take the published one: git fetch --force ${remote} tag ${tag}, then \`opsflow retry\``,
      )
    const head = await git(['rev-parse', 'HEAD'])
    if (await isAncestor(git, commit!, head)) return { head }
    const now = await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
    if (now.stdout !== branch)
      throw new ActionFailure(
        'checkout',
        `${tag} is published; the checkout left \`${branch}\` meanwhile, so it was not moved`,
        `git switch ${branch}, then \`opsflow retry\``,
      )
    const merge = await git.ask(['merge', '--ff-only', '--quiet', commit!])
    if (merge.exit !== 0)
      throw new ActionFailure(
        'checkout',
        `${tag} is published; the checkout could not be moved to it: ${lastWords(merge.stderr)}`,
        `put your changes aside (git stash), then \`opsflow retry\`, or git pull --ff-only ${remote} ${branch}`,
      )
    context.log(`\`${branch}\` is at ${commit!.slice(0, 10)}, ${tag} is here`)
    return { head: commit! }
  },
}
