import { examine } from './examine.ts'
import { FAULTS } from './faults/all.ts'
import { generate, type Wishes } from './generate.ts'
import { FAULT_KINDS, type FaultKind } from './kinds.ts'
import { type Exercise, PROMISES } from './oracle/oracle.ts'

/** What a range of seeds met and looked at, as plain data. */
export interface Census {
  readonly from: number
  readonly seeds: number
  readonly runs: number
  readonly events: number
  /** Steps of the plans, without those of their sub-pipelines. */
  readonly plans: { readonly median: number; readonly largest: number }
  readonly faults: readonly { readonly kind: FaultKind; readonly says: string; readonly hits: number }[]
  /** `runs`: those in which it looked at something at all. The others say nothing about it. */
  readonly invariants: readonly {
    readonly name: string
    readonly promises: readonly number[]
    readonly runs: number
    readonly checks: number
  }[]
  /** At most a hundred, each with the seed that shows it. */
  readonly violations: readonly { readonly seed: number; readonly invariant: string; readonly message: string }[]
}

/** A planted bug and how many seeds it took to see it; undefined: it was not seen. */
export interface Planted {
  readonly name: string
  readonly standsFor: string
  readonly seeds: number | undefined
  /** What it broke. */
  readonly invariants: readonly string[]
}

export interface CensusOptions {
  readonly from: number
  readonly seeds: number
  readonly wishes?: Wishes
}

const VIOLATIONS = 100

/** Plays a range of seeds to its end, whatever it finds, and counts. */
export async function takeCensus({ from, seeds, wishes }: CensusOptions): Promise<Census> {
  const hits = new Map<FaultKind, number>()
  const exercised = new Map<string, Exercise>()
  const violations: { seed: number; invariant: string; message: string }[] = []
  const sizes: number[] = []
  let runs = 0
  let events = 0
  for (let seed = from; seed < from + seeds; seed++) {
    const scenario = generate(seed, wishes)
    sizes.push(scenario.pipelines.main!.steps.length)
    const examined = await examine(scenario, { tieSeed: seed % 3, exercised })
    runs += examined.trace.runs.length
    for (const run of examined.trace.runs) events += run.ledger.written.length
    for (const [kind, count] of examined.trace.hits) hits.set(kind, (hits.get(kind) ?? 0) + count)
    for (const { invariant, message } of examined.violations)
      if (violations.length < VIOLATIONS) violations.push({ seed, invariant, message })
  }
  sizes.sort((one, two) => one - two)
  return {
    from,
    seeds,
    runs,
    events,
    plans: { median: sizes[Math.floor(sizes.length / 2)] ?? 0, largest: sizes.at(-1) ?? 0 },
    faults: (Object.keys(FAULT_KINDS) as FaultKind[]).map((kind) => ({
      kind,
      says: FAULT_KINDS[kind],
      hits: hits.get(kind) ?? 0,
    })),
    invariants: PROMISES.map(({ name, promises }) => ({
      name,
      promises,
      ...(exercised.get(name) ?? { runs: 0, checks: 0 }),
    })),
    violations,
  }
}

/** Looks for every planted bug among so many seeds. */
export async function findPlanted(from: number, seeds: number): Promise<Planted[]> {
  const found: Planted[] = []
  for (const fault of FAULTS) found.push(await findOne(fault, from, seeds))
  return found
}

async function findOne(fault: (typeof FAULTS)[number], from: number, seeds: number): Promise<Planted> {
  const { name, standsFor, wishes } = fault
  for (let seed = from; seed < from + seeds; seed++) {
    const { violations } = await examine(generate(seed, wishes), { fault, tieSeed: seed % 3 })
    const invariants = [...new Set(violations.map(({ invariant }) => invariant))]
    if (invariants.length > 0) return { name, standsFor, seeds: seed - from + 1, invariants }
  }
  return { name, standsFor, seeds: undefined, invariants: [] }
}

/*
 * At a terminal or from another script: `node test/sim/census.ts FROM SEEDS` prints the census of these seeds as JSON;
 * with the word `planted`, also how many of the first 2,000 seeds each planted bug takes. `calm`, `reopened` and
 * `replanned` ask for scenarios of that kind.
 */
if (import.meta.main) {
  const [from = '1', seeds = '5000', ...words] = process.argv.slice(2)
  const kinds = ['calm', 'reopened', 'replanned'].filter((kind) => words.includes(kind))
  const wishes: Wishes = Object.fromEntries(kinds.map((kind) => [kind, true]))
  const census = await takeCensus({ from: Number(from), seeds: Number(seeds), wishes })
  const planted = words.includes('planted') ? { planted: await findPlanted(1, 2000) } : {}
  console.log(JSON.stringify({ ...census, ...planted }, undefined, 2))
}
