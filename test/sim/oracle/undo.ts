import type { EventBody } from '../../../src/events/events.ts'
import { pipelineOf, scopeOf } from '../paths.ts'
import type { EndView, RunView, ScopeView } from './view.ts'

/* What an onlooker forgets when a run is opened again or goes on by another plan. */

type Again = Extract<EventBody, { type: 'run-reopened' | 'plan-changed' }>

/** Whether an event opens a step again (or drops it), by itself or with what holds it. */
export function isOpenedBy(event: Again, path: string): boolean {
  const dropped = event.type === 'plan-changed' ? event.dropped : []
  return [...event.steps, ...dropped].some((opened) => path === opened || isWithin(path, opened))
}

/** Whether a path is of an item, a pass or a part of another. */
export function isWithin(path: string, outer: string): boolean {
  return path.startsWith(outer) && ['/', '[', '@'].includes(path[outer.length] ?? '')
}

/** Forgets what an event opens again or drops, and goes over to the plan that it names. */
export function openAgain(view: RunView, event: Again): void {
  for (const path of [...view.instances.keys()]) if (isOpenedBy(event, path)) view.instances.delete(path)
  for (const path of [...view.scopes.keys()]) {
    const pipeline = pipelineOf(view.scenario, path)
    if (isOpenedBy(event, path) || pipeline === undefined) view.scopes.delete(path)
    else view.scopes.get(path)!.pipeline = pipeline
  }
  for (const key of event.gates) {
    const cut = key.lastIndexOf('/')
    view.scopes.get(cut < 0 ? '' : key.slice(0, cut))?.gates.delete(key.slice(cut + 1))
  }
  const touched = [...event.steps, ...event.gates]
  for (const [path, instance] of view.instances) {
    if (!touched.some((one) => isWithin(one, path))) continue
    // What holds a step that is opened again is the same attempt as before, and it goes on.
    const openAttempt = instance.openAttempt ?? instance.lastAttempt?.attempt
    Object.assign(instance, { ended: undefined, waiting: undefined, openAttempt })
  }
  for (const [path, scope] of view.scopes)
    if (path === '' || touched.some((one) => isWithin(one, path))) reviveScope(view, scope, touched.length > 0)
}

/** A scope in which something is opened again has not come to its end, its time is not over. */
function reviveScope(view: RunView, scope: ScopeView, touched: boolean): void {
  if (touched) Object.assign(scope, { finallyOutcome: undefined, timedOut: false })
  Object.assign(scope, { tripped: false, escalated: false, mayBeEscalated: false })
  for (const [path, { ended }] of view.instances) if (ended && scopeOf(path) === scope.path) tell(scope, ended)
}

/** What an end means to the scope that it is in. */
export function tell(scope: ScopeView, ended: EndView): void {
  if (ended.escalates === 'yes') scope.escalated = true
  if (ended.escalates === 'may') scope.mayBeEscalated = true
  if (ended.trips) scope.tripped = true
}
