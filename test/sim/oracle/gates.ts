import type { RunEvent } from '../../../src/events/events.ts'
import type { CheckSpec, GateSpec } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isOwnSkip, isSuspended, movesOf } from './moves.ts'
import {
  basePath,
  childPath,
  gateOf,
  hasLapsed,
  instanceOf,
  isFailure,
  isPart,
  isStart,
  type RunView,
  type ScopeView,
  stepOf,
} from './view.ts'

/** Promise 10: a gate is judged once, when all that it judges has ended, and its verdict and share are what the steps say. */
export const gatesJudgeRight: Invariant = {
  name: 'a gate judges once, late enough and right',
  promises: [9, 10],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'gate-judged') return
      const scope = view.scopes.get(event.path)
      const gate = scope?.pipeline.gates.find((candidate) => candidate.id === event.gate)
      if (scope === undefined || gate === undefined)
        return report(`an unknown gate was judged: ${event.gate}`, event.seq)
      const known = scope.gates.get(gate.id)
      const before = known?.status
      // A held gate falls when nothing waits for its verdict any more.
      if (before === 'held' && event.status === 'failed') return
      // It is held again where a bypass is over.
      if (known && hasLapsed(view, known) && event.status === 'held') return
      if (before !== undefined) report(`gate \`${gate.id}\` was judged twice`, event.seq)
      const open = gate.of.filter((id) => instanceOf(view, childPath(scope.path, id)).ended === undefined)
      if (open.length > 0) return report(`gate \`${gate.id}\` was judged before ${open.join(', ')} ended`, event.seq)
      seen()
      judge(view, scope, gate, event, report)
    },
    commit: (view) => {
      if (view.ended || view.parked || view.cancelled !== 'no') return
      for (const scope of view.scopes.values())
        for (const gate of scope.pipeline.gates) {
          if (
            scope.gates.has(gate.id) ||
            scope.tripped ||
            scope.timedOut ||
            gate.checks.length > 0 ||
            gate.when ||
            gate.touched !== undefined
          )
            continue
          if (instanceOf(view, scope.path).ended || scope.finallyOutcome || isSuspended(view, scope)) continue
          const done = gate.of.every((id) => instanceOf(view, childPath(scope.path, id)).ended)
          if (done && gate.before.some((id) => !instanceOf(view, childPath(scope.path, id)).ended))
            report(`gate \`${gate.id}\` was not judged, though all of it has ended`)
        }
    },
  }),
}

function judge(
  view: RunView,
  scope: ScopeView,
  gate: GateSpec,
  event: Extract<RunEvent, { type: 'gate-judged' }>,
  report: (message: string, seq?: number) => void,
): void {
  if (gate.touched === false && event.status !== 'passed' && !gate.when)
    report(`gate \`${gate.id}\` ${event.status}, and it is about files that nobody touched`, event.seq)
  if (gate.when || gate.touched === false) return
  const share = shareOf(view, scope, gate)
  if (
    gate.success !== undefined &&
    share !== undefined &&
    event.share !== undefined &&
    Math.abs(event.share - share) > 1e-9
  )
    report(`gate \`${gate.id}\` counts a share of ${event.share}, it is ${share}`, event.seq)
  const shareFails = gate.success !== undefined && (share === undefined || share < gate.success - 1e-9)
  const lost = gate.mustPass.filter((id) => {
    const ended = instanceOf(view, childPath(scope.path, id)).ended!
    return ended.status !== 'succeeded' && !isOwnSkip(ended)
  })
  const check = gate.checks.some(
    (candidate) =>
      candidate.level === 'mandatory' && candidate.touched !== false && checkFails(view, scope, gate, candidate),
  )
  const fails = shareFails || lost.length > 0 || check
  const stopped = view.cancelled !== 'no' || scope.tripped || scope.timedOut
  if (fails !== (event.status !== 'passed') && !(stopped && gate.checks.length > 0))
    report(`gate \`${gate.id}\` ${event.status}, it must ${fails ? 'fail' : 'pass'} (share ${share})`, event.seq)
  if (!stopped) checkHeld(view, scope, gate, event, report)
  if (event.status === 'held' && (gate.bypass === 'never' || gate.level !== 'mandatory'))
    report(`gate \`${gate.id}\` is held and nobody may bypass it`, event.seq)
}

/** A person judges as they said, not as the plan of the world has it: somebody else may have been there first. */
function checkFails(view: RunView, scope: ScopeView, gate: GateSpec, check: CheckSpec): boolean {
  if (check.by === 'program') return check.fails > 0
  return view.verdicts.get(childPath(scope.path, `gate:${gate.id}/check:${check.id}`)) === 'rejected'
}

/** Held where somebody may bypass it and a step that waits for it could still start, and only there. */
function checkHeld(
  view: RunView,
  scope: ScopeView,
  gate: GateSpec,
  event: Extract<RunEvent, { type: 'gate-judged' }>,
  report: (message: string, seq?: number) => void,
): void {
  if (gate.level !== 'mandatory' || gate.bypass === 'never' || event.status === 'passed') return
  const could = gate.before.some((id) => {
    const step = scope.pipeline.steps.find((candidate) => candidate.id === id)
    const known = view.instances.get(childPath(scope.path, id))
    if (step === undefined || known?.ended || known?.startedSeq !== undefined) return false
    return !isBarred(scope, gate, id) && movesOf(view, scope, step).may.size === 0
  })
  if (could !== (event.status === 'held'))
    report(
      `gate \`${gate.id}\` ${event.status}, and ${could ? 'a' : 'no'} step that waits for it could start`,
      event.seq,
    )
}

/** Whether another gate keeps a step from starting for good. */
function isBarred({ pipeline, gates }: ScopeView, gate: GateSpec, step: string): boolean {
  return pipeline.gates.some(
    ({ id, level, before }) =>
      id !== gate.id && level === 'mandatory' && before.includes(step) && gates.get(id)?.status === 'failed',
  )
}

/** Instances of agent steps that succeeded among those that count; undefined: none counts. */
function shareOf(view: RunView, scope: ScopeView, gate: GateSpec): number | undefined {
  let good = 0
  let all = 0
  for (const id of gate.of) {
    const step = scope.pipeline.steps.find((candidate) => candidate.id === id)
    if (step?.agent !== true) continue
    const path = childPath(scope.path, id)
    const items = step.foreach ? instanceOf(view, path).items : undefined
    const paths = items ? items.map((item) => `${path}[${item.key}]`) : [path]
    for (const one of paths) {
      const ended = view.instances.get(one)?.ended
      if (ended && isOwnSkip(ended)) continue
      all++
      if (ended?.status === 'succeeded') good++
      else if (ended && !isFailure(ended.status) && ended.status !== 'skipped' && ended.status !== 'cancelled') all--
    }
  }
  return all === 0 ? undefined : good / all
}

/** Promise 21: a bypass counts for what starts before it is over, and for nothing else. */
export const bypassesEnd: Invariant = {
  name: 'a bypass that is over opens no gate',
  promises: [10, 21],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type === 'gate-decided' && event.expiresAt !== undefined && event.status !== 'bypassed')
        report(`gate \`${event.gate}\` was rejected until ${event.expiresAt}`, event.seq)
      const begins = event.type !== 'step-waiting' || event.for.kind === 'timer'
      if (!('path' in event) || !isStart(event) || !begins || isPart(event.path) || gateOf(event.path)) return
      const place = stepOf(view, event.path)
      if (place === undefined || instanceOf(view, basePath(event.path)).begunSeq !== undefined) return
      for (const gate of place.scope.pipeline.gates) {
        const known = gateBefore(place.scope, gate, place.step.id)
        if (known?.until === undefined) continue
        seen()
        if (hasLapsed(view, known))
          report(
            `\`${event.path}\` began (${event.type}) ${event.at - known.until} ms after the bypass of \`${gate.id}\` was over`,
            event.seq,
          )
      }
    },
  }),
}

/** What is known of a gate that a step waits for. */
function gateBefore({ gates }: ScopeView, gate: GateSpec, step: string) {
  return gate.before.includes(step) ? gates.get(gate.id) : undefined
}
