import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { report } from '../../src/diagnostics/diagnostic.ts'
import { renderText } from '../../src/diagnostics/text.ts'

/** Renders a fault at the words between « and » of a text; further marked words are related places. */
function frame(marked: string, options: { width?: number; message?: string; path?: string } = {}): string {
  const spans: { start: number; end: number }[] = []
  let text = ''
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') spans.push({ start: text.length, end: text.length })
    else if (part === '»') spans[spans.length - 1] = { start: spans.at(-1)!.start, end: text.length }
    else text += part
  }
  const file = { path: options.path ?? 'p.yaml', text }
  const [span, ...others] = spans
  const related = others.map((other) => ({ message: 'there', at: { file, span: other } }))
  const diagnostic = report('yaml/syntax', { file, span: span! }, options.message ?? 'here', { related })
  return renderText(diagnostic, { color: false, ...(options.width ? { width: options.width } : {}) })
}

const HEADER = (place: string): string => `p.yaml:${place}: error: here [yaml/syntax]`

describe('the frame', () => {
  test('underlines the words in their line', () => {
    expect(frame('a: 1\nb: «two» # x\n')).toBe(`${HEADER('2:4')}\n  |\n2 | b: two # x\n  |    ^^^`)
  })
  test('stands under the words behind tabs', () => {
    expect(frame('a:\t«b»\tc\n')).toBe(`${HEADER('1:4')}\n  |\n1 | a:  b   c\n  |     ^`)
    expect(frame('«\t»a: 1\n')).toBe(`${HEADER('1:1')}\n  |\n1 |     a: 1\n  | ^^^^`)
  })
  test('stands under the words behind and on wide characters, emoji and combining marks', () => {
    expect(frame('日本: «語» x\n')).toBe(`${HEADER('1:5')}\n  |\n1 | 日本: 語 x\n  |       ^^`)
    expect(frame('👩‍👩‍👧: «b»\n')).toBe(`${HEADER('1:11')}\n  |\n1 | 👩‍👩‍👧: b\n  |     ^`)
    expect(frame('e\u0301: «b»\n')).toBe(`${HEADER('1:5')}\n  |\n1 | e\u0301: b\n  |    ^`)
  })
  test('does not show the carriage return of CRLF', () => {
    expect(frame('a: 1\r\nb: «2»\r\n')).toBe(`${HEADER('2:4')}\n  |\n2 | b: 2\n  |    ^`)
    expect(frame('a: 1«\r\n»b: 2\r\n')).toBe(`${HEADER('1:5')}\n  |\n1 | a: 1\n  |     ^`)
  })
  test('has a mark at the end of a line and of the file', () => {
    expect(frame('a: 1«»\n')).toBe(`${HEADER('1:5')}\n  |\n1 | a: 1\n  |     ^`)
    expect(frame('a: 1\n«»')).toBe(`${HEADER('2:1')}\n  |\n2 |\n  | ^`)
    expect(frame('a: 1«»')).toBe(`${HEADER('1:5')}\n  |\n1 | a: 1\n  |     ^`)
  })
  test('does not count a byte order mark as a column', () => {
    expect(frame('\uFEFF«a»: 1\n')).toBe(`${HEADER('1:1')}\n  |\n1 | a: 1\n  | ^`)
  })
  test('marks the first of several lines, and says where they end', () => {
    expect(frame('a: «[1,\n  2,\n  3]»\n')).toBe(`${HEADER('1:4')}\n  |\n1 | a: [1,\n  |    ^^^ to line 3`)
  })
  test('has one gutter for the place and its related places', () => {
    const lines = `x\n${'y\n'.repeat(9)}`
    expect(frame(`«a»: 1\n${lines}«b»: 2\n`)).toBe(
      `${HEADER('1:1')}\n   |\n 1 | a: 1\n   | ^\n   note: p.yaml:12:1: there\n   |\n12 | b: 2\n   | -`,
    )
  })
  test('clips a long line around the place', () => {
    const shown = frame(`${'x'.repeat(300)}«here»${'y'.repeat(300)}`, { width: 60 }).split('\n')
    expect(shown[2]!.length).toBeLessThanOrEqual(60)
    expect(shown[2]).toMatch(/^1 \| …x+herey+…$/)
    expect(shown[3]!.indexOf('^')).toBe(shown[2]!.indexOf('here'))
    expect(shown[3]!.trim().endsWith('^^^^')).toBe(true)
  })
  test('of a line as long as a file looks only at what is shown of it', () => {
    const far = 'é'.repeat(500_000)
    const file = { path: 'p.yaml', text: `${far}here${far}` }
    const fault = report('yaml/syntax', { file, span: { start: far.length, end: far.length + 4 } }, 'x')
    const before = process.threadCpuUsage()
    for (let i = 0; i < 50; i++) {
      const shown = renderText(fault, { color: false, width: 60 }).split('\n')
      expect(shown[2]).toMatch(/^1 \| …é+hereé+…$/)
      expect(shown[3]!.indexOf('^')).toBe(shown[2]!.indexOf('here'))
    }
    const { system, user } = process.threadCpuUsage()
    expect((user - before.user + system - before.system) / 1000).toBeLessThan(2000)
  })
  test('cannot be used to move the cursor or to turn the reading direction', () => {
    const shown = frame('a: \x1b[2J«b»\u202e\n', { message: 'bad \x1b]0;x\x07', path: 'p\x1b.yaml' })
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
  })
  test('is left out for a file without text', () => {
    const at = { file: { path: 'gone.yaml', text: '' }, span: { start: 0, end: 0 } }
    const shown = renderText(report('file/missing', at, '`gone.yaml` is not there', { hint: 'look' }), { color: false })
    expect(shown).toBe('gone.yaml: error: `gone.yaml` is not there [file/missing]\n hint: look')
  })
  test('is the same text with and without colour', () => {
    const file = { path: 'p.yaml', text: 'a: 1\n' }
    const diagnostic = report('yaml/syntax', { file, span: { start: 0, end: 1 } }, 'here', { hint: 'look' })
    const colored = renderText(diagnostic, { color: true })
    expect(colored).toContain('\x1b[')
    expect(stripVTControlCharacters(colored)).toBe(renderText(diagnostic, { color: false }))
  })
})
