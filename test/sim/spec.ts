import type { NeedOn } from '../../src/plan/plan.ts'

/**
 * What one simulated case is: plain data, made from a seed by generate.ts, cut down by shrink.ts, turned into a Plan by
 * plans.ts, played by world.ts and judged by oracle/. Conditions are kept as data here, so that the oracle can work
 * them out without the expression library that drive uses.
 */
export interface Scenario {
  readonly seed: number
  readonly pipelines: { readonly [name: string]: PipelineSpec }
  /** So many steps of the one agent may work at once, over the whole run. */
  readonly agents: number | undefined
  /** Runs of the same plan in one store; more than one contend for its locks. */
  readonly runs: number
  /** How arrivals reach the scheduler: one a turn, all of an instant together, or all of the last moments together. */
  readonly batching: 'each' | 'together' | 'lagged'
  readonly trouble: Trouble
  /** Steps of the root that were approved beforehand. */
  readonly approve: readonly string[]
}

/** An ended run is opened again by intent. */
export interface Reopen {
  readonly afterMs: number
  /** Undefined: what failed. Else so many steps, chosen by `salt` among those on record. */
  readonly named: number | undefined
  readonly salt: string
}

/** The run goes on by other pipelines. */
interface Replan {
  /** At this opening of the first run, or the first one after it at which the run has begun and not ended. */
  readonly opening: number
  /** Who brings them. */
  readonly by: string
  readonly pipelines: Scenario['pipelines']
}

export const ROOT = 'main'

/** Where in the life of a commit its owner can be lost. */
export const PHASES = ['before-commit', 'torn', 'after-commit', 'effects', 'idle', 'refused', 'unsure'] as const

export interface Trouble {
  /** By the number of the commit in the life of the first run. */
  readonly crashes: readonly Crash[]
  readonly cancel:
    | { readonly atMs: number; readonly hard: boolean; readonly killAfterMs: number | undefined }
    | undefined
  readonly jumps: readonly { readonly atMs: number; readonly byMs: number }[]
  readonly full: readonly { readonly atMs: number; readonly forMs: number }[]
  /** Commits of the first run that fail for a while: the file is busy. */
  readonly busy: readonly { readonly commit: number; readonly times: number }[]
  /** What works then is held up so much longer; undefined: it never ends by itself any more. */
  readonly slow: readonly { readonly atMs: number; readonly byMs: number | undefined }[]
  /** Every so-manieth arrival comes once more, after a while. */
  readonly doubled: { readonly every: number; readonly afterMs: number } | undefined
  /** Nobody tells an owner what came (a row, a free lock): it sees it when it looks the next time. */
  readonly deaf: readonly { readonly atMs: number; readonly forMs: number }[]
  /** The supervisor dies, and with it what it started and the word of how that ended. */
  readonly unsupervised: readonly { readonly atMs: number }[]
  /** What people say without being asked, or long after. */
  readonly words: readonly Word[]
  /** Two open a run at once that parked or whose owner died. */
  readonly rivals: boolean
  /** SIGHUP. */
  readonly hangUp: { readonly atMs: number } | undefined
  /** No terminal: the run may park. */
  readonly detached: boolean
  readonly reopens: readonly Reopen[]
  readonly replan: Replan | undefined
}

/** A row that somebody puts into the inbox of a run at some moment. */
export interface Word {
  /** `asked`: so long after the next question that the run asks, and about it; else at this time, about any path. */
  readonly asked: boolean
  readonly atMs: number
  readonly kind: 'approve' | 'reject' | 'answer' | 'rerun' | 'bypass' | 'signal' | 'note'
  /** So long a bypass counts; undefined: for ever. */
  readonly expiresMs: number | undefined
  readonly name: string
  readonly salt: number
}

export interface Crash {
  /** Which of the runs; left out: the first. */
  readonly run?: number
  readonly commit: number
  /**
   * `torn`: in the middle of writing the commit, which is cut off when the record is opened next; `effects`: after the
   * first effect of the turn; `idle`: while it waits for the next arrival; `refused`: the commit fails for good, and its
   * owner gives up; `unsure`: so it is told, and all of it was written.
   */
  readonly phase: (typeof PHASES)[number]
  /** Its processes live on until the next opening reaps them. */
  readonly orphans: boolean
  /** The owner was only frozen: it wakes up after another took over. */
  readonly revived: boolean
  readonly downMs: number
}

export interface PipelineSpec {
  readonly name: string
  readonly steps: readonly StepSpec[]
  readonly gates: readonly GateSpec[]
  readonly failFast: boolean
  readonly maxParallel: number
  readonly timeoutMs: number | undefined
  readonly mutex: string | undefined
  readonly finallyTimeoutMs: number
}

export interface NeedSpec {
  readonly step: string
  readonly on: NeedOn
}

export interface StepSpec {
  readonly id: string
  readonly section: 'steps' | 'finally'
  readonly action:
    | { readonly kind: 'run' }
    | { readonly kind: 'pipeline'; readonly pipeline: string }
    | { readonly kind: 'approval'; readonly from: readonly string[]; readonly self: boolean }
    | { readonly kind: 'ask'; readonly from: readonly string[] }
    | { readonly kind: 'timer'; readonly ms: number }
    /** `picky`: only a payload whose `flag` is true will do. */
    | { readonly kind: 'listen'; readonly signal: string; readonly picky: boolean }
    | { readonly kind: 'signal'; readonly signal: string }
  /** Done by an agent: counts in the share of a gate. */
  readonly agent: boolean
  readonly needs: readonly NeedSpec[]
  readonly quorum: { readonly share: number } | { readonly count: number } | undefined
  readonly when: Cond | undefined
  readonly timeoutMs: number | undefined
  readonly dueMs: number | undefined
  readonly graceMs: number
  readonly onTimeout: 'fail' | 'reject' | 'escalate'
  readonly stallMs: number | undefined
  readonly retry:
    | { readonly attempts: number; readonly backoffMs: number; readonly only: readonly string[] }
    | undefined
  /** Named failures; true: with a repair before the next attempt. */
  readonly failures: { readonly [name: string]: boolean }
  readonly allowFailure: boolean
  readonly effects: 'none' | 'workspace' | 'external'
  readonly interrupted: 'rerun' | 'fail' | 'ask'
  readonly foreach: ForeachSpec | undefined
  /** `until` holds from this pass on (0: never). */
  readonly repeat:
    | { readonly passes: number; readonly max: number; readonly delayMs: number; readonly onMax: 'fail' | 'stop' }
    | undefined
  readonly mutex: string | undefined
  readonly checks: readonly CheckSpec[]
  readonly behaviour: Behaviour
  /** What people do about an approval, an answer, a signal or an interrupted step. */
  readonly people: readonly PersonSpec[]
  /** Counts the versions of its text: a step with another one is another step to a plan, and runs all the same. */
  readonly edition: number
}

/** `touched`: whether the run changed a file that the check is about; undefined: it is about no files. */
export interface CheckSpec {
  readonly id: string
  readonly level: 'mandatory' | 'advisory'
  /** The first so many judgements fail. */
  readonly fails: number
  readonly by: 'program' | 'person'
  readonly touched: boolean | undefined
}

export interface ForeachSpec {
  /** `from`: the list is an output of that step, known at run time. */
  readonly from: string | undefined
  readonly items: readonly { readonly key: string; readonly needs: readonly string[]; readonly fails: boolean }[]
  readonly maxParallel: number | undefined
}

/** What a process of the step does. */
export interface Behaviour {
  readonly durationMs: number
  /** The first so many attempts fail. */
  readonly fails: number
  readonly failure: string | undefined
  /** It never ends by itself. */
  readonly hangs: boolean
  /** It ignores TERM: ends at KILL. */
  readonly stubborn: boolean
}

export interface PersonSpec {
  readonly afterMs: number
  readonly verb: 'yes' | 'no'
  readonly name: string
}

export interface GateSpec {
  readonly id: string
  readonly level: 'mandatory' | 'advisory'
  readonly when: Cond | undefined
  readonly of: readonly string[]
  readonly success: number | undefined
  readonly mustPass: readonly string[]
  readonly before: readonly string[]
  readonly bypass: 'never' | readonly string[]
  readonly checks: readonly CheckSpec[]
  readonly touched: boolean | undefined
  readonly people:
    | {
        readonly afterMs: number
        readonly verb: 'bypass' | 'reject'
        /** So long a bypass counts; undefined: for ever. */
        readonly expiresMs: number | undefined
      }
    | undefined
}

export type Cond =
  | { readonly kind: 'const'; readonly value: boolean }
  | { readonly kind: 'input'; readonly value: boolean }
  | { readonly kind: 'status'; readonly step: string; readonly equal: boolean; readonly status: string }
  | { readonly kind: 'output'; readonly step: string }
  | { readonly kind: 'error' }
  | { readonly kind: 'run-outcome'; readonly equal: boolean; readonly outcome: string }
  | { readonly kind: 'not'; readonly of: Cond }
  | { readonly kind: 'and' | 'or'; readonly left: Cond; readonly right: Cond }

/** What a condition may read. `undefined` of `status` and `output` is null: nothing there yet. */
export interface CondWorld {
  status(step: string): string | undefined
  /** The output `flag`; undefined when the step did not succeed. */
  flag(step: string): boolean | undefined
  runOutcome: string | undefined
  input: boolean
}

/** Works a condition out by itself; `error` where the expression must fail. */
export function evaluateCond(cond: Cond, world: CondWorld): boolean | 'error' {
  switch (cond.kind) {
    case 'const':
      return cond.value
    case 'input':
      return world.input === cond.value
    case 'status':
      return (world.status(cond.step) === cond.status) === cond.equal
    case 'output':
      return world.flag(cond.step) === true
    case 'error':
      return 'error'
    case 'run-outcome':
      return (world.runOutcome === cond.outcome) === cond.equal
    case 'not': {
      const inner = evaluateCond(cond.of, world)
      return inner === 'error' ? 'error' : !inner
    }
    case 'and':
    case 'or': {
      const stop = cond.kind === 'or'
      const left = evaluateCond(cond.left, world)
      const right = evaluateCond(cond.right, world)
      if (left === stop || right === stop) return stop
      return left === 'error' || right === 'error' ? 'error' : !stop
    }
  }
}

/** The same condition as an author writes it. */
export function condText(cond: Cond): string {
  switch (cond.kind) {
    case 'const':
      return String(cond.value)
    case 'input':
      return `inputs.flag == ${cond.value}`
    case 'status':
      return `steps.${cond.step}.status ${cond.equal ? '==' : '!='} "${cond.status}"`
    case 'output':
      return `steps.${cond.step}.outputs.flag == true`
    case 'error':
      return 'inputs.list[7] == 1'
    case 'run-outcome':
      return `run.outcome ${cond.equal ? '==' : '!='} "${cond.outcome}"`
    case 'not':
      return `!(${condText(cond.of)})`
    case 'and':
      return `(${condText(cond.left)}) && (${condText(cond.right)})`
    case 'or':
      return `(${condText(cond.left)}) || (${condText(cond.right)})`
  }
}

/** The steps that a condition reads. */
export function condSteps(cond: Cond | undefined): string[] {
  if (cond === undefined) return []
  if (cond.kind === 'status' || cond.kind === 'output') return [cond.step]
  if (cond.kind === 'not') return condSteps(cond.of)
  if (cond.kind === 'and' || cond.kind === 'or') return [...condSteps(cond.left), ...condSteps(cond.right)]
  return []
}
