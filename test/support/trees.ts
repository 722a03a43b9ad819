import { spawn } from 'node:child_process'
import { mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '../../src/events/outcome.ts'
import type { Dispatch } from '../../src/ports/executor.ts'
import { reap } from '../../src/supervisor/reap.ts'
import { isKernelLockHeld } from '../../src/util/kernel-lock.ts'
import { carriers, childrenOf, living, MARK, type Witness, witnesses } from './evidence.ts'
import { NODE } from './node.ts'
import { openBench } from './supervised.ts'
import { soon } from './waiting.ts'

/** What a step may leave behind, and every way in which it can end: the two sides of a table. */
export interface Tree {
  readonly name: string
  /** Shell text that starts it and writes every process of it down. */
  readonly script: string
  /** How many processes it writes down; beside these the step itself does. */
  readonly size: number
  readonly more?: Partial<Dispatch>
  /** It leaves its process group: a normal end lets it live. */
  readonly escapes?: true
  /** The step itself never comes to its end. */
  readonly endless?: true
}

const held = { outputs: { value: { type: 'string' } } } as const

export const TREES: readonly Tree[] = [
  {
    name: 'background children of background children',
    script: 'sleep 600 & mark $!\n( mark_own() { sleep 600 & mark $!; }; mark_own; mark_own ) &\nmark $!; wait $!',
    size: 4,
  },
  { name: 'a tree that ignores TERM', script: "trap '' TERM; sleep 600 & mark $!; sleep 600 & mark $!", size: 2 },
  { name: 'a double fork', script: '( ( sleep 600 & mark $! ) & )', size: 1 },
  {
    name: 'a double fork in a session of its own',
    script: "setsid sh -c '. ./mark.sh; ( sleep 600 & mark $! )' &",
    size: 1,
    escapes: true,
  },
  {
    name: 'a session of its own that ignores TERM and HUP',
    script: `setsid sh -c '. ./mark.sh; trap "" TERM HUP; mark $$; while :; do sleep 600; done' &`,
    size: 1,
    escapes: true,
  },
  { name: 'a pipe held by a child', script: 'sleep 600 & mark $!', size: 1, more: held },
  {
    name: 'a pipe held by a child in a session of its own',
    script: "setsid sh -c '. ./mark.sh; mark $$; exec sleep 600' &",
    size: 1,
    more: held,
    escapes: true,
  },
  { name: 'a child that is stopped', script: 'sleep 600 & mark $!; kill -STOP $!', size: 1 },
  { name: 'a step that stops itself', script: 'sleep 600 & mark $!; mark $$; kill -STOP $$', size: 1, endless: true },
  { name: 'zombies', script: "sh -c '. ./mark.sh; true & mark $!; mark $$; exec sleep 600' &\nmark $!", size: 3 },
]

/** Made a thousand times, it takes seconds: not in every cell of the table. */
export const THOUSAND: Tree = {
  name: '1,000 children',
  script: 'i=0; while [ $i -lt 1000 ]; do sleep 600 & mark $!; i=$((i+1)); done',
  size: 1000,
}

/** All of them in one step, for ends that cost a runner of its own. */
export const FOREST: Tree = {
  name: 'all of these trees',
  script: TREES.filter(({ endless }) => !endless)
    .map(({ script }) => `( ${script}\n)`)
    .join('\n'),
  size: TREES.filter(({ endless }) => !endless).reduce((sum, { size }) => sum + size, 0),
  more: held,
}

export const ENDINGS = [
  'ends by itself',
  'is cancelled',
  'is killed',
  'times out',
  'loses its runner',
  'loses its supervisor',
  'loses both',
] as const
export type Ending = (typeof ENDINGS)[number]

/** What can be ended: a step that never ends has no normal end. */
export const isPossible = (tree: Tree, ending: Ending): boolean => !(tree.endless && ending === 'ends by itself')

export interface Aftermath {
  /** The processes that the step wrote down. */
  readonly tree: readonly Witness[]
  /** Of these, who still lived the moment the end was told. */
  readonly left: readonly Witness[]
  /** And who carried the run's id, written down or not. */
  readonly carrying: readonly number[]
  /** How the step ended, where somebody was left to tell. */
  readonly outcome: Outcome | undefined
  /** By how much the end was told after the moment that promise 13 gives it; negative: before. Undefined where it gives none. */
  readonly lateMs: number | undefined
}

const RUNNER = fileURLToPath(new URL('./runner-process.ts', import.meta.url))
const GRACE_MS = 200
const TIMEOUT_MS = 1500
let count = 0

/** Builds a tree in a step, ends the step, and says what is left then. Everything is gone when it resolves. */
export async function endTree(tree: Tree, ending: Ending): Promise<Aftermath> {
  const run = `run-of-trees-${process.pid}-${++count}`
  const folder = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  writeFileSync(join(folder, 'mark.sh'), MARK)
  const isNormal = ending === 'ends by itself'
  const last = isNormal
    ? `until [ -e go ]; do sleep 0.02; done; echo '{"value": "it"}'`
    : 'sleep 600 & mark $!; wait; sleep 600'
  const size = 1 + tree.size + (tree.endless || isNormal ? 0 : 1)
  const scene: Scene = {
    run,
    folder,
    script: `. ./mark.sh\nmark $$\n${tree.script}\n${last}`,
    tree,
    ending,
    built: () =>
      soon(
        () => witnesses(folder).length,
        (found) => found >= size,
        `the tree of ${tree.name}`,
      ),
    look: () => ({ tree: witnesses(folder), left: living(witnesses(folder)), carrying: carriers(run) }),
  }
  try {
    const endsRunner = ending === 'loses its runner' || ending === 'loses both'
    return await (endsRunner ? endWithRunner(scene) : endWithBench(scene))
  } finally {
    for (let left = carriers(run); left.length > 0; left = carriers(run)) left.forEach(kill)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

interface Scene {
  readonly run: string
  readonly folder: string
  readonly script: string
  readonly tree: Tree
  readonly ending: Ending
  readonly built: () => Promise<unknown>
  readonly look: () => Pick<Aftermath, 'tree' | 'left' | 'carrying'>
}

/** Promise 13: what may have passed when an end is told that was due after `ms`. */
const bound = (ms: number): number => ms * 1.1 + 100

async function endWithBench({ run, folder, script, tree, ending, built, look }: Scene): Promise<Aftermath> {
  const bench = openBench({ run, root: folder })
  try {
    const times = ending === 'times out'
    const timeout = times ? { timeoutMs: TIMEOUT_MS } : {}
    const ended = bench.run('step#1', script, { ...tree.more, graceMs: GRACE_MS, ...timeout })
    // A timeout comes when it comes, on a slow machine while the tree is still being built.
    if (!times) await built()
    const orderedAt = performance.now()
    if (ending === 'ends by itself') writeFileSync(join(folder, 'go'), '')
    if (ending === 'is cancelled' || ending === 'is killed') bench.executor.abort('step#1', ending === 'is killed')
    if (ending === 'loses its supervisor') process.kill(supervisorOf(process.pid, bench.runDir), 'SIGKILL')
    const outcome = await ended
    const tookMs = performance.now() - orderedAt
    const found = { ...look(), outcome }
    if (times) return { ...found, lateMs: outcome.durationMs - bound(TIMEOUT_MS + GRACE_MS) }
    if (ending === 'is cancelled') return { ...found, lateMs: tookMs - bound(GRACE_MS) }
    if (ending === 'is killed') return { ...found, lateMs: tookMs - bound(0) }
    return { ...found, lateMs: undefined }
  } finally {
    await bench.close()
  }
}

async function endWithRunner({ run, folder, script, ending, built, look }: Scene): Promise<Aftermath> {
  const runDir = join(folder, 'run')
  const runner = spawn(NODE, [RUNNER, folder, runDir, script, run], { stdio: 'ignore' })
  const ended = new Promise((resolve) => runner.once('exit', resolve))
  try {
    await built()
    const supervisor = supervisorOf(runner.pid!, runDir)
    // Stopped, it cannot do its duty in the moment between the two deaths.
    if (ending === 'loses both') process.kill(supervisor, 'SIGSTOP')
    runner.kill('SIGKILL')
    if (ending === 'loses both') process.kill(supervisor, 'SIGKILL')
    await soon(
      () => isKernelLockHeld(join(folder, 'supervisor.lock')),
      (isHeld) => !isHeld,
      'the end of the supervisor',
    )
    if (ending === 'loses both') await reap(runDir, run, GRACE_MS)
    return { ...look(), outcome: undefined, lateMs: undefined }
  } finally {
    runner.kill('SIGKILL')
    await ended
  }
}

/** The supervisor that a runner has for a run: its child that lives in the folder of that run. */
export function supervisorOf(runner: number, runDir: string): number {
  const found = childrenOf(runner).find((pid) => folderOf(pid) === realpathSync(runDir))
  if (found === undefined) throw new Error(`process ${runner} has no supervisor in \`${runDir}\``)
  return found
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
