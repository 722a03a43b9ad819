import type { YAMLError } from 'yaml'
import { type Diagnostic, report, type SourceFile, type Span } from '../diagnostics/diagnostic.ts'
import { type Case, type Cause, plainCause, STRAY_ITEM } from './causes.ts'
import { clamp, type Line, lineAround, saidUntil, wordAt } from './places.ts'
import type { Scan } from './scan.ts'
import { quote, unquotedExpression } from './traps.ts'
import { unexpected } from './unexpected.ts'

/** Turns the parser's errors into diagnostics. */
export function explainSyntax(file: SourceFile, errors: readonly YAMLError[], scan: Scan): Diagnostic[] {
  const faults: Diagnostic[] = []
  const expressions = new Set<number>()
  let astray = false
  let line: Line | undefined
  for (const error of errors) {
    // Tags and duplicate keys are reported from the tokens and the nodes, with more to say.
    if (error.code === 'TAG_RESOLVE_FAILED' || error.code === 'MULTIPLE_TAGS') continue
    const span = clamp(file.text, error.pos)
    // Once the text has left every structure, each further token is an error, and only the first of them says why.
    const stray = error.message.includes('in YAML stream')
    // A stray scalar was read as text: its braces are no braces to YAML, so it is well written where it stands.
    const isText = stray && /scalar token/.test(error.message)
    const expression = isStructural(error) && !isText ? unquotedExpression(file, span) : undefined
    if (expression) {
      // Each brace of an expression makes an error of its own.
      if (!expressions.has(expression.at.span.start)) faults.push(expression)
      expressions.add(expression.at.span.start)
      astray ||= stray
      continue
    }
    if (stray && astray) continue
    astray ||= stray
    // Faults come in order, and a line may be the whole file: it is cut out once.
    if (!line || span.start < line.start || span.start > line.end) line = lineAround(file.text, span.start)
    const cause = causeOf({ file, error, span, scan, line })
    const { extra, hint } = cause
    faults.push(
      report(cause.code, { file, span: cause.span ?? span }, cause.message, { ...extra, ...(hint ? { hint } : {}) }),
    )
  }
  return faults
}

function isStructural(error: YAMLError): boolean {
  return [
    'UNEXPECTED_TOKEN',
    'MISSING_CHAR',
    'BAD_INDENT',
    'BLOCK_IN_FLOW',
    'BLOCK_AS_IMPLICIT_KEY',
    'MULTILINE_IMPLICIT_KEY',
  ].includes(error.code)
}

function causeOf(fault: Case): Cause {
  const { error, file, line, scan, span } = fault
  const { text } = file
  const plain = plainCause(error.message)
  if (plain)
    return {
      code: /at a column/.test(plain.message) ? 'yaml/indentation' : 'yaml/syntax',
      ...plain,
      span: wordAt(text, span),
    }
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tabs(line, span)
    case 'MISSING_CHAR': {
      const quoted = scan.openQuotes.get(span.start)
      if (quoted || /closing ["']quote/.test(error.message))
        return unclosedQuote(quoted?.span.start ?? span.start, quoted?.quote ?? text[span.start] ?? '"')
      if (/map values/.test(error.message)) {
        if (/^-(?:\s|$)/.test(text.slice(span.start, span.start + 2)))
          return { code: 'yaml/syntax', span: wordAt(text, span), ...STRAY_ITEM }
        const message = 'a `:` is missing: this line is neither `key: value` nor part of the text above'
        return {
          code: 'yaml/syntax',
          message,
          span: wordAt(text, span),
          hint: 'write `key: value`, or indent it to continue the text above',
        }
      }
      if (/^Missing .* between flow/.test(error.message))
        return {
          code: 'yaml/syntax',
          message: 'a comma is missing before this',
          hint: 'separate the items with `, `, or put a text that holds brackets in quotes',
        }
      if (/must end with/.test(error.message)) return unclosedBracket(text, span, scan)
      return { code: 'yaml/syntax', message: lower(error.message) }
    }
    case 'UNEXPECTED_TOKEN':
      return unexpected(fault)
    case 'BLOCK_AS_IMPLICIT_KEY': {
      const value = { start: span.start, end: saidUntil(line) }
      const written = text.slice(value.start, value.end)
      if (!/:(?:\s|$)/.test(written)) {
        const message = 'behind this value the next lines begin a mapping, and a key has one or the other'
        const hint = 'indent the next line as the key of this one, or remove the value'
        return { code: 'yaml/indentation', span: value, message, hint }
      }
      const hint = `if all of it is one text, put it in quotes: \`${quote(written)}\``
      const fix = { title: `write ${quote(written)}`, safe: false, edits: [{ span: value, text: quote(written) }] }
      return {
        code: 'yaml/colon-in-text',
        span: value,
        message: 'a second `: ` on this line begins a mapping where none can begin',
        hint,
        extra: { fix },
      }
    }
    case 'BAD_SCALAR_START': {
      const inFlow = /[[{]/.test(line.text.slice(0, span.start - line.start))
      const value = inFlow ? wordAt(text, span) : { start: span.start, end: saidUntil(line) }
      const written = text.slice(value.start, value.end)
      const first = text[span.start] ?? ''
      const message = `an unquoted text cannot begin with ${first === '`' ? 'a backtick' : `\`${first}\``}`
      const fix = { title: `write ${quote(written)}`, safe: true, edits: [{ span: value, text: quote(written) }] }
      return {
        code: 'yaml/reserved-character',
        message,
        hint: `put it in quotes: \`${quote(written)}\``,
        extra: { fix },
      }
    }
    case 'BAD_INDENT': {
      if (/end with a/.test(error.message)) return unclosedBracket(text, span, scan)
      if (/^ *\t/.test(line.text)) return tabs(line, span)
      const message = 'this line begins at a column that no mapping or list above it has'
      return {
        code: 'yaml/indentation',
        span: wordAt(text, span),
        message,
        hint: 'indent it exactly as the keys beside it',
      }
    }
    case 'BAD_DQ_ESCAPE': {
      const written = text.slice(span.start, span.start + 2)
      const digits = HEX_DIGITS[written]
      if (digits !== undefined) {
        const message = `\`${written}\` wants ${digits} hexadecimal digits behind it`
        const hint = `write all of them, or \`\\${written}\` if a backslash is meant`
        return { code: 'yaml/escape', span: { start: span.start, end: span.start + 2 }, message, hint }
      }
      return {
        code: 'yaml/escape',
        span: { start: span.start, end: span.start + 2 },
        message: `\`${written}\` is no escape that double quotes know`,
        hint: `write \`\\${written}\`, or use single quotes, which know none`,
      }
    }
    case 'BAD_ALIAS':
      return {
        code: 'yaml/unknown-alias',
        span: wordAt(text, span),
        message: `\`${text[span.start] ?? ''}\` begins an anchor or alias, and its name is missing`,
        hint: `if a text is meant, put it in quotes: \`${quote(text.slice(span.start, wordAt(text, span).end))}\``,
      }
    case 'MULTILINE_IMPLICIT_KEY': {
      const key = wordAt(text, span)
      if (text.slice(key.start, key.end) === '-') return { code: 'yaml/syntax', span: key, ...STRAY_ITEM }
      const [, name, value] = /^([\w-]+):(.+)$/.exec(text.slice(key.start, key.end)) ?? []
      if (name !== undefined)
        return {
          code: 'yaml/syntax',
          span: key,
          message: 'a space is missing behind the `:` of this key',
          hint: `write \`${name}: ${value}\``,
        }
      return {
        code: 'yaml/syntax',
        span: wordAt(text, span),
        message: 'a key runs over more than one line',
        hint: 'is a `:` missing after the first word, or a quote not closed?',
      }
    }
    case 'BLOCK_IN_FLOW':
      return {
        code: 'yaml/syntax',
        span: wordAt(text, span),
        message: 'a mapping or list without brackets begins inside of `{ }` or `[ ]`',
        hint: 'is a comma missing before it, or a bracket not closed above?',
      }
    default:
      return { code: 'yaml/syntax', message: lower(error.message) }
  }
}

const HEX_DIGITS: { readonly [written: string]: number } = { '\\x': 2, '\\u': 4, '\\U': 8 }

/** At all of the blanks that begin the line, from the first tab on. */
function tabs(line: Line, span: Span): Cause {
  const first = line.start + /^ */.exec(line.text)![0].length
  const whole = { start: Math.min(first, span.start), end: line.start + /^\s*/.exec(line.text)![0].length }
  return {
    code: 'yaml/tab',
    span: whole.end > whole.start ? whole : span,
    message: 'a tab indents this line, and YAML takes only spaces',
    hint: 'write spaces, as many as the lines beside it',
  }
}

/** At the bracket itself, since the parser sees the fault only where the file or the indentation ends. */
function unclosedBracket(text: string, span: Span, scan: Scan): Cause {
  const open = scan.openBrackets.findLast((bracket) => bracket.start < span.start)
  if (!open) {
    const message = 'this line is inside of brackets and begins too far left'
    return {
      code: 'yaml/indentation',
      message,
      span: wordAt(text, span),
      hint: 'indent it more than the key of the brackets',
    }
  }
  const [opening, closing] = text[open.start] === '{' ? ['{', '}'] : ['[', ']']
  const hint = `close it with \`${closing}\`, or put the value in quotes if the bracket is text`
  return {
    code: 'yaml/unclosed-bracket',
    span: open,
    message: `nothing closes the \`${opening}\` that opens here`,
    hint,
  }
}

function unclosedQuote(start: number, quoteChar: string): Cause {
  const span = { start, end: start + 1 }
  const hint = `close it with \`${quoteChar}\` on the same line`
  return { code: 'yaml/unclosed-quote', span, message: `the text that \`${quoteChar}\` opens here never ends`, hint }
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '')
}
