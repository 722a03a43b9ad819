import { flagOf } from '../processes.ts'
import type { SimRun } from '../sim-types.ts'
import { evaluateCond, type NeedSpec, type StepSpec } from '../spec.ts'
import { childPath, hasLapsed, isFailure, type RunView, type ScopeView, scopesAround } from './view.ts'

/** What a step that has not begun may become now: start, be skipped as by its own `when`, be skipped for what is upstream, fail on its expression. */
export type Move = 'start' | 'own' | 'upstream' | 'error'

export interface Moves {
  readonly may: ReadonlySet<Move>
  /** Nothing is left to wait for: it has to make one of its moves at once. */
  readonly must: boolean
}

const WAIT: Moves = { may: new Set(), must: false }
const must = (...moves: Move[]): Moves => ({ may: new Set(moves), must: true })
const may = (...moves: Move[]): Moves => ({ may: new Set(moves), must: false })

type NeedState = 'open' | 'met' | 'upstream' | 'own'

/** Promises 5 to 8, 10 and 11, worked out for one step from what is known. */
export function movesOf(view: RunView, scope: ScopeView, step: StepSpec): Moves {
  const needs = step.needs.map((need) => needState(view, scope, need))
  if (step.quorum) {
    const quorum = quorumMoves(view, scope, step)
    if (quorum) return quorum
  } else {
    const lost = needs.filter((state) => state === 'upstream' || state === 'own')
    const open = needs.includes('open')
    if (lost.length > 0) {
      return { may: new Set(lost), must: !open }
    }
    if (open) return WAIT
  }
  return gateMoves(view, scope, step)
}

function needState(view: RunView, scope: ScopeView, need: NeedSpec): NeedState {
  const ended = view.instances.get(childPath(scope.path, need.step))?.ended
  if (ended === undefined) return 'open'
  const dependency = scope.pipeline.steps.find((candidate) => candidate.id === need.step)
  const failed = isFailure(ended.status)
  const own = isOwnSkip(ended)
  switch (need.on) {
    case 'ok':
      return ended.status === 'succeeded' || own || (failed && dependency?.allowFailure === true) ? 'met' : 'upstream'
    case 'succeeded':
      return ended.status === 'succeeded' || own ? 'met' : 'upstream'
    case 'completed':
      return 'met'
    case 'failed':
      return failed ? 'met' : ended.status === 'succeeded' || own ? 'own' : 'upstream'
  }
}

/** Skipped by its own `when`, or as by it: not a failure. */
export function isOwnSkip(ended: { readonly status: string; readonly reason: string | undefined }): boolean {
  return ended.status === 'skipped' && ended.reason === 'when'
}

function quorumMoves(view: RunView, scope: ScopeView, step: StepSpec): Moves | undefined {
  const total = step.needs.length
  const wanted = 'count' in step.quorum! ? step.quorum.count : Math.ceil(step.quorum!.share * total - 1e-9)
  const ends = step.needs.map((need) => view.instances.get(childPath(scope.path, need.step))?.ended)
  const good = ends.filter((ended) => ended && (ended.status === 'succeeded' || isOwnSkip(ended))).length
  const open = ends.filter((ended) => ended === undefined).length
  if (good >= wanted) return undefined
  return good + open < wanted ? must('upstream') : WAIT
}

function gateMoves(view: RunView, scope: ScopeView, step: StepSpec): Moves {
  const when = whenMoves(view, scope, step)
  const early = may(...[...when].filter((move) => move !== 'start'))
  const gates = scope.pipeline.gates.filter((gate) => gate.before.includes(step.id))
  const barred = gates.some((gate) => gate.level === 'mandatory' && scope.gates.get(gate.id)?.status === 'failed')
  if (barred) return must('upstream', ...early.may)
  for (const gate of gates) {
    const known = scope.gates.get(gate.id)
    const status = known?.status
    if (status === undefined && gate.of.includes(step.id)) continue
    if (known === undefined || status === 'held' || hasLapsed(view, known)) return early
  }
  return { may: when, must: true }
}

function whenMoves(view: RunView, scope: ScopeView, step: StepSpec): ReadonlySet<Move> {
  if (step.when === undefined) return new Set(['start'])
  const value = evaluateCond(step.when, {
    status: (id) => view.instances.get(childPath(scope.path, id))?.ended?.status,
    flag: (id) => {
      const spec = scope.pipeline.steps.find((candidate) => candidate.id === id)
      const succeeded = view.instances.get(childPath(scope.path, id))?.ended?.status === 'succeeded'
      return succeeded && spec ? flagOf(spec) : undefined
    },
    runOutcome: scope.finallyOutcome,
    input: true,
  })
  return new Set<Move>([value === 'error' ? 'error' : value ? 'start' : 'own'])
}

/** After a SIGHUP its owner starts nothing more, until the next opens the run. */
export function isHungUp(run: SimRun, view: RunView, atMs: number): boolean {
  return run.hungUp !== undefined && view.epoch === run.hungUp.epoch && atMs >= run.hungUp.atMs
}

/** A scope in which nothing new may start any more. */
export function isStopped(view: RunView, scope: ScopeView): boolean {
  if (view.cancelled !== 'no' || scope.tripped || scope.timedOut) return true
  if (scope.path === '') return false
  const cut = scope.path.lastIndexOf('/')
  const parent = view.scopes.get(cut < 0 ? '' : scope.path.slice(0, cut))
  const own = view.instances.get(scope.path)?.ended
  return own !== undefined || (parent !== undefined && isStopped(view, parent))
}

/** Inside an item that was opened again and waits for its place. */
export function isSuspended(view: RunView, scope: ScopeView): boolean {
  return scopesAround(view, scope).some(({ path }) =>
    [path, path.replace(/@\d+$/, '')].some((one) => view.instances.get(one)?.waiting?.kind === 'slot'),
  )
}
