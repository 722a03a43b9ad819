import { expect, test } from 'vitest'
import { playAll } from './judge.ts'
import { cells, counts, MOMENTS, POLICIES, shortCells, VICTIMS, VOID } from './matrix.ts'

const rows = [...Map.groupBy(shortCells(), ({ moment, victim }) => `${victim} killed ${moment}`)]

test.for(rows)(
  'promises 16a, 16b, 16e, 17a, 17b, 17c: %s: how often the effect happened, what became of the run and what is left is what the step asked for',
  { timeout: 120_000 },
  async ([, row]) => await playAll(row),
)

test('the matrix is whole: every cell is played or has a reason why it cannot be', () => {
  expect(counts()).toEqual({ all: 96, played: 90, short: 54, void: 6 })
  const key = (moment: string, victim: string) => `${moment} / ${victim}`
  const named = [...cells(), ...VOID].map(({ moment, victim }) => key(moment, victim))
  const all = Object.keys(MOMENTS).flatMap((moment) => Object.keys(VICTIMS).map((victim) => key(moment, victim)))
  expect([...new Set(named)].sort()).toEqual(all.sort())
  expect(new Set(shortCells().map(({ policy }) => policy)).size).toBe(POLICIES.length)
})
