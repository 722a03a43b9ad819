/**
 * compileCoordinator: a coordinator file -> CoordinatorPlan, or every fault at once. What it makes of one signal is `route`.
 *
 * Promises:
 * 1. Every pipeline a signal is routed to exists, accepts that signal, and compiles under this coordinator.
 * 2. A payload field and the pipeline input of the same name have types that can meet.
 * 3. A signal that is forwarded reaches a coordinator that answers it.
 */
import { type Diagnostic, hasErrors, type Result, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { type ExprType, orNull, typeOfSchema } from '../expr/types.ts'
import { notYetSupported } from '../model/supported.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Permissions } from '../policy/permissions.ts'
import { checkAgentList } from './agents.ts'
import { schemasOf } from './body.ts'
import { checkTargets } from './check-targets.ts'
import { draftPlan } from './compile.ts'
import { findPipeline } from './draft.ts'
import { checkEscalations } from './escalation.ts'
import { checkCondition } from './expressions.ts'
import { checkForward } from './forward.ts'
import { checkInheritable, levelOf } from './inherited-gates.ts'
import { peopleOf } from './names.ts'
import { checkPermissions } from './permissions.ts'
import type { Condition } from './plan.ts'
import type { Project } from './project.ts'
import { tell } from './report.ts'
import { record } from './scope.ts'
import { checkSections } from './sections.ts'
import { child, entries, items, keyAt, numberOf, type Source, sourceOf, textOf, textsOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

export type Schemas = { readonly [name: string]: ValueSchema }

/** What a coordinator does with signals, all names resolved. */
export interface CoordinatorPlan {
  readonly name: string
  readonly file: string
  readonly description: string | undefined
  readonly domain: string | undefined
  readonly reportsTo: string | undefined
  readonly maxParallel: number | undefined
  /** The only agents it may spawn; undefined: all. */
  readonly agents: readonly string[] | undefined
  /** As written: rules, and names from `actions`. */
  readonly permissions: Permissions
  /** Gates that its pipelines inherit. */
  readonly gates: readonly { readonly id: string; readonly level: 'mandatory' | 'advisory' }[]
  /** Signal, or `NS:*`, -> what it must carry and where it goes. */
  readonly signals: { readonly [signal: string]: SignalPlan }
  /** Role -> persons, for `from`. */
  readonly people: { readonly [role: string]: readonly string[] }
}

export interface SignalPlan {
  readonly description: string | undefined
  /** Who may send it: `human`, coordinators, roles; empty: anyone. */
  readonly from: readonly string[]
  /** Fields that every signal of this name carries. */
  readonly payload: Schemas
  /** The coordinator that answers instead; there are no routes then. */
  readonly forward: string | undefined
  /** The first whose condition holds is taken. */
  readonly routes: readonly {
    readonly when: Condition | undefined
    readonly pipeline: string
    readonly inputs: Schemas
  }[]
}

/** Compiles a coordinator with every pipeline it routes to. */
export function compileCoordinator(project: Project, name: string): Result<CoordinatorPlan> {
  const authored = project.coordinators.get(name)
  if (authored === undefined) throw new Error(`no coordinator \`${name}\` in the project`)
  const source = sourceOf(authored.document)
  const session: Session = { project, problems: [], done: new Map(), open: [], coordinator: source }
  const below: Diagnostic[] = []
  const routed = new Set<string>()
  const signals: { [signal: string]: SignalPlan } = {}
  checkAgentList(session, child(source, 'agents'))
  checkPermissions(session, source)
  checkTargets(session, source)
  checkSections(session, source)
  checkInheritable(session, source)
  checkEscalations(session, source)
  const common = schemasOf(child(source, 'payload'))
  for (const [signal, entry] of entries(child(source, 'signals'))) {
    const payload = { ...common, ...schemasOf(child(entry, 'payload')) }
    const targets = routesOf(entry)
    const known = targets.flatMap(({ pipeline }) => {
      const found = findPipeline({ session }, pipeline)
      return found ? [found] : []
    })
    const type = payloadType(payload, known.map(inputsOf))
    checkReachable(session, targets)
    const routes = targets.flatMap(({ when, pipeline }) => {
      const found = project.pipelines.get(pipeline.value as string)
      if (found === undefined) return []
      const target = sourceOf(found.document)
      routed.add(pipeline.value as string)
      checkAccepts(session, signal, pipeline, target)
      checkPayloadTypes(session, entry, child(source, 'payload'), payload, target)
      const condition = checkCondition({ session, unit: undefined }, when, {
        node: undefined,
        moment: 'start',
        payload: type,
      })
      return [{ when: condition, pipeline: pipeline.value as string, inputs: inputsOf(target) }]
    })
    checkForward(session, name, signal, child(entry, 'forward'))
    const [description, forward] = [textOf(child(entry, 'description')), textOf(child(entry, 'forward'))]
    signals[signal] = { description, from: textsOf(child(entry, 'from')), payload, forward, routes }
  }
  for (const pipeline of routed) {
    const compiled = draftPlan(project, pipeline, { coordinator: name })
    if (!compiled.ok) below.push(...compiled.diagnostics)
  }
  const diagnostics = sortDiagnostics([
    ...session.problems,
    ...below,
    ...notYetSupported(source.document, 'coordinator'),
  ])
  if (hasErrors(diagnostics)) return { ok: false, diagnostics }
  const [agents, rails] = [child(source, 'agents'), child(source, 'permissions')]
  const value: CoordinatorPlan = {
    name,
    file: source.document.file.path,
    description: textOf(child(source, 'description')),
    domain: textOf(child(source, 'domain')),
    reportsTo: textOf(child(source, 'reports_to')),
    maxParallel: numberOf(child(source, 'max_parallel')),
    agents: agents === undefined ? undefined : textsOf(agents),
    permissions: {
      allow: textsOf(child(rails, 'allow')),
      deny: textsOf(child(rails, 'deny')),
      ask: Object.fromEntries(entries(child(rails, 'ask')).map(([rule, role]) => [rule, role.value as string])),
    },
    gates: entries(child(source, 'gates')).map(([id, gate]) => ({ id, level: levelOf(gate) })),
    signals,
    people: peopleOf(session),
  }
  return { ok: true, value, warnings: diagnostics }
}

/** All coordinators of a project, in the order of their files; or the faults of all that have some. */
export function compileCoordinators(project: Project): Result<readonly CoordinatorPlan[]> {
  const results = [...project.coordinators.keys()].map((name) => compileCoordinator(project, name))
  const diagnostics = results.flatMap((result) => (result.ok ? result.warnings : result.diagnostics))
  if (results.some(({ ok }) => !ok)) return { ok: false, diagnostics: sortDiagnostics(diagnostics) }
  return { ok: true, value: results.flatMap((result) => (result.ok ? [result.value] : [])), warnings: diagnostics }
}

interface Target {
  readonly when: Source | undefined
  readonly pipeline: Source
}

function routesOf(entry: Source): readonly Target[] {
  const single = child(entry, 'pipeline')
  if (single !== undefined) return [{ when: undefined, pipeline: single }]
  return items(child(entry, 'route')).map((route) => ({
    when: child(route, 'when'),
    pipeline: child(route, 'pipeline')!,
  }))
}

function inputsOf(pipeline: Source): Schemas {
  return schemasOf(child(pipeline, 'inputs'))
}

/** What `payload` is in a route: every field of the signal, and every input that some route takes, which may be absent. */
function payloadType(payload: Schemas, inputs: readonly Schemas[]): ExprType {
  const fields: { [name: string]: ExprType } = {}
  for (const schemas of inputs)
    for (const [name, schema] of Object.entries(schemas)) fields[name] = orNull(typeOfSchema(schema, { name }))
  for (const [name, schema] of Object.entries(payload)) fields[name] = typeOfSchema(schema, { name })
  return record('payload', fields)
}

function checkReachable(session: Session, targets: readonly Target[]): void {
  const always = targets.findIndex(({ when }) => when === undefined || when.value === true)
  for (const late of always === -1 ? [] : targets.slice(always + 1)) {
    tell(
      session,
      'plan/route',
      valueAt(late.pipeline),
      'this route can never be taken: the one before it takes every signal',
      {
        related: [{ message: 'this route has no condition', at: valueAt(targets[always]!.pipeline) }],
        hint: 'put the route without `when` last',
      },
    )
  }
}

/** A pipeline says which signals it answers; both ends must agree. A pattern such as `OPS:*` names no single signal. */
function checkAccepts(session: Session, signal: string, pipeline: Source, target: Source): void {
  const accepts = child(child(target, 'signals'), 'accepts')
  if (accepts === undefined || signal.endsWith('*') || textsOf(accepts).includes(signal)) return
  tell(
    session,
    'plan/undeclared-signal',
    valueAt(pipeline),
    `the pipeline \`${pipeline.value as string}\` does not accept \`${signal}\``,
    {
      hint: `add it to \`signals: { accepts: [${[...textsOf(accepts), signal].join(', ')}] }\` there`,
      related: [{ message: 'what it accepts', at: keyAt(accepts) }],
    },
  )
}

function checkPayloadTypes(
  session: Session,
  entry: Source,
  common: Source | undefined,
  payload: Schemas,
  target: Source,
): void {
  for (const [name, input] of entries(child(target, 'inputs'))) {
    const [wanted, carried] = [(input.value as ValueSchema).type, payload[name]?.type]
    if (
      wanted === undefined ||
      carried === undefined ||
      wanted === carried ||
      (wanted === 'number' && carried === 'integer')
    )
      continue
    const field = child(child(entry, 'payload'), name) ?? child(common, name)
    tell(
      session,
      'plan/value-type',
      field ? keyAt(field) : keyAt(entry),
      `the payload carries \`${name}\` as ${carried}, and the pipeline takes ${wanted}`,
      {
        related: [{ message: 'the input of the pipeline', at: keyAt(input) }],
        hint: `declare both as ${wanted}, or both as ${carried}`,
      },
    )
  }
}
