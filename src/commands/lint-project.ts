import { dirname, resolve } from 'node:path'
import { type Diagnostic, hasErrors, type SourceFile } from '../diagnostics/diagnostic.ts'
import type { Document } from '../document/document.ts'
import { readDocument } from '../document/read.ts'
import { judgeFiles } from '../lint/lint.ts'
import type { LintedFile } from '../lint/rule.ts'
import { kindOf } from '../model/kind.ts'
import { type CheckedFile, validate } from '../model/validate.ts'
import { checkAgents } from '../plan/check-agents.ts'
import { draftPlan } from '../plan/compile.ts'
import { compileAll } from '../plan/compile-all.ts'
import { compileCoordinator } from '../plan/coordinator.ts'
import type { PlanDraft } from '../plan/plan.ts'
import type { Project } from '../plan/project.ts'
import type { Io } from './io.ts'
import type { LintTarget } from './lint-paths.ts'
import { findProject, type LoadedFile, type LoadedProject, loadProject } from './project.ts'
import type { SourceResult } from './read-source.ts'
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
  /** Said of a project in which no pipeline was found, so that nobody takes its silence for praise. */
  readonly notice?: string
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
    const group = groups.get(root)
    if (group) group.push(target)
    else groups.set(root, [target])
  }
  return groups
}

/** Lints every file of a project. */
export async function lintWholeProject(loaded: LoadedProject, io: LintIo): Promise<ProjectLint> {
  const subjects = loaded.files.map(subjectOf)
  if (loaded.config)
    subjects.push({
      file: loaded.config.document.file,
      document: loaded.config.document,
      checked: undefined,
      diagnostics: [],
    })
  const project = await projectOf(loaded, subjects, io)
  const { diagnostics, plans } = compileAll(project)
  const judged = judge({ loaded, subjects, project, plans, diagnostics: [...loaded.diagnostics, ...diagnostics] })
  return loaded.files.every(({ checked }) => checked?.kind === 'agents')
    ? { ...judged, notice: noneFound(loaded) }
    : judged
}

function noneFound({ config, patterns }: LoadedProject): string {
  const where =
    config?.value.pipelines === undefined
      ? 'below `pipelines/`'
      : `by ${patterns.map((pattern) => `\`${pattern}\``).join(', ')}, the \`pipelines\` of the config`
  const how = config?.value.pipelines === undefined ? 'set `pipelines` in `opsflow.config.yaml`' : 'mend that'
  return `no pipeline was found ${where}: name the files (\`opsflow lint PATH…\`), or ${how}`
}

/** Lints some files, with all that their project says beside them. */
export async function lintSome(
  targets: readonly LintTarget[],
  io: LintIo,
  stdin: SourceResult | undefined,
): Promise<ProjectLint> {
  const loaded = await loadProject(io, { files: targets.flatMap(({ path }) => (path === '-' ? [] : [path])) })
  const byPath = new Map(loaded.files.map((file) => [file.path, file]))
  const subjects = targets.flatMap((target): Subject[] => {
    if (target.path === '-') return stdin ? [stdinSubject(stdin)] : []
    const file = byPath.get(resolve(io.cwd, target.path))
    return file && (target.named || isOurs(file)) ? [subjectOf(file)] : []
  })
  const project = await projectOf(loaded, subjects, io)
  const plans = new Map<string, PlanDraft>()
  const names = new Set(subjects.flatMap(({ file: source }) => (source ? [source.path] : [])))
  const about = ({ at, related = [] }: Diagnostic): boolean =>
    [at, ...related.map((other) => other.at)].some((place) => names.has(place.file.path))
  const compiled = subjects.flatMap(({ checked, diagnostics: own }) => {
    if (checked?.kind === 'agents') return [...own, ...checkAgents(project)]
    if (checked?.kind !== 'pipeline' && checked?.kind !== 'coordinator') return own
    const result =
      checked.kind === 'pipeline'
        ? draftPlan(project, checked.value.pipeline)
        : compileCoordinator(project, checked.value.coordinator)
    if (result.ok && checked.kind === 'pipeline') plans.set(checked.value.pipeline, result.value as PlanDraft)
    return [...own, ...(result.ok ? result.warnings : result.diagnostics)]
  })
  const known = loaded.diagnostics.filter((fault) => fault.code === 'project/config-failed' || about(fault))
  return judge({ loaded, subjects, project, plans, diagnostics: [...known, ...compiled] })
}

function subjectOf(loaded: LoadedFile): Subject {
  return { ...loaded, file: loaded.document?.file ?? loaded.diagnostics[0]?.at.file }
}

/** Whether a file that was only met in a folder is one of ours. Nobody can say of one that cannot be read, so that is told. */
function isOurs({ diagnostics, document }: LoadedFile): boolean {
  if (document) return kindOf(document) !== undefined
  const [first] = diagnostics
  return first === undefined || first.at.file.text === '' || looksLikeOurs(first.at.file)
}

function stdinSubject(source: SourceResult): Subject {
  if (!source.ok) return { ...NOTHING, file: source.diagnostic.at.file, diagnostics: [source.diagnostic] }
  const { document, diagnostics } = readDocument(source.file)
  if (!document) return { ...NOTHING, file: source.file, diagnostics }
  const result = validate(document)
  const checked = result.ok && !hasErrors(diagnostics) ? result.value : undefined
  return {
    file: source.file,
    document,
    checked,
    diagnostics: result.ok ? diagnostics : [...diagnostics, ...result.diagnostics],
  }
}

const NOTHING = { document: undefined, checked: undefined } as const

/** Of a file that was met in a folder and is too broken to tell its kind: whether its first words are ours. */
function looksLikeOurs({ path, text }: SourceFile): boolean {
  const named = /(?:^|\/)(?:agents\.ya?ml|opsflow\.config\.\w+|\.opsflowrc[^/]*)$/.test(path)
  return named || /^\uFEFF?(?:[ \t]*(?:#.*|---.*|%.*|opsflow:.*)?\r?\n)*(?:pipeline|coordinator)[ \t]*:/.test(text)
}

/** The project with the text of standard input, which stands for the file of that name: an editor's text is newer than what is saved. */
async function projectOf(loaded: LoadedProject, subjects: readonly Subject[], io: LintIo): Promise<Project> {
  const pipelines = new Map<string, CheckedFile | NonNullable<ReturnType<LoadedProject['pipelines']['get']>>>(
    loaded.pipelines,
  )
  const coordinators = new Map<string, CheckedFile | NonNullable<ReturnType<LoadedProject['coordinators']['get']>>>(
    loaded.coordinators,
  )
  let { agents, config }: Pick<Project, 'agents' | 'config'> = loaded
  const saved = new Set(loaded.files.map((file) => file.document))
  for (const { checked } of subjects) {
    const isNew = !saved.has(checked?.document)
    if (checked?.kind === 'pipeline' && isNew) pipelines.set(checked.value.pipeline, checked)
    else if (checked?.kind === 'coordinator' && isNew) coordinators.set(checked.value.coordinator, checked)
    else if (checked?.kind === 'agents') agents = isNew ? checked : (agents ?? checked)
    else if (checked?.kind === 'config') config = isNew ? checked : (config ?? checked)
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
  readonly plans: ReadonlyMap<string, PlanDraft>
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
