import type { Diagnostic, Location, SourceFile, Span } from '../diagnostics/diagnostic.ts'
import type { Json } from '../util/json.ts'

/** Keys and indexes from the root of a file to a value in it. */
export type Path = readonly (string | number)[]

/** A text scalar with the way back from an offset in its value to the offset in the file, exact where YAML allows it. */
export interface ScalarText {
  readonly value: string
  readonly span: Span
  /** True where the scalar stood without quotes on one line. */
  readonly plain: boolean
  /** Source offset of the character at `index` of the value; the scalar's start where escapes or folding make it inexact. */
  offsetAt(index: number): number
}

/** A comment as it stands in the text, with its `#`. */
export interface Comment {
  readonly text: string
  readonly span: Span
}

/** An anchor `&name` and whether some alias names it. */
export interface Anchor {
  readonly name: string
  readonly span: Span
  readonly used: boolean
}

/** One YAML file, read: its plain value, and the place of every key and value in it, also through aliases. */
export interface Document {
  readonly file: SourceFile
  /** Frozen; its objects have no prototype, so `__proto__` and `constructor` are keys like any other. */
  readonly value: Json
  /** Every comment, in source order. */
  readonly comments: readonly Comment[]
  /** Every anchor, in source order. */
  readonly anchors: readonly Anchor[]
  /**
   * The place of the key or the value at a path. An alias is the place of a value that it stands for; what lies below it is
   * found where it is written. Where the path leads nowhere, and for a value of which nothing is written: the nearest key above.
   */
  locate(path: Path, part?: 'key' | 'value'): Location
  /** The text scalar at a path, or undefined where the value is no text. */
  scalar(path: Path): ScalarText | undefined
  /** The source text of the value at a path (`1.10` where the value is the number 1.1). */
  source(path: Path): string
  /** True where the value at a path is a scalar without quotes (so that `yes` may be meant as a boolean, `1.10` as text). */
  plain(path: Path): boolean
}

/**
 * A file, read. `document` is there whenever its structure can be trusted, so that later stages can report their faults together
 * with the loader's; nothing may run a document beside which an error stands (`hasErrors`).
 */
export interface ReadResult {
  readonly document: Document | undefined
  readonly diagnostics: readonly Diagnostic[]
}
