import type { Code } from '../diagnostics/codes.ts'
import { type Diagnostic, type SourceFile, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { positionOf } from '../diagnostics/lines.ts'

/** Faults that explain others on their line. */
const CAUSES: ReadonlySet<Code> = new Set([
  'yaml/tag',
  'yaml/unquoted-expression',
  'yaml/comment-in-text',
  'yaml/control-character',
  'yaml/unclosed-quote',
] as const)
/** Faults of which only the first on a line is more than an echo. */
const ECHOES: ReadonlySet<Code> = new Set([
  'yaml/syntax',
  'yaml/indentation',
  'yaml/text-after-value',
  'yaml/colon-in-text',
  'yaml/reserved-character',
  'yaml/unclosed-bracket',
  'yaml/tab',
] as const)

/** Sorts the faults of a file and keeps, of what one slip causes on its line, only the cause. */
export function oneALine(file: SourceFile, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lineOf = (offset: number): number => positionOf(file, offset).line
  const sorted = sortDiagnostics(diagnostics)
  const caused = new Set(sorted.filter((fault) => CAUSES.has(fault.code)).map((fault) => lineOf(fault.at.span.start)))
  const broken = new Set(sorted.filter((fault) => ECHOES.has(fault.code)).map((fault) => lineOf(fault.at.span.start)))
  const echoed = new Set<number>()
  const seen = new Set<string>()
  return sorted.filter((fault) => {
    const { start, end } = fault.at.span
    const twin = `${fault.code} ${start} ${end}`
    if (seen.has(twin)) return false
    seen.add(twin)
    const line = lineOf(start)
    if (fault.code === 'yaml/key-not-text')
      return !caused.has(line) && !broken.has(line) && (end > start || broken.size === 0)
    if (fault.code === 'yaml/unknown-alias') return !caused.has(line)
    if (!ECHOES.has(fault.code)) return true
    if (caused.has(line) || echoed.has(line)) return false
    echoed.add(line)
    return true
  })
}
