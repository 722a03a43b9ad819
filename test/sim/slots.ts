import { drive } from '../../src/run/drive.ts'
import { generate } from './generate.ts'
import { type PipelineSpec, ROOT, type Scenario, type StepSpec } from './spec.ts'
import { simulate } from './world.ts'

/*
 * Counts slots at the end of runs without a look into the scheduler: the `finally` of each plan becomes as many steps as
 * its pipeline may run at once, as many of them by the agent as that may work at once. What a run had taken is given back
 * by then, so all of them start together; one that waits for a slot finds one missing.
 */

export interface SlotCount {
  readonly seeds: number
  /** Runs that had used slots before and then took all of them. */
  readonly runs: number
  /** Of those, runs that were killed, cancelled or opened again on the way. */
  readonly disturbed: number
  /** What was missing: `seed 12: run0: probe1`. */
  readonly leaks: readonly string[]
}

export interface SlotOptions {
  readonly from: number
  /** Plays seeds until so many runs count. */
  readonly runs: number
  /** As many slots fewer has the plan than the probes know of: what a leak looks like. */
  readonly fewer?: number
}

/** Plays seed after seed, with all that goes wrong in them, until enough runs have shown that all their slots are free. */
export async function countSlots({ from, runs: wanted, fewer = 0 }: SlotOptions): Promise<SlotCount> {
  const leaks: string[] = []
  let runs = 0
  let disturbed = 0
  let seed = from
  for (; runs < wanted; seed++) {
    const trace = await simulate(withProbes(generate(seed), fewer), { drive, tieSeed: seed % 3 })
    for (const run of trace.runs) {
      const events = run.ledger.events()
      const started = new Set(events.flatMap((event) => (event.type === 'attempt-started' ? [event.path] : [])))
      const probes = [...started].filter(isProbe)
      if (probes.length === 0 || probes.length === started.size) continue
      runs += 1
      const owners = events.filter(({ type }) => type === 'run-opened').length
      if (owners > 1 || events.some(({ type }) => type === 'cancel-requested')) disturbed += 1
      for (const event of events)
        if (event.type === 'step-waiting' && event.for.kind === 'slot' && isProbe(event.path))
          leaks.push(`seed ${seed}: ${run.id}: ${event.path}`)
    }
    for (const [key, owner] of trace.heldLocks) leaks.push(`seed ${seed}: lock ${key} of ${owner}`)
  }
  return { seeds: seed - from, runs, disturbed, leaks }
}

const isProbe = (path: string): boolean => path.startsWith('probe')

function withProbes(scenario: Scenario, fewer: number): Scenario {
  const { pipelines, trouble, agents } = scenario
  const probed = (all: Scenario['pipelines']): Scenario['pipelines'] => ({
    ...all,
    [ROOT]: probe(all[ROOT]!, agents, fewer),
  })
  const { replan } = trouble
  const plan = replan && { ...replan, pipelines: probed(replan.pipelines) }
  // A run whose terminal goes away starts nothing more, whatever is free.
  return { ...scenario, pipelines: probed(pipelines), trouble: { ...trouble, hangUp: undefined, replan: plan } }
}

function probe(pipeline: PipelineSpec, agents: number | undefined, fewer: number): PipelineSpec {
  const count = pipeline.maxParallel + fewer
  const probes = Array.from(
    { length: count },
    (_, at): StepSpec => ({ ...PROBE, id: `probe${at}`, agent: at < (agents ?? 0) }),
  )
  const steps = pipeline.steps.filter(({ section }) => section === 'steps')
  return { ...pipeline, steps: [...steps, ...probes], finallyTimeoutMs: 300_000 }
}

const PROBE: StepSpec = {
  id: 'probe',
  section: 'finally',
  action: { kind: 'run' },
  agent: false,
  needs: [],
  quorum: undefined,
  when: undefined,
  timeoutMs: undefined,
  dueMs: undefined,
  graceMs: 0,
  onTimeout: 'fail',
  stallMs: undefined,
  retry: undefined,
  failures: {},
  allowFailure: false,
  effects: 'none',
  interrupted: 'rerun',
  foreach: undefined,
  repeat: undefined,
  mutex: undefined,
  checks: [],
  behaviour: { durationMs: 1000, fails: 0, failure: undefined, hangs: false, stubborn: false },
  people: [],
  edition: 1,
}
