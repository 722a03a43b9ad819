import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confused, forgeable, forgery, LOOKS } from './forging.ts'

test('no forged record of a thousand is taken for a fault of opsflow, by any command', async () => {
  const { it, run, forge } = await forgeable()
  await fc.assert(
    fc.asyncProperty(forgery, async (one) => {
      forge(one)
      expect(await confused(it, run, LOOKS)).toEqual([])
    }),
    { numRuns: 1000, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
  )
})
