import type { Json } from '../util/json.ts'
import { nearest } from '../util/nearest.ts'
import { checkValue, type ValueFault } from './check-value.ts'
import type { ValueSchema } from './value-schema.ts'

export interface Schemas {
  readonly [name: string]: ValueSchema
}

export interface Values {
  readonly [name: string]: Json
}

/** True where a caller must give the value: it has no default and is not optional. */
export function isRequired(schema: ValueSchema): boolean {
  return schema.default === undefined && schema.optional !== true
}

/** Every declared name with its value: as given, else the default, else null. What is not declared is left out. */
export function applyDefaults(schemas: Schemas, values: Values): { readonly [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const given = Object.hasOwn(values, name) ? values[name] : undefined
      return [name, given ?? schema.default ?? null]
    }),
  )
}

/**
 * Checks what a caller gives against what is declared: each name known, each required one there, each value of its
 * schema. Nothing given and null given are the same. `noun` is what messages call a value: `input`, `field`.
 */
export function checkValues(
  schemas: Schemas,
  values: Values,
  noun = 'input',
): readonly (ValueFault & { readonly hint?: string })[] {
  const faults: (ValueFault & { readonly hint?: string })[] = []
  for (const [name, value] of Object.entries(values)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    if (schema === undefined) {
      const names = Object.keys(schemas)
      const near = nearest(name, names)
      const known = names.length === 0 ? `there is no ${noun} at all` : `known: ${names.join(', ')}`
      faults.push({
        path: [name],
        message: `there is no ${noun} \`${name}\``,
        hint: near === undefined ? known : `did you mean \`${near}\`?`,
      })
    } else if (value !== null) {
      const near = typeof value === 'string' ? nearest(value, textsOf(schema)) : undefined
      const hint = near === undefined || near === value ? {} : { hint: `did you mean \`${near}\`?` }
      faults.push(
        ...checkValue(schema, value, name).map((fault) => ({ ...fault, ...hint, path: [name, ...fault.path] })),
      )
    }
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const given = Object.hasOwn(values, name) ? values[name] : undefined
    if (!isRequired(schema) || (given !== undefined && given !== null)) continue
    const hint = schema.description === undefined ? {} : { hint: `\`${name}\`: ${schema.description}` }
    faults.push({ path: [name], message: `the ${noun} \`${name}\` is missing`, ...hint })
  }
  return faults
}

/** The texts that a schema counts, of which a person may have meant one. */
function textsOf(schema: ValueSchema): readonly string[] {
  return (schema.enum ?? []).filter((allowed): allowed is string => typeof allowed === 'string')
}

/** Reads the text of a command line as the value that a schema wants. It says what was wanted where the text is none. */
export function parseInput(
  schema: ValueSchema,
  text: string,
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string } {
  switch (schema.type) {
    case 'string':
      return { ok: true, value: text }
    case 'integer':
    case 'number': {
      const fits = schema.type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
      const value = Number(text)
      if (fits.test(text) && Number.isFinite(value)) return { ok: true, value }
      return { ok: false, message: `\`${text}\` is no ${schema.type === 'integer' ? 'whole number' : 'number'}` }
    }
    case 'boolean':
      if (text === 'true' || text === 'false') return { ok: true, value: text === 'true' }
      return { ok: false, message: `\`${text}\` is neither \`true\` nor \`false\`` }
    case 'array':
    case 'object': {
      const value = parseJson(text)
      if (value !== undefined) return { ok: true, value }
      const example = schema.type === 'array' ? '\'["a", "b"]\'' : '\'{"key": "value"}\''
      return {
        ok: false,
        message: `\`${text}\` is not the JSON of ${schema.type === 'array' ? 'a list' : 'an object'}, such as ${example}`,
      }
    }
    default: {
      // Without a type the allowed values say how the text is meant.
      const allowed = schema.enum ?? (schema.const === undefined ? [] : [schema.const])
      const meant = allowed.find((value) => value === text) ?? allowed.find((value) => JSON.stringify(value) === text)
      return { ok: true, value: meant ?? text }
    }
  }
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
