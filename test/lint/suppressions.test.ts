import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/document/read.ts'
import { judgeFiles } from '../../src/lint/lint.ts'

/** What is left of the findings of a text: `line code`. */
function left(text: string): string[] {
  const { diagnostics, document } = readDocument({ path: 'p.yaml', text })
  const files = document ? [{ document, checked: undefined }] : []
  const judged = judgeFiles({ files, project: undefined, plans: new Map(), diagnostics })
  return judged.map(({ at, code }) => `${text.slice(0, at.span.start).split('\n').length} ${code}`)
}

describe('a suppression', () => {
  test('hides its code on its line', () => {
    expect(left('a: yes # opsflow-ignore lint/yaml-1-1-boolean -- on purpose\nb: no\n')).toEqual([
      '2 lint/yaml-1-1-boolean',
    ])
  })
  test('hides its code on the next line that says something', () => {
    expect(left('# opsflow-ignore-next-line lint/yaml-1-1-boolean -- on purpose\n\n# more\na: yes\nb: no\n')).toEqual([
      '5 lint/yaml-1-1-boolean',
    ])
  })
  test('hides its code in the whole file', () => {
    expect(left('a: yes\nb: no\n# opsflow-ignore-file lint/yaml-1-1-boolean -- on purpose\n')).toEqual([])
  })
  test('hides several codes, and no others', () => {
    expect(
      left('a: [yes, 07] # opsflow-ignore lint/leading-zero, lint/yaml-1-1-boolean -- on purpose\nb: 08\n'),
    ).toEqual(['2 lint/leading-zero'])
  })
  test('that hides nothing is told', () => {
    expect(left('a: 1 # opsflow-ignore lint/leading-zero -- on purpose\n')).toEqual(['1 lint/unused-suppression'])
    expect(left('a: 07 # opsflow-ignore lint/leading-zero, lint/empty-value -- on purpose\n')).toEqual([
      '1 lint/unused-suppression',
    ])
  })
  test('cannot hide an error that stops a run', () => {
    expect(left('a: 1\na: 2 # opsflow-ignore yaml/duplicate-key -- on purpose\n')).toEqual([
      '2 yaml/duplicate-key',
      '2 lint/bad-suppression',
    ])
  })
  test('without code, with an unknown one, without reason or at a wrong place is told', () => {
    expect(left('a: 1 # opsflow-ignore\n')).toEqual(['1 lint/bad-suppression'])
    expect(left('a: 1 # opsflow-ignore -- why\n')).toEqual(['1 lint/bad-suppression'])
    expect(left('a: 1 # opsflow-ignore lint/nothing -- why\n')).toEqual(['1 lint/bad-suppression'])
    expect(left('a: 07 # opsflow-ignore lint/leading-zero\n')).toEqual(['1 lint/bad-suppression'])
    expect(left('# opsflow-ignore lint/leading-zero -- why\na: 07\n')).toEqual([
      '1 lint/bad-suppression',
      '2 lint/leading-zero',
    ])
  })
  test('inside of a text is none', () => {
    expect(left('a: "# opsflow-ignore-file lint/leading-zero -- why"\nb: 07\n')).toEqual(['2 lint/leading-zero'])
    expect(left('a: |\n  # opsflow-ignore-file lint/leading-zero -- why\nb: 07\n')).toEqual(['3 lint/leading-zero'])
  })
  test('is not called unused where an error kept the later stages from looking', () => {
    const text = 'a: 1\na: 2 # opsflow-ignore lint/empty-value -- on purpose\n'
    expect(left(text)).toEqual(['2 yaml/duplicate-key', '2 lint/unused-suppression'])
  })
})
