import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Outcome } from '../events/outcome.ts'
import { compileRegex } from '../expr/regex.ts'
import type { Dispatch } from '../ports/executor.ts'
import type { Report } from '../supervisor/protocol.ts'
import { formatDuration } from '../util/duration.ts'
import { readTail, shownTail } from './tail.ts'

/** What the judge of a kind may look at. */
export interface Ended {
  readonly dispatch: Dispatch
  readonly report: Report
  /** Absolute path of the attempt's log. */
  readonly log: string
  /** Absolute. */
  readonly cwd: string
}

/**
 * The outcome of an attempt that did not end by itself, or undefined where the process ended and its kind must judge it.
 */
export function outcomeOfEnd({ dispatch, report, log, cwd }: Ended): Outcome | undefined {
  const { durationMs } = report
  const left = report.survivors?.length ? `; still alive: process ${report.survivors.join(', ')}` : ''
  switch (report.end) {
    case 'exited':
      return undefined
    case 'cancelled':
      return { status: 'cancelled', message: `cancelled${left}`, durationMs }
    case 'lost':
      return {
        status: 'interrupted',
        reason: 'supervisor',
        message: report.error?.about ?? 'the supervisor died',
        durationMs,
      }
    case 'spawn-failed':
      return { status: 'failed', reason: 'spawn', message: spawnMessage(report, cwd), durationMs }
    case 'timed-out':
      return withEvidence(
        {
          status: 'timed-out',
          message: `timed out after ${formatDuration(dispatch.timeoutMs ?? 0)}${left}`,
          durationMs,
        },
        dispatch,
        log,
      )
    case 'stalled': {
      const idle = formatDuration(dispatch.stall?.idleMs ?? 0)
      return withEvidence(
        { status: 'stalled', message: `no progress for ${idle}: nothing printed, no file written${left}`, durationMs },
        dispatch,
        log,
      )
    }
    case 'log-limit':
      return withEvidence(
        { status: 'failed', reason: 'log-limit', message: `the log reached its limit${left}`, durationMs },
        dispatch,
        log,
      )
  }
}

/** Adds what explains a bad end: the first of the step's `failures` that fits, and the last lines of the output. */
export function withEvidence(outcome: Outcome, dispatch: Dispatch, log: string): Outcome {
  const output = readTail(log)
  const failure = failureName(dispatch, output, outcome.exit)
  const tail = shownTail(output)
  return { ...outcome, ...(failure === undefined ? {} : { failure }), ...(tail === undefined ? {} : { tail }) }
}

/** The first of the step's `failures` whose `match` is in the output or whose `exit` it ended with. */
function failureName(dispatch: Dispatch, output: string, exit: number | undefined): string | undefined {
  for (const [name, { match, exit: wanted }] of Object.entries(dispatch.failures)) {
    if (match === undefined && wanted === undefined) continue
    if (wanted !== undefined && wanted !== exit) continue
    if (match === undefined) return name
    // A pattern that cannot be compiled was refused with the pipeline; here it names nothing.
    const regex = compileRegex(match)
    if (regex.ok && regex.test(output)) return name
  }
  return undefined
}

/** A process that ended by itself but badly. */
export function outcomeOfExit(report: Report): Outcome {
  const { exit, signal, durationMs } = report
  if (signal !== undefined) {
    const hint = signal === 'SIGKILL' ? ' (often: out of memory)' : ''
    return { status: 'failed', reason: 'signal', signal, message: `ended by ${signal}${hint}`, durationMs }
  }
  const meaning = { 126: ': a command is not executable', 127: ': a command was not found' }[exit ?? 0] ?? ''
  return { status: 'failed', reason: 'exit', exit: exit ?? 1, message: `exit code ${exit}${meaning}`, durationMs }
}

function spawnMessage({ error }: Report, cwd: string): string {
  const about = error?.about ?? ''
  if (about.startsWith('cwd ')) return `\`cwd\` is no folder: \`${about.slice(4)}\``
  if (about.startsWith('log ')) return `its log \`${about.slice(4)}\` cannot be written: ${error?.code}`
  switch (error?.code) {
    case 'ENOENT':
      // The kernel says the same of a file that is there but whose first line names a program that is not.
      if (about.includes('/') && existsSync(resolve(cwd, about))) {
        return `the interpreter that the first line of \`${about}\` names was not found`
      }
      return `\`${about}\` was not found; is it installed and in PATH?`
    case 'EACCES':
      return `\`${about}\` is not executable`
    case 'E2BIG':
      return `the environment and arguments for \`${about}\` are larger than the system allows; pass large values by a file`
    case 'EMFILE':
    case 'ENFILE':
      return `\`${about}\` could not be started: too many files are open; raise the limit with \`ulimit -n\``
    case 'EAGAIN':
      return `\`${about}\` could not be started: there are too many processes; raise the limit with \`ulimit -u\``
    case 'ERR_INVALID_ARG_VALUE':
      return `an argument or environment value for \`${about}\` holds a NUL byte, which no process can be given`
    default:
      return `\`${about}\` could not be started: ${error?.code}`
  }
}
