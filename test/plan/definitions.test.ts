import { describe, expect, test } from 'vitest'
import { definitionsOf } from '../../src/plan/definitions.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Json, JsonObject } from '../../src/util/json.ts'
import { check, gate, type PipelineDraft, planOf, type StepDraft } from '../support/plans.ts'

/*
 * What a step and a gate take in that stands elsewhere: whatever of it changes, they are others, and those beside them are not.
 *
 *   s, other      gate g of s
 */
const draft = (more: Partial<PipelineDraft>, s: StepDraft = {}): PipelineDraft => ({
  gates: [gate('g', { of: ['s'] })],
  steps: { s, other: {} },
  ...more,
})
const module = (uses: string) => ({ kind: 'action' as const, uses })
const launching = (uses: string) => check('c', { judge: { kind: 'step', action: module(uses), with: {}, env: {} } })
const requiring = (condition: string) => check('c', { judge: { kind: 'require', require: condition } })

interface Side {
  readonly plan: Plan
  readonly inputs?: JsonObject
}

/** Which of them are others. */
function changed(one: Side, other: Side): string[] {
  const [before, after] = [one, other].map(({ plan, inputs }) => definitionsOf(plan, inputs).get('main')!)
  const steps = [...before!.steps].filter(([id, text]) => after!.steps.get(id) !== text)
  const gates = [...before!.gates].filter(([id, text]) => after!.gates.get(id) !== text)
  return [...steps, ...gates].map(([id]) => id)
}

describe('vars', () => {
  const byVar = (s: StepDraft, more: Partial<PipelineDraft> = {}): string[] => {
    const plan = (v: Json) => ({ plan: planOf(draft({ vars: { v, far: '${{ vars.v }}', unread: 'x' }, ...more }, s)) })
    return changed(plan(1), plan(2))
  }

  test.each([
    ['by its name', { with: { x: '${{ vars.v }}' } }],
    ['through another', { with: { x: '${{ vars.far }}' } }],
    ['in brackets', { with: { x: "${{ vars['v'] }}" } }],
    ['over two lines', { with: { x: '${{ vars\n  .v }}' } }],
    ['all of them', { with: { x: '${{ vars }}' } }],
    ['by a name that only the run knows', { with: { x: '${{ vars[run.id] }}' } }],
    ['in a condition', { when: 'vars.v == 1' }],
    ['in a check', { checks: [requiring('vars.v == 1')] }],
    ['in a repair', { failures: { f: failing({ x: '${{ vars.v }}' }) } }],
    ['in a word of a command', { action: { kind: 'run', argv: ['echo', '${{ vars.v }}'] } }],
  ] as readonly (readonly [string, StepDraft])[])('read %s make a step what it is', (_, s) => {
    expect(byVar(s)).toEqual(['s'])
  })

  test('that nothing reads, or of which a script only speaks, make no step another', () => {
    expect(byVar({ with: { x: '${{ vars.unread }}' } })).toEqual([])
    expect(byVar({ action: { kind: 'run', script: 'echo vars.v of it', shell: 'sh' } })).toEqual([])
  })

  test('that the environment of the pipeline reads are read by all that is in it', () => {
    expect(byVar({}, { env: { VERSION: '${{ vars.far }}' } })).toEqual(['s', 'other', 'g'])
  })

  test.each([
    ['a check', { checks: [requiring('vars.v == 1')] }],
    ['its `when`', { when: 'vars.far == 1' }],
  ])('that %s of a gate reads make the gate what it is', (_, more) => {
    expect(byVar({}, { gates: [gate('g', { of: ['s'], ...more })] })).toEqual(['g'])
  })

  test('that a gate reads make what waits for it another', () => {
    const gates = [gate('g', { of: ['s'], before: ['other'], checks: [requiring('vars.v == 1')] })]
    expect(byVar({}, { gates })).toEqual(['other', 'g'])
  })
})

function failing(given: JsonObject, uses = 'git/tag') {
  const recover = { action: module(uses), with: given, timeoutMs: undefined }
  return { match: 'x', exit: undefined, hint: undefined, recover }
}

describe('modules', () => {
  const byModule = (root: PipelineDraft, others: { readonly [name: string]: PipelineDraft } = {}): string[] => {
    const modules = (sha256: string) => ({ './x.mjs': { path: 'x.mjs', sha256 } })
    const plan = planOf(root, others)
    return changed({ plan: { ...plan, modules: modules('1') } }, { plan: { ...plan, modules: modules('2') } })
  }

  test.each([
    ['its action', { action: module('./x.mjs') }],
    ['a check', { checks: [launching('./x.mjs')] }],
    ['a repair', { failures: { f: failing({}, './x.mjs') } }],
  ] as readonly (readonly [string, StepDraft])[])('that %s uses make a step what it is', (_, s) => {
    expect(byModule(draft({}, s))).toEqual(['s'])
  })

  test('that a check of a gate uses make the gate what it is', () => {
    expect(byModule(draft({ gates: [gate('g', { of: ['s'], checks: [launching('./x.mjs')] })] }))).toEqual(['g'])
  })

  test('that a gate of a sub-pipeline uses make the step that runs it another', () => {
    const sub = { gates: [gate('inner', { checks: [launching('./x.mjs')] })], steps: { a: {} } }
    expect(byModule(draft({}, { action: { kind: 'pipeline', pipeline: 'sub' } }), { sub })).toEqual(['s'])
  })
})

describe('what else is around', () => {
  test('the inputs that are read, by their values: a new default for one that nobody gave', () => {
    const plan = planOf(
      draft({ inputs: { a: { type: 'string' } }, vars: { v: '${{ inputs.a }}' } }, { when: 'vars.v == ""' }),
    )
    expect(changed({ plan, inputs: { a: null } }, { plan, inputs: { a: 'new' } })).toEqual(['s'])
    expect(changed({ plan, inputs: { a: null, b: 1 } }, { plan, inputs: { b: 2 } })).toEqual([])
  })

  test('where the pipeline works', () => {
    const [one, other] = [planOf(draft({})), planOf(draft({ isolation: 'worktree' }))]
    expect(changed({ plan: one }, { plan: other })).toEqual(['s', 'other', 'g'])
  })

  test('not the people: what was decided stays decided', () => {
    const plan = planOf(draft({}, { action: { kind: 'ask', prompt: 'x', from: ['maintainers'], answer: {} } }))
    expect(changed({ plan }, { plan: { ...plan, people: {} } })).toEqual([])
  })
})
