import { parseTree } from './cel.ts'
import { inferTree } from './infer.ts'
import { type Reference, referencesOf } from './parse.ts'
import { mismatch } from './relations.ts'
import { loneExpression, scanTemplate } from './template.ts'
import { DYN, type ExprProblem, type ExprType, present, type Scope } from './types.ts'
import { judgeBool, needPresent, type Walk } from './walk.ts'

export { mismatch } from './relations.ts'

export interface Checked {
  readonly type: ExprType
  readonly problems: readonly ExprProblem[]
}

/**
 * The type of an expression and all that is wrong with it. `expected` is the kind that its place wants: a `when` wants
 * `bool`, and then a null that can arrive is a problem. Offsets are into the source.
 */
export function checkExpression(source: string, scope: Scope, expected?: ExprType['kind']): Checked {
  const parsed = parseTree(source)
  if (!parsed.ok) return { type: DYN, problems: [parsed.problem] }
  const { type, problems } = inferTree(parsed.ast, scope)
  if (expected === undefined || expected === 'dyn') return { type, problems: sorted(problems) }
  const walk: Walk = { scope, problems, infer: () => type }
  if (expected === 'bool') judgeBool(walk, parsed.ast, type)
  else {
    const wanted = { kind: expected, of: DYN, name: expected, fields: {} } as ExprType
    const wrong = mismatch(needPresent(walk, parsed.ast, type), wanted)
    if (wrong) problems.push({ kind: 'type', message: `the expression ${wrong}`, ...spanOf(parsed.ast) })
  }
  return { type: present(type), problems: sorted(problems) }
}

const spanOf = ({ start, end }: { start: number; end: number }) => ({ start, end })

function sorted(problems: readonly ExprProblem[]): readonly ExprProblem[] {
  return [...problems].sort((a, b) => a.start - b.start || a.end - b.end)
}

export interface CheckedTemplate extends Checked {
  readonly references: readonly Reference[]
}

/**
 * The same for a text with `${{ }}` in it; offsets are into the text. A lone expression has its own type, everything
 * else is text. A null in a mixed text is no problem: it becomes nothing.
 */
export function checkTemplate(text: string, scope: Scope): CheckedTemplate {
  const template = scanTemplate(text)
  const lone = loneExpression(template)
  const problems: ExprProblem[] = []
  const references: Reference[] = []
  let type: ExprType = template.segments.some(({ kind }) => kind === 'expression')
    ? { kind: 'string' }
    : { kind: 'string', values: [text], literal: true }
  for (const segment of template.segments) {
    if (segment.kind === 'text') continue
    const checked = checkExpression(segment.source, scope)
    if (segment === lone) type = checked.type
    problems.push(...checked.problems.map((problem) => shifted(problem, segment.start)))
    const parsed = parseTree(segment.source)
    if (parsed.ok) references.push(...referencesOf(parsed.ast).map((one) => shifted(one, segment.start)))
  }
  if (template.problem) problems.push(template.problem)
  return { type, problems, references }
}

function shifted<T extends { readonly start: number; readonly end: number }>(at: T, by: number): T {
  return { ...at, start: at.start + by, end: at.end + by }
}
