/**
 * How far a run is, and how long it may take yet. Takes the plan, the state and what steps took in earlier runs; gives
 * milliseconds of work, and of time.
 *
 * 1. Pure, and linear in steps and needs: it is asked for while a run goes on.
 * 2. Time is the longest way through what is left, or all that is left over the places there are, whichever is more.
 * 3. People and signals take no time here: nobody knows when they answer.
 * 4. What earlier runs do not know takes as long as their steps did on the average.
 */
import { kindPath, prefixOf } from '../../events/path.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { PipelinePlan, Plan, StepPlan } from '../../plan/plan.ts'
import { orderOf } from '../longest-way.ts'
import { isOver } from './survey.ts'

export interface Estimate {
  /** What is done of the work, 0 to 1. */
  readonly share: number
  readonly leftMs: number
}

interface Amount {
  readonly doneMs: number
  readonly workMs: number
  readonly leftMs: number
}

interface World {
  readonly plan: Plan
  readonly state: RunState
  readonly durations: ReadonlyMap<string, number>
  readonly usualMs: number
  readonly nowMs: number
}

/** The estimate for a run that goes on; undefined where earlier runs tell nothing. `nowMs`: epoch milliseconds. */
export function estimate(
  plan: Plan,
  state: RunState,
  durations: ReadonlyMap<string, number>,
  nowMs: number,
): Estimate | undefined {
  const known = [...durations.values()]
  if (known.length === 0) return undefined
  const usualMs = Math.max(1, known.reduce((sum, ms) => sum + ms, 0) / known.length)
  const { doneMs, workMs, leftMs } = amountOf(plan.root, '', { plan, state, durations, usualMs, nowMs })
  const allMs = doneMs + workMs
  return { share: allMs === 0 ? 0 : doneMs / allMs, leftMs }
}

/** Of a pipeline at a place: what is done, what is left of work, and how long that takes. */
function amountOf(name: string, path: string, world: World): Amount {
  const pipeline = world.plan.pipelines[name]
  if (pipeline === undefined) return { doneMs: 0, workMs: 0, leftMs: 0 }
  let doneMs = 0
  let workMs = 0
  const waysTo = new Map<string, number>()
  const longest = { steps: 0, finally: 0 }
  const order = orderOf(pipeline)
  for (const step of order.steps) {
    const own = amountOfStep(step, prefixOf(path) + step.id, world)
    doneMs += own.doneMs
    workMs += own.workMs
    let way = own.leftMs
    for (const other of order.before.get(step.id)!) way = Math.max(way, waysTo.get(other)! + own.leftMs)
    waysTo.set(step.id, way)
    longest[step.section] = Math.max(longest[step.section], way)
  }
  return { doneMs, workMs, leftMs: Math.max(longest.steps + longest.finally, workMs / placesOf(pipeline)) }
}

function placesOf({ maxParallel }: PipelinePlan): number {
  return typeof maxParallel === 'number' ? Math.max(1, maxParallel) : 1000
}

function amountOfStep(step: StepPlan, path: string, world: World): Amount {
  const state = world.state.steps.get(path)
  if (state?.items === undefined) return amountOfOne(step, path, state, world)
  let doneMs = 0
  let workMs = 0
  let longest = 0
  for (const { key } of state.items) {
    const at = `${path}[${key}]`
    const one = amountOfOne(step, at, world.state.steps.get(at) ?? (isOver(state) ? state : undefined), world)
    doneMs += one.doneMs
    workMs += one.workMs
    longest = Math.max(longest, one.leftMs)
  }
  const places = typeof step.foreach?.maxParallel === 'number' ? step.foreach.maxParallel : state.items.length
  return { doneMs, workMs, leftMs: Math.max(longest, workMs / Math.max(1, places)) }
}

function amountOfOne(step: StepPlan, path: string, state: StepState | undefined, world: World): Amount {
  const { action } = step
  const isDone = state !== undefined && isOver(state)
  if (action.kind === 'pipeline' && !isDone) {
    const at = state && state.iteration > 0 ? `${path}@${state.iteration}` : path
    return amountOf(action.pipeline, at, world)
  }
  const usual = ownTime(step, path, world)
  if (isDone) return { doneMs: state.status === 'skipped' ? 0 : usual, workMs: 0, leftMs: 0 }
  if (state?.waitingFor?.kind === 'timer' || state?.waitingFor?.kind === 'backoff') {
    const wait = Math.max(0, state.waitingFor.untilMs - world.nowMs)
    const again = state.waitingFor.kind === 'backoff' ? usual : 0
    return { doneMs: 0, workMs: again, leftMs: wait + again }
  }
  const spent = state?.status === 'running' ? Math.max(0, world.nowMs - (state.startedAt ?? world.nowMs)) : 0
  const doneMs = Math.min(spent, usual)
  return { doneMs, workMs: usual - doneMs, leftMs: usual - doneMs }
}

function ownTime({ action }: StepPlan, path: string, { durations, usualMs }: World): number {
  if (action.kind === 'approval' || action.kind === 'ask') return 0
  if (action.kind === 'wait') return 'forMs' in action && typeof action.forMs === 'number' ? action.forMs : 0
  return durations.get(kindPath(path)) ?? usualMs
}
