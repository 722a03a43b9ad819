/** The library: everything a program may rely on, by name. No logic. */

export type { Action, ActionContext } from './actions/action.ts'
export { ActionFailure } from './actions/action.ts'
export { main } from './cli.ts'
export type { ExitCode, Io } from './commands/io.ts'
export { CODES, type Code, type Severity } from './diagnostics/codes.ts'
export {
  type Diagnostic,
  type Fix,
  type Location,
  type Result,
  type SourceFile,
  type Span,
  sortDiagnostics,
} from './diagnostics/diagnostic.ts'
export { renderText } from './diagnostics/text.ts'
export type { Document, Path } from './document/document.ts'
export { readDocument } from './document/read.ts'
export type { Actor, EventBody, RunEvent, RunOutcome, StepStatus } from './events/events.ts'
export { emptyState, reduce } from './events/reduce.ts'
export type { RunState, StepState } from './events/state.ts'
export { validate } from './model/validate.ts'
export type { ValueSchema } from './model/value-schema.ts'
export { compile } from './plan/compile.ts'
export type { PipelinePlan, Plan, StepPlan } from './plan/plan.ts'
export type { ActionSignature, Project } from './plan/project.ts'
