/**
 * lint: what the earlier stages found, and what the rules add -> the diagnostics that a person is shown.
 *
 * Takes files that were read, and what validating and compiling made of them. Gives one list.
 * Promises:
 * 1. Every rule runs, over every file, whatever is wrong with others.
 * 2. At one place only the earliest stage that found an error speaks: what later ones say there is its echo.
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
  const found = rules.flatMap((rule) => rule.check(context))
  let diagnostics = applySeverities(withoutEchoes([...context.diagnostics, ...found]), severities)
  for (const { document } of context.files) diagnostics = applySuppressions(document, diagnostics)
  return sortDiagnostics(applySeverities(diagnostics, severities))
}

/** The stages in the order they run, by the first part of a code. */
const STAGES = ['file', 'yaml', 'schema', 'project', 'plan', 'expr', 'lint']

function withoutEchoes(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const first = new Map<string, number>()
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== 'error') continue
    const place = placeOf(diagnostic)
    first.set(place, Math.min(first.get(place) ?? STAGES.length, stageOf(diagnostic)))
  }
  return diagnostics.filter((diagnostic) => stageOf(diagnostic) <= (first.get(placeOf(diagnostic)) ?? STAGES.length))
}

function stageOf({ code }: Diagnostic): number {
  return STAGES.indexOf(code.split('/')[0]!)
}

function placeOf({ at }: Diagnostic): string {
  return `${at.file.path}\0${at.span.start}`
}
