import { BUILT_IN } from '../actions/index.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { renderText } from '../diagnostics/text.ts'
import { compile } from '../plan/compile.ts'
import type { Plan } from '../plan/plan.ts'
import type { ActionSignature, Project } from '../plan/project.ts'
import type { Json } from '../util/json.ts'
import { wantsColour } from '../views/terminal/style.ts'
import type { Io } from './io.ts'
import { type LoadedProject, loadProject, resolvePipeline } from './project.ts'

/** A pipeline that a person named, compiled; or what is wrong with it. */
export type CompiledTarget =
  | { readonly ok: true; readonly plan: Plan; readonly project: LoadedProject }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Loads the project around a pipeline, by file or by name, and compiles it. */
export async function compileTarget(
  target: string,
  io: Io,
  options: { readonly coordinator?: string } = {},
): Promise<CompiledTarget> {
  const isFile = /[\\/]|\.ya?ml$/.test(target)
  const loaded = await loadProject(io, isFile ? { file: target } : {})
  const found = resolvePipeline(loaded, target, io)
  if (!found.ok) return { ok: false, diagnostics: found.diagnostics }
  const broken = brokenCommon(loaded)
  if (broken.length > 0) return { ok: false, diagnostics: broken }
  const result = compile(await planProject(loaded, io), found.name, options)
  if (!result.ok) return { ok: false, diagnostics: withFileFaults(result.diagnostics, loaded) }
  return { ok: true, plan: result.value, project: loaded }
}

/** The loaded project as `compile` takes it, with the signatures of all actions that its files name. */
export async function planProject(loaded: LoadedProject, io: Io): Promise<Project> {
  const { config, agents, pipelines, coordinators, root } = loaded
  const named = new Set<string>()
  for (const file of [config, agents, ...pipelines.values(), ...coordinators.values()])
    if (file) collectUses(file.document.value, named)
  return { config, agents, pipelines, coordinators, actions: await signatures([...named].sort(), root, io) }
}

/** Every text that stands under a key `uses`. */
function collectUses(value: Json, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectUses(item, into)
  else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) {
      if (key === 'uses' && typeof part === 'string') into.add(part)
      else collectUses(part, into)
    }
  }
}

async function signatures(
  names: readonly string[],
  root: string,
  io: Io,
): Promise<ReadonlyMap<string, ActionSignature>> {
  const found = new Map<string, ActionSignature>()
  const modules: string[] = []
  for (const name of names) {
    const load = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined
    if (load) found.set(name, await load())
    else modules.push(name)
  }
  if (modules.length > 0) {
    const { describeActions } = await import('../executors/action/describe.ts')
    for (const [name, described] of await describeActions(modules, { root, node: io.node, env: io.env })) {
      if (described.ok) found.set(name, described.signature)
    }
  }
  return found
}

/** Faults of config and agents file: every pipeline reads them. */
function brokenCommon(loaded: LoadedProject): readonly Diagnostic[] {
  const common = loaded.files.filter(
    ({ checked, document }) => !checked && document !== undefined && isAgents(document.value),
  )
  const config =
    loaded.config === undefined
      ? loaded.diagnostics.filter(({ at }) => /opsflow\.config|opsflowrc|package\.json/.test(at.file.path))
      : []
  return sortDiagnostics(
    [...config, ...common.flatMap(({ diagnostics }) => diagnostics)].filter(({ severity }) => severity === 'error'),
  )
}

function isAgents(value: Json): boolean {
  return (
    value !== null &&
    typeof value === 'object' &&
    'agents' in value &&
    !('pipeline' in value) &&
    !('coordinator' in value)
  )
}

/** A pipeline that calls a faulty file wants that file's faults, not only "there is no such pipeline". */
function withFileFaults(diagnostics: readonly Diagnostic[], loaded: LoadedProject): readonly Diagnostic[] {
  if (!diagnostics.some(({ code }) => code === 'plan/unknown-pipeline')) return diagnostics
  return sortDiagnostics([
    ...diagnostics,
    ...loaded.files.filter(({ checked }) => !checked).flatMap((file) => file.diagnostics),
  ])
}

/** Prints what stands in the way, on standard error, as code frames. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], io: Io): void {
  const color = wantsColour(io.stderr, io.env)
  for (const diagnostic of diagnostics) io.stderr.write(`${renderText(diagnostic, { color })}\n`)
}
