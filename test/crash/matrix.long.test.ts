import { test } from 'vitest'
import { playAll } from './judge.ts'
import { cells } from './matrix.ts'

/** Every cell of the crash matrix, three times: what is only sometimes so is seen sooner. */
const ROUNDS = [1, 2, 3]
const rows = [...Map.groupBy(cells(), ({ moment, victim }) => `${victim} killed ${moment}`)]

for (const round of ROUNDS) {
  test.for(rows)(
    `promises 16a, 16b, 16e, 17a, 17b, 17c: round ${round}, %s, for rerun, fail and ask`,
    async ([, row]) => await playAll(row),
  )
}
