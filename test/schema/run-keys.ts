/**
 * The keys that this version runs, by definition. A key of the schemas that is neither here nor marked
 * `x-not-yet-supported` fails the build: somebody added it to the language and to nothing else.
 */
export const RUN_KEYS: { readonly [definition: string]: string } = {
  pipeline:
    'pipeline opsflow description signals agents timeout grace fail_fast max_parallel inputs vars outputs next_steps defaults env cwd mutex isolation secrets permissions steps gates finally',
  pipelineSignals: 'accepts emits',
  pipelineOutput: 'value description deliverable',
  coordinator:
    'coordinator opsflow description domain reports_to agents max_parallel defaults payload signals permissions gates escalate report',
  coordinatorReport: 'sections targets',
  signalEntry: 'description pipeline route forward from payload',
  signalRoute: 'when pipeline',
  escalation: 'id when to then timeout',
  agents: 'opsflow actions permissions defaults agents',
  agent: 'description owns permissions max_parallel defaults failures tasks checks',
  task: 'description run uses http inputs outputs with timeout grace stall failures retry effects interrupted env cwd shell mutex checks isolation owns permissions',
  config: '$schema opsflow pipelines agents state people secrets lint defaults',
  secretSource: 'file command',
  declaredSecret: 'name optional',
  lintSettings: 'severities max_warnings',
  step: 'description run agent task uses http pipeline signal approval ask wait with needs quorum when timeout grace due on_timeout stall failures retry allow_failure effects interrupted env cwd shell outputs checks foreach repeat mutex isolation owns permissions phase',
  defaults: 'timeout grace due on_timeout stall failures retry interrupted env cwd shell isolation',
  http: 'method url headers body expect',
  approval: 'prompt show from self',
  ask: 'prompt from answer',
  signalWait: 'signal when',
  stall: 'idle then',
  failure: 'match exit recover hint',
  recover: 'run uses http agent task with env shell timeout',
  retry: 'attempts only backoff factor max jitter',
  foreach: 'items key needs max_parallel',
  repeat: 'until max delay on_max',
  sharedPaths: 'paths',
  permissions: 'allow deny ask',
  check: 'id title level for timeout when paths run uses with http file require ask env cwd shell',
  checkAsk: 'prompt from',
  gate: 'description level when paths of success must_pass before bypass checks',
  bypassBy: 'by',
  valueSchema:
    'type description enum const default optional pattern format minLength maxLength minimum maximum items minItems maxItems properties required additionalProperties',
}
