import { report } from '../../diagnostics/diagnostic.ts'
import { evaluate } from '../../expr/evaluate.ts'
import { parseExpression } from '../../expr/parse.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

const KEYS = ['when', 'until', 'require']

/** A condition that reads nothing is the same in every run. */
export const constantCondition: Rule = {
  code: 'lint/constant-condition',
  check: ({ files }) =>
    files.flatMap(({ document, checked }) => {
      if (checked === undefined || checked.kind === 'config') return []
      return visit(document).flatMap(({ path, value }) => {
        if (!KEYS.includes(String(path.at(-1))) || isData(path)) return []
        const result = typeof value === 'boolean' ? value : typeof value === 'string' ? constant(value) : undefined
        if (result === undefined) return []
        return report('lint/constant-condition', document.locate(path), `this condition is always ${result}`, {
          hint: result ? 'leave it out' : 'what stands behind it never happens: remove it, or mend the condition',
        })
      })
    }),
}

/** Below these keys the names are the user's own. */
function isData(path: readonly (string | number)[]): boolean {
  return path
    .slice(0, -1)
    .some((part) =>
      ['with', 'env', 'vars', 'inputs', 'outputs', 'body', 'headers', 'default', 'payload'].includes(String(part)),
    )
}

function constant(source: string): boolean | undefined {
  const parsed = parseExpression(source)
  if (!parsed.ok || parsed.expression.references.length > 0) return undefined
  const result = evaluate(source, {})
  return result.ok && typeof result.value === 'boolean' ? result.value : undefined
}
