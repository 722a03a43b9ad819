import type { RunEvent } from '../../../src/events/events.ts'
import { foreachIsBroken } from '../generate-step.ts'
import type { StepSpec } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isHungUp, isStopped, isSuspended, type Move, movesOf } from './moves.ts'
import {
  basePath,
  childPath,
  gateOf,
  instanceOf,
  isPart,
  isStart,
  type RunView,
  type ScopeView,
  stepOf,
} from './view.ts'

/** No step starts before its needs, gates and `when` let it; none is skipped that should have started. */
export const startsWhenAllowed: Invariant = {
  name: 'a step starts only when needs, gates and its condition allow it',
  promises: [6, 7, 8, 10, 11],
  watch: (_trace, _run, report, seen) => {
    // What is begun and stopped within one turn never reaches the world.
    let stopped = new Set<string>()
    return {
      before: (view, event) => {
        if (event.type === 'run-reopened' || event.type === 'plan-changed') stopped = new Set()
        if (!('path' in event) || event.path === '' || gateOf(event.path) || isPart(event.path)) return
        const base = basePath(event.path)
        const place = stepOf(view, event.path)
        if (place === undefined) {
          if (isStart(event) || event.type === 'step-ended')
            report(`an event for a step of no open scope: ${event.path}`, event.seq)
          return
        }
        const { scope, step } = place
        const works = event.type === 'attempt-started' && step.action.kind === 'run'
        const late = works ? isStopped(view, scope) : stopped.has(scope.path)
        if (isStart(event) && late && step.section === 'steps')
          report(`\`${event.path}\` goes on (${event.type}) in a scope that was stopped`, event.seq)
        if (instanceOf(view, base).startedSeq !== undefined) return
        if (isStart(event)) {
          seen()
          checkStart(view, scope, step, event, report)
        } else if (event.type === 'step-ended' && event.path === base) {
          seen()
          checkEnd(view, scope, step, event, report)
        }
      },
      commit: (view) => {
        const scopes = [...view.scopes.values()].filter((scope) => isStopped(view, scope))
        stopped = new Set(scopes.map((scope) => scope.path))
      },
    }
  },
}

type Report = (message: string, seq?: number) => void

function checkStart(
  view: RunView,
  scope: ScopeView,
  step: StepSpec,
  event: RunEvent & { path: string },
  report: Report,
): void {
  if (step.section === 'finally') {
    if (scope.finallyOutcome === undefined)
      report(`\`${event.path}\` of finally started before the run came to its end`, event.seq)
    return
  }
  const { may } = movesOf(view, scope, step)
  if (!may.has('start')) report(`\`${event.path}\` started (${event.type}) where it may only: ${list(may)}`, event.seq)
}

function checkEnd(
  view: RunView,
  scope: ScopeView,
  step: StepSpec,
  event: Extract<RunEvent, { type: 'step-ended' }>,
  report: Report,
): void {
  if (step.section === 'finally') return
  const stopped = isStopped(view, scope)
  const { may } = movesOf(view, scope, step)
  if (event.status === 'cancelled' || event.status === 'interrupted') {
    if (!stopped) report(`\`${event.path}\` ended as ${event.status} though nothing stopped it`, event.seq)
    return
  }
  const move = moveOf(event)
  if (move === undefined) {
    const quick = step.action.kind === 'signal' || step.foreach || step.repeat
    if (may.has('start') && (quick || event.status === 'failed')) return
    report(`\`${event.path}\` ended as ${event.status} (${event.reason}) and had not begun`, event.seq)
  } else if (!may.has(move) && !(stopped && event.status === 'skipped')) {
    report(`\`${event.path}\` ended as ${event.status} (${event.reason}) where it may only: ${list(may)}`, event.seq)
  }
}

function moveOf(event: Extract<RunEvent, { type: 'step-ended' }>): Move | undefined {
  if (event.status === 'skipped') return event.reason === 'when' ? 'own' : 'upstream'
  return event.status === 'failed' && event.reason === 'expression' ? 'error' : undefined
}

function list(moves: ReadonlySet<Move>): string {
  return moves.size === 0 ? 'wait' : [...moves].join(', ')
}

/** After each turn, nothing that could go on is left lying. */
export const noMissedWakeUp: Invariant = {
  name: 'nothing is left lying that could go on',
  promises: [6],
  watch: (_trace, run, report, seen) => ({
    commit: (view, atMs) => {
      if (isHungUp(run, view, atMs)) return
      if (view.ended || view.parked || view.runWaiting) return
      for (const scope of view.scopes.values()) {
        if (instanceOf(view, scope.path).ended || isStopped(view, scope) || scope.finallyOutcome !== undefined) continue
        // An item that was opened again inside may have to wait for its place.
        if (isSuspended(view, scope)) continue
        for (const step of scope.pipeline.steps) {
          if (step.section === 'finally') continue
          const path = childPath(scope.path, step.id)
          const known = view.instances.get(path)
          if (known?.startedSeq !== undefined || known?.ended) continue
          const moves = movesOf(view, scope, step)
          seen()
          if (moves.must) report(`\`${path}\` was not moved on, though it could: ${list(moves.may)}`)
        }
      }
    },
  }),
}

/** The list that a foreach was expanded to is the one that its author wrote; one that is no graph is refused. */
function checkList(step: StepSpec, event: Extract<RunEvent, { type: 'foreach-expanded' }>, report: Report): void {
  const { foreach } = step
  if (foreach === undefined) return report(`\`${event.path}\` was expanded and is no foreach`, event.seq)
  if (foreachIsBroken(foreach)) return report(`\`${event.path}\` was expanded to a list that is no graph`, event.seq)
  const written = foreach.items.map((item) => `${item.key} after ${item.needs.join(' ')}`)
  const found = event.items.map(
    (item) => `${decodeURIComponent(item.key)} after ${item.needs.map(decodeURIComponent).join(' ')}`,
  )
  if (written.join(', ') !== found.join(', '))
    report(`\`${event.path}\` was expanded to ${found.join(', ')}, its list is ${written.join(', ')}`, event.seq)
}

/** Items of a foreach start after the items that they need, and each of them once. */
export const itemsInOrder: Invariant = {
  name: 'items of a foreach start after the items they need',
  promises: [6],
  watch: (_trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type === 'foreach-expanded') {
        seen()
        const step = stepOf(view, event.path)?.step
        if (step) checkList(step, event, report)
        return
      }
      if (!('path' in event) || !isStart(event)) return
      const match = /^(.*)\[([^\]]*)\](?:@\d+)?$/.exec(event.path)
      if (match === null) return
      const list = view.instances.get(match[1]!)?.items
      const item = list?.find((candidate) => candidate.key === match[2])
      if (item === undefined) return report(`\`${event.path}\` is no item of the expanded list`, event.seq)
      for (const need of item.needs) {
        seen()
        const ended = view.instances.get(`${match[1]}[${need}]`)?.ended
        if (ended === undefined) report(`\`${event.path}\` started before \`${need}\` ended`, event.seq)
        else if (ended.status !== 'succeeded' && ended.status !== 'skipped') {
          const allowed = stepOf(view, match[1]!)?.step.allowFailure
          if (!allowed) report(`\`${event.path}\` started though \`${need}\` ${ended.status}`, event.seq)
        }
      }
    },
  }),
}
