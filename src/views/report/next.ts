import { gateKeyOf } from '../../events/path.ts'
import { openQuestions, type Question } from '../../events/questions.ts'
import type { RunState } from '../../events/state.ts'
import type { ReportNextStep, ReportOutput } from '../../model/generated/outputs.types.ts'
import type { Plan } from '../../plan/plan.ts'
import { failedSteps, hasFailed } from '../failed.ts'
import { questionCommands, shellWord } from '../terminal/questions.ts'
import { isAllowed, readable } from './steps.ts'

/** What a person does next: the pipeline's own words after a success, else the commands that go on. */
export function nextStepsOf(state: RunState, plan: Plan, status: ReportOutput['status']): readonly ReportNextStep[] {
  const { run } = state
  if (status === 'live') return [...asked(state), { text: 'follow it', command: `opsflow watch ${run}` }]
  if (status === 'ending') return [{ text: 'wait: its processes are being ended' }]
  if (status === 'parked' || status === 'interrupted')
    return [...asked(state), { text: 'go on with the run', command: `opsflow resume ${run}` }]
  if (status === 'succeeded') return state.nextSteps.map((text) => ({ text }))
  const undone: readonly ReportNextStep[] = state.scopes.get('')?.finallySkipped
    ? [{ text: 'do its `finally`, which was left out by a kill', command: `opsflow resume ${run}` }]
    : []
  const own = status === 'succeeded-with-failures' ? state.nextSteps.map((text) => ({ text })) : []
  return [...own, ...undone, ...lookAt(state, plan), { text: 'run what failed again', command: `opsflow retry ${run}` }]
}

/** What can be done about a step that was handed up. */
export function optionsFor(
  state: RunState,
  plan: Plan,
  path: string,
  status: ReportOutput['status'],
): readonly ReportNextStep[] {
  const { run } = state
  const question = openQuestions(state).find((open) => open.path === path)
  if (question !== undefined) return decisions(state, question)
  if (state.phase !== 'ended')
    return status === 'live'
      ? [{ text: 'end the run', command: `opsflow cancel ${run}` }]
      : nextStepsOf(state, plan, status)
  const step = state.steps.get(path)
  const { decision } = step?.wait ?? {}
  if (decision?.by && !(step && hasFailed(step)))
    return [{ text: `nothing more: ${decision.by.name} ${decision.verdict} it` }]
  if (step === undefined || !hasFailed(step)) return [{ text: 'nothing more: it came right' }]
  return [
    { text: 'ask again', command: `opsflow retry ${run} --step ${shellWord(path)}` },
    { text: 'leave it as it is: the run has ended' },
  ]
}

function asked(state: RunState): readonly ReportNextStep[] {
  return openQuestions(state).flatMap((question) => decisions(state, question))
}

function decisions(state: RunState, question: Question): readonly ReportNextStep[] {
  const { path, wait } = question
  const gate = gateKeyOf(path)
  const what = gate === undefined ? `\`${readable(path)}\`` : `the gate \`${readable(gate)}\``
  return questionCommands(state.run, question).map(({ command, note }, i) => {
    const verb = note ?? command.split(' ')[1]
    return { text: i === 0 ? `${verb} ${what} (${wait.prompt})` : `or ${verb} it`, command }
  })
}

/** The log of what failed first, best of what was not allowed to. */
function lookAt(state: RunState, plan: Plan): readonly ReportNextStep[] {
  const failed = failedSteps(state.steps.values())
  const printed = failed.filter(({ attempts }) => attempts > 0).map(({ path }) => path)
  const first = printed.find((path) => !isAllowed(path, state, plan)) ?? printed[0]
  return first === undefined
    ? []
    : [{ text: `read what \`${readable(first)}\` printed`, command: `opsflow logs ${state.run} ${shellWord(first)}` }]
}
