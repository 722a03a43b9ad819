import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WaitSpec } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'
import { judge } from '../../src/run/judge.ts'
import { decide } from './people.ts'

const specs: fc.Arbitrary<WaitSpec> = fc
  .record({
    kind: fc.constantFrom('approval' as const, 'answer' as const, 'interrupted' as const, 'bypass' as const),
    limited: fc.boolean(),
    self: fc.boolean(),
    planned: fc.boolean(),
    deadlineMs: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
  })
  .map(({ kind, limited, self, planned, deadlineMs }) => ({
    kind,
    prompt: 'go on?',
    from: limited ? ['crew'] : [],
    persons: limited ? ['ann', 'sam'] : [],
    self,
    startedBy: { name: 'sam' },
    ...(planned ? { plannedBy: [{ name: 'ann' }] } : {}),
    ...(kind === 'answer' ? { answer: {} } : {}),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  }))

const rows: fc.Arbitrary<readonly InboxRow[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'approve' as const,
        'reject' as const,
        'answer' as const,
        'bypass' as const,
        'rerun' as const,
      ),
      name: fc.constantFrom('ann', 'sam', 'eve'),
      at: fc.integer({ min: 0, max: 12 }),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list
      .sort((one, two) => one.at - two.at)
      .map(({ kind, name, at }, index) => ({
        row: index + 1,
        at,
        by: { name },
        kind,
        target: 'gate',
        data: { reason: 'known' },
      })),
  )

describe('the two judges of a wait', () => {
  it('promise 20b: come to one decision over any rows: the simulated one and the product’s', () => {
    fc.assert(
      fc.property(specs, rows, fc.integer({ min: 12, max: 20 }), (spec, inbox, nowMs) => {
        const ours = judge(spec, inbox, nowMs).decision
        const theirs = decide('gate', spec, inbox, nowMs, new Set())
        expect([ours?.verdict, ours?.row]).toEqual([theirs?.verdict, theirs?.row])
      }),
      { numRuns: 500 },
    )
  })
})
