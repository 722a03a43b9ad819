import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/document/read.ts'

function scalarIn(text: string) {
  return readDocument({ path: 'p.yaml', text }).document?.scalar(['a'])
}

/** Where the source says the words that stand at their place in the value. */
function sourceAt(text: string, words: string): string {
  const scalar = scalarIn(text)!
  const index = scalar.value.indexOf(words)
  return text.slice(scalar.offsetAt(index), scalar.offsetAt(index + words.length - 1) + 1)
}

describe('the offset of a character of a value', () => {
  test.each([
    ['plain', 'a: one ${{ x }} two\n'],
    ['plain over lines', 'a: one\n  ${{ x }}\n  two\n'],
    ['single-quoted', "a: 'it''s ${{ x }} two'\n"],
    ['double-quoted', 'a: "tab\\t é \\u00e9 ${{ x }} two"\n'],
    ['double-quoted over lines', 'a: "one\n\n  two \\\n   three ${{ x }}"\n'],
    ['literal', 'a: |\n  one\n    two\n\n  ${{ x }}\n'],
    ['literal with CRLF', 'a: |\r\n  one\r\n\r\n  ${{ x }}\r\n'],
    ['folded', 'a: >\n  one\n  two\n\n    deeper\n\n  three ${{ x }}\n  four\n'],
    ['folded and stripped', 'a: >-\n\n  one\n  ${{ x }}\n\nb: 1\n'],
    ['literal with an indentation indicator', 'a: |2\n    one\n  ${{ x }}\n'],
    ['literal, kept', 'a: |+\n  ${{ x }}\n\n\nb: 1\n'],
    ['in brackets', 'a: { b: 1 }\n'.replace('{ b: 1 }', '"x ${{ x }}"')],
    ['behind wide characters', 'a: 日本 𝒳 ${{ x }}\n'],
  ])('is exact in text that is %s', (_, text) => {
    expect(sourceAt(text, '${{ x }}')).toBe('${{ x }}')
  })
  test('points at the escape that a character came from', () => {
    const text = 'a: "x\\u00e9y"\n'
    const scalar = scalarIn(text)!
    expect([0, 1, 2].map((index) => text.slice(scalar.offsetAt(index))[0])).toEqual(['x', '\\', 'y'])
  })
  test('at the end of the value is just behind its last character', () => {
    expect(scalarIn('a: one\n')!.offsetAt(3)).toBe(6)
    expect(scalarIn('a: "one"\n')!.offsetAt(3)).toBe(7)
    expect(scalarIn('a: |\n  one\nb: 1\n')!.offsetAt(4)).toBe(11)
  })
  test('goes through an alias to the text that it stands for', () => {
    const text = 'x: &x one two\na: *x\n'
    expect(sourceAt(text, 'two')).toBe('two')
  })

  test('is exact for every character that is not written as an escape, in every style', () => {
    const line = fc.stringMatching(/^[a-z$]([a-z ${}]{0,8}[a-z}])?$/)
    const indented = fc
      .tuple(fc.constantFrom('', '', '  '), fc.oneof(line, line, fc.constant('')))
      .map(([more, words]) => (words ? more + words : ''))
    const lines = fc
      .tuple(line, fc.array(indented, { maxLength: 6 }), line)
      .map(([first, middle, last]) => [first, ...middle, last])
    const style = fc.constantFrom('|', '|-', '|+', '>', '>-', '>+', "'", '"', '')
    const end = fc.constantFrom('\n', '\r\n')
    fc.assert(
      fc.property(lines, style, end, (words, mark, eol) => {
        const block = /^[|>]/.test(mark)
        const body = block
          ? `${mark}${words.map((word) => `${eol}${word && `  ${word}`}`).join('')}`
          : `${mark}${words.join(`${eol}  `)}${mark}`
        const text = `a: ${body}${eol}b: 1${eol}`
        const scalar = scalarIn(text)
        fc.pre(scalar !== undefined)
        for (const [index, char] of [...scalar!.value].entries()) {
          if (/\s/.test(char)) continue
          expect(text[scalar!.offsetAt(index)]).toBe(char)
          expect(scalar!.offsetAt(index)).toBeGreaterThan(index === 0 ? 0 : scalar!.offsetAt(index - 1))
        }
      }),
      { numRuns: 500 },
    )
  })
})
