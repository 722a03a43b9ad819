import { samePerson } from '../policy/people.ts'
import { blank, type Of, type Owned } from './owned.ts'
import { parentPath } from './path.ts'

/*
 * What makes things unhappen: a sub-pipeline that runs again, a foreach that expands anew, a run that is opened again.
 */

/** Forgets items that a new expansion no longer has. */
export function dropItems(state: Owned, event: Of<'foreach-expanded'>): void {
  const old = state.below.get(event.path)
  if (old === undefined) return
  const kept = new Set(event.items.map((item) => `${event.path}[${item.key}]`))
  state.below.set(
    event.path,
    old.filter((path) => {
      if (kept.has(path)) return true
      wipeBelow(state, path)
      state.scopes.delete(path)
      state.steps.delete(path)
      return false
    }),
  )
}

/** Takes back all that happened below a path (R4 keeps the attempts). */
export function wipeBelow(state: Owned, path: string): void {
  let hadScopes = state.scopes.has(path)
  const stack = [...(state.below.get(path) ?? [])]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    stack.push(...(state.below.get(next) ?? []))
    hadScopes = state.scopes.delete(next) || hadScopes
    const step = state.steps.get(next)
    if (step) Object.assign(step, blank())
  }
  if (!hadScopes) return
  // Also those of the items and passes of a step.
  for (const key of state.gates.keys())
    if (key.startsWith(path) && '/[@'.includes(key[path.length] ?? ' ')) state.gates.delete(key)
}

export function reopen(state: Owned, event: Of<'run-reopened'>): void {
  Object.assign(state, { phase: 'running', outcome: undefined, reason: undefined, endedAt: undefined })
  Object.assign(state, { outputs: {}, nextSteps: [], cancel: undefined, parkedFor: [] })
  openAgain(state, event)
}

/** The run follows another plan: what changed happens again, what is gone never was. */
export function changePlan(state: Owned, event: Of<'plan-changed'>): void {
  state.planHash = event.planHash
  state.inputs = event.inputs
  // Parts of each plan may live on in the next one, so all who brought one stand behind what is decided from now on.
  if (![state.startedBy, ...state.plannedBy].some((known) => samePerson(known, event.by)))
    state.plannedBy = [...state.plannedBy, event.by]
  // What was approved beforehand was approved over the plan of that time.
  state.approve = []
  const root = state.scopes.get('')
  if (root) root.inputs = event.inputs
  for (const path of event.dropped) {
    wipeBelow(state, path)
    state.scopes.delete(path)
    state.steps.delete(path)
    const parent = parentPath(path)
    state.below.set(
      parent,
      (state.below.get(parent) ?? []).filter((below) => below !== path),
    )
  }
  openAgain(state, event)
}

function openAgain(
  state: Owned,
  event: { readonly steps: readonly string[]; readonly gates: readonly string[] },
): void {
  for (const path of event.steps) {
    wipeBelow(state, path)
    state.scopes.delete(path)
    const step = state.steps.get(path)
    if (step) Object.assign(step, blank())
    openAncestors(state, path)
  }
  for (const key of event.gates) {
    state.gates.delete(key)
    openAncestors(state, key)
  }
}

/** What holds a reopened step is running again; its own attempt was not the failure. */
function openAncestors(state: Owned, path: string): void {
  for (let up = parentPath(path); ; up = parentPath(up)) {
    const scope = state.scopes.get(up)
    if (scope) {
      Object.assign(scope, { finallyOutcome: undefined, finallyAt: undefined })
      Object.assign(scope, { finallySkipped: false, timedOut: false })
    }
    if (up === '') return
    const step = state.steps.get(up)
    if (step === undefined || step.status === 'running') continue
    const { startedAt, startedSeq, iteration, items, failures, missing, late } = step
    Object.assign(step, blank(), {
      status: 'running',
      startedAt,
      startedSeq,
      iteration,
      items,
      failures,
      missing,
      late,
    })
  }
}
