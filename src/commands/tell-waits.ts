import type { Actor } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import { judge } from '../run/judge.ts'
import type { Store } from '../store/store.ts'
import type { Json } from '../util/json.ts'
import { stateOf } from './open-run.ts'

type Fields = { readonly [name: string]: Json }

/** A signal for the runs that wait for it. */
export interface ToldSignal {
  readonly name: string
  readonly by: Actor
  /** Its fields, as the steps that wait for it in this plan declare them. */
  readonly payload: (plan: Plan) => Fields
  /** Of one that a run sent: its id, by which no wait takes it twice, and when; only what waited then hears it. */
  readonly sent?: { readonly id: string; readonly at: number; readonly run: string }
  /** Looks at a payload before it is written. */
  readonly check?: (payload: Fields, plan: Plan) => Promise<void>
}

/** Puts a signal into the inbox of every run that waits for one of that name from outside; gives how many took it. */
export async function tellWaiting(store: Store, signal: ToldSignal, say: (line: string) => void): Promise<number> {
  const { name, by, sent } = signal
  let told = 0
  for (const { run, phase } of store.list()) {
    if (phase === 'ended' || phase === 'unreadable' || run === sent?.run) continue
    const reader = store.reader(run)
    try {
      const state = stateOf(reader.events().events)
      const waits = [...state.steps.values()].flatMap(({ path, status, wait, startedAt }) => {
        const spec = status === 'waiting' && wait?.decision === undefined ? wait?.spec : undefined
        const late = sent !== undefined && (startedAt ?? sent.at) > sent.at
        return spec?.kind === 'signal' && spec.signal === name && spec.when !== undefined && !late
          ? [{ path, spec }]
          : []
      })
      if (waits.length === 0) continue
      const plan = reader.plan()
      const payload = signal.payload(plan)
      await signal.check?.(payload, plan)
      const rows = sent === undefined ? [] : reader.inbox()
      for (const { path, spec } of waits) {
        if (rows.some((row) => row.target === path && row.data.id === sent?.id)) continue
        const data = { signal: name, payload, ...(sent && { id: sent.id }) }
        const row = store.put(run, { by, kind: 'signal', target: path, data })
        const [verdict] = judge(spec, [row], row.at).rows
        if (verdict?.verdict === 'taken') {
          const live = reader.liveness() === 'live'
          say(`told ${run}: ${path} waits for ${name}${live ? '' : `; go on with: opsflow resume ${run}`}\n`)
          told++
        } else if (sent === undefined) say(`not for ${run}: ${path} waits for ${name}, but ${verdict?.message}\n`)
      }
    } finally {
      reader.close()
    }
  }
  return told
}
