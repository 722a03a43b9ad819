import { type Diagnostic, report } from '../../diagnostics/diagnostic.ts'
import type { Document } from '../../document/document.ts'
import { parseExpression } from '../../expr/parse.ts'
import { isTemplate, scanTemplate } from '../../expr/template.ts'
import type { JsonObject } from '../../util/json.ts'
import { pipelinesOf } from '../pipelines.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

/**
 * A var that nothing reads is a leftover, or its reader misspells it. Inputs are no matter of this rule: a payload may carry
 * what only a coordinator looks at.
 */
export const unusedVar: Rule = {
  code: 'lint/unused-var',
  check: (context) =>
    pipelinesOf(context).flatMap(({ document }) => {
      const { vars } = document.value as JsonObject
      return unused(document, vars, readsIn(document))
    }),
}

function unused(document: Document, declared: unknown, read: ReadonlySet<string>): Diagnostic[] {
  if (declared === null || typeof declared !== 'object' || read.has('vars')) return []
  return Object.entries(declared)
    .filter(([name, value]) => value !== null && !read.has(`vars.${name}`))
    .map(([name]) =>
      report('lint/unused-var', document.locate(['vars', name], 'key'), `nothing reads \`vars.${name}\``, {
        hint: 'remove it',
      }),
    )
}

/** `vars.x` of every expression in the file, or `vars` where it is read as a whole. */
function readsIn(document: Document): ReadonlySet<string> {
  const read = new Set<string>()
  const add = (source: string): void => {
    const parsed = parseExpression(source)
    for (const { path } of parsed.ok ? parsed.expression.references : []) read.add(path.slice(0, 2).join('.'))
  }
  for (const { path, value } of visit(document)) {
    if (typeof value !== 'string') continue
    if (isTemplate(value))
      for (const part of scanTemplate(value).segments) part.kind === 'expression' && add(part.source)
    else if (['when', 'until', 'require'].includes(String(path.at(-1)))) add(value)
  }
  return read
}
