import { locate, scopeOf } from '../paths.ts'
import type { ProcessRecord } from '../sim-types.ts'
import type { Invariant } from './invariant.ts'
import { isHungUp, isStopped } from './moves.ts'
import { type RunView, type ScopeView, stepOf } from './view.ts'

/** Two attempts of a step never overlap, and nothing runs when the run has ended. */
export const noOverlap: Invariant = {
  name: 'two attempts of a step never overlap',
  promises: [13, 17],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const byPath = Map.groupBy(run.processes, (process) => process.path)
      for (const [path, processes] of byPath) {
        for (const [index, process] of processes.entries()) {
          const next = processes[index + 1]
          seen()
          if (process.endMs === undefined) report(`\`${process.token}\` still runs after the end of the run`)
          else if (next && next.startMs < process.endMs)
            report(`two attempts of \`${path}\` overlap: ${process.token}, ${next.token}`)
        }
      }
    },
  }),
}

/** No more steps of a pipeline run at once than it says, nor more instances of a foreach. */
export const withinLimits: Invariant = {
  name: 'concurrency limits hold',
  promises: [24],
  watch: (_trace, run, report, seen) => ({
    end: () => {
      const groups = new Map<string, { limit: number; processes: ProcessRecord[] }>()
      const add = (name: string, limit: number, process: ProcessRecord): void => {
        const group = groups.get(name) ?? { limit, processes: [] }
        group.processes.push(process)
        groups.set(name, group)
      }
      for (const process of run.processes) {
        const place = locate(process.scenario, process.path)
        if (place === undefined || place.extra) continue
        const { agents } = process.scenario
        if (place.step.agent && agents !== undefined) add('max_parallel of the agent', agents, process)
        add(`max_parallel of scope '${place.scope}'`, place.pipeline.maxParallel, process)
        const each = place.step.foreach?.maxParallel
        const base = process.path.replace(/\[[^\]]*\](@\d+)?$/, '')
        if (each !== undefined) add(`max_parallel of foreach ${base}`, each, process)
      }
      for (const [name, { limit, processes }] of groups) {
        if (processes.length > limit) seen()
        const most = mostAtOnce(processes)
        if (most > limit) report(`${name} is ${limit}, and ${most} ran at once`)
      }
    },
  }),
}

/** The largest number of these that were alive at one instant; one that ends as another starts does not count. */
function mostAtOnce(processes: readonly ProcessRecord[]): number {
  const edges = processes.flatMap((process) => [
    { at: process.startMs, by: 1 },
    { at: process.endMs ?? Infinity, by: -1 },
  ])
  edges.sort((one, two) => one.at - two.at || one.by - two.by)
  let now = 0
  let most = 0
  for (const edge of edges) {
    now += edge.by
    most = Math.max(most, now)
  }
  return most
}

/** One holder of a lock at a time, over all runs of the store, and none left at the end. */
export const locksHeldByOne: Invariant = {
  name: 'a lock is held by one',
  promises: [24],
  watch: (trace, run, report, seen) => ({
    end: () => {
      const inside = new Map<string, string>()
      for (const { run: id, events } of trace.commits) {
        // The locks of a dead or parked owner are free: what had not ended has to ask again.
        if (events.length === 0 || events.at(-1)?.type === 'run-parked')
          for (const [key, holder] of inside) if (holder.startsWith(`${id}:`)) inside.delete(key)
        for (const event of events) {
          if (!('path' in event) || (event.type !== 'attempt-started' && event.type !== 'step-ended')) continue
          const key = locate(trace.replanned ?? trace.scenario, event.path)?.step.mutex
          if (key === undefined) continue
          const holder = `${id}:${event.path}`
          if (id === run.id) seen()
          if (event.type === 'step-ended') {
            if (inside.get(key) === holder) inside.delete(key)
          } else {
            const other = inside.get(key)
            if (other !== undefined && other !== holder && id === run.id)
              report(`\`${holder}\` works under lock \`${key}\` that \`${other}\` holds`, event.seq)
            inside.set(key, holder)
          }
        }
      }
      for (const [key, owner] of trace.heldLocks)
        if (owner.startsWith(`${run.id}/`)) report(`lock \`${key}\` is still held by ${owner}`)
    },
  }),
}

/** A step waits for a slot only while none is free. What works between attempts counts as taken, so this never cries wolf. */
export const noIdleSlot: Invariant = {
  name: 'a slot is never leaked',
  promises: [24, 25],
  watch: (_trace, run, report, seen) => ({
    commit: (view, atMs) => {
      if (isHungUp(run, view, atMs)) return
      if (view.ended || view.parked || view.cancelled !== 'no') return
      for (const instance of view.instances.values()) {
        const place = stepOf(view, instance.path)
        if (instance.waiting?.kind !== 'slot' || instance.ended || !place || isStopped(view, place.scope)) continue
        if (instance.path.includes('[') && place.step.foreach?.maxParallel !== undefined) continue
        if (place.step.agent && !hasAgent(view)) continue
        seen()
        if (enclosing(view, place.scope.path).every((scope) => busyIn(view, scope) < scope.pipeline.maxParallel))
          report(`\`${instance.path}\` waits for a slot, and every limit above it has one free`)
      }
    },
  }),
}

/** Whether nobody else can hold the last place of the agent: one that waits for a slot may have its place already. */
function hasAgent(view: RunView): boolean {
  const { agents } = view.scenario
  if (agents === undefined) return true
  let others = -1
  for (const instance of view.instances.values()) {
    if (instance.ended || (instance.attempts === 0 && instance.waiting?.kind !== 'slot')) continue
    const step = stepOf(view, instance.path)?.step
    if (step?.agent && step.action.kind === 'run') others++
  }
  return others < agents
}

function enclosing(view: RunView, scope: string): ScopeView[] {
  const found: ScopeView[] = []
  for (let path: string | undefined = scope; path !== undefined; path = path === '' ? undefined : scopeOf(path)) {
    const one = view.scopes.get(path)
    if (one) found.push(one)
  }
  return found
}

/** Steps that may hold a slot of the scope: begun, not ended, and not known to wait for something else. */
function busyIn(view: RunView, scope: ScopeView): number {
  let busy = 0
  for (const instance of view.instances.values()) {
    const inside = scope.path === '' || instance.path.startsWith(`${scope.path}/`)
    if (!inside || instance.ended || instance.attempts === 0 || instance.waiting) continue
    if (stepOf(view, instance.path)?.step.action.kind === 'run') busy++
  }
  return busy
}
