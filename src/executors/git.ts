import { rmSync } from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import type { Launch, Report } from '../supervisor/protocol.ts'
import { makeFolders } from '../util/make-folder.ts'

/** Runs a script of ours through the supervisor; the same promises hold for it as for the step it serves. */
export type RunScript = (script: string, cwd: string, env: { readonly [name: string]: string }) => Promise<Report>

/** What git said, or why it could not. */
export type GitResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly report: Report }

const TIMEOUT_MS = 120_000
const MOST_BYTES = 8 * 1024 * 1024

/** The launch of a git script: no log, no questions, no habits of the user, nothing that a repository's hooks could add. */
export function gitLaunch(script: string, cwd: string, env: { readonly [name: string]: string }, step: string): Launch {
  return {
    argv: ['/bin/sh', '-ec', script],
    cwd,
    env: { ...env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    log: devNull,
    collect: { from: 'stdout', maxBytes: MOST_BYTES },
    timeoutMs: TIMEOUT_MS,
    graceMs: 1000,
    step,
  }
}

const GIT = 'git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c advice.detachedHead=false'

async function git(
  run: RunScript,
  script: string,
  cwd: string,
  env: { readonly [name: string]: string } = {},
): Promise<GitResult> {
  const report = await run(script.replaceAll('git ', `${GIT} `), cwd, env)
  if (report.end !== 'exited' || report.exit !== 0 || report.overflow === true) return { ok: false, report }
  return { ok: true, text: report.collected ?? '' }
}

/** The state of a checkout, taken before a step. */
export interface Snapshot {
  /** The paths, from the top of the checkout, that differ now. */
  changed(): Promise<
    { readonly ok: true; readonly paths: readonly string[] } | { readonly ok: false; readonly report: Report }
  >
  /** Writes what differs now to a file, as a patch that `git apply` takes. */
  patch(file: string): Promise<GitResult>
  drop(): void
}

/**
 * Writes down the files of a checkout, tracked or new but not ignored, as a tree. Its objects go to a folder of the run:
 * nothing is added to the repository, and its index is only copied.
 */
export async function takeSnapshot(
  run: RunScript,
  checkout: string,
  folder: string,
): Promise<Snapshot | { readonly failed: Report }> {
  makeFolders(join(folder, 'objects'))
  const env = { GIT_INDEX_FILE: join(folder, 'index'), GIT_OBJECT_DIRECTORY: join(folder, 'objects') }
  const begin =
    'real=$(env -u GIT_OBJECT_DIRECTORY git rev-parse --git-path objects); export GIT_ALTERNATE_OBJECT_DIRECTORIES="$(cd "$real" && pwd)"; '
  const write = 'cd "$(git rev-parse --show-toplevel)"; git add -A . >/dev/null; git write-tree'
  const copy =
    'index=$(env -u GIT_INDEX_FILE git rev-parse --git-path index); cp "$index" "$GIT_INDEX_FILE" 2>/dev/null || :; '
  const drop = (): void => rmSync(folder, { recursive: true, force: true })
  const before = await git(run, begin + copy + write, checkout, env)
  if (!before.ok) {
    drop()
    return { failed: before.report }
  }
  const tree = before.text.trim()
  const difference = (options: string, more: { readonly [name: string]: string } = {}): Promise<GitResult> =>
    git(run, `${begin}after=$(${write}); git diff-tree -r --no-renames ${options}`, checkout, {
      ...env,
      TREE: tree,
      ...more,
    })
  return {
    async changed() {
      const result = await difference('--name-only -z "$TREE" "$after"')
      return result.ok ? { ok: true, paths: result.text.split('\0').filter((path) => path !== '') } : result
    },
    patch: (file) => difference('-p --binary "$TREE" "$after" > "$PATCH"', { PATCH: file }),
    drop,
  }
}

/** Makes a worktree of the project at its present commit; changes that are not committed are not in it. */
export function addWorktree(run: RunScript, root: string, folder: string): Promise<GitResult> {
  // Two that are made at once get into each other's way; what is left of one that was lost is pruned.
  const again = 'n=$((n + 1)); test $n -lt 5 || exit 1; sleep 0.1; git worktree prune'
  const add = 'git worktree add --detach "$WORKTREE" HEAD >/dev/null 2>&1'
  return git(run, `n=0; until ${add}; do ${again}; done`, root, {
    WORKTREE: folder,
  })
}

/** Takes a worktree away, with what is in it. */
export function removeWorktree(run: RunScript, root: string, folder: string): Promise<GitResult> {
  return git(run, 'git worktree remove --force --force "$WORKTREE" >/dev/null 2>&1', root, { WORKTREE: folder })
}

/**
 * Takes a worktree away where nothing would be lost with it: no change, no new file, no commit that no branch or tag of
 * the project has. Fails otherwise, and leaves it as it is.
 */
export function removeCleanWorktree(run: RunScript, root: string, folder: string): Promise<GitResult> {
  const state = 'cd "$WORKTREE"; state=$(git status --porcelain --ignore-submodules=none); test -z "$state"'
  const known = 'known=$(git for-each-ref --count=1 --contains HEAD); test -n "$known"'
  return git(run, `(${state}; ${known}); git worktree remove "$WORKTREE" >/dev/null 2>&1`, root, {
    WORKTREE: folder,
  })
}

/** Where a folder of the project lies inside the checkout: `''` at its top, `packages/x/` below. */
export function prefixIn(run: RunScript, folder: string): Promise<GitResult> {
  return git(run, 'git rev-parse --show-prefix', folder)
}
