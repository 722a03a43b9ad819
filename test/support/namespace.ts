import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished, type TestContext } from 'vitest'
import { childrenOf } from './evidence.ts'
import { NODE } from './node.ts'
import { notShown } from './not-shown.ts'
import type { TestProject } from './project.ts'
import { soon } from './waiting.ts'

/** Commands of opsflow in a pid namespace of their own, as in a container: first as root, then as a user who is made root. */
const WAYS = [[], ['--user', '--map-root-user']] as const
const ARGV = ['--pid', '--fork', '--mount-proc', '--kill-child=KILL']

let found: { readonly argv: readonly string[] } | { readonly refused: string } | undefined

function way(): { readonly argv: readonly string[] } | { readonly refused: string } {
  const said: string[] = []
  for (const one of WAYS) {
    const tried = spawnSync('unshare', [...one, ...ARGV, 'true'], { encoding: 'utf8' })
    if (tried.status === 0) return { argv: [...one, ...ARGV] }
    said.push(tried.error?.message ?? tried.stderr.trim())
  }
  return { refused: said.join('; ') }
}

/** Ends the test as skipped where this machine does not permit pid namespaces. */
export function needsNamespace(context: TestContext): void {
  found ??= way()
  if ('argv' in found) return
  notShown(context, `pid namespaces are not permitted here (${found.refused})`)
}

export interface Inside {
  /** The process that made the namespace; killed, everything in it is. */
  readonly outer: ChildProcess
  readonly ended: Promise<{ readonly exit: number | null; readonly stdout: string; readonly stderr: string }>
  /** The pid that the first process in the namespace has out here. */
  first(): Promise<number>
}

/** Starts a shell command in a namespace of its own; `opsflow` in it is this one. */
export function inNamespace(it: TestProject, script: string): Inside {
  if (found === undefined || !('argv' in found)) throw new Error('ask `needsNamespace` first')
  const entry = join(import.meta.dirname, 'opsflow-process.ts')
  const opsflow = `opsflow() { '${NODE}' '${entry}' "$@"; }\n`
  const outer = spawn('unshare', [...found.argv, 'sh', '-c', opsflow + script], {
    cwd: it.folder,
    env: { ...it.env, OPSFLOW_BUILD_VERSION: '0.0.0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void outer.kill('SIGKILL'))
  const out = { stdout: '', stderr: '' }
  outer.stdout.on('data', (chunk) => (out.stdout += chunk))
  outer.stderr.on('data', (chunk) => (out.stderr += chunk))
  const ended = new Promise<Awaited<Inside['ended']>>((resolve) =>
    outer.on('close', (exit) => resolve({ exit, ...out })),
  )
  const first = async (): Promise<number> =>
    (await soon(
      () => childrenOf(outer.pid!)[0],
      (pid) => pid !== undefined,
      'the namespace',
    ))!
  return { outer, ended, first }
}
