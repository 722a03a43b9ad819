import type { GateState, RunState, StepState } from '../events/state.ts'
import type { Liveness } from '../ports/store.ts'
import type { Json } from '../util/json.ts'

/** What is told as the state has it; the rest is made below. */
const OF_RUN = [
  'run',
  'pipeline',
  'planHash',
  'phase',
  'outcome',
  'reason',
  'inputs',
  'outputs',
  'startedBy',
  'createdAt',
  'endedAt',
  'parkedFor',
  'notes',
] as const satisfies readonly (keyof RunState)[]
const OF_STEP = [
  'path',
  'status',
  'reason',
  'message',
  'hint',
  'attempts',
  'startedAt',
  'endedAt',
  'outputs',
  'outcome',
  'waitingFor',
] as const satisfies readonly (keyof StepState)[]
const OF_GATE = [
  'gate',
  'status',
  'level',
  'share',
  'failing',
  'decided',
] as const satisfies readonly (keyof GateState)[]

/** A run for programs: what `show --json` and `run --json` print. Times are epoch milliseconds. */
export function runJson(state: RunState, liveness: Liveness): Json {
  const { outcome, nextSteps } = state
  return clean({
    ...pick(state, OF_RUN),
    liveness,
    // They follow a success; after anything else they would send a person the wrong way.
    nextSteps: outcome === 'succeeded' || outcome === 'succeeded-with-failures' ? nextSteps : [],
    steps: [...state.steps.values()].map(stepJson),
    gates: [...state.gates].map(([path, gate]) => ({ path, ...pick(gate, OF_GATE) })),
  })
}

/** A value as lines. What a GitHub workflow would take for a command in them is written so that it is none. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll('##[', '#\\u0023[')
}

function stepJson(step: StepState): unknown {
  const { wait, late, checks } = step
  const question =
    wait && wait.decision === undefined
      ? { kind: wait.spec.kind, prompt: wait.spec.prompt, from: wait.spec.from, deadlineMs: wait.spec.deadlineMs }
      : undefined
  return {
    ...pick(step, OF_STEP),
    question,
    decision: wait?.decision,
    late: late || undefined,
    checks:
      checks.size === 0
        ? undefined
        : [...checks].map(([id, check]) => ({ id, status: check.status, level: check.level, message: check.message })),
  }
}

function pick<T extends object>(from: T, keys: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Partial<T>
}

/** Without members that are undefined. */
function clean(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
