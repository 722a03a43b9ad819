import type { Location } from '../diagnostics/diagnostic.ts'
import { type Edge, findCycles, type Graph, makeGraph, reach, sortGraph } from './graph.ts'
import { tell } from './report.ts'
import { child, items, keyAt, valueAt } from './source.ts'
import type { GateDraft, StepDraft, Unit } from './unit.ts'

/** Steps and their needs alone. */
export function needsGraph(steps: readonly StepDraft[]): Graph {
  return makeGraph(
    steps.map((step) => step.id),
    needEdges(steps),
  )
}

function needEdges(steps: readonly StepDraft[]): Edge[] {
  const edges: Edge[] = []
  for (const { needs, node } of steps) for (const need of needs) edges.push({ from: need.step.node, to: node })
  return edges
}

/**
 * Joins steps and gates to the graph of the pipeline: what is needed stands before what needs it, what a gate judges before
 * the gate, the gate before what it holds up. Circles are told with every edge of their path.
 */
export function wire(unit: Unit): void {
  const steps = [...unit.steps.values()]
  const gates = [...unit.gates.values()]
  const names = [...steps, ...gates].map(({ id }) => id)
  const edges = needEdges(steps)
  for (const gate of gates) {
    if (gate.before.length === 0) continue
    for (const step of gate.of) edges.push({ from: step.node, to: gate.node })
    for (const step of gate.before) edges.push({ from: gate.node, to: step.node })
  }
  unit.graph = makeGraph(names, edges)
  unit.order = sortGraph(unit.graph)
  unit.before = reach(unit.graph, unit.order)
  let surely: Unit['surelyBefore'] | undefined
  unit.surelyBefore = (from, to) => {
    surely ??= reachOfSure(names, steps)
    return surely(from, to)
  }
  const cycles = findCycles(unit.graph, unit.order)
  for (const cycle of cycles) tellCycle(unit, steps, gates, cycle)
  // in a circle everything stands before everything: to ask again would only repeat the one fault
  if (cycles.length > 0) unit.before = () => true
}

/** Made when something asks: most pipelines read no outputs. */
function reachOfSure(names: readonly string[], steps: readonly StepDraft[]): Unit['surelyBefore'] {
  const edges = steps.flatMap((step) => (child(step.source, 'quorum') ? [] : sureEdges(step)))
  const sure = makeGraph(names, edges)
  return reach(sure, sortGraph(sure))
}

function sureEdges(step: StepDraft): Edge[] {
  return step.needs
    .filter((need) => need.on === 'ok' || need.on === 'succeeded')
    .map((need) => ({ from: need.step.node, to: step.node }))
}

function tellCycle(
  unit: Unit,
  steps: readonly StepDraft[],
  gates: readonly GateDraft[],
  cycle: readonly number[],
): void {
  // edges lead from what is needed to who needs it; people read it the other way round
  const path = [cycle[0]!, ...cycle.slice(1).reverse(), cycle[0]!]
  const places = path.slice(1).map((needed, at) => ({
    message: edgeMessage(unit, path[at]!, needed),
    at: edgePlace(steps, gates, path[at]!, needed),
  }))
  const [first, ...rest] = places
  const names = path.map((node) => nameOf(unit, node))
  tell(
    unit.session,
    'plan/cycle',
    first!.at,
    `these wait for each other and would never start: ${names.join(' needs ')}`,
    {
      related: rest,
      hint: 'take one of these needs out',
    },
  )
}

function edgeMessage(unit: Unit, from: number, needed: number): string {
  return `${nameOf(unit, from)} needs ${nameOf(unit, needed)}`
}

/** Gates stand behind the steps. */
function nameOf({ graph, steps }: Unit, node: number): string {
  return `${node < steps.size ? '' : 'gate '}\`${graph.names[node]}\``
}

/** Where an edge is written: the word in `needs`, in `before` or in `of`. */
function edgePlace(
  steps: readonly StepDraft[],
  gates: readonly GateDraft[],
  waiting: number,
  needed: number,
): Location {
  const step = steps[waiting]
  if (step !== undefined) {
    const need = step.needs.find((candidate) => candidate.step.node === needed)
    if (need !== undefined) return needPlace(step, need.step.id)
    return wordIn(gates[needed - steps.length]!, 'before', step.id)
  }
  return wordIn(gates[waiting - steps.length]!, 'of', steps[needed]!.id)
}

/** The word in `needs` that names a step. */
function needPlace(step: StepDraft, needed: string): Location {
  const source = child(step.source, 'needs')!
  const named = items(source).find(({ value }) => value === needed)
  return named ? valueAt(named) : keyAt(child(source, needed)!)
}

function wordIn(gate: GateDraft, key: 'before' | 'of', id: string): Location {
  const item = items(child(gate.source, key)).find((entry) => entry.value === id)
  return item ? valueAt(item) : keyAt(gate.source)
}
