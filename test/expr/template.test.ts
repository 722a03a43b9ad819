import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTemplate, loneExpression, scanTemplate } from '../../src/expr/template.ts'

const sources = (text: string) =>
  scanTemplate(text).segments.flatMap((segment) => (segment.kind === 'expression' ? [segment.source] : []))

describe('the template scanner', () => {
  it('cuts a text into plain pieces and expressions with their offsets', () => {
    expect(scanTemplate('v${{ vars.a }}-${{b}}').segments).toEqual([
      { kind: 'text', text: 'v', start: 0, end: 1 },
      { kind: 'expression', source: ' vars.a ', start: 4, end: 12 },
      { kind: 'text', text: '-', start: 14, end: 15 },
      { kind: 'expression', source: 'b', start: 18, end: 19 },
    ])
  })

  it.each([
    ["${{ '}}' }}", [" '}}' "]],
    ['${{ "a\\"}}" }}', [' "a\\"}}" ']],
    ["${{ {'a': {'b': 1}} }}", [" {'a': {'b': 1}} "]],
    ["${{ {'a':1}}}", [" {'a':1}"]],
    ["${{ '${{' }}", [" '${{' "]],
    ['${{ """it\'s }} "quoted" """ }}', [' """it\'s }} "quoted" """ ']],
    ['${{ a // why }}b', [' a // why ']],
    ["${{ a // it's\n + b }}", [" a // it's\n + b "]],
    ['$${{ a }}', [' a ']],
    ['$ {{ a }}', []],
  ])('finds the end of %s', (text, expected) => {
    expect(sources(text)).toEqual(expected)
    expect(scanTemplate(text).problem).toBeUndefined()
  })

  it('says where an expression begins that is never closed, and keeps what was before', () => {
    const { segments, problem } = scanTemplate('${{ a }} ${{ b')
    expect(segments.map(({ kind }) => kind)).toEqual(['expression', 'text', 'text'])
    expect(problem).toMatchObject({ kind: 'syntax', start: 9, end: 12, message: '`${{` is never closed' })
  })

  it('blames the quote that swallows the end of an expression', () => {
    const text = "it ${{ don't }} matter"
    expect(scanTemplate(text).problem).toMatchObject({ start: text.indexOf("'"), end: text.indexOf("'") + 1 })
  })

  it('knows a lone expression, with spaces and line ends around it at most', () => {
    expect(loneExpression(scanTemplate(' ${{ a }}\n'))?.source).toBe(' a ')
    expect(loneExpression(scanTemplate('${{ a }}${{ b }}'))).toBeUndefined()
    expect(loneExpression(scanTemplate('x${{ a }}'))).toBeUndefined()
    expect(loneExpression(scanTemplate('plain'))).toBeUndefined()
  })

  it('never throws, and its segments are the text again', () => {
    const piece = fc.constantFrom('${{', '}}', '{', '}', "'", '"', '"""', '\\', '//', '\n', '$', 'a', ' ', 'r')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        const { segments, problem } = scanTemplate(text)
        const again = segments.map((one) => (one.kind === 'text' ? one.text : `\${{${one.source}}}`)).join('')
        expect(again).toBe(text)
        for (const one of segments) {
          expect(text.slice(one.start, one.end)).toBe(one.kind === 'text' ? one.text : one.source)
        }
        if (problem) expect(problem.start).toBeLessThan(problem.end)
        expect(isTemplate(text)).toBe(problem !== undefined || segments.some(({ kind }) => kind === 'expression'))
      }),
      { numRuns: 500 },
    )
  })
})
