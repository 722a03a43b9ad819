import { expect, test } from 'vitest'
import { meantBoolean } from '../../src/document/meant-boolean.ts'
import { readDocument } from '../../src/document/read.ts'

test.each([
  ['yes', 'true'],
  ['Off', 'false'],
  ['"true"', 'true'],
  ["'False'", 'false'],
  ['"yes"', undefined],
  ['maybe', undefined],
  ['true', undefined],
  ['[yes]', undefined],
])('%s is meant as the boolean %s', (written, expected) => {
  const text = `a: ${written}\n`
  const meant = meantBoolean(readDocument({ path: 'p.yaml', text }).document!, ['a'])
  expect(meant?.value).toBe(expected)
  const [edit] = meant?.fix.edits ?? []
  if (edit) expect(text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)).toBe(`a: ${expected}\n`)
})
