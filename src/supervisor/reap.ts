import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { LeftProcess as Left } from '../ports/store.ts'
import { bootId, startTicks } from '../util/machine.ts'
import { type Child, journalFile, readJournal } from './journal.ts'
import { runMark } from './mark.ts'
import {
  groupMembers,
  isRunning,
  processesWithEnv,
  searchEnv,
  signalGroup,
  signalProcess,
  startMs,
  type Variables,
} from './processes.ts'
import { dropUnread } from './unread.ts'

/** A process of a run whose runner and supervisor are both dead. */
export interface LeftProcess extends Left {
  readonly group: boolean
}

/** How far the clock of `ps` (whole seconds) may be from ours. */
const PS_TOLERANCE_MS = 2000
const POLL_MS = 20
const PATIENCE_MS = 1000

/**
 * Names the processes that a dead run left behind: groups from the journal whose pid, boot and start time still fit, and
 * on Linux whatever carries the run's mark in its environment. What the original of a copied run started is not this one's. Ask only when the supervisor's lock is free.
 */
export function leftProcesses(runDir: string, run: string): readonly LeftProcess[] {
  const groups = groupsOf(runDir, run)
  const members = new Set(groups.flatMap((child) => groupMembers(child.pid)))
  const escaped = processesWithEnv(runMark(runDir, run)).filter((pid) => !members.has(pid))
  return [
    ...groups.map((child) => ({ pid: child.pid, token: child.token, group: true })),
    ...escaped.map((pid) => ({ pid, token: undefined, group: false })),
  ]
}

/** Ends what a dead run left behind: TERM, KILL after `graceMs`. Resolves to what it found. */
export async function reap(runDir: string, run: string, graceMs = 2000): Promise<readonly LeftProcess[]> {
  const left = leftProcesses(runDir, run)
  if (left.length > 0) {
    for (const one of left) signal(one, 'SIGTERM')
    // Who is stopped hears it only when woken.
    for (const one of left) signal(one, 'SIGCONT')
    const until = performance.now() + graceMs
    while (left.some(isAlive) && performance.now() < until) await delay(POLL_MS)
    await killLeft(runDir, run)
  }
  rmSync(journalFile(runDir), { force: true })
  dropUnread(runDir)
  return left
}

/** Kills until nothing is found: between two looks a process can start another, and a pid may get a new owner. */
async function killLeft(runDir: string, run: string): Promise<void> {
  const patience = performance.now() + PATIENCE_MS
  for (let found = 1; found > 0 && performance.now() < patience; ) {
    const groups = groupsOf(runDir, run)
    for (const { pid } of groups) signalGroup(pid, 'SIGKILL')
    found = groups.length
    searchEnv(runMark(runDir, run), (pid) => {
      signalProcess(pid, 'SIGKILL')
      found++
    })
    if (found > 0) await delay(POLL_MS)
  }
}

/** Groups of the journal that are still those. */
function groupsOf(runDir: string, run: string): readonly Child[] {
  const boot = bootId()
  const mark = runMark(runDir, run)
  return readJournal(runDir).filter(
    (child) => child.boot === boot && child.folder === mark.OPSFLOW_FOLDER && isOurs(child, mark),
  )
}

function isOurs(child: Child, mark: Variables): boolean {
  // A group of which nothing is left but what nobody has read yet is none.
  if (groupMembers(child.pid).length === 0) return false
  const ticks = startTicks(child.pid)
  if (ticks !== undefined) return ticks === child.start
  if (child.start !== undefined) {
    // The leader is dead but its group is not: ours when one member carries the run's mark.
    const members = new Set(groupMembers(child.pid))
    return processesWithEnv(mark).some((pid) => members.has(pid))
  }
  const startedMs = startMs(child.pid)
  return startedMs === undefined || Math.abs(startedMs - child.at) <= PS_TOLERANCE_MS
}

function isAlive(one: LeftProcess): boolean {
  return one.group ? groupMembers(one.pid).length > 0 : isRunning(one.pid)
}

function signal(one: LeftProcess, name: NodeJS.Signals): void {
  if (one.group) signalGroup(one.pid, name)
  else signalProcess(one.pid, name)
}
