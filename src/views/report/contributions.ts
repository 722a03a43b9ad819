import type { StepState } from '../../events/state.ts'
import type { ReportAgent, ReportContributions, ReportPhase, ReportStep } from '../../model/generated/outputs.types.ts'
import type { Plan } from '../../plan/plan.ts'
import { hasFailed } from '../failed.ts'
import { inTreeOrder } from '../terminal/show.ts'
import type { History, Tally } from './history.ts'
import { isContainer, planOf } from './steps.ts'

const NOTHING: Tally = { workedMs: 0, retries: 0, timeouts: 0 }

/** Who did what, and how long it took: agents, people, phases, steps. `asOf`: the moment of the report. */
export function contributionsOf(history: History, plan: Plan, asOf: number): ReportContributions {
  const { state, tallies, deeds } = history
  const agents = new Map<string, Sum>()
  const phases = new Map<string, Sum>()
  const steps: ReportStep[] = []
  for (const step of inTreeOrder(state)) {
    const planned = planOf(step.path, state, plan)
    const tally = tallies.get(step.path) ?? NOTHING
    steps.push(
      stepOf(
        step,
        { agent: planned?.agent, task: planned?.task, phase: planned?.phase },
        asOf,
        tally,
        planned?.action.kind,
      ),
    )
    // What only holds others would be counted twice; what was not to run is nobody's work.
    if (isContainer(step, state) || (step.status === 'skipped' && step.reason === 'when')) continue
    if (planned?.agent !== undefined) add(agents, planned.agent, step, tally)
    if (planned?.phase !== undefined) add(phases, planned.phase, step, tally)
  }
  return {
    agents: [...agents].map(([agent, sum]): ReportAgent => ({ agent, ...sum })),
    people: deeds,
    phases: [...phases].map(
      ([phase, { steps: all, succeeded, failed, workedMs }]): ReportPhase => ({
        ...{ phase, steps: all, succeeded, failed, workedMs },
      }),
    ),
    steps,
  }
}

interface Sum {
  steps: number
  succeeded: number
  failed: number
  retries: number
  timeouts: number
  workedMs: number
}

function add(sums: Map<string, Sum>, name: string, step: StepState, tally: Tally): void {
  const sum = sums.get(name) ?? { steps: 0, succeeded: 0, failed: 0, retries: 0, timeouts: 0, workedMs: 0 }
  sums.set(name, sum)
  sum.steps += 1
  if (step.status === 'succeeded') sum.succeeded += 1
  if (hasFailed(step)) sum.failed += 1
  sum.retries += tally.retries
  sum.timeouts += tally.timeouts
  sum.workedMs += tally.workedMs
}

function stepOf(
  step: StepState,
  names: { readonly [name in 'agent' | 'task' | 'phase']: string | undefined },
  asOf: number,
  tally: Tally,
  kind: ReportStep['kind'],
): ReportStep {
  const { path, status, outcome, attempts, startedAt, endedAt } = step
  const { agent, task, phase } = names
  return {
    path,
    ...(kind === undefined ? {} : { kind }),
    ...(agent === undefined ? {} : { agent }),
    ...(task === undefined ? {} : { task }),
    ...(phase === undefined ? {} : { phase }),
    status,
    ...(outcome === undefined ? {} : { outcome }),
    attempts,
    ...(startedAt === undefined ? {} : { startedAt, durationMs: Math.max(0, (endedAt ?? asOf) - startedAt) }),
    workedMs: tally.workedMs,
  }
}
