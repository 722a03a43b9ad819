import { describe, expect, test } from 'vitest'
import type { Code } from '../../src/diagnostics/codes.ts'
import { readDocument } from '../../src/document/read.ts'

/** Keys below keys, each one column further in. */
function indented(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}k:\n`).join('')
}

/** What is found in a text: code and the words that it points at. */
function faults(text: string): [Code, string][] {
  const file = { path: 'p.yaml', text }
  return readDocument(file).diagnostics.map(({ at, code }) => [code, text.slice(at.span.start, at.span.end)])
}

function valueIn(text: string): unknown {
  const { diagnostics, document } = readDocument({ path: 'p.yaml', text })
  expect(diagnostics).toEqual([])
  return document!.value
}

describe('a clean text', () => {
  test('gives its value as YAML 1.2 reads it', () => {
    expect(valueIn('a: yes\nb: 0o17\nc: 12:30\nd: ~\ne: [1, 2.5, true]\n')).toEqual({
      a: 'yes',
      b: 15,
      c: '12:30',
      d: null,
      e: [1, 2.5, true],
    })
  })
  test('may begin with a byte order mark and end its lines with CRLF', () => {
    expect(valueIn('\uFEFFa: 1\r\nb: |\r\n  x\r\n  y\r\n')).toEqual({ a: 1, b: 'x\ny\n' })
  })
  test('may be JSON', () => {
    expect(valueIn('{\n  "a": [1, {"b": "\\u00e9"}]\n}\n')).toEqual({ a: [1, { b: 'é' }] })
  })
  test('may close brackets in the column of their key', () => {
    expect(valueIn('a: [\n  1,\n  2\n]\nb: {\n}\n')).toEqual({ a: [1, 2], b: {} })
  })
  test('promise 29c: takes __proto__ and constructor as ordinary keys, and its objects inherit nothing', () => {
    const value = valueIn('__proto__: { polluted: true }\nconstructor: { prototype: 1 }\n') as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(null)
    expect(({} as Record<string, unknown>).polluted).toBe(undefined)
    expect(value.toString).toBe(undefined)
  })
  test('cannot be changed afterwards', () => {
    const { document } = readDocument({ path: 'p.yaml', text: 'a: { b: [1] }\n' })
    const value = document!.value as { a: { b: number[] } }
    expect([value, value.a, value.a.b].every((part) => Object.isFrozen(part))).toBe(true)
  })
  test('may use an alias as often as it likes', () => {
    const list = Array.from({ length: 500 }, () => '- *x').join('\n')
    expect((valueIn(`x: &x { a: 1 }\nlist:\n${list}\n`) as { list: unknown[] }).list).toHaveLength(500)
  })
  test('may say the version of YAML that opsflow reads', () => {
    expect(valueIn('%YAML 1.2\n---\na: no\n')).toEqual({ a: 'no' })
  })
  test('keeps an apostrophe and a comment behind it apart from a cut-off text', () => {
    expect(valueIn("a: Don't # it's fine\nb: x > 1 # and y\n")).toEqual({ a: "Don't", b: 'x > 1' })
  })
})

describe('faults', () => {
  test.each<[string, string, [Code, string][]]>([
    ['an empty file', '', [['yaml/empty', '']]],
    ['only comments', '# a\n\n# b\n', [['yaml/empty', '']]],
    ['only a document start', '---\n', [['yaml/empty', '']]],
    ['a tab as indentation', 'a:\n\tb: 1\n', [['yaml/tab', '\t']]],
    ['a tab behind spaces', 'a:\n  b: 1\n\tc: 2\n', [['yaml/tab', '\t']]],
    [
      'a second document',
      'a: 1\n---\nb: 2\n---\nc: 3\n',
      [
        ['yaml/several-documents', '---'],
        ['yaml/several-documents', '---'],
      ],
    ],
    ['a document after its end', 'a: 1\n...\nb: 2\n', [['yaml/several-documents', 'b:']]],
    ['version 1.1', '%YAML 1.1\n---\na: yes\n', [['yaml/directive', '%YAML 1.1']]],
    ['a tag directive', '%TAG ! tag:x,2000:\n---\na: 1\n', [['yaml/directive', '%TAG ! tag:x,2000:']]],
    [
      'tags',
      'a: !x 1\nb: ! y\nc: !!binary aGk=\nd: !m { e: 1 }\n!k f: 1\n',
      [
        ['yaml/tag', '!x'],
        ['yaml/tag', '!'],
        ['yaml/tag', '!!binary'],
        ['yaml/tag', '!m'],
        ['yaml/tag', '!k'],
      ],
    ],
    [
      'a tag that takes the not from a condition',
      'when: !a && !b\nuntil: ! c\n',
      [
        ['yaml/tag', '!a'],
        ['yaml/tag', '!'],
      ],
    ],
    ['an unknown alias', 'a: *n\n', [['yaml/unknown-alias', '*n']]],
    [
      'a glob that reads as an alias',
      'a: [*.ts, "*.js"]\nb: *\n',
      [
        ['yaml/unknown-alias', '*.ts'],
        ['yaml/unknown-alias', '*'],
      ],
    ],
    ['an alias before its anchor', 'a: *x\nb: &x 1\n', [['yaml/unknown-alias', '*x']]],
    ['a cyclic alias', 'a: &a { b: [*a] }\n', [['yaml/cyclic-alias', '*a']]],
    ['a merge key', 'a: &a { x: 1 }\nb: { <<: *a, y: 2 }\n', [['yaml/merge-key', '<<']]],
    [
      'duplicate keys',
      'a: 1\nb: 2\na: 3\n"a": 4\n',
      [
        ['yaml/duplicate-key', 'a'],
        ['yaml/duplicate-key', '"a"'],
      ],
    ],
    [
      'keys that are no text',
      '1: a\n~: b\ntrue: c\n? [d]\n: e\n',
      [
        ['yaml/key-not-text', '1'],
        ['yaml/key-not-text', '~'],
        ['yaml/key-not-text', 'true'],
        ['yaml/key-not-text', '[d]'],
      ],
    ],
    ['a missing key', ': a\n', [['yaml/key-not-text', ':']]],
    [
      'numbers that cannot be held',
      'a: 12345678901234567890\nb: 123e456\nc: .inf\nd: .nan\n',
      [
        ['yaml/number-range', '12345678901234567890'],
        ['yaml/number-range', '123e456'],
        ['yaml/number-range', '.inf'],
        ['yaml/number-range', '.nan'],
      ],
    ],
    [
      'an expression without quotes in brackets',
      'a: { b: ${{ c }} }\nd: [${{ e }}]\nf: [x-${{ g }}-y]\n',
      [
        ['yaml/unquoted-expression', '${{ c }}'],
        ['yaml/unquoted-expression', '${{ e }}'],
        ['yaml/unquoted-expression', '${{ g }}'],
      ],
    ],
    [
      'an expression without quotes in brackets, but none that is well written below it',
      'a: { b: ${{ c }} }\nd: { e: "${{ f }}", g: \'${{ h }}\' }\ni:\n  j: ${{ k }}\n  l: "${{ m }}"\nn: [${{ o }}]\n',
      [
        ['yaml/unquoted-expression', '${{ c }}'],
        ['yaml/unquoted-expression', '${{ o }}'],
      ],
    ],
    [
      'braces without a dollar',
      'a: {{ b }}\nc: 1\nc: 2\n',
      [
        ['yaml/unquoted-expression', '{{ b }}'],
        ['yaml/duplicate-key', 'c'],
      ],
    ],
    ['a quoted expression behind the end of a value', 'a: "b" "${{ c }}"\n', [['yaml/text-after-value', '"${{ c }}"']]],
    ['an expression that a comment cuts off', 'a: ${{ b # c }}\n', [['yaml/comment-in-text', '# c }}']]],
    [
      'a quoted part that a comment cuts off',
      'when: a != "b #1"\nrun: echo \'a # b\'\n',
      [
        ['yaml/comment-in-text', '#1"'],
        ['yaml/comment-in-text', "# b'"],
      ],
    ],
    ['an open quote', 'a: "x\nb: 1\nc: 2\n', [['yaml/unclosed-quote', '"']]],
    ['an open bracket', 'a: [b, c\nd: 1\n', [['yaml/unclosed-bracket', '[']]],
    ['text behind a quoted value', 'when: "a" == b\nc: 1\n', [['yaml/text-after-value', '== b']]],
    ['text behind a list', 'when: [a] == b\nc: 1\n', [['yaml/text-after-value', '== b']]],
    ['a colon in a text', 'a: b: c\nd: 1\n', [['yaml/colon-in-text', 'b: c']]],
    [
      'reserved characters',
      'a: @b\nc: `d`\ne: %f\n',
      [
        ['yaml/reserved-character', '@'],
        ['yaml/reserved-character', '`'],
        ['yaml/reserved-character', '%'],
      ],
    ],
    ['a wrong column', 'a:\n   b: 1\n  c: 2\n', [['yaml/indentation', 'c:']]],
    ['a missing colon', 'a: 1\nb\nc: 2\n', [['yaml/syntax', 'b']]],
    [
      'a wrong escape',
      'a: "\\q"\nb: "\\d"\n',
      [
        ['yaml/escape', '\\q'],
        ['yaml/escape', '\\d'],
      ],
    ],
    [
      'control characters',
      'a: x\0y\nb: "\x1b"\n',
      [
        ['yaml/control-character', '\0'],
        ['yaml/control-character', '\x1b'],
      ],
    ],
    ['old Mac line ends', 'a: 1\rb: 2\n', [['yaml/control-character', '\r']]],
    ['1,000 brackets', '['.repeat(1000), [['yaml/too-deep', '[']]],
    ['3,000 indentations', indented(3000), [['yaml/too-deep', 'k']]],
    [
      '1,000 levels of keys',
      Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      [['yaml/too-deep', 'a']],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected)
  })

  test('of all kinds are told at once, in source order', () => {
    const text = 'a: !x 1\nb: *n\na: 2\n"c": { 1: ${{ d }} }\ne: 0\ne: 1\nf: x # y\nf: 123e456\n'
    const found = faults(text).map(([code]) => code)
    expect(found).toEqual([
      'yaml/tag',
      'yaml/unknown-alias',
      'yaml/duplicate-key',
      'yaml/unquoted-expression',
      'yaml/duplicate-key',
      'yaml/duplicate-key',
      'yaml/number-range',
    ])
  })
  test('may be more than fit into one call', () => {
    const count = 130_000
    expect(faults(`a: [${'!x,'.repeat(count)}]\n`)).toHaveLength(count)
  })
  test('of expressions that break the structure hide none below them', () => {
    const lines = Array.from({ length: 50 }, (_, i) => `a${i}: { b: ${'${{ c }}'} }\n`).join('')
    const found = faults(`${lines}d: 1\nd: 2\n`).map(([code]) => code)
    expect(found).toEqual([...Array<Code>(50).fill('yaml/unquoted-expression'), 'yaml/duplicate-key'])
  })
  test('of a doubled key point at the first', () => {
    const { diagnostics } = readDocument({ path: 'p.yaml', text: 'ab: 1\nc: 2\nab: 3\n' })
    expect(diagnostics[0]!.related?.map(({ at }) => at.span)).toEqual([{ start: 0, end: 2 }])
  })
  test('behind a byte order mark have their offsets in the text as given', () => {
    expect(faults('\uFEFFab: 1\r\nab: 2\r\n')).toEqual([['yaml/duplicate-key', 'ab']])
  })
  test('promise 29d: of an alias bomb are told once, and the value stays small', () => {
    const levels = [...'bcdefghijklm'].map(
      (name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghijkl'[i]}`).join(', ')}]`,
    )
    const text = `a: &a [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n${levels.join('\n')}\n`
    const { diagnostics, document } = readDocument({ path: 'p.yaml', text })
    expect(diagnostics.map(({ code }) => code)).toEqual(['yaml/alias-bomb'])
    expect(JSON.stringify(document!.value).length).toBeLessThan(2_000_000)
  })
  test('that leave the structure whole leave a document for the next stages', () => {
    expect(readDocument({ path: 'p.yaml', text: 'a: 1\na: 2\nb: !x c\n' }).document?.value).toEqual({ a: 1, b: 'c' })
    expect(readDocument({ path: 'p.yaml', text: 'a: [b\n' }).document).toBe(undefined)
  })
})

test.each<[string, Code, string, string]>([
  ['a:\n  - b\n - c\n', 'yaml/indentation', '-', 'this list item begins at a column that no list above it has'],
  ['a: b\n  c: d\n', 'yaml/indentation', 'b', 'behind this value the next lines begin a mapping'],
  ['  a: b\nc: d\n', 'yaml/indentation', 'c:', 'this line is no part of what stands above it'],
  ['a: - b\n', 'yaml/syntax', '-', 'a list item cannot begin here'],
  ['a: b\n- c\n', 'yaml/syntax', '-', 'a list item cannot begin here'],
  ['a:b\nc: d\n', 'yaml/syntax', 'a:b', 'a space is missing behind the `:` of this key'],
  ['a: > b\n  c\n', 'yaml/syntax', 'b', 'text stands behind the `|` or `>` that begins a block'],
  ['a: |x\n  c\n', 'yaml/syntax', 'x', 'text stands behind the `|` or `>` that begins a block'],
  ['a: "b"#c\n', 'yaml/syntax', '#c', 'a comment wants a space before its `#`'],
  ['a: [b,,c]\n', 'yaml/syntax', ',', 'an item is missing before this comma'],
  ['--- a: b\n', 'yaml/syntax', 'a:', 'the first key stands behind `---`'],
  ['a: &x &y b\n', 'yaml/syntax', '&y', 'this value has an anchor already'],
  ['a:\n  &x - b\n', 'yaml/syntax', '&x', 'an anchor stands before the `-` of a list item'],
  ['a: "\\u12"\n', 'yaml/escape', '\\u', '`\\u` wants 4 hexadecimal digits behind it'],
  ['a: |\n\tb\n', 'yaml/tab', '\t', 'a tab indents this line'],
])('%j is one fault, told by its cause and with what to do', (text, code, words, message) => {
  const { diagnostics } = readDocument({ path: 'p.yaml', text })
  const told = diagnostics.map((fault) => [fault.code, text.slice(fault.at.span.start, fault.at.span.end)])
  expect(told).toEqual([[code, words]])
  expect(diagnostics[0]!.message).toContain(message)
  expect(diagnostics[0]!.hint).toBeTruthy()
})
