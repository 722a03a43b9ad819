import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { renderText } from '../diagnostics/text.ts'
import { wantsColour } from '../views/terminal/style.ts'
import type { Io } from './io.ts'

/** Prints what stands in the way of a command, on standard error, as code frames. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], io: Pick<Io, 'stderr' | 'env'>): void {
  const color = wantsColour(io.stderr, io.env)
  io.stderr.write(`${diagnostics.map((diagnostic) => renderText(diagnostic, { color })).join('\n\n')}\n`)
}
