import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunEvent } from '../events/events.ts'
import { type Liveness, StoreError } from '../ports/store.ts'
import { isKernelLockHeld, kernelLockHolder, takeKernelLock } from '../util/kernel-lock.ts'
import { type ProcessMark, stillRuns } from '../util/machine.ts'
import { guarded, openReadable } from './database.ts'
import type { RunFolder } from './folders.ts'
import { LEDGER } from './schema.ts'
import { refuseNoLock } from './trust.ts'

/**
 * Who owns a run. The runner and its supervisor each hold a kernel lock for as long as they live; what the ledger says
 * of pid, boot and start time is for display, for reaping and for `takeOver`, never for ownership. The names of both
 * files stand here alone: to open one in any other way, inside the process that holds it, would free it.
 */

const runnerLock = (folder: RunFolder): string => join(folder.path, 'owner.lock')

/** The file that the supervisor of a run holds; the runner hands it over as an argument and never opens it. */
export const supervisorLock = (folder: RunFolder): string => join(folder.path, 'supervisor.lock')

/** Both: nothing else may stand in their places. */
export const lockFiles = (folder: RunFolder): readonly string[] => [runnerLock(folder), supervisorLock(folder)]

function isHeld(lock: string): boolean {
  refuseNoLock(lock)
  return isKernelLockHeld(lock)
}

function take(lock: string): (() => void) | undefined {
  refuseNoLock(lock)
  return takeKernelLock(lock)
}

/** Who the ledger says opened the run last. */
export interface OwnerRecord extends ProcessMark {
  readonly epoch: number
  readonly name: string
  readonly at: number
}

const POLL_MS = 20

/** What can be seen of a run without reading its ledger. */
export function probe(folder: RunFolder): 'live' | 'ending' | 'unowned' {
  if (isHeld(runnerLock(folder))) return 'live'
  return isHeld(supervisorLock(folder)) ? 'ending' : 'unowned'
}

/**
 * Promise 15 with the ledger's last event: a run that parked or ended is free, any other without an owner was cut off. The
 * event is asked for after the owner: all that the last one wrote is there by then.
 */
export function livenessOf(folder: RunFolder, lastType: () => RunEvent['type'] | undefined): Liveness {
  const seen = probe(folder)
  if (seen !== 'unowned') return seen
  const type = lastType()
  if (type === 'run-ended' || type === 'run-parked') return 'free'
  // Somebody may have opened it meanwhile.
  const again = probe(folder)
  return again === 'unowned' ? 'interrupted' : again
}

/** Takes a run, or throws a `StoreError` that names who has it. The function that comes back gives it up. */
function takeRun(folder: RunFolder): () => void {
  const release = guarded(runnerLock(folder), () => take(runnerLock(folder)))
  if (release === undefined) {
    const owner = ownerRecord(folder)
    throw new StoreError(
      'owned',
      `run \`${folder.run}\` is owned by ${owner === undefined ? 'another process' : describe(owner)}`,
      `follow it with \`opsflow watch ${folder.run}\`, end it with \`opsflow cancel ${folder.run}\`, or \`--take-over\``,
    )
  }
  if (isHeld(supervisorLock(folder))) {
    release()
    throw new StoreError('ending', `run \`${folder.run}\` is ending: its runner is gone, its steps are being stopped`)
  }
  return release
}

/**
 * Takes a run that nobody owns as its supervisor, to end what is left of it; undefined where somebody else is at it. A
 * new owner, who takes the other lock first, waits for this one or is seen here.
 */
export function takeDeadRun(folder: RunFolder): (() => void) | undefined {
  const release = take(supervisorLock(folder))
  if (release === undefined || !isHeld(runnerLock(folder))) return release
  release()
  return undefined
}

/** Sends a signal to a process of an owner. */
export type SignalOwner = (pid: number, signal: 'SIGKILL' | 'SIGCONT') => void

/** `takeRun`, waiting while what the last owner started is being ended. */
export async function takeRunWhenEnded(
  folder: RunFolder,
  patienceMs: number,
  signal?: SignalOwner,
): Promise<() => void> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      return takeRun(folder)
    } catch (error) {
      if (!(error instanceof StoreError) || error.reason !== 'ending' || performance.now() >= until) throw error
      wakeSupervisor(folder, signal)
      await delay(POLL_MS)
    }
  }
}

/** A supervisor that somebody stopped has its steps still to end: it is woken, never taken for dead. */
function wakeSupervisor(folder: RunFolder, signal: SignalOwner | undefined): void {
  const pid = signal && kernelLockHolder(supervisorLock(folder))
  if (pid === undefined) return
  try {
    signal?.(pid, 'SIGCONT')
  } catch {
    // It ended a moment ago, or is another user's.
  }
}

/**
 * Ends the runner that owns the run, and waits until it and its supervisor are gone. Only where the ledger's pid, boot
 * and start time still fit a process of this machine; else it throws, and nothing was touched.
 */
export async function endOwner(folder: RunFolder, signal: SignalOwner, patienceMs: number): Promise<void> {
  if (probe(folder) === 'live') {
    const owner = ownerRecord(folder)
    if (owner === undefined || !stillRuns(owner)) {
      throw new StoreError(
        'owned',
        `run \`${folder.run}\` is owned by a process that cannot be seen from here${owner ? ` (${describe(owner)})` : ''}`,
        'end it where it runs, in its container or as its user',
      )
    }
    signal(owner.pid, 'SIGKILL')
  }
  const until = performance.now() + patienceMs
  while (probe(folder) !== 'unowned') {
    if (performance.now() >= until) throw new StoreError('owned', `the owner of run \`${folder.run}\` does not end`)
    wakeSupervisor(folder, signal)
    await delay(POLL_MS)
  }
}

/** The last owner as the ledger has it; undefined before the first. */
export function ownerRecord(folder: RunFolder): OwnerRecord | undefined {
  if (!existsSync(folder.ledger)) return undefined
  try {
    const db = openReadable(folder.ledger, LEDGER)
    try {
      const row = db.prepare('SELECT epoch, pid, boot, start, name, at FROM owner').get() as unknown as OwnerRecord
      return row.epoch === 0 ? undefined : { ...row }
    } finally {
      db.close()
    }
  } catch {
    // It is shown beside a refusal, which must not fail because the ledger is damaged.
    return undefined
  }
}

function describe({ name, pid, at }: OwnerRecord): string {
  return `\`${name}\`, pid ${pid}, since ${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`
}
