import type { Decision, WaitSpec } from '../events/events.ts'
import type { Token } from '../ports/executor.ts'
import type { Json } from '../util/json.ts'
import { startNodeChecks } from './checks.ts'
import { fields } from './dispatch.ts'
import { finish } from './ends.ts'
import { givenFor } from './given.ts'
import { attemptAt } from './in-flight.ts'
import { fits, refusePerson } from './judge.ts'
import { behind, personsOf } from './persons.ts'
import { AGAIN, failedAgain } from './reopen.ts'
import { duration, nodeRoots, type Read, text, timeLimit } from './roots.ts'
import { emit, type Node, type Run, startTimer, stateOf, wake } from './run.ts'
import { sendSignal } from './signals.ts'

/*
 * What waits for people, signals and time. A wait holds no slot; its question and its deadline are on record, so that
 * it survives its owner and is asked again as it was.
 */

/**
 * Each question of a step has a token of its own: it is asked again after every attempt that a crash cut off, and in
 * every attempt of the sub-pipeline that it is in.
 */
export function waitToken(run: Run, node: Node): Token {
  return `${node.path}#wait-${attemptAt(run.state, node.path)}`
}

/** Opens the question of an approval, an ask, or a wait for a signal. */
export function openWaitStep(run: Run, node: Node): void {
  const spec = specOf(run, node)
  if (!spec.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: spec.message })
  emit(run, { type: 'wait-opened', path: node.path, wait: spec.value })
  const early = approvedBefore(run, node, spec.value)
  if (early) return onDecided(run, node, early)
  listen(run, node, spec.value)
}

/** Asks a person what to do about an attempt that a crash cut off (`interrupted: ask`). */
export function askAfterInterruption(run: Run, node: Node): void {
  const wait: WaitSpec = {
    kind: 'interrupted',
    prompt: `\`${node.path}\` was interrupted and may have had effects; run it again?`,
    from: [],
    persons: [],
    self: true,
    ...behind(run),
  }
  emit(run, { type: 'wait-opened', path: node.path, wait })
  listen(run, node, wait)
}

/** Waits for the decision; again after a resume. */
export function listen(run: Run, node: Node, spec: WaitSpec): void {
  const token = waitToken(run, node)
  node.phase = 'waiting'
  run.pending.set(token, { what: 'wait', node })
  run.waits.set(token, node)
  if (spec.kind === 'signal') {
    const taken = takeOwnSignal(run, node, spec)
    if (taken) return onDecided(run, node, taken)
  }
  run.port.wait(token, spec)
}

function specOf(run: Run, node: Node): Read<WaitSpec> {
  const roots = nodeRoots(run, node)
  const { action } = node.step
  const timeout = timeLimit(node.step.timeoutMs, roots)
  if (!timeout.ok) return timeout
  const common = {
    ...behind(run),
    ...(timeout.value === undefined ? {} : { deadlineMs: run.now + timeout.value }),
  }
  if (action.kind === 'wait' && 'signal' in action) {
    const { signal, when } = action
    const spec = { kind: 'signal' as const, prompt: signal, signal, from: [], persons: [], self: true, ...common }
    if (when === undefined) return { ok: true, value: spec }
    const given = givenFor(when, roots)
    return { ok: true, value: { ...spec, when, ...(given && { given }) } }
  }
  if (action.kind !== 'approval' && action.kind !== 'ask') throw new Error(`\`${node.path}\` is no wait`)
  const prompt = text(action.prompt, roots)
  if (!prompt.ok) return prompt
  const { from } = action
  const who = { from, persons: personsOf(run, from), ...common }
  if (action.kind === 'ask')
    return {
      ok: true,
      value: { kind: 'answer', prompt: prompt.value, answer: action.answer as unknown as Json, self: true, ...who },
    }
  const show = action.show === undefined ? undefined : text(action.show, roots)
  if (show?.ok === false) return show
  const approval = { kind: 'approval' as const, prompt: prompt.value, self: action.self, ...who }
  return { ok: true, value: show === undefined ? approval : { ...approval, show: show.value } }
}

/** `--approve STEP`: the starter's own decision, which counts only where the starter may decide. */
function approvedBefore(run: Run, node: Node, spec: WaitSpec): Decision | undefined {
  const { approve, startedBy } = run.state
  if (spec.kind !== 'approval' || !(approve.includes(node.path) || approve.includes(node.step.id))) return undefined
  if (refusePerson(spec, startedBy) !== undefined) return undefined
  return { verdict: 'approved', by: startedBy, at: run.now, comment: 'approved when the run was started' }
}

/**
 * A signal that this same run sent since the foreach or repeat began that this wait is of, not taken by another wait. Any
 * other wait hears only what is sent from now on.
 */
function takeOwnSignal(run: Run, node: Node, spec: WaitSpec): Decision | undefined {
  const since = node.parent && stateOf(run, node.parent)?.startedSeq
  if (since === undefined) return undefined
  const at = run.untaken.findIndex(
    (sent) => sent.signal === spec.signal && sent.seq > since && fits(spec, sent.payload),
  )
  if (at < 0) return undefined
  const [sent] = run.untaken.splice(at, 1)
  return { verdict: 'received', at: run.now, values: sent!.payload, signal: sent!.id }
}

/** Gives signals that this turn sent to the waits of the same run that are open for them, oldest question first. */
export function deliverOwnSignals(run: Run): void {
  for (const sent of run.sent.splice(0)) {
    const waiting = [...run.waits].find(([, node]) => {
      const spec = stateOf(run, node)?.wait?.spec
      return spec?.kind === 'signal' && spec.signal === sent.signal && fits(spec, sent.payload)
    })
    if (waiting === undefined) {
      run.untaken.push(sent)
      continue
    }
    const [token, node] = waiting
    run.pending.delete(token)
    run.port.abort(token, false)
    onDecided(run, node, { verdict: 'received', at: run.now, values: sent.payload, signal: sent.id })
  }
}

/** A wait has its decision. */
export function onDecided(run: Run, node: Node, decision: Decision): void {
  const token = waitToken(run, node)
  run.waits.delete(token)
  run.pending.delete(token)
  if (node.phase === 'ended') return
  emit(run, { type: 'wait-decided', path: node.path, decision })
  const { comment, by } = decision
  switch (decision.verdict) {
    case 'approved':
    case 'answered':
    case 'received':
    case 'bypassed':
      return afterWait(run, node, decision)
    case 'rerun':
      return wake(run, { type: 'attempt', node })
    case 'rejected': {
      const interrupted = stateOf(run, node)?.wait?.spec.kind === 'interrupted'
      const message = `${by?.name ?? 'somebody'} rejected it${comment === undefined ? '' : `: ${comment}`}`
      const status = interrupted ? 'interrupted' : 'failed'
      return finish(run, node, { status, reason: interrupted ? 'interrupted' : 'rejected', message })
    }
    case 'expired':
      return finish(run, node, expired(node))
  }
}

function expired(node: Node) {
  const message = 'nobody decided in time'
  if (node.step.onTimeout === 'reject') return { status: 'failed' as const, reason: 'rejected', message }
  return { status: 'timed-out' as const, reason: node.step.onTimeout === 'escalate' ? 'escalated' : 'timeout', message }
}

/** What a wait gave is checked as what an attempt made is. */
export function afterWait(run: Run, node: Node, decision: Pick<Decision, 'values'>): void {
  if (node.step.checks.length === 0) {
    const again = node.step.escalation !== undefined && decision.values?.choice === 'retry'
    const reason = again && failedAgain(run.plan, run.state).steps.length > 0 ? AGAIN : undefined
    return finish(run, node, { status: 'succeeded', reason, outputs: decision.values })
  }
  startNodeChecks(run, node)
}

/** `wait: 5m`: until an instant that is on record. */
export function startTimerStep(run: Run, node: Node, forMs: number | string): void {
  const ms = duration(forMs, nodeRoots(run, node))
  if (!ms.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: ms.message })
  const untilMs = run.now + (ms.value ?? 0)
  emit(run, { type: 'step-waiting', path: node.path, for: { kind: 'timer', untilMs } })
  waitForTime(run, node, untilMs)
}

export function waitForTime(run: Run, node: Node, untilMs: number): void {
  node.phase = 'timer'
  node.timerToken = `${node.path}#timer-${untilMs}`
  startTimer(run, node.timerToken, untilMs, { what: 'timer', node })
}

/** A step that sends a signal is done when it is on record. */
export function sendSignalStep(run: Run, node: Node): void {
  const { action } = node.step
  if (action.kind !== 'signal') throw new Error(`\`${node.path}\` sends no signal`)
  const payload = fields(node.step.with, nodeRoots(run, node))
  if (!payload.ok) return finish(run, node, { status: 'failed', reason: 'expression', message: payload.message })
  sendSignal(run, { path: node.path, target: '*', signal: action.signal, payload: payload.value })
  finish(run, node, { status: 'succeeded', outputs: {} })
}
