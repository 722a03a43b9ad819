// Made from schemas/ by `npm run generate`. Edit the schemas, not this file.
import type { Json } from '../../util/json.ts'
import type { ValueSchema } from '../value-schema.ts'

/**
 * A graph of steps: files below `pipelines/` that start with `pipeline: NAME`
 */
export interface Pipeline {
  /**
   * Its name; the first key of the file
   */
  readonly pipeline: DashedName
  /**
   * Version of the file format
   */
  readonly opsflow?: FormatVersion
  /**
   * What it is for
   */
  readonly description?: string
  /**
   * Signals it answers and sends; checked at both ends
   */
  readonly signals?: PipelineSignals
  /**
   * Who may work here: names from `agents.yaml`, or a map that declares private agents or narrows known ones
   */
  readonly agents?: readonly DashedName[] | Agents
  /**
   * Working time: waiting for people, signals, locks and timers does not count
   */
  readonly timeout?: LimitOrTemplate
  /**
   * Time between TERM and KILL
   */
  readonly grace?: Duration
  /**
   * Marks the run late, sends ESCALATE and ends nothing
   */
  readonly due?: LimitOrTemplate
  /**
   * True: the first failure stops what still runs
   */
  readonly fail_fast?: boolean
  /**
   * Steps at once
   */
  readonly max_parallel?: CountOrTemplate
  /**
   * Name -> schema; required unless it has a default or `optional: true`
   */
  readonly inputs?: ValueSchemas
  /**
   * Named expressions; reading one counts as reading what it reads
   */
  readonly vars?: {
    readonly [k: string]: Json
  }
  /**
   * What callers and reports see
   */
  readonly outputs?: {
    readonly [k: string]: PipelineOutput
  }
  /**
   * What a person does next, said at the end
   */
  readonly next_steps?: readonly string[]
  /**
   * Step keys given once
   */
  readonly defaults?: Defaults
  /**
   * Environment variables of all its steps
   */
  readonly env?: Environment
  /**
   * Where its steps run, from the project root
   */
  readonly cwd?: string
  /**
   * One run holding this name at a time
   */
  readonly mutex?: string
  /**
   * One git work tree of its own for all its steps
   */
  readonly isolation?: Isolation
  /**
   * Secrets that its steps may read as `secrets.NAME`; an optional one that is not there is empty text
   */
  readonly secrets?: readonly SecretEntry[]
  /**
   * Rules over what its steps launch
   */
  readonly permissions?: Permissions
  /**
   * The repository it works in, by its alias in the config
   */
  readonly project?: string
  /**
   * Which variables, secrets and approvers
   */
  readonly environment?: string
  /**
   * Confinement by the operating system
   */
  readonly sandbox?: Sandbox
  /**
   * Limits of what models may use
   */
  readonly budget?: Budget
  /**
   * Steps by name; all in parallel unless `needs` says otherwise
   */
  readonly steps: Steps
  /**
   * Verdicts over steps and checks, by name
   */
  readonly gates?: Gates
  /**
   * Steps that run at the end, whatever the outcome
   */
  readonly finally?: Steps
}

/**
 * Which signals it answers, with which pipelines, under which policy: files below `pipelines/` that start with `coordinator: NAME`
 */
export interface Coordinator {
  /**
   * Its name; the first key of the file
   */
  readonly coordinator: CoordinatorName
  /**
   * Version of the file format
   */
  readonly opsflow?: FormatVersion
  /**
   * What it is for
   */
  readonly description?: string
  /**
   * What it looks after, as reports say it
   */
  readonly domain?: string
  /**
   * The model tier that agents with `inherit` get
   */
  readonly tier?: string
  /**
   * Another coordinator, or `human`
   */
  readonly reports_to?: string
  /**
   * The only agents that its pipelines may use
   */
  readonly agents?: readonly DashedName[]
  /**
   * Runs that it started at work at once; one more waits for its place, those that asked first before it. A parked run holds none
   */
  readonly max_parallel?: number
  /**
   * Step keys for its pipelines
   */
  readonly defaults?: Defaults
  /**
   * Name -> schema of what every signal must carry
   */
  readonly payload?: ValueSchemas
  /**
   * What it answers: signal -> pipeline, routes or another coordinator. A signal that nobody knows is answered IGNORED
   */
  readonly signals: {
    readonly [k: string]: SignalEntry
  }
  /**
   * Rules over what its pipelines launch
   */
  readonly permissions?: Permissions
  /**
   * Verdicts on every pipeline that it starts, at the end of the run; a gate of the pipeline with the same name counts instead, at no lower level and for no smaller share
   */
  readonly gates?: Gates
  /**
   * When a run pauses and asks somebody above: running steps end, no more start, and `opsflow answer RUN escalate_ID choice=…` says retry, abort or delegate. The first true rule counts
   */
  readonly escalate?: readonly Escalation[]
  /**
   * What its reports say and to whom they go
   */
  readonly report?: CoordinatorReport
}

/**
 * Who may do what: `agents.yaml`
 */
export interface AgentsFile {
  /**
   * Version of the file format
   */
  readonly opsflow?: FormatVersion
  /**
   * Tier -> model line, in one place; resolved and pinned when a run starts
   */
  readonly models?: Models
  /**
   * Names for what the engine can see, so that permissions can speak of it
   */
  readonly actions?: {
    readonly [k: string]: readonly string[]
  }
  /**
   * Rules for everyone; `deny` always wins
   */
  readonly permissions?: Permissions
  /**
   * Step keys for every agent's tasks
   */
  readonly defaults?: Defaults
  /**
   * Agents by name
   */
  readonly agents: Agents
}

/**
 * Where things live and who people are: `opsflow.config.{yaml,json,js,ts}`, `.opsflowrc` or `opsflow` in package.json
 */
export interface Config {
  /**
   * Where editors find this schema, in a JSON config
   */
  readonly $schema?: string
  /**
   * Version of the file format
   */
  readonly opsflow?: FormatVersion
  /**
   * Files with pipelines and coordinators
   */
  readonly pipelines?: Globs
  /**
   * The file with the agents
   */
  readonly agents?: string
  /**
   * The folder for runs, from the project root; OPSFLOW_STATE moves it too, and wins
   */
  readonly state?: string
  /**
   * Role -> persons: names of operating-system users, or `uid:NUMBER`. Never agents
   */
  readonly people?: {
    readonly [k: string]: readonly string[]
  }
  /**
   * Variables, secrets and approvers by environment
   */
  readonly environments?: {
    readonly [k: string]: EnvironmentEntry
  }
  /**
   * Repositories that pipelines can work in
   */
  readonly projects?: readonly ProjectEntry[]
  /**
   * Tier -> model line, where no agents file says it
   */
  readonly models?: Models
  /**
   * Where secrets come from, tried in order
   */
  readonly secrets?: readonly SecretProvider[]
  /**
   * How strict the linter is
   */
  readonly lint?: LintSettings
  /**
   * Step keys for every pipeline
   */
  readonly defaults?: Defaults
}

/**
 * Signals that a pipeline answers and sends
 */
export interface PipelineSignals {
  /**
   * Signals that may start it
   */
  readonly accepts?: readonly SignalName[]
  /**
   * Signals that its steps send
   */
  readonly emits?: readonly SignalName[]
}

/**
 * A value that callers and reports see
 */
export interface PipelineOutput {
  /**
   * The value
   */
  readonly value: Json
  /**
   * What it is
   */
  readonly description?: string
  /**
   * Its label in every report
   */
  readonly deliverable?: string
}

/**
 * How a signal is answered: exactly one of `pipeline`, `route`, `forward`
 */
export interface SignalEntry {
  /**
   * What it asks for
   */
  readonly description?: string
  /**
   * The pipeline that answers; its inputs must be in the payload
   */
  readonly pipeline?: DashedName
  /**
   * Pipelines with conditions; the first that holds answers
   */
  readonly route?: readonly SignalRoute[]
  /**
   * The coordinator that answers instead; it gets what this one does not ask for itself
   */
  readonly forward?: CoordinatorName
  /**
   * Who may send it: coordinators, or `human`; left out: anyone
   */
  readonly from?: readonly string[]
  /**
   * Name -> schema of what else it must carry
   */
  readonly payload?: ValueSchemas
}

/**
 * A pipeline, and when it answers
 */
export interface SignalRoute {
  /**
   * Over `payload` and `signal`; left out: always
   */
  readonly when?: Condition
  /**
   * The pipeline that answers
   */
  readonly pipeline: DashedName
}

/**
 * When a run stops and asks
 */
export interface Escalation {
  /**
   * Its name in reports
   */
  readonly id: Name
  /**
   * Judged at the door and after each ended step
   */
  readonly when: Condition
  /**
   * Who is asked: a coordinator or a role
   */
  readonly to: string
  /**
   * Running steps end, no more are started
   */
  readonly then?: 'pause'
  /**
   * Unanswered after this, the run is escalated
   */
  readonly timeout?: Limit
}

/**
 * What reports of a coordinator say
 */
export interface CoordinatorReport {
  /**
   * Parts of the reports of runs that it starts, in this order; left out: all. `issues`: what went wrong, what was not done, what was handed up or over, notes. Without it what was not done stands last
   */
  readonly sections?: readonly ('summary' | 'deliverables' | 'contributions' | 'gates' | 'issues' | 'next_steps')[]
  /**
   * The report to the coordinator that learns from it
   */
  readonly xo?: XoReport
  /**
   * Measure -> what it should be, judged by `opsflow report --since`. Measures: `gate_pass_rate`, `timeouts`, `retries`, `duration.p50`, `duration.p95`, `duration.max`, and `worked.` in place of `duration.`; a signal and a dot before one means only its runs
   */
  readonly targets?: {
    readonly [k: string]: string
  }
}

/**
 * When the report is made, and for whom
 */
export interface XoReport {
  /**
   * What asks for it
   */
  readonly at?: readonly ('session_end' | 'request')[]
  /**
   * So many failures ask for it too
   */
  readonly failures?: number
  /**
   * Who gets it
   */
  readonly to?: CoordinatorName
}

/**
 * What is special about an environment
 */
export interface EnvironmentEntry {
  /**
   * Values that pipelines read as `vars`
   */
  readonly vars?: {
    readonly [k: string]: Json
  }
  /**
   * Secrets that exist there
   */
  readonly secrets?: readonly VariableName[]
  /**
   * Who may approve there
   */
  readonly approvers?: Roles
}

/**
 * A repository
 */
export interface ProjectEntry {
  /**
   * Its name in pipelines
   */
  readonly alias: DashedName
  /**
   * Where it is checked out
   */
  readonly path: string
  /**
   * Owner and name at the forge
   */
  readonly repo?: string
  /**
   * Branches that are never pushed by force
   */
  readonly protected?: readonly string[]
}

/**
 * Where a secret is looked up
 */
export type SecretProvider = 'env' | SecretSource

/**
 * A file of NAME=value lines, or a command that prints the secret; `$NAME` is its name
 */
export interface SecretSource {
  /**
   * A file of NAME=value lines
   */
  readonly file?: string
  /**
   * A command that prints the secret
   */
  readonly command?: string
}

/**
 * How strict the linter is
 */
export interface LintSettings {
  /**
   * Code of a diagnostic -> how serious it is; errors that stop a run cannot be lowered
   */
  readonly severities?: {
    readonly [k: string]: LintSeverity
  }
  /**
   * More warnings than this fail
   */
  readonly max_warnings?: number
}

/**
 * How serious a finding is
 */
export type LintSeverity = 'error' | 'warning' | 'info' | 'ignore'

/**
 * A name that expressions read: small letters, digits and underscores
 */
export type Name = string

/**
 * A name that expressions do not read: letters, digits, underscores and dashes
 */
export type DashedName = string

/**
 * The name of a task: small letters, digits, underscores and dashes
 */
export type TaskName = string

/**
 * The name of an environment variable
 */
export type VariableName = string

/**
 * The name of a coordinator, which is also the first half of the signals it sends
 */
export type CoordinatorName = string

/**
 * A signal: the name space, a colon, the name
 */
export type SignalName = string

/**
 * A signal, or all signals of a name space by a star
 */
export type SignalPattern = string

/**
 * The name of a built-in action, the path of a module of yours, or a package. A name, never an expression
 */
export type UsesName = string

/**
 * A CEL expression that gives true or false, written bare, without `${{ }}`
 */
export type Condition = string | boolean

/**
 * One expression in `${{ }}`
 */
export type Template = string

/**
 * A length of time with its unit: `500ms`, `30s`, `5m`, `1h30m`, `3d` or ISO 8601 `PT5M`
 */
export type Duration = string

/**
 * A length of time with its unit, above zero: `500ms`, `30s`, `5m`, `1h30m`, `3d` or ISO 8601 `PT5M`
 */
export type Limit = string

/**
 * A length of time above zero with its unit, or one expression that gives such a text
 */
export type LimitOrTemplate = string

/**
 * A length of time with its unit, or one expression that gives such a text
 */
export type DurationOrTemplate = string

/**
 * A whole number of 1 or more, or one expression that gives it
 */
export type CountOrTemplate = number | Template

/**
 * A share: a whole number from 0 to 100 with a percent sign
 */
export type Percent = string

/**
 * `mandatory` (the default): a failure blocks. `advisory`: a failure is reported
 */
export type Level = 'mandatory' | 'advisory'

/**
 * Roles or persons of `people` in the config
 */
export type Roles = readonly string[]

/**
 * Path patterns from the project root
 */
export type Globs = readonly string[]

/**
 * Version of the file format; absent means 1
 */
export type FormatVersion = 1

/**
 * Values by name, for what is called: the caller writes `with`, the callee reads `inputs`
 */
export interface Values {
  readonly [k: string]: Json
}

/**
 * Environment variables. `inherit` takes the value of the caller's environment; all others are an allow-list
 */
export interface Environment {
  readonly [k: string]: string
}

/**
 * What kind of value it is
 */
export type ValueType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'

/**
 * Name -> schema
 */
export interface ValueSchemas {
  readonly [k: string]: ValueSchema
}

/**
 * Steps that must end first. List: each succeeded, was skipped by its own `when`, or failed under `allow_failure`. Map: step -> how it must have ended
 */
export type Needs =
  | readonly Name[]
  | {
      readonly [k: string]: NeedEnd
    }

/**
 * How the step must have ended: `completed` is any end; `failed` also timed-out, stalled and interrupted
 */
export type NeedEnd = 'succeeded' | 'completed' | 'failed'

/**
 * A script for `sh -e`, or a list: a program and its arguments, started without a shell
 */
export type RunText = string | readonly string[]

/**
 * What reads the script: `sh -e`, or `bash -eo pipefail`
 */
export type Shell = 'sh' | 'bash'

/**
 * An agent by name, or chosen by a value
 */
export type AgentChoice = DashedName | AgentRoute

/**
 * Chooses the agent by a value
 */
export interface AgentRoute {
  /**
   * The value that chooses
   */
  readonly by: Template
  /**
   * Value -> agent
   */
  readonly to: {
    readonly [k: string]: DashedName
  }
  /**
   * The agent for every other value
   */
  readonly default?: DashedName
}

/**
 * One HTTP request; its outputs are `status` and, where `outputs` declares them, `headers` and `body`
 */
export interface Http {
  /**
   * The request method
   */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  /**
   * Where to
   */
  readonly url: string
  /**
   * Request headers; `secrets` may be read here
   */
  readonly headers?: {
    readonly [k: string]: string
  }
  /**
   * Text is sent as it is, anything else as JSON
   */
  readonly body?: Json
  /**
   * The status that is a success, or several; left out: 200 to 299
   */
  readonly expect?: HttpStatus | readonly HttpStatus[]
}

/**
 * An HTTP status
 */
export type HttpStatus = number

/**
 * A person decides
 */
export interface Approval {
  /**
   * What is asked
   */
  readonly prompt: string
  /**
   * What the person sees before deciding
   */
  readonly show?: string
  /**
   * Roles or persons that may decide; left out: anyone
   */
  readonly from?: Roles
  /**
   * False: neither whoever started the run nor whoever brought it another plan may decide (four eyes)
   */
  readonly self?: boolean
}

/**
 * A person answers; the answer is read as outputs
 */
export interface Ask {
  /**
   * What is asked
   */
  readonly prompt: string
  /**
   * Roles or persons that may answer; left out: anyone
   */
  readonly from?: Roles
  /**
   * Name -> schema of what is answered
   */
  readonly answer: ValueSchemas
}

/**
 * A length of time, or a signal
 */
export type Wait = DurationOrTemplate | SignalWait

/**
 * Waits for a signal; its payload becomes the outputs
 */
export interface SignalWait {
  /**
   * The signal to wait for
   */
  readonly signal: SignalName
  /**
   * Over `payload` and `signal`, and what the step may read, as it was when the wait began; left out: only signals of this run
   */
  readonly when?: Condition
}

/**
 * What happens when a step makes no progress (output, files, agent turns)
 */
export interface Stall {
  /**
   * How long without progress is a stall
   */
  readonly idle: Limit
  /**
   * How often to ask a model to go on first
   */
  readonly nudge?: number
  /**
   * What ends the attempt; partial results are kept
   */
  readonly then?: 'kill'
}

/**
 * A known way to fail: how to recognise it, how to repair it, what to tell
 */
export interface Failure {
  /**
   * A regular expression over the end of the output
   */
  readonly match?: string
  /**
   * The exit status
   */
  readonly exit?: number
  /**
   * Repairs before the next attempt
   */
  readonly recover?: Recover
  /**
   * What the person is told
   */
  readonly hint?: string
}

/**
 * What can go wrong, by name
 */
export interface Failures {
  readonly [k: string]: Failure
}

/**
 * A repair: a command, an action, a request or a task
 */
export interface Recover {
  /**
   * A command
   */
  readonly run?: RunText
  /**
   * An action
   */
  readonly uses?: UsesName
  /**
   * A request
   */
  readonly http?: Http
  /**
   * Whose task
   */
  readonly agent?: DashedName
  /**
   * Which task
   */
  readonly task?: TaskName
  /**
   * Values for the action or the task
   */
  readonly with?: Values
  /**
   * Environment variables
   */
  readonly env?: Environment
  /**
   * What reads the script
   */
  readonly shell?: Shell
  /**
   * Ends the repair
   */
  readonly timeout?: Limit
}

/**
 * Attempts after a failure
 */
export interface Retry {
  /**
   * Attempts in all, the first included
   */
  readonly attempts: CountOrTemplate
  /**
   * Names from `failures`, `timeout`, `stall` or `check`; left out: every failure
   */
  readonly only?: readonly Name[]
  /**
   * Pause before the second attempt
   */
  readonly backoff?: Duration
  /**
   * By what each pause grows
   */
  readonly factor?: number
  /**
   * The longest pause
   */
  readonly max?: Duration
  /**
   * Share of a pause that is spread
   */
  readonly jitter?: Percent
  /**
   * The next attempt gets the failing evidence and only the failing scope
   */
  readonly narrow?: boolean
}

/**
 * One instance for each item, read as `item`
 */
export interface Foreach {
  /**
   * The items
   */
  readonly items: readonly Json[] | Template
  /**
   * Names an instance by its item; left out: its number
   */
  readonly key?: string
  /**
   * Keys of the items that must end before this one
   */
  readonly needs?: Template
  /**
   * Instances at once
   */
  readonly max_parallel?: CountOrTemplate
}

/**
 * Again after a successful pass, until it holds
 */
export interface Repeat {
  /**
   * True ends it; over `outputs` and `attempt` too
   */
  readonly until: Condition
  /**
   * The most passes
   */
  readonly max: CountOrTemplate
  /**
   * Pause between passes
   */
  readonly delay?: Duration
  /**
   * What the last pass means when it still does not hold
   */
  readonly on_max?: 'fail' | 'stop'
}

/**
 * Limits of what models may use
 */
export interface Budget {
  /**
   * Money in US dollars
   */
  readonly usd?: number
  /**
   * Tokens in and out
   */
  readonly tokens?: number
  /**
   * Turns of a model
   */
  readonly turns?: number
}

/**
 * Skips the step when nothing changed
 */
export interface Cache {
  /**
   * Text that must be equal
   */
  readonly key?: string
  /**
   * Files whose content must be equal
   */
  readonly files?: Globs
}

/**
 * Where it works: a git work tree of its own
 */
export type Isolation = 'worktree'

/**
 * Whether what is launched is confined by the operating system
 */
export type Sandbox = 'none' | 'auto' | 'required'

/**
 * What it can change. Left out: `workspace` for commands, agents and untyped actions; `none` for HTTP GET and HEAD, approval, ask and wait; the strongest of its steps for a pipeline; else `external`
 */
export type Effects = 'none' | 'workspace' | 'external'

/**
 * A secret by its name
 */
export type SecretEntry = VariableName | DeclaredSecret

/**
 * A secret that steps can do without
 */
export interface DeclaredSecret {
  /**
   * Its name
   */
  readonly name: VariableName
  /**
   * Without it, steps that read it get an empty text instead of failing
   */
  readonly optional?: boolean
}

/**
 * What a crash in the middle means on resume. Left out: `rerun` for effects none and workspace, `ask` for external
 */
export type Interrupted = 'rerun' | 'fail' | 'ask'

/**
 * What the timeout means
 */
export type OnTimeout = 'fail' | 'reject' | 'escalate'

/**
 * A path pattern, or several with who else may write there
 */
export type OwnEntry = string | SharedPaths

/**
 * Paths with who else may write there
 */
export interface SharedPaths {
  /**
   * Path patterns
   */
  readonly paths: Globs
  /**
   * Agents that may write there too when the owner cannot
   */
  readonly backup?: readonly DashedName[]
  /**
   * Who settles what two owners want
   */
  readonly mediator?: DashedName
}

/**
 * Path patterns that it may write; anything else that changed fails it
 */
export type Owns = readonly OwnEntry[]

/**
 * Rules over what is launched: names from `actions`, tool patterns, names of actions. `deny` always wins
 */
export interface Permissions {
  /**
   * What may be done
   */
  readonly allow?: readonly string[]
  /**
   * What may never be done
   */
  readonly deny?: readonly string[]
  /**
   * What needs somebody's word: rule -> role, or `human` for anyone. An approval `allow_STEP` is asked right before the step that does it
   */
  readonly ask?: {
    readonly [k: string]: string
  }
}

/**
 * A person judges
 */
export interface CheckAsk {
  /**
   * What is asked; left out: the title
   */
  readonly prompt?: string
  /**
   * Roles or persons that may judge; left out: anyone
   */
  readonly from?: Roles
}

/**
 * One judged item: evidence that the engine collects, never the worker's own word
 */
export interface Check {
  /**
   * Its name in reports; left out: made from what judges it
   */
  readonly id?: Name
  /**
   * Its line in a checklist
   */
  readonly title?: string
  /**
   * `mandatory` (a failure blocks) or `advisory` (it is reported)
   */
  readonly level?: Level
  /**
   * Only after these tasks of the agent
   */
  readonly for?: readonly TaskName[]
  /**
   * Ends the check as failed
   */
  readonly timeout?: Limit
  /**
   * False: the check is skipped
   */
  readonly when?: Condition
  /**
   * Only if the run changed such a file
   */
  readonly paths?: Globs
  /**
   * Judged by a command: exit 0 passes
   */
  readonly run?: RunText
  /**
   * Judged by an action
   */
  readonly uses?: UsesName
  /**
   * Values for the action
   */
  readonly with?: Values
  /**
   * Judged by a request
   */
  readonly http?: Http
  /**
   * Judged by a file that must be there: a path or a pattern
   */
  readonly file?: string
  /**
   * Judged by an expression that must be true
   */
  readonly require?: Condition
  /**
   * Judged by another agent
   */
  readonly agent?: DashedName
  /**
   * The task of that agent
   */
  readonly task?: TaskName
  /**
   * Judged by a person
   */
  readonly ask?: CheckAsk
  /**
   * Environment variables of the command
   */
  readonly env?: Environment
  /**
   * Where the command runs, from the project root
   */
  readonly cwd?: string
  /**
   * What reads the script
   */
  readonly shell?: Shell
}

/**
 * Evidence that the engine collects after the attempt; a failing one is a failed attempt
 */
export type Checks = readonly Check[]

/**
 * Who may let a failed gate pass: `never`, or roles; each time is a record with person, reason, expiry and plan hash
 */
export type Bypass = 'never' | BypassBy

/**
 * Roles that may let a failed gate pass
 */
export interface BypassBy {
  /**
   * Roles or persons
   */
  readonly by: Roles
}

/**
 * A verdict over steps and checks
 */
export interface Gate {
  /**
   * What it protects
   */
  readonly description?: string
  /**
   * `mandatory` (a failure blocks) or `advisory` (it is reported)
   */
  readonly level?: Level
  /**
   * False: the gate passes without a look
   */
  readonly when?: Condition
  /**
   * Only if the run changed such a file
   */
  readonly paths?: Globs
  /**
   * Steps that are judged; left out: what the `before` steps follow from, or all steps
   */
  readonly of?: readonly Name[]
  /**
   * Share of agent steps that must succeed
   */
  readonly success?: Percent
  /**
   * Steps that must succeed whatever the share
   */
  readonly must_pass?: readonly Name[]
  /**
   * Steps that wait for the verdict; left out: it judges the end of the run
   */
  readonly before?: readonly Name[]
  /**
   * `never`, or who may let it pass
   */
  readonly bypass?: Bypass
  /**
   * Evidence for the verdict
   */
  readonly checks?: Checks
}

/**
 * Verdicts by name
 */
export interface Gates {
  readonly [k: string]: Gate
}

/**
 * Step keys given once. The nearest wins: config, coordinator, pipeline, agent, task, step
 */
export interface Defaults {
  /**
   * Ends an attempt; reaches run, agent, uses and http only
   */
  readonly timeout?: LimitOrTemplate
  /**
   * Time between TERM and KILL
   */
  readonly grace?: Duration
  /**
   * Marks a step late and ends nothing
   */
  readonly due?: LimitOrTemplate
  /**
   * What a timeout means
   */
  readonly on_timeout?: OnTimeout
  /**
   * What happens without progress
   */
  readonly stall?: Stall
  /**
   * What can go wrong, by name
   */
  readonly failures?: Failures
  /**
   * Attempts after a failure
   */
  readonly retry?: Retry
  /**
   * What a crash in the middle means on resume
   */
  readonly interrupted?: Interrupted
  /**
   * Environment variables
   */
  readonly env?: Environment
  /**
   * Where commands run, from the project root
   */
  readonly cwd?: string
  /**
   * What reads scripts
   */
  readonly shell?: Shell
  /**
   * A work tree of its own
   */
  readonly isolation?: Isolation
  /**
   * Confinement by the operating system
   */
  readonly sandbox?: Sandbox
  /**
   * Limits of what models may use
   */
  readonly budget?: Budget
}

/**
 * One piece of work: exactly one of `run`, `agent`, `uses`, `http`, `pipeline`, `signal`, `approval`, `ask`, `wait`
 */
export interface Step {
  /**
   * What it is for
   */
  readonly description?: string
  /**
   * A script, or a list of a program and its arguments
   */
  readonly run?: RunText
  /**
   * The agent that does a `task`
   */
  readonly agent?: AgentChoice
  /**
   * The agent's task
   */
  readonly task?: TaskName
  /**
   * An action by name
   */
  readonly uses?: UsesName
  /**
   * One HTTP request
   */
  readonly http?: Http
  /**
   * Another pipeline, run as this step
   */
  readonly pipeline?: DashedName
  /**
   * A signal to send
   */
  readonly signal?: SignalName
  /**
   * A person decides
   */
  readonly approval?: Approval
  /**
   * A person answers
   */
  readonly ask?: Ask
  /**
   * A time or a signal to wait for
   */
  readonly wait?: Wait
  /**
   * Values for what is called, which reads them as `inputs`
   */
  readonly with?: Values
  /**
   * Steps that must end first: a list, or a map of step to `succeeded`, `completed` or `failed`
   */
  readonly needs?: Needs
  /**
   * Start as soon as that share or number of `needs` succeeded; the others run on, and `missing` names them
   */
  readonly quorum?: Percent | number
  /**
   * False: skipped, which is no failure and satisfies a need
   */
  readonly when?: Condition
  /**
   * Ends an attempt
   */
  readonly timeout?: LimitOrTemplate
  /**
   * Time between TERM and KILL
   */
  readonly grace?: Duration
  /**
   * Marks it late, sends ESCALATE and ends nothing
   */
  readonly due?: LimitOrTemplate
  /**
   * What the timeout means
   */
  readonly on_timeout?: OnTimeout
  /**
   * What happens without progress
   */
  readonly stall?: Stall
  /**
   * What can go wrong, by name
   */
  readonly failures?: Failures
  /**
   * Attempts after a failure
   */
  readonly retry?: Retry
  /**
   * True: the run goes on after a failure and says so
   */
  readonly allow_failure?: boolean
  /**
   * What it can change
   */
  readonly effects?: Effects
  /**
   * What a crash in the middle means on resume
   */
  readonly interrupted?: Interrupted
  /**
   * Environment variables; `inherit` takes the caller's
   */
  readonly env?: Environment
  /**
   * Where it runs, from the project root
   */
  readonly cwd?: string
  /**
   * What reads the script
   */
  readonly shell?: Shell
  /**
   * Name -> schema of what it gives; checked when it ends
   */
  readonly outputs?: ValueSchemas
  /**
   * Evidence that the engine collects after the attempt
   */
  readonly checks?: Checks
  /**
   * One instance for each item
   */
  readonly foreach?: Foreach
  /**
   * Again after a successful pass, until it holds
   */
  readonly repeat?: Repeat
  /**
   * One holder of this name at a time, across runs
   */
  readonly mutex?: string
  /**
   * A git work tree of its own
   */
  readonly isolation?: Isolation
  /**
   * Confinement by the operating system
   */
  readonly sandbox?: Sandbox
  /**
   * Path patterns that it may write
   */
  readonly owns?: Owns
  /**
   * Rules over what it launches
   */
  readonly permissions?: Permissions
  /**
   * The repository it works in, by its alias in the config
   */
  readonly project?: string
  /**
   * Which variables, secrets and approvers
   */
  readonly environment?: string
  /**
   * A label that reports group by
   */
  readonly phase?: string
  /**
   * Limits of what models may use
   */
  readonly budget?: Budget
  /**
   * Skips the step when nothing changed
   */
  readonly cache?: Cache
}

/**
 * Steps by name; all in parallel unless `needs` says otherwise
 */
export interface Steps {
  readonly [k: string]: Step
}

/**
 * A text, a file, or an agent definition of another tool
 */
export type PromptSource = string | PromptFile

/**
 * Where a prompt is kept
 */
export interface PromptFile {
  /**
   * A text file
   */
  readonly file?: string
  /**
   * An agent definition of another tool
   */
  readonly from?: string
}

/**
 * Something an agent can do: deterministic (`run`, `uses`, `http`), or for a model (`prompt`)
 */
export interface Task {
  /**
   * What it does
   */
  readonly description?: string
  /**
   * A command
   */
  readonly run?: RunText
  /**
   * An action by name
   */
  readonly uses?: UsesName
  /**
   * One HTTP request
   */
  readonly http?: Http
  /**
   * Work for a model
   */
  readonly prompt?: PromptSource
  /**
   * Which program drives the model
   */
  readonly runner?: 'anthropic' | 'claude-code' | 'shell'
  /**
   * The model tier of this task
   */
  readonly tier?: string
  /**
   * Tools of the model
   */
  readonly tools?: readonly string[]
  /**
   * Name -> schema of what the caller gives
   */
  readonly inputs?: ValueSchemas
  /**
   * Name -> schema of what it gives
   */
  readonly outputs?: ValueSchemas
  /**
   * Values for the action; left out: the inputs by name
   */
  readonly with?: Values
  /**
   * Ends an attempt
   */
  readonly timeout?: LimitOrTemplate
  /**
   * Time between TERM and KILL
   */
  readonly grace?: Duration
  /**
   * What happens without progress
   */
  readonly stall?: Stall
  /**
   * What can go wrong, by name
   */
  readonly failures?: Failures
  /**
   * Attempts after a failure
   */
  readonly retry?: Retry
  /**
   * What it can change; a step may raise it, never lower it
   */
  readonly effects?: Effects
  /**
   * What a crash in the middle means on resume
   */
  readonly interrupted?: Interrupted
  /**
   * Environment variables
   */
  readonly env?: Environment
  /**
   * Where it runs, from the project root
   */
  readonly cwd?: string
  /**
   * What reads the script
   */
  readonly shell?: Shell
  /**
   * One holder of this name at a time, across runs
   */
  readonly mutex?: string
  /**
   * Evidence that the engine collects after the attempt
   */
  readonly checks?: Checks
  /**
   * A git work tree of its own
   */
  readonly isolation?: Isolation
  /**
   * Confinement by the operating system
   */
  readonly sandbox?: Sandbox
  /**
   * Path patterns that it may write
   */
  readonly owns?: Owns
  /**
   * Rules over what it launches
   */
  readonly permissions?: Permissions
  /**
   * Limits of what models may use
   */
  readonly budget?: Budget
}

/**
 * Somebody who does tasks, with what it may touch
 */
export interface Agent {
  /**
   * What it is for
   */
  readonly description?: string
  /**
   * The model tier, or `inherit` from the coordinator
   */
  readonly tier?: string
  /**
   * What the model is told first
   */
  readonly prompt?: PromptSource
  /**
   * Tools of the model
   */
  readonly tools?: readonly string[]
  /**
   * Path patterns that it may write
   */
  readonly owns?: Owns
  /**
   * Rules over what it launches
   */
  readonly permissions?: Permissions
  /**
   * Tasks of it at once
   */
  readonly max_parallel?: number
  /**
   * Step keys for its tasks
   */
  readonly defaults?: Defaults
  /**
   * What can go wrong in its tasks, by name
   */
  readonly failures?: Failures
  /**
   * What it can do, by name
   */
  readonly tasks?: {
    readonly [k: string]: Task
  }
  /**
   * Evidence that the engine collects after its tasks
   */
  readonly checks?: Checks
}

/**
 * Agents by name
 */
export interface Agents {
  readonly [k: string]: Agent
}

/**
 * A model line, and what takes its place
 */
export interface ModelTier {
  /**
   * The model line; the newest of it is pinned when a run starts
   */
  readonly line: string
  /**
   * Tiers that take its place, in order
   */
  readonly fallback?: readonly string[]
}

/**
 * Tier -> model line
 */
export interface Models {
  readonly [k: string]: ModelTier
}
