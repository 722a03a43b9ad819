import { callLibrary, libraryMessage, type Node } from './cel.ts'
import { fieldKey } from './facts.ts'
import { REFUSED } from './functions.ts'
import { compileGlob } from './glob.ts'
import { compileRegex, type Regex } from './regex.ts'
import { accepts, type FunctionType, functionNames, MACROS, overloadsOf } from './signatures.ts'
import { asFieldRead, asMacro, type Macro, methodSpan } from './tree.ts'
import { DYN, type ExprType, nameOfType, present } from './types.ts'
import {
  type At,
  knowing,
  needBool,
  needPresent,
  type Place,
  report,
  suggestion,
  textOfNode,
  type Walk,
} from './walk.ts'

/** The types of calls: functions, methods, and the macros that bind a variable. */

export function inferCall(walk: Walk, node: Node, name: string, args: readonly Node[], at: At): ExprType {
  const place = { start: node.start, end: node.start + name.length }
  if (name === 'has') return inferHas(walk, node, args, at)
  const types = args.map((arg) => walk.infer(arg, at))
  if (refused(walk, name, place)) return DYN
  if (name === 'dyn' && types.length === 1) return DYN
  const overloads = overloadsOf(name).filter((overload) => !overload.receiver)
  if (overloads.length === 0) {
    const method = overloadsOf(name).length > 0 ? `it is called on a value: \`value.${name}(…)\`` : undefined
    const hint = method ?? suggestion(name, functionNames(), 'functions')
    return report(walk, 'unknown-function', place, `there is no function \`${name}\``, hint)
  }
  const result = choose(walk, node, name, overloads, args, types)
  judgeLiteral(walk, name, args)
  if (name === 'glob') judgePattern(walk, args[1], compileGlob)
  return result
}

/** `has` asks for a field; a null on the way makes it false, so it is no problem here. */
function inferHas(walk: Walk, node: Node, args: readonly Node[], at: At): ExprType {
  const read = args.length === 1 ? asFieldRead(args[0]!) : undefined
  if (!read) report(walk, 'type', node, '`has` takes a field', 'write `has(a.b)`, or compare with `!= null`')
  else {
    const before = walk.problems.length
    walk.infer(args[0]!, at)
    walk.problems.push(...walk.problems.splice(before).filter((problem) => problem.kind !== 'null'))
  }
  return { kind: 'bool' }
}

export function inferMethod(walk: Walk, node: Node, at: At): ExprType {
  if (node.op !== 'rcall') return DYN
  const macro = asMacro(node)
  if (macro) return inferMacro(walk, macro, at)
  const [name, receiver, args] = node.args
  const place = methodSpan(node)
  if ((MACROS as readonly string[]).includes(name)) {
    walk.infer(receiver, at)
    return report(walk, 'type', place, `\`${name}\` takes a name and a condition`, `write \`${name}(item, …)\``)
  }
  const on = needPresent(walk, receiver, walk.infer(receiver, at))
  const types = args.map((arg) => walk.infer(arg, at))
  if (refused(walk, name, place)) return DYN
  const all = overloadsOf(name).filter((overload) => overload.receiver)
  const overloads = all.filter((overload) => accepts(overload.receiver!, on))
  if (overloads.length === 0) {
    const plain = overloadsOf(name).length > 0 && all.length === 0 ? `write \`${name}(…)\`` : undefined
    const hint = plain ?? suggestion(name, on.kind === 'dyn' ? [] : functionNames(on), 'it has')
    return report(walk, 'unknown-function', place, `${nameOfType(on)} has no method \`${name}\``, hint)
  }
  const result = choose(walk, node, name, overloads, args, types)
  if (name === 'regex') judgePattern(walk, args[0], compileRegex)
  return result
}

function refused(walk: Walk, name: string, place: Place): boolean {
  if (!Object.hasOwn(REFUSED, name)) return false
  report(walk, 'refused', place, `\`${name}\` is not available`, REFUSED[name])
  return true
}

/** The result of the overload that takes the arguments; of several that might, what they have in common. */
function choose(
  walk: Walk,
  node: Node,
  name: string,
  overloads: readonly FunctionType[],
  args: readonly Node[],
  given: readonly ExprType[],
): ExprType {
  const types = given.map((type, i) => needPresent(walk, args[i]!, type))
  const fitting = overloads.filter(
    ({ params }) => params.length === types.length && params.every((param, i) => accepts(param, types[i]!)),
  )
  const [first] = fitting
  if (first) return fitting.every(({ returns }) => returns.kind === first.returns.kind) ? first.returns : DYN
  const wanted = [...new Set(overloads.map(({ params }) => `(${params.map(nameOfType).join(', ')})`))].join(' or ')
  const message = `\`${name}\` takes ${wanted}, not (${types.map(nameOfType).join(', ')})`
  return report(walk, 'type', node, message)
}

const CONVERSIONS = new Set(['duration', 'timestamp', 'int', 'double', 'bool'])

/** A conversion of a literal that can never work is told now, not in the run. */
function judgeLiteral(walk: Walk, name: string, args: readonly Node[]): void {
  const [arg] = args
  if (!CONVERSIONS.has(name) || arg?.op !== 'value' || typeof arg.args !== 'string') return
  try {
    callLibrary(name, [], [arg.args])
  } catch (error) {
    const days = /^(\d+)d$/.exec(arg.args)
    const hint =
      name === 'duration' ? `units are h, m, s, ms${days ? `: \`${Number(days[1]) * 24}h\`` : ''}` : undefined
    report(walk, 'type', arg, `\`${arg.args}\` is no ${name}: ${libraryMessage(error)}`, hint)
  }
}

function judgePattern(walk: Walk, arg: Node | undefined, compile: (pattern: string) => Regex): void {
  if (arg?.op !== 'value' || typeof arg.args !== 'string') return
  const regex = compile(arg.args)
  if (!regex.ok) {
    const isRegex = compile === compileRegex
    const hint = isRegex ? 'the syntax is that of RE2, which has no look-around and no back references' : undefined
    report(walk, 'type', arg, `the pattern cannot be used: ${regex.message}`, hint)
  }
}

function inferMacro(walk: Walk, macro: Macro, at: At): ExprType {
  const [body] = macro.bodies as readonly [Node]
  if (macro.name === 'bind') return walk.infer(body, binding(macro, walk.infer(macro.over, at), at))
  const over = needPresent(walk, macro.over, walk.infer(macro.over, at))
  const item = itemType(walk, macro, over)
  const inside = binding(macro, item, at)
  if (macro.name === 'map') {
    if (macro.bodies.length === 1) return { kind: 'list', of: mapped(walk.infer(body, inside)) }
    needBool(walk, body, inside)
    return { kind: 'list', of: mapped(walk.infer(macro.bodies[1]!, knowing(inside, body, true))) }
  }
  needBool(walk, body, inside)
  if (macro.name !== 'filter') return { kind: 'bool' }
  return { kind: 'list', of: refined(item, inside.bound.get(macro.variable)!.key, knowing(inside, body, true)) }
}

/** A number that went through a list may come back whole. */
function mapped(type: ExprType): ExprType {
  return type.kind === 'double' ? { kind: 'double', ...(type.nullable && { nullable: true }) } : type
}

function binding(macro: Macro, type: ExprType, at: At): At {
  const key = `${macro.variable}@${macro.over.start}:${macro.over.end}`
  return { ...at, bound: new Map(at.bound).set(macro.variable, { type, key }) }
}

/** What a macro binds: the items of a list, the keys of a map. */
function itemType(walk: Walk, macro: Macro, over: ExprType): ExprType {
  switch (over.kind) {
    case 'list':
      return over.of
    case 'map':
    case 'record':
      return { kind: 'string' }
    case 'dyn':
      return DYN
    default: {
      const message = `\`${textOfNode(macro.over)}\` is ${nameOfType(over)}; \`${macro.name}\` works on lists`
      return report(walk, 'type', macro.over, message)
    }
  }
}

/** What a filter proved about its items: `filter(i, i.n != null)` gives items whose `n` is there. */
function refined(item: ExprType, key: string, { facts }: At): ExprType {
  const sure = facts.has(key) ? present(item) : item
  if (sure.kind !== 'record') return sure
  const fields = Object.entries(sure.fields)
  if (!fields.some(([field, type]) => type.nullable && facts.has(fieldKey(key, field)))) return sure
  const proven = fields.map(([field, type]) => [field, facts.has(fieldKey(key, field)) ? present(type) : type])
  return { ...sure, fields: Object.assign(Object.create(null), Object.fromEntries(proven)) }
}
