import { parseTree } from './cel.ts'
import { type Reference, referencesOf } from './parse.ts'
import { scanTemplate } from './template.ts'
import { DYN, type ExprProblem, type ExprType, type Scope } from './types.ts'

export interface Checked {
  readonly type: ExprType
  readonly problems: readonly ExprProblem[]
}

export function checkExpression(source: string, _scope: Scope, _expected?: ExprType['kind']): Checked {
  const parsed = parseTree(source)
  return parsed.ok ? { type: DYN, problems: [] } : { type: DYN, problems: [parsed.problem] }
}

export function checkTemplate(text: string, _scope: Scope): Checked & { readonly references: readonly Reference[] } {
  const references: Reference[] = []
  const problems: ExprProblem[] = []
  for (const segment of scanTemplate(text).segments) {
    if (segment.kind === 'text') continue
    const parsed = parseTree(segment.source)
    if (parsed.ok) references.push(...referencesOf(parsed.ast))
    else problems.push(parsed.problem)
  }
  return { type: DYN, problems, references }
}
