import { randomUUID } from 'node:crypto'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { parseInput } from '../model/inputs.ts'
import { kindOf } from '../model/kind.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import { answerTo } from '../plan/answer.ts'
import { type CoordinatorPlan, compileCoordinators } from '../plan/coordinator.ts'
import type { Plan } from '../plan/plan.ts'
import { openStore } from '../store/store.ts'
import type { Json } from '../util/json.ts'
import { nearest } from '../util/nearest.ts'
import { own } from '../util/own.ts'
import { compileTarget, projectFor } from './compile-pipeline.ts'
import type { ExecuteOptions } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { type LoadedFile, type LoadedProject, loadProject } from './project.ts'
import { startNew } from './run.ts'
import { refuseSecrets, secretsOf } from './secrets.ts'
import { tellWaiting } from './tell-waits.ts'
import { UsageError } from './usage-error.ts'

export interface SignalCommand extends ExecuteOptions {
  readonly name: string
  readonly payload?: readonly (readonly [string, string])[]
}

/** The name of one signal. */
const SIGNAL = /^[A-Z][A-Z0-9_]*:[A-Z][A-Z0-9_]*$/

/** What is written otherwise is most likely a slip. */
export function refuseNoSignal(name: string): void {
  if (!SIGNAL.test(name))
    throw new UsageError(`\`${name}\` is no signal`, 'signals are written NS:NAME, in capitals', 'signals')
}

type Fields = { readonly [name: string]: Json }

/**
 * `opsflow signal NS:NAME`: to the coordinators of this project, the first of which that knows it answers with a run;
 * and to every run that waits for such a signal. One that nobody knows is answered IGNORED, exit 1.
 */
export async function signal(options: SignalCommand, io: Io): Promise<ExitCode> {
  const { name } = options
  refuseNoSignal(name)
  const project = await loadProject(io)
  const forCompile = await projectFor(project, io)
  const compiledAll = compileCoordinators(forCompile)
  if (!compiledAll.ok) {
    printDiagnostics(compiledAll.diagnostics, io)
    return 1
  }
  const coordinators = compiledAll.value
  // A payload that is refused at the door has reached nobody.
  const answer = answerOf(coordinators, options, io)
  const told = await tellRuns(project, name, options.payload ?? [], io)
  if (answer === undefined) return told > 0 ? 0 : ignored(project, coordinators, name, io)
  const compiled = await compileTarget(answer.pipeline, io, answer.coordinator)
  if (!compiled.result.ok) {
    printDiagnostics(compiled.result.diagnostics, io)
    return 1
  }
  const passed = answer.via.map((from) => `${from} forwards ${name}; `).join('')
  if (!options.json) io.stdout.write(`${passed}${answer.coordinator} answers ${name} with \`${answer.pipeline}\`\n`)
  const cause = { coordinator: answer.coordinator, signal: name, id: randomUUID(), payload: answer.payload }
  return startNew(
    { plan: compiled.result.value, project: compiled.loaded, inputs: answer.inputs, approve: [], cause },
    options,
    io,
  )
}

/** What the coordinators make of the signal. A payload that one refuses is wrong usage. */
function answerOf(
  coordinators: readonly CoordinatorPlan[],
  { name, payload = [] }: SignalCommand,
  io: Io,
):
  | {
      readonly coordinator: string
      readonly via: readonly string[]
      readonly pipeline: string
      readonly inputs: Fields
      readonly payload: Fields
    }
  | undefined {
  const read = (schemas: { readonly [field: string]: ValueSchema }) => fieldsOf(payload, schemas)
  const answer = answerTo(coordinators, name, read, { kind: 'human', person: io.user })
  if (answer === undefined) return undefined
  const { coordinator, via, routed } = answer
  if (routed.kind === 'pipeline')
    return { coordinator, via, pipeline: routed.pipeline, inputs: routed.inputs, payload: answer.payload }
  const missing = routed.missing.map((field) => `--payload ${field}=…`).join(' ')
  throw new UsageError(
    `${coordinator}: ${routed.message}`,
    missing === '' ? `see what it takes: \`opsflow signals ${name}\`` : `give it: ${missing}`,
  )
}

/** Nobody knows the signal: says so, with whatever may be the reason. */
export function ignored(
  project: LoadedProject,
  coordinators: readonly CoordinatorPlan[],
  name: string,
  io: Io,
): ExitCode {
  const known = coordinators.flatMap((plan) => Object.keys(plan.signals))
  const near = nearest(name, known)
  const why =
    coordinators.length === 0
      ? `; ${noCoordinator(project)}`
      : near === undefined
        ? `; known: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}`
        : `; did you mean ${near}?`
  io.stdout.write(`IGNORED: nobody answers ${name}${why}\n`)
  // A file that cannot be read may be the one that answers.
  const faults = faultsOf(project)
  if (faults.length > 0) printDiagnostics(faults, io)
  return 1
}

/** Said where no coordinator is known. One with a fault is none that can be read. */
export function noCoordinator(project: LoadedProject): string {
  const faulty = faultsOf(project).length > 0
  return `there is no coordinator${faulty ? ' that can be read' : ''} in ${project.root}`
}

/** What is wrong with the files that cannot be read and may be coordinators. */
export function faultsOf({ files }: LoadedProject): readonly Diagnostic[] {
  const kind = ({ document }: LoadedFile) => document && kindOf(document)
  const maybe = files.filter((file) => !file.checked && (kind(file) ?? 'coordinator') === 'coordinator')
  return maybe.flatMap(({ diagnostics }) => diagnostics)
}

function fieldsOf(
  words: readonly (readonly [string, string])[],
  schemas: { readonly [field: string]: ValueSchema } | undefined,
): Fields {
  return Object.fromEntries(
    words.map(([field, text]) => {
      const schema = own(schemas, field)
      if (schema === undefined) return [field, text]
      const parsed = parseInput(schema, text)
      if (!parsed.ok) throw new UsageError(`payload \`${field}\`: ${parsed.message}`)
      return [field, parsed.value]
    }),
  )
}

/** Tells every run that waits for such a signal from outside; gives how many took it. */
async function tellRuns(
  project: LoadedProject,
  name: string,
  words: readonly (readonly [string, string])[],
  io: Io,
): Promise<number> {
  const store = openStore(project.stateDir)
  const secrets = async () => secretsOf(project, io)
  try {
    const payload = (plan: Plan) => fieldsOf(words, outputsOf(plan, name))
    const check = (fields: Fields, plan: Plan) => refuseSecrets({ 'the payload': fields }, plan, secrets)
    return await tellWaiting(store, { name, by: io.user, payload, check }, (line) => io.stdout.write(line))
  } finally {
    store.close()
  }
}

/** What the steps that wait for a signal declare to read of it, so that words become values of the right type. */
function outputsOf(plan: Plan, name: string): { readonly [field: string]: ValueSchema } {
  const steps = Object.values(plan.pipelines).flatMap((pipeline) => pipeline.steps)
  const waiting = steps.filter(({ action }) => action.kind === 'wait' && 'signal' in action && action.signal === name)
  return Object.assign({}, ...waiting.map(({ outputs }) => outputs))
}
