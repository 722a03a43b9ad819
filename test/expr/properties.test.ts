import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkExpression, checkTemplate } from '../../src/expr/check.ts'
import { evaluate, type Roots, render } from '../../src/expr/evaluate.ts'
import { compileGlob } from '../../src/expr/glob.ts'
import { parseExpression } from '../../src/expr/parse.ts'
import { matchesGlob } from '../../src/util/glob.ts'
import type { Json } from '../../src/util/json.ts'
import { SCOPE } from './scope.ts'

const TOKENS = [
  ...[
    'inputs',
    'steps',
    '.',
    '.build',
    '.outputs',
    '.count',
    '.note',
    '.tags',
    '[0]',
    "['a']",
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
  ],
  ...[
    '+',
    '-',
    '*',
    '/',
    '%',
    '==',
    '!=',
    '<',
    'in',
    '&&',
    '||',
    '!',
    '?',
    ':',
    ',',
    '1',
    '2.5',
    "'a'",
    '"',
    'null',
    'true',
  ],
  ...[
    '.size()',
    '.map(x, x)',
    '.filter(x,',
    'has(',
    'cel.bind(x,',
    'x',
    ' ',
    '${{',
    '}}',
    '//',
    '\n',
    'é',
    '1u',
    "b'a'",
    '.?',
    '\\',
  ],
]
const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 15 }).map((tokens) => tokens.join(''))

const ROOTS: Roots = {
  inputs: { count: 3, note: null, tags: ['a'] },
  steps: { build: { outputs: { count: null } } },
}

describe('any text', () => {
  it('is parsed, checked, evaluated and rendered without a throw, with offsets inside it', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const parsed = parseExpression(text)
        const template = checkTemplate(text, SCOPE)
        const references = parsed.ok ? parsed.expression.references : [parsed.problem]
        const places = [...checkExpression(text, SCOPE, 'bool').problems, ...template.problems, ...template.references]
        for (const { start, end } of [...places, ...references]) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(text.length)
        }
        expect(evaluate(text, ROOTS).ok).toBeTypeOf('boolean')
        expect(render([text, { text }], ROOTS).ok).toBeTypeOf('boolean')
      }),
      { numRuns: 2000 },
    )
  })
})

/** Random expressions over the scope of the tests: most are wrong, enough are right. */
const expression = fc.letrec<{ any: string; bool: string }>((tie) => {
  const paths = ['count', 'ratio', 'branch', 'mode', 'force', 'note', 'tags', 'labels'].map((name) => `inputs.${name}`)
  const outputs = ['ok', 'count', 'name', 'files'].map((name) => `steps.build.outputs.${name}`)
  const leaf = fc.constantFrom(
    ...[...paths, ...outputs, ...outputs, 'steps.build.status', 'steps.fan.each', 'steps.fan.each[0].score'],
    ...[
      "'quick'",
      "'succeeded'",
      "''",
      '1',
      '0',
      '2.5',
      'true',
      'null',
      '[]',
      "['a', 'b']",
      "{'a': 1}",
      "duration('1m')",
    ],
  )
  const two = (ops: readonly string[]) =>
    fc.tuple(tie('any'), fc.constantFrom(...ops), tie('any')).map(([a, op, b]) => `(${a} ${op} ${b})`)
  const guard = fc
    .tuple(fc.constantFrom(...outputs, 'inputs.note'), tie('bool'), fc.constantFrom('!= null &&', '== null ||'))
    .map(([path, rest, op]) => `(${path} ${op} ${rest})`)
  const method = fc.constantFrom(
    '.size()',
    '.contains("a")',
    '.map(x, x)',
    '.filter(x, x != null)',
    '[0]',
    '["a"]',
    '.join(",")',
  )
  return {
    any: fc.oneof(
      { maxDepth: 4 },
      leaf,
      two(['+', '-', '*', '/', '%']),
      tie('bool'),
      fc.tuple(tie('any'), method).map((p) => p.join('')),
    ),
    bool: fc.oneof(
      { maxDepth: 4 },
      two(['==', '!=', '<', '>=', 'in']),
      guard,
      guard,
      fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('any'), tie('bool')).map(([a, b]) => `${a}.exists(x, ${b})`),
      fc.tuple(tie('bool'), tie('any'), tie('any')).map(([c, a, b]) => `((${c} ? ${a} : ${b}) == null)`),
      fc.constantFrom('inputs.force', 'steps.build.outputs.ok', "steps.build.status == 'succeeded'", '!inputs.force'),
    ),
  }
}).bool

const nullable = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null })
const text = fc.constantFrom('', 'a', 'quick', 'ab')
const whole = fc.integer({ min: -3, max: 3 })
const number = fc.constantFrom(0, 1, 2, 2.5, -1)
const succeeded = fc.record({ ok: fc.boolean(), count: whole, name: text, files: fc.array(text, { maxLength: 2 }) })
const absent = fc.constant({ ok: null, count: null, name: null, files: null })
const data = fc.record({
  inputs: fc.record({
    branch: text,
    mode: fc.constantFrom('quick', 'full'),
    count: whole,
    ratio: number,
    force: fc.boolean(),
    note: nullable(text),
    tags: fc.array(text, { maxLength: 3 }),
    labels: fc.dictionary(fc.constantFrom('a', 'b'), text),
    anything: fc.constant(null),
  }),
  steps: fc.record({
    build: fc.oneof(
      fc.record({ status: fc.constant('succeeded'), attempts: fc.constant(1), outputs: succeeded }),
      fc.record({ status: fc.constantFrom('failed', 'skipped'), attempts: fc.constant(1), outputs: absent }),
    ),
    fan: fc.record({
      status: fc.constant('succeeded'),
      each: fc.array(fc.record({ key: text, status: fc.constant('failed'), score: nullable(number) }), {
        maxLength: 2,
      }),
    }),
  }),
})

describe('an expression without problems', () => {
  it('evaluates to true or false whatever the data, save for what types cannot see', () => {
    let accepted = 0
    const unseen = /division by zero|there is no item|64 bits|must contain only strings/
    fc.assert(
      fc.property(expression, data, (source, roots) => {
        if (checkExpression(source, SCOPE, 'bool').problems.length > 0) return
        accepted++
        const evaluated = evaluate(source, roots as unknown as Roots)
        if (evaluated.ok) expect([source, typeof evaluated.value]).toEqual([source, 'boolean'])
        else expect([source, evaluated.message]).toEqual([source, expect.stringMatching(unseen)])
      }),
      { numRuns: 5000 },
    )
    expect(accepted).toBeGreaterThan(200)
  })
})

const arithmetic = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 5 },
    fc.integer({ min: -99, max: 99 }).map((n) => (n < 0 ? `(${n})` : `${n}`)),
    fc.tuple(tie('e'), fc.constantFrom('+', '-', '*'), tie('e')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie('e'), fc.constantFrom('<', '==', '>='), tie('e'), tie('e'), tie('e'))
      .map(([a, op, b, c, d]) => `(${a} ${op} ${b} ? ${c} : ${d})`),
  ),
})).e

describe('arithmetic', () => {
  it('is that of JavaScript on whole numbers', () => {
    fc.assert(
      fc.property(arithmetic, (source) => {
        const expected = new Function(`return ${source.replaceAll('==', '===')}`)() as number
        fc.pre(Number.isSafeInteger(expected))
        expect(evaluate(source, {})).toEqual({ ok: true, value: expected === 0 ? 0 : expected })
      }),
    )
  })
})

describe('the evaluator', () => {
  it('agrees with the one of the CEL library wherever both give a value', () => {
    const library = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
    const toLibrary = (value: unknown): unknown => {
      if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
      if (Array.isArray(value)) return value.map(toLibrary)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toLibrary(inner)]))
    }
    let compared = 0
    fc.assert(
      fc.property(expression, data, (source, roots) => {
        // what the checker refuses may differ: the library takes `[1] in {'1': true}` by JavaScript's rules
        if (checkExpression(source, SCOPE).problems.some(({ kind }) => kind === 'type')) return
        let expected: Json
        try {
          expected = library.evaluate(source, toLibrary(roots) as Record<string, unknown>)
        } catch {
          return
        }
        const evaluated = evaluate(source, roots as unknown as Roots)
        if (!evaluated.ok) return
        compared++
        expect([source, evaluated.value]).toEqual([source, expected])
      }),
      { numRuns: 3000 },
    )
    expect(compared).toBeGreaterThan(200)
  })
})

describe('the linear glob', () => {
  it('is the glob of the rest of the product', () => {
    const name = fc.constantFrom('a', 'b', 'ab', '.a', 'a.ts', 'b.js', '.env.local', 'a-b')
    const part = fc.constantFrom(
      'a',
      '*',
      '**',
      '*.ts',
      '{a,b}',
      '?',
      '[ab]*',
      '.*',
      'a*b',
      '*.{ts,js}',
      '**.ts',
      '.env*',
      '(a|b)*',
    )
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'))
    const pattern = fc
      .tuple(
        fc.constantFrom('', '', '!', '/'),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('', '', '/**'),
      )
      .map(([before, parts, after]) => before + parts.join('/') + after)
    fc.assert(
      fc.property(fc.tuple(path, fc.boolean()), pattern, ([plain, rooted], glob) => {
        fc.pre(!glob.startsWith('!('))
        const full = rooted && glob.startsWith('/') ? `/${plain}` : plain
        const compiled = compileGlob(glob)
        expect([glob, full, compiled.ok && compiled.test(full)]).toEqual([glob, full, matchesGlob(full, glob)])
      }),
      { numRuns: 3000 },
    )
  })
})
