import { describe, expect, test } from 'vitest'
import type { Path } from '../../src/document/document.ts'
import { readDocument } from '../../src/document/read.ts'

/** The words at the place of a path. */
function at(text: string, path: Path, part?: 'key' | 'value'): string {
  const { span } = readDocument({ path: 'p.yaml', text }).document!.locate(path, part)
  return text.slice(span.start, span.end)
}

const TEXT = `# head
steps:
  build: &b
    run: "make all"   # note
    env: { MODE: fast, "two words": [x, 'y z'] }
  test:
    needs:
      - build
      - {a: 1}
  again: *b
empty:
`

describe('locate', () => {
  test.each<[Path, 'key' | 'value', string]>([
    [['steps', 'build'], 'key', 'build'],
    [['steps', 'build', 'run'], 'value', '"make all"'],
    [['steps', 'build', 'run'], 'key', 'run'],
    [['steps', 'build', 'env', 'MODE'], 'value', 'fast'],
    [['steps', 'build', 'env', 'two words', 1], 'value', "'y z'"],
    [['steps', 'build', 'env', 'two words'], 'key', '"two words"'],
    [['steps', 'test', 'needs', 0], 'value', 'build'],
    [['steps', 'test', 'needs', 1, 'a'], 'value', '1'],
    [['steps', 'test', 'needs', 1], 'value', '{a: 1}'],
  ])('finds the words at %j (%s)', (path, part, words) => {
    expect(at(TEXT, path, part)).toBe(words)
  })
  test('finds an alias where it stands, and what lies below it where it is written', () => {
    expect(at(TEXT, ['steps', 'again'])).toBe('*b')
    expect(at(TEXT, ['steps', 'again', 'run'])).toBe('"make all"')
    expect(at(TEXT, ['steps', 'again', 'env', 'MODE'], 'key')).toBe('MODE')
  })
  test('gives the key of a value of which nothing is written', () => {
    expect(at(TEXT, ['empty'])).toBe('empty')
  })
  test('gives the nearest key above a path that leads nowhere', () => {
    expect(at(TEXT, ['steps', 'build', 'nope'])).toBe('build')
    expect(at(TEXT, ['steps', 'build', 'run', 'x', 'y'])).toBe('run')
    expect(at(TEXT, ['steps', 'test', 'needs', 7])).toBe('needs')
    expect(at(TEXT, ['nope'])).toBe('steps')
    expect(at('[1, 2]\n', ['nope'])).toBe('[1, 2]')
  })
  test('gives the first line of an item without a key', () => {
    expect(at('- a: 1\n  b: 2\n', [0], 'key')).toBe('a')
    expect(at('- [1,\n  2]\n', [0], 'key')).toBe('[1,')
  })
  test('ends a block where its last word ends', () => {
    expect(at('a:\n  b: 1\n  c: 2\n\n# end\nd: 3\n', ['a'])).toBe('b: 1\n  c: 2')
    expect(at('a: |\n  one\n  two\n\nb: 1\n', ['a'])).toBe('|\n  one\n  two')
  })
  test('finds keys called __proto__ and constructor', () => {
    const text = 'constructor: { __proto__: 1 }\n'
    expect(at(text, ['constructor', '__proto__'])).toBe('1')
    expect(at(text, ['toString'])).toBe('constructor')
  })
  test('is exact behind a byte order mark, in CRLF text and behind wide characters', () => {
    const text = '\uFEFF"日本": "𝒳"\r\nb:\r\n  c: "é"\r\n'
    expect(at(text, ['日本'])).toBe('"𝒳"')
    expect(at(text, ['b', 'c'])).toBe('"é"')
  })
  test('costs the same for each path, however long the file is', () => {
    const steps = (count: number) =>
      Array.from({ length: count }, (_, i) => `  step_${i}: { run: echo ${i}, needs: [] }\n`).join('')
    const timeOf = (count: number): number => {
      const { document } = readDocument({ path: 'p.yaml', text: `steps:\n${steps(count)}` })
      const started = performance.now()
      for (let i = 0; i < count; i++) document!.locate(['steps', `step_${i}`, 'run'])
      return (performance.now() - started) / count
    }
    timeOf(2000)
    expect(timeOf(20_000)).toBeLessThan(Math.max(0.02, timeOf(1000) * 10))
  })
})

describe('source', () => {
  test('is the text as written, also of numbers and through aliases', () => {
    const { document } = readDocument({ path: 'p.yaml', text: 'a: &x 1.10\nb: *x\nc: "q"\nd: 1e3\ne:\n' })
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => document!.source([key]))).toEqual([
      '1.10',
      '1.10',
      '"q"',
      '1e3',
      '',
      '',
    ])
  })
  test('is told to be plain or quoted', () => {
    const { document } = readDocument({ path: 'p.yaml', text: 'a: yes\nb: "yes"\nc: [1]\nd: |\n  x\n' })
    expect(['a', 'b', 'c', 'd'].map((key) => document!.plain([key]))).toEqual([true, false, false, false])
  })
})

describe('anchors and comments', () => {
  test('are listed in source order', () => {
    const { document } = readDocument({
      path: 'p.yaml',
      text: '# one\na: &x 1 # two\nb: &y { c: "# no" } # three\nd: *x\ne: | # four\n  # no\n',
    })
    expect(document!.comments.map(({ text }) => text)).toEqual(['# one', '# two', '# three', '# four'])
    expect(document!.anchors.map(({ name, used }) => [name, used])).toEqual([
      ['x', true],
      ['y', false],
    ])
  })
})
