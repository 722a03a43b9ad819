import { CODES, type Code } from './codes.ts'
import type { Explanation } from './explanations/explanation.ts'
import { EXPR_EXPLANATIONS } from './explanations/expr.ts'
import { FILE_EXPLANATIONS } from './explanations/file.ts'
import { LINT_EXPLANATIONS } from './explanations/lint.ts'
import { PLAN_EXPLANATIONS } from './explanations/plan.ts'
import { PROJECT_EXPLANATIONS } from './explanations/project.ts'
import { SCHEMA_EXPLANATIONS } from './explanations/schema.ts'
import { YAML_EXPLANATIONS } from './explanations/yaml.ts'

const ALL: { readonly [code: string]: Explanation } = {
  ...FILE_EXPLANATIONS,
  ...YAML_EXPLANATIONS,
  ...LINT_EXPLANATIONS,
  ...SCHEMA_EXPLANATIONS,
  ...PROJECT_EXPLANATIONS,
  ...PLAN_EXPLANATIONS,
  ...EXPR_EXPLANATIONS,
}

/** A code with its explanation. */
export interface Explained extends Explanation {
  readonly code: Code
}

/** What there is to say of a code; undefined for a code that does not exist. */
export function explanationOf(code: string): Explained | undefined {
  if (!Object.hasOwn(CODES, code)) return undefined
  const explanation = ALL[code] ?? { what: CODES[code as Code].summary, mend: 'The message says what to do.' }
  return { code: code as Code, ...explanation }
}

/** The codes that have an explanation of their own: a test compares them with the closed set. */
export function explainedCodes(): readonly string[] {
  return Object.keys(ALL)
}

/** An explanation for a terminal. */
export function explanationText({ code, example, mend, what }: Explained): string {
  const { severity, summary } = CODES[code]
  const indented = (text: string): string => text.trimEnd().replace(/^/gm, '    ')
  const shown = example
    ? `\nThis file has the fault:\n\n${indented(example.bad)}\n\nand this one does not:\n\n${indented(example.good)}\n`
    : ''
  return `${code} (${severity})\n${summary}\n\n${what}\n\n${mend}\n${shown}`
}
