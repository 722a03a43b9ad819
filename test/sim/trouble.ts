import type { Agenda } from './agenda.ts'
import { STARTER } from './plans.ts'
import type { Session } from './session.ts'
import type { SimRun } from './sim-types.ts'
import type { Scenario } from './spec.ts'

interface Context {
  readonly scenario: Scenario
  readonly agenda: Agenda
  readonly first: SimRun
  readonly sessions: () => readonly Session[]
  /** Counts that a kind of trouble met a live run. */
  readonly hit: (name: string) => void
  /** No commit succeeds for so long. */
  readonly fill: (forMs: number) => void
}

/** Puts what goes wrong by the clock (cancels, jumps, a full disk, SIGHUP) on the agenda. Crashes go by commits instead. */
export function plantTrouble({ scenario, agenda, first, sessions, hit, fill }: Context): void {
  const { trouble } = scenario
  const later = (ms: number, act: () => void): void => {
    agenda.at('monotonic', agenda.monotonicMs() + ms, act)
  }
  const cancel = (hard: boolean): void => {
    if (first.result?.end === 'ended' || first.reopening) return
    if (first.session === undefined) {
      first.unheard.push(() => cancel(hard))
      return
    }
    hit(hard ? 'hard cancel' : 'cancel')
    first.cancelledAtMs ??= agenda.monotonicMs()
    first.session.arrive({ type: 'cancel', by: STARTER, reason: 'asked', hard })
  }
  if (trouble.cancel) {
    const { atMs, hard, killAfterMs } = trouble.cancel
    later(atMs, () => cancel(hard))
    if (killAfterMs !== undefined) later(atMs + killAfterMs, () => cancel(true))
  }
  for (const jump of trouble.jumps)
    later(jump.atMs, () => {
      agenda.jump(jump.byMs)
      if (sessions().length > 0) hit('clock jump')
      for (const session of sessions()) session.arrive({ type: 'clock-jumped', byMs: jump.byMs })
    })
  for (const full of trouble.full)
    later(full.atMs, () => {
      if (sessions().length > 0) hit('full disk')
      fill(full.forMs)
    })
  if (trouble.hangUp)
    later(trouble.hangUp.atMs, () => {
      if (first.session === undefined) return
      hit('hang-up')
      first.hungUp = { atMs: agenda.monotonicMs(), epoch: first.session.epoch }
      first.session.arrive({ type: 'park' })
    })
}
