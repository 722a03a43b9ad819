import type { RunEvent, RunOutcome } from '../../../src/events/events.ts'
import type { StepSpec } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isOwnSkip } from './moves.ts'
import { childPath, gateOf, instanceOf, isFailure, type RunView, type ScopeView, stepOf } from './view.ts'

/** Promises 5 to 7, 10 to 12: the outcome of a run or sub-pipeline, worked out from the ends of its steps and gates. */
export const outcomeFollows: Invariant = {
  name: 'the outcome follows from the ends of steps and gates',
  promises: [5, 6, 7, 10, 11, 12],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type === 'run-ended') {
        seen()
        const root = view.scopes.get('')
        if (root) compare(view, root, event.outcome, event.seq, report)
      }
      if (event.type === 'step-ended' && !gateOf(event.path)) subPipeline(view, event, report)
      if (event.type === 'finally-started') {
        const scope = view.scopes.get(event.path)
        if (scope === undefined) return
        seen()
        const possible = outcomesOf(view, scope, false)
        if (!possible.includes(event.outcome))
          report(`finally of '${event.path}' was told ${event.outcome}, it is ${possible.join(' or ')}`, event.seq)
      }
    },
  }),
}

type Report = (message: string, seq?: number) => void

function subPipeline(view: RunView, event: Extract<RunEvent, { type: 'step-ended' }>, report: Report): void {
  const scope = view.scopes.get(event.path)
  const place = stepOf(view, event.path)
  if (scope === undefined || place?.step.action.kind !== 'pipeline') return
  if (event.status === 'cancelled' || event.status === 'interrupted' || event.status === 'timed-out') return
  const possible = outcomesOf(view, scope, true)
  if (event.outcome !== undefined && !possible.includes(event.outcome))
    report(`\`${event.path}\` says ${event.outcome}, its steps say ${possible.join(' or ')}`, event.seq)
  const good = possible.some(
    (outcome) => outcome === 'succeeded' || outcome === 'succeeded-with-failures' || outcome === 'partial',
  )
  if (event.status === 'succeeded' && !good)
    report(`\`${event.path}\` succeeded, its steps say ${possible.join(' or ')}`, event.seq)
  const bad = possible.some((outcome) => outcome === 'failed' || outcome === 'escalated' || outcome === 'cancelled')
  if (event.status === 'failed' && !bad && event.reason === 'pipeline')
    report(`\`${event.path}\` failed, its steps say ${possible.join(' or ')}`, event.seq)
}

function compare(view: RunView, scope: ScopeView, outcome: RunOutcome, seq: number, report: Report): void {
  for (const step of scope.pipeline.steps) {
    const skippedFinally = step.section === 'finally' && view.cancelled === 'hard'
    if (!instanceOf(view, childPath(scope.path, step.id)).ended && !skippedFinally)
      report(`the run ended and \`${childPath(scope.path, step.id)}\` did not`, seq)
  }
  const possible = outcomesOf(view, scope, true)
  if (!possible.includes(outcome)) report(`the outcome is ${outcome}, the steps say ${possible.join(' or ')}`, seq)
}

/** What the outcome may be. Where a cancel or a deadline met the last step, both readings stand. */
function outcomesOf(view: RunView, scope: ScopeView, withFinally: boolean): RunOutcome[] {
  const ends = scope.pipeline.steps
    .filter((step) => step.section === 'steps')
    .map((step) => ({ step, ended: instanceOf(view, childPath(scope.path, step.id)).ended }))
  const plain = fromSteps(scope, ends)
  const outcomes = [withFinally ? afterFinally(view, scope, plain) : plain]
  // One that was cancelled before the run was opened again may have stayed so.
  const cancelled = ends.some(({ ended }) => ended?.status === 'cancelled' && ended.reason === 'cancel')
  if (view.cancelled !== 'no' || cancelled) outcomes.push('cancelled')
  const since = view.cancelSeq ?? Infinity
  // By the cancel, that is: what fail_fast stopped in the same moment says nothing of it.
  if (ends.some(({ ended }) => ended?.status === 'cancelled' && ended.reason === 'cancel' && ended.seq > since))
    outcomes.shift()
  if (scope.timedOut) outcomes.push('failed')
  if (scope.mayBeEscalated) outcomes.push('escalated')
  if (scope.escalated) {
    // A deadline or a cancel that came as well may be told instead.
    return ['escalated', ...outcomes.filter((outcome) => outcome === 'cancelled' || scope.timedOut)]
  }
  return outcomes
}

type End = ReturnType<typeof instanceOf>['ended']

function fromSteps(scope: ScopeView, ends: readonly { readonly step: StepSpec; readonly ended: End }[]): RunOutcome {
  const lost = ends.filter(
    ({ step, ended }) =>
      !step.allowFailure && (ended === undefined || (ended.status !== 'succeeded' && !isOwnSkip(ended))),
  )
  const gates = scope.pipeline.gates.map((gate) => ({ gate, status: scope.gates.get(gate.id)?.status }))
  const blocked = gates.some(
    ({ gate, status }) => gate.level === 'mandatory' && (status === 'failed' || status === 'held'),
  )
  if (lost.length === 0 && !blocked) {
    const allowed = ends.some(({ step, ended }) => step.allowFailure && ended !== undefined && isFailure(ended.status))
    return allowed ? 'succeeded-with-failures' : 'succeeded'
  }
  if (lost.length === 0 || blocked) return 'failed'
  const covered = lost.every(({ step }) =>
    gates.some(
      ({ gate, status }) =>
        (status === 'passed' || status === 'bypassed') && gate.success !== undefined && gate.of.includes(step.id),
    ),
  )
  return covered ? 'partial' : 'failed'
}

function afterFinally(view: RunView, scope: ScopeView, outcome: RunOutcome): RunOutcome {
  if (outcome !== 'succeeded') return outcome
  const failed = scope.pipeline.steps.some((step) => {
    const ended = instanceOf(view, childPath(scope.path, step.id)).ended
    return (
      step.section === 'finally' && ended !== undefined && (isFailure(ended.status) || ended.status === 'cancelled')
    )
  })
  return failed ? 'succeeded-with-failures' : outcome
}
