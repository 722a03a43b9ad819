import type { RunState } from '../events/state.ts'
import type { PipelinePlan, StepPlan } from '../plan/plan.ts'

/** The steps of a pipeline in an order in which each comes after all it waits for. */
interface Order {
  readonly steps: readonly StepPlan[]
  /** By step: its needs, and what the gates judge that hold it. */
  readonly before: ReadonlyMap<string, readonly string[]>
}

const orders = new WeakMap<PipelinePlan, Order>()

function predecessors(pipeline: PipelinePlan, step: StepPlan): readonly string[] {
  const needs = step.needs.map((need) => need.step)
  if (step.gates.length === 0) return needs
  return [...needs, ...pipeline.gates.filter((gate) => step.gates.includes(gate.id)).flatMap((gate) => gate.of)]
}

/** The order of a pipeline's steps; kept, for it is asked for again and again. */
export function orderOf(pipeline: PipelinePlan): Order {
  const made = orders.get(pipeline)
  if (made) return made
  const after = new Map<string, string[]>()
  const open = new Map<string, number>()
  const before = new Map<string, readonly string[]>()
  for (const step of pipeline.steps) {
    const others = [...new Set(predecessors(pipeline, step))]
    before.set(step.id, others)
    open.set(step.id, others.length)
    for (const id of others) {
      const list = after.get(id)
      if (list) list.push(step.id)
      else after.set(id, [step.id])
    }
  }
  const byId = new Map(pipeline.steps.map((step) => [step.id, step]))
  const steps = pipeline.steps.filter((step) => open.get(step.id) === 0)
  for (let i = 0; i < steps.length; i++) {
    for (const id of after.get(steps[i]!.id) ?? []) {
      const left = open.get(id)! - 1
      open.set(id, left)
      if (left === 0) steps.push(byId.get(id)!)
    }
  }
  const order = { steps, before }
  orders.set(pipeline, order)
  return order
}

/** The chain of steps that a run could not have been faster than, by what they really took. */
export interface CriticalPath {
  readonly steps: readonly string[]
  readonly ms: number
}

/** Of the steps of the pipeline that was asked for, its `finally` after them; what did not run takes no time. */
export function criticalPath(pipeline: PipelinePlan, state: RunState): CriticalPath {
  const ways = new Map<string, { readonly ms: number; readonly before: string | undefined }>()
  const last: { [section in StepPlan['section']]: string | undefined } = { steps: undefined, finally: undefined }
  const order = orderOf(pipeline)
  for (const { id, section } of order.steps) {
    const { startedAt, endedAt } = state.steps.get(id) ?? {}
    const own = startedAt === undefined || endedAt === undefined ? 0 : Math.max(0, endedAt - startedAt)
    let before: string | undefined
    for (const other of order.before.get(id)!)
      if ((ways.get(other)?.ms ?? 0) > (before === undefined ? 0 : ways.get(before)!.ms)) before = other
    const ms = own + (before === undefined ? 0 : ways.get(before)!.ms)
    ways.set(id, { ms, before })
    const longest = last[section]
    if (ms > (longest === undefined ? 0 : ways.get(longest)!.ms)) last[section] = id
  }
  const chain = (end: string | undefined): readonly string[] => {
    const found: string[] = []
    for (let id = end; id !== undefined; id = ways.get(id)!.before)
      if (state.steps.get(id)?.startedAt !== undefined) found.push(id)
    return found.toReversed()
  }
  const msOf = (end: string | undefined) => (end === undefined ? 0 : ways.get(end)!.ms)
  return { steps: [...chain(last.steps), ...chain(last.finally)], ms: msOf(last.steps) + msOf(last.finally) }
}
