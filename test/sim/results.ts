import type { Trace } from './sim-types.ts'
import type { Scenario } from './spec.ts'

/** How every run and every step of a trace ended: what must not depend on batches, crashes and the order of an instant. */
export function resultsOf(trace: Trace): { readonly [path: string]: string } {
  const results: { [path: string]: string } = {}
  for (const run of trace.runs) {
    for (const event of run.ledger.events()) {
      if (event.type === 'step-ended') results[`${run.id}/${event.path}`] = event.status
      if (event.type === 'run-ended') results[run.id] = event.outcome
    }
  }
  return Object.fromEntries(Object.entries(results).sort(([one], [two]) => (one < two ? -1 : 1)))
}

/** What differs between two results, for a message. */
export function differences(
  one: { readonly [path: string]: string },
  two: { readonly [path: string]: string },
): string[] {
  const paths = new Set([...Object.keys(one), ...Object.keys(two)])
  return [...paths].filter((path) => one[path] !== two[path]).map((path) => `${path}: ${one[path]} or ${two[path]}`)
}

/** Whether the end of every step follows from the plan and its processes alone, whatever the timing. */
export function isDeterministic(scenario: Scenario): boolean {
  return Object.values(scenario.pipelines).every(
    (pipeline) =>
      !pipeline.failFast &&
      pipeline.timeoutMs === undefined &&
      pipeline.steps.every((step) => {
        const waits = step.action.kind === 'approval' || step.action.kind === 'ask' || step.action.kind === 'listen'
        // A finally may wait for the lock of another run until its own time is over, of which a crash gives it more.
        const short = pipeline.finallyTimeoutMs < 300_000
        const races = step.section === 'finally' && (scenario.runs > 1 || step.mutex !== undefined || short)
        return step.interrupted === 'rerun' && !races && !(waits && step.timeoutMs !== undefined)
      }),
  )
}
