import { parseExpression } from '../expr/parse.ts'
import { isTemplate, scanTemplate } from '../expr/template.ts'
import type { PipelinePlan, StepPlan } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import { emit, type Node, type Run, type Scope } from './run.ts'

type Payload = { readonly [name: string]: Json }

/** Records a signal; a wait of this same run may take it. */
export function sendSignal(
  run: Run,
  signal: {
    readonly path: string
    readonly source?: string
    readonly target: string
    readonly signal: string
    readonly payload: Payload
  },
): void {
  const seq = run.state.lastSeq + 1
  const id = `${run.id}:${seq}`
  emit(run, { type: 'signal-sent', id, source: signal.source ?? sourceOf(run), ...signal })
  run.sent.push({ id, seq, signal: signal.signal, payload: signal.payload })
}

/** Who speaks: the coordinator that asked for the run, or its pipeline. */
export function sourceOf(run: Run): string {
  return run.state.cause?.coordinator ?? run.state.pipeline
}

/** Lifecycle signals of a run that a coordinator asked for; without one nobody listens. */
export function lifecycle(run: Run, name: 'SPAWN' | 'COMPLETE' | 'FAILURE' | 'ABORT', payload: Payload): void {
  const { cause } = run.state
  if (cause === undefined) return
  const target = name === 'SPAWN' ? run.state.pipeline : 'human'
  sendSignal(run, {
    path: '',
    target,
    signal: `${cause.coordinator}:${name}`,
    payload: { ...payload, cause: cause.id },
  })
}

/** ESCALATE: somebody has to look. `unanswered`: nobody did in time, so the outcome is `escalated`. */
export function escalate(run: Run, scope: Scope, path: string, issue: string, unanswered: boolean): void {
  const source = sourceOf(run)
  if (unanswered) scope.escalated = true
  sendSignal(run, { path, target: 'human', signal: `${source}:ESCALATE`, payload: { run: run.id, step: path, issue } })
}

/** HANDOFF: a step reads what another agent's step made. Told once, at the first attempt of it or of its first item. */
export function handOff(run: Run, node: Node): void {
  const { cause, signals } = run.state
  if (cause === undefined || node.step.agent === undefined) return
  const name = `${cause.coordinator}:HANDOFF`
  if (signals.some(({ path, signal }) => path === node.path && signal === name)) return
  for (const from of readsOf(node.scope.plan, node.step)) {
    const maker = node.scope.nodes.get(from)
    if (maker?.step.agent === undefined || maker.step.agent === node.step.agent) continue
    sendSignal(run, {
      path: node.path,
      source: maker.step.agent,
      target: node.step.agent,
      signal: name,
      payload: { from: maker.path, to: node.path },
    })
  }
}

/** The steps whose outputs a step's own texts read, also through vars, in source order. */
function readsOf(plan: PipelinePlan, step: StepPlan): string[] {
  const found = new Set<string>()
  const vars = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      if (!isTemplate(value)) return
      for (const segment of scanTemplate(value).segments) if (segment.kind === 'expression') read(segment.source)
    } else if (value !== null && typeof value === 'object') for (const part of Object.values(value)) look(part)
  }
  const read = (source: string): void => {
    const parsed = parseExpression(source)
    if (!parsed.ok) return
    for (const { path } of parsed.expression.references) {
      const [root, name] = path
      if (root === 'steps' && name !== undefined) found.add(name)
      if (root === 'vars' && name !== undefined && !vars.has(name)) {
        vars.add(name)
        look(plan.vars[name])
      }
    }
  }
  look([step.with, step.env, step.action])
  if (step.when !== undefined) read(step.when)
  return plan.steps.map(({ id }) => id).filter((id) => found.has(id))
}
