import { unreachable } from '../util/unreachable.ts'
import { onChecksDone, queueAttempt } from './attempts.ts'
import { heldByPause, judgeRules, onRuleEnded, openRules } from './escalation.ts'
import { expand, onItemEnded } from './foreach.ts'
import { dropHeld, judgeGate, onBypassLapsed, onGateChecked, onGateSettled } from './gates.ts'
import { onPassEnded, startPass } from './repeat.ts'
import { failsFast, restoreBody } from './restore.ts'
import type { Node, Run, Wake } from './run.ts'
import { settles, wake } from './run.ts'
import { onScopeEnded } from './scope-end.ts'
import { onScope, openChild } from './scopes.ts'
import { countNeed, enter, onNeeds, takePlace } from './steps.ts'
import { stopScope } from './stop.ts'

/** Does one piece of work; gates are judged when it is known what can no longer start, so that nobody is asked about that. */
export function onWake(run: Run, work: Wake): void {
  if (settles(work)) run.unsettled -= 1
  if (!heldByPause(run, work)) toStage(run, work)
  if (run.unsettled > 0) return
  for (const gate of run.unjudged.splice(0)) wake(run, { type: 'gate', gate })
}

/** Which stage each kind of work belongs to: the one place that knows them all. */
function toStage(run: Run, work: Wake): void {
  switch (work.type) {
    case 'needs':
      return onNeeds(run, work.node)
    case 'enter':
      return enter(run, work.node)
    case 'place':
      return takePlace(run, work.node)
    case 'body':
      return startBody(run, work.node)
    case 'attempt':
      return queueAttempt(run, work.node)
    case 'open-scope':
      return work.node.phase === 'ended' ? undefined : openChild(run, work.node)
    case 'ended':
      return onEnded(run, work.node)
    case 'gate':
      if (run.unsettled === 0) return judgeGate(run, work.gate)
      run.unjudged.push(work.gate)
      return
    case 'gate-settled':
      return onGateSettled(run, work.gate)
    case 'gate-lapsed':
      return onBypassLapsed(run, work.gate)
    case 'checks-done':
      return work.run.owner.kind === 'node'
        ? onChecksDone(run, work.run.owner.node)
        : onGateChecked(run, work.run.owner.gate)
    case 'scope':
      return onScope(run, work.scope)
    case 'scope-ended':
      return onScopeEnded(run, work.scope)
    case 'stop-scope':
      return stopScope(run, work.scope, work.stop, work.hard)
    default:
      return unreachable(work)
  }
}

/** A step becomes its items, an item or step its passes, a pass its attempts. */
function startBody(run: Run, node: Node): void {
  if (node.phase === 'ended') return
  if (node.suspended) return restoreBody(run, node)
  if (node.step.foreach !== undefined && node.layer === 'step') return expand(run, node)
  if (node.step.repeat !== undefined && node.layer !== 'pass') return startPass(run, node, 1)
  wake(run, { type: 'attempt', node })
}

/** Lets those who wait for an end know of it. */
function onEnded(run: Run, node: Node): void {
  if (node.step.escalation !== undefined) onRuleEnded(run, node)
  else judgeRules(run)
  if (node.layer === 'pass') return node.parent!.phase === 'ended' ? undefined : onPassEnded(run, node.parent!)
  if (node.layer === 'item') {
    for (const dependent of node.dependents) countNeed(run, dependent, node, 'ok')
    return onItemEnded(run, node.parent!)
  }
  const { scope, step } = node
  if ((scope.phase === 'finally') === (step.section === 'finally')) scope.open -= 1
  for (const { step: id, on } of scope.index.dependents.get(step.id) ?? [])
    countNeed(run, scope.nodes.get(id)!, node, on)
  for (const id of scope.index.judgedBy.get(step.id) ?? []) {
    const gate = scope.gates.get(id)!
    gate.open -= 1
    if (gate.open === 0 && gate.plan.before.length > 0) wake(run, { type: 'gate', gate })
  }
  for (const id of step.gates) dropHeld(run, scope.gates.get(id)!)
  // Somebody is asked about it first, where a rule says so.
  const isAsked = scope === run.root && run.paused !== undefined
  if (scope.plan.failFast && scope.phase === 'main' && scope.stopped === undefined && failsFast(node) && !isAsked)
    wake(run, { type: 'stop-scope', scope, stop: 'fail-fast', hard: false })
  if (scope.open === openRules(run, scope).length) wake(run, { type: 'scope', scope })
}
