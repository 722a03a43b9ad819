import { createLedger } from './ledger.ts'
import type { SimRun } from './sim-types.ts'
import type { Scenario } from './spec.ts'

/** A run that nobody has opened yet, with what will go wrong in it by the number of its commits. */
export function createRun(
  scenario: Scenario,
  index: number,
  losers: Set<number>,
  trusts: (epoch: number) => boolean,
): SimRun {
  const { crashes, busy } = scenario.trouble
  return {
    scenario,
    id: `run${index}`,
    ledger: createLedger(trusts),
    processes: [],
    takenRows: new Set<number>(),
    session: undefined,
    crashes: crashes.filter((crash) => (crash.run ?? 0) === index),
    rivals: [],
    losers,
    blocked: [],
    jumps: [],
    deaths: new Set<number>(),
    busy: index === 0 ? busy.map((one) => ({ ...one })) : [],
    result: undefined,
    cancelled: undefined,
    unheard: [],
    hungUp: undefined,
    openings: 0,
    parks: 0,
    reopening: undefined,
    reopened: [],
  }
}
