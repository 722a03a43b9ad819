import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../src/expr/parse.ts'

function references(source: string): string[] {
  const parsed = parseExpression(source)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return parsed.expression.references.map(({ path, start, end }) => `${path.join('.')} = ${source.slice(start, end)}`)
}

describe('the references of an expression', () => {
  it.each([
    ['steps.build.outputs.x + 1', ['steps.build.outputs.x = steps.build.outputs.x']],
    [
      'steps["build-it"].status == inputs.s',
      ['steps.build-it.status = steps["build-it"].status', 'inputs.s = inputs.s'],
    ],
    ['steps.a.each[0].key', ['steps.a.each = steps.a.each']],
    ['steps[inputs.name].status', ['steps = steps', 'inputs.name = inputs.name']],
    ['steps.a.each.filter(i, i.n > inputs.n).size()', ['steps.a.each = steps.a.each', 'inputs.n = inputs.n']],
    ['a.exists(x, b.all(y, x.k == y.k && z.k)) && x.q', ['a = a', 'b = b', 'z.k = z.k', 'x.q = x.q']],
    ['x.map(x, x.y)', ['x = x']],
    ['cel.bind(t, inputs.a, t.b + c)', ['inputs.a = inputs.a', 'c = c']],
    ["has(steps.a.outputs.b) ? {'k': v} : [w]", ['steps.a.outputs.b = steps.a.outputs.b', 'v = v', 'w = w']],
    ["glob(item.path, 'a/**')", ['item.path = item.path']],
    ['1 + 2', []],
  ])('%s', (source, expected) => {
    expect(references(source)).toEqual(expected)
  })
})

describe('the syntax of an expression', () => {
  it.each([
    ['', 'the expression is empty', ''],
    ['a = b', '`=` was not expected here', '='],
    ['a +', 'the expression ends too early', ''],
    ['a and b', '`and` was not expected here', 'and'],
    ["'a", 'a quoted text is never closed', "'a"],
    ['a ? b', 'the expression ends too early', ''],
    ['while', '`while` is a reserved word of CEL', 'while'],
    [`${'('.repeat(500)}a${')'.repeat(500)}`, 'the expression is too large', ''],
    ['!'.repeat(9000), /./, undefined],
    ['a+'.repeat(4000), 'the expression is too large', undefined],
    ['a'.repeat(10_001), 'the expression is longer than 10000 characters', undefined],
  ])('reports %s at its place', (source, message, text) => {
    const parsed = parseExpression(source)
    expect(parsed.ok).toBe(false)
    if (parsed.ok) return
    if (typeof message === 'string') expect(parsed.problem.message).toBe(message)
    else expect(parsed.problem.message).toMatch(message)
    if (text !== undefined) expect(source.slice(parsed.problem.start, parsed.problem.end)).toBe(text)
  })

  it('hints at what other languages write', () => {
    const hints = ['a = b', 'a & b', 'a | b', 'a and b', 'a or b', 'a is b', '$a'].map((source) => {
      const parsed = parseExpression(source)
      return parsed.ok ? undefined : parsed.problem.hint
    })
    expect(hints).not.toContain(undefined)
  })
})
