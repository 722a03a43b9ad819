/**
 * The crash matrix as data: where a run is when something is killed, what is killed, and what the step that it hits says
 * about being cut off. Every cell of it is played by `matrix.long.test.ts` with real processes, but those that cannot be,
 * and each of those says why; `matrix.test.ts` plays those where most can go wrong. Nothing here needs a test runner: a script may read it.
 */

/** Where the run is when the kill comes. `flight`: an attempt is on record without its end, so its policy decides. */
export const MOMENTS = {
  'before start': { flight: true, what: 'the attempt is on record and its process has done nothing yet' },
  'in effect': { flight: true, what: 'the process has begun its effect and not ended it' },
  'after effect, before record': {
    flight: true,
    what: 'the effect is done, its process is gone, nothing of it is on record',
  },
  'at an approval': { flight: false, what: 'a question is open, and the step behind it has not been reached' },
  'in a backoff': { flight: false, what: 'the first attempt has failed and the second is not due yet' },
  'in finally': { flight: true, what: 'a step of `finally` has begun its effect' },
  'in a foreach': {
    flight: true,
    what: 'of three items one is done, one has begun its effect and one has not started',
  },
  'in a sub-pipeline': { flight: true, what: 'a step of a pipeline that a step calls has begun its effect' },
} as const

export const VICTIMS = {
  runner: 'the process that owns the run',
  supervisor: 'the process that starts its steps',
  both: 'runner and supervisor, so that nobody is left to end what they started',
  'action host': 'the process in which the action of the step runs',
} as const

/** `interrupted` of the step that is hit. */
export const POLICIES = ['rerun', 'fail', 'ask'] as const

export type Moment = keyof typeof MOMENTS
export type Victim = keyof typeof VICTIMS
type Policy = (typeof POLICIES)[number]

export interface Cell {
  readonly moment: Moment
  readonly victim: Victim
  readonly policy: Policy
}

/** Cells that cannot be, for all policies, each with its reason. */
export const VOID: readonly { readonly moment: Moment; readonly victim: Victim; readonly reason: string }[] = [
  {
    moment: 'at an approval',
    victim: 'action host',
    reason: 'a question is a line in the record: no process waits for its answer but the runner',
  },
  {
    moment: 'in a backoff',
    victim: 'action host',
    reason: 'between two attempts there is no host: the first has ended, the second does not exist',
  },
]

const keysOf = <K extends string>(record: { readonly [key in K]: unknown }): readonly K[] => Object.keys(record) as K[]

/** Every cell that can be, in a fixed order. */
export function cells(): readonly Cell[] {
  return keysOf(MOMENTS).flatMap((moment) =>
    keysOf(VICTIMS)
      .filter((victim) => !VOID.some((one) => one.moment === moment && one.victim === victim))
      .flatMap((victim) => POLICIES.map((policy) => ({ moment, victim, policy }))),
  )
}

/** Moments at which a step is hit directly: all policies of these are played by `npm test`. */
const EVERY_POLICY: readonly Moment[] = ['before start', 'in effect', 'after effect, before record']

/** The cells of `npm test`: of the other moments one policy each, in turn. `npm run test:long` plays them all. */
export function shortCells(): readonly Cell[] {
  let turn = 0
  return [...Map.groupBy(cells(), ({ moment, victim }) => `${moment} ${victim}`).values()].flatMap((row) =>
    EVERY_POLICY.includes(row[0]!.moment) ? row : [row[turn++ % row.length]!],
  )
}

/** Numbers for a page: how many cells there are, how many are played, in `npm test` too, and how many cannot be. */
export function counts(): {
  readonly all: number
  readonly played: number
  readonly short: number
  readonly void: number
} {
  const all = keysOf(MOMENTS).length * keysOf(VICTIMS).length * POLICIES.length
  return { all, played: cells().length, short: shortCells().length, void: VOID.length * POLICIES.length }
}

/** What a cell must come to, by the words of the promises alone. */
export interface Promised {
  /** Exit codes of what drove the run after the kill, in order; before the last a person approves where it is asked. */
  readonly exits: readonly number[]
  readonly outcome: 'succeeded' | 'failed' | 'succeeded-with-failures'
  readonly status: 'succeeded' | 'failed' | 'interrupted'
  /** How often the effect may have begun, and how often it must have been done to its end. */
  readonly begun: readonly [least: number, most: number]
  readonly done: readonly [least: number, most: number]
}

export function promised({ moment, victim, policy }: Cell): Promised {
  // A step that is not in flight is not cut off: whatever its policy says does not matter.
  if (moment === 'at an approval')
    return { exits: [0], outcome: 'succeeded', status: 'succeeded', begun: [1, 1], done: [1, 1] }
  if (moment === 'in a backoff')
    return { exits: [0], outcome: 'succeeded', status: 'succeeded', begun: [2, 2], done: [1, 1] }
  // The record comes before the start, so one that was cut off before it may never have begun; a supervisor that hears of
  // the start and of the runner's death at once may still have begun it.
  const isCut = moment !== 'after effect, before record'
  const before: readonly [number, number] = moment !== 'before start' ? [1, 1] : victim === 'runner' ? [0, 1] : [0, 0]
  const doneBefore: readonly [number, number] = isCut ? [0, moment === 'before start' ? before[1] : 0] : [1, 1]
  const bad = moment === 'in finally' ? ('succeeded-with-failures' as const) : ('failed' as const)
  const badExit = moment === 'in finally' ? 0 : 1
  // The end of a step's own process is a failure of the step, seen by whoever owns it: nothing is in doubt but the effect,
  // and nothing is done again unless `retry` says so.
  if (victim === 'action host')
    return { exits: [badExit], outcome: bad, status: 'failed', begun: before, done: doneBefore }
  if (policy === 'fail')
    return { exits: [badExit], outcome: bad, status: 'interrupted', begun: before, done: doneBefore }
  return {
    exits: policy === 'ask' ? [4, 0] : [0],
    outcome: 'succeeded',
    status: 'succeeded',
    begun: [before[0] + 1, before[1] + 1],
    done: [doneBefore[0] + 1, doneBefore[1] + 1],
  }
}
