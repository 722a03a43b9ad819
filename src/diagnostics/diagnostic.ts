import { CODES, type Code, type Severity } from './codes.ts'

/** A text that diagnostics point into. `path` is shown as given: relative to the working directory where it can be. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** A half-open range of UTF-16 offsets into a file's text. Lines and columns exist only in renderers. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Location {
  readonly file: SourceFile
  readonly span: Span
}

/** An edit that mends the fault. `safe`: it cannot change what the file means beyond mending it, so `lint --fix` may apply it. */
export interface Fix {
  readonly title: string
  readonly safe: boolean
  readonly edits: readonly { readonly span: Span; readonly text: string }[]
}

/** What is wrong with a text a user wrote, and where. Made only by `report`, so that a place cannot be forgotten. */
export interface Diagnostic {
  readonly code: Code
  readonly severity: Severity
  /** One sentence: what is wrong and why. Lower case, names in backticks, no full stop. */
  readonly message: string
  readonly at: Location
  readonly related?: readonly { readonly message: string; readonly at: Location }[]
  /** What to do: the nearest name, the missing line. */
  readonly hint?: string
  readonly fix?: Fix
}

/** The outcome of a stage. Warnings travel with a value; errors stop it. Diagnostics are never thrown. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Makes a diagnostic of a code of the closed set; severity comes from the code unless the caller raises or lowers it. */
export function report(
  code: Code,
  at: Location,
  message: string,
  extra: Pick<Diagnostic, 'related' | 'hint' | 'fix'> & { severity?: Severity } = {},
): Diagnostic {
  return { code, severity: CODES[code].severity, message, at, ...extra }
}

/** Sorts by file, then place, then code, and drops exact twins: the order users read, the same every time. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = diagnostics.toSorted(
    (a, b) =>
      compare(a.at.file.path, b.at.file.path) ||
      a.at.span.start - b.at.span.start ||
      a.at.span.end - b.at.span.end ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  )
  return sorted.filter((d, i) => {
    const last = sorted[i - 1]
    return !(
      last &&
      last.code === d.code &&
      last.message === d.message &&
      last.at.file.path === d.at.file.path &&
      last.at.span.start === d.at.span.start
    )
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** True where at least one of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}
