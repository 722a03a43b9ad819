import { workTreeOf } from '../git-folders.ts'
import type { Io } from '../io.ts'
import { ask } from './ask.ts'
import { type Finding, fault, remark, warning, well } from './finding.ts'

const OLDEST_NODE = 24
/** The first that takes its configuration from the environment, which the release commits with. */
const OLDEST_GIT = [2, 31] as const

/** The Node that runs this, and every action and supervisor after it. */
export async function lookAtNode(io: Pick<Io, 'cwd' | 'env' | 'node'>): Promise<Finding> {
  const { text } = await ask(io.node, ['--version'], io)
  const major = Number(/^v(\d+)\./.exec(text ?? '')?.[1])
  if (text === undefined || Number.isNaN(major))
    return fault('node', `\`${io.node}\` does not say its version`, 'install Node 24 or newer again')
  if (major < OLDEST_NODE)
    return fault('node', `Node ${text.slice(1)} at \`${io.node}\` is too old`, `install Node ${OLDEST_NODE} or newer`)
  return well('node', `Node ${text.slice(1)}`)
}

/** Git, who commits, and whether the project is a repository. Without one only steps that need git fail. */
export async function lookAtGit(root: string, io: Pick<Io, 'cwd' | 'env'>): Promise<readonly Finding[]> {
  const here = { cwd: root, env: io.env }
  const isRepository = workTreeOf(root) !== undefined
  const { text } = await ask('git', ['--version'], here)
  if (text === undefined) {
    const message = 'there is no git on the PATH'
    const remedy = 'install git: releases, `owns` and `isolation: worktree` need it'
    return [isRepository ? fault('git', message, remedy) : warning('git', message, remedy)]
  }
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number)
  const version = text.replace(/^git version /, 'git ')
  const isOld = major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1])
  const found = isOld
    ? warning('git', `${version} is too old for releases`, `install git ${OLDEST_GIT.join('.')} or newer`)
    : well('git', version)
  if (!isRepository) {
    const remedy = 'make one with `git init` where releases, `owns` or `isolation: worktree` are wanted'
    return [found, remark('work-tree', `\`${root}\` is no git repository`, remedy)]
  }
  // The other way round it would be a repository that git refuses, as one of another user.
  const top = await ask('git', ['rev-parse', '--show-toplevel'], here)
  const tree =
    top.text === undefined
      ? fault('work-tree', `git refuses the repository of \`${root}\``, 'see what `git status` says there')
      : well('work-tree', `the git repository in \`${top.text}\``)
  return [found, tree, await identity(here)]
}

async function identity(io: Pick<Io, 'cwd' | 'env'>): Promise<Finding> {
  const { text } = await ask('git', ['var', 'GIT_COMMITTER_IDENT'], io)
  const who = /^(.*<.+>)/.exec(text ?? '')?.[1]
  if (who !== undefined && !/<[^>]*\(none\)>/.test(who)) return well('git-identity', `commits are made by ${who}`)
  return warning(
    'git-identity',
    'git does not know who commits',
    'tell it: `git config user.name "…"` and `git config user.email "…"`',
  )
}
