import { nearest } from '../util/nearest.ts'
import type { Node } from './cel.ts'
import { comparable, isLiteral, isNumber, union, valuesOf } from './relations.ts'
import { conversionTo, type ExprType, nameOfType } from './types.ts'
import { type At, needPresent, report, stringHint, textOfNode, type Walk } from './walk.ts'

/** The types of binary operators. Null may be compared with `==` and `in`, nothing else. */

const BOOL: ExprType = { kind: 'bool' }

export function inferComparison(walk: Walk, node: Node, left: Node, right: Node, at: At): ExprType {
  const a = walk.infer(left, at)
  const b = walk.infer(right, at)
  judgeComparison(walk, node, left, a, right, b)
  return BOOL
}

function judgeComparison(walk: Walk, node: Node, left: Node, a: ExprType, right: Node, b: ExprType): void {
  if (!comparable(a, b)) {
    const hint = comparisonHint(left, a, right, b) ?? numberHint(left, a, right, b)
    report(walk, 'type', node, `${nameOfType(a)} is never equal to ${nameOfType(b)}`, hint)
    return
  }
  const [values, others] = [valuesOf(a), valuesOf(b)]
  if (!values || !others || (isLiteral(a) && isLiteral(b))) return
  if (isLiteral(b)) judgeValues(walk, right, others, left, values)
  else if (isLiteral(a)) judgeValues(walk, left, values, right, others)
  else if (!values.some((value) => others.includes(value))) {
    report(walk, 'enum', node, `\`${textOfNode(left)}\` and \`${textOfNode(right)}\` have no value in common`)
  }
}

/** Reports what is compared with an enum and is not in it. */
function judgeValues(
  walk: Walk,
  literal: Node,
  written: readonly string[],
  of: Node,
  allowed: readonly string[],
): void {
  const outside = written.filter((value) => !allowed.includes(value))
  if (outside.length === 0) return
  const near = nearest(outside[0]!, allowed)
  const hint = `${near ? `did you mean \`'${near}'\`? ` : ''}it is one of ${allowed.join(', ')}`
  report(walk, 'enum', literal, `\`${textOfNode(of)}\` is never \`'${outside[0]}'\``, hint)
}

function comparisonHint(left: Node, a: ExprType, right: Node, b: ExprType): string | undefined {
  const quoted = isLiteral(a) && a.kind === 'string' ? left : isLiteral(b) && b.kind === 'string' ? right : undefined
  const other = quoted === left ? b : a
  const written = quoted?.op === 'value' ? String(quoted.args) : undefined
  if (written === undefined) return undefined
  const plain = isNumber(other)
    ? /^-?\d+(\.\d+)?$/.test(written)
    : other.kind === 'bool' && /^(true|false)$/.test(written)
  return plain ? `write \`${written}\` without quotes` : undefined
}

/** A text beside a number, or beside true and false: which of the two is turned into the other's kind. */
function numberHint(left: Node, a: ExprType, right: Node, b: ExprType): string | undefined {
  const [text, other, kind] = a.kind === 'string' ? [left, right, b] : [right, left, a]
  if ((a.kind === 'string') === (b.kind === 'string')) return undefined
  const call = conversionTo(kind.kind, { kind: 'string' })
  if (call === undefined) return undefined
  // a literal stays as it is written, and the value beside it is made text
  const isWritten = text.op === 'value'
  return `make both the same: \`${isWritten ? `string(${textOfNode(other)})` : `${call}(${textOfNode(text)})`}\``
}

export function inferMembership(walk: Walk, node: Node, item: Node, holder: Node, at: At): ExprType {
  const a = walk.infer(item, at)
  const b = needPresent(walk, holder, walk.infer(holder, at))
  if (b.kind === 'dyn') return BOOL
  if (b.kind === 'list') {
    if (holder.op === 'list') {
      for (const one of holder.args) judgeComparison(walk, one, item, a, one, walk.infer(one, at))
    } else judgeComparison(walk, node, item, a, holder, b.of)
    return BOOL
  }
  if (b.kind === 'map' || b.kind === 'record') {
    const key = needPresent(walk, item, a)
    if (key.kind !== 'string' && key.kind !== 'dyn') {
      report(walk, 'type', item, `the key of a map is string, not ${nameOfType(key)}`, stringHint(item, key))
    }
    return BOOL
  }
  const hint = b.kind === 'string' ? `write \`${textOfNode(holder)}.contains(${textOfNode(item)})\`` : undefined
  report(walk, 'type', holder, `\`in\` looks into lists and maps, not into ${nameOfType(b)}`, hint)
  return BOOL
}

const ORDERED = new Set(['string', 'bool', 'duration', 'timestamp'])

export function inferOrder(walk: Walk, node: Node, op: string, left: Node, right: Node, at: At): ExprType {
  const a = needPresent(walk, left, walk.infer(left, at))
  const b = needPresent(walk, right, walk.infer(right, at))
  if (a.kind === 'dyn' || b.kind === 'dyn') return BOOL
  if ((isNumber(a) && isNumber(b)) || (a.kind === b.kind && ORDERED.has(a.kind))) return BOOL
  const hint = comparisonHint(left, a, right, b) ?? durationHint(left, a, right, b) ?? numberHint(left, a, right, b)
  report(walk, 'type', node, `\`${op}\` does not work on ${nameOfType(a)} and ${nameOfType(b)}`, hint)
  return BOOL
}

function durationHint(left: Node, a: ExprType, right: Node, b: ExprType): string | undefined {
  if (a.kind !== 'duration' && b.kind !== 'duration') return undefined
  const other = a.kind === 'duration' ? right : left
  const text = other.op === 'value' && typeof other.args === 'string' ? other.args : '5m'
  return `a duration is written \`duration('${text}')\``
}

export function inferArithmetic(walk: Walk, node: Node, op: string, left: Node, right: Node, at: At): ExprType {
  const a = needPresent(walk, left, walk.infer(left, at))
  const b = needPresent(walk, right, walk.infer(right, at))
  if (isNumber(a) && isNumber(b)) return numberType(walk, node, op, left, a, right, b)
  if (a.kind === 'dyn' || b.kind === 'dyn') return withAny(op, a, b)
  if (op === '+' && a.kind === b.kind) {
    if (a.kind === 'string' || a.kind === 'bytes') return { kind: a.kind }
    if (a.kind === 'list') return union(a, b)
  }
  const moved = timeType(op, a, b)
  if (moved) return moved
  const hint = op === '+' && (a.kind === 'string' || b.kind === 'string') ? textHint(left, a, right) : undefined
  return report(walk, 'type', node, `\`${op}\` does not work on ${nameOfType(a)} and ${nameOfType(b)}`, hint)
}

function textHint(left: Node, a: ExprType, right: Node): string {
  return `make it text: \`string(${textOfNode(a.kind === 'string' ? right : left)})\``
}

/** What is unknown can only be what the other side asks for. */
function withAny(op: string, a: ExprType, b: ExprType): ExprType {
  const known = a.kind === 'dyn' ? b : a
  return op === '+' && known.kind === 'string' ? { kind: 'string' } : { kind: 'dyn' }
}

function numberType(walk: Walk, node: Node, op: string, left: Node, a: ExprType, right: Node, b: ExprType): ExprType {
  if (a.kind === 'int' && b.kind === 'int') return { kind: 'int' }
  const pointed = [a, b].some((type) => type.kind === 'double' && isLiteral(type))
  if (op === '%') {
    const which = a.kind === 'double' ? left : right
    return report(walk, 'type', node, '`%` works on whole numbers only', `write \`int(${textOfNode(which)})\``)
  }
  if (op === '/' && !pointed) {
    const message = 'whether this division drops the remainder depends on the data'
    const hint = `a JSON number such as 3 is whole; write \`double(${textOfNode(left)}) / ${textOfNode(right)}\``
    return report(walk, 'type', node, message, hint)
  }
  return { kind: 'double', ...(pointed && { literal: true }) }
}

function timeType(op: string, a: ExprType, b: ExprType): ExprType | undefined {
  const kinds = `${a.kind} ${op} ${b.kind}`
  switch (kinds) {
    case 'duration + duration':
    case 'duration - duration':
    case 'timestamp - timestamp':
      return { kind: 'duration' }
    case 'timestamp + duration':
    case 'duration + timestamp':
    case 'timestamp - duration':
      return { kind: 'timestamp' }
    default:
      return undefined
  }
}
