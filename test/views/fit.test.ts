import { describe, expect, test } from 'vitest'
import { fitEnd, fitStart, lineOf, oneLine, pad, textWidth } from '../../src/views/terminal/fit.ts'

test.each([
  ['abc', 3],
  ['日本語', 6],
  ['e\u0301', 1],
  ['👩‍👩‍👧!', 3],
  ['', 0],
])('%j takes %i columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns)
})

describe('a text that does not fit', () => {
  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j in %i columns keeps its beginning: %j', (text, columns, expected) => {
    expect(fitStart(text, columns)).toBe(expected)
  })

  test.each([
    ['round/audit[api]', 10, '…udit[api]'],
    ['日本語', 5, '…本語'],
    ['日本語', 4, '…語'],
    ['abc', 3, 'abc'],
  ])('%j in %i columns keeps its end, where that tells more: %j', (text, columns, expected) => {
    expect(fitEnd(text, columns)).toBe(expected)
  })
})

test('what is padded has the columns that were asked for', () => {
  expect(textWidth(pad('日本', 7))).toBe(7)
  expect(pad('abc', 2)).toBe('abc')
})

test('a line is cut by what is seen of it, not by how it is painted', () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`
  expect(lineOf(['ab', ['cdef', red], 'gh'], 5)).toBe(`ab${red('cd…')}`)
  expect(lineOf(['ab', ['cd', red], 'gh'], 6)).toBe(`ab${red('cd')}gh`)
})

test('what programs print becomes letters on one line', () => {
  expect(oneLine(' a\tb\r\nc\u2028d\u001b[31mred\u001b[39m\u001b[2Je\u0007 ')).toBe('a b c dred[2Je')
})
