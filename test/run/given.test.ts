import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/expr/evaluate.ts'
import { givenFor, rootsOf } from '../../src/run/given.ts'
import { fits } from '../../src/run/judge.ts'
import type { Json } from '../../src/util/json.ts'

const ROOTS = {
  inputs: { version: '1.2', list: [1, 2], map: { a: { b: 3 } }, none: null },
  vars: { name: 'x' },
  steps: { build: { status: 'succeeded', outputs: { duration: '5s', tag: 'v1' } } },
}
const given = (text: string) => JSON.parse(JSON.stringify(givenFor(text, ROOTS) ?? null)) as Json

describe('what the condition of a wait reads is put on record', () => {
  it.each<[string, Json]>([
    ["payload.version == '1'", null],
    ["signal == 'X' && payload.a == 1", null],
    ['payload.version == inputs.version', { inputs: { version: '1.2' } }],
    ["payload.a == inputs.version && vars.name == 'x'", { inputs: { version: '1.2' }, vars: { name: 'x' } }],
    ['inputs.map.a.b == 3', { inputs: { map: { a: { b: 3 } } } }],
    ['inputs.map.a.b == 3 && inputs.map.a != null', { inputs: { map: { a: { b: 3 } } } }],
    ['inputs.map != null && inputs.map.a.b == 3', { inputs: { map: { a: { b: 3 } } } }],
    ['inputs.none == null', { inputs: { none: null } }],
    ['inputs.none.deep == 1', { inputs: { none: null } }],
    ['inputs.list.exists(n, n == payload.n)', { inputs: { list: [1, 2] } }],
    ["steps.build.outputs.tag == 'v1'", { steps: { build: { outputs: { tag: 'v1' } } } }],
    ['vars == payload.v', { vars: { name: 'x' } }],
    ['this is no condition', null],
  ])('%s', (text, expected) => expect(given(text)).toEqual(expected))

  it('is judged by that, and by nothing that came later', () => {
    const text = 'payload.version == inputs.version'
    const wait = {
      kind: 'signal',
      prompt: '',
      from: [],
      persons: [],
      self: true,
      startedBy: { name: 'a' },
      when: text,
    } as const
    const record = givenFor(text, ROOTS)!
    expect(fits({ ...wait, given: record }, { version: '1.2' })).toBe(true)
    expect(fits({ ...wait, given: record }, { version: '1.3' })).toBe(false)
    expect(fits(wait, { version: '1.2' })).toBe(false)
  })

  it('has its times as times again, and texts that only look like one as texts', () => {
    const record = {
      steps: { build: { duration: '90s', outputs: { duration: '90s' } } },
      run: { duration: '1m30s', steps: [{ duration: '90s' }] },
    }
    const roots = rootsOf(record)
    for (const text of [
      "steps.build.duration == duration('90s')",
      "run.duration == duration('90s')",
      "run.steps[0].duration == duration('90s')",
      "steps.build.outputs.duration == '90s'",
    ])
      expect([text, evaluate(text, roots)]).toEqual([text, { ok: true, value: true }])
    expect(rootsOf(undefined)).toEqual({})
    expect(Object.keys(rootsOf({ vars: { a: 1 } }))).toEqual(['vars'])
  })
})
