import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { LeftProcess as Left } from '../ports/store.ts'
import { bootId, startTicks } from '../util/machine.ts'
import { type Child, journalFile, readJournal } from './journal.ts'
import { groupMembers, isRunning, processesWithEnv, signalGroup, signalProcess, startMs } from './processes.ts'
import { dropUnread } from './unread.ts'

/** A process of a run whose runner and supervisor are both dead. */
export interface LeftProcess extends Left {
  readonly group: boolean
}

/** How far the clock of `ps` (whole seconds) may be from ours. */
const PS_TOLERANCE_MS = 2000
const POLL_MS = 20

/**
 * Names the processes that a dead run left behind: groups from the journal whose pid, boot and start time still fit, and
 * on Linux whatever carries the run's id in its environment. Ask only when the supervisor's lock is free.
 */
export function leftProcesses(runDir: string, run: string): readonly LeftProcess[] {
  const boot = bootId()
  const groups = readJournal(runDir).filter((child) => child.boot === boot && isOurs(child, run))
  const members = new Set(groups.flatMap((child) => groupMembers(child.pid)))
  const escaped = processesWithEnv({ OPSFLOW_RUN: run }).filter((pid) => !members.has(pid))
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
    const until = performance.now() + graceMs
    while (left.some(isAlive) && performance.now() < until) await delay(POLL_MS)
    // Looked up again: between the two signals a process may have forked, and a pid may have a new owner.
    for (const one of leftProcesses(runDir, run)) signal(one, 'SIGKILL')
    const patience = performance.now() + 1000
    while (left.some(isAlive) && performance.now() < patience) await delay(POLL_MS)
  }
  rmSync(journalFile(runDir), { force: true })
  dropUnread(runDir)
  return left
}

function isOurs(child: Child, run: string): boolean {
  if (!signalGroup(child.pid, 0)) return false
  const ticks = startTicks(child.pid)
  if (ticks !== undefined) return ticks === child.start
  if (child.start !== undefined) {
    // The leader is dead but its group is not: ours when one member carries the run's id.
    const members = new Set(groupMembers(child.pid))
    return processesWithEnv({ OPSFLOW_RUN: run }).some((pid) => members.has(pid))
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
