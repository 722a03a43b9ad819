import type { Node } from './cel.ts'
import { asFieldRead } from './tree.ts'

/**
 * What a condition proves. A fact is a text: the key of a path that is not null (`steps␀x␀outputs␀n`), or of a path
 * with the value it has (`steps␀x␀status␀=succeeded`). Sound, not complete: what is not understood proves nothing.
 */
export type Facts = ReadonlySet<string>

export const NO_FACTS: Facts = new Set()
const SEPARATOR = '\0'

/** The name of a root, or of a bound variable made unique, so that an inner variable never inherits an outer fact. */
export type KeyOfName = (name: string) => string

/** The key of a chain of reads (values never change, so an index may be one too), or undefined for anything else. */
export function keyOf(node: Node, nameKey: KeyOfName): string | undefined {
  if (node.op === 'id') return nameKey(node.args)
  const read = asFieldRead(node)
  if (read) return extend(keyOf(read.of, nameKey), read.field)
  if (node.op !== '[]') return undefined
  const [of, by] = node.args
  const index = by.op === 'value' && typeof by.args === 'bigint' ? String(by.args) : keyOf(by, nameKey)
  return index === undefined ? undefined : extend(keyOf(of, nameKey), `[${index}]`)
}

const extend = (key: string | undefined, step: string) => (key === undefined ? undefined : fieldKey(key, step))

export const fieldKey = (key: string, field: string): string => `${key}${SEPARATOR}${field}`
export const valueKey = (key: string, value: string): string => `${key}${SEPARATOR}=${value}`

/** The facts that hold where a condition came out as `truth`. */
export function factsOf(node: Node, truth: boolean, nameKey: KeyOfName): Facts {
  switch (node.op) {
    case '!_':
      return factsOf(node.args, !truth, nameKey)
    case '&&':
    case '||': {
      const left = factsOf(node.args[0], truth, nameKey)
      const right = factsOf(node.args[1], truth, nameKey)
      return (node.op === '&&') === truth ? both(left, right) : common(left, right)
    }
    case '==':
    case '!=':
      return equality(node.args[0], node.args[1], (node.op === '==') === truth, nameKey)
    case 'in':
      return truth && isListOfPresent(node.args[1]) ? about(node.args[0], nameKey) : NO_FACTS
    case 'call':
      return truth && node.args[0] === 'has' && node.args[1].length === 1 ? chain(node.args[1][0]!, nameKey) : NO_FACTS
    case 'id':
    case '.':
    case '[]':
      return truth ? about(node, nameKey) : NO_FACTS
    default:
      return NO_FACTS
  }
}

/** All facts of two sets. */
export function both(left: Facts, right: Facts): Facts {
  return right.size === 0 ? left : new Set([...left, ...right])
}

function common(left: Facts, right: Facts): Facts {
  return new Set([...left].filter((fact) => right.has(fact)))
}

function about(node: Node, nameKey: KeyOfName): Facts {
  const key = keyOf(node, nameKey)
  return key === undefined ? NO_FACTS : new Set([key])
}

function equality(left: Node, right: Node, same: boolean, nameKey: KeyOfName): Facts {
  if (left.op === 'value') return comparison(right, left.args, same, nameKey)
  return right.op === 'value' ? comparison(left, right.args, same, nameKey) : NO_FACTS
}

/** A path against a literal: it is not null where it differs from null, or equals something else. */
function comparison(node: Node, literal: unknown, same: boolean, nameKey: KeyOfName): Facts {
  if ((literal === null) === same) return NO_FACTS
  const key = keyOf(node, nameKey)
  if (key === undefined) return NO_FACTS
  return new Set(same && typeof literal === 'string' ? [key, valueKey(key, literal)] : [key])
}

/** `has(a.b.c)` proves every step of the way. */
function chain(node: Node, nameKey: KeyOfName): Facts {
  const facts = new Set<string>()
  for (let at: Node | undefined = node; at; at = asFieldRead(at)?.of) {
    const key = keyOf(at, nameKey)
    if (key !== undefined) facts.add(key)
  }
  return facts
}

function isListOfPresent(node: Node): boolean {
  return node.op === 'list' && node.args.every((item) => item.op === 'value' && item.args !== null)
}
