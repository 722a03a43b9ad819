import type { Decision, WaitSpec } from '../events/events.ts'
import type { Outcome } from '../events/outcome.ts'
import { attemptToken, checkPath } from '../events/path.ts'
import type { Roots } from '../expr/evaluate.ts'
import type { CheckPlan, StepAction, StepPlan } from '../plan/plan.ts'
import type { Token } from '../ports/executor.ts'
import type { Json } from '../util/json.ts'
import { FREE, partDispatch } from './dispatch.ts'
import { freeSlot } from './ends.ts'
import { attemptAt } from './in-flight.ts'
import { behind, personsOf } from './persons.ts'
import { condition, nodeRoots, outputsOf, scopeRoots, text } from './roots.ts'
import { type CheckRun, emit, type Node, type Run, stateOf, wake } from './run.ts'

/*
 * Evidence that the engine collects (promise 9): the checks of an attempt or of a gate, one after the other, what a
 * program can tell first and what a person has to say last; persons are not asked about what has failed already.
 */

type Start = Pick<CheckRun, 'owner' | 'scope' | 'path' | 'attempt' | 'plans'>

/** Starts the checks of what a node has just made, be it an attempt, an answer or a signal. */
export function startNodeChecks(run: Run, node: Node): void {
  const { path, step, scope } = node
  const attempt = attemptAt(run.state, path)
  startChecks(run, { owner: { kind: 'node', node }, scope, path, attempt, plans: step.checks })
}

/** Starts the checks; those on record already (after a resume) are counted, not run again. */
export function startChecks(run: Run, start: Start): void {
  const plans = [...start.plans].sort((a, b) => Number(a.judge.kind === 'ask') - Number(b.judge.kind === 'ask'))
  const checks: CheckRun = {
    ...start,
    plans,
    at: 0,
    failed: [],
    message: undefined,
    running: undefined,
    again: false,
    over: false,
  }
  if (start.owner.kind === 'node') {
    start.owner.node.checks = checks
    start.owner.node.phase = 'checking'
  } else start.owner.gate.checks = checks
  advance(run, checks)
}

function recorded(run: Run, checks: CheckRun, id: string) {
  const { owner } = checks
  return owner.kind === 'node'
    ? stateOf(run, owner.node)?.checks.get(id)
    : run.state.gates.get(owner.gate.key)?.checks.get(id)
}

function tokenOf(run: Run, checks: CheckRun, plan: CheckPlan, kind?: 'paths' | 'judge'): Token {
  const path = checkPath(checks.path, plan.id)
  return attemptToken(
    kind === 'paths' ? `${path}:paths` : path,
    checks.attempt,
    recorded(run, checks, plan.id)?.delivery,
  )
}

function advance(run: Run, checks: CheckRun): void {
  for (; checks.at < checks.plans.length; checks.at++) {
    const plan = checks.plans[checks.at]!
    const known = recorded(run, checks, plan.id)
    if (known?.status === 'running') return takeUp(run, checks, plan, known.wait)
    if (known !== undefined) {
      note(checks, plan, known.status, known.message)
      continue
    }
    if (plan.judge.kind === 'ask' && checks.failed.length > 0) continue
    if (!applies(run, checks, plan)) continue
    if (begin(run, checks, plan)) return
  }
  checks.over = true
  wake(run, { type: 'checks-done', run: checks })
}

/** True while the check runs; false where it is judged. */
function begin(run: Run, checks: CheckRun, plan: CheckPlan): boolean {
  if (plan.paths.length === 0) return judgeNow(run, checks, plan)
  return start(run, checks, plan, 'paths', { ...changedFiles(plan.paths), permissions: FREE })
}

function judgeNow(run: Run, checks: CheckRun, plan: CheckPlan): boolean {
  const { judge } = plan
  switch (judge.kind) {
    case 'require': {
      const result = condition(judge.require, rootsOf(run, checks))
      const message = result.ok ? `\`${judge.require}\` does not hold` : result.message
      end(run, checks, plan, result.ok && result.value ? 'passed' : 'failed', message)
      return false
    }
    case 'file': {
      const file = text(judge.file, rootsOf(run, checks))
      if (!file.ok) {
        end(run, checks, plan, 'failed', file.message)
        return false
      }
      return start(run, checks, plan, 'judge', {
        action: { kind: 'run', argv: ['test', '-e', file.value] },
        with: {},
        permissions: FREE,
      })
    }
    case 'step':
      return start(run, checks, plan, 'judge', judge)
    case 'ask':
      ask(run, checks, plan, judge.from)
      return true
  }
}

function applies(run: Run, checks: CheckRun, plan: CheckPlan): boolean {
  if (plan.when === undefined) return true
  const result = condition(plan.when, rootsOf(run, checks))
  if (result.ok && result.value) return true
  if (result.ok) end(run, checks, plan, 'skipped', undefined)
  else end(run, checks, plan, 'failed', result.message)
  return false
}

/** What an engine must offer so that `paths` can be told: the files of the run's changes that fit the patterns. */
export function changedFiles(paths: readonly string[]): {
  readonly action: StepAction
  readonly with: { readonly [name: string]: Json }
} {
  return { action: { kind: 'action', uses: 'git/changed-files' }, with: { paths } }
}

export function anyChanged(outcome: Outcome): boolean {
  const { files } = outcome.outputs ?? {}
  return Array.isArray(files) && files.length > 0
}

function rootsOf(run: Run, checks: CheckRun): Roots {
  const { owner } = checks
  if (owner.kind === 'gate') return scopeRoots(run, checks.scope)
  const { node } = owner
  const state = stateOf(run, node)
  const made = state?.last?.outputs ?? state?.wait?.decision?.values ?? {}
  const declared = outputsOf(run, { ...node.step, foreach: undefined }, undefined)
  return { ...nodeRoots(run, node), outputs: { ...declared, ...made }, attempt: checks.attempt }
}

function start(
  run: Run,
  checks: CheckRun,
  plan: CheckPlan,
  kind: 'paths' | 'judge',
  part: {
    readonly action: StepAction
    readonly with: { readonly [name: string]: Json }
    readonly env?: { readonly [name: string]: Json }
    readonly cwd?: string
    readonly permissions?: StepPlan['permissions']
  },
): boolean {
  const { owner } = checks
  const path = checkPath(checks.path, plan.id)
  const request = partDispatch(run, checks.scope, {
    path,
    attempt: checks.attempt,
    action: part.action,
    with: part.with,
    env: part.env ?? {},
    roots: rootsOf(run, checks),
    timeoutMs: plan.timeoutMs,
    step: owner.kind === 'node' ? owner.node.step : undefined,
    cwd: part.cwd,
    permissions: part.permissions ?? (owner.kind === 'gate' ? owner.gate.plan.permissions : undefined),
  })
  if (!request.ok) {
    end(run, checks, plan, 'failed', request.message)
    return false
  }
  recordStart(run, checks, plan)
  const token = tokenOf(run, checks, plan, kind)
  checks.running = { token, kind }
  run.inFlight += 1
  run.pending.set(token, { what: 'check', run: checks })
  run.port.dispatch(token, request.value)
  return true
}

/** Once for each delivery: what a check asks first and its judgement are one. */
function recordStart(run: Run, checks: CheckRun, plan: CheckPlan): void {
  const known = recorded(run, checks, plan.id)
  const { path, attempt, again } = checks
  checks.again = false
  if (known?.status !== 'running') emit(run, { type: 'check-started', path, check: plan.id, attempt })
  else if (again) emit(run, { type: 'check-started', path, check: plan.id, attempt, delivery: known.delivery + 1 })
}

function ask(run: Run, checks: CheckRun, plan: CheckPlan, from: readonly string[]): void {
  const wait: WaitSpec = {
    kind: 'approval',
    prompt: plan.title ?? `does \`${plan.id}\` hold?`,
    from,
    persons: personsOf(run, from),
    self: true,
    ...behind(run),
    ...(plan.timeoutMs === undefined ? {} : { deadlineMs: run.now + plan.timeoutMs }),
  }
  emit(run, { type: 'wait-opened', path: checkPath(checks.path, plan.id), wait })
  listen(run, checks, plan, wait)
}

function listen(run: Run, checks: CheckRun, plan: CheckPlan, wait: WaitSpec): void {
  if (checks.owner.kind === 'node') freeSlot(checks.owner.node)
  const token = tokenOf(run, checks, plan)
  checks.running = { token, kind: 'ask' }
  run.pending.set(token, { what: 'check', run: checks })
  run.port.wait(token, wait)
}

/** Goes on with a check that was in the middle when the last owner died. */
function takeUp(run: Run, checks: CheckRun, plan: CheckPlan, wait: WaitSpec | undefined): void {
  if (wait) return listen(run, checks, plan, wait)
  const token = tokenOf(run, checks, plan)
  checks.running = { token, kind: 'judge' }
  run.inFlight += 1
  run.pending.set(token, { what: 'check', run: checks })
}

/** What a check's program answered. One that an owner's death cut off is made again. */
export function onCheckOutcome(run: Run, checks: CheckRun, outcome: Outcome, stopping: boolean): void {
  const plan = checks.plans[checks.at]!
  const kind = checks.running?.kind
  checks.running = undefined
  if (outcome.status === 'interrupted' && !stopping) {
    checks.again = true
    if (!begin(run, checks, plan)) next(run, checks)
    return
  }
  if (kind === 'paths' && outcome.status === 'succeeded') {
    if (!anyChanged(outcome)) end(run, checks, plan, 'skipped', undefined)
    else if (judgeNow(run, checks, plan)) return
  } else if (outcome.status === 'succeeded') end(run, checks, plan, 'passed', undefined)
  else end(run, checks, plan, 'failed', whyFailed(run, checks, plan, outcome))
  if (stopping) return over(run, checks)
  next(run, checks)
}

function whyFailed(run: Run, checks: CheckRun, plan: CheckPlan, outcome: Outcome): string {
  if (plan.judge.kind === 'file' && outcome.reason === 'exit') {
    const file = text(plan.judge.file, rootsOf(run, checks))
    if (file.ok) return `\`${file.value}\` is not there`
  }
  return outcome.message ?? outcome.reason ?? outcome.status
}

/** What a person said. */
export function onCheckDecided(run: Run, checks: CheckRun, decision: Decision): void {
  const plan = checks.plans[checks.at]!
  checks.running = undefined
  emit(run, { type: 'wait-decided', path: checkPath(checks.path, plan.id), decision })
  const by = decision.by === undefined ? 'nobody decided in time' : `${decision.by.name} ${decision.verdict} it`
  const message = decision.comment === undefined ? by : `${by}: ${decision.comment}`
  end(run, checks, plan, decision.verdict === 'approved' ? 'passed' : 'failed', message)
  next(run, checks)
}

function next(run: Run, checks: CheckRun): void {
  checks.again = false
  checks.at += 1
  advance(run, checks)
}

/** Judges no more checks: what they belong to is being stopped. */
function over(run: Run, checks: CheckRun): void {
  checks.over = true
  wake(run, { type: 'checks-done', run: checks })
}

/** Brings checks to an end from outside. */
export function stopChecks(run: Run, checks: CheckRun, hard: boolean): void {
  if (checks.over) return
  const { running } = checks
  if (running && running.kind !== 'ask') return run.port.abort(running.token, hard)
  if (running) {
    run.pending.delete(running.token)
    run.port.abort(running.token, hard)
    checks.running = undefined
  }
  over(run, checks)
}

function end(
  run: Run,
  checks: CheckRun,
  plan: CheckPlan,
  status: 'passed' | 'failed' | 'skipped',
  message: string | undefined,
): void {
  const said = status === 'failed' && message !== undefined ? { message } : {}
  emit(run, {
    type: 'check-ended',
    path: checks.path,
    check: plan.id,
    attempt: checks.attempt,
    status,
    level: plan.level,
    ...said,
  })
  note(checks, plan, status, message)
}

function note(checks: CheckRun, plan: CheckPlan, status: string, message: string | undefined): void {
  if (status !== 'failed' || plan.level !== 'mandatory') return
  checks.failed.push(plan.id)
  checks.message ??= `check \`${plan.id}\` failed${message === undefined ? '' : `: ${message}`}`
}
