import type { Code } from '../diagnostics/codes.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Document } from '../document/document.ts'
import type { CheckedFile } from '../model/validate.ts'
import type { PlanDraft } from '../plan/plan.ts'
import type { Project } from '../plan/project.ts'

/** One file that was read. `checked` is there when its schema holds. */
export interface LintedFile {
  readonly document: Document
  readonly checked: CheckedFile | undefined
}

/** All that a rule may look at. What comes from later stages is absent where an earlier one found errors. */
export interface LintContext {
  /** The files that were named, in the order of their paths. */
  readonly files: readonly LintedFile[]
  /** Everything the project says, also in files that were not named. */
  readonly project: Project | undefined
  /** By the name of the pipeline, those that compile. */
  readonly plans: ReadonlyMap<string, PlanDraft>
  /** What reading, validating and compiling found. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A rule: one file in rules/, one line in registry.ts, one golden pair in test/lint/, one entry in diagnostics/explanations/.
 * It reports only its own code, and never about what is an error already.
 */
export interface Rule {
  readonly code: Code
  check(context: LintContext): readonly Diagnostic[]
}
