// Made from schemas/ by `npm run generate`. Edit the schemas, not this file.
import type { Json } from '../../util/json.ts'

/**
 * What `opsflow lint --format json` prints
 */
export interface LintOutput {
  /**
   * Version of this form
   */
  readonly format: 1
  /**
   * Files that were read
   */
  readonly files: number
  /**
   * Fixes that `--fix` applied
   */
  readonly fixed: number
  /**
   * Findings that fail
   */
  readonly errors: number
  /**
   * Findings that `--max-warnings` counts
   */
  readonly warnings: number
  /**
   * Findings that never fail
   */
  readonly infos: number
  /**
   * All findings, by file and place
   */
  readonly diagnostics: readonly Finding[]
}

/**
 * What `opsflow plan --format json` prints. Times are milliseconds
 */
export interface PlanOutput {
  /**
   * The plan's hash
   */
  readonly plan: string
  /**
   * The pipeline that was asked for
   */
  readonly root: string
  /**
   * Role -> persons
   */
  readonly people: {
    readonly [k: string]: readonly string[]
  }
  /**
   * The one that was asked for, then those it runs
   */
  readonly pipelines: readonly PlannedPipeline[]
}

/**
 * A run, as `opsflow show --json` and `opsflow run --json` print it. Times are epoch milliseconds
 */
export interface RunOutput {
  /**
   * Its id
   */
  readonly run: string
  /**
   * The pipeline
   */
  readonly pipeline: string
  /**
   * Hash of the plan that it runs
   */
  readonly planHash: string
  /**
   * What the record says
   */
  readonly phase: 'running' | 'parked' | 'ended'
  /**
   * What its owner's locks say
   */
  readonly liveness: 'live' | 'ending' | 'interrupted' | 'free'
  /**
   * How it ended
   */
  readonly outcome?: RunOutcome
  /**
   * Why it ended so
   */
  readonly reason?: string
  /**
   * What it was given
   */
  readonly inputs: JsonObject
  /**
   * What it gave
   */
  readonly outputs: JsonObject
  /**
   * What a person does next
   */
  readonly nextSteps: readonly string[]
  /**
   * Who started it
   */
  readonly startedBy: Person
  /**
   * When it began
   */
  readonly createdAt: number
  /**
   * When it ended
   */
  readonly endedAt?: number
  /**
   * What a parked run waits for
   */
  readonly parkedFor: readonly string[]
  /**
   * Steps to which something happened, in that order
   */
  readonly steps: readonly RunStep[]
  /**
   * Gates that were judged
   */
  readonly gates: readonly RunGate[]
  /**
   * What people noted
   */
  readonly notes: readonly RunNote[]
}

/**
 * What `opsflow doctor --json` prints
 */
export interface DoctorOutput {
  /**
   * Version of this form
   */
  readonly format: 1
  /**
   * Version of opsflow
   */
  readonly version: string
  /**
   * Findings without whose remedy runs fail; any makes the exit code 1
   */
  readonly errors: number
  /**
   * Findings that some runs fail for; `--strict` makes them the exit code 1 too
   */
  readonly warnings: number
  /**
   * What was looked at, in the order of the text
   */
  readonly findings: readonly DoctorFinding[]
}

/**
 * A run's result, as `opsflow report RUN --json` prints it. Times are epoch milliseconds
 */
export interface ReportOutput {
  /**
   * Version of this form
   */
  readonly format: 1
  /**
   * Its id
   */
  readonly run: string
  /**
   * The pipeline
   */
  readonly pipeline: string
  /**
   * What the pipeline is for
   */
  readonly description?: string
  /**
   * Hash of the plan that it followed last
   */
  readonly planHash: string
  /**
   * The opsflow that began it
   */
  readonly version: string
  /**
   * Who started it
   */
  readonly startedBy: string
  /**
   * The signal that asked for it
   */
  readonly cause?: ReportCause
  /**
   * Parts that Markdown and HTML show, in order, as its coordinator chose them; left out: all
   */
  readonly sections?: readonly ('summary' | 'deliverables' | 'contributions' | 'gates' | 'issues' | 'next_steps')[]
  /**
   * Where it stands: how it ended, or what it does now
   */
  status:
    | 'live'
    | 'ending'
    | 'interrupted'
    | 'parked'
    | 'succeeded'
    | 'succeeded-with-failures'
    | 'partial'
    | 'failed'
    | 'escalated'
    | 'cancelled'
  /**
   * Why it ended so
   */
  readonly reason?: string
  /**
   * When it began
   */
  readonly createdAt: number
  /**
   * When it ended
   */
  readonly endedAt?: number
  /**
   * The moment that the report is of: the end, or now
   */
  readonly asOf: number
  /**
   * From its begin to that moment, whatever it waited for
   */
  readonly durationMs: number
  /**
   * The part of it in which something of it ran: without waiting for people, signals, locks and timers
   */
  readonly workedMs: number
  /**
   * What it was given
   */
  readonly inputs: ReportValues
  /**
   * How many steps stand how
   */
  readonly counts: ReportCounts
  /**
   * Attempts, and whole pipelines, that ran out of time
   */
  readonly timeouts: number
  /**
   * Times that an attempt was tried again
   */
  readonly retries: number
  /**
   * Its gates
   */
  readonly gates: ReportGates
  /**
   * What it was to give
   */
  readonly deliverables: readonly ReportDeliverable[]
  /**
   * Who did what
   */
  readonly contributions: ReportContributions
  /**
   * What went wrong, the worst first
   */
  readonly issues: readonly ReportIssue[]
  /**
   * What was not done
   */
  readonly undone: readonly ReportUndone[]
  /**
   * What was handed up
   */
  readonly escalations: readonly ReportEscalation[]
  /**
   * Work that went from one to another
   */
  readonly handoffs: readonly ReportHandoff[]
  /**
   * What people noted
   */
  readonly notes: readonly ReportNote[]
  /**
   * What a person does next
   */
  readonly nextSteps: readonly ReportNextStep[]
}

/**
 * Many runs at a glance, as `opsflow report --since 7d --json` prints it. Times are epoch milliseconds, percentiles are of the nearest rank
 */
export interface OverviewOutput {
  /**
   * Version of this form
   */
  readonly format: 1
  /**
   * Runs that began at this moment or later; left out: from the first one on
   */
  readonly since?: number
  /**
   * Runs that began before this moment
   */
  readonly until: number
  /**
   * Only runs of this pipeline
   */
  readonly pipeline?: string
  /**
   * All of them together
   */
  readonly total: OverviewMeasures
  /**
   * By pipeline
   */
  readonly pipelines: readonly OverviewPipeline[]
  /**
   * By the signal that asked for them
   */
  readonly signals: readonly OverviewSignal[]
  /**
   * By agent
   */
  readonly agents: readonly OverviewAgent[]
  /**
   * What the coordinators of the project ask of their runs; none where only one pipeline was asked for
   */
  readonly targets: readonly OverviewTarget[]
  /**
   * What failed most often, at most ten
   */
  readonly failures: readonly OverviewFailure[]
  /**
   * Runs that cannot be read and are not counted
   */
  readonly unread: readonly string[]
}

/**
 * One finding: what is wrong, where, what to do
 */
export interface Finding {
  /**
   * Its code; never renamed
   */
  readonly code: string
  /**
   * How serious it is
   */
  readonly severity: 'error' | 'warning' | 'info'
  /**
   * What is wrong
   */
  readonly message: string
  /**
   * The file, from the working directory where it lies below
   */
  readonly path: string
  /**
   * Where it begins
   */
  readonly start: Position
  /**
   * Where it ends: the first place behind it
   */
  readonly end: Position
  /**
   * The other ends of it
   */
  readonly related?: readonly RelatedPlace[]
  /**
   * What to do
   */
  readonly hint?: string
  /**
   * The edit that mends it
   */
  readonly fix?: Fix
}

/**
 * A place in a file
 */
export interface Position {
  /**
   * From 1
   */
  readonly line: number
  /**
   * From 1, in UTF-16 units
   */
  readonly column: number
  /**
   * From 0, in UTF-16 units from the begin of the file
   */
  readonly offset: number
}

/**
 * Another end of a finding
 */
export interface RelatedPlace {
  /**
   * What is there
   */
  readonly message: string
  /**
   * The file
   */
  readonly path: string
  /**
   * Where it begins
   */
  readonly start: Position
  /**
   * Where it ends
   */
  readonly end: Position
}

/**
 * Edits that mend a finding
 */
export interface Fix {
  /**
   * What it does
   */
  readonly title: string
  /**
   * True: it cannot change what the file means beyond mending it
   */
  readonly safe: boolean
  /**
   * What is replaced
   */
  readonly edits: readonly Edit[]
}

/**
 * A replacement
 */
export interface Edit {
  /**
   * Offset of the first character that goes
   */
  readonly start: number
  /**
   * Offset behind the last one
   */
  readonly end: number
  /**
   * What comes in its place
   */
  readonly text: string
}

/**
 * Names
 */
export type Names = readonly string[]

/**
 * A text, or null where there is none
 */
export type TextOrNull = string | null

/**
 * A number, or the expression that gives it
 */
export type NumberOrTemplate = number | string | null

/**
 * A pipeline as it would run
 */
export interface PlannedPipeline {
  /**
   * Its name
   */
  readonly name: string
  /**
   * Its file
   */
  readonly file: string
  /**
   * What it is for
   */
  readonly description: TextOrNull
  /**
   * What a caller gives
   */
  readonly inputs: readonly PlannedInput[]
  /**
   * What callers see
   */
  readonly outputs: readonly PlannedOutput[]
  /**
   * Steps by the earliest moment they can start; a picture, not a barrier
   */
  readonly waves: readonly Names[]
  /**
   * Its steps in source order
   */
  readonly steps: readonly PlannedStep[]
  /**
   * Its gates
   */
  readonly gates: readonly PlannedGate[]
  /**
   * The steps that decide how long it takes
   */
  readonly criticalPath: Names
  /**
   * How long it can take at most
   */
  readonly worstCase: WorstCase
  /**
   * Steps at once
   */
  readonly maxParallel: NumberOrTemplate
  /**
   * The strongest of its steps
   */
  readonly effects: 'none' | 'workspace' | 'external'
  /**
   * Secrets that it may read
   */
  readonly secrets: Names
}

/**
 * An input of a pipeline
 */
export interface PlannedInput {
  /**
   * Its name
   */
  readonly name: string
  /**
   * What it may be
   */
  readonly type: string
  /**
   * True: a caller must give it
   */
  readonly required: boolean
  /**
   * What it is for
   */
  readonly description: TextOrNull
}

/**
 * An output of a pipeline
 */
export interface PlannedOutput {
  /**
   * Its name
   */
  readonly name: string
  /**
   * Its label in reports
   */
  readonly deliverable: TextOrNull
}

/**
 * A step as it would run
 */
export interface PlannedStep {
  /**
   * Its name
   */
  readonly id: string
  /**
   * Where it stands
   */
  readonly section: 'steps' | 'finally'
  /**
   * What kind of step it is
   */
  readonly kind: 'run' | 'agent' | 'action' | 'http' | 'pipeline' | 'signal' | 'approval' | 'ask' | 'wait'
  /**
   * What it does, in one line
   */
  readonly does: string
  /**
   * What must end first
   */
  readonly needs: readonly PlannedNeed[]
  /**
   * Gates whose verdict it waits for
   */
  readonly gates: Names
  /**
   * Its condition
   */
  readonly when: TextOrNull
  /**
   * What it can change
   */
  readonly effects: 'none' | 'workspace' | 'external'
  /**
   * What a crash in the middle means
   */
  readonly interrupted: 'rerun' | 'fail' | 'ask'
  /**
   * Ends an attempt
   */
  readonly timeout: NumberOrTemplate
  /**
   * Attempts in all
   */
  readonly attempts: NumberOrTemplate
  /**
   * True: one instance for each item
   */
  readonly foreach: boolean
  /**
   * The most passes
   */
  readonly repeat: NumberOrTemplate
  /**
   * True: the run goes on after its failure
   */
  readonly allowFailure: boolean
  /**
   * Whose task it is
   */
  readonly agent: TextOrNull
  /**
   * Which task
   */
  readonly task: TextOrNull
  /**
   * Its checks
   */
  readonly checks: Names
  /**
   * The name it holds alone
   */
  readonly mutex: TextOrNull
  /**
   * How many of its needs are enough: a number, or a share such as `80%`
   */
  readonly quorum: TextOrNull
  /**
   * Rules over what it launches
   */
  readonly permissions: PlannedPermissions
  /**
   * Paths that it may write
   */
  readonly owns: Names
  /**
   * How long it can take at most
   */
  readonly worstCase: PlanTime
  /**
   * Where it is written
   */
  readonly at: string
}

/**
 * What must end first, and how
 */
export interface PlannedNeed {
  /**
   * The step
   */
  readonly step: string
  /**
   * How it must have ended; `ok` is the list form of `needs`
   */
  readonly on: 'ok' | 'succeeded' | 'completed' | 'failed'
}

/**
 * Rules over what is launched
 */
export interface PlannedPermissions {
  /**
   * What may be done
   */
  readonly allow: Names
  /**
   * What may never be done
   */
  readonly deny: Names
  /**
   * What needs somebody's word
   */
  readonly ask: {
    readonly [k: string]: string
  }
}

/**
 * A gate as it would judge
 */
export interface PlannedGate {
  /**
   * Its name
   */
  readonly id: string
  /**
   * Whether a failure blocks
   */
  readonly level: 'mandatory' | 'advisory'
  /**
   * Steps that are judged
   */
  readonly of: Names
  /**
   * Share of agent steps that must succeed, 0 to 1
   */
  readonly success: number | null
  /**
   * Steps that must succeed
   */
  readonly mustPass: Names
  /**
   * Steps that wait for the verdict
   */
  readonly before: Names
  /**
   * Roles that may let it pass; none: never
   */
  readonly bypass: Names
  /**
   * Its checks
   */
  readonly checks: Names
}

/**
 * The longest times
 */
export interface WorstCase {
  /**
   * Working time: without waiting for people, signals, locks and timers
   */
  readonly work: PlanTime
  /**
   * All time
   */
  readonly elapsed: PlanTime
}

/**
 * A longest time, or why there is none
 */
export interface PlanTime {
  /**
   * Milliseconds; null: without limit
   */
  readonly ms: number | null
  /**
   * False: there is no limit
   */
  readonly limited: boolean
  /**
   * Why there is no limit
   */
  readonly reasons: Names
}

/**
 * Values by name
 */
export interface JsonObject {
  readonly [k: string]: unknown
}

/**
 * How a run ended
 */
export type RunOutcome = 'succeeded' | 'succeeded-with-failures' | 'partial' | 'failed' | 'escalated' | 'cancelled'

/**
 * Who did something: on a local store the operating-system user
 */
export interface Person {
  /**
   * The user's name
   */
  readonly name: string
  /**
   * The user's number
   */
  readonly uid?: number
}

/**
 * A step, one instance of a `foreach`, or one pass of a `repeat`
 */
export interface RunStep {
  /**
   * Its path in the run
   */
  readonly path: string
  /**
   * Where it stands
   */
  status:
    | 'pending'
    | 'waiting'
    | 'running'
    | 'succeeded'
    | 'failed'
    | 'skipped'
    | 'cancelled'
    | 'timed-out'
    | 'stalled'
    | 'interrupted'
  /**
   * Why, in a word
   */
  readonly reason?: string
  /**
   * Why, for a person
   */
  readonly message?: string
  /**
   * What to do
   */
  readonly hint?: string
  /**
   * Attempts that began
   */
  readonly attempts: number
  /**
   * When the first attempt began
   */
  readonly startedAt?: number
  /**
   * When it ended
   */
  readonly endedAt?: number
  /**
   * What it gave
   */
  readonly outputs?: JsonObject
  /**
   * Of a sub-pipeline: how it ended
   */
  readonly outcome?: RunOutcome
  /**
   * What it waits for
   */
  readonly waitingFor?: WaitingFor
  /**
   * What it asks people
   */
  readonly question?: Question
  /**
   * What was decided
   */
  readonly decision?: Decision
  /**
   * True: its `due` passed
   */
  readonly late?: true
  /**
   * Evidence that was collected
   */
  readonly checks?: readonly RunCheck[]
}

/**
 * What a step waits for, by name
 */
export interface WaitingFor {
  /**
   * What kind of thing
   */
  readonly kind: 'slot' | 'lock' | 'gate' | 'backoff' | 'timer' | 'approval' | 'answer' | 'signal'
  /**
   * Of locks: their names
   */
  readonly keys?: readonly string[]
  /**
   * The gate
   */
  readonly gate?: string
  /**
   * The attempt that comes next
   */
  readonly attempt?: number
  /**
   * When it ends
   */
  readonly untilMs?: number
  /**
   * What is asked
   */
  readonly prompt?: string
  /**
   * Who may decide; none: anyone
   */
  readonly from?: readonly string[]
  /**
   * The signal
   */
  readonly signal?: string
}

/**
 * A question to people
 */
export interface Question {
  /**
   * What kind of question
   */
  readonly kind: 'approval' | 'answer' | 'signal' | 'bypass' | 'interrupted'
  /**
   * What is asked
   */
  readonly prompt: string
  /**
   * Who may decide; none: anyone
   */
  readonly from: readonly string[]
  /**
   * After this it is too late
   */
  readonly deadlineMs?: number
}

/**
 * What was decided, by whom
 */
export interface Decision {
  /**
   * The decision
   */
  readonly verdict: 'approved' | 'rejected' | 'answered' | 'received' | 'bypassed' | 'rerun' | 'expired'
  /**
   * Who decided
   */
  readonly by?: Person
  /**
   * When
   */
  readonly at: number
  /**
   * Why
   */
  readonly comment?: string
  /**
   * When a bypass ends
   */
  readonly expiresAt?: number
  /**
   * The answer, or the payload
   */
  readonly values?: JsonObject
  /**
   * Row of the inbox that it came from
   */
  readonly row?: number
  /**
   * Id of the signal of the same run that was taken
   */
  readonly signal?: string
}

/**
 * Evidence
 */
export interface RunCheck {
  /**
   * The check
   */
  readonly id: string
  /**
   * What it says
   */
  readonly status: 'running' | 'passed' | 'failed' | 'skipped'
  /**
   * Whether a failure blocks
   */
  readonly level?: 'mandatory' | 'advisory'
  /**
   * What was found
   */
  readonly message?: string
}

/**
 * A verdict
 */
export interface RunGate {
  /**
   * Its path in the run
   */
  readonly path: string
  /**
   * The gate
   */
  readonly gate: string
  /**
   * The verdict
   */
  readonly status: 'pending' | 'passed' | 'failed' | 'held' | 'bypassed'
  /**
   * Whether a failure blocks
   */
  readonly level: 'mandatory' | 'advisory'
  /**
   * Share of agent steps that succeeded, 0 to 1
   */
  readonly share?: number
  /**
   * What failed it
   */
  readonly failing: readonly string[]
  /**
   * Who bypassed or rejected it
   */
  readonly decided?: GateDecision
}

/**
 * A person's word on a held gate
 */
export interface GateDecision {
  /**
   * Who
   */
  readonly by: Person
  /**
   * Why
   */
  readonly reason: string
  /**
   * When
   */
  readonly at: number
}

/**
 * What a person noted
 */
export interface RunNote {
  /**
   * Who
   */
  readonly by: Person
  /**
   * When
   */
  readonly at: number
  /**
   * The note
   */
  readonly text: string
}

/**
 * One thing that was looked at
 */
export interface DoctorFinding {
  /**
   * What was looked at
   */
  id:
    | 'node'
    | 'git'
    | 'git-identity'
    | 'work-tree'
    | 'state'
    | 'state-access'
    | 'state-locks'
    | 'state-file-system'
    | 'disk-space'
    | 'project'
    | 'agents'
    | 'secrets'
    | 'editor-schemas'
    | 'supervisor'
  /**
   * How serious it is
   */
  readonly status: 'ok' | 'info' | 'warning' | 'error'
  /**
   * What was found
   */
  readonly message: string
  /**
   * What to do; with every finding that is not `ok`
   */
  readonly remedy?: string
}

/**
 * How many of each, by name
 */
export interface ReportCounts {
  readonly [k: string]: number
}

/**
 * Values by name
 */
export interface ReportValues {
  readonly [k: string]: unknown
}

/**
 * The signal that asked for a run
 */
export interface ReportCause {
  /**
   * Who answered it
   */
  readonly coordinator: string
  /**
   * The signal
   */
  readonly signal: string
}

/**
 * The gates of a run
 */
export interface ReportGates {
  /**
   * Gates that passed
   */
  readonly passed: number
  /**
   * Gates of the pipelines that ran
   */
  readonly total: number
  /**
   * Each of them
   */
  readonly verdicts: readonly ReportGate[]
}

/**
 * A gate and its verdict
 */
export interface ReportGate {
  /**
   * Its path in the run
   */
  readonly path: string
  /**
   * Its name
   */
  readonly gate: string
  /**
   * The verdict; `pending` where it was not judged
   */
  readonly status: 'pending' | 'passed' | 'failed' | 'held' | 'bypassed'
  /**
   * Whether a failure blocks
   */
  readonly level: 'mandatory' | 'advisory'
  /**
   * Share of agent steps that succeeded, 0 to 1
   */
  readonly share?: number
  /**
   * What failed it
   */
  readonly failing: readonly string[]
  /**
   * Its evidence
   */
  readonly checks: readonly ReportCheck[]
  /**
   * A person's word on it
   */
  readonly decided?: ReportDecided
}

/**
 * A check of a gate
 */
export interface ReportCheck {
  /**
   * The check
   */
  readonly id: string
  /**
   * What it says
   */
  readonly status: 'running' | 'passed' | 'failed' | 'skipped'
  /**
   * Whether a failure blocks
   */
  readonly level?: 'mandatory' | 'advisory'
  /**
   * What was found
   */
  readonly message?: string
}

/**
 * A person's word on a gate
 */
export interface ReportDecided {
  /**
   * Who
   */
  readonly by: string
  /**
   * Why
   */
  readonly reason: string
  /**
   * When
   */
  readonly at: number
  /**
   * When a bypass ends
   */
  readonly expiresAt?: number
}

/**
 * An output of the pipeline
 */
export interface ReportDeliverable {
  /**
   * Its name
   */
  readonly name: string
  /**
   * What people call it
   */
  readonly label?: string
  /**
   * What it is; null: it was not delivered
   */
  readonly value: Json
}

/**
 * Who did what, and how long it took
 */
export interface ReportContributions {
  /**
   * By agent
   */
  readonly agents: readonly ReportAgent[]
  /**
   * What people did, in order
   */
  readonly people: readonly ReportDeed[]
  /**
   * By phase, where steps name one
   */
  readonly phases: readonly ReportPhase[]
  /**
   * Steps to which something happened: each before what it holds, else in that order
   */
  readonly steps: readonly ReportStep[]
}

/**
 * The work of an agent in a run
 */
export interface ReportAgent {
  /**
   * The agent
   */
  readonly agent: string
  /**
   * Steps of its tasks that began or were to begin
   */
  readonly steps: number
  /**
   * Of them succeeded
   */
  readonly succeeded: number
  /**
   * Of them failed, timed out, stalled or were cut off
   */
  readonly failed: number
  /**
   * Times that an attempt was tried again
   */
  readonly retries: number
  /**
   * Attempts that ran out of time
   */
  readonly timeouts: number
  /**
   * What its attempts took, added up
   */
  readonly workedMs: number
}

/**
 * The steps that name one phase
 */
export interface ReportPhase {
  /**
   * The phase
   */
  readonly phase: string
  /**
   * Its steps
   */
  readonly steps: number
  /**
   * Of them succeeded
   */
  readonly succeeded: number
  /**
   * Of them failed, timed out, stalled or were cut off
   */
  readonly failed: number
  /**
   * What their attempts took, added up
   */
  readonly workedMs: number
}

/**
 * Something that a person did
 */
export interface ReportDeed {
  /**
   * Who
   */
  readonly by: string
  /**
   * When
   */
  readonly at: number
  /**
   * What
   */
  did:
    | 'started'
    | 'resumed'
    | 'reopened'
    | 'replanned'
    | 'cancelled'
    | 'approved'
    | 'rejected'
    | 'answered'
    | 'sent'
    | 'bypassed'
    | 'rerun'
  /**
   * To what
   */
  readonly path?: string
  /**
   * In their words
   */
  readonly text?: string
  /**
   * How long the question had been open
   */
  readonly afterMs?: number
}

/**
 * A step, one instance of a `foreach`, or one pass of a `repeat`
 */
export interface ReportStep {
  /**
   * Its path in the run
   */
  readonly path: string
  /**
   * What kind of step it is; left out where the plan has it no more
   */
  readonly kind?: 'run' | 'action' | 'http' | 'pipeline' | 'signal' | 'approval' | 'ask' | 'wait'
  /**
   * Whose task it is
   */
  readonly agent?: string
  /**
   * Which task
   */
  readonly task?: string
  /**
   * Its phase
   */
  readonly phase?: string
  /**
   * Where it stands
   */
  status:
    | 'pending'
    | 'waiting'
    | 'running'
    | 'succeeded'
    | 'failed'
    | 'skipped'
    | 'cancelled'
    | 'timed-out'
    | 'stalled'
    | 'interrupted'
  /**
   * Of a sub-pipeline: how it ended
   */
  readonly outcome?: 'succeeded' | 'succeeded-with-failures' | 'partial' | 'failed' | 'escalated' | 'cancelled'
  /**
   * Attempts that began
   */
  readonly attempts: number
  /**
   * When it began
   */
  readonly startedAt?: number
  /**
   * From its begin to its end, or to now
   */
  readonly durationMs?: number
  /**
   * What its attempts took, added up
   */
  readonly workedMs: number
}

/**
 * Something that went wrong, or that somebody should know of
 */
export interface ReportIssue {
  /**
   * What kind of thing
   */
  kind:
    | 'failure'
    | 'timeout'
    | 'stall'
    | 'interruption'
    | 'retry'
    | 'repair'
    | 'check'
    | 'gate'
    | 'bypass'
    | 'late'
    | 'cancel'
    | 'reopened'
    | 'plan-change'
    | 'clock'
    | 'damage'
  /**
   * `error`: it stands between the run and success; `warning`: it was allowed, or came right
   */
  readonly severity: 'error' | 'warning' | 'info'
  /**
   * When it was first so
   */
  readonly at: number
  /**
   * Where
   */
  readonly path?: string
  /**
   * What happened
   */
  readonly message: string
  /**
   * What to do
   */
  readonly hint?: string
  /**
   * The last lines that it printed
   */
  readonly tail?: string
  /**
   * How often
   */
  readonly count: number
}

/**
 * Something that was not done
 */
export interface ReportUndone {
  /**
   * Its path in the run
   */
  readonly path: string
  /**
   * Where it stands
   */
  status:
    'pending' | 'waiting' | 'running' | 'failed' | 'skipped' | 'cancelled' | 'timed-out' | 'stalled' | 'interrupted'
  /**
   * Why
   */
  readonly why?: string
}

/**
 * Something that was handed up
 */
export interface ReportEscalation {
  /**
   * When
   */
  readonly at: number
  /**
   * The step; empty: the run
   */
  readonly path: string
  /**
   * Who handed it up: the coordinator, or the pipeline
   */
  readonly from: string
  /**
   * To whom
   */
  readonly to: string
  /**
   * What is the matter
   */
  readonly issue: string
  /**
   * What is done all the same
   */
  readonly done: readonly string[]
  /**
   * What can be done now
   */
  readonly options: readonly ReportNextStep[]
}

/**
 * Work that went from one to another
 */
export interface ReportHandoff {
  /**
   * Between whom
   */
  readonly kind: 'agents' | 'people' | 'delegation'
  /**
   * When
   */
  readonly at: number
  /**
   * Who had it
   */
  readonly from: string
  /**
   * Who took it
   */
  readonly to: string
  /**
   * Of agents: the step that took it; of a delegation: the question that was answered so
   */
  readonly path?: string
  /**
   * Of agents: the step that made it
   */
  readonly source?: string
  /**
   * Of agents: what it made
   */
  readonly made?: ReportValues
  /**
   * How the run stood
   */
  readonly state?: string
  /**
   * What was done then
   */
  readonly done: readonly string[]
  /**
   * What was not
   */
  readonly remaining: readonly string[]
  /**
   * What had gone wrong until then
   */
  readonly findings: readonly string[]
}

/**
 * What a person noted
 */
export interface ReportNote {
  /**
   * Who
   */
  readonly by: string
  /**
   * When
   */
  readonly at: number
  /**
   * The note
   */
  readonly text: string
}

/**
 * Something to do
 */
export interface ReportNextStep {
  /**
   * What it is for
   */
  readonly text: string
  /**
   * The command that does it
   */
  readonly command?: string
}

/**
 * How many of each, by name
 */
export interface OverviewCounts {
  readonly [k: string]: number
}

/**
 * A spread of durations
 */
export interface OverviewSpread {
  /**
   * How many there are
   */
  readonly count: number
  /**
   * Half of them took no longer; null: there is none
   */
  readonly p50: number | null
  /**
   * 95 % of them took no longer; null: there is none
   */
  readonly p95: number | null
  /**
   * None took longer; null: there is none
   */
  readonly max: number | null
}

/**
 * Verdicts of gates
 */
export interface OverviewGates {
  /**
   * Gates that passed
   */
  readonly passed: number
  /**
   * Gates that failed or are held
   */
  readonly failed: number
  /**
   * Gates that a person let pass
   */
  readonly bypassed: number
  /**
   * Share of all judged that passed, 0 to 1; null: none was judged
   */
  readonly passRate: number | null
}

/**
 * What is measured of a number of runs
 */
export interface OverviewMeasures {
  /**
   * Runs that began in the time
   */
  readonly runs: number
  /**
   * How many stand how: by outcome, or what they do now
   */
  readonly outcomes: OverviewCounts
  /**
   * From begin to end, of those that ended by themselves: cancelled ones are left out
   */
  readonly duration: OverviewSpread
  /**
   * The part of it in which something ran
   */
  readonly worked: OverviewSpread
  /**
   * Verdicts of gates
   */
  readonly gates: OverviewGates
  /**
   * Attempts, and whole pipelines, that ran out of time
   */
  readonly timeouts: number
  /**
   * Times that an attempt was tried again
   */
  readonly retries: number
}

/**
 * The runs of one pipeline
 */
export interface OverviewPipeline {
  /**
   * The pipeline
   */
  readonly pipeline: string
  /**
   * Its runs
   */
  readonly measures: OverviewMeasures
}

/**
 * The runs that one signal asked for
 */
export interface OverviewSignal {
  /**
   * The signal
   */
  readonly signal: string
  /**
   * Its runs
   */
  readonly measures: OverviewMeasures
}

/**
 * The work of one agent
 */
export interface OverviewAgent {
  /**
   * The agent
   */
  readonly agent: string
  /**
   * Steps of its tasks
   */
  readonly steps: number
  /**
   * Of them succeeded
   */
  readonly succeeded: number
  /**
   * Of them failed, timed out, stalled or were cut off
   */
  readonly failed: number
  /**
   * Times that an attempt was tried again
   */
  readonly retries: number
  /**
   * Attempts that ran out of time
   */
  readonly timeouts: number
  /**
   * What each step took, all its attempts added up
   */
  readonly duration: OverviewSpread
}

/**
 * A step that failed
 */
export interface OverviewFailure {
  /**
   * The pipeline that ran
   */
  readonly pipeline: string
  /**
   * Its path, without items and passes
   */
  readonly step: string
  /**
   * How often
   */
  readonly count: number
  /**
   * What it said the last time
   */
  readonly message?: string
  /**
   * The newest run in which it did
   */
  readonly lastRun: string
}

/**
 * A target and what came of it
 */
export interface OverviewTarget {
  /**
   * Whose target it is
   */
  readonly coordinator: string
  /**
   * What is measured, as its file says it
   */
  readonly measure: string
  /**
   * What it should be, as its file says it
   */
  readonly target: string
  /**
   * What it is: a share from 0 to 1, a number, or milliseconds; null: nothing was measured
   */
  readonly actual: number | null
  /**
   * What came of it; `unmeasured`: no run of that time has such a value
   */
  readonly verdict: 'met' | 'missed' | 'unmeasured'
}
