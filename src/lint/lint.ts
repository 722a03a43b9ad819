/**
 * lint: what the earlier stages found, and what the rules add -> the diagnostics that a person is shown.
 *
 * Takes files that were read, and what validating and compiling made of them. Gives one list.
 * Promises:
 * 1. Every rule runs, over every file, whatever is wrong with others.
 * 2. A rule adds nothing at the place of an error: that is told already.
 * 3. Severities of the config and suppressions in comments hold for findings of lint, never for errors that stop a run.
 * 4. The same files give the same list, in source order.
 */
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { RULES } from './registry.ts'
import type { LintContext, Rule } from './rule.ts'
import { applySeverities, type Severities } from './severities.ts'
import { applySuppressions } from './suppressions.ts'

/** Runs the rules and judges all diagnostics of a lint. */
export function judgeFiles(
  context: LintContext,
  severities: Severities = {},
  rules: readonly Rule[] = RULES,
): Diagnostic[] {
  const errors = new Set(context.diagnostics.filter((fault) => fault.severity === 'error').map(placeOf))
  const found = rules.flatMap((rule) => rule.check(context)).filter((finding) => !errors.has(placeOf(finding)))
  let diagnostics = applySeverities([...context.diagnostics, ...found], severities)
  for (const { document } of context.files) diagnostics = applySuppressions(document, diagnostics)
  return sortDiagnostics(applySeverities(diagnostics, severities))
}

function placeOf({ at }: Diagnostic): string {
  return `${at.file.path}\0${at.span.start}`
}
