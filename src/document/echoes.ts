import type { Code } from '../diagnostics/codes.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts'

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
export function oneALine(text: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lineOf = lineCounter(text)
  const sorted = sortDiagnostics(diagnostics)
  const caused = new Set(sorted.filter((fault) => CAUSES.has(fault.code)).map((fault) => lineOf(fault.at.span.start)))
  const echoed = new Set<number>()
  const seen = new Set<string>()
  return sorted.filter((fault) => {
    const { start, end } = fault.at.span
    const twin = `${fault.code} ${start} ${end}`
    if (seen.has(twin)) return false
    seen.add(twin)
    const line = lineOf(start)
    if (fault.code === 'yaml/key-not-text' || fault.code === 'yaml/unknown-alias') return !caused.has(line)
    if (!ECHOES.has(fault.code)) return true
    if (caused.has(line) || echoed.has(line)) return false
    echoed.add(line)
    return true
  })
}

/** Line numbers of ascending offsets, in one pass over the text. */
function lineCounter(text: string): (offset: number) => number {
  const starts: number[] = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
