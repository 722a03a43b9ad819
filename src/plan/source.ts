import type { Location } from '../diagnostics/diagnostic.ts'
import type { Document, Path } from '../document/document.ts'
import type { Json, JsonObject } from '../util/json.ts'

/** An authored value with its place: what compile reads, so that no diagnostic can lose its span. */
export interface Source {
  readonly document: Document
  readonly path: Path
  readonly value: Json
}

/** The whole of a document as a source. */
export function sourceOf(document: Document): Source {
  return { document, path: [], value: document.value }
}

/** The value below a key or index, or undefined where there is none (null counts as written). */
export function child(source: Source | undefined, key: string | number): Source | undefined {
  const value = source?.value
  if (source === undefined || value === null || typeof value !== 'object') return undefined
  const part = (value as JsonObject)[key]
  // most keys are not there, and what an object inherits is no part of it
  if (part === undefined || !Object.hasOwn(value, key)) return undefined
  return { document: source.document, path: [...source.path, key], value: part }
}

/** The entries of a map in source order; none for anything else. */
export function entries(source: Source | undefined): readonly (readonly [string, Source])[] {
  const value = source?.value
  if (source === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return []
  const { document, path } = source
  return Object.entries(value as JsonObject).map(([key, part]) => [
    key,
    { document, path: [...path, key], value: part },
  ])
}

/** The items of a list; none for anything else. */
export function items(source: Source | undefined): readonly Source[] {
  if (source === undefined || !Array.isArray(source.value)) return []
  const { document, path } = source
  return (source.value as readonly Json[]).map((value, index) => ({ document, path: [...path, index], value }))
}

export function textOf(source: Source | undefined): string | undefined {
  return typeof source?.value === 'string' ? source.value : undefined
}

/** The texts of a list of texts. */
export function textsOf(source: Source | undefined): readonly string[] {
  return items(source).flatMap((item) => (typeof item.value === 'string' ? [item.value] : []))
}

export function numberOf(source: Source | undefined): number | undefined {
  return typeof source?.value === 'number' ? source.value : undefined
}

export function valueAt(source: Source): Location {
  return source.document.locate(source.path, 'value')
}

export function keyAt(source: Source): Location {
  return source.document.locate(source.path, 'key')
}

const lineStarts = new WeakMap<Document, number[]>()

/** `release.yaml:42`: where a key is written, for messages of a run. */
export function placeOf(source: Source): string {
  const { document } = source
  let starts = lineStarts.get(document)
  if (starts === undefined) {
    starts = [0]
    const { text } = document.file
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    lineStarts.set(document, starts)
  }
  const offset = keyAt(source).span.start
  let low = 0
  for (let high = starts.length; high - low > 1; ) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle
  }
  return `${document.file.path}:${low + 1}`
}
