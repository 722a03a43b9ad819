/**
 * What a record holds under a name that somebody else chose: never what all objects inherit, so that `constructor` is a
 * name like any other.
 */
export function own<T>(record: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
