import { durationOfMs, isDuration } from './cel.ts'
import { type Budget, charge, EvaluationFailure, MAX_TEXT } from './failure.ts'
import { entering, fieldOf, kindOf, nameOfValue, type Value } from './values.ts'

/** The operators of CEL on values. Whole numbers and others mix, as JSON does not tell them apart. */

const MAX_INT = 2n ** 63n - 1n
const MIN_INT = -(2n ** 63n)

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%'

export function binary(op: BinaryOperator, left: Value, right: Value, budget: Budget): Value {
  switch (op) {
    case '==':
      return equal(left, right, budget)
    case '!=':
      return !equal(left, right, budget)
    case 'in':
      return contains(left, right, budget)
    case '<':
    case '<=':
    case '>':
    case '>=':
      chargeTexts(left, right, budget)
      return compare(op, left, right)
    default:
      return arithmetic(op, left, right, budget)
  }
}

export function negate(value: Value): Value {
  if (typeof value === 'bigint') return inRange(-value)
  if (typeof value === 'number') return -value
  throw new EvaluationFailure(`\`-\` does not work on ${nameOfValue(value)}`)
}

/** Whether two values are the same; of different kinds they are not, but 3 and 3.0 are. */
function equal(left: Value, right: Value, budget: Budget): boolean {
  charge(budget, 1)
  chargeTexts(left, right, budget)
  if (left === right) return true
  const kind = kindOf(left)
  const other = kindOf(right)
  if (isNumber(left) && isNumber(right)) return left <= right && left >= right
  if (kind !== other) return false
  switch (kind) {
    case 'duration':
    case 'timestamp':
      return (left as Date).valueOf() === (right as Date).valueOf()
    case 'bytes':
      return Buffer.compare(left as Uint8Array, right as Uint8Array) === 0
    case 'list':
      return equalLists(left as readonly unknown[], right as readonly unknown[], budget)
    case 'map':
      return equalMaps(left as object, right as object, budget)
    default:
      return false
  }
}

/** Comparing two texts reads both, as far as the shorter one goes. */
function chargeTexts(left: Value, right: Value, budget: Budget): void {
  if (typeof left === 'string' && typeof right === 'string') charge(budget, Math.min(left.length, right.length) / 32)
}

function equalLists(left: readonly unknown[], right: readonly unknown[], budget: Budget): boolean {
  if (left.length !== right.length) return false
  for (let i = 0; i < left.length; i++) if (!equal(entering(left[i]), entering(right[i]), budget)) return false
  return true
}

function equalMaps(left: object, right: object, budget: Budget): boolean {
  const keys = Object.keys(left)
  charge(budget, keys.length)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every(
    (key) => Object.hasOwn(right, key) && equal(entering(fieldOf(left, key)), entering(fieldOf(right, key)), budget),
  )
}

function contains(item: Value, holder: Value, budget: Budget): boolean {
  const kind = kindOf(holder)
  if (kind === 'list') {
    for (const other of holder as readonly unknown[]) if (equal(item, entering(other), budget)) return true
    return false
  }
  if (kind === 'map') return typeof item === 'string' && Object.hasOwn(holder as object, item)
  throw wrong('in', item, holder)
}

function compare(op: '<' | '<=' | '>' | '>=', left: Value, right: Value): boolean {
  const kind = kindOf(left)
  const same = isNumber(left) ? isNumber(right) : kind === kindOf(right)
  if (!same || kind === 'null' || kind === 'list' || kind === 'map' || kind === 'bytes') throw wrong(op, left, right)
  const a = left as number
  const b = right as number
  if (op === '<') return a < b
  if (op === '<=') return a <= b
  return op === '>' ? a > b : a >= b
}

function arithmetic(op: '+' | '-' | '*' | '/' | '%', left: Value, right: Value, budget: Budget): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(op, left, right)
  if (isNumber(left) && isNumber(right)) return doubles(op, Number(left), Number(right))
  if (op === '+') {
    const sum = join(left, right, budget)
    if (sum !== undefined) return sum
  }
  const moved = time(op, left, right)
  if (moved !== undefined) return moved
  throw wrong(op, left, right)
}

function integers(op: '+' | '-' | '*' | '/' | '%', left: bigint, right: bigint): bigint {
  switch (op) {
    case '+':
      return inRange(left + right)
    case '-':
      return inRange(left - right)
    case '*':
      return inRange(left * right)
    case '/':
      if (right === 0n) throw new EvaluationFailure('division by zero')
      return inRange(left / right)
    case '%':
      if (right === 0n) throw new EvaluationFailure('division by zero')
      return left % right
  }
}

function doubles(op: '+' | '-' | '*' | '/' | '%', left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      throw new EvaluationFailure('`%` works on whole numbers only')
  }
}

function inRange(value: bigint): bigint {
  if (value <= MAX_INT && value >= MIN_INT) return value
  throw new EvaluationFailure('a whole number leaves the range of 64 bits')
}

function join(left: Value, right: Value, budget: Budget): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    const length = left.length + right.length
    charge(budget, length / 32)
    if (length > MAX_TEXT) throw new EvaluationFailure(`a text grows beyond ${MAX_TEXT} characters`, true)
    return left + right
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    charge(budget, left.length + right.length)
    return [...left.map(entering), ...right.map(entering)]
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    charge(budget, (left.length + right.length) / 32)
    return Buffer.concat([left, right])
  }
  return undefined
}

function time(op: string, left: Value, right: Value): Value | undefined {
  if (op === '+') {
    if (isDuration(left) && isDuration(right)) return left.addDuration(right)
    if (left instanceof Date && isDuration(right)) return right.extendTimestamp(left)
    if (isDuration(left) && right instanceof Date) return left.extendTimestamp(right)
  }
  if (op === '-') {
    if (isDuration(left) && isDuration(right)) return left.subtractDuration(right)
    if (left instanceof Date && isDuration(right)) return right.subtractTimestamp(left)
    if (left instanceof Date && right instanceof Date) return durationOfMs(left.getTime() - right.getTime())
  }
  return undefined
}

const isNumber = (value: Value): value is bigint | number => typeof value === 'bigint' || typeof value === 'number'

function wrong(op: string, left: Value, right: Value): EvaluationFailure {
  return new EvaluationFailure(`\`${op}\` does not work on ${nameOfValue(left)} and ${nameOfValue(right)}`)
}
