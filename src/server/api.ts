import type { Decision as Decided, RunOutcome, WaitingFor, WaitSpec } from '../events/events.ts'
import type { CheckState, GateState, RunState, StepState } from '../events/state.ts'
import type { Schemas } from '../plan/coordinator.ts'
import type { Outline } from '../plan/outline.ts'
import type { Liveness } from '../ports/store.ts'
import type { Json } from '../util/json.ts'
import type { Page } from '../views/report/page.ts'

/** What the page is told, as JSON. Plain data: whatever of it came from a run is shown as text, never as markup. */

export interface ProjectInfo {
  readonly name: string
  readonly root: string
  readonly stateDir: string
  readonly version: string
  /** Who decides here: the user that started `opsflow ui`. */
  readonly user: string
}

export interface RunRow {
  readonly run: string
  readonly pipeline: string | undefined
  readonly by: string | undefined
  readonly createdAt: number
  readonly endedAt: number | undefined
  /** One word, as `opsflow runs` says it: `live`, `parked`, `succeeded`. */
  readonly status: string
}

export interface RunFilter {
  /** A part of the run's id, its pipeline or who started it. */
  readonly text: string
  readonly pipeline: string
  readonly status: string
  readonly limit: number
}

export interface RunList {
  readonly runs: readonly RunRow[]
  /** How many fit the filter; `runs` holds the newest of them. */
  readonly total: number
  /** Of all runs, for the choices of the filter. */
  readonly pipelines: readonly string[]
  readonly statuses: readonly string[]
}

/** The graph of a run or a file; `calls` says which step of a pipeline runs which other. */
export interface PlanPicture {
  readonly outline: Outline
  readonly calls: { readonly [pipeline: string]: { readonly [step: string]: string } }
}

export interface QuestionPicture {
  readonly path: string
  readonly kind: WaitSpec['kind']
  readonly prompt: string
  readonly show: string | undefined
  readonly from: readonly string[]
  readonly deadlineMs: number | undefined
  /** Schema of an answer, by field. */
  readonly answer: Json | undefined
  /** Why the user of this page may not decide; absent: may. */
  readonly refused: string | undefined
  /** The commands that do the same. */
  readonly command: string
}

export interface CheckPicture {
  readonly id: string
  readonly status: CheckState['status']
  readonly level: CheckState['level']
  readonly message: string | undefined
}

export interface GatePicture {
  readonly path: string
  readonly gate: string
  readonly status: GateState['status']
  readonly level: GateState['level']
  readonly share: number | undefined
  readonly failing: readonly string[]
  readonly decided: GateState['decided']
  readonly checks: readonly CheckPicture[]
}

/** All of a run but its steps. */
export interface RunHead {
  readonly run: string
  readonly pipeline: string
  readonly status: string
  readonly phase: RunState['phase']
  readonly outcome: RunOutcome | undefined
  readonly liveness: Liveness
  readonly startedBy: string
  readonly createdAt: number
  readonly endedAt: number | undefined
  readonly waitingFor: WaitingFor | undefined
  readonly cancel: RunState['cancel']
  readonly inputs: RunState['inputs']
  readonly outputs: RunState['outputs']
  readonly labels: { readonly [name: string]: string }
  readonly nextSteps: readonly string[]
  readonly notes: RunState['notes']
  readonly questions: readonly QuestionPicture[]
  readonly gates: readonly GatePicture[]
  readonly scopes: readonly { readonly path: string; readonly pipeline: string }[]
  /** What the run sent, and what it waits for. */
  readonly signals: readonly SignalPicture[]
  /** What is wrong with its record; what is shown stands before it. */
  readonly damage: string | undefined
  /** The command that goes on with it, where nobody runs it. */
  readonly goOn: 'resume' | 'retry' | undefined
}

export interface SignalPicture {
  readonly kind: 'sent' | 'waiting' | 'received'
  readonly signal: string
  readonly path: string
  readonly at: number | undefined
  readonly payload: { readonly [name: string]: Json } | undefined
}

export interface StepPicture {
  readonly path: string
  readonly status: StepState['status']
  readonly waitingFor: WaitingFor | undefined
  readonly attempts: number
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly hint: string | undefined
  readonly outputs: { readonly [name: string]: Json } | undefined
  readonly decision: Decided | undefined
  readonly checks: readonly CheckPicture[] | undefined
  readonly late: true | undefined
  /** How many items a foreach has. */
  readonly items: number | undefined
}

/** What changed of a run since the last one. The first has everything. */
export interface RunChange {
  /** True: forget what was told before. */
  readonly fresh: boolean
  readonly plan: PlanPicture | undefined
  readonly head: RunHead
  readonly steps: readonly StepPicture[]
}

export interface LogInfo {
  readonly path: string
  readonly attempt: number
  /** Of a check or repair that was cut off and made again: 2, and so on. */
  readonly delivery: number
  readonly bytes: number
}

/** What a person does by the page: each is the command of that name. */
export type Act = Decision | Order

/** A word for the record of a run. */
export type Decision =
  | {
      readonly verb: 'approve' | 'reject'
      readonly run: string
      readonly path: string
      readonly comment: string | undefined
    }
  | { readonly verb: 'answer'; readonly run: string; readonly path: string; readonly values: Values }
  | {
      readonly verb: 'bypass'
      readonly run: string
      readonly path: string
      readonly reason: string
      readonly expires: string
    }
  | { readonly verb: 'note'; readonly run: string; readonly text: string }

/** What has a run begin, go on or end: done by a process of its own. */
export type Order =
  | { readonly verb: 'resume'; readonly run: string }
  /** `step`: this one instead of what failed. */
  | { readonly verb: 'retry'; readonly run: string; readonly step: string | undefined }
  | { readonly verb: 'cancel'; readonly run: string; readonly reason: string | undefined; readonly kill: boolean }
  /** `name`: of the signal or the pipeline; `values`: its payload or inputs, as typed. */
  | { readonly verb: 'signal' | 'run'; readonly name: string; readonly values: Values }

type Values = { readonly [name: string]: string }

/** What became of it, in the words of the command that does the same. */
export interface Told {
  readonly ok: boolean
  readonly message: string
  readonly hint?: string | undefined
  /** The run that began or goes on. */
  readonly run?: string | undefined
}

/** Which report: of one run, or of many. */
export interface ReportAsked {
  readonly run?: string | undefined
  readonly since?: string | undefined
  readonly pipeline?: string | undefined
}

/** `page`: as blocks, in a `ReportPicture`; the rest as `opsflow report --format` prints it. */
export const REPORT_FORMS = ['page', 'markdown', 'json', 'html'] as const
export type ReportForm = (typeof REPORT_FORMS)[number]

export interface ReportPicture {
  readonly page: Page
  /** What is missing in it, and why. */
  readonly fault: string | undefined
}

export interface FileRow {
  readonly path: string
  readonly kind: string
  readonly name: string | undefined
  readonly errors: number
  readonly warnings: number
}

export interface Finding {
  readonly code: string
  readonly severity: string
  readonly message: string
  readonly hint: string | undefined
  readonly path: string
  readonly line: number
  readonly column: number
}

export interface FilePicture extends FileRow {
  readonly text: string
  readonly findings: readonly Finding[]
  /** Of a pipeline that compiles. */
  readonly plan: PlanPicture | undefined
  readonly inputs: Schemas | undefined
}

export interface CoordinatorPicture {
  readonly name: string
  readonly file: string
  readonly description: string | undefined
  readonly signals: readonly {
    readonly signal: string
    readonly from: readonly string[]
    /** What every signal of this name carries. */
    readonly payload: readonly string[]
    /** All that it may carry: what the pipelines that answer take, too. */
    readonly fields: Schemas
    readonly forward: string | undefined
    readonly routes: readonly { readonly when: string | undefined; readonly pipeline: string }[]
  }[]
  /** Why it is not shown, where its file has faults. */
  readonly fault: string | undefined
}
