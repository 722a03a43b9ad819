import type { Document, Path } from '../document/document.ts'
import type { Json, JsonObject } from '../util/json.ts'

/** A value in a document and the way to it. */
export interface Visit {
  readonly path: Path
  readonly value: Json
}

const visits = new WeakMap<Document, readonly Visit[]>()

/**
 * Every value of a document, parents before children, in source order. What an alias stands for is visited once, where it
 * is written. The rules all walk the same documents, so the way is found once.
 */
export function visit(document: Document): readonly Visit[] {
  let found = visits.get(document)
  if (found === undefined) {
    found = walk(document)
    visits.set(document, found)
  }
  return found
}

function walk(document: Document): readonly Visit[] {
  const found: Visit[] = []
  const seen = new Set<Json>()
  const stack: Visit[] = [{ path: [], value: document.value }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    found.push(next)
    const { path, value } = next
    if (value === null || typeof value !== 'object' || seen.has(value)) continue
    seen.add(value)
    const parts: Visit[] = Array.isArray(value)
      ? (value as readonly Json[]).map((item, index) => ({ path: [...path, index], value: item }))
      : Object.entries(value as JsonObject).map(([key, item]) => ({ path: [...path, key], value: item }))
    for (const part of parts.reverse()) stack.push(part)
  }
  return found
}
