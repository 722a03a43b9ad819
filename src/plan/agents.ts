import { hintFor, tell, unknown } from './report.ts'
import { child, entries, numberOf, type Source, sourceOf, textsOf, valueAt } from './source.ts'
import type { Session, Unit } from './unit.ts'

/** One agent: what agents.yaml says of it, and what the pipeline itself adds or narrows. */
export interface Agent {
  readonly name: string
  /** Weakest first. */
  readonly sources: readonly Source[]
}

function knownAgents(session: Session): Source | undefined {
  const { agents } = session.project
  return agents === undefined ? undefined : child(sourceOf(agents.document), 'agents')
}

/** The agent that a step names, if it exists and may work here. */
export function findAgent(unit: Pick<Unit, 'session' | 'source' | 'name'>, name: Source): Agent | undefined {
  const { session } = unit
  const id = name.value as string
  const known = knownAgents(session)
  const local = child(unit.source, 'agents')
  const sources = [child(known, id), Array.isArray(local?.value) ? undefined : child(local, id)].filter(
    (source) => source !== undefined,
  )
  if (sources.length === 0) {
    const names = [...entries(known), ...entries(local)].map(([agent]) => agent)
    unknown(session, 'plan/unknown-agent', valueAt(name), id, names, 'agent')
    return undefined
  }
  if (Array.isArray(local?.value) && !textsOf(local).includes(id)) {
    tell(session, 'plan/agent-not-allowed', valueAt(name), `the pipeline does not list the agent \`${id}\``, {
      hint: `add it to \`agents: [${[...textsOf(local), id].join(', ')}]\``,
      related: [{ message: 'who may work here', at: local.document.locate(local.path, 'key') }],
    })
  }
  const admitted = child(session.coordinator, 'agents')
  if (admitted !== undefined && !textsOf(admitted).includes(id)) {
    tell(session, 'plan/agent-not-allowed', valueAt(name), `the coordinator does not admit the agent \`${id}\``, {
      hint: 'it may spawn only those in its `agents`',
      related: [{ message: 'whom the coordinator may spawn', at: admitted.document.locate(admitted.path, 'key') }],
    })
  }
  return { name: id, sources }
}

/** A task of an agent; the pipeline's own word first. */
export function findTask(session: Session, agent: Agent, name: Source): Source | undefined {
  const id = name.value as string
  for (const source of agent.sources.toReversed()) {
    const task = child(child(source, 'tasks'), id)
    if (task !== undefined) return task
  }
  const names = agent.sources.flatMap((source) => entries(child(source, 'tasks')).map(([task]) => task))
  tell(
    session,
    'plan/unknown-task',
    valueAt(name),
    `the agent \`${agent.name}\` has no task \`${id}\``,
    hintFor(id, names, 'its tasks'),
  )
  return undefined
}

/** Every name in the list of a pipeline or coordinator is an agent that exists. */
export function checkAgentList(session: Session, list: Source | undefined): void {
  if (!Array.isArray(list?.value)) return
  const names = entries(knownAgents(session)).map(([name]) => name)
  for (const [index, name] of textsOf(list).entries()) {
    if (names.includes(name)) continue
    unknown(session, 'plan/unknown-agent', list.document.locate([...list.path, index], 'value'), name, names, 'agent')
  }
}

/** How many steps of an agent may run at once: the narrowest word on it. */
export function agentLimit(agent: Agent): number | undefined {
  const limits = agent.sources
    .map((source) => numberOf(child(source, 'max_parallel')))
    .filter((limit) => limit !== undefined)
  return limits.length === 0 ? undefined : Math.min(...limits)
}
