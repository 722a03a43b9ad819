import { randomBytes } from 'node:crypto'

/** No vowels and nothing that reads like another: no words, no `1` for `l`. */
const LETTERS = '23456789bcdfghjkmnpqrstvwxyz'
const TAIL = 5

/**
 * Names a run: UTC date and time, then a random tail, `20261120-040203-7k3fb`. Sorts by time, says when, and the tail
 * is short enough to type: `resolve` takes any unique beginning of the name or of its tail.
 */
export function newRunId(nowMs: number, random: Uint8Array = randomBytes(TAIL)): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const tail = [...random].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return `${stamp}-${tail}`
}

/** A name that may stand as a folder: what `newRunId` makes, and what callers choose for themselves. */
export function isRunId(text: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/.test(text)
}

/** The runs that a person may mean: the exact one, else those whose name or tail begins so. */
export function matchRuns(written: string, runs: readonly string[]): readonly string[] {
  if (runs.includes(written)) return [written]
  if (written === '') return []
  const text = written.toLowerCase()
  return runs.filter((run) => {
    const name = run.toLowerCase()
    return name.startsWith(text) || name.slice(name.lastIndexOf('-') + 1).startsWith(text)
  })
}
