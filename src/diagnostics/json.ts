import type { Json } from '../util/json.ts'
import type { Diagnostic, Location } from './diagnostic.ts'
import { endPositionOf, positionOf } from './lines.ts'

/** One diagnostic as other programs read it (`lint --format json`): lines and columns from 1, offsets and columns in UTF-16 units. */
export function diagnosticJson(diagnostic: Diagnostic): Json {
  const { at, code, fix, hint, message, related, severity } = diagnostic
  return {
    code,
    severity,
    message,
    ...place(at),
    ...(related && related.length > 0
      ? { related: related.map((other) => ({ message: other.message, ...place(other.at) })) }
      : {}),
    ...(hint !== undefined ? { hint } : {}),
    ...(fix
      ? {
          fix: {
            title: fix.title,
            safe: fix.safe,
            edits: fix.edits.map(({ span, text }) => ({ start: span.start, end: span.end, text })),
          },
        }
      : {}),
  }
}

function place({ file, span }: Location): { path: string; start: Json; end: Json } {
  const start = positionOf(file, span.start)
  const end = endPositionOf(file, span)
  return {
    path: file.path,
    start: { line: start.line, column: start.column, offset: span.start },
    end: { line: end.line, column: end.column, offset: span.end },
  }
}
