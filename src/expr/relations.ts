import { type ExprType, nameOfType, orNull } from './types.ts'

/** How types relate: which can be equal, what two branches have in common, what may be given where. */

const DYN: ExprType = { kind: 'dyn' }

export const isNumber = (type: ExprType): boolean => type.kind === 'int' || type.kind === 'double'
const isMap = (type: ExprType): boolean => type.kind === 'map' || type.kind === 'record'

/** The texts that a type is limited to. */
export function valuesOf(type: ExprType): readonly string[] | undefined {
  return type.kind === 'string' ? type.values : undefined
}

/** Whether a value was made by the expression itself. */
export function isLiteral(type: ExprType): boolean {
  return 'literal' in type && type.literal === true
}

/** Whether values of two types can ever be equal. */
export function comparable(left: ExprType, right: ExprType): boolean {
  if (left.kind === 'dyn' || right.kind === 'dyn' || left.kind === 'null' || right.kind === 'null') return true
  if (isNumber(left)) return isNumber(right)
  if (isMap(left)) return isMap(right)
  if (left.kind === 'list') return right.kind === 'list' && comparable(left.of, right.of)
  return left.kind === right.kind
}

/** The type that holds both: of the branches of a ternary, of the items of a list. */
export function union(left: ExprType, right: ExprType): ExprType {
  if (left.kind === 'null') return orNull(right)
  if (right.kind === 'null') return orNull(left)
  const common = unionPresent(left, right)
  return left.nullable || right.nullable ? orNull(common) : common
}

function unionPresent(left: ExprType, right: ExprType): ExprType {
  if (left === right) return left
  const literal = isLiteral(left) && isLiteral(right) && { literal: true }
  if (left.kind === 'string' && right.kind === 'string') {
    const values = left.values && right.values && [...new Set([...left.values, ...right.values])]
    return { kind: 'string', ...(values && { values }), ...literal }
  }
  if (isNumber(left) && isNumber(right)) {
    return { kind: left.kind === right.kind ? left.kind : 'double', ...literal } as ExprType
  }
  if (left.kind === 'list' && right.kind === 'list') return { kind: 'list', of: union(left.of, right.of) }
  if (left.kind === 'map' && right.kind === 'map') return { kind: 'map', of: union(left.of, right.of) }
  if (left.kind === 'record' && right.kind === 'record' && left.name === right.name) return left
  if (isMap(left) && isMap(right)) return { kind: 'map', of: DYN }
  return left.kind === right.kind ? left : DYN
}

/**
 * Why a value of one type cannot be given where another is wanted, as the end of a sentence (`is int where string is
 * wanted`), or undefined where it can. A null is judged by its own rules, not here.
 */
export function mismatch(given: ExprType, wanted: ExprType): string | undefined {
  if (given.kind === 'dyn' || wanted.kind === 'dyn' || given.kind === 'null') return undefined
  const fits = wanted.kind === 'double' ? isNumber(given) : isMap(wanted) ? isMap(given) : given.kind === wanted.kind
  if (!fits) return `is ${nameOfType(given)} where ${nameOfType(wanted)} is wanted`
  const allowed = valuesOf(wanted)
  const outside = allowed && valuesOf(given)?.filter((value) => !allowed.includes(value))
  if (outside?.length) return `can be \`${outside[0]}\` where only ${allowed!.join(', ')} are wanted`
  if (given.kind === 'list' && wanted.kind === 'list') {
    const inner = mismatch(given.of, wanted.of)
    return inner && `has items of which one ${inner}`
  }
  if (given.kind === 'record' && wanted.kind === 'record') return fieldMismatch(given.fields, wanted.fields)
  return undefined
}

function fieldMismatch(given: { [f: string]: ExprType }, wanted: { [f: string]: ExprType }): string | undefined {
  for (const [field, type] of Object.entries(wanted)) {
    const own = Object.hasOwn(given, field) ? given[field] : undefined
    if (!own && !type.nullable) return `has no \`${field}\``
    const inner = own && mismatch(own, type)
    if (inner) return `has a \`${field}\` that ${inner}`
  }
  return undefined
}
