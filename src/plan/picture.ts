import { Graph } from '@dagrejs/graphlib'
import type { PipelinePlan } from './plan.ts'

/** What a node or an edge of the picture carries. Ids are prefixed: the library keeps them as keys of plain objects. */
interface NodeLabel {
  readonly text: string
  readonly shape: 'step' | 'gate' | 'person' | 'pipeline' | 'finally'
}

/** The graph of a pipeline in the library's form: steps, gates, and `finally` behind all that ends the run. */
function pictureOf(pipeline: PipelinePlan): Graph {
  const graph = new Graph({ directed: true })
  for (const step of pipeline.steps)
    graph.setNode(`step:${step.id}`, { text: labelOf(step), shape: shapeOf(step) } satisfies NodeLabel)
  for (const gate of pipeline.gates)
    graph.setNode(`gate:${gate.id}`, { text: gate.id, shape: 'gate' } satisfies NodeLabel)
  for (const step of pipeline.steps) {
    for (const need of step.needs)
      graph.setEdge(`step:${need.step}`, `step:${step.id}`, need.on === 'ok' ? '' : need.on)
  }
  for (const gate of pipeline.gates) {
    // a gate judges all that comes before; drawing its last ones is enough to see where it stands
    const judged = new Set(gate.of)
    const inner = new Set(
      pipeline.steps.filter((step) => judged.has(step.id)).flatMap((step) => step.needs.map((need) => need.step)),
    )
    for (const id of gate.of) if (!inner.has(id)) graph.setEdge(`step:${id}`, `gate:${gate.id}`, '')
    for (const id of gate.before) graph.setEdge(`gate:${gate.id}`, `step:${id}`, '')
  }
  return graph
}

function labelOf(step: PipelinePlan['steps'][number]): string {
  const marks = [step.foreach && 'each item', step.repeat && 'repeats', step.allowFailure && 'may fail'].filter(Boolean)
  return marks.length > 0 ? `${step.id} (${marks.join(', ')})` : step.id
}

function shapeOf(step: PipelinePlan['steps'][number]): NodeLabel['shape'] {
  if (step.section === 'finally') return 'finally'
  if (step.action.kind === 'approval' || step.action.kind === 'ask') return 'person'
  return step.action.kind === 'pipeline' ? 'pipeline' : 'step'
}

/** Graphviz: `opsflow plan release --format dot | dot -Tsvg`. */
export function toDot(pipelines: readonly PipelinePlan[]): string {
  const shapes = {
    step: 'box, style=rounded',
    gate: 'diamond',
    person: 'house',
    pipeline: 'box3d',
    finally: 'box, style=dashed',
  }
  const lines = ['digraph opsflow {', '  rankdir=LR', '  node [fontname="sans-serif"]']
  for (const [index, pipeline] of pipelines.entries()) {
    const graph = pictureOf(pipeline)
    const id = (node: string) => quote(`${index}.${node}`)
    lines.push(`  subgraph cluster_${index} {`, `    label=${quote(pipeline.name)}`)
    for (const node of graph.nodes()) {
      const { text, shape } = graph.node(node) as NodeLabel
      lines.push(`    ${id(node)} [label=${quote(text)}, shape=${shapes[shape]}]`)
    }
    for (const { v, w } of graph.edges()) {
      const label = graph.edge(v, w) as string
      lines.push(`    ${id(v)} -> ${id(w)}${label === '' ? '' : ` [label=${quote(label)}]`}`)
    }
    lines.push('  }')
  }
  return `${[...lines, '}'].join('\n')}\n`
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** Mermaid: what GitHub draws in a README. */
export function toMermaid(pipelines: readonly PipelinePlan[]): string {
  const shapes: { readonly [shape in NodeLabel['shape']]: readonly [string, string] } = {
    step: ['["', '"]'],
    gate: ['{"', '"}'],
    person: ['[/"', '"\\]'],
    pipeline: ['[["', '"]]'],
    finally: ['(["', '"])'],
  }
  const lines = ['flowchart LR']
  for (const [index, pipeline] of pipelines.entries()) {
    const graph = pictureOf(pipeline)
    const names = new Map(graph.nodes().map((node, at) => [node, `p${index}n${at}`]))
    lines.push(`  subgraph p${index} ["${entities(pipeline.name)}"]`)
    for (const [node, name] of names) {
      const { text, shape } = graph.node(node) as NodeLabel
      lines.push(`    ${name}${shapes[shape][0]}${entities(text)}${shapes[shape][1]}`)
    }
    for (const { v, w } of graph.edges()) {
      const label = graph.edge(v, w) as string
      lines.push(`    ${names.get(v)} -->${label === '' ? '' : `|${label}|`} ${names.get(w)}`)
    }
    lines.push('  end')
  }
  return `${lines.join('\n')}\n`
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
