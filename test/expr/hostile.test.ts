import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/expr/evaluate.ts'
import { compileGlob } from '../../src/expr/glob.ts'
import { compileRegex } from '../../src/expr/regex.ts'
import type { Json } from '../../src/util/json.ts'

const LIST: Json = Array.from({ length: 100_000 }, (_, i) => i)
const TOO_MANY = { ok: false, message: 'the expression takes too many steps: its lists or texts are too large' }

/** Generous: what is bounded takes a fraction of it, what is not would take hours. */
const SECONDS = 5

function within(run: () => unknown): unknown {
  const before = performance.now()
  const result = run()
  expect((performance.now() - before) / 1000).toBeLessThan(SECONDS)
  return result
}

describe('hostile input', () => {
  it('walks a list of 100,000 items several times', () => {
    const source = 'l.filter(x, x % 2 == 0).map(x, x + 1).exists(x, x == 99999)'
    expect(within(() => evaluate(source, { l: LIST }))).toEqual({ ok: true, value: true })
  })

  it.each([
    'l.exists(a, l.exists(b, a + b < 0))',
    'l.map(a, l.map(b, a)).size() > 0 || true',
    'l.all(a, a in l)',
    'l.exists(a, l.exists(b, l.exists(c, false)))',
    'l.map(a, l + l).size()',
    'l.map(a, l.map(x, string(x)).join(",")).size()',
    `cel.bind(a, l, ${'cel.bind(a, a + a, '.repeat(30)}a.size()${')'.repeat(31)}`,
    "l.all(x, 'x'.regex('x') && t.regex('y*$'))",
    "l.all(x, !glob(t, '**/*a*/**/b'))",
    'l.all(x, t + t != t)',
    'l.all(x, t == u && t >= u)',
    'l.all(x, m.all(k, k in m))',
  ])('ends %s by its budget', (source) => {
    const roots = {
      l: LIST,
      t: 'a'.repeat(100_000),
      u: `${'a'.repeat(50_000)}${'a'.repeat(50_000)}`,
      m: Object.fromEntries((LIST as number[]).map((i) => [`k${i}`, i])),
    }
    expect(within(() => evaluate(source, roots))).toEqual(TOO_MANY)
  })

  it('ends a text that doubles', () => {
    const source = `cel.bind(a, 'aaaaaaaaaaaaaaaa', ${'cel.bind(a, a + a, '.repeat(40)}a${')'.repeat(41)}`
    expect(within(() => evaluate(source, {}))).toEqual({
      ok: false,
      message: 'a text grows beyond 10000000 characters',
    })
  })

  it('gives the same end for the same data', () => {
    const run = () => evaluate('l.filter(x, x >= 0).map(x, x * 2).size()', { l: LIST })
    expect([run(), run()]).toEqual([
      { ok: true, value: 100_000 },
      { ok: true, value: 100_000 },
    ])
  })

  it('takes data of any depth', () => {
    let deep: Json = 1
    for (let i = 0; i < 5000; i++) deep = [deep]
    expect(evaluate('d', { d: deep })).toEqual({ ok: false, message: 'the result is nested too deeply' })
    expect(evaluate('d == d', { d: deep }).ok).toBe(true)
    expect(evaluate('d == e', { d: deep, e: [deep] }).ok).toBeTypeOf('boolean')
  })

  it('turns what a root throws into a message', () => {
    const roots = {
      get x(): Json {
        throw new Error('the store is closed')
      },
    }
    expect(evaluate('x', roots)).toEqual({ ok: false, message: 'the store is closed' })
  })
})

describe('a regex', () => {
  it('takes linear time on patterns that hang others', () => {
    for (const pattern of ['^(a+)+$', '(a|aa)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      const regex = compileRegex(pattern)
      expect(regex.ok && within(() => regex.test(`${'a'.repeat(50_000)}!`))).toBe(false)
    }
  })

  it('searches anywhere, as RegExp does', () => {
    const regex = compileRegex('b+')
    expect(regex.ok && regex.test('abc')).toBe(true)
    expect(regex.ok && regex.test('ac')).toBe(false)
  })

  it.each([
    ['(a', 'missing closing ): `(a`'],
    ['(?=a)', 'lookahead and lookbehind are not in RE2 syntax'],
    ['(?<!a)b', 'lookahead and lookbehind are not in RE2 syntax'],
    ['(a)\\1', 'backreferences are not in RE2 syntax'],
    ['(a{1000}){1000}', 'invalid repeat count: `{1000}`'],
    ['a'.repeat(1001), 'the pattern is longer than 1000 characters'],
  ])('refuses %s with a reason', (pattern, message) => {
    expect(compileRegex(pattern)).toEqual({ ok: false, message })
  })
})

describe('a glob in an expression', () => {
  it('takes linear time on patterns that hang others', () => {
    for (const [pattern, path] of [
      ['*a*a*a*a*a*b', 'a'.repeat(5000)],
      ['**/a/**/a/**/a/**/b', `${'a/'.repeat(3000)}c`],
      ['**/*a*/**/*a*/**/b', `${'a/'.repeat(3000)}c`],
    ] as const) {
      const glob = compileGlob(pattern)
      expect(glob.ok && within(() => glob.test(path))).toBe(false)
    }
  })

  it.each(['../secret', 'a/../b', './a', 'a//b', 'a/', ''])('fits nothing to the path %j', (path) => {
    const glob = compileGlob('**')
    expect(glob.ok && glob.test(path)).toBe(false)
  })

  it('refuses what it cannot match', () => {
    expect(compileGlob('')).toEqual({ ok: false, message: 'the pattern is empty' })
    expect(compileGlob('!(a)').ok).toBe(false)
    expect(compileGlob('a'.repeat(501)).ok).toBe(false)
  })
})
