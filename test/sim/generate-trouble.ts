import type { Wishes } from './generate.ts'
import type { Random } from './random.ts'
import type { Crash, Reopen, Scenario, Trouble } from './spec.ts'

/** Nothing goes wrong but what steps do. */
export const CALM: Trouble = {
  crashes: [],
  cancel: undefined,
  jumps: [],
  full: [],
  hangUp: undefined,
  detached: false,
  reopens: [],
  replan: undefined,
}

/** What goes wrong around a run: mostly one thing, sometimes nothing, sometimes several. */
export function generateTrouble(source: Random, wishes: Wishes, change: () => Scenario['pipelines']): Trouble {
  const detached = source.chance(0.4)
  if (wishes.calm === true) return { ...CALM, detached }
  const reopens = pickReopens(source.fork('reopens'), wishes)
  const replans = wishes.replanned ?? source.fork('replan').chance(0.12)
  const crashes = source.chance(0.5) || replans ? pickCrashes(source.fork('crashes')) : []
  const late = reopens.length > 0 && source.chance(0.5) ? pickCrashes(source.fork('late'), source.int(10, 60)) : []
  return {
    crashes: [...crashes, ...late],
    reopens,
    replan: replans
      ? {
          opening: source.weighted([
            [3, 2],
            [1, 3],
          ]),
          pipelines: change(),
        }
      : undefined,
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

function pickReopens(source: Random, wishes: Wishes): Reopen[] {
  if (!(wishes.reopened ?? source.chance(0.15))) return []
  return Array.from(
    {
      length: source.weighted([
        [4, 1],
        [1, 2],
      ]),
    },
    (_, index) => ({
      afterMs: source.pick([0, 1000, 3_600_000]),
      named: source.chance(0.4) ? source.int(1, 3) : undefined,
      salt: `${source.next()}/${index}`,
    }),
  )
}

function pickCrashes(source: Random, from = 0): Crash[] {
  const crashes: Crash[] = []
  let commit = from
  const count = source.weighted([
    [5, 1],
    [2, 2],
    [1, 4],
  ])
  for (let index = 0; index < count; index++) {
    commit += source.int(1, 8)
    crashes.push({
      commit,
      phase: source.pick(['before-commit', 'torn', 'after-commit', 'effects', 'idle'] as const),
      orphans: source.chance(0.3),
      revived: source.chance(0.2),
      downMs: source.pick([0, 50, 5000, 3_600_000]),
    })
  }
  return crashes
}
