/**
 * checkValue: does a value fit the schema that a pipeline, task or action declares for it?
 *
 * Takes plain data, gives every fault with the path to it; nothing is thrown, changed, read or waited for. It means what
 * JSON Schema means by these keywords, with three promises of our own: `null` stands for an optional value that was left
 * out, `pattern` takes time in proportion to the text, and a keyword counts only for values of its own type.
 */
import { compileRegex } from '../expr/regex.ts'
import { canonicalJson, isTooDeep, type Json, type JsonObject, MOST_NESTED } from '../util/json.ts'
import { fitsFormat } from './formats.ts'
import { describe, wanted } from './phrases.ts'
import type { ValueSchema } from './value-schema.ts'

/** What is wrong inside a value, and where. The message names the place itself. */
export interface ValueFault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Checks one value. `name` is what messages call it. */
export function checkValue(schema: ValueSchema, value: Json, name = 'value'): readonly ValueFault[] {
  if (isTooDeep(value)) return [{ path: [], message: `\`${name}\` is nested more than ${MOST_NESTED} deep` }]
  const faults: ValueFault[] = []
  visit(schema, value, [], (path, text) => faults.push({ path, message: `\`${placeName(name, path)}\` ${text}` }))
  return faults
}

type Tell = (path: readonly (string | number)[], text: string) => void

function visit(schema: ValueSchema, value: Json, path: readonly (string | number)[], tell: Tell): void {
  if (schema.type !== undefined && !hasType(value, schema.type)) {
    tell(path, `wants ${wanted({ type: schema.type })}, and this is ${describe(value)}`)
    return
  }
  if (schema.enum !== undefined && !schema.enum.some((allowed) => equal(allowed, value))) {
    tell(
      path,
      `is ${describe(value)}, and it may only be ${schema.enum.map((allowed) => `\`${shown(allowed)}\``).join(', ')}`,
    )
  }
  if (schema.const !== undefined && !equal(schema.const, value))
    tell(path, `is ${describe(value)}, and it may only be \`${shown(schema.const)}\``)
  if (typeof value === 'string') visitText(schema, value, path, tell)
  else if (typeof value === 'number') visitNumber(schema, value, path, tell)
  else if (Array.isArray(value)) visitList(schema, value, path, tell)
  else if (value !== null && typeof value === 'object') visitObject(schema, value as JsonObject, path, tell)
}

function visitText(schema: ValueSchema, value: string, path: readonly (string | number)[], tell: Tell): void {
  const { minLength, maxLength, pattern, format } = schema
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length
  if (minLength !== undefined && length < minLength)
    tell(path, `has ${length} characters, and wants ${minLength} or more`)
  if (maxLength !== undefined && length > maxLength)
    tell(path, `has ${length} characters, and may have ${maxLength} at most`)
  if (pattern !== undefined) {
    const regex = compileRegex(pattern)
    if (!regex.ok) tell(path, `cannot be checked: its pattern \`${pattern}\` is refused, ${regex.message}`)
    else if (!regex.test(value)) tell(path, `is ${describe(value)}, which does not fit \`${pattern}\``)
  }
  if (format !== undefined && !fitsFormat(format, value)) tell(path, `is ${describe(value)}, which is no ${format}`)
}

function visitNumber(schema: ValueSchema, value: number, path: readonly (string | number)[], tell: Tell): void {
  const { minimum, maximum } = schema
  if (minimum !== undefined && value < minimum) tell(path, `is ${value}, and wants ${minimum} or more`)
  if (maximum !== undefined && value > maximum) tell(path, `is ${value}, and may be ${maximum} at most`)
}

function visitList(schema: ValueSchema, value: readonly Json[], path: readonly (string | number)[], tell: Tell): void {
  const { items, minItems, maxItems } = schema
  if (minItems !== undefined && value.length < minItems)
    tell(path, `has ${value.length} items, and wants ${minItems} or more`)
  if (maxItems !== undefined && value.length > maxItems)
    tell(path, `has ${value.length} items, and may have ${maxItems} at most`)
  if (items) for (const [index, item] of value.entries()) visit(items, item, [...path, index], tell)
}

function visitObject(schema: ValueSchema, value: JsonObject, path: readonly (string | number)[], tell: Tell): void {
  const { properties = {}, required = [], additionalProperties } = schema
  for (const key of required) if (!Object.hasOwn(value, key)) tell(path, `lacks \`${key}\``)
  for (const [key, part] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (known) {
      if (part !== null || known.optional !== true) visit(known, part, [...path, key], tell)
    } else if (additionalProperties === false) tell([...path, key], 'is not declared')
  }
}

function hasType(value: Json, type: NonNullable<ValueSchema['type']>): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

function equal(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b))
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function placeName(name: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`), name)
}
