import { describe, expect, it } from 'vitest'
import { checkExpression, checkTemplate } from '../../src/expr/check.ts'
import { SCOPE } from './scope.ts'

function problems(source: string, expected?: 'bool' | 'string' | 'int'): string[] {
  return checkExpression(source, SCOPE, expected).problems.map(
    ({ kind, start, end }) => `${kind} ${source.slice(start, end)}`,
  )
}

const hint = (source: string) => checkExpression(source, SCOPE).problems[0]?.hint ?? ''

describe('checking an expression', () => {
  it.each([
    'inputs.branch.startsWith("release/") && inputs.force',
    'inputs.count + 1 > 3 && inputs.ratio > 2',
    'inputs.count + inputs.ratio * 2 <= 3.5',
    "inputs.mode == 'quick' || inputs.mode in ['quick', 'full']",
    "steps.build.status != 'failed'",
    'inputs.anything.deep.down[0] == 3 && inputs.anything',
    "glob(inputs.branch, 'release/**') && inputs.branch.regex('^v[0-9]+$')",
    'inputs.tags.exists(t, t.size() > 3)',
    "steps.fan.each.filter(i, i.status == 'failed').map(i, i.key).join(', ') != ''",
    "steps['build'].attempts > 2",
    "duration('90m') > duration('1h')",
    'inputs.labels.exists(k, inputs.labels[k] != null && inputs.labels[k].size() > 2)',
    "size(inputs.tags) > 0 && inputs.tags[0] == 'x'",
    "'x' in inputs.labels || 'x' in inputs.tags",
    'cel.bind(n, inputs.count * 2, n * n > 8)',
    "{'a': inputs.count}.a == 1",
    'inputs.count / 2 == 1 && inputs.ratio / 2.0 > 1 && double(inputs.ratio) / 2 > 1',
    "timestamp('2026-01-01T00:00:00Z') + duration('1h') > timestamp('2025-01-01T00:00:00Z')",
    "(inputs.force ? 'quick' : 'full') == inputs.mode",
    "string(inputs.count) + string(inputs.ratio) != ''",
  ])('accepts %s', (source) => {
    expect(checkExpression(source, SCOPE, 'bool')).toEqual({ type: { kind: 'bool' }, problems: [] })
  })

  it.each([
    ['input.branch', ['unknown-root input']],
    ['inputs.brnch', ['unknown-property brnch']],
    ["steps['biuld'].status", ["unknown-property 'biuld'"]],
    ['steps.build.ouputs.ok', ['unknown-property ouputs']],
    ['steps.fan.each.status', ['unknown-property status']],
    ['inputs.tags.size', ['unknown-property size']],
    ["steps.build.status == 'sucess'", ["enum 'sucess'"]],
    ["'sucess' == steps.build.status", ["enum 'sucess'"]],
    ["steps.build.status in ['failed', 'done']", ["enum 'done'"]],
    ['steps.build.status == inputs.mode', ['enum steps.build.status == inputs.mode']],
    ["(inputs.force ? 'quick' : 'ful') == inputs.mode", ["enum inputs.force ? 'quick' : 'ful'"]],
    ["inputs.count == '3'", ["type inputs.count == '3'"]],
    ['inputs.branch + inputs.count', ['type inputs.branch + inputs.count']],
    ['inputs.branch > 3', ['type inputs.branch > 3']],
    ['inputs.tags == inputs.branch', ['type inputs.tags == inputs.branch']],
    ['inputs.ratio / 2', ['type inputs.ratio / 2']],
    ['inputs.ratio % 2', ['type inputs.ratio % 2']],
    ['[inputs.ratio * 1.0][0] / 2', ['type [inputs.ratio * 1.0][0] / 2']],
    ['inputs.tags["a"]', ['type "a"']],
    ['inputs.branch[0]', ['type inputs.branch[0]']],
    ["'a' in inputs.branch", ['type inputs.branch']],
    ['!inputs.branch', ['type inputs.branch']],
    ['inputs.count ? 1 : 2', ['type inputs.count']],
    ['inputs.tags.filter(t, t)', ['type t']],
    ['inputs.count.map(t, t)', ['type inputs.count']],
    ['inputs.tags.map(t, t.foo)', ['unknown-property foo']],
    ['inputs.tags.exists(t)', ['type exists']],
    ["inputs.branch.matches('a')", ['refused matches']],
    ["matches(inputs.branch, 'a')", ['refused matches']],
    ['type(inputs.branch)', ['refused type']],
    ['1u + inputs.count', ['refused 1u']],
    ["inputs.branch.regex('(a')", ["type '(a'"]],
    ["inputs.branch.regex('(?=a)')", ["type '(?=a)'"]],
    ["glob(inputs.branch, '')", ["type ''"]],
    ["duration('3d')", ["type '3d'"]],
    ["timestamp('yesterday')", ["type 'yesterday'"]],
    ["int('x')", ["type 'x'"]],
    ['inputs.branch.startWith("a")', ['unknown-function startWith']],
    ['startsWith(inputs.branch, "a")', ['unknown-function startsWith']],
    ['inputs.branch.startsWith(1)', ['type inputs.branch.startsWith(1)']],
    ['has(inputs)', ['type has(inputs)']],
    ['has(inputs.nope)', ['unknown-property nope']],
    ['{a: 1}', ['unknown-root a']],
    ['{1: 2}', ['type 1']],
    ['inputs.branch == main', ['unknown-root main']],
  ])('refuses %s at the narrowest place', (source, expected) => {
    expect(problems(source)).toEqual(expected)
  })

  it('finds every problem of an expression, in the order of the text', () => {
    expect(problems("input.x == 1 && steps.build.status == 'ok' || inputs.tags.exists(t, t.nme == y)")).toEqual([
      'unknown-root input',
      "enum 'ok'",
      'unknown-property nme',
      'unknown-root y',
    ])
  })

  it('tells one cause once', () => {
    expect(problems('inputs.brnch.size() + 1 > 2 && inputs.brnch2.x.y')).toEqual([
      'unknown-property brnch',
      'unknown-property brnch2',
    ])
  })

  it.each([
    ['input.branch', 'did you mean `inputs`? known here: inputs, steps'],
    ['steps.biuld', 'did you mean `build`? it has: build, fan'],
    ["steps.build.status == 'faild'", "did you mean `'failed'`? it is one of succeeded, failed, skipped"],
    ['inputs.branch == main', "a text is quoted: `'main'`; known here: inputs, steps"],
    ['steps.build-it.status', '`-` subtracts; a name with a dash is read as `["…-it"]`'],
    ["inputs.count == '3'", 'write `3` without quotes'],
    ['inputs.branch + inputs.count', 'make it text: `string(inputs.count)`'],
    ["duration('3d')", 'units are h, m, s, ms: `72h`'],
    ["duration('1h') > '5m'", "a duration is written `duration('5m')`"],
    ["'a' in inputs.branch", "write `inputs.branch.contains('a')`"],
    ["inputs.branch.matches('a')", 'use `text.regex(pattern)`, which takes linear time'],
    ['{a: 1}', "a key is quoted: `'a'`"],
    ['inputs.count > inputs.branch', 'make both the same: `int(inputs.branch)`'],
    ["inputs.count == 'many'", 'make both the same: `string(inputs.count)`'],
    ['inputs.tags[inputs.branch] == "a"', 'write `int(inputs.branch)`'],
    ['{inputs.count: 1}', 'write `string(inputs.count)`'],
    ['inputs.count in {"a": 1}', 'write `string(inputs.count)`'],
    ['-inputs.branch', 'write `-int(inputs.branch)`'],
    ["inputs.branch.regex('(?=a)')", 'the syntax is that of RE2, which has no look-around and no back references'],
    ['!inputs.branch', "compare it: `inputs.branch != ''`"],
  ])('hints for %s', (source, expected) => {
    expect(hint(source)).toBe(expected)
  })

  it('asks the place for its kind', () => {
    expect(problems('inputs.branch', 'bool')).toEqual(['type inputs.branch'])
    expect(problems('inputs.count', 'string')).toEqual(['type inputs.count'])
    expect(problems('inputs.ratio', 'int')).toEqual(['type inputs.ratio'])
    expect(problems('inputs.anything', 'int')).toEqual([])
  })

  it('gives the type, with the values a text can have', () => {
    expect(checkExpression("inputs.force ? 'quick' : 'full'", SCOPE).type).toMatchObject({ values: ['quick', 'full'] })
    expect(checkExpression('steps.fan.each.map(i, i.score)', SCOPE).type).toEqual({
      kind: 'list',
      of: { kind: 'double', nullable: true },
    })
  })
})

describe('checking a template', () => {
  it('gives offsets into the text, for problems and references', () => {
    const text = 'Publish ${{ inputs.brnch }} of ${{ steps.build.status }}'
    const { type, problems: found, references } = checkTemplate(text, SCOPE)
    expect(type).toEqual({ kind: 'string' })
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['brnch'])
    expect(references.map(({ start, end }) => text.slice(start, end))).toEqual(['inputs.brnch', 'steps.build.status'])
  })

  it('keeps the type of a lone expression and knows a plain text', () => {
    expect(checkTemplate('${{ inputs.count }}', SCOPE).type).toEqual({ kind: 'int' })
    expect(checkTemplate('${{ inputs.note }}', SCOPE).type).toEqual({ kind: 'string', nullable: true })
    expect(checkTemplate('quick', SCOPE).type).toMatchObject({ kind: 'string', values: ['quick'] })
  })

  it('lets a null into a mixed text, where it is nothing', () => {
    expect(checkTemplate('note: ${{ inputs.note }}', SCOPE).problems).toEqual([])
  })

  it('reports what is never closed beside what is wrong before it', () => {
    const kinds = checkTemplate('${{ nope }} ${{ x', SCOPE).problems.map(({ kind, start }) => `${kind} ${start}`)
    expect(kinds).toEqual(['unknown-root 4', 'syntax 12'])
  })
})
