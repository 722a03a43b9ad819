import { CODES, type Code } from '../diagnostics/codes.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { explanationOf } from '../diagnostics/explain.ts'
import { renderGithub } from '../diagnostics/github.ts'
import { diagnosticJson } from '../diagnostics/json.ts'
import { sarifLog } from '../diagnostics/sarif.ts'
import { renderText } from '../diagnostics/text.ts'
import { unreachable } from '../util/unreachable.ts'
import { jsonText } from '../views/json.ts'

/** How findings are printed. */
export type LintFormat = 'text' | 'json' | 'sarif' | 'github'

/** What a lint found, and what a printer needs beside it. */
export interface LintReport {
  readonly diagnostics: readonly Diagnostic[]
  readonly files: number
  readonly fixed: number
  readonly version: string
  readonly color: boolean
  readonly columns?: number | undefined
}

/** What a code means, for the rules of a SARIF log. */
function help(code: Code): string {
  const explanation = explanationOf(code)
  return explanation ? `${explanation.what} ${explanation.mend}` : CODES[code].summary
}

/** Writes a report in one of the formats, with a line end behind the last line. */
export function printReport(format: LintFormat, report: LintReport): string {
  const { diagnostics, files, fixed } = report
  const counts = countOf(diagnostics)
  switch (format) {
    case 'text':
      return printText(report)
    case 'json': {
      const body = { format: 1, files, fixed, ...counts, diagnostics: diagnostics.map(diagnosticJson) }
      return `${jsonText(body)}\n`
    }
    case 'sarif':
      return `${jsonText(sarifLog(diagnostics, { version: report.version, help }))}\n`
    case 'github':
      return diagnostics.map((diagnostic) => `${renderGithub(diagnostic)}\n`).join('')
    default:
      return unreachable(format)
  }
}

function printText({ color, columns, diagnostics, files, fixed }: LintReport): string {
  const options = { color, ...(columns === undefined ? {} : { width: Math.max(60, columns) }) }
  const frames = diagnostics.map((diagnostic) => `${renderText(diagnostic, options)}\n\n`).join('')
  const { errors, infos, warnings } = countOf(diagnostics)
  const parts = [plural(errors, 'error'), plural(warnings, 'warning'), plural(infos, 'note')].filter(
    (part) => part !== undefined,
  )
  const what = parts.length > 0 ? parts.join(', ') : 'no findings'
  const mended = fixed > 0 ? `; ${plural(fixed, 'fix', 'fixes')} applied` : ''
  return `${frames}${what} in ${plural(files, 'file') ?? '0 files'}${mended}\n`
}

function countOf(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number; infos: number } {
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
  return { errors: count('error'), warnings: count('warning'), infos: count('info') }
}

function plural(count: number, one: string, many = `${one}s`): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : many}`
}
