import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { checkAgents } from './check-agents.ts'
import { draftPlan } from './compile.ts'
import { type CoordinatorPlan, compileCoordinator } from './coordinator.ts'
import type { PlanDraft } from './plan.ts'
import type { Project } from './project.ts'

export interface CompiledProject {
  /** Those that compile, by name. */
  readonly plans: ReadonlyMap<string, PlanDraft>
  readonly coordinators: ReadonlyMap<string, CoordinatorPlan>
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles every pipeline and every coordinator of a project, each whatever is wrong with the others. */
export function compileAll(project: Project): CompiledProject {
  const plans = new Map<string, PlanDraft>()
  const coordinators = new Map<string, CoordinatorPlan>()
  const diagnostics: Diagnostic[] = [...checkAgents(project)]
  for (const name of project.pipelines.keys()) {
    const result = draftPlan(project, name)
    if (result.ok) plans.set(name, result.value)
    diagnostics.push(...(result.ok ? result.warnings : result.diagnostics))
  }
  for (const name of project.coordinators.keys()) {
    const result = compileCoordinator(project, name)
    if (result.ok) coordinators.set(name, result.value)
    diagnostics.push(...(result.ok ? result.warnings : result.diagnostics))
  }
  return { plans, coordinators, diagnostics: sortDiagnostics(diagnostics) }
}
