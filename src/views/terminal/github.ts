/**
 * A run in a GitHub workflow: plain lines, what each attempt printed in a group of its own that can be opened, failures as
 * annotations at the step's place in its file.
 *
 * Whatever steps, people and files wrote is only text here: GitHub takes some lines of an output for commands to itself,
 * so what could be read as one is said while it does not listen.
 */

import { workflowCommand } from '../../diagnostics/github.ts'
import type { RunEvent } from '../../events/events.ts'
import type { RunState, StepState } from '../../events/state.ts'
import type { Plan } from '../../plan/plan.ts'
import { failedItself } from '../failed.ts'
import { planOf } from '../report/steps.ts'
import { harmless, withoutColours } from './harmless.ts'
import { type Known, type LiveView, linesFor } from './live.ts'
import type { Style } from './style.ts'
import { unheard } from './unheard.ts'
import { reasonText } from './words.ts'

interface GithubOptions extends Known {
  readonly style: Style
  /** The end of what an attempt printed, without escapes. */
  readonly log: (path: string, attempt: number) => string
}

export function githubView(
  out: { write(text: string): unknown },
  { style, plan: start, log }: GithubOptions,
): LiveView {
  const linesOf = linesFor(style, start)
  let plan = start
  const group = (event: RunEvent, state: RunState, title: string): string => {
    const step = endedAttempt(event, state)
    if (step === undefined) return ''
    const printed = harmless(log(step.path, step.attempt)).trimEnd()
    return printed === ''
      ? ''
      : `${workflowCommand('group', {}, title)}\n${unheard(`${printed}\n`)}${workflowCommand('endgroup', {}, '')}\n`
  }
  return {
    event(event, state, next) {
      if (event.type === 'plan-changed') plan = event.plan
      const text = linesOf(event, state, next)
      const [first = '', ...more] = text.split(/(?<=\n)/)
      const grouped = group(event, state, withoutColours(first).trim())
      // The title of a group says the first line already.
      const lines = unheard(grouped === '' ? text : more.join(''))
      const said = annotation(event, state, plan)
      const whole = `${grouped}${lines}${said === undefined ? '' : `${said}\n`}`
      if (whole !== '') out.write(whole)
    },
    hold: () => {},
    aside: (write) => write(),
    close: () => {},
  }
}

/** The attempt that an event tells the end of. */
function endedAttempt(
  event: RunEvent,
  state: RunState,
): { readonly path: string; readonly attempt: number } | undefined {
  if (event.type === 'retry-scheduled') return { path: event.path, attempt: event.attempt - 1 }
  if (event.type !== 'step-ended') return undefined
  const attempt = state.steps.get(event.path)?.attempts ?? 0
  return attempt === 0 ? undefined : { path: event.path, attempt }
}

function annotation(event: RunEvent, state: RunState, plan: Plan | undefined): string | undefined {
  if (event.type === 'gate-judged' && event.status !== 'passed') {
    const level = event.level === 'advisory' ? 'warning' : 'error'
    return workflowCommand(
      level,
      { title: `gate ${event.gate} ${event.status}` },
      event.failing.join(', ') || 'see the log',
    )
  }
  if (event.type !== 'step-ended') return undefined
  const step = state.steps.get(event.path)
  return step && failedItself(step, state) ? stepAnnotation(step, state, plan) : undefined
}

function stepAnnotation(step: StepState, state: RunState, plan: Plan | undefined): string {
  const found = plan && planOf(step.path, state, plan)
  const [, file, line] = /^(.*):(\d+)$/.exec(found?.at ?? '') ?? []
  const message = [reasonText(step), step.last?.tail?.trimEnd(), step.hint && `hint: ${step.hint}`].filter(Boolean)
  return workflowCommand(
    found?.allowFailure ? 'warning' : 'error',
    { file, line, title: `step ${step.path}` },
    withoutColours(message.join('\n')).replaceAll('\t', '  '),
  )
}
