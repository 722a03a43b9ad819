import type { RunEvent } from '../../events/events.ts'
import { prefixOf } from '../../events/path.ts'
import type { GateState, RunState } from '../../events/state.ts'
import type { ReportGate, ReportOutput } from '../../model/generated/outputs.types.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Liveness } from '../../ports/store.ts'
import { own } from '../../util/own.ts'
import { inTreeOrder } from '../terminal/show.ts'
import { contributionsOf } from './contributions.ts'
import { readHistory } from './history.ts'
import { issuesOf } from './issues.ts'
import { nextStepsOf, optionsFor } from './next.ts'
import { isDone, whyOf } from './steps.ts'

/** When and how a run is looked at. */
interface Moment {
  readonly liveness: Liveness
  readonly nowMs: number
  /** What is wrong with its record: the events are those that stand before it. */
  readonly damage?: string | undefined
}

/**
 * The result of one run as data: what every form of the report says.
 * Takes the events and the plan on record, what the owner's locks say, and the moment; gives the report.
 * The same record gives the same report, word for word, where the run has ended: nothing else is looked at, no file and
 * no clock. What a pipeline was to do and did not is said beside what it did.
 */
export function runReport(events: readonly RunEvent[], plan: Plan, { liveness, nowMs, damage }: Moment): ReportOutput {
  const history = readHistory(events)
  const { state } = history
  const status = statusOf(state, liveness)
  const asOf = state.endedAt ?? nowMs
  const isMoving = liveness === 'live' || liveness === 'ending'
  const root = own(plan.pipelines, plan.root)
  return {
    format: 1,
    run: state.run,
    pipeline: state.pipeline,
    ...(root?.description === undefined ? {} : { description: root.description }),
    planHash: state.planHash,
    version: state.version,
    startedBy: state.startedBy.name,
    ...(state.cause && { cause: { coordinator: state.cause.coordinator, signal: state.cause.signal } }),
    ...(root?.sections && { sections: root.sections }),
    status,
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    createdAt: state.createdAt,
    ...(state.endedAt === undefined ? {} : { endedAt: state.endedAt }),
    asOf,
    durationMs: Math.max(0, asOf - state.createdAt),
    workedMs: history.workedMs(isMoving ? asOf : state.lastAt),
    inputs: state.inputs,
    counts: countsOf(state),
    timeouts: history.timeouts,
    retries: history.retries,
    gates: gatesOf(state, plan),
    deliverables: Object.entries(root?.outputs ?? {}).map(([name, { deliverable }]) => {
      const label = own(state.labels, name) ?? deliverable
      return { name, ...(label === undefined ? {} : { label }), value: own(state.outputs, name) ?? null }
    }),
    contributions: contributionsOf(history, plan, asOf),
    issues: [...damageOf(damage, state.lastAt), ...issuesOf(history, plan)],
    undone: undoneOf(state, plan, asOf),
    escalations: history.escalations.map((found) => ({
      ...found,
      options: optionsFor(state, plan, found.path, status),
    })),
    handoffs: history.handoffs,
    notes: state.notes.map(({ by, at, text }) => ({ by: by.name, at, text })),
    // What comes after the damage is not known, and nothing goes on by a guess.
    nextSteps:
      damage === undefined || isMoving
        ? nextStepsOf(state, plan, status)
        : [{ text: 'look at what its steps have done, before anything is started anew' }],
  }
}

function damageOf(damage: string | undefined, at: number): ReportOutput['issues'] {
  return damage === undefined ? [] : [{ kind: 'damage', severity: 'error', at, message: damage, count: 1 }]
}

function statusOf({ phase, outcome }: RunState, liveness: Liveness): ReportOutput['status'] {
  if (phase === 'ended' && outcome !== undefined && liveness !== 'live') return outcome
  if (liveness === 'live' || liveness === 'ending') return liveness
  return phase === 'parked' ? 'parked' : 'interrupted'
}

function countsOf(state: RunState): ReportOutput['counts'] {
  const counts: Record<string, number> = {}
  for (const { status } of state.steps.values()) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** The gates of every pipeline that ran, those that were never judged among them. */
function gatesOf(state: RunState, plan: Plan): ReportOutput['gates'] {
  const keys = new Set<string>()
  for (const { path, pipeline } of state.scopes.values())
    for (const { id } of own(plan.pipelines, pipeline)?.gates ?? []) keys.add(prefixOf(path) + id)
  for (const key of state.gates.keys()) keys.add(key)
  const verdicts = [...keys].map((key) => verdictOf(key, state.gates.get(key), levelOf(key, state, plan)))
  return { passed: verdicts.filter(({ status }) => status === 'passed').length, total: verdicts.length, verdicts }
}

function levelOf(key: string, state: RunState, plan: Plan): ReportGate['level'] {
  const slash = key.lastIndexOf('/')
  const scope = state.scopes.get(key.slice(0, Math.max(0, slash)))
  const gates = scope === undefined ? undefined : own(plan.pipelines, scope.pipeline)?.gates
  return gates?.find(({ id }) => id === key.slice(slash + 1))?.level ?? 'mandatory'
}

function verdictOf(path: string, gate: GateState | undefined, level: ReportGate['level']): ReportGate {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (gate === undefined) return { path, gate: name, status: 'pending', level, failing: [], checks: [] }
  const { share, decided, bypassedUntil } = gate
  return {
    ...{ path, gate: name, status: gate.status, level: gate.status === 'pending' ? level : gate.level },
    ...(share === undefined ? {} : { share }),
    failing: gate.failing,
    checks: [...gate.checks].map(([id, check]) => ({
      ...{ id, status: check.status },
      ...(check.level === undefined ? {} : { level: check.level }),
      ...(check.message === undefined ? {} : { message: check.message }),
    })),
    ...(decided && {
      decided: {
        ...{ by: decided.by.name, reason: decided.reason, at: decided.at },
        ...(bypassedUntil === undefined ? {} : { expiresAt: bypassedUntil }),
      },
    }),
  }
}

/** What is not done, by the record; and of every pipeline that ran, what the record never came to. */
function undoneOf(state: RunState, plan: Plan, asOf: number): ReportOutput['undone'] {
  const found: ReportOutput['undone'][number][] = []
  for (const step of inTreeOrder(state)) {
    if (isDone(step)) continue
    const why = whyOf(step, asOf)
    found.push({ path: step.path, status: step.status as 'pending', ...(why === '' ? {} : { why }) })
  }
  for (const { path, pipeline } of state.scopes.values())
    for (const step of own(plan.pipelines, pipeline)?.steps ?? []) {
      const { id } = step
      // A rule of a coordinator is a question that is put only where it holds.
      if ('escalation' in step) continue
      if (!state.steps.has(prefixOf(path) + id)) found.push({ path: prefixOf(path) + id, status: 'pending' })
    }
  return found
}
