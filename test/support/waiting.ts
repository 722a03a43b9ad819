import { existsSync, readFileSync } from 'node:fs'
import { isAlive } from './supervised.ts'

/** How long a test waits for what must come, on a machine that is busy. */
export const PATIENCE_MS = 45_000
export const LOOK_MS = 10
/** Room beyond a promised time for a machine that runs many things: what breaks such a promise takes minutes, not this. */
export const BUSY_MS = 3000
/** Of tests that start several runners after each other. */
export const BUSY = { timeout: 120_000 } as const

/** Looks again and again until it holds; there is no event to wait on where a script writes a file. */
export async function soon<T>(look: () => T, holds: (found: T) => boolean, what: string | (() => string)): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const found = look()
    if (holds(found)) return found
    if (performance.now() > until) throw new Error(`${typeof what === 'string' ? what : what()} never came`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** The lines of a file that steps append to; none where it is not there. */
export function linesOf(path: string): readonly string[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}

/** Resolves when the process is gone. */
export async function gone(pid: number): Promise<void> {
  await soon(
    () => isAlive(pid),
    (alive) => !alive,
    `the end of process ${pid}`,
  )
}
