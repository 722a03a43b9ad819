import type { RunState, StepState } from '../events/state.ts'
import type { Liveness } from '../ports/store.ts'
import type { Json } from '../util/json.ts'

/** A run for programs: what `show --json` and `run --json` print. Times are epoch milliseconds. */
export function runJson(state: RunState, liveness: Liveness): Json {
  const {
    run,
    pipeline,
    planHash,
    inputs,
    startedBy,
    createdAt,
    endedAt,
    phase,
    parkedFor,
    outcome,
    reason,
    outputs,
    nextSteps,
    notes,
  } = state
  return clean({
    run,
    pipeline,
    planHash,
    phase,
    liveness,
    outcome,
    reason,
    inputs,
    outputs,
    // They follow a success; after anything else they would send a person the wrong way.
    nextSteps: outcome === 'succeeded' || outcome === 'succeeded-with-failures' ? nextSteps : [],
    startedBy,
    createdAt,
    endedAt,
    parkedFor,
    steps: [...state.steps.values()].map(stepJson),
    gates: [...state.gates].map(([path, { gate, status, level, share, failing, decided }]) => ({
      path,
      gate,
      status,
      level,
      share,
      failing,
      decided,
    })),
    notes,
  })
}

function stepJson(step: StepState): unknown {
  const {
    path,
    status,
    reason,
    message,
    hint,
    attempts,
    startedAt,
    endedAt,
    outputs,
    outcome,
    waitingFor,
    wait,
    late,
    checks,
  } = step
  const question =
    wait && wait.decision === undefined
      ? { kind: wait.spec.kind, prompt: wait.spec.prompt, from: wait.spec.from, deadlineMs: wait.spec.deadlineMs }
      : undefined
  return {
    path,
    status,
    reason,
    message,
    hint,
    attempts,
    startedAt,
    endedAt,
    outputs,
    outcome,
    waitingFor,
    question,
    decision: wait?.decision,
    late: late || undefined,
    checks:
      checks.size === 0
        ? undefined
        : [...checks].map(([id, check]) => ({ id, status: check.status, level: check.level, message: check.message })),
  }
}

/** Without members that are undefined. */
function clean(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
