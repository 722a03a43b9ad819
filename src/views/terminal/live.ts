import type { RunEvent } from '../../events/events.ts'
import type { RunState } from '../../events/state.ts'
import type { Plan } from '../../plan/plan.ts'
import { eventLines } from './event-lines.ts'
import { harmless, withoutColours } from './harmless.ts'
import type { Style } from './style.ts'
import { summaryLines } from './summary.ts'

/** A view of a run while it goes on. `event` is called in order, with the event recorded together with it; `close` leaves the screen as it should stay. */
export interface LiveView {
  event(event: RunEvent, state: RunState, next?: RunEvent): void
  /** Takes the moving part off the screen while something else (a prompt) has it, and puts it back. */
  hold(held: boolean): void
  /** Lets something else write a line to the same screen, when it does no harm. */
  aside(write: () => void): void
  close(): void
}

/** What a view knows of a run beyond its events. */
export interface Known {
  /** What the run follows; undefined where that cannot be read. */
  readonly plan: Plan | undefined
}

interface Output {
  write(text: string): unknown
}

/** Lines as things happen: for pipes, CI and dumb terminals. */
export function plainView(out: Output, style: Style, { plan }: Known): LiveView {
  const linesOf = linesFor(style, plan)
  return {
    event: (event, state, next) => {
      const text = linesOf(event, state, next)
      if (text !== '') out.write(text)
    },
    hold: () => {},
    aside: (write) => write(),
    close: () => {},
  }
}

/** Nothing: what is said of the run is said at its end. */
export function silentView(): LiveView {
  return { event: () => {}, hold: () => {}, aside: (write) => write(), close: () => {} }
}

/**
 * Events to the text that stays of them: nothing, or whole lines. Keeps the plan that the run follows. Where nothing is
 * coloured, what steps and people wrote has no colours either.
 */
export function linesFor(
  style: Style,
  start: Plan | undefined,
): (event: RunEvent, state: RunState, next?: RunEvent) => string {
  let plan = start
  return (event, state, next) => {
    if (event.type === 'plan-changed') plan = event.plan
    const lines = [...eventLines(event, state, style, next), ...summaryLines(event, state, plan, style)]
    if (lines.length === 0) return ''
    const text = `${lines.join('\n')}\n`
    return harmless(style.coloured ? text : withoutColours(text))
  }
}
