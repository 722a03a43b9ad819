import type { RunEvent } from '../../events/events.ts'
import type { RunState } from '../../events/state.ts'
import type { Plan } from '../../plan/plan.ts'
import { formatDuration } from '../../util/duration.ts'
import { own } from '../../util/own.ts'
import { failedSteps } from '../failed.ts'
import { criticalPath } from '../longest-way.ts'
import { short } from './event-lines.ts'
import { shellWord } from './questions.ts'
import type { Style } from './style.ts'
import { countText, outcomeText } from './words.ts'

const MOST_FAILED = 5
const MOST_NAMED = 8
const WORTH_TELLING_MS = 10_000

/** What stands at the end of a run: its outcome, what it took, what it gave, and what to do next. */
export function summaryLines(
  event: RunEvent,
  state: RunState,
  plan: Plan | undefined,
  style: Style,
): readonly string[] {
  if (event.type !== 'run-ended') return []
  const took = formatDuration(event.at - state.createdAt)
  const lines = [
    `${outcomeText(event.outcome, style)} in ${took}: ${countText(state)}${event.reason ? ` (${event.reason})` : ''}`,
    ...pathLines(state, plan, style),
  ]
  for (const [name, value] of Object.entries(event.outputs))
    if (value !== null) lines.push(`  ${own(event.labels, name) ?? name}: ${short(value)}`)
  if (event.outcome === 'succeeded' || event.outcome === 'succeeded-with-failures')
    for (const next of event.nextSteps) lines.push(`  next: ${next}`)
  return [...lines, ...(event.outcome === 'succeeded' ? [] : goOnLines(state, style))]
}

/**
 * The steps that the run could not have been faster than. Where they were all that ran, one after the other, and the run
 * did not wait for anything else, the first line has said it.
 */
function pathLines(state: RunState, plan: Plan | undefined, style: Style): readonly string[] {
  const pipeline = plan?.pipelines[plan.root]
  if (pipeline === undefined) return []
  const { steps, ms } = criticalPath(pipeline, state)
  const ran = pipeline.steps.filter(({ id }) => state.steps.get(id)?.startedAt !== undefined)
  const otherMs = (state.endedAt ?? state.lastAt) - state.createdAt - ms
  if (steps.length === 0 || (ran.length === steps.length && otherMs < WORTH_TELLING_MS)) return []
  const more = steps.length - MOST_NAMED
  const named = more > 0 ? [...steps.slice(0, MOST_NAMED - 1), `${more + 1} more`] : steps
  return [style.dim(`  critical path ${formatDuration(ms)}: ${named.join(' → ')}`)]
}

/** The commands that lead on from a failure. */
function goOnLines(state: RunState, style: Style): readonly string[] {
  const failed = failedSteps(state.steps.values())
  const lines = failed
    .slice(0, MOST_FAILED)
    .map(({ path }) => style.dim(`  logs: opsflow logs ${state.run} ${shellWord(path)}`))
  if (failed.length > MOST_FAILED)
    lines.push(style.dim(`  and ${failed.length - MOST_FAILED} more that failed: opsflow show ${state.run}`))
  if (state.scopes.get('')?.finallySkipped) return [...lines, style.dim(`  go on: opsflow resume ${state.run}`)]
  return failed.length === 0 && state.outcome !== 'cancelled'
    ? lines
    : [...lines, style.dim(`  again: opsflow retry ${state.run}`)]
}
