import { locate } from '../paths.ts'
import type { Invariant } from './invariant.ts'
import { wasBlocked } from './quiet.ts'
import { isOpenedBy } from './undo.ts'
import { stepOf } from './view.ts'

/* What holds while something goes wrong around a run: its store, its clock, its supervisor, its terminal, its owners. */

/** On a full disk, and while the file is busy, no work starts. */
export const nothingWhileBlocked: Invariant = {
  name: 'nothing starts while the record cannot be written',
  promises: [2, 18],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      for (const { fromMs, toMs, epoch } of run.blocked) {
        seen()
        for (const process of run.processes)
          if (process.epoch === epoch && process.startMs > fromMs && process.startMs < toMs)
            report(`\`${process.token}\` started at ${process.startMs} ms, no commit was possible until ${toMs}`)
      }
    },
  }),
}

/** An end, a decision or a lock that is told twice is on record once. */
export const toldOnce: Invariant = {
  name: 'what arrives twice is recorded once',
  promises: [17],
  watch: (trace, _run, report, seen) => {
    const ended = new Set<string>()
    const open = new Set<string>()
    return {
      before: (view, event) => {
        if (event.type === 'plan-changed' || event.type === 'run-reopened')
          for (const token of [...ended])
            if (isOpenedBy(event, token.slice(0, token.lastIndexOf('#')))) ended.delete(token)
        if (event.type === 'wait-opened') open.add(event.path)
        if (event.type === 'wait-decided') {
          if (!open.delete(event.path)) report(`\`${event.path}\` was decided twice`, event.seq)
          if (trace.scenario.trouble.doubled) seen()
        }
        if (event.type !== 'attempt-ended' || stepOf(view, event.path)?.step.action.kind !== 'run') return
        const token = `${event.path}#${event.attempt}`
        if (ended.has(token)) report(`the end of \`${token}\` is on record twice`, event.seq)
        ended.add(token)
        if (trace.scenario.trouble.doubled) seen()
      },
    }
  },
}

/** Of two that open a run at once, one has it; the other writes nothing and starts nothing. */
export const oneOpenerWins: Invariant = {
  name: 'of two that open a run at once one has it',
  promises: [15],
  watch: (_trace, run, report, seen) => ({
    before: (_view, event) => {
      const { epoch } = run.ledger.written[event.seq - 1]!
      if (run.losers.has(epoch)) report(`owner ${epoch}, which had lost the run, wrote ${event.type}`, event.seq)
    },
    end: () => {
      for (const epoch of run.losers) {
        seen()
        const started = run.processes.find((process) => process.epoch === epoch)
        if (started) report(`owner ${epoch}, which had lost the run, started \`${started.token}\``)
      }
    },
  }),
}

/** What did not end by itself is on record as interrupted: nobody knows how far it came. */
export const cutOffIsSaid: Invariant = {
  name: 'what was cut off is on record as interrupted',
  promises: [5, 16],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const cutOff = new Set(
        run.processes.filter(({ reaped, path }) => reaped && !path.includes(':')).map(({ token }) => token),
      )
      if (cutOff.size === 0) return
      for (const event of run.ledger.events()) {
        if (event.type !== 'attempt-ended' || !cutOff.delete(`${event.path}#${event.attempt}`)) continue
        seen()
        if (event.outcome.status !== 'interrupted')
          report(`\`${event.path}#${event.attempt}\` was cut off and is said to be ${event.outcome.status}`, event.seq)
      }
    },
  }),
}

/** A jump of the clock that a live owner saw is on record. */
export const jumpsRecorded: Invariant = {
  name: 'a jump of the clock is on record',
  promises: [14],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      if (wasBlocked(run)) return
      const lastMs = new Map(run.ledger.written.map(({ epoch, atMs }) => [epoch, atMs]))
      // One that came in the last moments of an owner may not have been heard any more.
      const heard = run.jumps.filter(({ epoch, atMs }) => (lastMs.get(epoch) ?? 0) > atMs + 400)
      for (const jump of new Set(heard.map(({ epoch }) => epoch))) {
        seen()
        const told = heard.filter(({ epoch }) => epoch === jump).length
        const known = run.ledger.written.filter(({ epoch, event }) => epoch === jump && event.type === 'clock-jumped')
        if (known.length < told)
          report(`the clock jumped ${told} times for owner ${jump}, ${known.length} are on record`)
      }
    },
  }),
}

/** After a SIGHUP its owner starts nothing more and parks, unless the run ends by itself. */
export const hangUpParks: Invariant = {
  name: 'a run whose terminal goes away parks',
  promises: [19, 22],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const { hungUp } = run
      if (hungUp === undefined) return
      const own = run.ledger.written.filter(({ epoch }) => epoch === hungUp.epoch)
      if (run.deaths.has(hungUp.epoch) || own.length === 0) return
      seen()
      for (const { event, atMs } of own) {
        const works = event.type === 'attempt-started' && locate(run.scenario, event.path)?.step.action.kind === 'run'
        if (works && atMs > hungUp.atMs + 400 && !wasBlocked(run))
          report(`\`${event.path}\` started ${atMs - hungUp.atMs} ms after the terminal went away`, event.seq)
      }
      const last = own.at(-1)!
      if (last.event.type !== 'run-parked' && last.event.type !== 'run-ended')
        report(`its terminal went away, and its owner left after ${last.event.type}`, last.event.seq)
    },
  }),
}

/** What never ends by itself is ended by the limit of its step that comes first, and is told as that. */
export const limitsTold: Invariant = {
  name: 'what hangs is ended by its limit and says so',
  promises: [5, 13],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const hung = new Map(
        run.processes.flatMap((process) => (process.hung ? [[process.token, process] as const] : [])),
      )
      if (hung.size === 0) return
      for (const event of run.ledger.events()) {
        if (event.type !== 'attempt-ended') continue
        const process = hung.get(`${event.path}#${event.attempt}`)
        const step = process && locate(process.scenario, process.path)?.step
        if (step === undefined || event.outcome.status === 'interrupted' || event.outcome.status === 'cancelled')
          continue
        seen()
        const stalls = (step.stallMs ?? Infinity) < (step.timeoutMs ?? Infinity)
        if (event.outcome.status !== (stalls ? 'stalled' : 'timed-out'))
          report(`\`${event.path}\` never ended, and is said to be ${event.outcome.status}`, event.seq)
      }
    },
  }),
}

/** What somebody decided while a runner lives is on record as soon as it looks. */
export const decisionsSeen: Invariant = {
  name: 'a decision is taken as soon as it is seen',
  promises: [20],
  watch: (trace, run, report, seen) => {
    const asked = new Map<string, number>()
    const deafMs = trace.scenario.trouble.deaf.reduce((sum, { forMs }) => sum + forMs, 0)
    let openedMs = 0
    return {
      before: (_view, event) => {
        const { atMs } = run.ledger.written[event.seq - 1]!
        if (event.type === 'run-opened') openedMs = atMs
        if (event.type === 'wait-opened') asked.set(event.path, atMs)
        if (event.type !== 'wait-decided' || event.decision.row === undefined || wasBlocked(run)) return
        const saidMs = run.ledger.postedMs[event.decision.row - 1] ?? 0
        const sinceMs = Math.max(openedMs, saidMs, asked.get(event.path) ?? 0)
        seen()
        if (atMs - sinceMs > 1000 + deafMs)
          report(`\`${event.path}\` was decided, and ${atMs - sinceMs} ms passed before it was on record`, event.seq)
      },
    }
  },
}
