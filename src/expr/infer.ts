import { type Node, parseTree } from './cel.ts'
import { factsOf, fieldKey, keyOf, NO_FACTS, valueKey } from './facts.ts'
import { inferCall, inferMethod } from './infer-calls.ts'
import { inferArithmetic, inferComparison, inferMembership, inferOrder } from './infer-operators.ts'
import { isNumber, union } from './relations.ts'
import { asFieldRead, type FieldRead } from './tree.ts'
import {
  conversionTo,
  DYN,
  type ExprProblem,
  type ExprType,
  nameOfType,
  orNull,
  present,
  type RecordType,
  type Scope,
} from './types.ts'
import {
  type At,
  knowing,
  nameKeyAt,
  needBool,
  needPresent,
  report,
  stringHint,
  suggestion,
  textOfNode,
  type Walk,
} from './walk.ts'

/**
 * Takes a syntax tree and the types of the roots; gives the type of the expression and everything wrong with it.
 *
 * 1. Never throws, and goes on after a problem: what is wrong counts as `dyn`, so one cause is told once.
 * 2. A span is the narrowest that is wrong: the misspelt name, the literal outside the enum.
 * 3. A type may hold null. What conditions prove (`x != null && …`) is carried along as facts.
 * 4. Where it finds nothing, evaluation fails only for what types cannot see: an index, a division by zero, a bad date.
 */
export function inferTree(ast: Node, scope: Scope): { type: ExprType; problems: ExprProblem[] } {
  const walk: Walk = { scope, problems: [], infer: (node, at) => inferNode(walk, node, at) }
  const given = scope.given === undefined ? undefined : parseTree(scope.given)
  const facts = given?.ok ? factsOf(given.ast, true, (name) => name) : NO_FACTS
  const type = walk.infer(ast, { bound: new Map(), facts })
  return { type, problems: walk.problems }
}

function inferNode(walk: Walk, node: Node, at: At): ExprType {
  switch (node.op) {
    case 'value':
      return literalType(walk, node, node.args)
    case 'id':
      return proven(node, at, nameType(walk, node, node.args, at))
    case '.':
      return proven(node, at, fieldRead(walk, asFieldRead(node)!, at))
    case '[]':
      return proven(node, at, indexType(walk, node, node.args[0], node.args[1], at))
    case '!_':
      needBool(walk, node.args, at)
      return { kind: 'bool' }
    case '-_':
      return negated(walk, node.args, at)
    case '&&':
    case '||':
      needBool(walk, node.args[0], at)
      needBool(walk, node.args[1], knowing(at, node.args[0], node.op === '&&'))
      return { kind: 'bool' }
    case '?:': {
      const [condition, yes, no] = node.args
      needBool(walk, condition, at)
      return union(walk.infer(yes, knowing(at, condition, true)), walk.infer(no, knowing(at, condition, false)))
    }
    case 'list':
      return { kind: 'list', of: node.args.map((item) => loose(walk.infer(item, at))).reduce(union2, undefined) ?? DYN }
    case 'map':
      return mapType(walk, node.args, at)
    case 'call':
      return inferCall(walk, node, node.args[0], node.args[1], at)
    case 'rcall':
      return inferMethod(walk, node, at)
    case '.?':
    case '[?]':
      return report(walk, 'refused', node, 'optional access is not available', 'compare with `!= null`')
    case '==':
    case '!=':
      return inferComparison(walk, node, node.args[0], node.args[1], at)
    case 'in':
      return inferMembership(walk, node, node.args[0], node.args[1], at)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return inferOrder(walk, node, node.op, node.args[0], node.args[1], at)
    default:
      return inferArithmetic(walk, node, node.op, node.args[0], node.args[1], at)
  }
}

const union2 = (left: ExprType | undefined, right: ExprType): ExprType => (left ? union(left, right) : right)

/** What passes through a list or map keeps its enum, but a number no longer says whether it was written with a point. */
function loose(type: ExprType): ExprType {
  return type.kind === 'double' ? { kind: 'double', ...(type.nullable && { nullable: true }) } : type
}

function literalType(walk: Walk, node: Node, value: unknown): ExprType {
  switch (typeof value) {
    case 'string':
      return { kind: 'string', values: [value], literal: true }
    case 'bigint':
      return { kind: 'int', literal: true }
    case 'number':
      return { kind: 'double', literal: true }
    case 'boolean':
      return { kind: 'bool', literal: true }
  }
  if (value === null) return { kind: 'null' }
  if (value instanceof Uint8Array) return { kind: 'bytes', literal: true }
  return report(walk, 'refused', node, 'unsigned numbers are not available', 'write the number without `u`')
}

/** Takes null away where a condition on the way here proved that the path is not null. */
function proven(node: Node, at: At, type: ExprType): ExprType {
  if (!type.nullable || at.facts.size === 0) return type
  const key = keyOf(node, nameKeyAt(at))
  return key !== undefined && at.facts.has(key) ? present(type) : type
}

function nameType(walk: Walk, node: Node, name: string, at: At): ExprType {
  const bound = at.bound.get(name)
  if (bound) return bound.type
  const { roots } = walk.scope
  if (Object.hasOwn(roots, name)) return roots[name]!
  const before = node.input.slice(0, node.start)
  if (/\w-$/.test(before)) {
    const hint = `\`-\` subtracts; a name with a dash is read as \`["…-${name}"]\``
    return report(walk, 'unknown-root', node, `nothing here is called \`${name}\``, hint)
  }
  const quote = /(==|!=|\bin)\s*\[?$/.test(before.trimEnd()) ? `a text is quoted: \`'${name}'\`; ` : ''
  const hint = suggestion(name, [...Object.keys(roots), ...at.bound.keys()])
  return report(
    walk,
    'unknown-root',
    node,
    `nothing here is called \`${name}\``,
    `${quote}${hint ?? 'no names are known here'}`,
  )
}

function fieldRead(walk: Walk, read: FieldRead, at: At): ExprType {
  return fieldType(walk, read, needPresent(walk, read.of, walk.infer(read.of, at)), at)
}

function fieldType(walk: Walk, read: FieldRead, of: ExprType, at: At): ExprType {
  switch (of.kind) {
    case 'record':
      return recordField(walk, read, of, at)
    case 'map':
      return of.of.kind === 'dyn' ? of.of : orNull(of.of)
    case 'dyn':
    case 'null':
      return DYN
    case 'list': {
      const hint = 'read one item with `[0]`, or all with `filter`, `map` and `exists`; the number of items is `size()`'
      return report(walk, 'unknown-property', read, `${nameOfType(of)} has no field \`${read.field}\``, hint)
    }
    default: {
      const hint = read.field === 'size' || read.field === 'length' ? 'the length is `size()`' : undefined
      return report(walk, 'unknown-property', read, `${nameOfType(of)} has no field \`${read.field}\``, hint)
    }
  }
}

function recordField(walk: Walk, read: FieldRead, of: RecordType, at: At): ExprType {
  const key = of.cases && keyOf(read.of, nameKeyAt(at))
  if (key !== undefined) {
    const known = of.cases?.find((one) => at.facts.has(valueKey(fieldKey(key, one.when), one.is)))
    if (known && Object.hasOwn(known.gives, read.field)) return known.gives[read.field]!
  }
  if (Object.hasOwn(of.fields, read.field)) return of.fields[read.field]!
  if (of.open) return DYN
  const message = `${of.name} has no field \`${read.field}\``
  return report(walk, 'unknown-property', read, message, suggestion(read.field, Object.keys(of.fields), 'it has'))
}

function indexType(walk: Walk, node: Node, of: Node, by: Node, at: At): ExprType {
  const read = asFieldRead(node)
  const holder = needPresent(walk, of, walk.infer(of, at))
  if (read && (holder.kind === 'record' || holder.kind === 'map')) return fieldType(walk, read, holder, at)
  const key = needPresent(walk, by, walk.infer(by, at))
  if (holder.kind === 'dyn') return DYN
  if (holder.kind !== 'list' && holder.kind !== 'map' && holder.kind !== 'record') {
    return report(walk, 'type', node, `${nameOfType(holder)} cannot be read by \`[…]\``)
  }
  const wanted = holder.kind === 'list' ? 'int' : 'string'
  if (key.kind !== wanted && key.kind !== 'dyn') {
    const call = conversionTo(wanted, key)
    const hint = call && `write \`${call}(${textOfNode(by)})\``
    return report(walk, 'type', by, `${nameOfType(holder)} is read by ${wanted}, not by ${nameOfType(key)}`, hint)
  }
  if (holder.kind === 'record') return DYN
  return holder.kind === 'list' || holder.of.kind === 'dyn' ? holder.of : orNull(holder.of)
}

function negated(walk: Walk, operand: Node, at: At): ExprType {
  const type = needPresent(walk, operand, walk.infer(operand, at))
  if (isNumber(type) || type.kind === 'dyn') return type
  const name = textOfNode(operand)
  const hint =
    type.kind === 'string' ? `write \`-int(${name})\`` : type.kind === 'bool' ? `write \`!${name}\`` : undefined
  return report(walk, 'type', operand, `\`-\` does not work on ${nameOfType(type)}`, hint)
}

function mapType(walk: Walk, entries: readonly (readonly [Node, Node])[], at: At): ExprType {
  const fields: { [field: string]: ExprType } = Object.create(null)
  let named = true
  for (const [key, value] of entries) {
    const type = mapKeyType(walk, key, at)
    const of = loose(walk.infer(value, at))
    if (key.op === 'value' && typeof key.args === 'string') fields[key.args] = of
    else named = false
    if (type.kind === 'string' || type.kind === 'dyn') continue
    report(walk, 'type', key, `the key of a map is string, not ${nameOfType(type)}`, stringHint(key, type))
  }
  return named && entries.length > 0 ? { kind: 'record', name: 'map', fields } : { kind: 'map', of: DYN }
}

function mapKeyType(walk: Walk, key: Node, at: At): ExprType {
  const unknown = key.op === 'id' && !at.bound.has(key.args) && !Object.hasOwn(walk.scope.roots, key.args)
  if (!unknown) return needPresent(walk, key, walk.infer(key, at))
  return report(
    walk,
    'unknown-root',
    key,
    `nothing here is called \`${key.args}\``,
    `a key is quoted: \`'${key.args}'\``,
  )
}
