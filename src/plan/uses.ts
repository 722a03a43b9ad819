import type { Document } from '../document/document.ts'
import type { Json } from '../util/json.ts'

/** Every name that stands behind a `uses` key somewhere in the documents, each once: whose signatures compile will want. */
export function usesIn(documents: readonly Document[]): readonly string[] {
  const found = new Set<string>()
  const stack: Json[] = documents.map((document) => document.value)
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (value === null || typeof value !== 'object') continue
    for (const [key, part] of Object.entries(value)) {
      if (key === 'uses' && typeof part === 'string') found.add(part)
      else stack.push(part as Json)
    }
  }
  return [...found].sort()
}
