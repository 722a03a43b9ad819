import type { RunState } from '../events/state.ts'
import type { Token } from '../ports/executor.ts'

/** The tokens of all that was started and has not ended: attempts, repairs, checks. What an engine answers by `recovered`. */
export function inFlight(state: RunState): readonly Token[] {
  const tokens: Token[] = []
  for (const step of state.steps.values()) {
    if (step.inFlight === 'attempt') tokens.push(`${step.path}#${step.attempts}`)
    if (step.inFlight === 'recover') tokens.push(`${step.path}/recover:${step.recovering}#${step.attempts}`)
    for (const [id, check] of step.checks)
      if (check.status === 'running' && check.wait === undefined)
        tokens.push(`${step.path}/check:${id}#${step.attempts}`)
  }
  for (const [key, gate] of state.gates) {
    const at = key.lastIndexOf('/') + 1
    for (const [id, check] of gate.checks)
      if (check.status === 'running' && check.wait === undefined)
        tokens.push(`${key.slice(0, at)}gate:${key.slice(at)}/check:${id}#1`)
  }
  return tokens
}
