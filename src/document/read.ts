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
import { Composer, isScalar, type Node, Parser, type Document as YamlDocument } from 'yaml'
import { type Diagnostic, report, type SourceFile, type Span, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { composeValue, nodeSpan } from './compose.ts'
import type { ReadResult } from './document.ts'
import { makeDocument } from './locate.ts'
import { emptyScan, MAX_DEPTH, scanToken } from './scan.ts'
import { explainSyntax, oneALine } from './syntax.ts'
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

/** Reads one YAML (or JSON) text. */
export function readDocument(file: SourceFile): ReadResult {
  const { text } = file
  const at = (span: Span) => ({ file, span })
  const diagnostics: Diagnostic[] = controlCharacters(file)
  const scan = emptyScan()
  const composer = new Composer(OPTIONS)
  const documents: YamlDocument.Parsed[] = []
  const starts: number[] = []
  for (const token of new Parser().parse(text)) {
    scanToken(token, scan)
    if (scan.deep !== undefined) break
    if (token.type === 'directive') {
      const fault = directiveFault(file, { start: token.offset, end: token.offset + token.source.length })
      if (fault) diagnostics.push(fault)
      continue
    }
    if (token.type === 'document') starts.push(token.offset)
    documents.push(...composer.next(token))
  }

  if (scan.deep !== undefined) {
    const span = { start: scan.deep, end: Math.min(text.length, scan.deep + 1) }
    const message = `this is nested more than ${MAX_DEPTH} deep`
    const fault = report('yaml/too-deep', at(span), message, { hint: 'no pipeline needs it: flatten the mapping' })
    return { document: undefined, diagnostics: sortDiagnostics([...diagnostics, fault]) }
  }
  documents.push(...composer.end(true, text.length))

  for (const start of starts.slice(1)) {
    const span = { start, end: text.startsWith('---', start) ? start + 3 : start }
    const hint = 'move it into a file of its own'
    diagnostics.push(
      report('yaml/several-documents', at(span), 'a second document begins here, and a file holds one', { hint }),
    )
  }
  const syntax = documents.flatMap((document) => [...document.errors, ...document.warnings])
  diagnostics.push(...tagFaults(file, scan.tags), ...explainSyntax(file, syntax, scan))
  diagnostics.push(...cutTextFaults(file, scan.cutTexts))

  const contents = documents[0]?.contents
  const broken = syntax.some((error) => error.code !== 'TAG_RESOLVE_FAILED' && error.code !== 'MULTIPLE_TAGS')
  if (!contents || isNothing(contents)) {
    if (diagnostics.length === 0) {
      const hint = 'a pipeline begins with `pipeline: NAME`'
      diagnostics.push(report('yaml/empty', at({ start: 0, end: 0 }), 'the file says nothing', { hint }))
    }
    return { document: undefined, diagnostics: sortDiagnostics(diagnostics) }
  }
  const composed = composeValue(file, contents)
  diagnostics.push(...composed.diagnostics)
  return {
    document: broken ? undefined : makeDocument({ file, contents, composed, comments: scan.comments }),
    diagnostics: oneALine(text, diagnostics),
  }
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
