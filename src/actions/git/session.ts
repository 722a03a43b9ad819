import { type Action, ActionFailure } from '../action.ts'
import { gitFor, lastWords } from './git.ts'

const MOST = 200

/** What has happened in a repository since a commit, for whoever takes over: facts that git knows, no judgement. */
export const session: Action = {
  description: 'What happened since a commit or the last tag: commits, files, what is not committed or not pushed',
  effects: 'none',
  inputs: { since: { type: 'string', default: '', description: 'A commit; empty: the last tag, else the beginning' } },
  outputs: {
    branch: { type: 'string' },
    head: { type: 'string' },
    since: { type: 'string' },
    commits: { type: 'array', items: { type: 'string' } },
    files: { type: 'array', items: { type: 'string' } },
    uncommitted: { type: 'array', items: { type: 'string' } },
    ahead: { type: 'integer' },
    behind: { type: 'integer' },
    state: { type: 'array', items: { type: 'string' } },
  },
  async run(inputs, context) {
    const git = gitFor(context)
    const head = await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD'])
    if (head.exit !== 0) {
      const why = head.stderr.includes('not a git repository') ? 'this folder is in no git work tree' : undefined
      throw new ActionFailure('no-commit', why ?? 'the repository has no commit yet', 'commit something first')
    }
    const branch = (await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])).stdout
    const asked = inputs.since as string
    const tag = await git.ask(['describe', '--tags', '--abbrev=0', 'HEAD'])
    const since = asked === '' ? (tag.exit === 0 ? tag.stdout : '') : asked
    if (asked !== '') {
      const known = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${asked}^{commit}`])
      if (known.exit !== 0)
        throw new ActionFailure(
          'unknown-commit',
          `there is no commit \`${asked}\``,
          lastWords(known.stderr || 'name a commit, branch or tag'),
        )
    }
    const range = since === '' ? 'HEAD' : `${since}..HEAD`
    const log = ['log', '--no-merges', `--max-count=${MOST}`, '--format=%h %s', '--end-of-options', range, '--']
    const commits = (await git(log)).split('\n').filter(Boolean)
    const names = ['log', `--max-count=${MOST}`, '--name-only', '--format=', '-z', '--end-of-options', range, '--']
    const files = [...new Set((await git(names)).split(/[\0\n]/).filter(Boolean))].sort()
    const status = (await git(['status', '--porcelain=v1', '-z', '--no-renames'])).split('\0').filter(Boolean)
    const uncommitted = status.map((line) => line.slice(3))
    const counts = await git.ask(['rev-list', '--left-right', '--count', 'HEAD...@{upstream}'])
    const [ahead = 0, behind = 0] = counts.exit === 0 ? counts.stdout.split(/\s+/).map(Number) : []
    const state = [
      branch === ''
        ? `HEAD is detached at ${head.stdout.slice(0, 10)}`
        : `on \`${branch}\` at ${head.stdout.slice(0, 10)}`,
      counts.exit === 0
        ? `${ahead} ahead of its upstream, ${behind} behind`
        : 'no upstream: nothing says what is published',
      uncommitted.length === 0 ? 'nothing uncommitted' : `uncommitted: ${uncommitted.slice(0, 20).join(', ')}`,
    ]
    for (const line of state) context.log(line)
    return { branch, head: head.stdout, since, commits, files, uncommitted, ahead, behind, state }
  },
}
