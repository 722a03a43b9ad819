import { searchEnv, signalProcess, type Variables } from './processes.ts'

/** Kills whatever carries a step of a run in its environment, wherever it went. */
export interface Hunter {
  /** Soon, and once for all who ask in the same turn: a look at every process is dear. Tells who was found. */
  hunt(step: string, done: (found: readonly number[]) => void): void
}

interface Hunt {
  readonly step: string
  readonly found: number[]
  readonly done: (found: readonly number[]) => void
}

/** `mark`: what the processes of the run carry. */
export function createHunter(mark: Variables): Hunter {
  let hunts: Hunt[] = []
  const look = (): void => {
    const now = Map.groupBy(hunts, ({ step }) => `OPSFLOW_STEP=${step}`)
    hunts = []
    searchEnv(mark, (pid, environ) => {
      for (const [entry, those] of now) {
        if (!environ.has(entry)) continue
        signalProcess(pid, 'SIGKILL')
        for (const { found } of those) found.push(pid)
      }
    })
    for (const { done, found } of [...now.values()].flat()) done(found)
  }
  return {
    hunt(step, done) {
      if (hunts.length === 0) setImmediate(look)
      hunts.push({ step, found: [], done })
    },
  }
}
