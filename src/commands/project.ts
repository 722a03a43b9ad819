/**
 * loadProject: a folder -> the project around it: config, agents, pipelines and coordinators, read and validated.
 *
 * Takes the working directory and, where a person named one, a file. Promises:
 * 1. The project root is the folder of the nearest config, else the top of the git work tree, else the folder of the file.
 * 2. Runs are kept in `.opsflow` at the project root of the main work tree; `state` of the config or OPSFLOW_STATE moves it.
 * 3. Every file is read once, and each has all of its faults; a faulty file hides none of the others.
 * 4. A name that two files give is a fault of the later one, with the place of the first.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { type Diagnostic, hasErrors, report, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import type { Document } from '../document/document.ts'
import { readDocument } from '../document/read.ts'
import type { AgentsFile, Config, Coordinator, Pipeline } from '../model/generated/authored.types.ts'
import type { Kind } from '../model/schema-table.ts'
import { type Checked, type CheckedFile, validate } from '../model/validate.ts'
import { findFiles } from '../util/find-files.ts'
import { expectText } from '../util/heap.ts'
import { nearest } from '../util/nearest.ts'
import { type FoundConfig, findConfig } from './config.ts'
import { inMainWorkTree, workTreeOf } from './git-folders.ts'
import type { Io } from './io.ts'
import { readSource, shownPath } from './read-source.ts'
import { UsageError } from './usage-error.ts'

/** What of the world a project is found by. */
export type ProjectIo = Pick<Io, 'cwd' | 'env'>

/** Where a project is, before its files are read. Paths are absolute. */
export interface FoundProject {
  readonly root: string
  readonly stateDir: string
  readonly config: FoundConfig | undefined
}

/** A file of the project: its kind and value where it is sound, and all its faults. */
export interface LoadedFile {
  /** Absolute. */
  readonly path: string
  readonly document: Document | undefined
  readonly checked: CheckedFile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** A project, read. Maps hold what is valid; `files` and `diagnostics` hold what is not. */
export interface LoadedProject {
  readonly root: string
  readonly stateDir: string
  readonly config: Checked<Config> | undefined
  readonly agents: Checked<AgentsFile> | undefined
  readonly pipelines: ReadonlyMap<string, Checked<Pipeline>>
  readonly coordinators: ReadonlyMap<string, Checked<Coordinator>>
  /** Role -> persons. */
  readonly people: { readonly [role: string]: readonly string[] }
  readonly severities: NonNullable<NonNullable<Config['lint']>['severities']>
  readonly files: readonly LoadedFile[]
  /** The patterns, from the root, by which pipelines are looked for. */
  readonly patterns: readonly string[]
  /** Those of the config and of all files, sorted. */
  readonly diagnostics: readonly Diagnostic[]
}

const PIPELINES = ['pipelines/**/*.yaml', 'pipelines/**/*.yml']
export const AGENTS = 'agents.yaml'
const STATE = '.opsflow'
/** Folders in which no pipeline of the project lies. */
const OTHERS = new Set(['node_modules', '.git', '.opsflow'])

/** Finds the project that a file, or else the working directory, belongs to. */
export async function findProject(io: ProjectIo, file?: string): Promise<FoundProject> {
  const from = file === undefined ? resolve(io.cwd) : dirname(resolve(io.cwd, file))
  const top = workTreeOf(from)
  const config = await findConfig(from, top, io)
  const root = config ? dirname(config.path) : (top ?? from)
  return { root, stateDir: stateDirOf(root, config?.checked?.value, io), config }
}

/** Where the runs of the project are kept that the working directory belongs to. */
export async function findStateDir(io: ProjectIo): Promise<string> {
  return (await findProject(io)).stateDir
}

function stateDirOf(root: string, config: Config | undefined, io: ProjectIo): string {
  const moved = io.env.OPSFLOW_STATE
  if (moved !== undefined && moved !== '') return resolve(io.cwd, moved)
  return resolve(inMainWorkTree(root), config?.state ?? STATE)
}

/** Reads the whole project around the first of the named files, or else the working directory; named files too, wherever they lie. */
export async function loadProject(
  io: ProjectIo,
  options: { readonly files?: readonly string[] } = {},
): Promise<LoadedProject> {
  const named = new Map((options.files ?? []).map((path) => [resolve(io.cwd, path), path]))
  const project = await findProject(io, options.files?.[0])
  const { root, stateDir, config } = project
  const settings = config?.checked?.value
  const { agents: agentsPath, patterns, pipelines } = sourcesOf(project)
  const paths = new Set([...pipelines, ...named.keys()])
  paths.delete(agentsPath)

  const agentsFile =
    settings?.agents !== undefined || existsSync(agentsPath) ? await loadFile(agentsPath, io, 'agents') : undefined
  const files = await Promise.all([...paths].sort().map((path) => loadFile(path, io, undefined, named.get(path))))
  const found = collect(files)
  const all = agentsFile ? [agentsFile, ...files] : files
  const agents = agentsFile?.checked?.kind === 'agents' ? agentsFile.checked : undefined
  const diagnostics = [
    ...(config?.diagnostics ?? []),
    ...all.flatMap((loaded) => loaded.diagnostics),
    ...found.diagnostics,
  ]
  return {
    root,
    stateDir,
    config: config?.checked,
    agents,
    pipelines: found.pipelines,
    coordinators: found.coordinators,
    people: settings?.people ?? {},
    severities: settings?.lint?.severities ?? {},
    files: all,
    patterns,
    diagnostics: sortDiagnostics(diagnostics),
  }
}

/** The files that a project is read from besides its config, absolute; that of the agents may not be there. */
export function sourcesOf({ root, config }: FoundProject): {
  readonly agents: string
  readonly patterns: readonly string[]
  readonly pipelines: readonly string[]
} {
  const settings = config?.checked?.value
  const patterns = settings?.pipelines ?? PIPELINES
  return { agents: resolve(root, settings?.agents ?? AGENTS), patterns, pipelines: pipelineFiles(root, patterns) }
}

/** Absolute paths of the files that the patterns find; tests of pipelines and what packages bring are none. */
function pipelineFiles(root: string, patterns: readonly string[]): string[] {
  const found = findFiles(root, patterns, OTHERS)
  return found.filter((path) => !/\.test\.ya?ml$/.test(path))
}

async function loadFile(path: string, io: ProjectIo, known?: Kind, named?: string): Promise<LoadedFile> {
  const source = await readSource(named ?? relative(io.cwd, path), io)
  if (!source.ok) return { path, document: undefined, checked: undefined, diagnostics: [source.diagnostic] }
  expectText(source.file.text.length)
  const { document, diagnostics } = readDocument(source.file)
  if (!document) return { path, document, checked: undefined, diagnostics }
  const result = validate(document, known)
  if (!result.ok) return { path, document, checked: undefined, diagnostics: [...diagnostics, ...result.diagnostics] }
  return { path, document, checked: hasErrors(diagnostics) ? undefined : result.value, diagnostics }
}

interface Named {
  readonly pipelines: ReadonlyMap<string, Checked<Pipeline>>
  readonly coordinators: ReadonlyMap<string, Checked<Coordinator>>
  readonly diagnostics: readonly Diagnostic[]
}

function collect(files: readonly LoadedFile[]): Named {
  const pipelines = new Map<string, Checked<Pipeline>>()
  const coordinators = new Map<string, Checked<Coordinator>>()
  const diagnostics: Diagnostic[] = []
  const add = <T>(map: Map<string, Checked<T>>, kind: Kind, name: string, file: Checked<T>): void => {
    const first = map.get(name)
    if (first) diagnostics.push(duplicate(kind, name, first.document, file.document))
    else map.set(name, file)
  }
  for (const { checked } of files) {
    if (checked?.kind === 'pipeline') add(pipelines, 'pipeline', checked.value.pipeline, checked)
    else if (checked?.kind === 'coordinator') add(coordinators, 'coordinator', checked.value.coordinator, checked)
  }
  return { pipelines, coordinators, diagnostics }
}

function duplicate(kind: Kind, name: string, first: Document, second: Document): Diagnostic {
  const related = [{ message: `the other ${kind} \`${name}\``, at: first.locate([kind]) }]
  return report('project/duplicate-name', second.locate([kind]), `another ${kind} is called \`${name}\` too`, {
    related,
    hint: 'give one of them another name',
  })
}

/**
 * The pipeline that a person names, by file or by name. A faulty file gives its faults. What is not there is wrong usage,
 * with the nearest name.
 */
export function resolvePipeline(
  project: LoadedProject,
  named: string,
  io: Pick<Io, 'cwd'>,
):
  | { readonly ok: true; readonly name: string; readonly pipeline: Checked<Pipeline> }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  const path = resolve(io.cwd, named)
  const file =
    project.files.find((loaded) => nameIn(loaded) === named) ?? project.files.find((loaded) => loaded.path === path)
  if (!file || file.diagnostics[0]?.code === 'file/missing') throw notThere(project, named, io)
  if (!file.checked) return { ok: false, diagnostics: file.diagnostics }
  if (file.checked.kind === 'pipeline') {
    const { pipeline: name } = file.checked.value
    const first = project.pipelines.get(name)
    const same = project.files.filter(
      (loaded) => loaded.checked?.kind === 'pipeline' && loaded.checked.value.pipeline === name,
    )
    const sources = same.map(({ document }) => document?.file)
    const twins = project.diagnostics.filter(
      ({ code, at }) => code === 'project/duplicate-name' && sources.includes(at.file),
    )
    if (!first || twins.length > 0) return { ok: false, diagnostics: twins }
    return { ok: true, name, pipeline: first }
  }
  const hint =
    file.checked.kind === 'coordinator'
      ? 'send it a signal: `opsflow signal NS:NAME`'
      : 'name a file that begins with `pipeline: NAME`'
  throw new UsageError(`\`${named}\` is no pipeline but a file of the kind \`${file.checked.kind}\``, hint)
}

/** The name that a faulty pipeline file would have: a person who asks for it by name wants its faults. */
function nameIn({ document }: LoadedFile): string | undefined {
  const value = document?.value
  if (value === null || value === undefined || typeof value !== 'object' || !('pipeline' in value)) return undefined
  return typeof value.pipeline === 'string' ? value.pipeline : undefined
}

function notThere(project: LoadedProject, named: string, io: Pick<Io, 'cwd'>): UsageError {
  const names = [...project.pipelines.keys()].sort()
  const isFile = /[\\/]|\.ya?ml$/.test(named)
  const what = isFile ? `file \`${named}\`` : `pipeline \`${named}\``
  if (project.coordinators.has(named))
    return new UsageError(`\`${named}\` is no pipeline but a coordinator`, 'send it a signal: `opsflow signal NS:NAME`')
  const files = [`${named}.yaml`, `${named}.yml`, named.replace(/\.yml$/, '.yaml'), named.replace(/\.yaml$/, '.yml')]
  const beside = files.find((file) => file !== named && existsSync(resolve(io.cwd, file)))
  if (beside !== undefined)
    return new UsageError(`there is no ${what}`, `did you mean the file \`${beside}\`?`, 'places')
  const near = isFile
    ? nearFile(project, named, io)
    : nearest(
        named,
        project.files.flatMap((file) => nameIn(file) ?? []),
      )
  if (near !== undefined) return new UsageError(`there is no ${what}`, `did you mean \`${near}\`?`, 'places')
  const asked = resolve(io.cwd, named)
  const unread = project.files.filter(({ document, path }) => document === undefined && path !== asked)
  const broken = unread.map(({ path }) => `\`${shownPath(path, io.cwd)}\``)
  if (broken.length === 0) return new UsageError(`there is no ${what}`, knownNames(names), 'places')
  const may = `${broken.slice(0, 5).join(', ')} cannot be read: see \`opsflow lint\``
  return new UsageError(`there is no ${what}`, names.length === 0 ? may : `${knownNames(names)}; ${may}`, 'places')
}

/** The file that a person may have meant: one of the project, or one beside the name that was written. */
function nearFile(project: LoadedProject, named: string, io: Pick<Io, 'cwd'>): string | undefined {
  const folder = dirname(named)
  const beside = statSync(resolve(io.cwd, folder), { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(resolve(io.cwd, folder))
    : []
  const there = [
    ...beside.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(folder, name)),
    ...project.files.map(({ path }) => shownPath(path, io.cwd)).filter((path) => existsSync(resolve(io.cwd, path))),
  ]
  return nearest(named, there)
}

function knownNames(names: readonly string[]): string {
  if (names.length === 0) return 'this project has no pipelines: `opsflow init release` makes one'
  return `known: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
}
