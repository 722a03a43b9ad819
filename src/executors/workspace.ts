import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Outcome } from '../events/outcome.ts'
import { notOwned } from '../policy/ownership.ts'
import type { Dispatch } from '../ports/executor.ts'
import type { Report } from '../supervisor/protocol.ts'
import { logName } from '../util/log-name.ts'
import { makeFolders } from '../util/make-folder.ts'
import {
  addWorktree,
  prefixIn,
  type RunScript,
  removeCleanWorktree,
  removeWorktree,
  type Snapshot,
  takeSnapshot,
} from './git.ts'
import type { Overlap } from './overlap.ts'

/**
 * Where a step may write, prepared before it and judged after it: its worktree, and what it `owns` (promise 28).
 *
 * 1. Evidence comes from git, never from the step.
 * 2. A rail that cannot be judged is a failure: no repository, no git, no answer.
 * 3. What a step did in a worktree of its own is kept as a patch, however it ended.
 * 4. A change is blamed on a step only where no other step could have made it.
 */
export interface Workspace {
  /** The project root as the step sees it. */
  readonly root: string
  /** The outcome with the verdict over what changed. */
  close(outcome: Outcome): Promise<Outcome>
}

export interface WorkspaceOptions {
  readonly root: string
  readonly runDir: string
  readonly token: string
  readonly dispatch: Dispatch
  readonly run: RunScript
  readonly overlap: Overlap
}

export function needsWorkspace(dispatch: Dispatch): boolean {
  return dispatch.isolation !== undefined || dispatch.owns.length > 0
}

export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace | Outcome> {
  const { root, runDir, token, dispatch, run } = options
  const name = logName(token).replace(/\.log$/, '')
  const scratch = join(runDir, 'scratch', name)
  const isOwn = dispatch.isolation !== undefined && dispatch.worktree === undefined
  const folder = join(runDir, 'worktrees', isOwn ? name : `shared-${encodeURIComponent(dispatch.worktree ?? '')}`)

  const prefix = await prefixIn(run, root)
  if (!prefix.ok)
    return dispatch.isolation !== undefined
      ? cannotIsolate('the project is in no git repository, or git is not there', prefix.report)
      : cannot('the project is in no git repository, or git is not there', prefix.report)
  if (dispatch.isolation !== undefined && !existsSync(join(folder, '.git'))) {
    makeFolders(dirname(folder))
    const added = await addWorktree(run, root, folder)
    if (!added.ok) return cannotIsolate('git made none; is there a commit?', added.report)
  }
  const checkout = dispatch.isolation === undefined ? root : join(folder, prefix.text.trim())
  const inside = await takeSnapshot(run, checkout, join(scratch, 'before'))
  if ('failed' in inside) return cannot('git could not read the checkout', inside.failed)
  const parent = dispatch.isolation === undefined ? undefined : await takeSnapshot(run, root, join(scratch, 'parent'))
  if (parent !== undefined && 'failed' in parent) return cannot('git could not read the checkout', parent.failed)

  const judge = async (outcome: Outcome): Promise<Outcome> => {
    if (outcome.status !== 'succeeded') return outcome
    const own = dispatch.owns.length === 0 ? undefined : await foreignChanges(inside, prefix.text.trim(), options)
    if (own !== undefined) return { ...own, durationMs: outcome.durationMs }
    const beside =
      parent === undefined || options.overlap.inProject(token).length > 0 ? undefined : await anyChange(parent)
    return beside === undefined ? outcome : { ...beside, durationMs: outcome.durationMs }
  }
  return {
    root: checkout,
    async close(outcome) {
      const judged = await judge(outcome)
      if (isOwn) {
        const kept = await keepPatch(inside, join(runDir, 'artefacts', `${name}.patch`))
        // A patch that could not be made: the work stays where it is.
        if (kept) await removeWorktree(run, root, folder)
      }
      inside.drop()
      parent?.drop()
      return judged
    },
  }
}

/** At the end of a run: the worktrees that its steps shared go where nothing would be lost; the others stay. */
export async function closeShared(root: string, runDir: string, run: RunScript): Promise<void> {
  const folder = join(runDir, 'worktrees')
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((one) => one.startsWith('shared-')))
    await removeCleanWorktree(run, root, join(folder, name))
}

/** Changes outside of what the step owns, unless another step may have made them. */
async function foreignChanges(
  before: Snapshot,
  prefix: string,
  { dispatch, token, overlap }: WorkspaceOptions,
): Promise<Outcome | undefined> {
  const changes = await before.changed()
  if (!changes.ok) return cannot('git could not compare the checkout', changes.report)
  const beside = overlap.beside(token)
  const paths = changes.paths.map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : `/${path}`))
  const foreign = notOwned(paths, dispatch.owns).filter((path) =>
    beside.every((other) => other.owns.length > 0 && notOwned([path], other.owns).length > 0),
  )
  return foreign.length === 0 ? undefined : failed(`changed what it does not own: ${listed(foreign)}`)
}

async function anyChange(parent: Snapshot): Promise<Outcome | undefined> {
  const changes = await parent.changed()
  if (!changes.ok) return cannot('git could not compare the checkout', changes.report)
  return changes.paths.length === 0
    ? undefined
    : failed(`changed the project's own checkout from its worktree: ${listed(changes.paths)}`)
}

const MOST_LISTED = 5

function listed(paths: readonly string[]): string {
  const more = paths.length > MOST_LISTED ? ` and ${paths.length - MOST_LISTED} more` : ''
  return (
    paths
      .slice(0, MOST_LISTED)
      .map((path) => `\`${path}\``)
      .join(', ') + more
  )
}

function failed(message: string): Outcome {
  return { status: 'failed', reason: 'owns', message, durationMs: 0 }
}

function cannotIsolate(why: string, report: Report): Outcome {
  const outcome = cannot(why, report)
  if (outcome.status !== 'failed') return outcome
  const remedy = 'commit the project to a git repository, or remove `isolation`'
  return { ...outcome, reason: 'isolation', message: `no worktree for its \`isolation\`: ${why}; ${remedy}` }
}

function cannot(why: string, report: Report): Outcome {
  if (report.end === 'cancelled') return { status: 'cancelled', message: 'cancelled', durationMs: 0 }
  if (report.end === 'lost')
    return { status: 'interrupted', reason: 'supervisor', message: 'the supervisor died', durationMs: 0 }
  return failed(`what it may write cannot be verified: ${why}`)
}

async function keepPatch(since: Snapshot, file: string): Promise<boolean> {
  makeFolders(dirname(file))
  // A shell writes it, which would follow a link.
  rmSync(file, { force: true })
  const patch = await since.patch(file)
  if (!patch.ok || statSync(file).size === 0) rmSync(file, { force: true })
  return patch.ok
}
