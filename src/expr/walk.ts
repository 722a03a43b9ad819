import { nearest } from '../util/nearest.ts'
import type { Node } from './cel.ts'
import { both, type Facts, factsOf, type KeyOfName } from './facts.ts'
import {
  conversionTo,
  DYN,
  type ExprProblem,
  type ExprProblemKind,
  type ExprType,
  nameOfType,
  present,
  type Scope,
} from './types.ts'

/** What the passes of the checker share: the scope, the problems found so far, and the way back into the walk. */
export interface Walk {
  readonly scope: Scope
  readonly problems: ExprProblem[]
  infer(node: Node, at: At): ExprType
}

/** What holds at a place in the tree: the variables that macros bound, and what conditions have proved. */
export interface At {
  readonly bound: ReadonlyMap<string, BoundVariable>
  readonly facts: Facts
}

interface BoundVariable {
  readonly type: ExprType
  /** Unlike any root and any other variable of the expression. */
  readonly key: string
}

export interface Place {
  readonly start: number
  readonly end: number
}

export function report(walk: Walk, kind: ExprProblemKind, at: Place, message: string, hint?: string): ExprType {
  walk.problems.push({ kind, message, start: at.start, end: at.end, ...(hint !== undefined && { hint }) })
  return DYN
}

export function nameKeyAt(at: At): KeyOfName {
  return (name) => at.bound.get(name)?.key ?? name
}

/** The place where a condition came out as `truth`. */
export function knowing(at: At, condition: Node, truth: boolean): At {
  const facts = factsOf(condition, truth, nameKeyAt(at))
  return facts.size === 0 ? at : { ...at, facts: both(at.facts, facts) }
}

export function textOfNode(node: Node): string {
  const text = node.input.slice(node.start, node.end).replace(/\s+/g, ' ')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** How a value is made the text that is wanted. */
export function stringHint(node: Node, type: ExprType): string | undefined {
  const call = conversionTo('string', type)
  return call && `write \`${call}(${textOfNode(node)})\``
}

/** Reports a null that can arrive where none is understood; gives the type without it. */
export function needPresent(walk: Walk, node: Node, type: ExprType, hint?: string): ExprType {
  const name = textOfNode(node)
  if (type.kind === 'null') return report(walk, 'null', node, `\`${name}\` is null here`)
  if (!type.nullable) return type
  const guard = `guard it with \`${name} != null && …\`, or give a default with \`${name} != null ? ${name} : …\``
  report(walk, 'null', node, `\`${name}\` can be null here`, hint ?? guard)
  return present(type)
}

/** Infers a condition and asks that it is true or false, never null. */
export function needBool(walk: Walk, node: Node, at: At): void {
  judgeBool(walk, node, walk.infer(node, at))
}

export function judgeBool(walk: Walk, node: Node, type: ExprType): void {
  if (type.kind === 'bool' || type.kind === 'dyn' || type.kind === 'null') {
    needPresent(walk, node, type, `write \`${textOfNode(node)} == true\`: null then counts as false`)
    return
  }
  const hint = HINTS[type.kind]?.replaceAll('x', textOfNode(node))
  report(walk, 'type', node, `\`${textOfNode(node)}\` is ${nameOfType(type)}, not true or false`, hint)
}

const HINTS: { readonly [kind: string]: string } = {
  string: "compare it: `x != ''`",
  int: 'compare it: `x != 0`',
  double: 'compare it: `x != 0`',
  list: 'ask for its size: `x.size() > 0`',
}

const MOST_NAMES = 12

/** `did you mean …? known here: …`, or undefined where nothing is known. */
export function suggestion(written: string, names: readonly string[], what = 'known here'): string | undefined {
  if (names.length === 0) return undefined
  const near = nearest(written, names)
  const list = names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')}, …` : names.join(', ')
  return near ? `did you mean \`${near}\`? ${what}: ${list}` : `${what}: ${list}`
}
