import { describe, expect, it } from 'vitest'
import { sweep } from './examine.ts'
import { FAULTS } from './faults/all.ts'

describe('planted bugs, over the whole range', () => {
  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    '%s is found from ten different first seeds, each time within 2,000',
    async (_name, fault) => {
      for (let start = 0; start < 10; start++) {
        const { finding } = await sweep({
          from: 10_000 * start,
          seeds: 2000,
          fault,
          wishes: fault.wishes,
          smallest: false,
        })
        expect({ start, found: finding !== undefined }).toEqual({ start, found: true })
      }
    },
  )
})
