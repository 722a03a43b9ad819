import type { CoordinatorReport } from '../model/generated/authored.types.ts'
import type { ValueSchema } from '../model/value-schema.ts'
import type { Json } from '../util/json.ts'

/**
 * The compiled form of a pipeline: plain JSON, frozen, hashed. All that a run needs to know besides its inputs; no
 * file is read and no name is looked up after this. Expressions stay texts (they were parsed and checked here, and the
 * evaluator keeps what it parsed). Durations are milliseconds.
 */
export interface Plan {
  /** Version of this shape; a newer one than the reader's is refused. */
  readonly format: 1
  /** SHA-256 over everything below that is frozen (promise 3). */
  readonly hash: string
  /** Key into `pipelines` of the one that was asked for. */
  readonly root: string
  /** Every pipeline that can run, by name; sub-pipelines are compiled in. */
  readonly pipelines: { readonly [name: string]: PipelinePlan }
  /** Modules of users' actions, by the name in `uses`: content hash, and path from the project root. */
  readonly modules: { readonly [uses: string]: { readonly path: string; readonly sha256: string } }
  /** How many steps of an agent may run at once, over the whole run, where its `max_parallel` says so. */
  readonly agentLimits?: { readonly [agent: string]: number }
  /** Locks that the run takes before it begins, and how many runs may hold each at once. */
  readonly places?: { readonly [lock: string]: number }
  /** Role -> persons, for `from` and `bypass`. */
  readonly people: { readonly [role: string]: readonly string[] }
}

/** A plan before it is hashed and frozen. */
export type PlanDraft = Omit<Plan, 'hash' | 'format'>

export interface PipelinePlan {
  readonly name: string
  readonly file: string
  readonly description: string | undefined
  readonly inputs: { readonly [name: string]: ValueSchema }
  /** Ordered so that each may read those before it. */
  readonly vars: { readonly [name: string]: Json }
  readonly outputs: { readonly [name: string]: { readonly value: Json; readonly deliverable: string | undefined } }
  readonly nextSteps: readonly string[]
  /** In source order, which breaks ties. Includes `finally` steps, marked so. */
  readonly steps: readonly StepPlan[]
  readonly gates: readonly GatePlan[]
  /** Working time. */
  readonly timeoutMs: number | Template | undefined
  readonly finallyTimeoutMs: number
  readonly failFast: boolean
  readonly maxParallel: number | Template
  readonly mutex: Template | undefined
  readonly isolation: 'worktree' | undefined
  readonly secrets: readonly string[]
  /** Those of them that may be missing: empty texts then. */
  readonly optionalSecrets?: readonly string[]
  readonly env: { readonly [name: string]: Json }
  readonly signals: { readonly accepts: readonly string[]; readonly emits: readonly string[] }
  /** What the coordinator that starts it asks of its report; left out: everything, in the usual order. */
  readonly sections?: NonNullable<CoordinatorReport['sections']>
}

/** A text with at least one `${{ }}`; alone in the text it keeps its type. */
type Template = string
/** Bare CEL that gives a boolean. */
export type Condition = string

export type Effects = 'none' | 'workspace' | 'external'
/** `ok`: succeeded, skipped by its own `when`, or failed under `allow_failure` (the list form of needs). */
export type NeedOn = 'ok' | 'succeeded' | 'completed' | 'failed'

export interface StepPlan {
  readonly id: string
  readonly section: 'steps' | 'finally'
  readonly action: StepAction
  readonly needs: readonly { readonly step: string; readonly on: NeedOn }[]
  /** Gates whose verdict this step waits for (their `before` names it). */
  readonly gates: readonly string[]
  readonly quorum: { readonly share: number } | { readonly count: number } | undefined
  readonly when: Condition | undefined
  readonly timeoutMs: number | Template | undefined
  readonly graceMs: number
  readonly dueMs: number | Template | undefined
  readonly onTimeout: 'fail' | 'reject' | 'escalate'
  readonly stall: { readonly idleMs: number; readonly nudge: number; readonly then: 'kill' } | undefined
  readonly failures: { readonly [name: string]: FailurePlan }
  readonly retry: RetryPlan | undefined
  readonly allowFailure: boolean
  readonly effects: Effects
  readonly interrupted: 'rerun' | 'fail' | 'ask'
  readonly foreach:
    | {
        readonly items: Json
        readonly key: Template | undefined
        readonly needs: Template | undefined
        readonly maxParallel: number | Template | undefined
      }
    | undefined
  readonly repeat:
    | {
        readonly until: Condition
        readonly max: number | Template
        readonly delayMs: number
        readonly onMax: 'fail' | 'stop'
      }
    | undefined
  readonly mutex: Template | undefined
  readonly isolation: 'worktree' | undefined
  readonly owns: readonly string[]
  readonly outputs: { readonly [name: string]: ValueSchema }
  readonly checks: readonly CheckPlan[]
  readonly env: { readonly [name: string]: Json }
  readonly cwd: Template | undefined
  /**
   * What the callee gets: an action, a sub-pipeline, a signal's payload. Read in the scope of the pipeline like every text
   * of a step: where a task's texts read `inputs`, compile has put in what this step gives.
   */
  readonly with: { readonly [name: string]: Json }
  readonly agent: string | undefined
  readonly task: string | undefined
  readonly phase: string | undefined
  /** Rules that bind what the step launches, strongest first resolved: deny wins. */
  readonly permissions: {
    readonly allow: readonly string[]
    readonly deny: readonly string[]
    readonly ask: { readonly [rule: string]: string }
  }
  /** Rules of `permissions.ask` that the approvals before it let through. */
  readonly granted?: readonly string[]
  /** A rule of the coordinator: put when the condition holds, over `payload` with these fields; who is told. */
  readonly escalation?: { readonly when: Condition; readonly to: string; readonly fields: readonly string[] }
  /** Where it is written, for messages: `release.yaml:42`. */
  readonly at: string
}

export type StepAction =
  | { readonly kind: 'run'; readonly script: string; readonly shell: 'sh' | 'bash' }
  | { readonly kind: 'run'; readonly argv: readonly Json[] }
  | { readonly kind: 'action'; readonly uses: string }
  | {
      readonly kind: 'http'
      readonly method: string
      readonly url: Json
      readonly headers: { readonly [name: string]: Json }
      readonly body: Json | undefined
      readonly expect: readonly number[] | undefined
    }
  | { readonly kind: 'pipeline'; readonly pipeline: string }
  | { readonly kind: 'signal'; readonly signal: string }
  | {
      readonly kind: 'approval'
      readonly prompt: Json
      readonly show: Json | undefined
      readonly from: readonly string[]
      readonly self: boolean
    }
  | {
      readonly kind: 'ask'
      readonly prompt: Json
      readonly from: readonly string[]
      readonly answer: { readonly [name: string]: ValueSchema }
    }
  | { readonly kind: 'wait'; readonly forMs: number | Template }
  | { readonly kind: 'wait'; readonly signal: string; readonly when: Condition | undefined }

export interface RetryPlan {
  /** Attempts in all, the first included. */
  readonly attempts: number | Template
  /** Names from `failures`, or `timeout`, `stall`, `check`; empty: every failure. */
  readonly only: readonly string[]
  readonly backoffMs: number
  readonly factor: number
  readonly maxMs: number
  /** Share of the delay that is spread, 0 to 1. */
  readonly jitter: number
}

export interface FailurePlan {
  /** Linear-time regular expression over the end of the step's output. */
  readonly match: string | undefined
  readonly exit: number | undefined
  readonly hint: string | undefined
  /** Repairs before the next attempt; itself a step body without retry. */
  readonly recover:
    | {
        readonly action: StepAction
        readonly with: { readonly [name: string]: Json }
        /** Over that of the step. */
        readonly env?: { readonly [name: string]: Json }
        /** Undefined: that of the step. */
        readonly cwd?: Template
        readonly timeoutMs: number | undefined
      }
    | undefined
}

export interface CheckPlan {
  readonly id: string
  readonly title: string | undefined
  readonly level: 'mandatory' | 'advisory'
  readonly when: Condition | undefined
  readonly paths: readonly string[]
  readonly timeoutMs: number | undefined
  readonly judge:
    | {
        readonly kind: 'step'
        readonly action: StepAction
        readonly with: { readonly [name: string]: Json }
        readonly env: { readonly [name: string]: Json }
        /** Undefined: that of the step. */
        readonly cwd?: Template
      }
    | { readonly kind: 'file'; readonly file: Json }
    | { readonly kind: 'require'; readonly require: Condition }
    | { readonly kind: 'ask'; readonly from: readonly string[] }
  readonly at: string
}

export interface GatePlan {
  readonly id: string
  readonly level: 'mandatory' | 'advisory'
  readonly when: Condition | undefined
  readonly paths: readonly string[]
  /** Steps that are judged; resolved at compile time (promise 10). */
  readonly of: readonly string[]
  /** Share of agent-step instances that must succeed, 0 to 1. */
  readonly success: number | undefined
  readonly mustPass: readonly string[]
  /** Steps that wait for the verdict; empty: the gate judges the end of the run. */
  readonly before: readonly string[]
  readonly bypass: 'never' | { readonly by: readonly string[] }
  readonly checks: readonly CheckPlan[]
  /** Rules that bind what its checks launch. */
  readonly permissions?: StepPlan['permissions']
  readonly at: string
}
