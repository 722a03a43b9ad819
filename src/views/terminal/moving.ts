/**
 * A run on a terminal: what has ended stays above, what runs and waits moves below. Takes events and a window; gives
 * writes, ten a second at most.
 *
 * 1. An event only leaves its lines here; they are written by a timer, so nothing that a run does waits for a window.
 * 2. Drawing takes a fiftieth of the time: what takes longer is done less often, but twice a second.
 * 3. While a prompt has the screen, nothing is written; what came meanwhile follows in its order.
 * 4. Of a run of many steps those that succeed are counted, not listed, and of those that fail the first are.
 */
import type { RunEvent } from '../../events/events.ts'
import type { RunState } from '../../events/state.ts'
import { type Estimate, estimate } from './estimate.ts'
import { frameLines } from './frame.ts'
import { type Known, type LiveView, linesFor } from './live.ts'
import { createScreen, type ScreenOutput, sizeOf } from './screen.ts'
import type { Holders } from './show.ts'
import type { Style } from './style.ts'
import { survey } from './survey.ts'

export interface MovingOptions extends Known {
  readonly style: Style
  /** Milliseconds that steps took in earlier runs, by path without keys and passes. */
  readonly durations: ReadonlyMap<string, number>
  readonly lastLine: (path: string, attempt: number) => string | undefined
  readonly holders: Holders
  /** Told when the moving part is given up; plain lines follow. */
  readonly failed: (message: string) => void
  readonly nowMs: () => number
  /** Calls back again and again, until what it returns is called. */
  readonly every: (ms: number, call: () => void) => () => void
}

const FRAME_MS = 100
/** Times and last lines are looked at as often as this where nothing happens. */
const IDLE_MS = 500
const ESTIMATE_MS = 1000
const SHARE_OF_TIME = 50
/** With more steps than this, those that succeed get no line of their own. */
const MOST_LISTED = 60
/** And after so many that failed, those that fail get none either. */
const MOST_FAILED = 20

/** Events that the moving part tells for as long as they are true. */
const MOVING: ReadonlySet<RunEvent['type']> = new Set([
  'attempt-started',
  'pipeline-started',
  'iteration-started',
  'foreach-expanded',
  'step-waiting',
  'run-waiting',
])

/** Events after which more steps are known. */
const GROWS: ReadonlySet<RunEvent['type']> = new Set([
  'run-opened',
  'plan-changed',
  'foreach-expanded',
  'pipeline-started',
])

export function movingView(out: ScreenOutput, options: MovingOptions): LiveView {
  const { style, nowMs, every } = options
  const screen = createScreen(out)
  const linesOf = linesFor(style, options.plan)
  let plan = options.plan
  let state: RunState | undefined
  let pending: (string | (() => void))[] = []
  let isHeld = false
  let isDirty = false
  let isMany = false
  let isBroken = false
  let failures = 0
  let nextMs = 0
  let idleMs = 0
  let guess: { readonly value: Estimate | undefined; readonly untilMs: number } | undefined

  const frame = (now: number): readonly string[] => {
    if (isBroken || state?.phase !== 'running') return []
    if (plan && (guess === undefined || now >= guess.untilMs)) {
      const value = estimate(plan, state, options.durations, now)
      guess = { value, untilMs: now + Math.max(ESTIMATE_MS, (nowMs() - now) * 2 * SHARE_OF_TIME) }
    }
    const { lastLine, holders } = options
    return frameLines({ state, plan, estimate: guess?.value, nowMs: now, ...sizeOf(out), style, lastLine, holders })
  }

  /** Writes what came, and `moving` below it. */
  const flush = (moving: readonly string[]): void => {
    const came = pending
    pending = []
    let text = ''
    for (const item of came) {
      if (typeof item === 'string') text += item
      else {
        screen.draw(text, [])
        text = ''
        item()
      }
    }
    screen.draw(text, moving)
  }

  const tick = (): void => {
    const now = nowMs()
    if (isHeld || now < nextMs || (!isDirty && now < idleMs)) return
    isDirty = false
    try {
      flush(frame(now))
    } catch (error) {
      // Nobody else would catch it here, and a view must not end the run that it shows.
      state = undefined
      isBroken = true
      options.failed((error as Error).message)
      flush([])
    }
    nextMs = nowMs() + Math.min(IDLE_MS, (nowMs() - now) * SHARE_OF_TIME)
    idleMs = now + IDLE_MS
  }

  const isQuiet = (event: RunEvent): boolean => {
    if (!isMany || (event.type !== 'step-ended' && event.type !== 'retry-scheduled')) return false
    if (event.type === 'step-ended' && ['succeeded', 'skipped'].includes(event.status)) return true
    failures++
    if (failures === MOST_FAILED + 1 && state)
      pending.push(`${style.dim(`  what fails from here on is counted: opsflow show ${state.run}`)}\n`)
    return failures > MOST_FAILED
  }

  const stop = every(FRAME_MS, tick)
  return {
    event(event, after, next) {
      if (event.type === 'plan-changed') plan = event.plan
      state = after
      isDirty = true
      const text = MOVING.has(event.type) || isQuiet(event) ? '' : linesOf(event, after, next)
      if (text !== '') pending.push(text)
      if (!GROWS.has(event.type)) return
      guess = undefined
      if (isMany) return
      const { total } = survey(after, plan, 0).counts
      isMany = total > MOST_LISTED
      if (isMany) pending.push(`${style.dim(`  ${total} steps: those that succeed are counted, not listed`)}\n`)
    },
    hold(held) {
      if (held && !isHeld) flush([])
      isHeld = held
      isDirty = true
    },
    aside(write) {
      pending.push(write)
      isDirty = true
    },
    close() {
      stop()
      isHeld = false
      flush([])
    },
  }
}
