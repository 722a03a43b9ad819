import { type Json, type JsonObject, MOST_NESTED } from '../util/json.ts'
import { type Duration, durationOfMs, isDuration } from './cel.ts'
import { type Budget, charge, EvaluationFailure } from './failure.ts'

/**
 * The values inside an evaluation: null, booleans, texts, whole numbers as bigint, other numbers as number, bytes,
 * durations, instants (Date), lists and maps. Lists and maps from outside stay as they are given and are converted
 * item by item as they are read, so a lazy root is asked for nothing that the expression does not read.
 */
export type Value =
  | null
  | boolean
  | string
  | bigint
  | number
  | Uint8Array
  | Duration
  | Date
  | readonly unknown[]
  | object

export type ValueKind =
  | 'null'
  | 'bool'
  | 'string'
  | 'int'
  | 'double'
  | 'bytes'
  | 'duration'
  | 'timestamp'
  | 'list'
  | 'map'

/** A value as it comes from a root: JSON knows one kind of number, CEL two. What is not there is null. */
export function entering(value: unknown): Value {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    case 'object':
      return value
    default:
      return null
  }
}

export function kindOf(value: Value): ValueKind {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (isDuration(value)) return 'duration'
  if (value instanceof Date) return 'timestamp'
  if (value instanceof Uint8Array) return 'bytes'
  return 'map'
}

/** How messages name the kind of a value. */
export function nameOfValue(value: Value): string {
  const kind = kindOf(value)
  return kind === 'double' ? 'number' : kind
}

/** Reads an own field; a prototype is never reached. */
export function fieldOf(map: object, field: string): unknown {
  return Object.hasOwn(map, field) ? (map as Record<string, unknown>)[field] : undefined
}

/** The plain JSON of a value: durations as `1h30m`, instants in ISO 8601, bytes in base64. */
export function leaving(value: Value, budget: Budget, depth = 0): Json {
  if (depth > MOST_NESTED) throw new EvaluationFailure('the result is nested too deeply')
  switch (kindOf(value)) {
    case 'int':
      return jsonInteger(value as bigint)
    case 'double':
      if (!Number.isFinite(value)) throw new EvaluationFailure(`the result ${value} is not a number that JSON has`)
      return value as number
    case 'duration':
      return durationText(value as Duration)
    case 'timestamp':
      return (value as Date).toISOString()
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'list':
      return (value as readonly unknown[]).map((item) => leavingPart(item, budget, depth))
    case 'map':
      return leavingMap(value as object, budget, depth)
    default:
      return value as null | boolean | string
  }
}

function leavingPart(part: unknown, budget: Budget, depth: number): Json {
  charge(budget, 1)
  return leaving(typeof part === 'number' ? part : entering(part), budget, depth + 1)
}

function leavingMap(map: object, budget: Budget, depth: number): JsonObject {
  const result: { [key: string]: Json } = {}
  for (const key of Object.keys(map)) {
    if (key !== '__proto__') result[key] = leavingPart(fieldOf(map, key), budget, depth)
  }
  return result
}

function jsonInteger(value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new EvaluationFailure(`the whole number ${value} is too large for JSON`)
}

/** A duration for a root, so that an expression may compare it: `run.duration > duration('5m')`. */
export function durationValue(ms: number): Json {
  return durationOfMs(Math.round(ms)) as unknown as Json
}

/** Writes a duration so that a duration key reads it back: `1h30m`, `1s500ms`, `0s`. Finer than a millisecond is dropped. */
export function durationText(duration: Duration): string {
  const ms = Math.trunc(duration.valueOf())
  if (ms === 0) return '0s'
  let rest = Math.abs(ms)
  let text = ms < 0 ? '-' : ''
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) text += `${count}${unit}`
  }
  return text
}
