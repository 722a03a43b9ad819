import { describe, expect, it } from 'vitest'
import { durationValue, evaluate, type Roots, render } from '../../src/expr/evaluate.ts'
import { lazyRecord } from '../../src/expr/lazy.ts'
import type { Json } from '../../src/util/json.ts'

const ROOTS: Roots = {
  inputs: { n: 3, half: 0.5, text: 'release/1.2', list: [1, 2, 3], flag: true, none: null, map: { a: 1, b: null } },
  steps: { build: { status: 'succeeded', outputs: { ok: true, gone: null } }, last: { outputs: {} } },
  run: { duration: durationValue(90_000) },
}

function value(source: string, roots: Roots = ROOTS): Json {
  const evaluated = evaluate(source, roots)
  if (!evaluated.ok) throw new Error(evaluated.message)
  return evaluated.value
}

function failure(source: string, roots: Roots = ROOTS): string {
  const evaluated = evaluate(source, roots)
  return evaluated.ok ? `no failure: ${JSON.stringify(evaluated.value)}` : evaluated.message
}

describe('evaluating an expression', () => {
  it.each<[string, Json]>([
    ['inputs.n + 1', 4],
    ['inputs.n * inputs.half', 1.5],
    ['inputs.n / 2', 1],
    ['inputs.n / 2.0', 1.5],
    ['inputs.n % 2 - -1', 2],
    ['inputs.n == 3.0 && 3 < 3.5', true],
    ["inputs.text.startsWith('release/') ? inputs.text.substring(8) : ''", '1.2'],
    ["'a' + string(inputs.n) + string(inputs.half)", 'a30.5'],
    ['inputs.list.map(x, x * 2)', [2, 4, 6]],
    ['inputs.list.map(x, x > 1, x * 2)', [4, 6]],
    ['inputs.list.filter(x, x > 1).size()', 2],
    ['inputs.list.exists_one(x, x == 2) && inputs.list.all(x, x > 0)', true],
    ['inputs.list + [4.5]', [1, 2, 3, 4.5]],
    ['2 in inputs.list && !(9 in inputs.list)', true],
    ["'a' in inputs.map", true],
    ["inputs.map.map(k, k + '!')", ['a!', 'b!']],
    ['inputs.map.size() + size(inputs.text)', 13],
    ["{'a': {'b': [1, null]}}", { a: { b: [1, null] } }],
    ["inputs.list.map(x, string(x)).join('-')", '1-2-3'],
    ["'a,b'.split(',')", ['a', 'b']],
    ['cel.bind(t, inputs.n * 2, t * t)', 36],
    ["inputs.text.regex('^release/[0-9.]+$') && !inputs.text.regex('^x')", true],
    ["glob(inputs.text, 'release/*') && !glob('a/b/c', 'a/*') && glob('a/.b/c', 'a/**')", true],
    ["timestamp('2026-01-31T00:00:00Z') + duration('24h')", '2026-02-01T00:00:00.000Z'],
    ["b'abc'", 'YWJj'],
    ["steps['build'].status", 'succeeded'],
    ["dyn(inputs.n) == 'x'", false],
    ["[1, 2] == inputs.list || {'a': 1, 'b': null} != inputs.map", false],
    ["[1, 2, 3] == inputs.list && {'a': 1} != inputs.map && {'a': 1, 'c': null} != inputs.map", true],
    ["b'ab' + b'c' == b'abc' && bytes('abc') == b'abc'", true],
    ["duration('1h') == duration('60m') && duration('1h') - duration('30m') < duration('31m')", true],
    ["timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z')", '24h'],
    ["timestamp('2026-01-02T00:00:00Z') - duration('24h') == timestamp('2026-01-01T00:00:00Z')", true],
    ["duration('1h') + timestamp('2026-01-02T00:00:00Z')", '2026-01-02T01:00:00.000Z'],
    ["'a' < 'b' && 'b' <= 'b' && true > false && 2.5 >= 2", true],
    ['-inputs.half - inputs.half', -1],
  ])('%s', (source, expected) => {
    expect(value(source)).toEqual(expected)
  })

  it.each<[string, Json]>([
    ["duration('90m')", '1h30m'],
    ["duration('1500ms')", '1s500ms'],
    ["duration('0s')", '0s'],
    ["duration('72h') - duration('73h')", '-1h'],
    ['run.duration', '1m30s'],
    ["run.duration > duration('1m') && run.duration + duration('30s') == duration('2m')", true],
    ["string(run.duration) + '!'", '1m30s!'],
  ])('writes a duration as duration keys read it: %s', (source, expected) => {
    expect(value(source)).toEqual(expected)
  })

  it.each<[string, Json]>([
    ['steps.build.outputs.nope', null],
    ['steps.last.outputs.x == null', true],
    ["inputs.map['zzz']", null],
    ['inputs.none == null && inputs.n != null && inputs.none != 3', true],
    ['has(inputs.map.a) && !has(inputs.map.b) && !has(inputs.map.c) && !has(inputs.none.x.y)', true],
    ['steps.build.outputs.gone == true', false],
  ])('reads what is absent as null: %s', (source, expected) => {
    expect(value(source)).toEqual(expected)
  })

  it.each([
    ['inputs.none.x', '`inputs.none` is null, so `inputs.none.x` cannot be read'],
    ['inputs.none && true', '`inputs.none` is null, not true or false'],
    ['inputs.none + 1', '`+` does not work on null and int'],
    ['inputs.none > 1', '`>` does not work on null and int'],
    ['inputs.none.size()', '`size` cannot be called on null with no arguments'],
    ['inputs.list[7]', '`inputs.list` has 3 items, so there is no item 7'],
    ["inputs.list['a']", 'a list is read by a whole number, not by string'],
    ['inputs.text[0]', '`inputs.text` is string, so `inputs.text[0]` cannot be read'],
    ['inputs.n.filter(x, true)', '`inputs.n` is int, not a list'],
    ['nope.x', 'nothing here is called `nope`'],
    ['1 / 0', 'division by zero'],
    ['1 % 0', 'division by zero'],
    ['1.0 / 0.0', 'the result Infinity is not a number that JSON has'],
    ['9223372036854775807 + 1', 'a whole number leaves the range of 64 bits'],
    ['9007199254740993', 'the whole number 9007199254740993 is too large for JSON'],
    ["inputs.text.matches('a')", '`matches` is not available: use `text.regex(pattern)`, which takes linear time'],
    ["inputs.text.regex('(a')", '`(a` is no pattern: missing closing ): `(a`'],
    ["glob('a', '')", '`` is no glob: the pattern is empty'],
    ["int('x')", /^`int`: /],
    ["duration('3d')", /^`duration`: /],
    ['inputs.text.nope(1)', '`nope` cannot be called on string with int'],
    ['1u', 'unsigned numbers are not available: write the number without `u`'],
    ['{1: 2}', 'the key of a map is text, not int'],
    ['a ==', 'the expression ends too early'],
    ["has('x')", '`has` takes a field: `has(a.b)`'],
    ['inputs.half % 2', '`%` works on whole numbers only'],
  ])('fails with a short message: %s', (source, message) => {
    if (typeof message === 'string') expect(failure(source)).toBe(message)
    else expect(failure(source)).toMatch(message)
  })

  it('forgives a failure where the other side decides, as CEL says', () => {
    expect(value('inputs.none.x || true')).toBe(true)
    expect(value('inputs.none.x && false')).toBe(false)
    expect(failure('inputs.none.x || false')).toContain('inputs.none')
    expect(value("[1, 'a', 3].exists(x, x > 2)")).toBe(true)
    expect(value("[1, 'a', 3].all(x, x > 2)")).toBe(false)
    expect(failure("[1, 'a'].exists(x, x > 2)")).toContain('`>`')
    expect(failure("[3, 'a'].filter(x, x > 2)")).toContain('`>`')
  })

  it('lets an inner variable hide an outer one', () => {
    expect(value('[1, 2].map(x, [10, 20].map(x, x).size() + x)')).toEqual([3, 4])
    expect(value('[1].map(inputs, inputs + 1)')).toEqual([2])
  })

  it.each([
    'inputs.constructor',
    'inputs.__proto__',
    "inputs['toString']",
    'inputs.list.filter(x, true)[0].valueOf.name',
  ])('never reaches a prototype: %s', (source) => {
    const evaluated = evaluate(source, ROOTS)
    expect(evaluated.ok ? evaluated.value : null).toBeNull()
  })

  it('leaves no prototype key in what it gives', () => {
    const given = value('x', { x: JSON.parse('{"__proto__": {"admin": true}, "a": 1}') })
    expect(given).toEqual({ a: 1 })
    expect((given as { admin?: boolean }).admin).toBeUndefined()
    const made = value("{'__proto__': {'admin': true}, 'b': 1}") as { admin?: boolean; b?: number }
    expect([made.admin, made.b]).toEqual([undefined, 1])
    expect(failure('constructor', {})).toBe('nothing here is called `constructor`')
  })
})

describe('lazy roots', () => {
  it('are asked only for what the expression reads', () => {
    const touched: string[] = []
    const steps = lazyRecord({
      keys: () => Array.from({ length: 10_000 }, (_, i) => `s${i}`),
      has: (name) => /^s\d+$/.test(name),
      get: (name) => {
        touched.push(name)
        return { status: 'succeeded', outputs: { n: Number(name.slice(1)) } }
      },
    })
    expect(value("steps.s7.outputs.n + 1 == 8 || steps.s8.status == 'x'", { steps })).toBe(true)
    expect(touched).toEqual(['s7'])
    expect(value('steps.nope == null && size(steps) == 10000', { steps })).toBe(true)
    expect(touched).toEqual(['s7'])
    expect(value('steps.exists(s, steps[s].outputs.n == 2)', { steps })).toBe(true)
    expect(touched).toEqual(['s7', 's0', 's1', 's2'])
  })

  it('may be getters too', () => {
    let reads = 0
    const roots = {
      get steps(): Json {
        reads++
        return { a: 1 }
      },
      get unused(): Json {
        throw new Error('read without need')
      },
    }
    expect(value('steps.a', roots)).toBe(1)
    expect(reads).toBe(1)
  })

  it('are plain JSON in a result', () => {
    const steps = lazyRecord({
      keys: () => ['a', 'b'],
      has: (name) => name === 'a' || name === 'b',
      get: (name) => [name, 1],
    })
    expect(value('steps', { steps })).toEqual({ a: ['a', 1], b: ['b', 1] })
    expect(JSON.parse(JSON.stringify(steps))).toEqual({ a: ['a', 1], b: ['b', 1] })
    expect(() => {
      ;(steps as Record<string, Json>).a = 1
    }).toThrow()
  })
})

describe('rendering', () => {
  it('keeps the type of a lone expression and makes text of a mixed one', () => {
    const given = {
      a: '${{ inputs.list }}',
      b: ['n=${{ inputs.n }}', ' ${{ inputs.flag }}\n'],
      c: 3,
      d: null,
      e: 'plain',
    }
    expect(render(given, ROOTS)).toEqual({
      ok: true,
      value: { a: [1, 2, 3], b: ['n=3', true], c: 3, d: null, e: 'plain' },
    })
  })

  it.each([
    ['[${{ inputs.none }}]', '[]'],
    ['${{ inputs.flag }}!', 'true!'],
    ['${{ inputs.half }}%', '0.5%'],
    ['x${{ inputs.list }}', 'x[1,2,3]'],
    ['x${{ inputs.map }}', 'x{"a":1,"b":null}'],
    ["x${{ duration('90s') }}", 'x1m30s'],
    ["${{ '${{' }} x }}", '${{ x }}'],
  ])('%s', (text, expected) => {
    expect(render(text, ROOTS)).toEqual({ ok: true, value: expected })
  })

  it('gives a message for what fails or is never closed', () => {
    expect(render({ a: ['x ${{ 1 / 0 }}'] }, ROOTS)).toEqual({ ok: false, message: 'division by zero' })
    expect(render('${{ x', ROOTS)).toEqual({ ok: false, message: '`${{` is never closed' })
  })

  it('does not look into the values that it filled in', () => {
    expect(render('${{ x }} ${{ x }}', { x: '${{ secret }}' })).toEqual({
      ok: true,
      value: '${{ secret }} ${{ secret }}',
    })
  })
})
