import type { EventBody } from '../events/events.ts'
import { askedOnce } from '../executors/secrets.ts'
import { applyDefaults, checkValues, parseInput } from '../model/inputs.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Plan } from '../plan/plan.ts'
import { openStore, type Store } from '../store/store.ts'
import type { Json } from '../util/json.ts'
import { nearest } from '../util/nearest.ts'
import { compileTarget } from './compile-pipeline.ts'
import { type ExecuteOptions, execute } from './execute.ts'
import type { ExitCode, Io } from './io.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import type { LoadedProject } from './project.ts'
import { refuseSecrets, secretsOf } from './secrets.ts'
import { UsageError } from './usage-error.ts'

export interface RunCommand extends ExecuteOptions {
  readonly target: string
  readonly input?: readonly (readonly [string, string])[]
  readonly approve?: readonly string[]
}

/** `opsflow run FILE|NAME`: compile, check the inputs, make the run, drive it. */
export async function run(options: RunCommand, io: Io): Promise<ExitCode> {
  const { result, loaded: project } = await compileTarget(options.target, io)
  if (!result.ok) {
    printDiagnostics(result.diagnostics, io)
    return 1
  }
  const plan = result.value
  const inputs = readInputs(plan, options.input ?? [])
  checkApprovals(plan, options.approve ?? [])
  return startNew({ plan, project, inputs, approve: options.approve ?? [] }, options, io)
}

/** Makes a run and drives it. `cause`: the signal of a coordinator that asked for it. */
export async function startNew(order: NewRun, options: ExecuteOptions, io: Io): Promise<ExitCode> {
  const store = openStore(order.project.stateDir)
  // Not awaited: what waits here would hold the files and the plan that they gave for as long as the run takes.
  return begin(store, order, options, io).finally(() => store.close())
}

interface NewRun {
  readonly plan: Plan
  readonly project: LoadedProject
  readonly inputs: { readonly [name: string]: Json }
  readonly approve: readonly string[]
  /** Made before, and not begun. */
  readonly run?: string
  readonly cause?: Extract<EventBody, { type: 'run-created' }>['cause']
}

async function begin(store: Store, order: NewRun, options: ExecuteOptions, io: Io): Promise<ExitCode> {
  const { plan, project, inputs, approve, cause } = order
  const secrets = askedOnce(secretsOf(project, io))
  const typed = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`the input \`${name}\``, value]))
  await refuseSecrets({ ...typed, 'the payload': cause?.payload ?? {} }, plan, async () => secrets)
  const run = order.run ?? store.create(plan).run
  const start = {
    type: 'new',
    inputs: applyDefaults(plan.pipelines[plan.root]!.inputs, inputs),
    startedBy: io.user,
    version: io.version,
    root: project.root,
    approve,
    ...(cause && { cause }),
  } as const
  return execute({ store, run, root: project.root, start, secrets }, options, io)
}

/** `--input name=value` words as the values that the pipeline's schemas want. Everything wrong with them at once. */
function readInputs(plan: Plan, given: readonly (readonly [string, string])[]): { readonly [name: string]: Json } {
  const schemas = plan.pipelines[plan.root]!.inputs
  const found = new Map<string, Json>()
  const problems: string[] = []
  for (const [name, text] of given) {
    const schema: ValueSchema | undefined = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    const parsed = schema === undefined ? { ok: true as const, value: text } : parseInput(schema, text)
    if (parsed.ok) found.set(name, parsed.value)
    else problems.push(`input \`${name}\`: ${parsed.message}`)
  }
  const values = Object.fromEntries(found)
  const bad = new Set(given.map(([name]) => name).filter((name) => !Object.hasOwn(values, name)))
  for (const fault of checkValues(schemas, values)) {
    if (!bad.has(String(fault.path[0])))
      problems.push(`${fault.message}${fault.hint === undefined ? '' : ` (${fault.hint})`}`)
  }
  if (problems.length > 0)
    throw new UsageError(
      problems.join('\n  and '),
      `give inputs as \`--input name=value\`; ${plan.pipelines[plan.root]!.file} declares them`,
      'values',
    )
  return values
}

/** `--approve STEP` names approvals that are there, by id or by path. */
function checkApprovals(plan: Plan, named: readonly string[]): void {
  const approvals = Object.values(plan.pipelines).flatMap((pipeline) =>
    pipeline.steps.filter(({ action }) => action.kind === 'approval').map(({ id }) => id),
  )
  for (const step of named) {
    const id = step.split('/').at(-1)!
    if (approvals.includes(id)) continue
    const near = nearest(id, approvals)
    throw new UsageError(
      `there is no approval \`${step}\` to give beforehand`,
      near
        ? `did you mean \`${near}\`?`
        : approvals.length > 0
          ? `there is ${approvals.map((name) => `\`${name}\``).join(', ')}`
          : 'the pipeline asks for no approval',
      'people',
    )
  }
}
