import { sha256 } from '../util/hash.ts'
import type { Json } from '../util/json.ts'
import { CODES, type Code, type Severity } from './codes.ts'
import type { Diagnostic, Location, SourceFile, Span } from './diagnostic.ts'
import { endPositionOf, lineText, positionOf } from './lines.ts'

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>

/** What the log says of the tool. */
export interface SarifOptions {
  readonly version: string
  /** What a code means and how to mend it, in plain text. */
  help(code: Code): string
}

/** All diagnostics as one SARIF 2.1.0 log, as code scanning services take it. */
export function sarifLog(diagnostics: readonly Diagnostic[], { version, help }: SarifOptions): Json {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort()
  const indexes = new Map(codes.map((code, index) => [code, index]))
  const seen = new Map<string, number>()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'opsflow',
            version,
            rules: codes.map((code) => rule(code, help(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => result(diagnostic, indexes.get(diagnostic.code)!, seen)),
      },
    ],
  }
}

function rule(code: Code, help: string): Json {
  const { severity, summary } = CODES[code]
  return {
    id: code,
    name: code.replace(/(^|[/-])([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    help: { text: help },
    defaultConfiguration: { level: LEVELS[severity] },
  }
}

function result(diagnostic: Diagnostic, ruleIndex: number, seen: Map<string, number>): Json {
  const { at, code, fix, hint, message, related = [], severity } = diagnostic
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message} (${hint})` },
    locations: [{ physicalLocation: physical(at) }],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((other, id) => ({
            id,
            message: { text: other.message },
            physicalLocation: physical(other.at),
          })),
        }
      : {}),
    partialFingerprints: { primaryLocationLineHash: fingerprint(diagnostic, seen) },
    ...(fix
      ? {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: [
                {
                  artifactLocation: { uri: uriOf(at.file) },
                  replacements: fix.edits.map((edit) => ({
                    deletedRegion: region(at.file, edit.span),
                    insertedContent: { text: edit.text },
                  })),
                },
              ],
            },
          ],
        }
      : {}),
  }
}

/** How much of a line is hashed: minified JSON is one line, with all of its findings. */
const HASHED = 1000

/** Stays the same when lines are added above: made of the code, the file and the text of the line, and counted among equals. */
function fingerprint({ at, code }: Diagnostic, seen: Map<string, number>): string {
  const line = lineText(at.file, positionOf(at.file, at.span.start).line).slice(0, HASHED).trim()
  const base = sha256([code, at.file.path, line].join('\0')).slice(0, 16)
  const count = (seen.get(base) ?? 0) + 1
  seen.set(base, count)
  return `${base}:${count}`
}

function physical({ file, span }: Location): Json {
  return { artifactLocation: { uri: uriOf(file) }, region: region(file, span) }
}

function region(file: SourceFile, span: Span): Json {
  const start = positionOf(file, span.start)
  const end = endPositionOf(file, span)
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
}

/** A relative or `file:` URI; every character that a URI does not allow is percent-encoded, a space too. */
function uriOf({ path }: SourceFile): string {
  const encoded = path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/')
  return path.startsWith('/') ? `file://${encoded}` : encoded
}
