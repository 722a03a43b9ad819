import type { Decision, RunEvent, WaitSpec } from '../../events/events.ts'
import { gateKeyOf } from '../../events/path.ts'
import type { Token } from '../../ports/executor.ts'
import type { Arrival } from '../../ports/port.ts'
import type { InboxRow } from '../../ports/store.ts'
import { judge } from '../../run/judge.ts'

/** An arrival without its time: `Omit` that keeps the union. */
export type News = Arrival extends infer A ? (A extends Arrival ? Omit<A, 'at'> : never) : never

/** Something to tell the scheduler, and when it really happened: what waited while nobody looked is told in that order. */
export interface Told {
  readonly news: News
  readonly whenMs: number
}

/** The open waits of a run, and the rows that may decide them. Keeps nothing on disk: rows and events say it all. */
export interface Waits {
  /** Not judged before `judge`: the rows that were there already may still have to be read. */
  open(token: Token, spec: WaitSpec): void
  close(token: Token): boolean
  /** Rows in the order of the inbox. */
  take(rows: readonly InboxRow[], nowMs: number): readonly Told[]
  /** Judges one wait over the rows so far: a new one, or because time has passed. */
  judge(token: Token, nowMs: number): readonly Told[]
  /** Learns from an event of this run, stored or just made. */
  learn(event: Pick<RunEvent, 'type'>, atMs: number): void
}

interface OpenWait {
  readonly token: Token
  readonly path: string
  readonly spec: WaitSpec
}

/** `answered`: rows up to it have been told in an earlier life of the run; they may still decide a wait. */
export function createWaits(answered: number): Waits {
  const rows: InboxRow[] = []
  const open = new Map<Token, OpenWait>()
  /** When the question of a path was asked last: an answer from before was given to another question. */
  const askedAt = new Map<string, number>()
  /** Signals that some wait has taken. */
  const taken = new Set<number>()

  const fits = ({ path, spec }: OpenWait, row: InboxRow): boolean => {
    if (row.at < (askedAt.get(path) ?? 0)) return false
    if (spec.kind !== 'signal') return row.target === path
    return row.kind === 'signal' && !taken.has(row.row) && (row.target === '' || row.target === path)
  }

  const judgeOne = (wait: OpenWait, nowMs: number): Told[] => {
    const { decision } = judge(
      wait.spec,
      rows.filter((row) => fits(wait, row)),
      nowMs,
    )
    if (decision === undefined) return []
    open.delete(wait.token)
    if (wait.spec.kind === 'signal' && decision.row !== undefined) taken.add(decision.row)
    return [{ news: { type: 'decided', token: wait.token, decision }, whenMs: decidedAt(decision, nowMs) }]
  }

  return {
    open: (token, spec) => void open.set(token, { token, path: token.slice(0, token.lastIndexOf('#')), spec }),
    close: (token) => open.delete(token),
    take(fresh, nowMs) {
      rows.push(...fresh)
      const decided = [...open.values()].flatMap((wait) =>
        fresh.some((row) => fits(wait, row)) ? judgeOne(wait, nowMs) : [],
      )
      const waited = new Set([...open.values()].map(({ path }) => path))
      for (const { news } of decided)
        if (news.type === 'decided') waited.add(news.token.slice(0, news.token.lastIndexOf('#')))
      const told = fresh
        .filter((row) => row.row > answered)
        .flatMap((row) => {
          const news = newsOf(row, waited.has(row.target))
          return news === undefined ? [] : [{ news, whenMs: row.at }]
        })
      return [...decided, ...told]
    },
    judge(token, nowMs) {
      const wait = open.get(token)
      return wait === undefined ? [] : judgeOne(wait, nowMs)
    },
    learn(event, atMs) {
      const known = event as RunEvent
      if (known.type === 'wait-opened') askedAt.set(known.path, atMs)
      if (known.type === 'wait-decided' && known.decision.row !== undefined) taken.add(known.decision.row)
    },
  }
}

/** What a row says that no open wait asked for: notes, a cancel, a word about a gate. */
function newsOf(row: InboxRow, isWaitedFor: boolean): News | undefined {
  const { by, data, target } = row
  const said = data.comment ?? data.reason
  const reason = typeof said === 'string' ? said : ''
  switch (row.kind) {
    case 'note':
      return { type: 'note', by, text: typeof data.text === 'string' ? data.text : '' }
    case 'cancel':
      return { type: 'cancel', by, reason, hard: data.hard === true }
    case 'park':
      return { type: 'park' }
    case 'bypass': {
      const expiresAt = typeof data.expires === 'number' ? data.expires : undefined
      return isWaitedFor ? undefined : { type: 'bypass', gate: target, by, reason, expiresAt }
    }
    case 'reject':
      return isWaitedFor || gateKeyOf(target) === undefined
        ? undefined
        : { type: 'reject-gate', gate: target, by, reason }
    default:
      return undefined
  }
}

function decidedAt(decision: Decision, nowMs: number): number {
  return Math.min(decision.at, nowMs)
}
