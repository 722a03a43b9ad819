import type { Random } from './random.ts'
import type { Crash, Trouble } from './spec.ts'

/** Nothing goes wrong but what steps do. */
export const CALM: Trouble = { crashes: [], cancel: undefined, jumps: [], full: [], hangUp: undefined, detached: false }

/** What goes wrong around a run: mostly one thing, sometimes nothing, sometimes several. */
export function generateTrouble(source: Random, calm: boolean): Trouble {
  const detached = source.chance(0.4)
  if (calm) return { ...CALM, detached }
  return {
    crashes: source.chance(0.5) ? pickCrashes(source.fork('crashes')) : [],
    cancel: source.chance(0.2)
      ? {
          atMs: source.int(0, 40_000),
          hard: source.chance(0.3),
          killAfterMs: source.chance(0.3) ? source.int(0, 4000) : undefined,
        }
      : undefined,
    jumps: source.chance(0.15) ? [{ atMs: source.int(0, 30_000), byMs: source.int(-3600, 7200) * 1000 }] : [],
    full: source.chance(0.15) ? [{ atMs: source.int(0, 20_000), forMs: source.int(1, 30_000) }] : [],
    hangUp: source.chance(0.08) ? { atMs: source.int(0, 30_000) } : undefined,
    detached,
  }
}

function pickCrashes(source: Random): Crash[] {
  const crashes: Crash[] = []
  let commit = 0
  const count = source.weighted([
    [5, 1],
    [2, 2],
    [1, 4],
  ])
  for (let index = 0; index < count; index++) {
    commit += source.int(1, 8)
    crashes.push({
      commit,
      phase: source.pick(['before-commit', 'after-commit', 'effects', 'idle'] as const),
      orphans: source.chance(0.3),
      revived: source.chance(0.2),
      downMs: source.pick([0, 50, 5000, 3_600_000]),
    })
  }
  return crashes
}
