/**
 * The plan that the files of a run compile to now, beside the one on record that it goes on by.
 */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RunState } from '../events/state.ts'
import { hashOf } from '../plan/freeze.ts'
import type { Plan } from '../plan/plan.ts'
import { harmless } from '../views/terminal/harmless.ts'
import { shellWord } from '../views/terminal/questions.ts'
import { type CompiledTarget, compileTarget } from './compile-pipeline.ts'
import type { Io } from './io.ts'
import { type FoundProject, sourcesOf } from './project.ts'
import { shownPath } from './read-source.ts'
import { UsageError } from './usage-error.ts'

/** The pipeline of a run, by its name where the project knows it, else by the file it came from. */
export async function compileAgain(
  from: Plan,
  io: Pick<Io, 'cwd' | 'env' | 'node'>,
  coordinator: string | undefined,
): Promise<CompiledTarget> {
  try {
    return await compileTarget(from.root, io, coordinator)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return await compileTarget(from.pipelines[from.root]!.file, io, coordinator)
  }
}

/** The command that starts the pipeline of a run anew: by its name where the project finds it, else by its file. */
export function startAnew(plan: Plan, found: FoundProject, { cwd }: Pick<Io, 'cwd'>): string {
  const { file } = plan.pipelines[plan.root]!
  const path = resolve(cwd, file)
  return `opsflow run ${shellWord(existsSync(path) && !sourcesOf(found).pipelines.includes(path) ? file : plan.root)}`
}

/** A run that goes on, and the project whose files it may go on by. */
interface GoingOn {
  readonly state: RunState
  readonly plan: Plan
  readonly found: FoundProject
}

/**
 * Says in one line that the files of a run make another plan by now than the one that it goes on by, and how the new one
 * is had. What cannot be read stops no run.
 */
export async function tellOfNewFiles(run: GoingOn, io: Io): Promise<void> {
  const line = await newFilesLine(run, io).catch(() => undefined)
  if (line !== undefined) io.stderr.write(harmless(`opsflow: ${line}\n`))
}

/** Where no file was written since the run began nothing is compiled. */
async function newFilesLine({ state, plan, found }: GoingOn, io: Io): Promise<string | undefined> {
  const written = writtenSince(state.createdAt, plan, found, io)
  if (written.length === 0) return undefined
  const { result, loaded } = await compileAgain(plan, io, state.cause?.coordinator)
  const names = (paths: readonly string[]) => paths.map((path) => `\`${shownPath(path, io.cwd)}\``).join(', ')
  const goesOn = `run \`${state.run}\` goes on by the plan on record`
  if (!result.ok) {
    const faulty = result.diagnostics.find(({ severity }) => severity === 'error')?.at.file.path
    return faulty && `${names([resolve(io.cwd, faulty)])} has faults now: see \`opsflow lint\`; ${goesOn}`
  }
  if (result.value.hash === hashOf(plan)) return undefined
  const changed = changedFiles(plan, result.value, found.root, io.cwd)
  const exact = written.filter((path) => changed.includes(path))
  // Agents, coordinators and the config change the plan of a pipeline whose own file is as it was.
  const others = loaded.files.flatMap(({ path, checked }) => (checked?.kind === 'pipeline' ? path : []))
  const files = exact.length > 0 ? exact : written.filter((path) => !others.includes(path))
  const what = files.length === 0 ? 'its files have' : `${names(files)} ${files.length === 1 ? 'has' : 'have'}`
  const isOver = state.phase === 'ended' || result.value.root !== plan.root
  const command = isOver ? startAnew(plan, found, io) : `opsflow resume ${state.run} --with-plan`
  return `${what} changed since; ${goesOn}; by the new one: ${command}`
}

/** The files, of those that the plan of a run is made from, that were written or put there since. Absolute. */
function writtenSince(at: number, plan: Plan, found: FoundProject, io: Pick<Io, 'cwd'>): string[] {
  const { agents, pipelines } = sourcesOf(found)
  const named = Object.values(plan.pipelines).map(({ file }) => resolve(io.cwd, file))
  const modules = Object.values(plan.modules).map(({ path }) => resolve(found.root, path))
  const config = found.config === undefined ? [] : [found.config.path]
  return [...new Set([...named, ...modules, agents, ...config, ...pipelines])].filter(
    // Not the time of the text, which tools that copy files set back.
    (path) => (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) > at,
  )
}

/** The files of pipelines and modules in which two plans differ. */
function changedFiles(from: Plan, to: Plan, root: string, cwd: string): string[] {
  const alone = (plan: Plan, name: string) => {
    const pipeline = plan.pipelines[name]
    return pipeline && hashOf({ root: name, pipelines: { [name]: pipeline }, modules: {}, people: {} })
  }
  const pipelines = Object.entries(to.pipelines).filter(([name]) => alone(from, name) !== alone(to, name))
  const modules = Object.entries(to.modules).filter(([uses, { sha256 }]) => from.modules[uses]?.sha256 !== sha256)
  return [...pipelines.map(([, { file }]) => resolve(cwd, file)), ...modules.map(([, { path }]) => resolve(root, path))]
}
