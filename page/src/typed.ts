import type { ValueSchema } from '../../src/model/value-schema.ts'

export type Schemas = { readonly [field: string]: ValueSchema }

/** Values as the command line takes them: text as it is, the rest as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What stands there at first: the default, on one line. */
export function startOf({ default: value }: ValueSchema): string {
  return value === undefined || value === null ? '' : textOf(value).replace(/[\r\n]/g, '')
}

/** What was typed; a field that was left as it was is not given: its default is for the command to know. */
export function textsOf(form: FormData, schemas: Schemas): { readonly [name: string]: string } {
  const all = Object.entries(schemas).map(([name, schema]) => [name, `${form.get(`field:${name}`)}`, schema] as const)
  const typed = all.filter(([, text, schema]) => text !== startOf(schema))
  return Object.fromEntries(typed.map(([name, text]) => [name, text]))
}
