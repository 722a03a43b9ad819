import type { Diagnostic, Fix, SourceFile, Span } from '../diagnostics/diagnostic.ts'

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
  const taken: Edit[] = []
  let applied = 0
  for (const { edits } of fixes) {
    if (edits.length === 0 || edits.some(({ span }) => touches(taken, span))) continue
    for (const edit of edits) taken.splice(lastUpTo(taken, edit.span.start) + 1, 0, edit)
    applied++
  }
  // In pieces: a text spliced once a fix would be copied once a fix.
  const pieces: string[] = []
  let from = 0
  for (const { span, text } of taken) {
    pieces.push(file.text.slice(from, span.start), text)
    from = span.end
  }
  return { text: pieces.join('') + file.text.slice(from), applied }
}

type Edit = Fix['edits'][number]

/** Whether a span shares a place with one of the edits, which stand in order. */
function touches(edits: readonly Edit[], span: Span): boolean {
  const before = edits[lastUpTo(edits, span.end)]
  return before !== undefined && before.span.end >= span.start
}

/** The index of the last edit that begins at or before an offset; -1 where none does. */
function lastUpTo(edits: readonly Edit[], offset: number): number {
  let low = 0
  let high = edits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edits[middle]!.span.start <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

function startOf(fix: Fix): number {
  return Math.min(...fix.edits.map((edit) => edit.span.start))
}
