import { type Action, ActionFailure } from '../action.ts'
import { gitFor } from '../git/git.ts'
import { askRemote } from '../release/remote.ts'
import { ACCESS_INPUTS, ACCESS_OUTPUTS, answered, openForge } from './access.ts'

export const gitHubPullRequest: Action = {
  description:
    'The open pull request of a branch that is pushed; opened where there is none. Without a token it is skipped',
  effects: 'external',
  inputs: {
    ...ACCESS_INPUTS,
    branch: { type: 'string', description: 'The branch to merge' },
    into: { type: 'string', default: '', description: "The branch to merge into; empty: the remote's default branch" },
    title: { type: 'string' },
    body: { type: 'string', default: '', description: 'Markdown' },
    draft: { type: 'boolean', default: false },
  },
  outputs: { ...ACCESS_OUTPUTS, url: { type: 'string' }, number: { type: 'integer' }, created: { type: 'boolean' } },
  async run(inputs, context) {
    const { remote, branch, title, body } = inputs as Readonly<Record<string, string>>
    const access = await openForge(inputs, context)
    const into = (inputs.into as string) || (await askRemote(gitFor(context), remote!)).defaultBranch
    if (!access.forge) {
      const page =
        access.site === undefined || into === undefined ? '' : `; open it at ${access.site}/compare/${into}...${branch}`
      const said = `none: ${access.why}${page}`
      context.log(`no pull request: ${access.why}${page}`)
      return { skipped: true, said, url: '', number: 0, created: false }
    }
    if (into === undefined)
      throw new ActionFailure(
        'no-branch',
        `\`${remote}\` does not say its default branch`,
        'name the branch to merge into',
      )
    const wanted = { from: branch!, into, title: title!, body: body!, draft: inputs.draft === true }
    const { url, number, created } = answered(await access.forge.pullRequest(wanted))
    context.log(`${created ? 'opened' : 'found'} #${number} ${url}`)
    return { skipped: false, said: url, url, number, created }
  },
}
