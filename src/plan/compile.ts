/**
 * compile: a validated project and the name of a pipeline -> a frozen, hashed Plan, or every fault at once.
 *
 * Takes documents that passed their schemas, and the signatures of all actions. Gives all that a run needs to know besides
 * its inputs. Promises:
 * 1. Pure: no file, clock or process; equal projects give equal plans, to the byte.
 * 2. All faults of the pipeline and of those it calls, each at the narrowest place, sorted; none twice.
 * 3. A plan has no name that leads nowhere, no circle, no read of what may not be there yet, no text pasted into a script.
 * 4. What the language has and this version does not run is refused by name, never ignored.
 * 5. Time grows linearly with the number of steps.
 */
import { type Diagnostic, hasErrors, type Result, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { notYetSupported } from '../model/supported.ts'
import { actionsOf } from './actions-of.ts'
import { type Agent, agentLimit } from './agents.ts'
import { askBefore } from './ask.ts'
import { bindToCallers } from './callers.ts'
import { withEscalations } from './escalation.ts'
import { freezePlan } from './freeze.ts'
import { peopleOf } from './names.ts'
import { checkNamedActions, checkPermissions } from './permissions.ts'
import { compilePipeline } from './pipeline.ts'
import type { PipelinePlan, Plan, PlanDraft } from './plan.ts'
import type { Project } from './project.ts'
import { tell, unknown } from './report.ts'
import { withSections } from './sections.ts'
import { child, entries, numberOf, type Source, sourceOf, textOf, valueAt } from './source.ts'
import type { Compiled, Session } from './unit.ts'

export interface CompileOptions {
  /** The coordinator that asks: its defaults, permissions and admitted agents hold. */
  readonly coordinator?: string
}

/** Compiles one pipeline of a project with all that it calls. A name that is not in the project is the caller's mistake. */
export function compile(project: Project, name: string, options: CompileOptions = {}): Result<Plan> {
  const drafted = draftPlan(project, name, options)
  return drafted.ok ? { ok: true, value: freezePlan(drafted.value), warnings: drafted.warnings } : drafted
}

/** The same without hashes: all that lint wants. */
export function draftPlan(project: Project, name: string, options: CompileOptions = {}): Result<PlanDraft> {
  const authored = project.pipelines.get(name)
  if (authored === undefined) throw new Error(`no pipeline \`${name}\` in the project`)
  const coordinator = options.coordinator === undefined ? undefined : project.coordinators.get(options.coordinator)
  const session: Session = {
    project,
    problems: [],
    done: new Map(),
    open: [],
    coordinator: coordinator && sourceOf(coordinator.document),
  }
  const agents = new Map<string, Agent>()
  const source = sourceOf(authored.document)
  const root = call(session, agents, name, source, undefined)
  const frame = checkFrame(session)
  const plans = new Map(askBefore(session, bindToCallers(session)))
  const started = plans.get(name)
  if (started) plans.set(name, withSections(session, withEscalations(session, started)))
  const diagnostics = sortDiagnostics([...session.problems, ...frame])
  if (hasErrors(diagnostics) || root === undefined) return { ok: false, diagnostics }
  return { ok: true, value: assemble(session, plans, agents, name), warnings: diagnostics }
}

/** Compiles a pipeline once; one that is still being compiled runs itself, and is refused with the way there. */
function call(
  session: Session,
  agents: Map<string, Agent>,
  name: string,
  source: Source,
  at: Source | undefined,
): Compiled | undefined {
  const known = session.done.get(name)
  if (known !== undefined) return known
  const first = session.open.findIndex((entry) => entry.name === name)
  if (first !== -1 && at !== undefined) {
    const circle = [...session.open.slice(first + 1), { name, at }]
    const names = [name, ...circle.map((entry) => entry.name)].map((entry) => `\`${entry}\``)
    tell(session, 'plan/recursion', valueAt(at), `pipelines run each other without end: ${names.join(' runs ')}`, {
      related: circle
        .slice(0, -1)
        .map((entry) => ({ message: `\`${entry.name}\` is run here`, at: valueAt(entry.at!) })),
      hint: 'to do it again until something holds, use `repeat`',
    })
    return undefined
  }
  session.open.push({ name, at })
  const callPipeline = (callee: string, from: Source): Compiled | undefined => {
    const found = session.project.pipelines.get(callee)
    if (found !== undefined) return call(session, agents, callee, sourceOf(found.document), from)
    unknown(session, 'plan/unknown-pipeline', valueAt(from), callee, session.project.pipelines.keys(), 'pipeline')
    return undefined
  }
  const compiled = compilePipeline({ session, callPipeline, agents }, name, source)
  session.open.pop()
  session.done.set(name, compiled)
  return compiled
}

/** What does not belong to one pipeline: rails of the agents file and coordinator, and keys that nothing runs yet. */
function checkFrame(session: Session): readonly Diagnostic[] {
  const { config, agents } = session.project
  checkNamedActions(session)
  if (agents !== undefined) {
    const file = sourceOf(agents.document)
    checkPermissions(session, file)
    for (const [, agent] of entries(child(file, 'agents'))) {
      checkPermissions(session, agent)
      for (const [, task] of entries(child(agent, 'tasks'))) checkPermissions(session, task)
    }
  }
  checkPermissions(session, session.coordinator)
  return [
    ...(config ? notYetSupported(config.document, 'config') : []),
    ...(agents ? notYetSupported(agents.document, 'agents') : []),
    ...(session.coordinator ? notYetSupported(session.coordinator.document, 'coordinator') : []),
    ...[...session.done.values()].flatMap(({ source }) => notYetSupported(source.document, 'pipeline')),
  ]
}

function assemble(
  session: Session,
  plans: ReadonlyMap<string, PipelinePlan>,
  agents: ReadonlyMap<string, Agent>,
  root: string,
): PlanDraft {
  const pipelines = Object.fromEntries(plans)
  const modules: { [uses: string]: { path: string; sha256: string } } = {}
  const written = [...session.project.actions].filter(([, { module }]) => module !== undefined)
  const used = written.length === 0 ? undefined : usedBy(pipelines)
  for (const [uses, { module }] of written) if (module !== undefined && used?.has(uses)) modules[uses] = module
  const limits = [...agents].flatMap(([name, agent]): [string, number][] => {
    const limit = agentLimit(agent)
    return limit === undefined ? [] : [[name, limit]]
  })
  return {
    root,
    pipelines,
    modules,
    people: peopleOf(session),
    ...(limits.length > 0 && { agentLimits: Object.fromEntries(limits) }),
    ...placesOf(session.coordinator),
  }
}

/** The lock that all runs of a coordinator share, where it says how many of them may be at work at once. */
function placesOf(coordinator: Source | undefined): Pick<PlanDraft, 'places'> {
  const limit = numberOf(child(coordinator, 'max_parallel'))
  if (limit === undefined) return {}
  return { places: { [`max_parallel of ${textOf(child(coordinator, 'coordinator'))!}`]: limit } }
}

/** Every name that some `uses` of these pipelines holds. */
function usedBy(pipelines: { readonly [name: string]: PipelinePlan }): ReadonlySet<string> {
  const used = new Set<string>()
  for (const { steps, gates } of Object.values(pipelines))
    for (const node of [...steps, ...gates])
      for (const action of actionsOf(node)) if (action.kind === 'action') used.add(action.uses)
  return used
}
