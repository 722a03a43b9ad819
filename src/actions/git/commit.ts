import { type Action, ActionFailure } from '../action.ts'
import { parseCommit } from '../release/commits.ts'
import { checkFinished } from '../release/preflight.ts'
import { type Git, gitFor, lastWords } from './git.ts'
import { PLAIN_DIFF, secretsIn } from './no-secrets-in-diff.ts'

/** The message as it is committed: by the convention as it is, else with the type in front. */
function conventional(message: string, type: string): string {
  const text = message.trim()
  if (text === '')
    throw new ActionFailure(
      'commit-format',
      'the message is empty',
      'say what changed: --input task_description="fix: …"',
    )
  if (parseCommit('', text, false).type !== undefined) return text
  if (/^[a-z][\w-]*(?:\([^()]*\))?!?$/.test(type)) return `${type}: ${text}`
  throw new ActionFailure(
    'commit-format',
    type === '' ? `\`${text.slice(0, 60)}\` follows no convention` : `\`${type}\` is no type of a commit`,
    'write it as `type(scope): what changed`, or give the type: --input type=fix',
  )
}

/** Puts named files into the index, also those that are gone; one that git knows nothing of is a mistake. */
async function stage(git: Git, files: readonly string[]): Promise<readonly string[]> {
  const specs = files.map((file) => `:(literal)${file}`)
  for (const [i, spec] of specs.entries()) {
    const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--error-unmatch', '--', spec]
    if ((await git.ask(list)).exit === 0) continue
    // One whose removal is staged is in the last commit only: it comes back into the index, to be removed with the others.
    const isBorn = (await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD'])).exit === 0
    if (isBorn) await git(['reset', '--quiet', '--', spec])
    if (!isBorn || (await git.ask(list)).exit !== 0)
      throw new ActionFailure(
        'no-file',
        `\`${files[i]}\` is no file that git could commit`,
        'check the name; what .gitignore leaves out stays out',
      )
  }
  if (specs.length > 0) await git(['add', '--all', '--', ...specs])
  return specs
}

/** What would be committed, by its names. */
async function staged(git: Git, specs: readonly string[]): Promise<readonly string[]> {
  return (await git(['diff', '--cached', '--name-only', '-z', '--', ...specs])).split('\0').filter(Boolean)
}

export const commit: Action = {
  description: 'Commits named files, or what is staged, with a conventional message; a credential in it stops it first',
  effects: 'workspace',
  inputs: {
    message: { type: 'string' },
    type: {
      type: 'string',
      default: '',
      description: 'Type for a message that follows no convention: `fix`, `feat(api)`',
    },
    files: { type: 'array', items: { type: 'string' }, default: [], description: 'Empty: what is staged' },
  },
  outputs: {
    commit: { type: 'string' },
    branch: { type: 'string' },
    subject: { type: 'string' },
    files: { type: 'array', items: { type: 'string' } },
  },
  async run(inputs, context) {
    const git = gitFor(context)
    const message = conventional(inputs.message as string, inputs.type as string)
    const subject = message.split('\n')[0]!
    await checkFinished(git)
    const at = await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
    if (at.exit !== 0)
      throw new ActionFailure('detached', 'HEAD is detached: no branch would get the commit', 'git switch BRANCH')
    const specs = await stage(git, inputs.files as readonly string[])
    const files = await staged(git, specs)
    if (files.length === 0) {
      const last = await git.ask(['log', '-1', '--format=%H%x00%B'])
      const [sha = '', body = ''] = last.stdout.split('\0')
      // An attempt that was cut off after its commit.
      if (body.trim() === message) {
        context.log(`${sha.slice(0, 10)} is there already`)
        return { commit: sha, branch: at.stdout, subject, files: [] }
      }
      throw await nothing(git, specs.length > 0)
    }
    const { found } = secretsIn(await git(['diff', '--cached', ...PLAIN_DIFF, '--', ...specs]))
    if (found.length > 0)
      throw new ActionFailure(
        'secret',
        `nothing was committed: ${found.slice(0, 5).join(', ')}`,
        'take it out of the files',
      )
    const made = await git.ask(
      ['commit', '--quiet', '--file', '-', ...(specs.length > 0 ? ['--only', '--', ...specs] : [])],
      {
        input: `${message}\n`,
      },
    )
    if (made.exit !== 0)
      throw new ActionFailure(
        'commit',
        `git did not commit: ${lastWords(made.stderr || made.stdout)}`,
        'mend the cause (a hook, the signature, the name of the committer), then `opsflow retry`',
      )
    const sha = await git(['rev-parse', 'HEAD'])
    context.log(`${sha.slice(0, 10)} ${subject}`)
    return { commit: sha, branch: at.stdout, subject, files }
  },
}

async function nothing(git: Git, isNamed: boolean): Promise<ActionFailure> {
  const changed = (await git(['status', '--porcelain', '-z'])).split('\0').flatMap((line) => line.slice(3) || [])
  if (changed.length === 0)
    return new ActionFailure('nothing-to-commit', 'nothing has changed', 'change something first')
  return new ActionFailure(
    'nothing-to-commit',
    isNamed ? 'the named files have not changed' : 'nothing is staged',
    `stage it: git add FILE, or name it: --input changed_files='["${changed[0]}"]'`,
  )
}
