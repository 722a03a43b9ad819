import { gatePath, prefixOf } from '../events/path.ts'
import type { PipelinePlan, StepPlan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import { indexPipeline, type PipelineIndex } from './pipeline-index.ts'
import { createQueue } from './ready-queue.ts'
import type { Gate, Node, Run, Scope } from './run.ts'

/** Makes a scope with a node for each step and gate; starts nothing. */
export function createScope(
  run: Run,
  options: {
    readonly path: string
    readonly plan: PipelinePlan
    readonly inputs: { readonly [name: string]: Json }
    readonly unit: Node | undefined
    readonly maxParallel: number
    readonly timeoutMs: number | undefined
  },
): Scope {
  const { path, plan, unit } = options
  const nodes = new Map<string, Node>()
  const gates = new Map<string, Gate>()
  const index = indexOf(run, plan, path)
  const scope: Scope = {
    path,
    prefix: prefixOf(path),
    plan,
    index,
    inputs: options.inputs,
    unit,
    nodes,
    gates,
    order: unit === undefined ? [] : unit.order,
    rankAfter: unit === undefined ? 0 : (unit.scope.index.after.get(unit.step.id) ?? 0) + unit.scope.rankAfter,
    phase: 'opening',
    open: 0,
    judging: 0,
    stopped: undefined,
    escalated: false,
    outcome: undefined,
    timeoutMs: options.timeoutMs,
    timerSet: false,
    lock: { state: 'none', keys: [] },
    queue: createQueue(options.maxParallel, unit?.scope.queue),
  }
  for (const step of plan.steps)
    nodes.set(step.id, createNode(scope, step, { path: scope.prefix + step.id, layer: 'step', parent: undefined }))
  for (const gate of plan.gates)
    gates.set(gate.id, {
      plan: gate,
      scope,
      key: scope.prefix + gate.id,
      path: gatePath(path, gate.id),
      open: new Set(gate.of).size,
      status: 'pending',
      checks: undefined,
    })
  return scope
}

/** Made once for all scopes that run the same pipeline at the same place. */
function indexOf(run: Run, plan: PipelinePlan, path: string): PipelineIndex {
  const place = path.replaceAll(/\[[^\]]*\]|@\d+/g, '')
  const key = `${place}|${plan.name}`
  const known = run.indexes.get(key)
  if (known) return known
  const made = indexPipeline(plan, path, run.durations)
  run.indexes.set(key, made)
  return made
}

export function createNode(
  scope: Scope,
  step: StepPlan,
  place: {
    readonly path: string
    readonly layer: Node['layer']
    readonly parent: Node | undefined
    readonly item?: Node['item']
    readonly iteration?: number
  },
): Node {
  const { parent, layer, item } = place
  const nth = layer === 'step' ? (scope.index.position.get(step.id) ?? 0) : (item?.index ?? place.iteration ?? 0)
  return {
    path: place.path,
    step,
    scope,
    layer,
    parent,
    item,
    iteration: place.iteration ?? 0,
    order: [...(parent ? parent.order : scope.order), nth],
    rank: parent ? parent.rank : (scope.index.rank.get(step.id) ?? 0) + scope.rankAfter,
    phase: 'pending',
    status: undefined,
    ownSkip: false,
    needsOpen: layer === 'step' ? step.needs.length : 0,
    needsMet: 0,
    unmet: undefined,
    notNeeded: undefined,
    missing: undefined,
    job: undefined,
    slot: false,
    agentSlot: undefined,
    place: false,
    suspended: false,
    lock: { state: 'none', keys: [] },
    stop: undefined,
    timerToken: undefined,
    dueToken: undefined,
    orphan: false,
    checks: undefined,
    items: [],
    dependents: [],
    openItems: 0,
    places: undefined,
    pass: undefined,
    child: undefined,
  }
}
