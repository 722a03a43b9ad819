import type { Code, Severity } from '../diagnostics/codes.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { canBeHidden } from './suppressions.ts'

/** How serious a code is in this project, from `lint.severities` of the config. */
export type Severities = { readonly [code: string]: Severity | 'ignore' }

/** Applies the project's severities. Errors that stop a run stay errors: lint must not promise what `run` refuses. */
export function applySeverities(diagnostics: readonly Diagnostic[], severities: Severities): Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const wanted = Object.hasOwn(severities, diagnostic.code) ? severities[diagnostic.code as Code] : undefined
    if (wanted === undefined || !canBeHidden(diagnostic.code)) return [diagnostic]
    return wanted === 'ignore' ? [] : [{ ...diagnostic, severity: wanted }]
  })
}
