/**
 * What runs say to others: a signal that a run has on record goes to the waits of other runs and to the coordinators of the
 * project that answer it, each once.
 *
 * 1. A run that may send is marked before it begins, and the mark goes when all it sent is delivered: what a kill leaves
 *    over is delivered when a run that may send ends or parks next, or by `opsflow resume` of that run.
 * 2. To deliver again changes nothing. What a coordinator answers is a run whose name is made of the signal and the
 *    coordinator, and a run begins once; a row in an inbox carries the id of its signal.
 * 3. A coordinator does not hear its own lifecycle, and what answers an answer ends after four.
 */
import { createHash } from 'node:crypto'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { positionOf } from '../diagnostics/lines.ts'
import type { RunEvent } from '../events/events.ts'
import type { RunState } from '../events/state.ts'
import { type Answer, answersTo } from '../plan/answer.ts'
import { type CoordinatorPlan, compileCoordinators } from '../plan/coordinator.ts'
import type { Plan } from '../plan/plan.ts'
import { StoreError } from '../ports/store.ts'
import { newRunId } from '../store/run-id.ts'
import type { Store } from '../store/store.ts'
import { compileTarget, projectFor } from './compile-pipeline.ts'
import type { ExecuteOptions } from './execute.ts'
import type { Io } from './io.ts'
import { stateOf } from './open-run.ts'
import { loadProject } from './project.ts'
import { startNew } from './run.ts'
import { tellWaiting } from './tell-waits.ts'
import { clearUndelivered, isUndelivered, undeliveredMark } from './undelivered.ts'
import { errorText, UsageError, WorldError } from './usage-error.ts'

type Sent = Extract<RunEvent, { type: 'signal-sent' }>

const DEEPEST = 4

/** Tells waits of other runs at once; what is missed here, the delivery at the end finds. */
export async function tellAtOnce(store: Store, sent: readonly RunEvent[], run: string, io: Io): Promise<void> {
  for (const event of sent)
    if (event.type === 'signal-sent') await tellWaiting(store, toldOf(event, run, io), () => undefined)
}

/** Delivers what runs that nobody drives have said and was not heard yet. */
export async function deliverAll(store: Store, options: ExecuteOptions, io: Io): Promise<void> {
  const tried = new Set<string>()
  for (;;) {
    const next = store.list().find(({ run, phase, liveness }) => {
      const isOver = phase === 'ended' || (phase === 'parked' && liveness !== 'live' && liveness !== 'ending')
      return isOver && !tried.has(run) && isUndelivered(store.folder(run).path)
    })
    if (next === undefined) return
    tried.add(next.run)
    try {
      const mark = undeliveredMark(store.folder(next.run).path)
      await deliver(store, next.run, options, io)
      clearUndelivered(store.folder(next.run).path, mark)
    } catch (error) {
      io.stderr.write(`opsflow: what ${next.run} sent is not delivered yet\n${errorText(saidOf(error))}`)
    }
  }
}

async function deliver(store: Store, run: string, options: ExecuteOptions, io: Io): Promise<void> {
  const { signals, state } = sentBy(store, run)
  for (const event of signals) await tellWaiting(store, toldOf(event, run, io), (line) => say(io, options, line))
  if (signals.length === 0) return
  const project = await loadProject(io)
  if (project.coordinators.size === 0) return
  const compiled = compileCoordinators(await projectFor(project, io))
  if (!compiled.ok) throw faulty('the coordinators of the project have faults', compiled.diagnostics, run)
  const depth = (state.cause?.depth ?? 0) + 1
  for (const event of signals)
    for (const answer of heardBy(compiled.value, event, state))
      await answerOne(store, { event, answer, depth }, options, io)
}

async function answerOne(
  store: Store,
  heard: { readonly event: Sent; readonly answer: Answer; readonly depth: number },
  options: ExecuteOptions,
  io: Io,
): Promise<void> {
  const { event, answer, depth } = heard
  const { coordinator, routed, payload } = answer
  const { id, signal } = event
  const sender = id.slice(0, id.lastIndexOf(':'))
  if (routed.kind === 'refused') {
    io.stderr.write(`opsflow: ${coordinator} does not answer ${signal} of ${id}: ${routed.message}\n`)
    return
  }
  if (depth > DEEPEST) {
    io.stderr.write(`opsflow: ${coordinator} does not answer ${signal} of ${id}: ${DEEPEST} answers led to it\n`)
    return
  }
  const run = newRunId(event.at, createHash('sha256').update(`${id} ${coordinator}`).digest().subarray(0, 10))
  if (hasBegun(store, run)) return
  say(io, options, `${coordinator} hears ${signal} of ${sender}: \`${routed.pipeline}\`\n`)
  const cause = { coordinator, signal, id, payload, depth }
  const { spare: _, ...more } = options
  const quiet = options.json ? silent(io) : io
  try {
    const { loaded, result } = await compileTarget(routed.pipeline, io, coordinator)
    if (!result.ok) throw faulty(`\`${routed.pipeline}\` has faults`, result.diagnostics, sender)
    const plan = planOf(store, run, result.value)
    const order = { plan, project: loaded, inputs: routed.inputs, approve: [], cause, run }
    await startNew(order, { ...more, detach: true, heard: true }, quiet)
  } catch (error) {
    // What is refused for good must not stand before what was sent after it.
    if (error instanceof UsageError)
      io.stderr.write(`opsflow: ${coordinator} does not answer ${signal} of ${id}: ${error.message}\n`)
    // Somebody else delivers it at this moment.
    else if (!(error instanceof StoreError && (error.reason === 'owned' || error.reason === 'ending'))) throw error
  }
}

/** Nothing is delivered by files with faults: the first of them, and what delivers once they are mended. */
function faulty(what: string, diagnostics: readonly Diagnostic[], run: string): WorldError {
  const { at, message } = diagnostics.find(({ severity }) => severity === 'error')!
  const { line } = positionOf(at.file, at.span.start)
  return new WorldError(
    `${what}, the first in \`${at.file.path}:${line}\`: ${message}`,
    `mend what \`opsflow lint\` says, then: opsflow resume ${run}`,
  )
}

/** The coordinators that hear a signal; of its payload each gets what it and its pipelines declare. */
function heardBy(plans: readonly CoordinatorPlan[], event: Sent, state: RunState): readonly Answer[] {
  const { source, signal, target, payload, at, id } = event
  const all = { ...payload, run: state.run, signal, source, target, id, at: new Date(at).toISOString() }
  const others = plans.filter(({ name }) => !signal.startsWith(`${name}:`))
  return answersTo(
    others,
    signal,
    (schemas) => Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(schemas, name))),
    { kind: 'coordinator', name: source },
  )
}

function sentBy(store: Store, run: string): { readonly signals: readonly Sent[]; readonly state: RunState } {
  const reader = store.reader(run)
  try {
    const state = stateOf(reader.events().events)
    return { signals: state.signals, state }
  } finally {
    reader.close()
  }
}

function hasBegun(store: Store, run: string): boolean {
  let reader: ReturnType<Store['reader']>
  try {
    reader = store.reader(run)
  } catch (error) {
    if (error instanceof StoreError && error.reason === 'not-found') return false
    throw error
  }
  try {
    return reader.events().events.length > 0
  } finally {
    reader.close()
  }
}

function toldOf(event: Sent, run: string, io: Io) {
  const { signal: name, payload, id, at } = event
  return { name, by: io.user, payload: () => payload, sent: { id, at, run } }
}

function say(io: Io, { json }: ExecuteOptions, line: string): void {
  if (!json) io.stdout.write(line)
}

function silent(io: Io): Io {
  return Object.create(io, { stdout: { value: { write: () => undefined }, enumerable: true } }) as Io
}

/** Makes the run of an answer; one that was made and never begun goes by the plan of then. */
function planOf(store: Store, run: string, plan: Plan): Plan {
  try {
    store.create(plan, run)
    return plan
  } catch (error) {
    if (!(error instanceof StoreError && error.reason === 'other-plan')) throw error
  }
  const reader = store.reader(run)
  try {
    return reader.plan()
  } finally {
    reader.close()
  }
}

function saidOf(error: unknown): { readonly message: string; readonly hint: string | undefined } {
  const { message, hint } = error as { readonly message?: string; readonly hint?: string }
  return { message: message ?? String(error), hint }
}
