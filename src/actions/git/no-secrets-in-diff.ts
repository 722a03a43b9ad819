import { type Action, ActionFailure } from '../action.ts'
import { gitFor, startOf } from './git.ts'

/** What a credential looks like; each pattern is specific enough to be worth stopping a release for. */
const SECRETS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,}/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/ },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[0-9a-zA-Z]{20,}/ },
  { what: 'an API key of a model provider', pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/ },
]

/** How git must write a diff for `secretsIn`. */
export const PLAIN_DIFF = ['--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--text']

/** The credentials that a diff adds, by kind and place, and how many lines it adds. The value is never named. */
export function secretsIn(text: string): { readonly found: readonly string[]; readonly added: number } {
  const found: string[] = []
  let file = ''
  let line = 0
  let added = 0
  /** How many signs stand before a line: one for each parent; none outside of hunks. */
  let signs = 0
  for (const row of text.split('\n')) {
    if (row.startsWith('diff ')) signs = 0
    // Behind the first hunk it is an added line that begins with two plus signs.
    if (signs === 0 && row.startsWith('+++ ')) file = row.replace(/^\+\+\+ (?:b\/)?/, '')
    const hunk = /^@(@+) (?:-\S+ )+\+(\d+)/.exec(row)
    if (hunk) {
      line = Number(hunk[2])
      signs = hunk[1]!.length
      continue
    }
    const before = row.slice(0, signs)
    if (!/^[ +]+$/.test(before)) continue
    line++
    // A line that one side of a merge has is no new one.
    if (before.includes(' ')) continue
    added++
    const secret = SECRETS.find(({ pattern }) => pattern.test(row))
    // The place is named, the value never.
    if (secret) found.push(`${secret.what} at ${file}:${line - 1}`)
  }
  return { found, added }
}

export const noSecretsInDiff: Action = {
  description: 'Judges whether what a commit (or a range) adds contains a credential',
  effects: 'none',
  inputs: {
    commit: { type: 'string', default: 'HEAD' },
    from: {
      type: 'string',
      default: '',
      description: 'Compare with this commit; `upstream`: with what is published; empty: the parent',
    },
  },
  outputs: { lines: { type: 'integer' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const commit = inputs.commit as string
    const from = await startOf(git, inputs.from as string, commit)
    const [what, commits] = from === '' ? [['show', '--format='], [commit]] : [['diff'], [from, commit]]
    const text = await git([...what, ...PLAIN_DIFF, '--end-of-options', ...commits, '--'])
    const { found, added } = secretsIn(text)
    if (found.length > 0)
      throw new ActionFailure(
        'secret',
        found.slice(0, 5).join(', '),
        'take it out of the history, and replace the credential: it is known now',
      )
    return { lines: added }
  },
}
