import type { Actor } from '../events/events.ts'
import { openQuestions } from '../events/questions.ts'
import type { CheckState, RunState, StepState } from '../events/state.ts'
import { outline } from '../plan/outline.ts'
import type { Plan } from '../plan/plan.ts'
import type { Liveness } from '../ports/store.ts'
import { refusePerson } from '../run/judge.ts'
import { questionText } from '../views/terminal/questions.ts'
import { makeStyle } from '../views/terminal/style.ts'
import { runStatus } from '../views/terminal/words.ts'
import type { CheckPicture, PlanPicture, RunChange, RunHead, SignalPicture, StepPicture } from './api.ts'

/** What the page draws of a plan. */
export function planPicture(plan: Plan): PlanPicture {
  const calls = Object.entries(plan.pipelines).map(([name, { steps }]) => [
    name,
    Object.fromEntries(
      steps.flatMap(({ id, action }) => (action.kind === 'pipeline' ? [[id, action.pipeline] as const] : [])),
    ),
  ])
  return { outline: outline(plan), calls: Object.fromEntries(calls) }
}

/** All of a run but its steps. `viewer`: who would decide. */
function headOf(state: RunState, liveness: Liveness, viewer: Actor, damage: string | undefined): RunHead {
  const { run } = state
  const nobody = liveness === 'free' || liveness === 'interrupted'
  return {
    run,
    pipeline: state.pipeline,
    status: runStatus({ ...state, liveness }, makeStyle(false)),
    phase: state.phase,
    outcome: state.outcome,
    liveness,
    startedBy: state.startedBy.name,
    createdAt: state.createdAt,
    endedAt: state.endedAt,
    waitingFor: state.waitingFor,
    cancel: state.cancel,
    inputs: state.inputs,
    outputs: state.outputs,
    labels: state.labels ?? {},
    // As in `show --json`: after anything but a success they would send a person the wrong way.
    nextSteps: state.outcome === 'succeeded' || state.outcome === 'succeeded-with-failures' ? state.nextSteps : [],
    notes: state.notes,
    questions: openQuestions(state).map((question) => {
      const { answer, deadlineMs, from, kind, prompt, show } = question.wait
      const command = questionText(run, question)
      const refused = refusePerson(question.wait, viewer)
      return { path: question.path, kind, prompt, show, from, deadlineMs, answer, refused, command }
    }),
    gates: [...state.gates].map(([path, { checks, decided, failing, gate, level, share, status }]) => {
      return { path, gate, status, level, share, failing, decided, checks: checksOf(checks) }
    }),
    scopes: [...state.scopes.values()].map(({ path, pipeline }) => ({ path, pipeline })),
    signals: signalsOf(state),
    damage,
    goOn:
      damage !== undefined || !nobody
        ? undefined
        : state.phase !== 'ended' || state.scopes.get('')?.finallySkipped === true
          ? 'resume'
          : state.outcome === 'succeeded'
            ? undefined
            : 'retry',
  }
}

function signalsOf(state: RunState): readonly SignalPicture[] {
  const sent = state.signals.map(
    ({ at, path, payload, signal }): SignalPicture => ({ kind: 'sent', signal, path, at, payload }),
  )
  const awaited = [...state.steps.values()].flatMap(({ path, status, wait }): SignalPicture[] => {
    if (wait?.spec.kind !== 'signal') return []
    const { decision, spec } = wait
    const signal = spec.signal ?? ''
    if (decision === undefined)
      return status === 'waiting' ? [{ kind: 'waiting', signal, path, at: undefined, payload: undefined }] : []
    return [{ kind: 'received', signal, path, at: decision.at, payload: decision.values }]
  })
  return [...sent, ...awaited]
}

function checksOf(checks: ReadonlyMap<string, CheckState>): readonly CheckPicture[] {
  return [...checks].map(([id, { level, message, status }]) => ({ id, status, level, message }))
}

function stepPicture(step: StepState): StepPicture {
  const { attempts, checks, endedAt, hint, items, late, message, outputs, path, reason, startedAt, status, wait } = step
  return {
    path,
    status,
    waitingFor: step.waitingFor,
    attempts,
    startedAt,
    endedAt,
    reason,
    message,
    hint,
    outputs,
    decision: wait?.decision,
    checks: checks.size === 0 ? undefined : checksOf(checks),
    late: late ? true : undefined,
    items: items?.length,
  }
}

/** Makes changes of states: what the page has not been told yet, step by step. */
export function createDiffer(viewer: Actor) {
  let told = new Map<string, string>()
  let planHash: string | undefined
  /** `plan` gives nothing where it cannot be read any more. */
  return (state: RunState, liveness: Liveness, plan: () => Plan | undefined, damage: string | undefined): RunChange => {
    const fresh = state.planHash !== planHash || [...told.keys()].some((path) => !state.steps.has(path))
    if (fresh) told = new Map()
    planHash = state.planHash
    const steps: StepPicture[] = []
    for (const step of state.steps.values()) {
      const picture = stepPicture(step)
      const text = JSON.stringify(picture)
      if (told.get(step.path) === text) continue
      told.set(step.path, text)
      steps.push(picture)
    }
    const head = headOf(state, liveness, viewer, damage)
    const known = fresh ? plan() : undefined
    return { fresh, plan: known && planPicture(known), head, steps }
  }
}
