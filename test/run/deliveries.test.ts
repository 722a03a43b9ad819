import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/events/events.ts'
import { tokenText } from '../../src/events/path.ts'
import { reduceAll } from '../../src/events/reduce.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { inFlight } from '../../src/run/in-flight.ts'
import { ALICE, type ControlledRun, controlled } from '../support/controlled-port.ts'
import { check, gate, planOf, type StepDraft } from '../support/plans.ts'

/*
 * A check or a repair that was cut off is delivered again: a second word of the first delivery, told late or twice, is
 * not taken for the second.
 */

const BOB = { name: 'bob', uid: 1001 }
const CUT_OFF = { status: 'interrupted', durationMs: 1 } as const
const repair = {
  action: { kind: 'run', script: 'plug', shell: 'sh' },
  with: {},
  env: {},
  timeoutMs: undefined,
} as const
const mended: StepDraft = {
  retry: { attempts: 2, only: [], backoffMs: 1, factor: 1, maxMs: 1, jitter: 0 },
  failures: { offline: { match: undefined, exit: undefined, hint: undefined, recover: repair } },
}

interface Case {
  readonly plan: Plan
  /** Ends what comes before. */
  begin(run: ControlledRun): Promise<void>
  readonly part: string
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    'a check of a step',
    {
      plan: planOf({ steps: { a: { checks: [check('tidy')] } } }),
      begin: async (run) => (await run.started('a')).succeed(),
      part: 'a/check:tidy',
    },
  ],
  [
    'what a check about files asks first',
    {
      plan: planOf({ steps: { a: { checks: [check('tidy', { paths: ['src/**'] })] } } }),
      begin: async (run) => (await run.started('a')).succeed(),
      part: 'a/check:tidy:paths',
    },
  ],
  [
    'a repair',
    {
      plan: planOf({ steps: { a: mended } }),
      begin: async (run) => (await run.started('a')).fail({ failure: 'offline' }),
      part: 'a/recover:offline',
    },
  ],
  [
    'a check of a gate',
    {
      plan: planOf({
        steps: { a: {}, b: {} },
        gates: [gate('g', { of: ['a'], before: ['b'], checks: [check('tidy')] })],
      }),
      begin: async (run) => (await run.started('a')).succeed(),
      part: 'gate:g/check:tidy',
    },
  ],
  [
    'what a gate about files asks first',
    {
      plan: planOf({ steps: { a: {}, b: {} }, gates: [gate('g', { of: ['a'], before: ['b'], paths: ['src/**'] })] }),
      begin: async (run) => (await run.started('a')).succeed(),
      part: 'gate:g/check:changed-paths',
    },
  ],
]

describe('promise 17d: a doubled word of what was cut off', () => {
  it.each(CASES)('%s: is not taken for what is made again', async (_, { plan, begin, part }) => {
    const run = await controlled(plan)
    await begin(run)
    const first = await run.started(part)
    await first.fail({ status: 'interrupted' })
    const second = await run.started(part)
    expect([first.token, second.token]).toEqual([`${part}#1`, `${part}#1-2`])
    const known = run.events.length
    await run.arrive({ type: 'outcome', token: first.token, outcome: CUT_OFF })
    await run.arrive({ type: 'outcome', token: first.token, outcome: { status: 'succeeded', durationMs: 1 } })
    expect([run.running(), run.events.length]).toEqual([[part], known])
    await second.fail({ status: 'interrupted' })
    expect((await run.started(part)).token).toBe(`${part}#1-3`)
  })

  it.each(CASES.filter(([, { part }]) => !part.endsWith(':paths')))(
    '%s: after a crash the delivery on record is awaited, and the next has a token of its own',
    async (_, { plan, begin, part }) => {
      const run = await controlled(plan)
      await begin(run)
      await (await run.started(part)).fail({ status: 'interrupted' })
      run.crash()
      expect(inFlight(reduceAll(run.events))).toEqual([`${part}#1-2`])
      const again = await controlled(plan, { start: { type: 'resume', events: run.events, by: ALICE } })
      expect((await again.started(part)).token).toBe(`${part}#1-3`)
      await again.cancel()
      expect(again.aborted(part)).toBe('soft')
    },
  )

  it.each(CASES.filter(([, { part }]) => !part.endsWith(':paths')))(
    '%s: a record from before deliveries were counted goes on',
    async (_, { plan, begin, part }) => {
      const run = await controlled(plan)
      await begin(run)
      await (await run.started(part)).fail({ status: 'interrupted' })
      run.crash()
      const old = run.events.map((event): RunEvent => {
        if (event.type !== 'check-started' && event.type !== 'recover-started') return event
        const { delivery: _delivery, ...rest } = event
        return rest
      })
      expect(inFlight(reduceAll(old))).toEqual([`${part}#1`])
      const again = await controlled(plan, { start: { type: 'resume', events: old, by: ALICE } })
      expect((await again.started(part)).token).toBe(`${part}#1-2`)
    },
  )

  it('a judgement after the question about files is the same delivery', async () => {
    const run = await controlled(planOf({ steps: { a: { checks: [check('tidy', { paths: ['src/**'] })] } } }))
    await (await run.started('a')).succeed()
    await (await run.started('a/check:tidy:paths')).fail({ status: 'interrupted' })
    await (await run.started('a/check:tidy:paths')).succeed({ files: ['src/1'] })
    expect((await run.started('a/check:tidy')).token).toBe('a/check:tidy#1-2')
    await (await run.started('a/check:tidy')).succeed()
    expect((await run.result).state.outcome).toBe('succeeded')
  })
})

describe('a doubled decision', () => {
  it('about a bypass that is over is not taken for the next one', async () => {
    const held = gate('g', { of: ['a'], mustPass: ['a'], before: ['ship'], bypass: { by: ['ARCHITECT'] } })
    const late = { needs: ['a', 'c'].map((step) => ({ step, on: 'completed' as const })) }
    const run = await controlled(planOf({ steps: { a: {}, c: {}, ship: late }, gates: [held] }))
    await (await run.started('a')).fail()
    const [first] = run.awaited()
    await run.row('bypass', 'gate:g', { reason: 'now', expires: run.now() + 1000 }, BOB)
    const decided = run.events.findLast((event) => event.type === 'wait-decided')!
    await run.advance(1000)
    await (await run.started('c')).succeed()
    const [second] = run.awaited()
    expect([run.state().gates.get('g')?.status, second === first]).toEqual(['held', false])
    await run.arrive({ type: 'decided', token: first!, decision: decided.decision })
    expect([run.running(), run.state().gates.get('g')?.status]).toEqual([[], 'held'])
    await run.row('bypass', 'gate:g', { reason: 'still', expires: run.now() + 1000 }, BOB)
    expect(run.running()).toEqual(['ship'])
  })

  it('about an approval of a sub-pipeline is not taken for that of its next attempt', async () => {
    const inner = {
      steps: {
        ok: { action: { kind: 'approval', prompt: 'Go?', show: undefined, from: [], self: true } } as StepDraft,
        a: { needs: [{ step: 'ok', on: 'ok' as const }] },
      },
    }
    const { retry } = mended
    const plan = planOf({ steps: { sub: { action: { kind: 'pipeline', pipeline: 'inner' }, retry } } }, { inner })
    const run = await controlled(plan)
    const [first] = run.awaited()
    const decided = { type: 'decided', token: first!, decision: { verdict: 'approved', by: BOB, at: 1000 } } as const
    await run.arrive(decided)
    await (await run.started('sub/a')).fail()
    await run.advance(1)
    await run.arrive(decided)
    expect([run.running(), run.state().steps.get('sub/ok')?.status]).toEqual([[], 'waiting'])
    await run.row('approve', 'sub/ok')
    expect(run.running()).toEqual(['sub/a'])
  })
})

it.each([
  ['build#1', 'build'],
  ['round/build#2', 'round/build, attempt 2'],
  ['build/check:lint#1-2', 'build/check:lint, made again (2)'],
  ['build/check:lint#3-4', 'build/check:lint, attempt 3, made again (4)'],
])('the token %s reads as %s', (token, words) => expect(tokenText(token)).toBe(words))
