import { basename } from 'node:path'
import { type Diagnostic, type Result, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { kindOf } from '../model/kind.ts'
import { compile } from '../plan/compile.ts'
import type { Plan } from '../plan/plan.ts'
import type { Project } from '../plan/project.ts'
import type { Io } from './io.ts'
import { type LoadedProject, loadProject, resolvePipeline } from './project.ts'
import { BUILT_IN_NAMES, loadSignatures } from './signatures.ts'

/** A pipeline that a person named, compiled, with the project it stands in. */
export interface CompiledTarget {
  readonly loaded: LoadedProject
  readonly project: Project
  readonly result: Result<Plan>
}

/** Finds, loads and compiles the pipeline that a person named by file or by name. What is not there is wrong usage. */
export async function compileTarget(
  target: string,
  io: Pick<Io, 'cwd' | 'env' | 'node'>,
  coordinator?: string,
): Promise<CompiledTarget> {
  const isFile = /[\\/]|\.ya?ml$/.test(target)
  const loaded = await loadProject(io, isFile ? { files: [target] } : {})
  const found = resolvePipeline(loaded, target, io)
  const project = await projectFor(loaded, io)
  if (!found.ok) return { loaded, project, result: found }
  // a broken config or agents file may hide what the pipeline names: its own faults are the ones to mend first
  const frame = loaded.diagnostics.filter((problem) => problem.severity === 'error' && isFrame(problem, loaded))
  if (frame.length > 0) return { loaded, project, result: { ok: false, diagnostics: frame } }
  const result = compile(project, found.name, coordinator === undefined ? {} : { coordinator })
  return {
    loaded,
    project,
    result: result.ok ? result : { ok: false, diagnostics: withFaultyFiles(result.diagnostics, loaded) },
  }
}

/** The project as compile takes it, with the signatures of every action that it names. */
export async function projectFor(loaded: LoadedProject, io: Pick<Io, 'env' | 'node'>): Promise<Project> {
  const { config, agents, pipelines, coordinators, root } = loaded
  const documents = [...pipelines.values(), ...(agents ? [agents] : [])].map(({ document }) => document)
  const signatures = await loadSignatures(documents, root, io)
  return { config, agents, pipelines, coordinators, ...signatures, actionNames: BUILT_IN_NAMES }
}

/** True for a fault outside of all pipelines and coordinators: in the config, or in the agents file. */
function isFrame({ at }: Diagnostic, { config, files }: LoadedProject): boolean {
  const file = files.find(({ document, diagnostics }) => (document?.file ?? diagnostics[0]?.at.file) === at.file)
  if (file === undefined) return true
  const kind = file.document && kindOf(file.document)
  if (kind !== undefined) return kind === 'agents'
  return basename(file.path) === basename(config?.value.agents ?? 'agents.yaml')
}

/** Who calls a pipeline whose file is faulty wants that file's faults, not only that there is no such pipeline. */
function withFaultyFiles(diagnostics: readonly Diagnostic[], { files }: LoadedProject): readonly Diagnostic[] {
  if (!diagnostics.some(({ code }) => code === 'plan/unknown-pipeline')) return diagnostics
  return sortDiagnostics([
    ...diagnostics,
    ...files.filter(({ checked }) => !checked).flatMap((file) => file.diagnostics),
  ])
}
