import type { Json } from '../util/json.ts'

/** The JSON Schema keywords that an input, output, answer or payload may use (see `valueSchema` in schemas/). */
export interface ValueSchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly description?: string
  readonly enum?: readonly Json[]
  readonly const?: Json
  readonly default?: Json
  readonly optional?: boolean
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: ValueSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: { readonly [name: string]: ValueSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
}
