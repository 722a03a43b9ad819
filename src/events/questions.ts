import type { WaitSpec } from './events.ts'
import { checkPath, gatePath } from './path.ts'
import type { CheckState, RunState } from './state.ts'

/** What a run asks of people now: by the path that their answers name. */
export interface Question {
  readonly path: string
  readonly wait: WaitSpec
}

/** Every open question to people, in the order in which what asks them first did something; waits for signals are none. */
export function openQuestions(state: RunState): readonly Question[] {
  const open: Question[] = []
  if (state.phase === 'ended') return open
  const addChecks = (of: string, checks: ReadonlyMap<string, CheckState>): void => {
    for (const [id, { status, wait }] of checks)
      if (wait && status === 'running') open.push({ path: checkPath(of, id), wait })
  }
  for (const { path, status, wait, checks } of state.steps.values()) {
    if (status === 'waiting' && wait && wait.decision === undefined && wait.spec.kind !== 'signal')
      open.push({ path, wait: wait.spec })
    addChecks(path, checks)
  }
  for (const [key, { gate, wait, checks }] of state.gates) {
    const scope = key.slice(0, Math.max(0, key.lastIndexOf('/')))
    if (scope !== '' && state.steps.get(scope)?.status !== 'running') continue
    const path = gatePath(scope, gate)
    if (wait) open.push({ path, wait })
    addChecks(path, checks)
  }
  return open
}
