import type { EventBody } from '../../../src/events/events.ts'
import { parseSegment, pipelineOf } from '../paths.ts'
import type { GateSpec, PipelineSpec, Scenario, StepSpec } from '../spec.ts'
import type { Invariant } from './invariant.ts'
import { isOwnSkip } from './moves.ts'
import { isOpenedBy, isWithin } from './undo.ts'
import { childPath, type RunView, type ScopeView, stepOf } from './view.ts'

/*
 * Runs that go on after their end, or by another plan: what happens again is what has to, and nothing else.
 */

type Report = (message: string, seq?: number) => void
type Reopened = Extract<EventBody, { type: 'run-reopened' }>
type Replanned = Extract<EventBody, { type: 'plan-changed' }>

/** Opened again are the steps that failed, or those named, and all that follows them; gates over them are judged again. */
export const reopensRight: Invariant = {
  name: 'a reopened run does again what failed or was named and what follows, and nothing else',
  promises: [16],
  watch: (_trace, run, report, seen) => {
    let count = 0
    return {
      before: (view, event) => {
        if (event.type !== 'run-reopened') return
        const named = run.reopened[count++]
        seen()
        if (view.ended === undefined) report('it was opened again and had not ended', event.seq)
        for (const scope of view.scopes.values()) {
          const whole = scope.path !== '' && isOpenedBy(event, scope.path)
          const inside = [...event.steps, ...event.gates].some(
            (path) => scope.path === '' || isWithin(path, scope.path),
          )
          if (!whole && inside) checkScope(view, scope, event, named, (text) => report(text, event.seq))
        }
      },
    }
  },
}

function checkScope(
  view: RunView,
  scope: ScopeView,
  event: Reopened,
  named: readonly string[] | undefined,
  report: Report,
): void {
  const { pipeline } = scope
  const ended = (step: StepSpec) => view.instances.get(childPath(scope.path, step.id))?.ended
  const isNamed = (step: StepSpec): boolean => {
    const path = childPath(scope.path, step.id)
    return named?.some((one) => one === path || isWithin(one, path)) === true
  }
  const lost = (step: StepSpec): boolean => {
    const end = ended(step)
    return step.section === 'steps' && (end === undefined || (end.status !== 'succeeded' && !isOwnSkip(end)))
  }
  const pick = (fits: (step: StepSpec) => boolean): string[] => pipeline.steps.filter(fits).map((step) => step.id)
  // A failure that was allowed may be tried again or stand.
  const least = following(pipeline, pick(named ? isNamed : (step) => lost(step) && !step.allowFailure))
  // A gate that did not pass, or was not judged to its end, is judged again, so what it stands before may have to come.
  const blocked = pipeline.gates.filter(
    (gate) => !['passed', 'bypassed'].includes(scope.gates.get(gate.id)?.status ?? ''),
  )
  const most = following(pipeline, [...pick(named ? isNamed : lost), ...blocked.flatMap((gate) => gate.before)])
  const onlyFinally = pick(isNamed).every((id) => pipeline.steps.find((step) => step.id === id)?.section === 'finally')
  for (const step of pipeline.steps) {
    const path = childPath(scope.path, step.id)
    const touched = [...event.steps, ...event.gates].some((one) => one === path || isWithin(one, path))
    if (step.section === 'finally') {
      if (!(named && onlyFinally) && ended(step) && !touched) report(`finally \`${path}\` would not run again`)
      continue
    }
    if (least.has(step.id) && ended(step) && !touched) report(`\`${path}\` stays as it was, and it failed or follows`)
    if (!most.has(step.id) && touched) report(`\`${path}\` is opened again, and nothing before it is`)
  }
  const prefix = scope.path === '' ? '' : `${scope.path}/`
  for (const gate of pipeline.gates)
    if (scope.gates.has(gate.id) && gate.of.some((id) => least.has(id)) && !event.gates.includes(prefix + gate.id))
      report(`gate \`${prefix + gate.id}\` keeps its verdict over steps that run again`)
}

/** These steps and all that comes after them, by needs and by gates. */
function following(pipeline: PipelineSpec, ids: readonly string[]): Set<string> {
  const found = new Set(ids)
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const step of pipeline.steps) if (step.needs.some((need) => found.has(need.step))) found.add(step.id)
    for (const gate of pipeline.gates)
      if (gate.of.some((id) => found.has(id))) for (const id of gate.before) found.add(id)
  }
  return found
}

/** Under another plan, what had finished stays where it and all before it are as they were; approvals are asked again. */
export const replansRight: Invariant = {
  name: 'another plan keeps what had finished where it and all before it are the same, and asks approvals again',
  promises: [3, 17],
  watch: (trace, _run, report, seen) => ({
    before: (view, event) => {
      if (event.type !== 'plan-changed') return
      if (trace.replanned === undefined) return report('the plan was changed, and nobody asked for it', event.seq)
      seen()
      const say = (text: string): void => report(text, event.seq)
      checkKept(view, trace.replanned, event, say)
      checkCutOff(view, event, say)
      checkAsked(view, trace.replanned, event, say)
    },
  }),
}

function checkKept(view: RunView, next: Scenario, event: Replanned, report: Report): void {
  const before = view.scenario.pipelines.main!
  const after = next.pipelines.main!
  const same = (step: StepSpec): boolean => {
    const old = before.steps.find((one) => one.id === step.id)
    return old !== undefined && planText(view.scenario, old) === planText(next, step)
  }
  const sameGate = (gate: GateSpec): boolean =>
    JSON.stringify(before.gates.find((one) => one.id === gate.id)) === JSON.stringify(gate)
  const changed = after.steps.filter((step) => !same(step)).map((step) => step.id)
  const gated = after.gates.filter((gate) => !sameGate(gate)).flatMap((gate) => gate.before)
  const again = following(after, [...changed, ...gated])
  for (const step of after.steps) {
    const touched = [...event.steps, ...event.gates].some((path) => path === step.id || isWithin(path, step.id))
    const ended = view.instances.get(step.id)?.ended
    if (step.section === 'finally') continue
    if (again.has(step.id) && ended && !touched)
      report(`\`${step.id}\` stays as it was, and it or something before changed`)
    const done = ended && (ended.status === 'succeeded' || isOwnSkip(ended)) && !holdsDecision(view, step.id)
    if (!again.has(step.id) && done && touched) report(`\`${step.id}\` had finished and would run again unchanged`)
  }
  const known = new Set(after.steps.map((step) => step.id))
  for (const [path, { startedSeq, ended, waiting }] of view.instances) {
    // Of what was only looked at, nothing is on record.
    if (startedSeq === undefined && !ended && !waiting) continue
    const id = parseSegment(path.split('/')[0]!)?.id
    if (id !== undefined && !known.has(id) && !isOpenedBy(event, path))
      report(`\`${path}\` is no part of the plan and stays`)
  }
}

/** An approval that something still waits for was given over the old plan: it is asked for again. */
function checkAsked(view: RunView, next: Scenario, event: Replanned, report: Report): void {
  for (const [path, instance] of view.instances) {
    const place = stepOf(view, path)
    if (place?.step.action.kind !== 'approval' || instance.wait !== 'decided' || isOpenedBy(event, path)) continue
    const steps = pipelineOf(next, place.scope.path)?.steps ?? []
    const behind = steps.filter((step) => step.needs.some((need) => need.step === place.step.id))
    const open = behind.filter((step) => {
      const ended = view.instances.get(childPath(place.scope.path, step.id))?.ended
      return ended === undefined || !(ended.status === 'succeeded' || isOwnSkip(ended))
    })
    if (open.length > 0) report(`approval \`${path}\` was given over the old plan, and \`${open[0]!.id}\` goes by it`)
  }
}

/** What a plan says of a step, with all that it runs. */
function planText({ pipelines }: Scenario, step: StepSpec): string {
  const { behaviour: _, people: __, ...said } = step
  // Its outputs are the lists that others are made over.
  const lists = (pipelines.main?.steps ?? []).filter((other) => other.foreach?.from === step.id).map(({ id }) => id)
  return JSON.stringify([
    said,
    lists,
    step.action.kind === 'pipeline' ? pipelineText(pipelines, step.action.pipeline) : '',
  ])
}

function pipelineText(pipelines: Scenario['pipelines'], name: string): unknown {
  const { steps, ...rest } = pipelines[name]!
  return [
    rest,
    steps.map(({ behaviour: _, people: __, ...said }) => [
      said,
      said.action.kind === 'pipeline' ? pipelineText(pipelines, said.action.pipeline) : '',
    ]),
  ]
}

/** Whether somebody approved or bypassed something in or at a step of the run. */
function holdsDecision(view: RunView, id: string): boolean {
  for (const [path, { wait }] of view.instances)
    if (
      (path === id || isWithin(path, id)) &&
      wait === 'decided' &&
      stepOf(view, path)?.step.action.kind === 'approval'
    )
      return true
  for (const scope of view.scopes.values()) {
    const bypassed = scope.pipeline.gates.filter((gate) => scope.gates.get(gate.id)?.status === 'bypassed')
    if (
      scope.path === ''
        ? bypassed.some((gate) => gate.before.includes(id))
        : bypassed.length > 0 && isWithin(`${scope.path}/x`, id)
    )
      return true
  }
  return false
}

/** A step that was cut off and must not be repeated is not forgotten with the old plan. */
function checkCutOff(view: RunView, event: Replanned, report: Report): void {
  for (const [path, { openAttempt, ended }] of view.instances) {
    const step = stepOf(view, path)?.step
    if (openAttempt === undefined || ended || step?.action.kind !== 'run' || step.interrupted === 'rerun') continue
    if (isOpenedBy(event, path) && !event.dropped.some((one) => path === one || isWithin(path, one)))
      report(
        `\`${path}\` was cut off and may have had effects: it would run again, and nobody asked (${step.interrupted})`,
      )
  }
}

/** All attempts of a step have one idempotency key, and count on, whatever lies between them. */
export const countsOn: Invariant = {
  name: 'attempts count on under one key',
  promises: [16, 17],
  watch: (_trace, run, report, seen) => {
    const last = new Map<string, number>()
    return {
      before: (_view, event) => {
        if (event.type === 'plan-changed')
          for (const path of [...last.keys()])
            if (event.dropped.some((one) => path === one || isWithin(path, one))) last.delete(path)
        if (event.type !== 'attempt-started') return
        const before = last.get(event.path) ?? 0
        if (before > 0) seen()
        if (event.attempt !== before + 1)
          report(`attempt ${event.attempt} of \`${event.path}\` follows ${before}`, event.seq)
        last.set(event.path, event.attempt)
      },
      end: () => {
        for (const { request, token } of run.processes)
          if (request.idempotencyKey !== `${run.id}/${request.path}`)
            report(`\`${token}\` has the key ${request.idempotencyKey}`)
      },
    }
  },
}

/** What a crash cut off the record was never durable: nothing of it happened. */
export const cutOffNeverHappened: Invariant = {
  name: 'what a crash cut off the record had no effects',
  promises: [2, 18],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      for (const { event, epoch } of run.ledger.cut) {
        if (event.type !== 'attempt-started') continue
        const token = `${event.path}#${event.attempt}`
        seen()
        if (run.processes.some((process) => process.token === token && process.epoch === epoch))
          report(`\`${token}\` runs, and the commit that says so was never whole`)
      }
    },
  }),
}
