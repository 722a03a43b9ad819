import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { kill, pid as ownPid, ppid } from 'node:process'
import { statFields } from '../util/machine.ts'

/** Sends a signal to a process group; false where no such group is left (or it is not ours any more). */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return send(-group, signal)
}

/** Sends a signal to one process; false where it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(pid, signal)
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  // 0 and -1 mean "my group" and "everyone": a broken record must never reach them.
  if (!Number.isSafeInteger(target) || Math.abs(target) <= 1) return false
  try {
    return kill(target, signal)
  } catch {
    return false
  }
}

/** When a process started, epoch milliseconds, as `ps` tells it: for systems without /proc. */
export function startMs(pid: number): number | undefined {
  try {
    const env = { LC_ALL: 'C', PATH: '/usr/bin:/bin' }
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const at = Date.parse(text.trim())
    return Number.isNaN(at) ? undefined : at
  } catch {
    return undefined
  }
}

/** A process that waits only to be read by its parent holds nothing and does nothing. */
function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z'
}

/** Whether a process is there and does something. */
export function isRunning(pid: number): boolean {
  return signalProcess(pid, 0) && !isZombie(pid)
}

/** How often one group is looked for where the looks do not agree. */
const MOST_LOOKS = 4

/**
 * What is left of a group: its processes on Linux, its number elsewhere, nothing when it is gone. Who is asked about many
 * groups in one turn of the event loop looks at all processes once, and a second time where a group seems to be empty:
 * a look takes a while, and misses what is started in it by one that ends in it. Of a group that is gone the kernel says so.
 */
export function groupMembers(group: number): readonly number[] {
  for (let look = 0; look < MOST_LOOKS; look++) {
    if (!signalGroup(group, 0)) return []
    const all = table(look)
    if (all.size === 0) return [group]
    const seen = [...all].filter(([, fields]) => Number(fields[2]) === group)
    const members = seen.filter(([, fields]) => fields[0] !== 'Z').map(([pid]) => pid)
    if (members.length > 0) return members
    // It is there for what nobody has read yet, and for nothing else that two looks could find.
    if (look > 0 && seen.length > 0) return []
  }
  // Somebody is there whom no look has met.
  return [group]
}

type Table = ReadonlyMap<number, readonly string[]>

/** The looks of this turn of the event loop. */
let looks: Table[] = []

function table(look: number): Table {
  const known = looks[look]
  if (known !== undefined) return known
  if (looks.length === 0)
    setImmediate(() => {
      looks = []
    })
  const all = new Map(
    processes().flatMap((pid) => {
      const fields = statFields(pid)
      return fields === undefined ? [] : [[pid, fields] as const]
    }),
  )
  looks.push(all)
  return all
}

/**
 * Processes that carry all these variables in the environment they were started with (Linux, own processes only; empty
 * elsewhere). Never this process or one it descends from: a step may call opsflow.
 */
export function processesWithEnv(variables: Variables): readonly number[] {
  const found: number[] = []
  searchEnv(variables, (pid) => found.push(pid))
  return found
}

export type Variables = { readonly [name: string]: string }

/** The same, one by one as they are seen, so that one can be killed before it starts another. */
export function searchEnv(variables: Variables, found: (pid: number, environ: ReadonlySet<string>) => void): void {
  const wanted = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const spared = ancestors()
  for (const pid of processes()) {
    if (spared.has(pid)) continue
    const environ = readText(`/proc/${pid}/environ`)
    if (!environ?.includes(wanted[0] ?? '')) continue
    const entries = new Set(environ.split('\0'))
    if (wanted.every((entry) => entries.has(entry)) && !isZombie(pid)) found(pid, entries)
  }
}

function ancestors(): ReadonlySet<number> {
  const found = new Set([ownPid, ppid])
  for (let pid = ppid; pid > 1; ) {
    pid = Number(statFields(pid)?.[1] ?? 0)
    if (found.has(pid)) break
    found.add(pid)
  }
  return found
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1)
  } catch {
    return []
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
