import { dirname, resolve } from 'node:path'
import { type Diagnostic, hasErrors, type SourceFile } from '../diagnostics/diagnostic.ts'
import type { Document } from '../document/document.ts'
import { readDocument } from '../document/read.ts'
import { judgeFiles } from '../lint/lint.ts'
import type { LintedFile } from '../lint/rule.ts'
import { kindOf } from '../model/kind.ts'
import { type CheckedFile, validate } from '../model/validate.ts'
import { compile } from '../plan/compile.ts'
import { compileAll } from '../plan/compile-all.ts'
import { compileCoordinator } from '../plan/coordinator.ts'
import type { Plan } from '../plan/plan.ts'
import type { Project } from '../plan/project.ts'
import type { Io } from './io.ts'
import type { LintTarget } from './lint-paths.ts'
import { findProject, type LoadedProject, loadProject } from './project.ts'
import { readSource, type SourceResult } from './read-source.ts'
import { BUILT_IN_NAMES, loadSignatures } from './signatures.ts'

/** What of the world linting needs: `node` for the process that imports users' actions. */
export type LintIo = Pick<Io, 'cwd' | 'env' | 'node'>

/** What linting the files of one project, or some of them, found. */
export interface ProjectLint {
  readonly sources: readonly SourceFile[]
  readonly diagnostics: readonly Diagnostic[]
  /** How many files were looked at, also those that could not be read. */
  readonly files: number
  readonly maxWarnings: number | undefined
}

/** A file on its way through the stages. */
interface Subject {
  readonly file: SourceFile | undefined
  readonly document: Document | undefined
  readonly checked: CheckedFile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Files by the project that they belong to: the root and what was named in it. */
export async function groupByProject(
  targets: readonly LintTarget[],
  io: LintIo,
): Promise<ReadonlyMap<string, readonly LintTarget[]>> {
  const roots = new Map<string, string>()
  const groups = new Map<string, LintTarget[]>()
  for (const target of targets) {
    const path = target.path === '-' ? undefined : target.path
    const folder = path === undefined ? resolve(io.cwd) : dirname(resolve(io.cwd, path))
    const root = roots.get(folder) ?? (await findProject(io, path)).root
    roots.set(folder, root)
    groups.set(root, [...(groups.get(root) ?? []), target])
  }
  return groups
}

/** Lints every file of the project around the working directory. */
export async function lintWholeProject(io: LintIo): Promise<ProjectLint> {
  const loaded = await loadProject(io)
  const subjects = loaded.files.map(
    (file): Subject => ({ ...file, file: file.document?.file ?? file.diagnostics[0]?.at.file }),
  )
  if (loaded.config)
    subjects.push({
      file: loaded.config.document.file,
      document: loaded.config.document,
      checked: undefined,
      diagnostics: [],
    })
  const project = await projectOf(loaded, subjects, io)
  const { diagnostics, plans } = compileAll(project)
  return judge({ loaded, subjects, project, plans, diagnostics: [...loaded.diagnostics, ...diagnostics] })
}

/** Lints some files, with all that their project says beside them. */
export async function lintSome(
  targets: readonly LintTarget[],
  io: LintIo,
  stdin: SourceResult | undefined,
): Promise<ProjectLint> {
  const file = targets.find(({ path }) => path !== '-')?.path
  const loaded = await loadProject(io, file === undefined ? {} : { file })
  const subjects: Subject[] = []
  for (const target of targets) {
    const subject = await subjectOf(target, loaded, io, stdin)
    if (subject) subjects.push(subject)
  }
  const project = await projectOf(loaded, subjects, io)
  const plans = new Map<string, Plan>()
  const names = new Set(subjects.flatMap(({ file: source }) => (source ? [source.path] : [])))
  const about = ({ at, related = [] }: Diagnostic): boolean =>
    [at, ...related.map((other) => other.at)].some((place) => names.has(place.file.path))
  let diagnostics: readonly Diagnostic[] = loaded.diagnostics.filter(
    (fault) => fault.code === 'project/config-failed' || about(fault),
  )
  for (const { checked, diagnostics: own } of subjects) {
    diagnostics = [...diagnostics, ...own]
    if (checked?.kind === 'pipeline') {
      const result = compile(project, checked.value.pipeline)
      diagnostics = [...diagnostics, ...(result.ok ? result.warnings : result.diagnostics)]
      if (result.ok) plans.set(checked.value.pipeline, result.value)
    } else if (checked?.kind === 'coordinator') {
      const result = compileCoordinator(project, checked.value.coordinator)
      diagnostics = [...diagnostics, ...(result.ok ? result.warnings : result.diagnostics)]
    }
  }
  return judge({ loaded, subjects, project, plans, diagnostics })
}

/** A file, read and validated; undefined for a file that was only met in a folder and is none of ours. */
async function subjectOf(
  { named, path }: LintTarget,
  project: LoadedProject,
  io: LintIo,
  stdin: SourceResult | undefined,
): Promise<Subject | undefined> {
  const absolute = resolve(io.cwd, path)
  const loaded = project.files.find((file) => file.path === absolute)
  if (loaded) {
    const file = loaded.document?.file ?? loaded.diagnostics[0]?.at.file
    const ours =
      named || (loaded.document ? kindOf(loaded.document) !== undefined : file !== undefined && looksLikeOurs(file))
    return ours ? { ...loaded, file } : undefined
  }
  const source = path === '-' && stdin ? stdin : await readSource(path, io)
  if (!source.ok)
    return {
      file: source.diagnostic.at.file,
      document: undefined,
      checked: undefined,
      diagnostics: [source.diagnostic],
    }
  const { file } = source
  const { document, diagnostics } = readDocument(file)
  if (!named && !(document ? kindOf(document) !== undefined : looksLikeOurs(file))) return undefined
  if (!document) return { file, document, checked: undefined, diagnostics }
  const result = validate(document)
  if (!result.ok) return { file, document, checked: undefined, diagnostics: [...diagnostics, ...result.diagnostics] }
  return { file, document, checked: hasErrors(diagnostics) ? undefined : result.value, diagnostics }
}

/** Of a file that was met in a folder and is too broken to tell its kind: whether its first words are ours. */
function looksLikeOurs({ path, text }: SourceFile): boolean {
  const named = /(?:^|\/)(?:agents\.ya?ml|opsflow\.config\.\w+|\.opsflowrc[^/]*)$/.test(path)
  return named || /^\uFEFF?(?:[ \t]*(?:#.*|---.*|%.*|opsflow:.*)?\r?\n)*(?:pipeline|coordinator)[ \t]*:/.test(text)
}

/** The project with the files that were named: they win over what its own patterns find under the same name. */
async function projectOf(loaded: LoadedProject, subjects: readonly Subject[], io: LintIo): Promise<Project> {
  const pipelines = new Map<string, CheckedFile | NonNullable<ReturnType<LoadedProject['pipelines']['get']>>>(
    loaded.pipelines,
  )
  const coordinators = new Map<string, CheckedFile | NonNullable<ReturnType<LoadedProject['coordinators']['get']>>>(
    loaded.coordinators,
  )
  let { agents, config }: Pick<Project, 'agents' | 'config'> = loaded
  for (const { checked } of subjects) {
    if (checked?.kind === 'pipeline')
      pipelines.set(checked.value.pipeline, pipelines.get(checked.value.pipeline) ?? checked)
    else if (checked?.kind === 'coordinator')
      coordinators.set(checked.value.coordinator, coordinators.get(checked.value.coordinator) ?? checked)
    else if (checked?.kind === 'agents') agents ??= checked
    else if (checked?.kind === 'config') config ??= checked
  }
  const documents = [...pipelines.values(), ...coordinators.values(), ...(agents ? [agents] : [])].map(
    ({ document }) => document,
  )
  const signatures = await loadSignatures(documents, loaded.root, io)
  return { config, agents, pipelines, coordinators, ...signatures, actionNames: BUILT_IN_NAMES }
}

interface Findings {
  readonly loaded: LoadedProject
  readonly subjects: readonly Subject[]
  readonly project: Project
  readonly plans: ReadonlyMap<string, Plan>
  readonly diagnostics: readonly Diagnostic[]
}

function judge({ diagnostics, loaded, plans, project, subjects }: Findings): ProjectLint {
  const files = subjects.flatMap(({ checked, document }): LintedFile[] => (document ? [{ document, checked }] : []))
  return {
    sources: subjects.flatMap(({ file }) => (file ? [file] : [])),
    diagnostics: judgeFiles({ files, project, plans, diagnostics }, loaded.severities),
    files: subjects.length,
    maxWarnings: loaded.config?.value.lint?.max_warnings,
  }
}
