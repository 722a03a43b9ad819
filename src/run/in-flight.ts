import { attemptToken, checkPath, gatePath, parentPath, recoverPath } from '../events/path.ts'
import type { CheckState, RunState } from '../events/state.ts'
import type { Token } from '../ports/executor.ts'

/**
 * The attempt that a check belongs to. What makes none of its own (an approval, a gate) is part of the attempt of what
 * is around it, so that a sub-pipeline that runs again never uses a token twice.
 */
export function attemptAt(state: RunState, path: string): number {
  for (let at = path; at !== ''; at = parentPath(at)) {
    const attempts = state.steps.get(at)?.attempts ?? 0
    if (attempts > 0) return attempts
  }
  return 1
}

/** The tokens of all that was started and has not ended: attempts, repairs, checks. What an engine answers by `recovered`. */
export function inFlight(state: RunState): readonly Token[] {
  const tokens: Token[] = []
  const addChecks = (path: string, attempt: number, checks: ReadonlyMap<string, CheckState>): void => {
    for (const [id, check] of checks)
      if (check.status === 'running' && check.wait === undefined)
        tokens.push(attemptToken(checkPath(path, id), attempt, check.delivery))
  }
  for (const { path, attempts, inFlight, recovering, repairs, checks } of state.steps.values()) {
    if (inFlight === 'attempt') tokens.push(attemptToken(path, attempts))
    if (inFlight === 'recover') tokens.push(attemptToken(recoverPath(path, recovering ?? ''), attempts, repairs))
    addChecks(path, attemptAt(state, path), checks)
  }
  for (const [key, gate] of state.gates) {
    const scope = key.slice(0, Math.max(0, key.lastIndexOf('/')))
    addChecks(gatePath(scope, gate.gate), attemptAt(state, scope), gate.checks)
  }
  return tokens
}
