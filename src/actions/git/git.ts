import { type ActionContext, ActionFailure } from '../action.ts'

/** What every call of git gets: plain English, no prompt that nobody can answer, no lock for a mere look. */
const GIT_ENV = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }

interface GitResult {
  readonly exit: number
  /** Without the last line feed. */
  readonly stdout: string
  readonly stderr: string
}

interface CallOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Keep the last line feed: for what is a file's content. */
  readonly exact?: boolean
}

export interface Git {
  /** Runs git and gives its standard output; any exit but 0 is an `ActionFailure` with git's own last words. */
  (args: readonly string[], options?: CallOptions): Promise<string>
  /** Runs git where a non-zero exit is an answer. */
  ask(args: readonly string[], options?: CallOptions): Promise<GitResult>
  /** The same repository seen from another folder. */
  at(folder: string): Git
}

/** git for one action, in a folder (the project root unless said). */
export function gitFor(context: ActionContext, folder: string = context.root): Git {
  const call = async (args: readonly string[], options: CallOptions = {}): Promise<GitResult> => {
    // Loaded when git is really called: reading an action's signature must not pay for it.
    const { execa } = await import('execa')
    const result = await execa('git', args, {
      cwd: folder,
      env: { ...context.env, ...GIT_ENV, ...options.env },
      extendEnv: false,
      preferLocal: false,
      reject: false,
      stripFinalNewline: options.exact !== true,
      cancelSignal: context.signal,
      killDescendants: true,
      maxBuffer: 64 * 1024 * 1024,
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    })
    if (result.exitCode === undefined) {
      if (result.code === 'ENOENT')
        throw new ActionFailure('no-git', 'git is not installed, or not on the PATH', 'install git')
      throw new ActionFailure('git', `git ${args[0]} did not end: ${result.shortMessage ?? 'killed'}`)
    }
    return { exit: result.exitCode, stdout: result.stdout, stderr: result.stderr }
  }
  const git = async (args: readonly string[], options?: CallOptions) => {
    const result = await call(args, options)
    if (result.exit !== 0)
      throw new ActionFailure(
        'git',
        `\`git ${args.slice(0, 2).join(' ')}\` failed: ${lastWords(result.stderr || result.stdout)}`,
        /failed to sign|unable to sign/.test(result.stderr)
          ? 'mend how git signs (user.signingkey, gpg.program), or turn it off: git config commit.gpgsign false, git config tag.gpgsign false'
          : undefined,
      )
    return result.stdout
  }
  return Object.assign(git, { ask: call, at: (other: string) => gitFor(context, other) })
}

/** The files that a merge, a rebase or a cherry-pick left with both sides in them. */
export async function unmerged(git: Git): Promise<readonly string[]> {
  return (await git.ask(['diff', '--name-only', '--diff-filter=U', '-z'])).stdout.split('\0').filter(Boolean)
}

/** The first of some files, for a message. */
export function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map((path) => `\`${path}\``)
  return paths.length > 5 ? `${shown.join(', ')} and ${paths.length - 5} more` : shown.join(', ')
}

/** The lines of git's complaint that say something, joined: without hints and progress. */
export function lastWords(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.trim())
  const said = lines.filter(
    (line) =>
      line !== '' &&
      !/^(hint|remote: (Counting|Compressing|Resolving|Total)|To |Counting|Writing|Total|Delta)/.test(line),
  )
  return (said.length > 0 ? said.slice(-3).join('; ') : 'no message').replace(/^(fatal|error): /, '')
}

/**
 * The commit that a range starts after: as given, and for `upstream` the last one that the upstream branch has. Without
 * one nobody has said what is published: then it is empty, for the last commit alone.
 */
export async function startOf(git: Git, from: string, commit: string): Promise<string> {
  if (from !== 'upstream') return from
  const base = await git.ask(['merge-base', '@{upstream}', commit])
  return base.exit === 0 ? base.stdout : ''
}
