// What is mutated, and which tests may find it: the fast ones only, because each mutant meets them again.

/** Sources whose mistakes must be found: the scheduler, the reducer, gates and the judge. */
export const MUTATED = ['src/run/**/*.ts', 'src/events/reduce.ts', 'src/events/forget.ts']

/** Test files that are loaded once into a worker and run again for every mutant. */
export const TESTS = ['test/run/**/*.test.ts', 'test/events/**/*.test.ts', 'test/sim/people.test.ts']

/** Not run: ten thousand steps take a second each time, and show how time grows rather than what is right. */
export const LEFT_OUT = ['test/run/size.test.ts']

/** Seeds of the simulated world, by what they ask for. The first broken one is enough. */
export const SEEDS = [
  { kind: 'trouble', from: 1, count: 500, wishes: {} },
  { kind: 'calm', from: 1_000_000, count: 100, wishes: { calm: true } },
  { kind: 'reopened', from: 3_000_000, count: 200, wishes: { reopened: true } },
  { kind: 'replanned', from: 3_000_000, count: 200, wishes: { replanned: true } },
]
