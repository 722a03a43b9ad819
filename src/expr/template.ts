import type { ExprProblem } from './types.ts'

/** A piece of a template. Offsets are into the text; those of an expression are what stands between `${{` and `}}`. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'expression'; readonly source: string; readonly start: number; readonly end: number }

export interface Template {
  readonly segments: readonly Segment[]
  readonly problem?: ExprProblem
}

const OPEN = '${{'

/** Whether a text holds an expression, or the start of one. */
export function isTemplate(text: string): boolean {
  return text.includes(OPEN)
}

/**
 * Cuts a text into plain pieces and expressions; never throws. An expression ends at the first `}}` that is not
 * inside quotes or inside a map literal, so `${{ {'a': {'b': 1}} }}` and `${{ '}}' }}` are each one expression.
 * There is no escape sign: a literal `${{` is written `${{ '${{' }}`. After an expression that is never closed the
 * rest is text, and `problem` says where it began.
 */
export function scanTemplate(text: string): Template {
  const segments: Segment[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf(OPEN, at)
    const textEnd = open < 0 ? text.length : open
    if (textEnd > at) segments.push({ kind: 'text', text: text.slice(at, textEnd), start: at, end: textEnd })
    if (open < 0) return { segments }
    const start = open + OPEN.length
    const found = findEnd(text, start)
    if (found.end === undefined) {
      segments.push({ kind: 'text', text: text.slice(open), start: open, end: text.length })
      return { segments, problem: unclosed(text, open, found.quote) }
    }
    segments.push({ kind: 'expression', source: text.slice(start, found.end), start, end: found.end })
    at = found.end + 2
  }
}

/** The text's only expression, where nothing but spaces stands around it. */
export function loneExpression(template: Template): Extract<Segment, { kind: 'expression' }> | undefined {
  let lone: Extract<Segment, { kind: 'expression' }> | undefined
  for (const segment of template.segments) {
    if (segment.kind === 'text') {
      if (segment.text.trim() !== '') return undefined
    } else {
      if (lone) return undefined
      lone = segment
    }
  }
  return template.problem ? undefined : lone
}

/** Where the expression that begins at `from` ends; else the quote that swallowed its end, if one did. */
function findEnd(text: string, from: number): { end?: number; quote?: number } {
  let depth = 0
  let at = from
  while (at < text.length) {
    const char = text[at]
    if (char === '"' || char === "'") {
      const end = skipQuoted(text, at)
      if (end === undefined) return { quote: at }
      at = end
    } else if (char === '/' && text[at + 1] === '/') {
      at = skipComment(text, at)
    } else if (char === '}') {
      if (depth === 0 && text[at + 1] === '}') return { end: at }
      depth = Math.max(0, depth - 1)
      at++
    } else {
      if (char === '{') depth++
      at++
    }
  }
  return {}
}

/** The offset behind a quoted text, or undefined where it is never closed. As the CEL lexer: `\\` covers the next sign, in `r''` too. */
function skipQuoted(text: string, at: number): number | undefined {
  const quote = text[at]!
  const long = text.startsWith(quote.repeat(3), at)
  const close = long ? quote.repeat(3) : quote
  for (let i = at + close.length; i < text.length; i++) {
    if (text.startsWith(close, i)) return i + close.length
    if (text[i] === '\\') i++
    else if (!long && (text[i] === '\n' || text[i] === '\r')) return undefined
  }
  return undefined
}

/** A comment ends with its line, or with the expression it stands in. */
function skipComment(text: string, at: number): number {
  let end = at + 2
  while (end < text.length && text[end] !== '\n' && !text.startsWith('}}', end)) end++
  return end
}

function unclosed(text: string, open: number, quote: number | undefined): ExprProblem {
  if (quote !== undefined) {
    const message = `a quote inside \`${OPEN}\` is never closed`
    const hint = `close the text with ${text[quote]} on the same line`
    return { kind: 'syntax', message, start: quote, end: quote + 1, hint }
  }
  const message = `\`${OPEN}\` is never closed`
  const hint = "end the expression with `}}`, or write `${{ '${{' }}` for the characters themselves"
  return { kind: 'syntax', message, start: open, end: open + OPEN.length, hint }
}
