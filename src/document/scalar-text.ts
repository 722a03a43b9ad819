import type { Span } from '../diagnostics/diagnostic.ts'
import type { ScalarText } from './document.ts'

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

/** A text as it was decoded, with the source offset of each of its UTF-16 units. */
interface Decoded {
  readonly value: string
  readonly offsets: readonly number[]
}

/**
 * Makes the scalar with its way back into the source. The offsets are found by decoding the source text once more, on first use;
 * where that does not give the parser's own value, every offset is the scalar's start rather than a wrong place.
 */
export function scalarText(text: string, span: Span, style: ScalarStyle, value: string): ScalarText {
  let offsets: readonly number[] | undefined
  return {
    value,
    span,
    plain: style === 'plain' && !text.slice(span.start, span.end).includes('\n'),
    offsetAt(index) {
      if (!offsets) {
        const decoded = decode(text, span, style)
        offsets = decoded.value === value ? decoded.offsets : []
      }
      if (offsets.length === 0) return span.start
      if (index >= offsets.length) return endOf(span, style, offsets)
      return offsets[Math.max(0, index)] ?? span.start
    },
  }
}

/** Just behind the last character of the value: before a closing quote, and before what chomping added at the end of a block. */
function endOf(span: Span, style: ScalarStyle, offsets: readonly number[]): number {
  if (style === 'single' || style === 'double') return Math.max(span.start, span.end - 1)
  return Math.min(span.end, (offsets.at(-1) ?? span.start) + 1)
}

function decode(text: string, span: Span, style: ScalarStyle): Decoded {
  switch (style) {
    case 'plain':
      return decodeFlow(text, span.start, span.end, style)
    case 'single':
    case 'double':
      return decodeFlow(text, span.start + 1, span.end - 1, style)
    default:
      return decodeBlock(text, span, style)
  }
}

const ESCAPES: { readonly [letter: string]: string } = {
  0: '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
}
const HEX_DIGITS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 }

/** Plain and quoted texts: line breaks fold, and only the styles' own escapes are undone. */
function decodeFlow(text: string, start: number, end: number, style: ScalarStyle): Decoded {
  let value = ''
  const offsets: number[] = []
  const add = (part: string, at: number): void => {
    for (let i = 0; i < part.length; i++) offsets.push(at)
    value += part
  }
  let i = start
  while (i < end) {
    const char = text[i]!
    if (char === ' ' || char === '\t' || isBreak(text, i)) {
      const space = readSpace(text, i, end)
      if (space.breaks === 0) for (; i < space.next; i++) add(text[i]!, i)
      else add(space.breaks === 1 ? ' ' : '\n'.repeat(space.breaks - 1), space.firstBreak)
      i = space.next
    } else if (style === 'single' && char === "'" && text[i + 1] === "'") {
      add("'", i)
      i += 2
    } else if (style === 'double' && char === '\\') {
      const letter = text[i + 1] ?? ''
      const digits = HEX_DIGITS[letter]
      if (isBreak(text, i + 1)) {
        i = skipBlanks(text, i + (letter === '\r' ? 3 : 2), end)
      } else if (digits) {
        const code = Number.parseInt(text.slice(i + 2, i + 2 + digits), 16)
        add(code <= 0x10ffff ? String.fromCodePoint(code) : '', i)
        i += 2 + digits
      } else {
        add(ESCAPES[letter] ?? letter, i)
        i += 2
      }
    } else {
      add(char, i)
      i++
    }
  }
  return { value, offsets }
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n')
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++
  return at
}

/** A run of blanks and line breaks: where it ends, how many breaks it holds, where the first of them stands. */
function readSpace(text: string, from: number, end: number): { next: number; breaks: number; firstBreak: number } {
  let breaks = 0
  let firstBreak = from
  let at = skipBlanks(text, from, end)
  while (at < end && isBreak(text, at)) {
    if (breaks++ === 0) firstBreak = at
    at = skipBlanks(text, at + (text[at] === '\r' ? 2 : 1), end)
  }
  return { next: at, breaks, firstBreak }
}

interface Line {
  readonly indent: number
  readonly content: string
  readonly at: number
}

/** Literal and folded blocks: the indentation goes; in folded ones single breaks between lines of one depth become spaces. */
function decodeBlock(text: string, span: Span, style: ScalarStyle): Decoded {
  const headerEnd = text.indexOf('\n', span.start)
  if (headerEnd < 0 || headerEnd >= span.end) return { value: '', offsets: [] }
  const header = text.slice(span.start, headerEnd).replace(/\s#.*$/, '')
  const lines = blockLines(text, headerEnd + 1, span.end)
  const given = /[1-9]/.exec(header)
  const first = lines.findIndex((line) => line.content !== '')
  if (first < 0) return { value: '', offsets: [] }
  // An explicit indentation counts from the parent's, which the header does not show: the first line decides, less what is extra.
  const indent = given ? explicitIndent(text, span.start, Number(given[0]), lines[first]!.indent) : lines[first]!.indent
  let last = lines.findLastIndex((line) => line.content !== '')
  for (let i = lines.length - 1; i > last; i--) if (lines[i]!.indent > indent) last = i

  let value = ''
  const offsets: number[] = []
  const add = (part: string, at: number): void => {
    for (let i = 0; i < part.length; i++) offsets.push(at + (part[i] === '\n' ? 0 : i))
    value += part
  }
  const addLine = (line: Line): void => {
    const extra = Math.max(0, line.indent - indent)
    add(' '.repeat(extra) + line.content, line.at - extra)
  }
  let pending = ''
  let breakAt = 0
  let deeper = false
  for (const [i, line] of lines.slice(0, last + 1).entries()) {
    const more = i >= first && (line.indent > indent || line.content.startsWith('\t'))
    if (i < first) {
      addLine(line)
      add('\n', line.at + line.content.length)
      continue
    }
    if (style === 'literal') {
      add(pending, breakAt)
      addLine(line)
      pending = '\n'
    } else if (more) {
      if (pending === ' ') pending = '\n'
      else if (!deeper && pending === '\n') pending = '\n\n'
      add(pending, breakAt)
      addLine(line)
      pending = '\n'
      deeper = true
    } else if (line.content === '') {
      if (pending === '\n') add('\n', breakAt)
      else pending = '\n'
    } else {
      add(pending, breakAt)
      addLine(line)
      pending = ' '
      deeper = false
    }
    breakAt = line.at + line.content.length
  }
  if (header.includes('+')) {
    for (const line of lines.slice(last + 1)) {
      add('\n', breakAt)
      addLine(line)
      breakAt = line.at + line.content.length
    }
    if (!value.endsWith('\n')) add('\n', breakAt)
  } else if (!header.includes('-')) {
    add('\n', breakAt)
  }
  return { value, offsets }
}

function blockLines(text: string, from: number, end: number): Line[] {
  const lines: Line[] = []
  let at = from
  for (;;) {
    const next = text.indexOf('\n', at)
    const stop = next < 0 || next >= end ? end : next
    const raw = text.slice(at, stop).replace(/\r$/, '')
    const indent = /^ */.exec(raw)![0].length
    lines.push({ indent, content: raw.slice(indent), at: at + indent })
    if (stop === end) return lines
    at = next + 1
  }
}

/** The indentation of a block with an indentation indicator: of its parent's key or dash, and the indicator more. */
function explicitIndent(text: string, headerStart: number, indicator: number, firstIndent: number): number {
  const lineStart = text.lastIndexOf('\n', headerStart - 1) + 1
  const parent = /^(?:\uFEFF)?( *(?:- +)*)/.exec(text.slice(lineStart, headerStart))![1]!
  return Math.min(firstIndent, parent.length + indicator)
}
