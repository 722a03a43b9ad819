import { type Node, parseTree } from './cel.ts'
import { asFieldRead, asMacro, childrenOf } from './tree.ts'
import type { ExprProblem } from './types.ts'

/** A read of something from outside the expression: `steps.build.outputs.x`, with its place in the source. */
export interface Reference {
  readonly path: readonly string[]
  readonly start: number
  readonly end: number
}

interface Expression {
  readonly source: string
  readonly references: readonly Reference[]
}

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problem: ExprProblem }

/** Reads an expression: its syntax, and all that it refers to. Says nothing of types; see `checkExpression`. */
export function parseExpression(source: string): ParsedExpression {
  const parsed = parseTree(source)
  if (!parsed.ok) return parsed
  return { ok: true, expression: { source, references: referencesOf(parsed.ast) } }
}

/**
 * The reads of a tree in source order, each as long as its names are literal: `steps["x"].each[0].key` refers to
 * `steps.x.each`. Variables that a macro binds are not from outside.
 */
export function referencesOf(ast: Node): readonly Reference[] {
  const found: Reference[] = []
  collect(ast, new Set(), found)
  return found.sort((a, b) => a.start - b.start || a.end - b.end)
}

function collect(node: Node, bound: ReadonlySet<string>, found: Reference[]): void {
  const path = pathOf(node)
  if (path) {
    if (!bound.has(path[0]!)) found.push({ path, start: node.start, end: node.end })
    return
  }
  const macro = asMacro(node)
  if (!macro) {
    for (const child of childrenOf(node)) collect(child, bound, found)
    return
  }
  collect(macro.over, bound, found)
  const inner = new Set(bound).add(macro.variable)
  for (const body of macro.bodies) collect(body, inner, found)
}

/** The names of a pure chain of reads, or undefined where the node is anything else. */
function pathOf(node: Node): string[] | undefined {
  if (node.op === 'id') return [node.args]
  const read = asFieldRead(node)
  if (!read) return undefined
  const path = pathOf(read.of)
  path?.push(read.field)
  return path
}
