import { describe, expect, test } from 'vitest'
import { report, type SourceFile } from '../../src/diagnostics/diagnostic.ts'
import { renderGithub } from '../../src/diagnostics/github.ts'
import { diagnosticJson } from '../../src/diagnostics/json.ts'
import { sarifLog } from '../../src/diagnostics/sarif.ts'
import type { JsonObject } from '../../src/util/json.ts'

const file: SourceFile = { path: 'a b/é,x.yaml', text: 'one: 1\r\ntwo: [\r\n  3]\r\n' }
const at = (start: number, end: number) => ({ file, span: { start, end } })

describe('github', () => {
  test('escapes what workflow commands give a meaning', () => {
    const line = renderGithub(report('yaml/syntax', at(0, 3), '100% of\nit', { hint: 'a, b: c' }))
    expect(line).toBe(
      '::error file=a b/é%2Cx.yaml,line=1,endLine=1,col=1,endColumn=4,title=yaml/syntax::100%25 of%0Ait%0Ahint: a, b: c',
    )
  })
  test('gives no columns for several lines, and a notice for an info', () => {
    const line = renderGithub(report('yaml/syntax', at(13, 19), 'x', { severity: 'info' }))
    expect(line).toBe('::notice file=a b/é%2Cx.yaml,line=2,endLine=3,title=yaml/syntax::x')
  })
})

describe('json', () => {
  test('has lines and columns from 1, offsets, related places, hint and fix', () => {
    const fix = { title: 'mend', safe: true, edits: [{ span: { start: 5, end: 6 }, text: '2' }] }
    const related = [{ message: 'there', at: at(8, 11) }]
    expect(diagnosticJson(report('yaml/syntax', at(5, 6), 'x', { hint: 'h', fix, related }))).toEqual({
      code: 'yaml/syntax',
      severity: 'error',
      message: 'x',
      path: 'a b/é,x.yaml',
      start: { line: 1, column: 6, offset: 5 },
      end: { line: 1, column: 7, offset: 6 },
      related: [
        {
          message: 'there',
          path: 'a b/é,x.yaml',
          start: { line: 2, column: 1, offset: 8 },
          end: { line: 2, column: 4, offset: 11 },
        },
      ],
      hint: 'h',
      fix: { title: 'mend', safe: true, edits: [{ start: 5, end: 6, text: '2' }] },
    })
  })
})

describe('sarif', () => {
  const log = (...spans: [number, number][]): JsonObject => {
    const diagnostics = spans.map(([start, end]) => report('yaml/syntax', at(start, end), 'x', { hint: 'h' }))
    return sarifLog(diagnostics, { version: '1.2.3', help: (code) => `about ${code}` }) as JsonObject
  }
  const runOf = (value: JsonObject): JsonObject => (value.runs as readonly JsonObject[])[0]!
  const resultsOf = (value: JsonObject): readonly JsonObject[] => runOf(value).results as readonly JsonObject[]

  test('names its version, the tool, the unit of its columns, and the rules with help', () => {
    const value = log([0, 3])
    expect(value.version).toBe('2.1.0')
    expect(runOf(value).columnKind).toBe('utf16CodeUnits')
    expect(runOf(value).tool).toEqual({
      driver: {
        name: 'opsflow',
        version: '1.2.3',
        rules: [
          {
            id: 'yaml/syntax',
            name: 'YamlSyntax',
            shortDescription: { text: 'The file is not well-formed YAML' },
            help: { text: 'about yaml/syntax' },
            defaultConfiguration: { level: 'error' },
          },
        ],
      },
    })
  })
  test('percent-encodes the path and gives the region', () => {
    expect(resultsOf(log([13, 19]))[0]!.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'a%20b/%C3%A9%2Cx.yaml' },
          region: { startLine: 2, startColumn: 6, endLine: 3, endColumn: 4 },
        },
      },
    ])
  })
  test('gives each result a fingerprint that does not move with the lines above', () => {
    const prints = resultsOf(log([0, 3], [5, 6], [8, 11])).map(
      (result) => (result.partialFingerprints as JsonObject).primaryLocationLineHash,
    )
    expect(new Set(prints).size).toBe(3)
    const moved: SourceFile = { path: file.path, text: `# new\n${file.text}` }
    const diagnostic = report('yaml/syntax', { file: moved, span: { start: 6, end: 9 } }, 'x')
    const again = sarifLog([diagnostic], { version: '1', help: String }) as JsonObject
    expect((resultsOf(again)[0]!.partialFingerprints as JsonObject).primaryLocationLineHash).toBe(prints[0])
  })
})
