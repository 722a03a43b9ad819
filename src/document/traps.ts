import { type Diagnostic, type Fix, report, type SourceFile, type Span } from '../diagnostics/diagnostic.ts'
import type { CutText, Tag } from './scan.ts'

/** The keys whose value is a condition in bare CEL: what stands there is code, and its `!` and quotes are CEL's. */
const CONDITIONS: ReadonlySet<string> = new Set(['when', 'until', 'require'])

/** A scalar in single quotes, where only the quote itself needs care. Falls back to double quotes for what has line breaks. */
export function quote(text: string): string {
  if (/[\n\r]/.test(text)) return JSON.stringify(text)
  return text.includes('"') || text.includes('\\') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`
}

function quoteFix(span: Span, text: string): Fix {
  return { title: `write ${quote(text)}`, safe: true, edits: [{ span, text: quote(text) }] }
}

/** Every tag is refused; on a condition it would silently take the `!` away from it. */
export function tagFaults(file: SourceFile, tags: readonly Tag[]): Diagnostic[] {
  const faults: Diagnostic[] = []
  let quotedUntil = -1
  for (const { source, span, key, flow } of tags) {
    if (span.start < quotedUntil) continue
    if (key !== undefined && CONDITIONS.has(key)) {
      const whole = restOfValue(file.text, span.start, flow)
      quotedUntil = whole.end
      const written = file.text.slice(whole.start, whole.end)
      const message = `YAML reads \`${source}\` as a tag here, so the \`!\` never reaches the condition`
      const hint = `put the condition in quotes: \`${key}: ${quote(written)}\``
      faults.push(report('yaml/tag', { file, span }, message, { hint, fix: quoteFix(whole, written) }))
    } else {
      const hint = source.startsWith('!!')
        ? 'remove it: plain and quoted values say their type themselves'
        : `if a text that begins with \`!\` is meant, put it in quotes`
      faults.push(report('yaml/tag', { file, span }, `the YAML tag \`${source}\` is refused`, { hint }))
    }
  }
  return faults
}

/** From a place to where its value ends on this line: before a comment, and in flow style before the next comma or bracket. */
function restOfValue(text: string, start: number, flow: boolean): Span {
  const lineEnd = text.indexOf('\n', start)
  let rest = text.slice(start, lineEnd < 0 ? text.length : lineEnd)
  rest = rest.replace(/\r$/, '').replace(/\s#.*$/, '')
  if (flow) rest = rest.replace(/[,}\]].*$/, '')
  return { start, end: start + rest.trimEnd().length }
}

/** Unquoted texts that ` #` cut off in the middle of an expression or of a quoted part. */
export function cutTextFaults(file: SourceFile, texts: readonly CutText[]): Diagnostic[] {
  const faults: Diagnostic[] = []
  for (const { span, comment } of texts) {
    const text = file.text.slice(span.start, span.end)
    const open = openPart(text)
    if (!open || !comment.text.includes(open.closedBy)) continue
    const whole = file.text.slice(span.start, comment.span.end).trimEnd()
    const message = `\` #\` begins a comment, so the ${open.what} before it is cut off`
    const hint = `put the whole value in quotes: \`${quote(whole)}\``
    const related = [{ message: 'this is where it opens', at: { file, span: open.spanIn(span.start) } }]
    const fix = quoteFix({ start: span.start, end: span.start + whole.length }, whole)
    faults.push(report('yaml/comment-in-text', { file, span: comment.span }, message, { hint, related, fix }))
  }
  return faults
}

interface OpenPart {
  readonly what: string
  readonly closedBy: string
  spanIn(start: number): Span
}

/** The expression or quoted part that a text opens and does not close. An apostrophe within a word opens nothing. */
function openPart(text: string): OpenPart | undefined {
  const expression = text.lastIndexOf('${{')
  if (expression >= 0 && !text.includes('}}', expression))
    return {
      what: 'expression',
      closedBy: '}}',
      spanIn: (at) => ({ start: at + expression, end: at + expression + 3 }),
    }
  let opened = -1
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (opened >= 0) {
      if (char === text[opened]) opened = -1
    } else if ((char === '"' || char === "'") && (i === 0 || /[\s(,=:[!<>+]/.test(text[i - 1]!))) {
      opened = i
    }
  }
  if (opened < 0) return undefined
  const start = opened
  return { what: 'quoted text', closedBy: text[opened]!, spanIn: (at) => ({ start: at + start, end: at + start + 1 }) }
}

/** How far around a fault its cause is looked for: a line may be a whole file long, and have a fault in every item. */
const REACH = 1000

/** The part of a line that lies around a place. */
function lineNear(text: string, offset: number): { readonly start: number; readonly line: string } {
  const from = Math.max(0, offset - REACH)
  const start = from + text.slice(from, offset).lastIndexOf('\n') + 1
  const line = text.slice(start, offset + REACH)
  const end = line.indexOf('\n', offset - start)
  return { start, line: end < 0 ? line : line.slice(0, end) }
}

/**
 * The expression without quotes that a mapping or syntax fault at a place comes from: `${{ x }}` inside `{ }` or `[ ]`, or `{{ x }}`
 * anywhere, which YAML reads as a mapping in a mapping.
 */
export function unquotedExpression(file: SourceFile, near: Span): Diagnostic | undefined {
  const { text } = file
  const { line, start: lineStart } = lineNear(text, near.start)
  for (const match of line.matchAll(/\$?\{\{.*?\}\}/g)) {
    const start = lineStart + match.index
    const end = start + match[0].length
    if (near.start < start - 1 || near.start > end || isQuoted(line.slice(0, match.index))) continue
    const ours = match[0].startsWith('$')
    const message = ours
      ? `YAML reads the braces of \`${match[0]}\` as its own here: it stands unquoted inside of \`{ }\` or \`[ ]\``
      : `YAML reads \`${match[0]}\` as a mapping in a mapping`
    const span = { start, end }
    const item = ours ? flowItem(text, span) : undefined
    const wanted = quote(item ? text.slice(item.start, item.end) : ours ? match[0] : `$${match[0]}`)
    const fix = item ? { fix: quoteFix(item, text.slice(item.start, item.end)) } : {}
    return report('yaml/unquoted-expression', { file, span }, message, {
      hint: `put it in quotes: \`${wanted}\``,
      ...fix,
    })
  }
  return undefined
}

/** Whether a quoted text is open where a beginning of a line ends. An apostrophe within a word opens nothing. */
function isQuoted(before: string): boolean {
  let opened: string | undefined
  for (let i = 0; i < before.length; i++) {
    const char = before[i]!
    if (opened === '"' && char === '\\') i++
    else if (char === opened) opened = undefined
    else if (opened === undefined && /["']/.test(char) && (i === 0 || /[\s,:[{]/.test(before[i - 1]!))) opened = char
  }
  return opened !== undefined
}

/** The whole item of a flow mapping or list around an expression in it; undefined where it is a key. */
function flowItem(text: string, span: Span): Span | undefined {
  const { start: lineStart } = lineNear(text, span.start)
  const before = /(?:[,[{]\s*|:\s+)([^,[{:"'\s][^,[{:"']*)?$/.exec(text.slice(lineStart, span.start))
  const after = /^[^,}\]\n"'#]*/.exec(text.slice(span.end, span.end + REACH))![0]
  if (!before || /:(\s|$)/.test(after)) return undefined
  return { start: span.start - (before[1]?.length ?? 0), end: span.end + after.trimEnd().length }
}
