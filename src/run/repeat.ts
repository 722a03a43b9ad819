import { stopped } from './attempts.ts'
import { finish } from './ends.ts'
import { createNode } from './nodes.ts'
import { condition, count, nodeRoots, outputsOf } from './roots.ts'
import { emit, type Node, type Run, startTimer, stateOf, wake } from './run.ts'

/** Starts a pass of a repeat. */
export function startPass(run: Run, node: Node, iteration: number): void {
  emit(run, { type: 'iteration-started', path: node.path, iteration })
  makePass(node, iteration)
  wake(run, { type: 'body', node: node.pass! })
}

export function makePass(node: Node, iteration: number): void {
  const path = `${node.path}@${iteration}`
  node.phase = 'passes'
  node.pass = createNode(node.scope, node.step, { path, layer: 'pass', parent: node, iteration })
}

/** A pass has ended: it holds, it is tried again, or there were enough. A failed pass fails the step. */
export function onPassEnded(run: Run, node: Node): void {
  const pass = node.pass!
  const state = stateOf(run, pass)
  const { repeat } = node.step
  if (pass.status !== 'succeeded' || repeat === undefined) {
    const { reason, message, hint } = state ?? {}
    return finish(run, node, { status: pass.status ?? 'failed', reason, message, hint, outcome: state?.outcome })
  }
  const declared = outputsOf(run, { ...node.step, foreach: undefined }, undefined)
  const roots = { ...nodeRoots(run, node), outputs: { ...declared, ...state?.outputs }, attempt: state?.attempts ?? 1 }
  const done = { status: 'succeeded' as const, outputs: state?.outputs, outcome: state?.outcome }
  const enough = condition(repeat.until, roots)
  if (!enough.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: enough.message })
  if (enough.value) return finish(run, node, done)
  const max = count(repeat.max, nodeRoots(run, node), 1)
  if (!max.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: max.message })
  if (pass.iteration >= (max.value ?? 1)) {
    if (repeat.onMax === 'stop') return finish(run, node, done)
    const message = `\`${repeat.until}\` did not hold after ${pass.iteration} passes`
    return finish(run, node, { status: 'failed', reason: 'repeat', message })
  }
  if (node.stop !== undefined) return finish(run, node, stopped(node))
  if (repeat.delayMs === 0) return startPass(run, node, pass.iteration + 1)
  // Counted from the end of the pass, which is on record: a resume comes to the same instant.
  const untilMs = (state?.endedAt ?? run.now) + repeat.delayMs
  emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'timer', untilMs } })
  node.phase = 'delay'
  node.timerToken = `${node.path}#delay-${untilMs}`
  startTimer(run, node.timerToken, untilMs, { what: 'delay', node })
}
