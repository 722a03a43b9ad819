import type { PipelinePlan, Plan, StepPlan } from '../../../src/plan/plan.ts'
import type { Fault } from './fault.ts'

/*
 * Bugs in reading the plan: the scheduler is given another plan than the oracle knows, so that it behaves exactly as one
 * that overlooks the key would.
 */

function eachPipeline(plan: Plan, change: (pipeline: PipelinePlan) => Partial<PipelinePlan>): Plan {
  const pipelines = Object.entries(plan.pipelines).map(
    ([name, pipeline]) => [name, { ...pipeline, ...change(pipeline) }] as const,
  )
  return { ...plan, pipelines: Object.fromEntries(pipelines) }
}

function eachStep(plan: Plan, change: (step: StepPlan) => Partial<StepPlan>): Plan {
  return eachPipeline(plan, (pipeline) => ({ steps: pipeline.steps.map((step) => ({ ...step, ...change(step) })) }))
}

/** M3: the skeleton. */
export const PLAN_FAULTS: readonly Fault[] = [
  {
    name: 'early-dependant',
    standsFor: 'a dependant starts before its last need has ended',
    wishes: {},
    plan: (plan) => eachStep(plan, (step) => ({ needs: step.needs.slice(0, -1) })),
  },
  {
    name: 'when-ignored',
    standsFor: 'a false `when` does not skip',
    wishes: { features: { conditions: true } },
    plan: (plan) => eachStep(plan, () => ({ when: undefined })),
  },
  {
    name: 'failed-is-completed',
    standsFor: 'a need for a failure is met by any end',
    wishes: { features: { needsKinds: true } },
    plan: (plan) =>
      eachStep(plan, (step) => ({
        needs: step.needs.map((need) => (need.on === 'failed' ? { ...need, on: 'completed' as const } : need)),
      })),
  },
  {
    name: 'fail-fast-ignored',
    standsFor: 'a failing step does not stop a pipeline that says fail_fast',
    wishes: { features: { failFast: true, failures: true } },
    plan: (plan) => eachPipeline(plan, () => ({ failFast: false })),
  },
  {
    name: 'always-rerun',
    standsFor: 'a resume repeats a step that must not be repeated',
    wishes: { features: { crashPolicies: true } },
    plan: (plan) => eachStep(plan, () => ({ interrupted: 'rerun' })),
  },
  {
    name: 'one-slot-more',
    standsFor: 'the limit is checked with <= instead of <',
    wishes: {},
    plan: (plan) => eachPipeline(plan, (pipeline) => ({ maxParallel: Number(pipeline.maxParallel) + 1 })),
  },
  {
    name: 'slot-leaked',
    standsFor: 'a slot is not given back',
    wishes: {},
    plan: (plan) => eachPipeline(plan, (pipeline) => ({ maxParallel: Math.max(1, Number(pipeline.maxParallel) - 1) })),
  },
  {
    name: 'timeout-ignored',
    standsFor: 'a step runs on after its timeout',
    wishes: { features: { timeouts: true } },
    plan: (plan) => eachStep(plan, () => ({ timeoutMs: undefined })),
  },
]

/** M4: control. */
export const CONTROL_PLAN_FAULTS: readonly Fault[] = [
  {
    name: 'quorum-rounds-down',
    standsFor: 'a share of the needs is rounded down',
    wishes: { features: { quorum: true } },
    plan: (plan) =>
      eachStep(plan, (step) =>
        step.quorum && 'share' in step.quorum
          ? { quorum: { count: Math.max(1, Math.floor(step.quorum.share * step.needs.length)) } }
          : {},
      ),
  },
  {
    name: 'one-retry-more',
    standsFor: 'retry counts from zero',
    wishes: { features: { retry: true, failures: true } },
    plan: (plan) =>
      eachStep(plan, (step) =>
        step.retry ? { retry: { ...step.retry, attempts: Number(step.retry.attempts) + 1 } } : {},
      ),
  },
  {
    name: 'failure-allowed',
    standsFor: 'every failure counts as allowed',
    wishes: { features: { failures: true } },
    plan: (plan) => eachStep(plan, () => ({ allowFailure: true })),
  },
  {
    name: 'item-edges-ignored',
    standsFor: 'items of a foreach do not wait for each other',
    wishes: { features: { foreach: true } },
    plan: (plan) => eachStep(plan, (step) => (step.foreach ? { foreach: { ...step.foreach, needs: undefined } } : {})),
  },
  {
    name: 'repeat-once-more',
    standsFor: 'repeat goes past its maximum',
    wishes: { features: { repeat: true } },
    plan: (plan) =>
      eachStep(plan, (step) => (step.repeat ? { repeat: { ...step.repeat, max: Number(step.repeat.max) + 1 } } : {})),
  },
  {
    name: 'gate-ignored',
    standsFor: 'a step does not wait for the verdict of its gate',
    wishes: { features: { gates: true } },
    plan: (plan) => eachStep(plan, () => ({ gates: [] })),
  },
  {
    name: 'must-pass-ignored',
    standsFor: 'a gate looks at the share only',
    wishes: { features: { gates: true, failures: true } },
    plan: (plan) =>
      eachPipeline(plan, (pipeline) => ({ gates: pipeline.gates.map((gate) => ({ ...gate, mustPass: [] })) })),
  },
  {
    name: 'never-is-a-role',
    standsFor: 'a gate that nobody may bypass is held for a bypass',
    wishes: { features: { gates: true, failures: true } },
    plan: (plan) =>
      eachPipeline(plan, (pipeline) => ({
        gates: pipeline.gates.map((gate) => ({ ...gate, bypass: { by: ['boss'] } })),
      })),
  },
  {
    name: 'check-ignored',
    standsFor: 'a step succeeds by its exit code alone',
    wishes: { features: { checks: true } },
    plan: (plan) => eachStep(plan, () => ({ checks: [] })),
  },
  {
    name: 'finally-forgotten',
    standsFor: 'the run ends without its finally',
    wishes: { features: { finally: true } },
    plan: (plan) =>
      eachPipeline(plan, (pipeline) => ({ steps: pipeline.steps.filter((step) => step.section === 'steps') })),
  },
  {
    name: 'wait-condition-ignored',
    standsFor: 'a wait takes any signal of its name',
    wishes: { features: { waits: true } },
    plan: (plan) =>
      eachStep(plan, ({ action }) =>
        action.kind === 'wait' && 'signal' in action ? { action: { ...action, when: undefined } } : {},
      ),
  },
  {
    name: 'four-eyes-ignored',
    standsFor: 'the starter may approve where only others may',
    wishes: { features: { people: true, approveBefore: true } },
    plan: (plan) =>
      eachStep(plan, ({ action }) => (action.kind === 'approval' ? { action: { ...action, self: true } } : {})),
  },
  {
    name: 'due-ignored',
    standsFor: 'a step that is late is not told to anybody',
    wishes: { features: { due: true } },
    plan: (plan) => eachStep(plan, () => ({ dueMs: undefined })),
  },
  {
    name: 'paths-ignored',
    standsFor: 'a check is judged also where no file that it is about was touched',
    wishes: { features: { checks: true, paths: true } },
    plan: (plan) => eachStep(plan, (step) => ({ checks: step.checks.map((check) => ({ ...check, paths: [] })) })),
  },
  {
    name: 'agent-limit-ignored',
    standsFor: 'more steps of an agent work at once than it may have',
    wishes: { features: { agentLimits: true } },
    plan: (plan) => ({ ...plan, agentLimits: {} }),
  },
  {
    name: 'finally-cut-short',
    standsFor: 'finally does not get all of its time',
    wishes: { features: { finally: true } },
    plan: (plan) =>
      eachPipeline(plan, (pipeline) => ({ finallyTimeoutMs: Math.max(1000, pipeline.finallyTimeoutMs - 10_000) })),
  },
]
