import type { Node } from './cel.ts'

/** A macro call in one shape: the variable it binds, what that runs over, and the bodies that see the variable. */
export interface Macro {
  readonly name: 'all' | 'exists' | 'exists_one' | 'filter' | 'map' | 'bind'
  readonly variable: string
  readonly over: Node
  readonly bodies: readonly Node[]
}

const ARITIES: { readonly [name: string]: readonly number[] } = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
}

/** Reads a call as a macro, or gives undefined where it is none. */
export function asMacro(node: Node): Macro | undefined {
  if (node.op !== 'rcall') return undefined
  const [name, receiver, args] = node.args
  const variable = args[0]
  if (variable?.op !== 'id') return undefined
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel' && args.length === 3) {
    return { name, variable: variable.args, over: args[1]!, bodies: [args[2]!] }
  }
  if (!Object.hasOwn(ARITIES, name) || !ARITIES[name]!.includes(args.length)) return undefined
  return { name: name as Macro['name'], variable: variable.args, over: receiver, bodies: args.slice(1) }
}

/** A read of a field by its name: `a.b` or `a["b"]`. The span is that of the name. */
export interface FieldRead {
  readonly of: Node
  readonly field: string
  readonly start: number
  readonly end: number
}

export function asFieldRead(node: Node): FieldRead | undefined {
  if (node.op === '.') {
    const [of, field] = node.args
    return { of, field, start: node.end - field.length, end: node.end }
  }
  if (node.op !== '[]') return undefined
  const [of, index] = node.args
  if (index.op !== 'value' || typeof index.args !== 'string') return undefined
  return { of, field: index.args, start: index.start, end: index.end }
}

/** The parts of a node that are expressions themselves; a macro's bound variable is none. */
export function childrenOf(node: Node): readonly Node[] {
  const macro = asMacro(node)
  if (macro) return [macro.over, ...macro.bodies]
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

/** Where the name of a called method stands. */
export function methodSpan(node: Node): { start: number; end: number } {
  if (node.op !== 'rcall') return { start: node.start, end: node.end }
  const [name, receiver] = node.args
  const start = node.input.indexOf(name, receiver.end)
  return start < 0 ? { start: node.start, end: node.end } : { start, end: start + name.length }
}
