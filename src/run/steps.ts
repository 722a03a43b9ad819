import { decodeKey } from '../events/path.ts'
import { render } from '../expr/evaluate.ts'
import { parseExpression } from '../expr/parse.ts'
import type { NeedOn } from '../plan/plan.ts'
import type { Json } from '../util/json.ts'
import { finish, requestLock, standBack } from './ends.ts'
import { condition, nodeRoots, type Read } from './roots.ts'
import { emit, type Gate, isFailure, type Lock, type Node, type Run, type Scope, stateOf, wake } from './run.ts'
import { turnKeys } from './turns.ts'

/*
 * From "its needs are met" to "its body starts": needs, gates, `when`, lock, place among the items of its foreach.
 * A slot comes last and only for what really runs (attempts.ts).
 */

/** Counts the end of `dep` for one step that needs it. */
export function countNeed(run: Run, node: Node, dep: Node, on: NeedOn): void {
  node.needsOpen -= 1
  const quorum = node.step.quorum !== undefined
  switch (judgeNeed(quorum && on === 'ok' ? 'succeeded' : on, dep)) {
    case 'met':
      node.needsMet += 1
      break
    case 'not-needed':
      node.notNeeded ??= dep.step.id
      break
    case 'unmet':
      node.unmet ??= dep.layer === 'item' ? decodeKey(dep.item!.key) : dep.step.id
      break
  }
  if (node.phase === 'pending') wake(run, { type: 'needs', node })
}

/** Promises 6 and 7: what the end of a step means to one that needs it. */
function judgeNeed(on: NeedOn, dep: Node): 'met' | 'unmet' | 'not-needed' {
  const fine = dep.status === 'succeeded' || dep.ownSkip
  switch (on) {
    case 'completed':
      return 'met'
    case 'failed':
      return isFailure(dep.status) ? 'met' : fine ? 'not-needed' : 'unmet'
    case 'succeeded':
      return fine ? 'met' : 'unmet'
    case 'ok':
      return fine || (isFailure(dep.status) && dep.step.allowFailure) ? 'met' : 'unmet'
  }
}

/** Decides whether a step starts, is skipped, or goes on waiting for its needs. */
export function onNeeds(run: Run, node: Node): void {
  const { scope, step } = node
  if (node.phase !== 'pending' || step.escalation !== undefined) return
  if (scope.phase !== (step.section === 'finally' ? 'finally' : 'main')) return
  if (step.quorum !== undefined && node.layer === 'step') {
    const { quorum } = step
    const wanted = 'count' in quorum ? quorum.count : Math.ceil(quorum.share * step.needs.length - 1e-9)
    if (node.needsMet + node.needsOpen < wanted)
      return finish(run, node, {
        status: 'skipped',
        reason: 'quorum',
        message: `${node.needsMet} of ${step.needs.length} needs can be met, ${wanted} were asked for`,
      })
    if (node.needsMet < wanted) return
  } else {
    if (node.unmet !== undefined)
      return finish(run, node, { status: 'skipped', reason: 'upstream', message: `\`${node.unmet}\` did not succeed` })
    if (node.needsOpen > 0) return
    if (node.notNeeded !== undefined)
      return finish(run, node, { status: 'skipped', reason: 'when', message: `\`${node.notNeeded}\` did not fail` })
  }
  node.missing = missingOf(scope, node)
  node.phase = 'gated'
  wake(run, { type: 'enter', node })
}

/** Names of the needs that are not there when a step starts that may do without them. */
export function missingOf(scope: Scope, node: Node): readonly string[] | undefined {
  const { step } = node
  if (node.layer !== 'step') return undefined
  if (step.quorum === undefined && step.needs.every(({ on }) => on === 'ok' || on === 'succeeded')) return undefined
  return step.needs.map(({ step: id }) => id).filter((id) => scope.nodes.get(id)?.status !== 'succeeded')
}

/** Goes as far towards its body as the gates, its `when`, its lock and its foreach let it. */
export function enter(run: Run, node: Node): void {
  if (node.phase !== 'gated') return
  if (node.layer === 'step' && !gatesAllow(run, node)) return
  if (!whenAllows(run, node) || holdBack(run, node, 'enter')) return
  node.phase = 'queued'
  const isForeach = node.step.foreach !== undefined && node.layer === 'step'
  if (isForeach || placeBeforeLock(node) || lockAllows(run, node)) takePlace(run, node)
}

/** With its lock held, an item takes one of the places of its foreach; anything else starts. */
export function takePlace(run: Run, node: Node): void {
  if (node.phase === 'ended' || standsBack(run, node)) return
  node.phase = 'queued'
  const places = node.layer === 'item' && !node.place ? node.parent!.places : undefined
  if (places === undefined) return wake(run, { type: 'body', node })
  if (places.used >= places.limit) {
    places.queue.push(node)
    emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'slot' } })
    return
  }
  places.used += 1
  node.place = true
  if (placeBeforeLock(node) && !node.suspended && !lockAllows(run, node)) return
  wake(run, { type: 'body', node })
}

/**
 * Whether an item takes its place before its lock. What has a place and runs a pipeline may still wait for locks inside of
 * it: if others held those while they wait for its place, none would ever go on. What is no pipeline takes its lock first,
 * so that no place is idle while it waits.
 */
export function placeBeforeLock(node: Node): boolean {
  return node.layer === 'item' && node.parent!.places !== undefined && node.step.action.kind === 'pipeline'
}

/** The gate that keeps a step from starting for good, whatever others say. */
export function barringGate(node: Node): string | undefined {
  return node.step.gates.find((id) => {
    const { status, plan } = node.scope.gates.get(id)!
    return status === 'failed' && plan.level === 'mandatory'
  })
}

function gatesAllow(run: Run, node: Node): boolean {
  const barring = barringGate(node)
  if (barring !== undefined) {
    finish(run, node, { status: 'skipped', reason: 'gate', message: `gate \`${barring}\` did not pass` })
    return false
  }
  for (const id of node.step.gates) {
    const gate = node.scope.gates.get(id)!
    switch (gate.status) {
      case 'passed':
      case 'failed':
        continue
      case 'bypassed':
        if (!hasLapsed(run, gate)) continue
        wake(run, { type: 'gate-lapsed', gate })
        waitForGate(run, node, id)
        return false
      default:
        waitForGate(run, node, id)
        return false
    }
  }
  return true
}

/** Whether a gate was bypassed, and that is over. */
function hasLapsed(run: Run, gate: Gate): boolean {
  return (
    gate.status === 'bypassed' && run.now >= (run.state.gates.get(gate.key)?.bypassedUntil ?? Number.POSITIVE_INFINITY)
  )
}

/**
 * A step waited for its lock or its slot until a bypass that had let it pass was over: it gives back what it holds and
 * waits for the gate again (promise 21). True where it does; what has begun goes on.
 */
export function standsBack(run: Run, node: Node): boolean {
  if (node.layer !== 'step' || node.step.gates.length === 0 || stateOf(run, node)?.startedAt !== undefined) return false
  const lapsed = node.step.gates.map((id) => node.scope.gates.get(id)!).find((gate) => hasLapsed(run, gate))
  if (lapsed === undefined) return false
  standBack(run, node)
  wake(run, { type: 'gate-lapsed', gate: lapsed })
  waitForGate(run, node, lapsed.plan.id)
  return true
}

/** Says once which verdict a step waits for: a gate that is held is the same gate. */
function waitForGate(run: Run, node: Node, gate: string): void {
  const said = stateOf(run, node)?.waitingFor
  if (said?.kind === 'gate' && said.gate === gate) return
  emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'gate', gate } })
}

/** Evaluates `when` where it belongs: before a foreach expands, or for each item where it reads `item`. */
export function whenAllows(run: Run, node: Node): boolean {
  const { when, foreach } = node.step
  if (when === undefined || node.layer === 'pass') return true
  if (foreach !== undefined && readsItem(when) !== (node.layer === 'item')) return true
  const result = condition(when, nodeRoots(run, node))
  if (!result.ok) finish(run, node, { status: 'failed', reason: 'expression', message: result.message })
  else if (!result.value) finish(run, node, { status: 'skipped', reason: 'when' })
  return result.ok && result.value
}

function readsItem(source: string): boolean {
  const parsed = parseExpression(source)
  return parsed.ok && parsed.expression.references.some(({ path }) => path[0] === 'item')
}

/** True when nothing has to be locked; else the lock is asked for and its arrival goes on from there. */
function lockAllows(run: Run, node: Node): boolean {
  const keys = lockKeys(run, node)
  if (!keys.ok) {
    finish(run, node, { status: 'failed', reason: 'expression', message: keys.message })
    return false
  }
  if (keys.value.length === 0) return true
  emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'lock', keys: keys.value } })
  askLock(run, node, keys.value)
  node.phase = 'locking'
  return false
}

/** Asks for a step's keys: at its start, and again after a resume when it was in the middle (promise 24). */
export function askLock(run: Run, node: Node, keys: readonly string[]): void {
  if (keysOutside(node).length > 0) {
    node.lock = { state: 'due', keys }
    run.heldBack.push({ what: 'lock', node })
    return
  }
  requestLock(run, node.path, keys, { what: 'lock', node })
}

/** Keys of a step's mutex, and its turns to write, that nothing around it holds already: a child shares what its parent holds. */
export function lockKeys(run: Run, node: Node): Read<readonly string[]> {
  const { mutex } = node.step
  if (node.layer === 'pass') return { ok: true, value: [] }
  const turns = turnKeys(run, node)
  if (mutex === undefined && turns.length === 0) return { ok: true, value: [] }
  const rendered = mutex === undefined ? { ok: true as const, value: [] } : render(mutex, nodeRoots(run, node))
  if (!rendered.ok) return rendered
  return { ok: true, value: freeKeys([...asList(rendered.value), ...turns], heldAround(node)) }
}

/** A mutex is one name, or a list of them. */
export const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value])

/** What is asked for as the names of locks, sorted, without those held already. */
export function freeKeys(values: readonly Json[], held: ReadonlySet<string>): string[] {
  const keys = values.map((key) => (key === null ? '' : typeof key === 'string' ? key : JSON.stringify(key)))
  return [...new Set(keys)].filter((key) => key !== '' && !held.has(key)).sort()
}

/** All keys that the steps and scopes around a node hold or ask for again. */
export function heldAround(node: Node): Set<string> {
  const held = new Set<string>()
  for (let at: Node | undefined = node; at; at = at.parent ?? at.scope.unit) {
    if (at !== node) for (const key of at.lock.keys) held.add(key)
    for (const key of at.scope.lock.keys) held.add(key)
  }
  return held
}

/** Keys that a node (or what is around it) still waits to hold again; empty when it may go on. */
export function keysAwaited(node: Node): readonly string[] {
  return isAwaited(node.lock) ? node.lock.keys : keysOutside(node)
}

/** The same for what is around the node alone. */
function keysOutside(node: Node): readonly string[] {
  for (let at: Node | undefined = node; at; at = at.parent ?? at.scope.unit) {
    if (at !== node && isAwaited(at.lock)) return at.lock.keys
    if (at.parent === undefined && isAwaited(at.scope.lock)) return at.scope.lock.keys
  }
  return []
}

function isAwaited(lock: Lock): boolean {
  return lock.state === 'asked' || lock.state === 'due'
}

/** Keeps a node waiting for a lock around it. False where there is none to wait for. */
export function holdBack(run: Run, node: Node, what: 'enter' | 'attempt'): boolean {
  const keys = keysAwaited(node)
  if (keys.length === 0) return false
  run.heldBack.push({ what, node })
  const said = stateOf(run, node)?.waitingFor
  if (said?.kind !== 'lock' || said.keys.join() !== keys.join())
    emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'lock', keys } })
  return true
}
