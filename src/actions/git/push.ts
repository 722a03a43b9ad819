import { type Action, ActionFailure } from '../action.ts'
import { askRemote, fetchBranch, isAncestor } from '../release/remote.ts'
import { type Git, gitFor, lastWords, listed, unmerged } from './git.ts'

const MOST_ROUNDS = 3

/** Puts the own commits of the checkout upon what the remote has; where both changed the same, everything stays as it was. */
async function rebase(git: Git, branch: string, tip: string): Promise<void> {
  const done = await git.ask(['rebase', '--quiet', '--autostash', tip])
  if (done.exit === 0) return
  const files = await unmerged(git)
  await git.ask(['rebase', '--abort'])
  throw new ActionFailure(
    'conflict',
    files.length === 0
      ? `the commits cannot be put upon those of the remote: ${lastWords(done.stderr)}`
      : `somebody changed the same on \`${branch}\`: ${listed(files)}`,
    `nothing was changed; bring them together: git pull --rebase, then \`opsflow retry\``,
  )
}

export const push: Action = {
  description:
    'Pushes the branch that is checked out, never forced and never the default branch; upon commits of others it is rebased first',
  effects: 'external',
  inputs: { remote: { type: 'string', default: 'origin' }, branch: { type: 'string' } },
  outputs: { commit: { type: 'string' }, rebased: { type: 'boolean' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const { remote, branch } = inputs as { readonly remote: string; readonly branch: string }
    const at = await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
    if (at.stdout !== branch)
      throw new ActionFailure(
        'wrong-branch',
        `the checkout left \`${branch}\``,
        `git switch ${branch}, then \`opsflow retry\``,
      )
    let rebased = false
    for (let round = 1; ; round++) {
      const { branches, defaultBranch } = await askRemote(git, remote)
      if (branch === defaultBranch)
        throw new ActionFailure(
          'protected',
          `\`${branch}\` is the default branch of \`${remote}\`: it is not pushed to`,
          'work on a branch',
        )
      const head = await git(['rev-parse', 'HEAD'])
      const tip = branches.get(branch)
      if (tip !== undefined) {
        if ((await git.ask(['cat-file', '-e', tip])).exit !== 0) await fetchBranch(git, remote, branch)
        if (await isAncestor(git, head, tip)) {
          context.log(`\`${remote}/${branch}\` has ${head.slice(0, 10)} already`)
          return { commit: head, rebased }
        }
        if (!(await isAncestor(git, tip, head))) {
          context.log(`\`${remote}/${branch}\` has commits that are not here: putting ours upon them`)
          await rebase(git, branch, tip)
          rebased = true
          continue
        }
      }
      const ref = `${head}:refs/heads/${branch}`
      const pushed = await git.ask(['push', '--porcelain', '--no-follow-tags', '--end-of-options', remote, ref])
      if ((await askRemote(git, remote)).branches.get(branch) === head) {
        await git.ask(['fetch', '--quiet', '--no-tags', remote, `refs/heads/${branch}`])
        await git.ask(['branch', '--quiet', `--set-upstream-to=${remote}/${branch}`, branch])
        context.log(`${head.slice(0, 10)} is on \`${remote}/${branch}\``)
        return { commit: head, rebased }
      }
      if (round >= MOST_ROUNDS || !/non-fast-forward|fetch first|stale info/.test(pushed.stdout + pushed.stderr))
        throw new ActionFailure(
          'push',
          `\`${remote}\` refused the push: ${lastWords(pushed.stderr)}`,
          'mend the cause, then `opsflow retry`',
        )
    }
  },
}
