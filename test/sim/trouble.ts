import type { EventBody, WaitSpec } from '../../src/events/events.ts'
import type { InboxRow } from '../../src/ports/store.ts'
import type { Agenda } from './agenda.ts'
import type { FaultKind } from './kinds.ts'
import { STARTER } from './plans.ts'
import type { Session } from './session.ts'
import type { SimRun } from './sim-types.ts'
import type { Scenario, Word } from './spec.ts'

export interface Context {
  readonly scenario: Scenario
  readonly agenda: Agenda
  /** The time of what is said to the first run now. */
  readonly sayMs: () => number
  readonly first: SimRun
  readonly sessions: () => readonly Session[]
  /** Counts that a kind of trouble met a live run. */
  readonly hit: (name: FaultKind) => void
  /** The clock jumped, and all owners are told. */
  readonly noteJump: () => void
  readonly later: (ms: number, act: () => void) => void
  /** No commit succeeds for so long. */
  readonly fill: (forMs: number) => void
  /** No owner is told of rows and locks for so long. */
  readonly deafen: (forMs: number) => void
  /** Puts a row into the inbox of the first run. */
  readonly say: (row: Omit<InboxRow, 'row' | 'at'>) => void
}

/** Puts what goes wrong by the clock on the agenda. Crashes and commits that fail go by commits instead. */
export function plantTrouble(context: Context): void {
  const { scenario, agenda, first, sessions, hit, later } = context
  const { trouble } = scenario
  const cancel = (hard: boolean): void => {
    if (first.result?.end === 'ended' || first.reopening) return
    if (first.session === undefined) {
      first.unheard.push(() => cancel(hard))
      return
    }
    hit(hard ? 'hard cancel' : 'cancel')
    first.cancelled ??= { atMs: agenda.monotonicMs(), epoch: first.session.epoch }
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
      context.noteJump()
      for (const session of sessions()) session.arrive({ type: 'clock-jumped', byMs: jump.byMs })
    })
  for (const full of trouble.full) later(full.atMs, () => context.fill(full.forMs))
  for (const deaf of trouble.deaf) later(deaf.atMs, () => context.deafen(deaf.forMs))
  for (const { atMs, byMs } of trouble.slow)
    later(atMs, () => {
      for (const session of sessions()) session.holdUp(byMs)
    })
  for (const { atMs } of trouble.unsupervised) later(atMs, () => first.session?.loseSupervisor())
  for (const word of trouble.words) if (!word.asked) later(word.atMs, () => speak(context, word, undefined))
  if (trouble.hangUp)
    later(trouble.hangUp.atMs, () => {
      if (first.session === undefined) return
      hit('hang-up')
      first.hungUp = { atMs: agenda.monotonicMs(), epoch: first.session.epoch }
      first.session.arrive({ type: 'park' })
    })
}

/** The kinds of rows that mean something to a question. */
const ANSWERS: { readonly [wait in WaitSpec['kind']]: readonly Word['kind'][] } = {
  approval: ['approve', 'reject'],
  answer: ['answer', 'reject'],
  signal: ['signal'],
  bypass: ['bypass', 'reject'],
  interrupted: ['rerun', 'approve', 'reject'],
}

/** Somebody says something about a question that was asked of the first run, sooner or later. */
export function speakOf(context: Context, word: Word, event: Extract<EventBody, { type: 'wait-opened' }>): void {
  const kinds = ANSWERS[event.wait.kind]
  const kind = word.salt % 5 === 0 ? word.kind : kinds[word.salt % kinds.length]!
  context.later(word.atMs, () => speak(context, { ...word, kind }, event.path))
}

/** Somebody says something, about this path or about any that the record knows. */
function speak({ first, hit, say, sayMs }: Context, word: Word, about: string | undefined): void {
  if (first.result?.end === 'ended' || first.reopening) return
  const { session } = first
  const by = { name: word.name }
  if (word.kind === 'note') {
    session?.arrive({ type: 'note', by, text: 'look at this' })
    return
  }
  if (word.kind === 'signal') {
    hit(session?.waitsFor(undefined) === true ? 'signal asked' : 'signal unasked')
    const signal = word.salt % 3 === 0 ? 'OPS:DONE' : 'OPS:GO'
    say({ by, kind: 'signal', target: '', data: { signal, payload: { flag: word.salt % 2 === 0 } } })
    return
  }
  const target = about ?? anyPath(first, word.salt)
  if (target === undefined) return
  const isAsked = session?.waitsFor(target) === true
  hit(isAsked ? 'decision asked' : 'decision unasked')
  const expiresAt = word.expiresMs === undefined ? undefined : sayMs() + word.expiresMs
  const until = word.kind === 'bypass' && expiresAt !== undefined ? { expires: expiresAt } : {}
  say({ by, kind: word.kind, target, data: word.kind === 'answer' ? { flag: true } : { reason: 'known', ...until } })
  // What is said of a gate that nobody asks about goes to the scheduler as it is.
  if (isAsked || !/(^|\/)gate:[^/]+$/.test(target)) return
  const order = { gate: target, by, reason: 'known' }
  if (word.kind === 'bypass') session?.arrive({ type: 'bypass', ...order, expiresAt })
  if (word.kind === 'reject') session?.arrive({ type: 'reject-gate', ...order })
}

function anyPath({ ledger, scenario }: SimRun, salt: number): string | undefined {
  const known = new Set(scenario.pipelines.main!.gates.map(({ id }) => `gate:${id}`))
  for (const event of ledger.events()) if ('path' in event && event.path !== '') known.add(event.path)
  return [...known][salt % Math.max(1, known.size)]
}
