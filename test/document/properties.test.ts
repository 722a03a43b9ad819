import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Path } from '../../src/document/document.ts'
import { readDocument } from '../../src/document/read.ts'
import type { Json } from '../../src/util/json.ts'

/** Texts made of what YAML gives a meaning, so that random ones reach far. */
const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\n  ',
        '\n    ',
        ' ',
        ': ',
        '- ',
        '? ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        '"',
        "'",
        '#',
        ' # ',
        '&a ',
        '*a',
        '!t ',
        '|',
        '>',
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '<<: ',
        '\t',
        '\r\n',
        '\uFEFF',
        '${{ ',
        ' }}',
        '{{',
        '\\',
        '@',
        '`',
        '1e999',
        '__proto__',
        'é',
        '日',
        '\0',
      ),
      fc.stringMatching(/^[a-z]{1,4}$/),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

function* places(value: Json, path: Path = []): Generator<[Path, Json]> {
  yield [path, value]
  if (value === null || typeof value !== 'object') return
  for (const [key, part] of Object.entries(value))
    yield* places(part, [...path, Array.isArray(value) ? Number(key) : key])
}

describe('any text at all', () => {
  test('is read without a throw, with every place inside of the text and in source order', () => {
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (text) => {
        const { diagnostics, document } = readDocument({ path: 'p.yaml', text })
        expect(document !== undefined || diagnostics.length > 0).toBe(true)
        let last = 0
        for (const { at, related = [] } of diagnostics) {
          expect(at.span.start).toBeGreaterThanOrEqual(last)
          last = at.span.start
          for (const { span } of [at, ...related.map((other) => other.at)]) {
            expect(span.end).toBeGreaterThanOrEqual(span.start)
            expect(span.end).toBeLessThanOrEqual(text.length)
          }
        }
        for (const [path] of places(document?.value ?? null).take(200)) {
          const { span } = document?.locate(path) ?? { span: { start: 0, end: 0 } }
          expect(span.end).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 3000 },
    )
  })
  test('is read the same twice', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const file = { path: 'p.yaml', text }
        expect(readDocument(file).diagnostics).toEqual(readDocument(file).diagnostics)
      }),
      { numRuns: 200 },
    )
  })
})

describe('any value', () => {
  const value = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 6 }), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any

  test('written as JSON is read back, and each of its parts is found where it is written', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (written, indent) => {
        // U+007F to U+009F and lone surrogates are no YAML text, though JSON leaves them as they are.
        const text = JSON.stringify(written, null, indent).replace(
          /[\x7f-\x9f\u2028\u2029\ufeff]|[\ud800-\udfff]/g,
          'x',
        )
        const expected = JSON.parse(text) as Json
        const { diagnostics, document } = readDocument({ path: 'p.json', text })
        expect(diagnostics).toEqual([])
        expect(JSON.parse(JSON.stringify(document!.value))).toEqual(expected)
        for (const [path, part] of places(document!.value)) {
          const { span } = document!.locate(path)
          expect(JSON.parse(text.slice(span.start, span.end))).toEqual(JSON.parse(JSON.stringify(part)))
        }
      }),
      { numRuns: 300 },
    )
  })
  test('of text can be replaced at its place, and nothing else changes', () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/)
    const word = fc.stringMatching(/^[a-z]{2,8}$/).map((letters) => `v-${letters}`)
    const entries = fc.uniqueArray(fc.tuple(key, word), { selector: ([name]) => name, minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(
        entries,
        fc.nat(),
        fc.constantFrom('block', 'flow', 'double', 'single'),
        fc.constantFrom('\n', '\r\n'),
        (pairs, pick, style, eol) => {
          const quoted = style === 'double' ? '"' : style === 'single' ? "'" : ''
          const body = pairs.map(([name, word]) => `${name}: ${quoted}${word}${quoted}`)
          const text = style === 'flow' ? `{ ${body.join(`,${eol}  `)} }${eol}` : `${body.join(` # note${eol}`)}${eol}`
          const [name] = pairs[pick % pairs.length]!
          const { document } = readDocument({ path: 'p.yaml', text })
          const { span } = document!.locate([name])
          const changed = `${text.slice(0, span.start)}"new: value"${text.slice(span.end)}`
          const again = readDocument({ path: 'p.yaml', text: changed })
          expect(again.diagnostics).toEqual([])
          expect({ ...(again.document!.value as object) }).toEqual({
            ...Object.fromEntries(pairs),
            [name]: 'new: value',
          })
        },
      ),
      { numRuns: 300 },
    )
  })
})
