import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** What tells a process apart from a later one that got the same pid. For display and reaping, never for ownership. */
export interface ProcessMark {
  readonly pid: number
  /** Identity of this boot of this machine. */
  readonly boot: string
  /** When the process started, in the kernel's own count; 0 where the kernel does not say. */
  readonly start: number
}

let boot: string | undefined

/** Names this boot of the machine; where the kernel has no id for it, the minute of the boot stands in. */
export function bootId(): string {
  boot ??=
    readText('/proc/sys/kernel/random/boot_id')?.trim() ?? `boot-${Math.round((Date.now() / 1000 - uptime()) / 60)}`
  return boot
}

/**
 * Fields of /proc/PID/stat after the command name, which may itself hold spaces and brackets: state, ppid, pgrp, …;
 * undefined where there is no such process, or no way to see it.
 */
export function statFields(pid: number): readonly string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** When a process started, in ticks since boot; of a dead one that nobody has read yet too. */
export function startTicks(pid: number): number | undefined {
  const ticks = Number(statFields(pid)?.[19])
  return Number.isFinite(ticks) ? ticks : undefined
}

/** The start time of a process that runs. */
function processStart(pid: number): number | undefined {
  const state = statFields(pid)?.[0]
  return state === 'Z' || state === 'X' ? undefined : startTicks(pid)
}

/** The mark of a process that runs now. */
export function markOf(pid: number): ProcessMark {
  return { pid, boot: bootId(), start: processStart(pid) ?? 0 }
}

/** Whether the marked process still runs. False where the machine cannot say for sure that it is the same one. */
export function stillRuns(mark: ProcessMark): boolean {
  return mark.boot === bootId() && mark.start !== 0 && processStart(mark.pid) === mark.start
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
