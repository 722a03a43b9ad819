import type { RunEvent } from '../../events/events.ts'
import type { RunState } from '../../events/state.ts'
import { formatDuration } from '../../util/duration.ts'
import { own } from '../../util/own.ts'
import { unreachable } from '../../util/unreachable.ts'
import { questionText, shellWord } from './questions.ts'
import type { Style } from './style.ts'
import { countText, mark, outcomeText, reasonText, waitingText } from './words.ts'

/**
 * One event as the lines a person reads while a run goes on. `state` is the state after the event, `next` the event that
 * was recorded together with it. Nothing here starts work or keeps anything: the same lines come out live, on `watch`
 * and on replay.
 */
export function eventLines(event: RunEvent, state: RunState, style: Style, next?: RunEvent): readonly string[] {
  switch (event.type) {
    case 'run-created':
      return [
        `${style.strong(event.pipeline)}  run ${style.strong(event.run)}`,
        ...Object.entries(event.inputs)
          .filter(([, value]) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0))
          .map(([name, value]) => style.dim(`  ${name}: ${short(value)}`)),
      ]
    case 'run-opened':
      return event.epoch > 1 ? [style.dim(`resumed by ${event.by.name} (pid ${event.pid})`)] : []
    case 'run-parked':
      return [`${style.warn('parked')}: waiting for ${event.for.join(', ') || 'a command'}`]
    case 'run-waiting':
      return [`  ${style.warn('…')} ${waitingText(event.for, event.at)}`]
    case 'run-reopened':
      return [`reopened by ${event.by.name}: ${event.steps.join(', ')}`]
    case 'plan-changed': {
      const gone = event.dropped.length === 0 ? '' : `; gone: ${event.dropped.join(', ')}`
      return [
        `plan changed by ${event.by.name} to ${event.planHash.slice(0, 12)}; again: ${event.steps.join(', ') || 'nothing'}${gone}`,
      ]
    }
    case 'clock-jumped':
      return [
        style.warn(
          `the clock jumped by ${event.byMs < 0 ? '-' : ''}${formatDuration(Math.abs(event.byMs))}: deadlines of approvals, waits and backoff moved with it`,
        ),
      ]
    case 'cancel-requested':
      return [
        `${style.warn('cancelled')} by ${event.by.name}: ${event.reason}${event.hard ? ' (at once, `finally` does not run)' : ''}`,
      ]
    case 'deadline-passed':
      return [
        `  ${style.warn('!')} ${event.path || 'the run'} ${event.what === 'due' ? 'is late: its `due` has passed' : 'reached its timeout'}`,
      ]
    case 'finally-started':
      return [style.dim(`  finally${event.path === '' ? '' : ` of ${event.path}`} (${event.outcome})`)]
    case 'finally-skipped':
      return [
        style.warn(
          `  finally${event.path === '' ? '' : ` of ${event.path}`} did not run: killed; \`opsflow resume ${state.run}\` offers it`,
        ),
      ]
    case 'run-ended':
      return endLines(event, state, style)
    case 'noted':
      return [style.dim(`  note by ${event.by.name}: ${event.text}`)]
    case 'signal-sent':
      return [style.dim(`  → ${event.signal}`)]
    case 'step-waiting':
      return event.for.kind === 'slot'
        ? []
        : [`  ${mark('waiting', style)} ${event.path}  ${waitingText(event.for, event.at)}`]
    case 'foreach-expanded':
      return [style.dim(`  · ${event.path}  ${event.items.length} ${event.items.length === 1 ? 'item' : 'items'}`)]
    case 'iteration-started':
      return event.iteration > 1 ? [style.dim(`  · ${event.path}  pass ${event.iteration}`)] : []
    case 'pipeline-started':
      return [style.dim(`  ▸ ${event.path}  (${event.pipeline})${attemptText(state.steps.get(event.path)?.attempts)}`)]
    case 'attempt-started':
      // The line of the pipeline says both.
      return next?.type === 'pipeline-started' && next.path === event.path
        ? []
        : [style.dim(`  ▸ ${event.path}${attemptText(event.attempt)}`)]
    case 'attempt-ended':
      // Any other end is told by what it leads to.
      return event.outcome.status === 'interrupted'
        ? [
            `  ${style.warn('!')} ${event.path}  interrupted${event.outcome.message ? `: ${event.outcome.message}` : ''}`,
          ]
        : []
    case 'retry-scheduled':
      return [
        `  ${style.warn('↻')} ${event.path}  ${failureText(event, state)}; attempt ${event.attempt} in ${formatDuration(event.delayMs)}`,
        ...tailLines(state, event.path, style, failureText(event, state)),
      ]
    case 'recover-started':
      return [style.dim(`  · ${event.path}  repairing \`${event.failure}\``)]
    case 'recover-ended':
      return event.outcome.status === 'succeeded'
        ? []
        : [
            `  ${style.warn('!')} ${event.path}  the repair of \`${event.failure}\` ${event.outcome.status}: ${event.outcome.message ?? ''}`,
          ]
    case 'check-started':
      return []
    case 'check-ended':
      return event.status === 'failed'
        ? [
            `  ${event.level === 'mandatory' ? style.bad('✗') : style.warn('!')} ${event.path}  check \`${event.check}\` failed${event.message ? `: ${event.message}` : ''}`,
          ]
        : []
    case 'step-ended':
      return stepLines(event.path, state, style)
    case 'wait-opened':
      return [
        `  ${mark('waiting', style)} ${event.path}  ${event.wait.prompt}`,
        ...(event.wait.show ?? '')
          .split('\n')
          .filter((line, i, all) => line !== '' || i < all.length - 1)
          .map((line) => `      ${line}`),
        style.dim(`      ${questionText(state.run, event)}`),
      ]
    case 'wait-decided':
      return [
        `  · ${event.path}  ${event.decision.verdict}${event.decision.by ? ` by ${event.decision.by.name}` : ''}${event.decision.comment ? `: ${event.decision.comment}` : ''}`,
      ]
    case 'gate-judged': {
      const share = event.share === undefined ? '' : ` (${Math.round(event.share * 100)} % succeeded)`
      const failing = event.failing.length === 0 ? '' : `: ${event.failing.join(', ')}`
      const colour = event.status === 'passed' ? style.good : event.level === 'advisory' ? style.warn : style.bad
      return [`  ${colour('◆')} gate ${event.gate}  ${colour(event.status)}${share}${failing}`]
    }
    case 'gate-decided':
      return [`  ◆ gate ${event.gate}  ${event.status} by ${event.by.name}: ${event.reason}`]
    default:
      return unreachable(event)
  }
}

function attemptText(attempt = 1): string {
  return attempt > 1 ? `  attempt ${attempt}` : ''
}

/** Why there is another attempt: the failure that the step names, else what the last attempt says of itself. */
function failureText(event: Extract<RunEvent, { type: 'retry-scheduled' }>, state: RunState): string {
  const { last } = state.steps.get(event.path) ?? {}
  if (last?.failure === event.failure) return `\`${event.failure}\``
  return last?.message ?? event.failure
}

function stepLines(path: string, state: RunState, style: Style): readonly string[] {
  const step = state.steps.get(path)
  if (!step) return []
  const spent =
    step.startedAt === undefined || step.endedAt === undefined
      ? ''
      : formatDuration(Math.max(0, step.endedAt - step.startedAt))
  const outcome = step.outcome && step.outcome !== 'succeeded' ? ` (${step.outcome})` : ''
  if (step.status === 'succeeded')
    return [`  ${mark(step.status, style)} ${path}${outcome}  ${style.dim(spent)}`.trimEnd()]
  if (step.status === 'skipped') return [style.dim(`  ○ ${path}  ${reasonText(step)}`)]
  const hint = step.hint === undefined ? [] : [`      ${style.strong('hint')}: ${step.hint}`]
  return [
    `  ${mark(step.status, style)} ${style.strong(path)}  ${reasonText(step)}${spent === '' ? '' : `  ${style.dim(spent)}`}`,
    ...tailLines(state, path, style, step.message),
    ...hint,
  ]
}

/** The last lines a failed attempt printed, set off by a bar, but for one that only repeats what was `said` above them. */
export function tailLines(state: RunState, path: string, style: Style, said?: string): readonly string[] {
  const printed = state.steps.get(path)?.last?.tail?.trimEnd() ?? ''
  // An action's own failure ends its log, so that the log alone says it too.
  const repeated = said === undefined ? '' : `failed: ${said.trimEnd()}`
  const isRepeated = repeated !== '' && `\n${printed}`.endsWith(`\n${repeated}`)
  const tail = isRepeated ? printed.slice(0, -repeated.length).trimEnd() : printed
  return tail ? tail.split('\n').map((line) => `      ${style.dim('│')} ${line}`) : []
}

function endLines(event: Extract<RunEvent, { type: 'run-ended' }>, state: RunState, style: Style): readonly string[] {
  const lines = [
    `${outcomeText(event.outcome, style)} in ${formatDuration(event.at - state.createdAt)}: ${countText(state)}${event.reason ? ` (${event.reason})` : ''}`,
  ]
  for (const [name, value] of Object.entries(event.outputs))
    if (value !== null) lines.push(`  ${own(event.labels, name) ?? name}: ${short(value)}`)
  if (event.outcome === 'succeeded' || event.outcome === 'succeeded-with-failures')
    for (const next of event.nextSteps) lines.push(`  next: ${next}`)
  const failed = [...state.steps.values()].find((step) =>
    ['failed', 'timed-out', 'stalled', 'interrupted'].includes(step.status),
  )
  if (failed && event.outcome !== 'succeeded') {
    lines.push(
      style.dim(`  logs: opsflow logs ${state.run} ${shellWord(failed.path)}`),
      style.dim(`  again: opsflow retry ${state.run}`),
    )
  }
  return lines
}

/** A value on one line: text as it is (first line), everything else as JSON, cut at 100 characters. */
export function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = text.split('\n')[0]!
  const cut = line.length > 100 || line !== text
  return cut ? `${line.slice(0, 99)}…` : line
}
