/**
 * readDocument: text -> Document {value, locate(path)}.
 *
 * Takes the text of one file. Gives its value, the place of every key and value in it, and every fault that YAML has there.
 * Promises:
 * 1. Never throws, whatever the text.
 * 2. All faults at once, in source order; of the echoes that one slip causes on its line, only the cause.
 * 3. The value is frozen data of bounded depth and bounded unfolded size. Its objects have no prototype.
 * 4. A path is found by one lookup a level: nothing here walks the file twice, or a list to find a key.
 * 5. Offsets are UTF-16 units of the text as given, also behind a byte order mark.
 */
import { Composer, type ErrorCode, isScalar, type Node, Parser, type Document as YamlDocument } from 'yaml'
import { type Diagnostic, report, type SourceFile, type Span } from '../diagnostics/diagnostic.ts'
import { MOST_NESTED } from '../util/json.ts'
import { composeValue, nodeSpan } from './compose.ts'
import type { Document, ReadResult } from './document.ts'
import { oneALine } from './echoes.ts'
import { makeDocument } from './locate.ts'
import { deepLine, wordAt } from './places.ts'
import { emptyScan, scanToken, sortScan } from './scan.ts'
import { explainSyntax } from './syntax.ts'
import { cutTextFaults, tagFaults } from './traps.ts'

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  prettyErrors: false,
  strict: true,
  uniqueKeys: false,
  resolveKnownTags: false,
  logLevel: 'silent',
} as const

/** Structural faults make a tree that nobody wrote; after these few the tree still is what stands there. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set([
  'MULTIPLE_TAGS',
  'BAD_ALIAS',
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
] as const)

/** How often a text is read again with its unquoted expressions covered, so that they hide no fault below them. */
const MAX_PASSES = 5

/** Reads one YAML (or JSON) text. */
export function readDocument(file: SourceFile): ReadResult {
  let covered: readonly Diagnostic[] = []
  let text = file.text
  for (let pass = 1; ; pass++) {
    const { result, expressions } = withoutStacks(() => readOnce(file, text))
    if (expressions.length === 0 || pass === MAX_PASSES) {
      const diagnostics = oneALine(file, [...covered, ...result.diagnostics])
      return { document: pass === 1 ? result.document : undefined, diagnostics }
    }
    covered = [...covered, ...expressions]
    text = coverAll(
      text,
      expressions.map((fault) => fault.at.span),
    )
  }
}

/** The parser makes an error object of each fault, and most of their cost is a stack that nobody reads. */
function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** The text with quoted letters, of the same length, in place of expressions that broke its structure. */
function coverAll(text: string, spans: readonly Span[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < from) continue
    pieces.push(text.slice(from, start), `"${'x'.repeat(end - start - 2)}"`)
    from = end
  }
  const result = pieces.join('') + text.slice(from)
  return result
}

/** One pass: the result, and those unquoted expressions that broke the structure of the text. */
function readOnce(original: SourceFile, text: string): { result: ReadResult; expressions: readonly Diagnostic[] } {
  const file = original
  const at = (span: Span) => ({ file, span })
  const done = (diagnostics: readonly Diagnostic[], document?: Document) => ({
    result: { document, diagnostics },
    expressions: diagnostics.filter((fault) => broken && fault.code === 'yaml/unquoted-expression'),
  })
  let broken = true
  // Lists are joined, never passed as arguments: a hostile text has more faults than a call takes.
  let diagnostics: readonly Diagnostic[] = controlCharacters(file)
  const directives: Diagnostic[] = []
  const others: Diagnostic[] = []
  const scan = emptyScan()
  const composer = new Composer(OPTIONS)
  const documents: YamlDocument.Parsed[] = []
  const starts: number[] = []
  try {
    for (const token of new Parser().parse(text)) {
      scanToken(token, scan)
      if (scan.deep !== undefined) break
      if (token.type === 'directive') {
        const fault = directiveFault(file, { start: token.offset, end: token.offset + token.source.length })
        if (fault) directives.push(fault)
        continue
      }
      if (token.type === 'document') starts.push(token.offset)
      documents.push(...composer.next(token))
    }
  } catch (error) {
    // The parser closes nested blocks by calls within calls, and ran out of them.
    if (!(error instanceof RangeError)) throw error
    scan.deep = deepLine(text, MOST_NESTED)
  }

  if (scan.deep !== undefined) {
    const span = { start: scan.deep, end: Math.min(text.length, scan.deep + 1) }
    const message = `this is nested more than ${MOST_NESTED} deep`
    return done([report('yaml/too-deep', at(span), message, { hint: 'no pipeline needs it: flatten the mapping' })])
  }
  documents.push(...composer.end(true, text.length))
  sortScan(scan)

  for (const start of starts.slice(1)) {
    const span = wordAt(text, { start, end: start })
    const hint = 'move it into a file of its own'
    const message = 'a second document begins here, and a file holds one'
    others.push(report('yaml/several-documents', at(span), message, { hint }))
  }
  const errors = documents.flatMap((document) => document.errors)
  broken = errors.some((error) => !HARMLESS.has(error.code))
  diagnostics = [
    ...diagnostics,
    ...directives,
    ...others,
    ...tagFaults(file, scan.tags),
    ...explainSyntax(file, errors, scan),
    ...cutTextFaults(file, scan.cutTexts),
  ]

  const contents = documents[0]?.contents
  if (!contents || isNothing(contents)) {
    if (diagnostics.length > 0) return done(diagnostics)
    const hint = 'a pipeline begins with `pipeline: NAME`'
    return done([report('yaml/empty', at({ start: 0, end: 0 }), 'the file says nothing', { hint })])
  }
  const composed = composeValue({ file, text, root: contents })
  diagnostics = [...diagnostics, ...composed.diagnostics]
  if (broken) return done(diagnostics)
  return done(diagnostics, makeDocument({ file, contents, composed, comments: scan.comments }))
}

/** True for the node that the parser makes up where nothing is written. */
function isNothing(node: Node): boolean {
  const { start, end } = nodeSpan(node)
  return isScalar(node) && start === end && !node.anchor
}

function directiveFault(file: SourceFile, span: Span): Diagnostic | undefined {
  const source = file.text.slice(span.start, span.end).trim()
  if (/^%YAML\s+1\.2\s*(#|$)/.test(source)) return undefined
  const name = source.split(/\s/)[0]!
  const version = name === '%YAML'
  const message = version
    ? `\`${source}\` changes what words mean: in other versions \`yes\` is a boolean`
    : `the directive \`${name}\` is not read here`
  const hint = version ? 'remove the line: opsflow reads YAML 1.2' : 'remove the line'
  return report('yaml/directive', { file, span }, message, { hint })
}

/** Most of what a text editor cannot show. Tab, line feed and its carriage return are text. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/g
const MAX_CONTROL_FAULTS = 10

function controlCharacters(file: SourceFile): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const match of file.text.matchAll(CONTROL)) {
    const code = match[0].charCodeAt(0)
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    const message = code === 13 ? 'a carriage return without a line feed' : `the control character ${name}`
    const hint =
      code === 13 ? 'save the file with LF or CRLF line ends' : `remove it, or write \`"\\x${name.slice(4)}"\``
    const span = { start: match.index, end: match.index + 1 }
    found.push(report('yaml/control-character', { file, span }, message, { hint }))
    if (found.length === MAX_CONTROL_FAULTS) break
  }
  return found
}
