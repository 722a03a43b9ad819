import type { RunEvent } from '../../src/events/events.ts'
import { emptyState, reduce } from '../../src/events/reduce.ts'
import type { Dispatch } from '../../src/ports/executor.ts'
import type { drive } from '../../src/run/drive.ts'
import { parseToken } from './paths.ts'

/**
 * A scheduler of sixty lines that knows plain steps and needs only. It tests the world and the oracle without the
 * product's scheduler: what it does right must be clean, what it is told to do wrong must be seen.
 */
export function tinyDrive(mistake?: 'impatient' | 'sleepy' | 'forgetful'): typeof drive {
  return async ({ plan, port, run, start }) => {
    const { steps } = plan.pipelines[plan.root]!
    let state = emptyState()
    let seq = 0
    let now = 0
    const ended = new Map<string, 'succeeded' | 'failed' | 'skipped'>()
    const started = new Map<string, number>()
    const apply = (event: RunEvent): void => {
      seq = event.seq
      state = reduce(state, event)
      if (event.type === 'attempt-started') started.set(event.path, event.attempt)
      if (event.type === 'step-ended') ended.set(event.path, event.status as 'succeeded')
    }
    const emit = (body: Parameters<typeof port.emit>[0]): void => {
      port.emit(body)
      apply({ ...body, seq: seq + 1, at: now })
    }
    if (start.type !== 'new') for (const event of start.events) apply(event)
    const begin = (path: string): void => {
      const step = steps.find((candidate) => candidate.id === path)!
      const attempt = (started.get(path) ?? 0) + 1
      emit({ type: 'attempt-started', path, attempt })
      port.dispatch(`${path}#${attempt}`, dispatchOf(run, path, attempt, step.timeoutMs as number | undefined))
    }
    for (;;) {
      const arrivals = await port.next()
      now = arrivals.at(-1)!.at
      for (const arrival of arrivals) {
        if (arrival.type === 'opened' && start.type === 'new') {
          const { inputs, startedBy, version, root, approve } = start
          emit({
            type: 'run-created',
            run,
            pipeline: plan.root,
            planHash: plan.hash,
            inputs,
            startedBy,
            version,
            root,
            approve,
          })
        }
        if (arrival.type === 'recovered') {
          const { path, attempt } = parseToken(arrival.token)
          emit({ type: 'attempt-ended', path, attempt, outcome: { status: 'interrupted', durationMs: 0 } })
          if (mistake !== 'forgetful') begin(path)
        }
        if (arrival.type !== 'outcome') continue
        const { path, attempt } = parseToken(arrival.token)
        emit({ type: 'attempt-ended', path, attempt, outcome: arrival.outcome })
        emit({ type: 'step-ended', path, status: arrival.outcome.status === 'succeeded' ? 'succeeded' : 'failed' })
      }
      for (const step of steps) {
        if (ended.has(step.id) || started.has(step.id)) continue
        const needs = mistake === 'impatient' ? step.needs.slice(1) : step.needs
        const ends = needs.map((need) => ended.get(need.step))
        if (ends.includes(undefined) || (mistake === 'sleepy' && arrivals.length === 1 && ended.size === 1)) continue
        if (ends.every((end) => end === 'succeeded')) begin(step.id)
        else emit({ type: 'step-ended', path: step.id, status: 'skipped', reason: 'needs' })
      }
      if (ended.size < steps.length) continue
      const outcome = [...ended.values()].every((end) => end === 'succeeded') ? 'succeeded' : 'failed'
      emit({ type: 'run-ended', outcome, outputs: {}, nextSteps: [] })
      return { end: 'ended', state }
    }
  }
}

function dispatchOf(run: string, path: string, attempt: number, timeoutMs: number | undefined): Dispatch {
  return {
    run,
    path,
    attempt,
    idempotencyKey: `${run}/${path}`,
    timeoutMs,
    graceMs: 0,
    stall: undefined,
    env: {},
    cwd: undefined,
    body: { kind: 'shell', script: 'work', shell: 'sh' },
    failures: {},
    outputs: {},
    permissions: { allow: [], deny: [], ask: {} },
    isolation: undefined,
    owns: [],
  }
}
