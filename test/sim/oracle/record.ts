import type { EventBody } from '../../../src/events/events.ts'
import { emptyState, reduce, reduceAll } from '../../../src/events/reduce.ts'
import type { RunState } from '../../../src/events/state.ts'
import { deliveryToken, parseToken } from '../paths.ts'
import type { ProcessRecord, SimRun } from '../sim-types.ts'
import type { Invariant } from './invariant.ts'
import { isOpenedBy } from './undo.ts'
import { instanceOf } from './view.ts'

/** The record has numbers without gaps, one writer at a time, and nothing after its end. */
export const wholeRecord: Invariant = {
  name: 'the record has no gap and one owner at a time',
  promises: [1, 15],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      let epoch = 0
      let ended = false
      for (const [index, { event, epoch: by }] of run.ledger.written.entries()) {
        seen()
        if (event.seq !== index + 1) report(`event ${event.seq} stands at place ${index + 1}`, event.seq)
        if (by < epoch) report(`owner ${by} wrote ${event.type} after owner ${epoch} had taken over`, event.seq)
        if (event.type === 'run-reopened') {
          if (!ended) report('it was opened again before its end', event.seq)
          ended = false
        }
        if (ended) report(`${event.type} after the end of the run`, event.seq)
        epoch = Math.max(epoch, by)
        ended ||= event.type === 'run-ended'
      }
    },
  }),
}

/** Nothing starts in the world that the record does not already know, and nothing twice under one token. */
export const effectsAfterRecord: Invariant = {
  name: 'an effect starts only after its event is recorded',
  promises: [2],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const starts = new Map<string, number>()
      for (const { event, commit } of run.ledger.written) {
        const token = startedToken(event)
        if (token !== undefined && !starts.has(token)) starts.set(token, commit)
      }
      const last = new Map<string, ProcessRecord>()
      for (const process of run.processes) {
        seen()
        // The question which files changed is told by the check that it is for.
        const { delivery } = parseToken(process.token)
        const commit = starts.get(deliveryToken(process.request.path, process.attempt, delivery))
        if (commit === undefined) report(`\`${process.token}\` runs and the record does not know it`)
        else if (commit > process.afterCommit) report(`\`${process.token}\` started before its event was recorded`)
        const again = last.get(process.token)
        if (again !== undefined && !isJudgedAnew(run, again, process))
          report(`\`${process.token}\` was dispatched twice`)
        last.set(process.token, process)
        if (process.request.attempt !== process.attempt)
          report(`\`${process.token}\` says it is attempt ${process.request.attempt}`)
      }
    },
  }),
}

/**
 * What makes no attempts of its own, a gate or a sub-pipeline, is judged anew by a later owner where the run was opened
 * again by intent or goes on by another plan: of the one before nothing can be told any more.
 */
function isJudgedAnew(run: SimRun, before: ProcessRecord, after: ProcessRecord): boolean {
  return (
    after.path.includes('/check:') &&
    after.opening !== before.opening &&
    run.ledger.written.some(
      ({ event, commit }) =>
        (event.type === 'run-reopened' || event.type === 'plan-changed') &&
        commit > before.afterCommit &&
        commit <= after.afterCommit,
    )
  )
}

function startedToken(event: EventBody): string | undefined {
  switch (event.type) {
    case 'attempt-started':
      return `${event.path}#${event.attempt}`
    case 'check-started':
      return deliveryToken(`${event.path}/check:${event.check}`, event.attempt, event.delivery)
    case 'recover-started':
      return deliveryToken(`${event.path}/recover:${event.failure}`, event.attempt, event.delivery)
    default:
      return undefined
  }
}

/** What was recorded as ended stays so, each attempt starts and ends once, and its number is new. */
export const endedOnce: Invariant = {
  name: 'a recorded end is final',
  promises: [16, 17],
  watch: (_trace, run, report, seen) => {
    const attempts = new Set<string>()
    return {
      before: (view, event) => {
        if (!('path' in event) || event.path === '') return
        const instance = view.instances.get(event.path)
        const about = event.type === 'step-ended' || event.type.startsWith('attempt-') || event.type === 'wait-opened'
        if (instance?.ended && about)
          report(`\`${event.path}\`: ${event.type} after its end as ${instance.ended.status}`, event.seq)
        if (event.type === 'attempt-started') {
          seen()
          const token = `${event.path}#${event.attempt}`
          if (attempts.has(token)) report(`attempt ${event.attempt} of \`${event.path}\` started twice`, event.seq)
          attempts.add(token)
          if (instance?.openAttempt !== undefined)
            report(
              `attempt ${event.attempt} of \`${event.path}\` started while ${instance.openAttempt} was open`,
              event.seq,
            )
        }
        if (event.type === 'attempt-ended' && instance?.openAttempt !== event.attempt)
          report(`attempt ${event.attempt} of \`${event.path}\` ended and was not open`, event.seq)
        // A sub-pipeline that was opened again inside and never got its place has nothing to end.
        const queued = instance?.waiting?.kind === 'slot'
        if (event.type === 'step-ended' && instanceOf(view, event.path).openAttempt !== undefined && !queued)
          report(`\`${event.path}\` ended with attempt ${instance?.openAttempt} open`, event.seq)
      },
      end: () => {
        const ends = new Map<string, number>()
        for (const { event, atMs } of run.ledger.written) {
          if (event.type === 'step-ended') ends.set(event.path, atMs)
          if (event.type === 'run-reopened' || event.type === 'plan-changed')
            for (const path of [...ends.keys()]) if (isOpenedBy(event, path)) ends.delete(path)
        }
        for (const process of run.processes) {
          const { path } = parseToken(process.token)
          const endedMs = ends.get(path)
          if (endedMs !== undefined && process.startMs > endedMs)
            report(`\`${process.token}\` ran after the end of \`${path}\` was recorded`)
        }
      },
    }
  },
}

/** reduce gives one state for one record, whether read live, at once or in pieces, and leaves the record as it was. */
export const oneState: Invariant = {
  name: 'one record, one state',
  promises: [1],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const events = run.ledger.events()
      const whole = reduceAll(events)
      seen()
      if (run.result && !isSame(run.result.state, whole))
        report(`the live state is not the state of the record: ${difference(run.result.state, whole)}`)
      const cut = Math.floor(events.length / 2)
      const first = reduceAll(events.slice(0, cut))
      let state = emptyState()
      for (const [index, { text }] of run.ledger.written.entries()) {
        if (index === cut && !isSame(state, first)) report('the same events gave two states')
        state = reduce(state, { ...(JSON.parse(text) as EventBody), seq: events[index]!.seq, at: events[index]!.at })
      }
      if (!isSame(state, whole)) report('the state in pieces is not the state of the whole')
    },
  }),
}

/** Whether two states say the same; the order of keys in an object says nothing, that of a map does. */
function isSame(one: unknown, two: unknown): boolean {
  if (one === two) return true
  if (one === null || two === null || typeof one !== 'object' || typeof two !== 'object') return false
  if (one instanceof Map) return two instanceof Map && isSame([...one], [...two])
  if (Array.isArray(one)) {
    if (!Array.isArray(two) || one.length !== two.length) return false
    return one.every((value, index) => isSame(value, two[index]))
  }
  if (two instanceof Map || Array.isArray(two)) return false
  const left = one as { readonly [key: string]: unknown }
  const right = two as { readonly [key: string]: unknown }
  // A key that says nothing is not stored.
  for (const key in left) if (left[key] !== undefined && !isSame(left[key], right[key])) return false
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false
  return true
}

function difference(live: RunState, stored: RunState): string {
  const one = live as unknown as Record<string, unknown>
  const two = stored as unknown as Record<string, unknown>
  return Object.keys(one)
    .filter((name) => !isSame(one[name], two[name]))
    .join(', ')
}
