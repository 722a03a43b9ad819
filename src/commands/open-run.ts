import { existsSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { RunEvent } from '../events/events.ts'
import { emptyState, reduce } from '../events/reduce.ts'
import type { RunState } from '../events/state.ts'
import type { Plan } from '../plan/plan.ts'
import { type Liveness, StoreError } from '../ports/store.ts'
import type { RunReader } from '../store/reader.ts'
import { openStore, type Store } from '../store/store.ts'
import { folderId, NO_FOLDER } from '../supervisor/mark.ts'
import { nearest } from '../util/nearest.ts'
import type { Io } from './io.ts'
import { findStateDir } from './project.ts'
import { UsageError, WorldError } from './usage-error.ts'

/** A run as a command looks at it: its record, and the state that its events make. */
export interface OpenRun {
  readonly store: Store
  readonly run: string
  readonly reader: RunReader
  readonly events: readonly RunEvent[]
  readonly state: RunState
  /** What held before `state` was read. */
  readonly liveness: Liveness
  /** Said where the record is damaged: what stands before it is in `state`. */
  readonly damage: string | undefined
}

/** Opens the store of the project that the working directory belongs to, for as long as `work` takes. */
export async function withStore<T>(io: Io, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(await findStateDir(io))
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

/**
 * Opens the run that a person named, for as long as `work` takes. A damaged record is refused: what comes after the
 * damage is not known, and nothing may be done on a guess. A command that only looks, or that must end a run whatever its
 * record says, takes it with `damage: 'told'`, where at least its beginning can be read.
 */
export function withRun<T>(
  written: string,
  io: Io,
  work: (open: OpenRun) => Promise<T>,
  { damage = 'refused' }: { readonly damage?: 'refused' | 'told' } = {},
): Promise<T> {
  return withStore(io, async (store) => {
    const run = resolveRun(store, written)
    const reader = store.reader(run)
    try {
      const { events, fault, liveness } = readWhole(reader)
      if (fault !== undefined && (damage === 'refused' || events.length === 0)) throw fault
      if (events.length === 0) throw neverBegan(run)
      return await work({ store, run, reader, events, state: stateOf(events), liveness, damage: fault?.message })
    } finally {
      reader.close()
    }
  })
}

/** The events of a run, and what is wrong with its record. */
function readWhole(reader: RunReader): {
  readonly events: readonly RunEvent[]
  readonly liveness: Liveness
  readonly fault: StoreError | undefined
} {
  const { run, folder } = reader
  const { liveness, events, damaged, lostTail } = reader.whole()
  const fault = (message: string, hint: string): StoreError =>
    new StoreError(
      'damaged',
      message,
      events.length === 0
        ? 'what ran is not known: look at what its steps have done before you start it anew'
        : `${hint}; see what is known with \`opsflow show ${run}\``,
    )
  if (damaged !== undefined) return { events, liveness, fault: fault(damaged.message, 'it cannot go on') }
  const [log, ...more] = lostTail
  if (log === undefined) return { events, liveness, fault: undefined }
  const others = more.length === 0 ? '' : ` nor of ${more.length} more`
  return {
    events,
    liveness,
    fault: fault(
      `the record of run \`${run}\` has lost its end: it knows nothing of \`${join(folder.logs, log)}\`${others}`,
      'something ran that would run again; look at what it did, then lay its log aside to go on without it',
    ),
  }
}

/** The run that a person named. Where there is none at all, the folder is most likely the wrong one. */
export function resolveRun(store: Store, written: string): string {
  try {
    return store.resolve(written)
  } catch (error) {
    if (!(error instanceof StoreError) || error.reason !== 'not-found' || store.list().length > 0) throw error
    const hint = `no run is recorded in ${store.stateDir}: give the command in the folder of the project`
    throw new StoreError('not-found', error.message, hint)
  }
}

/** What a run is, for a command that will own it. */
export function readRun(
  store: Store,
  run: string,
): { readonly state: RunState; readonly plan: Plan; readonly liveness: Liveness } {
  const reader = store.reader(run)
  try {
    const { events, fault, liveness } = readWhole(reader)
    if (fault !== undefined) throw fault
    if (events.length === 0) throw neverBegan(run)
    return { state: stateOf(events), plan: reader.plan(), liveness }
  } finally {
    reader.close()
  }
}

/**
 * The root of the project that a run goes on in: where it was, else where it is now. A place that is gone is no proof of
 * where it went, so the file of the run's pipeline must lie in the new one. A copy of a run that is still there is refused.
 */
export function rootOf(state: RunState, plan: Plan, found: string, store: Store): string {
  refuseCopy(state, found, store)
  if (statSync(state.root, { throwIfNoEntry: false })?.isDirectory() === true) return state.root
  if (existsSync(resolve(found, plan.pipelines[plan.root]!.file))) return found
  throw new WorldError(
    `run \`${state.run}\` belongs to the project in \`${state.root}\`, which is not there any more`,
    'give the command in the folder that it was moved to',
  )
}

/** Of a run that lies in two projects one goes on: the one where it began. The other would do everything a second time. */
function refuseCopy({ run, root }: RunState, found: string, store: Store): void {
  const original = folderId(resolve(root, relative(found, store.stateDir), 'runs', run))
  if (original === NO_FOLDER || original === folderId(store.folder(run).path)) return
  throw new WorldError(
    `this is a copy of run \`${run}\`, which began in \`${root}\` and still is there`,
    'go on with it there, or start the pipeline anew here',
  )
}

function neverBegan(run: string): StoreError {
  return new StoreError('never-began', `run \`${run}\` was made and never began`, 'start it anew: nothing ran')
}

/** What a run follows, as far as its record can be read. */
export function knownPlan(reader: RunReader): Plan | undefined {
  try {
    return reader.plan()
  } catch (error) {
    if (error instanceof StoreError) return undefined
    throw error
  }
}

/** The state that events make. */
export function stateOf(events: readonly RunEvent[]): RunState {
  let state = emptyState()
  for (const event of events) state = reduce(state, event)
  return state
}

/**
 * The one path that a person means: the path itself, the path without pass numbers, or its last part. `what` names the
 * kind of thing in messages: `step`.
 */
export function findPath(written: string, paths: readonly string[], what: string): string {
  if (paths.includes(written)) return written
  const plain = (path: string) => path.replace(/@\d+/g, '')
  const fits = paths.filter((path) => plain(path) === written)
  const found = fits.length > 0 ? fits : paths.filter((path) => plain(path).split('/').at(-1) === written)
  if (found.length === 1) return found[0]!
  const all = found.length > 0 ? found : paths
  const list = `${all
    .slice(-8)
    .map((path) => `\`${path}\``)
    .join(', ')}${all.length > 8 ? ', …' : ''}`
  if (found.length > 1) throw new UsageError(`\`${written}\` may be several: ${list}`, 'write the whole path')
  // Paths, and their last parts, by which they may be named too.
  const near = nearest(written, [...paths, ...paths.map((path) => plain(path).split('/').at(-1)!)])
  const known = list === '' ? undefined : `there is ${list}`
  throw new UsageError(
    `there is no ${what} \`${written}\``,
    near === undefined ? known : `did you mean \`${near}\`? ${known}`,
  )
}
