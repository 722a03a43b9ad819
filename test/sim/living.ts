import type { Outcome } from '../../src/events/outcome.ts'
import type { Dispatch } from '../../src/ports/executor.ts'
import { lifeOf } from './processes.ts'
import type { SimRun, SimWorld } from './sim-types.ts'

/** A simulated process that has not ended. */
export interface Living {
  /** `reaped`: with its owner; `lost`: with its supervisor, of which its owner hears. */
  readonly end: (status: 'cancelled' | 'reaped' | 'lost', delayMs: number) => void
  /** It takes so much longer, or for ever: `undefined`. */
  readonly holdUp: (byMs: number | undefined) => void
}

const HOUR_MS = 3_600_000
const UNNATURAL = {
  cancelled: { status: 'cancelled', reason: 'aborted' },
  lost: { status: 'interrupted', reason: 'supervisor', message: 'the supervisor died' },
} as const

/** Starts what was dispatched; `ended` hears of its end once, without an outcome where nobody is there to be told. */
export function startProcess(
  world: SimWorld,
  run: SimRun,
  epoch: number,
  token: string,
  request: Dispatch,
  ended: (outcome: Outcome | undefined) => void,
): Living {
  const { agenda } = world
  const startedMs = agenda.monotonicMs()
  world.noteStart(run, token, request, epoch)
  const noted = run.processes.at(-1)!
  const { scenario } = run
  const record = run.ledger.events()
  let heldUpMs = 0
  let life = lifeOf(scenario, token, request, record)
  let over = false
  let cancelNatural = (): void => {}
  const live = (): void => {
    cancelNatural()
    if (life.hangs) {
      world.hit('hung step')
      noted.hung = true
    }
    if (life.afterMs === Infinity) return
    cancelNatural = agenda.at('monotonic', startedMs + life.afterMs, () => end('natural'))
  }
  const end = (status: 'natural' | 'cancelled' | 'reaped' | 'lost'): void => {
    if (over) return
    over = true
    cancelNatural()
    world.noteEnd(run, token, status === 'reaped' || status === 'lost')
    const durationMs = agenda.monotonicMs() - startedMs
    if (status === 'reaped') ended(undefined)
    else ended(status === 'natural' ? { ...life.outcome, durationMs } : { ...UNNATURAL[status], durationMs })
  }
  live()
  return {
    end: (status, delayMs) => {
      if (status !== 'cancelled') end(status)
      else agenda.at('monotonic', agenda.monotonicMs() + Math.min(delayMs, life.termMs), () => end(status))
    },
    holdUp: (byMs) => {
      if (life.hangs === undefined || life.hangs) return
      const forEver = lifeOf(scenario, token, request, record, Infinity)
      // What has no limit would hold the run for ever, as a person would see.
      const hangs = byMs === undefined && forEver.afterMs !== Infinity
      heldUpMs += byMs ?? HOUR_MS
      life = hangs ? forEver : lifeOf(scenario, token, request, record, heldUpMs)
      if (!hangs) world.hit('slow step')
      live()
    },
  }
}
