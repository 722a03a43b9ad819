import type { Location, SourceFile, Span } from '../diagnostics/diagnostic.ts'
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

/** One YAML file, read: its plain value, and the place of every key and value in it, also through aliases. */
export interface Document {
  readonly file: SourceFile
  /** Frozen; prototype-free of surprises: `__proto__` is an ordinary key. */
  readonly value: Json
  /** The place of the key or the value at a path; of the nearest parent where the path leads nowhere. */
  locate(path: Path, part?: 'key' | 'value'): Location
  /** The text scalar at a path, or undefined where the value is no text. */
  scalar(path: Path): ScalarText | undefined
  /** The source text of the value at a path (`1.10` where the value is the number 1.1). */
  source(path: Path): string
}
