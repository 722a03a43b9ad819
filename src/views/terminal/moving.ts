import { createLogUpdate } from 'log-update'
import type { RunState } from '../../events/state.ts'
import { formatDuration } from '../../util/duration.ts'
import { eventLines } from './event-lines.ts'
import { harmless } from './harmless.ts'
import type { LiveView } from './live.ts'
import type { Style } from './style.ts'
import { mark, waitingText } from './words.ts'

// A file of its own, imported only where there is a terminal: what measures text takes longer to load than all the rest.

const FRAME_MS = 100
const MOST_ROWS = 12

/** What has ended scrolls away above; what runs and waits stays below, redrawn ten times a second at most. */
export function movingView(stream: NodeJS.WriteStream, style: Style): LiveView {
  const update = createLogUpdate(stream)
  let last: RunState | undefined
  let held = false
  const draw = () => {
    if (last && !held) update(harmless(activeLines(last, Date.now(), style).join('\n')))
  }
  const timer = setInterval(draw, FRAME_MS)
  timer.unref()
  return {
    event: (event, state, next) => {
      last = state.phase === 'running' ? state : undefined
      const lines = event.type === 'attempt-started' && event.attempt === 1 ? [] : eventLines(event, state, style, next)
      if (lines.length > 0) {
        update.clear()
        stream.write(harmless(`${lines.join('\n')}\n`))
      }
      if (!last) update.clear()
    },
    hold: (on) => {
      held = on
      if (on) update.clear()
    },
    close: () => {
      clearInterval(timer)
      update.clear()
      update.done()
    },
  }
}

/** What runs and what waits now, longest first, cut so that a wide run does not fill the screen. */
function activeLines(state: RunState, nowMs: number, style: Style): readonly string[] {
  const active = [...state.steps.values()].filter(
    (step) => step.status === 'running' || (step.status === 'waiting' && step.waitingFor?.kind !== 'slot'),
  )
  const lines = active.slice(0, MOST_ROWS).map((step) => {
    if (step.status === 'waiting' && step.waitingFor)
      return `  ${mark('waiting', style)} ${step.path}  ${waitingText(step.waitingFor, nowMs)}`
    return `  ${mark('running', style)} ${step.path}  ${style.dim(formatDuration(Math.max(0, nowMs - (step.startedAt ?? nowMs))))}`
  })
  return active.length > MOST_ROWS ? [...lines, style.dim(`    and ${active.length - MOST_ROWS} more`)] : lines
}
