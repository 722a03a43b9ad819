import { criticalPath, type Edge, makeGraph, type Order, sortGraph } from './graph.ts'
import type { PipelinePlan, Plan, StepPlan } from './plan.ts'

/** The longest that something can take: milliseconds, and why there is no limit where there is none. */
export interface Bound {
  /** What is bounded of it; the whole where `open` is empty. */
  readonly ms: number
  /** Reasons why it has no limit, each for a person: `\`build\` has no timeout`. */
  readonly open: readonly string[]
}

const ZERO: Bound = { ms: 0, open: [] }
const REASONS = 20

/** Work and elapsed time of one pipeline in the worst case, and the path that takes longest. */
export interface WorstCase {
  /** Working time: waiting for people, signals and timers does not count. */
  readonly work: Bound
  /** From start to end, with all waiting. */
  readonly elapsed: Bound
  /** Step ids. */
  readonly criticalPath: readonly string[]
}

/** Computes the worst case of a pipeline of the plan; callees are computed on the way, each once. */
export function worstCase(plan: Plan, name: string = plan.root, known = new Map<string, WorstCase>()): WorstCase {
  const done = known.get(name)
  if (done !== undefined) return done
  const pipeline = plan.pipelines[name]!
  const work = pipelineBound(plan, pipeline, known, 'work')
  const elapsed = pipelineBound(plan, pipeline, known, 'elapsed')
  const result = { work: capped(work.bound, pipeline.timeoutMs), elapsed: elapsed.bound, criticalPath: elapsed.path }
  known.set(name, result)
  return result
}

type Kind = 'work' | 'elapsed'

function pipelineBound(
  plan: Plan,
  pipeline: PipelinePlan,
  known: Map<string, WorstCase>,
  kind: Kind,
): { bound: Bound; path: string[] } {
  const { steps, order, graph } = mainGraph(pipeline)
  const bounds = steps.map((step) => stepBound(plan, pipeline, step, known, kind))
  // a step without a limit weighs as the longest thing there is, so that the path leads over it
  const weight = (node: number) =>
    node < steps.length ? bounds[node]!.ms + (bounds[node]!.open.length > 0 ? 1e15 : 1e-3) : 0
  const path = criticalPath(graph, order, weight)
  const open = steps.length === 0 ? [] : [...new Set(bounds.flatMap((bound) => bound.open))].slice(0, REASONS)
  const onPath = path.nodes.filter((node) => node < steps.length)
  const along = onPath.reduce((sum, node) => sum + bounds[node]!.ms, 0)
  const total = bounds.reduce((sum, bound) => sum + bound.ms, 0)
  const slots = typeof pipeline.maxParallel === 'number' ? pipeline.maxParallel : 1
  // with fewer slots than steps a list schedule takes at most total/slots + path * (1 - 1/slots)
  const ms = steps.length <= slots ? along : Math.ceil(total / slots + along * (1 - 1 / slots))
  const last = pipeline.steps.some((step) => step.section === 'finally') ? pipeline.finallyTimeoutMs : 0
  return { bound: { ms: ms + last, open }, path: onPath.map((node) => steps[node]!.id) }
}

/**
 * The steps outside of `finally`, and behind them as nodes of their own the gates, between what they judge and what they hold
 * up. `waves` are the steps alone, by how many steps must end before them.
 */
export function mainGraph(pipeline: PipelinePlan) {
  const steps = pipeline.steps.filter((step) => step.section === 'steps')
  const gates = pipeline.gates.filter((gate) => gate.before.length > 0)
  const index = new Map(steps.map((step, at) => [step.id, at]))
  const edges: Edge[] = []
  const join = (id: string, to: number) => {
    const from = index.get(id)
    if (from !== undefined) edges.push({ from, to })
  }
  for (const [to, step] of steps.entries()) for (const need of step.needs) join(need.step, to)
  for (const [at, gate] of gates.entries()) {
    const node = steps.length + at
    for (const id of gate.of) join(id, node)
    for (const id of gate.before) edges.push({ from: node, to: index.get(id)! })
  }
  const graph = makeGraph(
    [...steps, ...gates].map(({ id }) => id),
    edges,
  )
  const order: Order = sortGraph(graph)
  const wave = new Int32Array(graph.names.length)
  const waves: string[][] = []
  for (const node of order.order) {
    for (let i = graph.beforeStart[node]!; i < graph.beforeStart[node + 1]!; i++) {
      const from = graph.before[i]!
      wave[node] = Math.max(wave[node]!, wave[from]! + (from < steps.length ? 1 : 0))
    }
  }
  for (const [at, step] of steps.entries()) {
    while (waves.length <= wave[at]!) waves.push([])
    waves[wave[at]!]!.push(step.id)
  }
  return { steps, graph, order, waves }
}

/** The longest that one step can take, with all its attempts, passes and items. */
export function stepBound(
  plan: Plan,
  pipeline: PipelinePlan,
  step: StepPlan,
  known: Map<string, WorstCase>,
  kind: Kind,
): Bound {
  const once = passBound(plan, step, known, kind)
  const { repeat, foreach } = step
  let bound = once
  if (repeat !== undefined) {
    if (typeof repeat.max === 'number')
      bound = { ms: once.ms * repeat.max + repeat.delayMs * (repeat.max - 1), open: once.open }
    else bound = withOpen(once, `\`${step.id}\` repeats as often as \`${repeat.max}\` says`)
  }
  if (foreach === undefined) return bound
  if (!Array.isArray(foreach.items))
    return withOpen(bound, `\`${step.id}\` runs once for each item of a list made at run time`)
  const count = (foreach.items as readonly unknown[]).length
  const limit = foreach.maxParallel ?? pipeline.maxParallel
  const rounds = foreach.needs !== undefined || typeof limit !== 'number' ? count : Math.ceil(count / limit)
  return { ms: bound.ms * rounds, open: bound.open }
}

/** One pass over one item: every attempt, the delays between them, and the checks after each. */
function passBound(plan: Plan, step: StepPlan, known: Map<string, WorstCase>, kind: Kind): Bound {
  const attempt = attemptBound(plan, step, known, kind)
  const checks = checksBound(step)
  const each: Bound = { ms: attempt.ms + checks.ms, open: [...attempt.open, ...checks.open] }
  const { retry } = step
  if (retry === undefined) return each
  if (typeof retry.attempts !== 'number')
    return withOpen(each, `\`${step.id}\` is tried as often as \`${retry.attempts}\` says`)
  let delay = 0
  for (let n = 0; n < Math.min(retry.attempts - 1, 1000); n++) {
    delay += Math.min(retry.backoffMs * retry.factor ** n, retry.maxMs) * (1 + retry.jitter)
  }
  const repairs = Object.values(step.failures).reduce((most, { recover }) => Math.max(most, recover?.timeoutMs ?? 0), 0)
  return { ms: each.ms * retry.attempts + delay + repairs * (retry.attempts - 1), open: each.open }
}

function attemptBound(plan: Plan, step: StepPlan, known: Map<string, WorstCase>, kind: Kind): Bound {
  const { action, timeoutMs } = step
  switch (action.kind) {
    case 'approval':
    case 'ask':
      if (kind === 'work') return ZERO
      return limited(ZERO, timeoutMs, step.id, 'waits for a person without a timeout')
    case 'wait': {
      if (kind === 'work') return ZERO
      if ('signal' in action)
        return limited(ZERO, timeoutMs, step.id, `waits for \`${action.signal}\` without a timeout`)
      return typeof action.forMs === 'number'
        ? { ms: action.forMs, open: [] }
        : withOpen(ZERO, `\`${step.id}\` waits as long as \`${action.forMs}\` says`)
    }
    case 'signal':
      return ZERO
    case 'pipeline': {
      const callee = worstCase(plan, action.pipeline, known)
      const bound = kind === 'work' ? callee.work : callee.elapsed
      const named = { ms: bound.ms, open: bound.open.map((reason) => `${step.id}: ${reason}`) }
      return kind === 'work' ? capped(named, timeoutMs) : named
    }
    default:
      return limited({ ms: step.graceMs, open: [] }, timeoutMs, step.id, 'has no timeout')
  }
}

function checksBound(step: StepPlan): Bound {
  return step.checks.reduce<Bound>((sum, { id, judge, timeoutMs }) => {
    if (judge.kind === 'file' || judge.kind === 'require') return sum
    if (timeoutMs !== undefined) return { ms: sum.ms + timeoutMs, open: sum.open }
    return withOpen(sum, `the check \`${id}\` of \`${step.id}\` has no timeout`)
  }, ZERO)
}

function limited(base: Bound, timeoutMs: number | string | undefined, id: string, why: string): Bound {
  if (typeof timeoutMs === 'number') return { ms: base.ms + timeoutMs, open: base.open }
  return withOpen(base, timeoutMs === undefined ? `\`${id}\` ${why}` : `the timeout of \`${id}\` is \`${timeoutMs}\``)
}

function withOpen(bound: Bound, reason: string): Bound {
  return { ms: bound.ms, open: [...bound.open, reason] }
}

/** The timeout of a pipeline ends what would take longer. */
function capped(bound: Bound, timeoutMs: number | string | undefined): Bound {
  if (typeof timeoutMs !== 'number') return bound
  return bound.open.length > 0 || bound.ms > timeoutMs ? { ms: timeoutMs, open: [] } : bound
}
