import { describe, expect, test } from 'vitest'
import { definitionsOf } from '../../src/plan/definitions.ts'
import { freezePlan, hashOf } from '../../src/plan/freeze.ts'
import type { Plan, StepPlan } from '../../src/plan/plan.ts'
import type { Json } from '../../src/util/json.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/** Another value for each key of a step; the compiler asks for every new one. */
const OTHERS: { readonly [K in Exclude<keyof StepPlan, 'id' | 'at'>]-?: StepPlan[K] } = {
  section: 'finally',
  action: { kind: 'run', argv: ['x'] },
  needs: [{ step: 'first', on: 'completed' }],
  gates: ['g'],
  quorum: { share: 0.5 },
  when: 'true',
  timeoutMs: 1,
  graceMs: 1,
  dueMs: 1,
  onTimeout: 'escalate',
  // biome-ignore lint/suspicious/noThenProperty: a key of the language, and no promise
  stall: { idleMs: 1, nudge: 0, then: 'kill' },
  failures: { flaky: { match: 'x', exit: undefined, hint: undefined, recover: undefined } },
  retry: { attempts: 2, only: [], backoffMs: 1, factor: 1, maxMs: 1, jitter: 0 },
  allowFailure: true,
  effects: 'external',
  interrupted: 'fail',
  foreach: { items: ['x'], key: undefined, needs: undefined, maxParallel: undefined },
  repeat: { until: 'true', max: 1, delayMs: 0, onMax: 'stop' },
  mutex: 'x',
  isolation: 'worktree',
  owns: ['x'],
  outputs: { x: { type: 'string' } },
  checks: [check('x')],
  env: { X: 'x' },
  cwd: 'x',
  with: { x: 'x' },
  agent: 'x',
  task: 'x',
  phase: 'x',
  permissions: { allow: [], deny: ['x'], ask: {} },
  granted: ['x'],
  escalation: { when: 'true', to: 'x', fields: [] },
}

const frozen = (draft: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}): Plan => {
  const { format: _, hash: __, ...rest } = planOf(draft, others)
  return freezePlan(rest)
}
const withStep = (step: StepDraft): Plan => {
  const gates = [gate('g', { of: ['first'], before: [] })]
  return frozen({ gates, steps: { first: {}, s: step, after: { needs: ['s'] } } })
}
const definitions = (plan: Plan) => definitionsOf(plan).get('main')!.steps
const stored = (plan: Plan) => JSON.parse(JSON.stringify(plan)) as Plan

describe('the hash of a plan and the definition of a step', () => {
  test.each(Object.entries(OTHERS))('change with `%s`', (key, value) => {
    const [one, other] = [withStep({}), withStep({ [key]: value })]
    expect(other.hash).not.toBe(one.hash)
    expect(definitions(other).get('s')).not.toBe(definitions(one).get('s'))
    expect(definitions(other).get('after')).not.toBe(definitions(one).get('after'))
    expect(definitions(other).get('first')).toBe(definitions(one).get('first'))
  })

  test('stay the same wherever a step, a check and a gate are written, and in whatever order the names of their maps are', () => {
    const plan = (at: string, env: StepPlan['env'], given: StepPlan['with']) =>
      frozen({
        file: `${at}.yaml`,
        gates: [gate('g', { of: ['s'], checks: [check('c', { at })], at })],
        steps: { s: { env, with: given, checks: [check('c', { at })], at } },
      })
    const one = plan('a', { A: '1', B: '2' }, { list: [1, { x: 1, y: 2 }], name: 'x' })
    const other = plan('b', { B: '2', A: '1' }, { name: 'x', list: [1, { x: 1, y: 2 }] })
    expect(other.hash).toBe(one.hash)
    expect(definitions(other)).toEqual(definitions(one))
  })

  test('change with an order that says something: of failures, of rules that ask, of a map that is a value', () => {
    const failure = (match: string) => ({ match, exit: undefined, hint: undefined, recover: undefined })
    const rails = (ask: StepPlan['permissions']['ask']) => ({ allow: [], deny: [], ask })
    const swapped: readonly (readonly [StepDraft, StepDraft])[] = [
      [{ failures: { a: failure('foo'), b: failure('fo') } }, { failures: { b: failure('fo'), a: failure('foo') } }],
      [
        { permissions: rails({ 'git/*': 'a', 'git/tag': 'b' }) },
        { permissions: rails({ 'git/tag': 'b', 'git/*': 'a' }) },
      ],
      [{ with: { map: { x: 1, y: 2 } } }, { with: { map: { y: 2, x: 1 } } }],
    ]
    for (const [one, other] of swapped) {
      expect(withStep(other).hash).not.toBe(withStep(one).hash)
      expect(definitions(withStep(other)).get('s')).not.toBe(definitions(withStep(one)).get('s'))
    }
    const vars = (m: Json) => frozen({ vars: { m }, steps: { s: { with: { keys: '${{ vars.m.map(k, k) }}' } } } })
    const [one, other] = [vars({ x: 1, y: 2 }), vars({ y: 2, x: 1 })]
    expect(other.hash).not.toBe(one.hash)
    expect(definitions(other).get('s')).not.toBe(definitions(one).get('s'))
  })

  test('are by the rules of today also of a plan on record that got its hash by others', () => {
    const plan = withStep({})
    expect(hashOf({ ...stored(plan), hash: 'made otherwise' } as Plan)).toBe(plan.hash)
  })

  test('are of the meaning: a plan that was stored and read again has the same', () => {
    for (const plan of Object.entries(OTHERS).map(([key, value]) => withStep({ [key]: value }))) {
      const { format: _, hash, ...rest } = stored(plan)
      expect(freezePlan(rest).hash).toBe(hash)
      expect(definitions(stored(plan))).toEqual(definitions(plan))
    }
  })

  test('keep apart what stands beside each other: a step moved to another pipeline, an argument cut in two', () => {
    const call = { action: { kind: 'pipeline' as const, pipeline: 'sub' } }
    const moved = frozen({ steps: { call, a: {} } }, { sub: { steps: { b: {} } } })
    expect(frozen({ steps: { call } }, { sub: { steps: { a: {}, b: {} } } }).hash).not.toBe(moved.hash)
    const argv = (...words: string[]) => withStep({ action: { kind: 'run', argv: words } }).hash
    expect(argv('a b')).not.toBe(argv('a', 'b'))
    expect(argv('a","b')).not.toBe(argv('a', 'b'))
  })

  test('hold what is around the steps: a var, a limit, the module of an action, the people', () => {
    const { format: _, hash, ...plan } = frozen({ steps: { s: {} } })
    const main = plan.pipelines.main!
    const hashes = [
      freezePlan({ ...plan, pipelines: { main: { ...main, vars: { v: 1 } } } }).hash,
      freezePlan({ ...plan, pipelines: { main: { ...main, maxParallel: 1 } } }).hash,
      freezePlan({ ...plan, pipelines: { main: { ...main, gates: [gate('g')] } } }).hash,
      freezePlan({ ...plan, modules: { './x.js': { path: 'x.js', sha256: '0' } } }).hash,
      freezePlan({ ...plan, people: {} }).hash,
      freezePlan({ ...plan, agentLimits: { a: 1 } }).hash,
      freezePlan({ ...plan, places: { a: 1 } }).hash,
    ]
    expect(new Set([hash, ...hashes]).size).toBe(hashes.length + 1)
  })
})
