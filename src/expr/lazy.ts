import type { Json, JsonObject } from '../util/json.ts'

export interface LazyRecord {
  /** The names that exist; asked only when an expression counts or walks them. */
  keys(): Iterable<string>
  has(name: string): boolean
  /** The value of a name that exists; asked once for each read. */
  get(name: string): Json
}

/**
 * A root that is computed as it is read: `steps` of a large plan without building ten thousand records. Looks like a
 * plain map to expressions, `Object.keys` and `JSON.stringify`; cannot be written to.
 */
export function lazyRecord(source: LazyRecord): JsonObject {
  return new Proxy<JsonObject>(Object.create(null) as JsonObject, {
    has: (_target, name) => typeof name === 'string' && source.has(name),
    get: (_target, name) => (typeof name === 'string' && source.has(name) ? source.get(name) : undefined),
    ownKeys: () => [...source.keys()],
    getOwnPropertyDescriptor: (_target, name) => {
      if (typeof name !== 'string' || !source.has(name)) return undefined
      return { configurable: true, enumerable: true, get: () => source.get(name) }
    },
    set: () => false,
    deleteProperty: () => false,
    defineProperty: () => false,
  })
}
