import { expect, it } from 'vitest'
import { makeStyle } from '../../src/views/terminal/style.ts'
import { summaryLines } from '../../src/views/terminal/summary.ts'
import { controlled } from '../support/controlled-port.ts'
import { planOf } from '../support/plans.ts'

it('outputs are told under the names they have for people', async () => {
  const outputs = {
    tag: { value: 'v1', deliverable: 'Release tag' },
    count: { value: 3, deliverable: undefined },
  }
  const run = await controlled(planOf({ steps: { a: {} }, outputs }))
  await (await run.started('a')).succeed()
  const { state } = await run.result
  expect(state).toMatchObject({ outputs: { tag: 'v1', count: 3 }, labels: { tag: 'Release tag' } })
  const lines = summaryLines(run.events.at(-1)!, state, undefined, makeStyle(false))
  expect(lines.slice(1)).toEqual(['  Release tag: v1', '  count: 3'])
})
