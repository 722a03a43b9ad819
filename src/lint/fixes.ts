import type { Diagnostic, Fix, SourceFile } from '../diagnostics/diagnostic.ts'

/** A text with fixes applied. */
export interface Fixed {
  readonly text: string
  /** How many fixes went in. Others wait for the next pass, because they touch the same text. */
  readonly applied: number
}

/**
 * Applies the safe fixes of one file by splicing its text; every other byte stays. A fix goes in whole or not at all: one that
 * touches the text of an earlier one is left out, and reported again by the next lint, then about the mended text.
 */
export function applyFixes(file: SourceFile, diagnostics: readonly Diagnostic[]): Fixed {
  const fixes = diagnostics
    .filter((diagnostic) => diagnostic.at.file.path === file.path && diagnostic.fix?.safe)
    .map((diagnostic) => diagnostic.fix!)
    .toSorted((a, b) => startOf(a) - startOf(b))
  const taken: Fix['edits'][number][] = []
  let applied = 0
  for (const fix of fixes) {
    const free = fix.edits.every((edit) =>
      taken.every((other) => edit.span.end < other.span.start || other.span.end < edit.span.start),
    )
    if (!free || fix.edits.length === 0) continue
    taken.push(...fix.edits)
    applied++
  }
  let text = file.text
  for (const { span, text: replacement } of taken.toSorted((a, b) => b.span.start - a.span.start))
    text = text.slice(0, span.start) + replacement + text.slice(span.end)
  return { text, applied }
}

function startOf(fix: Fix): number {
  return Math.min(...fix.edits.map((edit) => edit.span.start))
}
