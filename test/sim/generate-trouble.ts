import type { Wishes } from './generate.ts'
import type { Random } from './random.ts'
import { type Crash, PHASES, type Reopen, type Scenario, type Trouble, type Word } from './spec.ts'

/** Nothing goes wrong but what steps do. */
export const CALM: Trouble = {
  crashes: [],
  cancel: undefined,
  jumps: [],
  full: [],
  busy: [],
  slow: [],
  doubled: undefined,
  deaf: [],
  unsupervised: [],
  words: [],
  rivals: false,
  hangUp: undefined,
  detached: false,
  reopens: [],
  replan: undefined,
}

/** How long a bypass counts; undefined: for ever. */
export const BYPASS_MS = [undefined, 1, 400, 3000, 30_000] as const

/** What goes wrong around a run: nothing, or each thing by its own chance, so that often several meet. */
export function generateTrouble(
  source: Random,
  wishes: Wishes,
  runs: number,
  change: () => Scenario['pipelines'],
): Trouble {
  const detached = source.chance(0.4)
  if (wishes.calm === true) return { ...CALM, detached }
  const reopens = pickReopens(source.fork('reopens'), wishes)
  const replans = wishes.replanned ?? source.fork('replan').chance(0.22)
  const rich = source.weighted([
    [1, 0],
    [3, 0.7],
    [3, 1.2],
  ])
  const now = (name: string, chance: number): Random | undefined => {
    const own = source.fork(name)
    return own.chance(chance * rich) ? own : undefined
  }
  const crashes = now('crash', 0.75) || replans ? pickCrashes(source.fork('crashes')) : []
  const others = runs > 1 && now('other', 0.4) ? pickCrashes(source.fork('others')) : []
  const late = reopens.length > 0 && source.chance(0.5) ? pickCrashes(source.fork('late'), source.int(10, 60)) : []
  const moments = <T>(name: string, chance: number, make: (own: Random) => T): T[] => {
    const own = now(name, chance)
    return own ? Array.from({ length: own.int(1, 3) }, () => make(own)) : []
  }
  return {
    crashes: [...crashes, ...late, ...others.map((crash) => ({ ...crash, run: source.int(1, runs - 1) }))],
    reopens,
    replan: replans
      ? {
          opening: source.weighted([
            [3, 2],
            [1, 3],
          ]),
          by: source.fork('planner').pick(['sam', 'ben', 'ben', 'bea']),
          pipelines: change(),
        }
      : undefined,
    cancel: pickCancel(now('cancel', 0.35)),
    jumps: moments('jumps', 0.22, (own) => ({ atMs: own.int(0, 40_000), byMs: own.int(-3600, 7200) * 1000 })),
    full: moments('full', 0.25, (own) => ({ atMs: own.int(0, 30_000), forMs: own.int(1, 30_000) })),
    busy: moments('busy', 0.15, (own) => ({ commit: own.int(1, 40), times: own.int(1, 3) })),
    slow: moments('slow', 0.2, (own) => ({
      atMs: own.int(0, 30_000),
      byMs: own.pick([3000, 60_000, 3_600_000, undefined]),
    })),
    doubled: pickDoubled(now('doubled', 0.2)),
    deaf: moments('deaf', 0.35, (own) => ({ atMs: own.int(0, 30_000), forMs: own.pick([100, 20_000, 600_000]) })),
    unsupervised: moments('unsupervised', 0.22, (own) => ({ atMs: own.int(0, 30_000) })),
    words: pickWords(now('words', 0.6)),
    rivals: now('rivals', 0.6) !== undefined,
    hangUp: pickMoment(now('hangUp', 0.28)),
    detached,
  }
}

function pickCancel(own: Random | undefined): Trouble['cancel'] {
  if (own === undefined) return undefined
  return {
    atMs: own.int(0, 40_000),
    hard: own.chance(0.4),
    killAfterMs: own.chance(0.35) ? own.int(0, 4000) : undefined,
  }
}

function pickDoubled(own: Random | undefined): Trouble['doubled'] {
  return own && { every: own.int(1, 4), afterMs: own.pick([0, 0, 1, 700]) }
}

function pickMoment(own: Random | undefined): { readonly atMs: number } | undefined {
  return own && { atMs: own.int(0, 30_000) }
}

/** Yes and no, of persons who may and who may not, at moments and about things that nobody chose. */
function pickWords(own: Random | undefined): Word[] {
  if (own === undefined) return []
  return Array.from({ length: own.int(2, 8) }, () => {
    const asked = own.chance(0.6)
    return {
      asked,
      atMs: own.weighted([
        [2, 0],
        [4, own.int(0, asked ? 3000 : 40_000)],
        [1, own.int(0, 4_000_000)],
      ]),
      kind: own.pick(['approve', 'reject', 'answer', 'rerun', 'bypass', 'signal', 'signal', 'note'] as const),
      name: own.pick(['ann', 'ben', 'eve', 'sam', 'bea']),
      salt: own.int(0, 999),
      expiresMs: own.fork('expires').pick(BYPASS_MS),
    }
  })
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
    [3, 1],
    [3, 2],
    [4, 4],
  ])
  for (let index = 0; index < count; index++) {
    commit += source.int(1, 8)
    crashes.push({
      commit,
      // Which comes late: an owner that only waits is often past its end by then.
      phase: source.chance(0.12) ? 'idle' : source.pick(PHASES),
      orphans: source.chance(0.3),
      revived: source.chance(0.5),
      downMs: source.pick([0, 50, 5000, 3_600_000]),
    })
  }
  return crashes
}
