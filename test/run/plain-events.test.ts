import { describe, expect, it } from 'vitest'
import { controlled } from '../support/controlled-port.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

const retry = { attempts: 2, only: [], backoffMs: 10, factor: 1, maxMs: 10, jitter: 0 } as const
const approval = { kind: 'approval', prompt: 'Go?', from: [], self: true } as never
const foreach = { items: ['x'], key: undefined, needs: undefined, maxParallel: undefined }

const PLANS: readonly [string, PipelineDraft, { readonly [name: string]: PipelineDraft }?][] = [
  ['a failure and a retry', { steps: { a: { retry }, b: { needs: ['a'] } }, finally: { last: {} } }],
  [
    'checks and a gate',
    {
      steps: { a: { checks: [check('tidy')] }, ship: {} },
      gates: [gate('g', { of: ['a'], mustPass: ['a'], before: ['ship'], bypass: { by: [] }, checks: [check('t')] })],
    },
  ],
  [
    'what is called, once and for each',
    {
      steps: {
        sub: { action: { kind: 'pipeline', pipeline: 'inner' }, foreach },
        one: { action: { kind: 'pipeline', pipeline: 'inner' } },
      },
    },
    { inner: { steps: { a: {} } } },
  ],
  [
    'a repeat, and a step that may do without',
    {
      steps: {
        a: { repeat: { until: 'true', max: 2, delayMs: 0, onMax: 'fail' } },
        b: { needs: [{ step: 'a', on: 'completed' }] },
      },
    },
  ],
  [
    'a question and its escalation',
    { steps: { go: { action: approval, timeoutMs: 5, onTimeout: 'escalate' }, b: { when: 'false' } } },
  ],
]

describe('promise 1b: an event reads back as it was written', () => {
  for (const [name, root, others] of PLANS)
    for (const ends of ['succeed', 'fail'] as const)
      it(`of ${name}, where all ${ends}`, async () => {
        const run = await controlled(planOf(root, others ?? {}))
        for (let turn = 0; turn < 12; turn++) {
          for (const path of run.running()) await (await run.started(path))[ends]()
          await run.advance(20)
        }
        expect(run.events.length).toBeGreaterThan(4)
        expect(run.events).toStrictEqual(JSON.parse(JSON.stringify(run.events)))
      })

  it('of a run that is cancelled hard while it waits for a lock', async () => {
    const steps: { [id: string]: StepDraft } = { a: { mutex: 'repo' }, b: {} }
    const run = await controlled(planOf({ steps, finally: { last: {} } }), { elsewhere: ['repo'] })
    const b = await run.started('b')
    await run.cancel(true)
    await b.fail({ status: 'cancelled' })
    expect((await run.result).state.outcome).toBe('cancelled')
    expect(run.events).toStrictEqual(JSON.parse(JSON.stringify(run.events)))
  })
})
