import { BLOCK_HEADER, type Case, type Cause } from './causes.ts'
import { saidUntil, wordAt } from './places.ts'
import type { LongQuote, Scan } from './scan.ts'
import { quote } from './traps.ts'

/** What is said of a token where none, or none of its kind, may stand. */
export function unexpected({ error, file, line, scan, span }: Case): Cause {
  const { text } = file
  if (/at node end/.test(error.message)) {
    const before = text.slice(line.start, span.start).trimEnd()
    if (before === '' || before === '\uFEFF')
      return {
        code: 'yaml/indentation',
        span: wordAt(text, span),
        message: 'this line is no part of what stands above it, which has ended',
        hint: 'indent it exactly as the first key of the file, and the lines between as far as they belong',
      }
    const last = before.at(-1) ?? ''
    const long = longQuoteBefore(scan, span.start, line.start)
    const related = long
      ? [
          {
            message: 'the quoted text that ends before it opens here: is a quote missing there?',
            at: { file, span: { start: long.span.start, end: long.span.start + 1 } },
          },
        ]
      : []
    const opening = long ? undefined : /^(\s*(?:- +)*(?:[^\s:'"#]+:\s+)?)(["'[{])/.exec(line.text)
    const message =
      last === ']' || last === '}' || last === '"' || last === "'"
        ? `this stands behind the \`${last}\` that ends the value`
        : 'this stands behind the end of the value'
    if (!opening)
      return {
        code: 'yaml/text-after-value',
        message,
        hint: 'put the whole value in one pair of quotes',
        extra: related.length > 0 ? { related } : {},
      }
    const start = line.start + opening[1]!.length
    const end = saidUntil(line)
    const written = text.slice(start, end)
    const fix = {
      title: `write ${quote(written)}`,
      safe: true,
      edits: [{ span: { start, end }, text: quote(written) }],
    }
    return {
      code: 'yaml/text-after-value',
      message,
      hint: `put the whole value in quotes: \`${quote(written)}\``,
      extra: { fix },
    }
  }
  if (/(?:^|\s)[|>][-+\d]{0,2}\s+$/.test(line.text.slice(0, span.start - line.start)))
    return { code: 'yaml/syntax', ...BLOCK_HEADER, span: wordAt(text, span) }
  const written = text.slice(span.start, span.end).trim()
  const what = written === '' ? 'the file ends here too early' : `\`${shorten(written)}\` cannot stand here`
  const closing = /^[\]}]/.test(written)
    ? 'nothing is open that it could close'
    : 'is a quote or a bracket before it not closed?'
  return { code: 'yaml/syntax', message: what, hint: closing }
}

/** The quoted text of several lines that ends on this line before a place. They stand in order, none inside another. */
function longQuoteBefore({ longQuotes }: Scan, offset: number, lineStart: number): LongQuote | undefined {
  let low = 0
  let high = longQuotes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (longQuotes[middle]!.span.end <= offset) low = middle + 1
    else high = middle
  }
  const last = longQuotes[low - 1]
  return last?.closed && last.span.end >= lineStart ? last : undefined
}

function shorten(text: string): string {
  const line = text.split('\n')[0]!
  return line.length > 40 ? `${line.slice(0, 40)}…` : line
}
