/** A value that survives JSON: what YAML gives, what the ledger keeps, what expressions read. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** One text for equal values: keys sorted, no spaces, keys without a value left out as JSON does. What hashes are made over. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  // plain concatenation: plans of 10,000 steps are written this way, and every intermediate list would be garbage
  if (Array.isArray(value)) {
    let text = '['
    for (const item of value) text += `${text === '[' ? '' : ','}${canonicalJson(item as Json)}`
    return `${text}]`
  }
  const object = value as JsonObject
  let text = '{'
  for (const key of Object.keys(object).sort()) {
    const part = object[key]
    if (part !== undefined) text += `${text === '{' ? '' : ','}${quoted(key)}:${canonicalJson(part)}`
  }
  return `${text}}`
}

/** Keys come again and again, most of them plain words. */
function quoted(key: string): string {
  return /^\w*$/.test(key) ? `"${key}"` : JSON.stringify(key)
}

/** How deep a value may be nested that a program or a person gives; files and expressions have the same bound. */
export const MOST_NESTED = 100

/** Whether a value is nested deeper. It does not call itself: whoever walks the value after that may. */
export function isTooDeep(value: Json): boolean {
  let layer: readonly Json[] = [value]
  for (let depth = 0; layer.length > 0; depth++) {
    if (depth > MOST_NESTED) return true
    layer = layer.flatMap((part) => (part !== null && typeof part === 'object' ? Object.values(part) : []))
  }
  return false
}

/** The list and the map that say nothing: one of each for all the places in a large plan where nothing is written. */
export const NO_ITEMS: readonly never[] = Object.freeze([])
export const NO_FIELDS: { readonly [key: string]: never } = Object.freeze({})

/** Freezes a value and all it holds; returns the same value. Recursive: for data of bounded depth. */
export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const key in value) {
      const part = value[key]
      if (part !== null && typeof part === 'object') deepFreeze(part)
    }
  }
  return value
}
