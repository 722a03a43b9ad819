import { type Action, ActionFailure } from '../action.ts'
import { parseCommit } from '../release/commits.ts'
import { gitFor, startOf } from './git.ts'

export const conventionalCommits: Action = {
  description: 'Judges whether commit messages follow Conventional Commits 1.0',
  effects: 'none',
  inputs: {
    commit: { type: 'string', default: 'HEAD' },
    from: {
      type: 'string',
      default: '',
      description: 'Commits after this one; `upstream`: those that are not published; empty: only `commit`',
    },
  },
  outputs: { count: { type: 'integer' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const commit = inputs.commit as string
    const from = await startOf(git, inputs.from as string, commit)
    const one = from === '' ? ['-1'] : []
    const range = from === '' ? commit : `${from}..${commit}`
    const log = ['log', '--no-merges', '--format=%H %s', ...one, '--end-of-options', range, '--']
    const lines = (await git(log)).split('\n').filter(Boolean)
    const bad = lines.filter((line) => parseCommit('', line.slice(line.indexOf(' ') + 1), false).type === undefined)
    if (bad.length > 0)
      throw new ActionFailure(
        'commit-format',
        `${bad.length === 1 ? 'a commit follows' : `${bad.length} commits follow`} no convention: ${bad
          .slice(0, 3)
          .map((line) => `\`${line.slice(0, 10)} ${line.slice(41, 100)}\``)
          .join(', ')}`,
        'write the subject as `type(scope): what changed`',
      )
    return { count: lines.length }
  },
}
