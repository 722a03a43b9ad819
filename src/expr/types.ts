import type { Json } from '../util/json.ts'

type Nullable = { readonly nullable?: boolean }

type ScalarKind = 'string' | 'int' | 'double' | 'bool' | 'null' | 'dyn' | 'duration' | 'timestamp' | 'bytes'

interface ScalarType extends Nullable {
  readonly kind: ScalarKind
  /** The only texts that can arrive: an enum, or the literals of an expression. */
  readonly values?: readonly string[]
  /** Set by the checker: the value was made by the expression itself, not read from outside. */
  readonly literal?: boolean
}
interface ListType extends Nullable {
  readonly kind: 'list'
  readonly of: ExprType
}
interface MapType extends Nullable {
  readonly kind: 'map'
  readonly of: ExprType
}
/** A value with declared fields. `name` is how messages call it; an `open` one may have fields nobody declared. */
export interface RecordType extends Nullable {
  readonly kind: 'record'
  readonly name: string
  readonly fields: { readonly [field: string]: ExprType }
  readonly open?: boolean
  /** What one field's value says about others: where `status` is `succeeded`, `outputs` is this type. */
  readonly cases?: readonly RecordCase[]
}

interface RecordCase {
  readonly when: string
  readonly is: string
  readonly gives: { readonly [field: string]: ExprType }
}

/**
 * What an expression can read or give. `dyn` is anything; `nullable` says that null can arrive too.
 * `double` is a JSON number, whole or not: 3 and 3.5 both are, and arithmetic mixes it with `int`.
 */
export type ExprType = ScalarType | ListType | MapType | RecordType

/** What may be read at a place: each root with its type. */
export interface Scope {
  readonly roots: { readonly [name: string]: ExprType }
  /** A condition that was true before anything here is read. */
  readonly given?: string
}

export type ExprProblemKind =
  | 'syntax'
  | 'type'
  | 'unknown-root'
  | 'unknown-property'
  | 'unknown-function'
  | 'enum'
  | 'null'
  | 'refused'

/** What is wrong with an expression. Offsets are UTF-16 units into the text that was given. */
export interface ExprProblem {
  readonly kind: ExprProblemKind
  readonly message: string
  readonly start: number
  readonly end: number
  readonly hint?: string
}

export const DYN: ExprType = { kind: 'dyn' }

/** What a type is read from: the keywords of a declared value's schema that say something about its type. */
interface SchemaShape {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly enum?: readonly Json[]
  readonly const?: Json
  readonly default?: Json
  readonly optional?: boolean
  readonly items?: SchemaShape
  readonly properties?: { readonly [name: string]: SchemaShape }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
}

/** The type of a declared value. `nullable` where it may be absent: an optional input, an output of a step that may not succeed. */
export function typeOfSchema(schema: SchemaShape, options: { name?: string; nullable?: boolean } = {}): ExprType {
  const absent = schema.optional === true && schema.default === undefined
  const named = schema.const === undefined ? schema.enum : [schema.const]
  const base = named === undefined ? typeOfKeywords(schema, options.name) : typeOfValues(named)
  const nullable = options.nullable === true || absent || base.nullable === true
  return nullable && base.kind !== 'null' ? { ...base, nullable: true } : base
}

function typeOfKeywords(schema: SchemaShape, name = 'object'): ExprType {
  switch (schema.type ?? impliedType(schema)) {
    case 'string':
      return { kind: 'string' }
    case 'integer':
      return { kind: 'int' }
    case 'number':
      return { kind: 'double' }
    case 'boolean':
      return { kind: 'bool' }
    case 'array':
      return { kind: 'list', of: schema.items ? typeOfSchema(schema.items, { name: `item of ${name}` }) : DYN }
    case 'object':
      return schema.properties ? recordOf(schema, schema.properties, name) : { kind: 'map', of: DYN }
    default:
      return DYN
  }
}

function impliedType(schema: SchemaShape): SchemaShape['type'] {
  if (schema.properties) return 'object'
  if (schema.items) return 'array'
  return undefined
}

function recordOf(schema: SchemaShape, properties: NonNullable<SchemaShape['properties']>, name: string): RecordType {
  const required = new Set(schema.required ?? [])
  const fields: { [field: string]: ExprType } = Object.create(null)
  for (const [field, inner] of Object.entries(properties)) {
    const absent = !required.has(field) && inner.default === undefined
    fields[field] = typeOfSchema(inner, { name: `${name}.${field}`, nullable: absent })
  }
  return { kind: 'record', name, fields, ...(schema.additionalProperties === true && { open: true }) }
}

function typeOfValues(values: readonly Json[]): ExprType {
  const present = values.filter((value) => value !== null)
  const nullable = present.length < values.length && { nullable: true }
  if (present.length === 0) return { kind: 'null' }
  if (present.every((value) => typeof value === 'string')) return { kind: 'string', values: present, ...nullable }
  if (present.every((value) => Number.isSafeInteger(value))) return { kind: 'int', ...nullable }
  if (present.every((value) => typeof value === 'number')) return { kind: 'double', ...nullable }
  if (present.every((value) => typeof value === 'boolean')) return { kind: 'bool', ...nullable }
  return { ...DYN, ...nullable }
}

/** How messages name a type: `string`, `number`, `list of int`. */
export function nameOfType(type: ExprType): string {
  switch (type.kind) {
    case 'list':
      return type.of.kind === 'dyn' ? 'list' : `list of ${nameOfType(type.of)}`
    case 'map':
      return type.of.kind === 'dyn' ? 'map' : `map of ${nameOfType(type.of)}`
    case 'record':
      return type.name
    case 'double':
      return 'number'
    case 'dyn':
      return 'any value'
    default:
      return type.kind
  }
}

/** The function that makes a value of one kind a value of another: its name, or undefined where none does. */
export function conversionTo(wanted: string, { kind }: ExprType): string | undefined {
  const isNumber = kind === 'int' || kind === 'double'
  if (wanted === 'string') return isNumber || kind === 'bool' ? 'string' : undefined
  if (wanted === 'int' || wanted === 'integer') return kind === 'string' || kind === 'double' ? 'int' : undefined
  if (wanted === 'double' || wanted === 'number') return kind === 'string' ? 'double' : undefined
  return wanted === 'bool' || wanted === 'boolean' ? (kind === 'string' ? 'bool' : undefined) : undefined
}

/** The same type without null. */
export function present<T extends ExprType>(type: T): T {
  if (!type.nullable) return type
  const { nullable: _, ...rest } = type
  return rest as T
}

/** The same type, or null. */
export function orNull(type: ExprType): ExprType {
  return type.kind === 'null' || type.nullable ? type : { ...type, nullable: true }
}
