import type { RunEvent } from '../../events/events.ts'
import type { RunState } from '../../events/state.ts'
import { eventLines } from './event-lines.ts'
import { harmless } from './harmless.ts'
import type { Style } from './style.ts'

/** A view of a run while it goes on. `event` is called in order, with the event recorded together with it; `close` leaves the screen as it should stay. */
export interface LiveView {
  event(event: RunEvent, state: RunState, next?: RunEvent): void
  /** Takes the moving part off the screen while something else (a prompt) has it, and puts it back. */
  hold(held: boolean): void
  close(): void
}

interface Output {
  write(text: string): unknown
}

/** Lines as things happen: for pipes, CI and dumb terminals. */
export function plainView(out: Output, style: Style): LiveView {
  return {
    event: (event, state, next) => {
      const lines = eventLines(event, state, style, next)
      if (lines.length > 0) out.write(harmless(`${lines.join('\n')}\n`))
    },
    hold: () => {},
    close: () => {},
  }
}
