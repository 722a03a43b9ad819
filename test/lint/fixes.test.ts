import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fix, report, type SourceFile } from '../../src/diagnostics/diagnostic.ts'
import { readDocument } from '../../src/document/read.ts'
import { applyFixes } from '../../src/lint/fixes.ts'
import { judgeFiles } from '../../src/lint/lint.ts'

const file: SourceFile = { path: 'p.yaml', text: '0123456789' }
const fix = (edits: [number, number, string][], safe = true): Fix => ({
  title: 'mend',
  safe,
  edits: edits.map(([start, end, text]) => ({ span: { start, end }, text })),
})
const faults = (fixes: readonly Fix[]) =>
  fixes.map((one) => report('yaml/syntax', { file, span: { start: 0, end: 1 } }, 'x', { fix: one }))

describe('fixes', () => {
  test('go in all at once, each at its own place', () => {
    expect(
      applyFixes(
        file,
        faults([
          fix([[8, 9, '']]),
          fix([
            [1, 2, 'abc'],
            [4, 4, '+'],
          ]),
        ]),
      ),
    ).toEqual({ text: '0abc23+45679', applied: 2 })
  })
  test('that touch the text of an earlier one wait for the next pass, whole', () => {
    expect(
      applyFixes(
        file,
        faults([
          fix([[1, 3, 'x']]),
          fix([
            [2, 4, 'y'],
            [8, 9, 'z'],
          ]),
          fix([[5, 5, '!']]),
        ]),
      ),
    ).toEqual({ text: '0x34!56789', applied: 2 })
    expect(applyFixes(file, faults([fix([[3, 3, 'x']]), fix([[3, 3, 'x']])])).applied).toBe(1)
  })
  test('that are not safe stay out', () => {
    expect(applyFixes(file, faults([fix([[0, 1, '']], false)]))).toEqual({ text: file.text, applied: 0 })
  })
  test('of other files stay out', () => {
    expect(applyFixes({ path: 'q.yaml', text: 'x' }, faults([fix([[0, 1, '']])]))).toEqual({ text: 'x', applied: 0 })
  })
  test('may be tens of thousands, in time that grows with them', () => {
    const count = 40_000
    const many: SourceFile = { path: 'p.yaml', text: 'a: yes\n'.repeat(count) }
    const found = Array.from({ length: count }, (_, i) =>
      report('yaml/syntax', { file: many, span: { start: i, end: i } }, 'x', {
        fix: fix([[i * 7 + 3, i * 7 + 6, '1']]),
      }),
    )
    const before = process.threadCpuUsage()
    expect(applyFixes(many, found)).toEqual({ text: 'a: 1\n'.repeat(count), applied: count })
    const { system, user } = process.threadCpuUsage()
    expect((user - before.user + system - before.system) / 1000).toBeLessThan(2000)
  })
  test('change no other byte', () => {
    const edits = fc
      .uniqueArray(fc.nat({ max: 9 }), { maxLength: 5 })
      .map((places) => places.map((place) => fix([[place, place + 1, '#']])))
    fc.assert(
      fc.property(edits, (fixes) => {
        const { applied, text } = applyFixes(file, faults(fixes))
        expect(text).toHaveLength(10)
        expect([...text].filter((char) => char === '#')).toHaveLength(applied)
        for (const [index, char] of [...text].entries()) expect(['#', String(index)]).toContain(char)
      }),
    )
  })
})

describe('safe fixes of any text', () => {
  const words = fc.constantFrom(
    'yes',
    'off',
    '${{ a }}',
    '${{ a # b }}',
    '!x',
    '@a',
    '`b`',
    '1',
    '"q" == c',
    '123e456',
    '&n z',
    '[${{ a }}]',
    '{ b: ${{ c }} }',
    'x "# y" # z "',
    '*.ts',
    'null',
  )
  const keys = fc.constantFrom('when', 'a', 'b', '1', 'true', 'until')
  const text = fc
    .array(fc.tuple(keys, words), { minLength: 1, maxLength: 6 })
    .map((pairs) => pairs.map(([key, word]) => `${key}: ${word}\n`).join(''))
  const judged = (source: SourceFile) => {
    const { diagnostics, document } = readDocument(source)
    return judgeFiles({
      files: document ? [{ document, checked: undefined }] : [],
      project: undefined,
      plans: new Map(),
      diagnostics,
    })
  }

  test('come to an end, and never add an error', () => {
    fc.assert(
      fc.property(text, (start) => {
        let current: SourceFile = { path: 'p.yaml', text: start }
        let passes = 0
        for (; passes < 10; passes++) {
          const { applied, text: next } = applyFixes(current, judged(current))
          if (applied === 0) break
          current = { path: 'p.yaml', text: next }
        }
        expect(passes).toBeLessThan(10)
        const errors = (source: SourceFile) =>
          judged(source).filter(({ code }) => code.startsWith('yaml/') && code !== 'yaml/duplicate-key').length
        expect(errors(current)).toBeLessThanOrEqual(errors({ path: 'p.yaml', text: start }))
      }),
      { numRuns: 500 },
    )
  })
})
