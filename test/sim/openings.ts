import type { RunEvent } from '../../src/events/events.ts'
import type { RunState } from '../../src/events/state.ts'
import { isOpenedBy } from './oracle/undo.ts'
import { deliveryToken, parseToken } from './paths.ts'
import { random } from './random.ts'
import type { Reopen } from './spec.ts'

/* What an owner finds when it opens a run: what was in flight, and what a person wants to have done again. */

/** The steps that a person names when an ended run is opened again; undefined: all that failed. */
export function stepsToReopen(state: RunState, { named, salt }: Reopen): readonly string[] | undefined {
  if (named === undefined) return undefined
  const known = [...state.steps.values()].filter(
    (step) => step.endedAt !== undefined && state.scopes.has(parentOf(step)),
  )
  const paths = known.map((step) => step.path).sort()
  return random(salt).shuffle(paths).slice(0, named)
}

function parentOf({ path }: { readonly path: string }): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

/** The tokens of what the record started and did not end: what an engine answers by `recovered`. */
export function inFlightOf(events: readonly RunEvent[]): string[] {
  const open = new Set<string>()
  const forget = (fits: (path: string) => boolean): void => {
    for (const token of open)
      if (fits(parseToken(token).path.replace(/\/(check|recover):[^/]+$/, ''))) open.delete(token)
  }
  /** Whichever delivery of a check or repair it was. */
  const over = (path: string, attempt: number): void => {
    for (const token of open) {
      const known = parseToken(token)
      if (known.path === path && known.attempt === attempt) open.delete(token)
    }
  }
  for (const event of events) {
    switch (event.type) {
      case 'attempt-started':
        open.add(`${event.path}#${event.attempt}`)
        break
      case 'attempt-ended':
        open.delete(`${event.path}#${event.attempt}`)
        break
      case 'recover-started':
        open.add(deliveryToken(`${event.path}/recover:${event.failure}`, event.attempt, event.delivery))
        break
      case 'recover-ended':
        over(`${event.path}/recover:${event.failure}`, event.attempt)
        break
      case 'check-started':
        over(`${event.path}/check:${event.check}`, event.attempt)
        open.add(deliveryToken(`${event.path}/check:${event.check}`, event.attempt, event.delivery))
        break
      case 'check-ended':
        over(`${event.path}/check:${event.check}`, event.attempt)
        break
      case 'wait-opened':
        // What a person is asked is not in flight any more: nothing of it runs.
        for (const token of open) if (parseToken(token).path === event.path) open.delete(token)
        break
      case 'step-ended':
        forget((path) => path === event.path)
        break
      case 'run-reopened':
      case 'plan-changed':
        forget((path) => isOpenedBy(event, path))
        break
    }
  }
  return [...open]
}
