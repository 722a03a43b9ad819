import type { PipelineOutline } from '../../src/plan/outline.ts'
import type { GatePicture, PlanPicture, RunHead, StepPicture } from '../../src/server/api.ts'
import type { Drawing } from './layout.ts'

/** What a box of the graph says. */
export interface Box {
  readonly id: string
  readonly kind: 'step' | 'gate' | 'finally'
  readonly name: string
  /** What it does, in one line. */
  readonly does: string
  /** Path in the run. */
  readonly path: string
  readonly status: string
  /** `3 of 10`, `pass 2`, `attempt 3`. */
  readonly extra: string
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  /** Scopes that lie below: sub-pipelines that a reader may open. */
  readonly opens: readonly Scope[]
  readonly critical: boolean
}

export interface Scope {
  readonly path: string
  readonly pipeline: string
}

/** `build[a]@2` -> `build`; within its own scope. */
export function idOf(part: string): string {
  return part.replace(/(?:\[[^\]/]*\]|@\d+)+$/, '')
}

export function prefixOf(scope: string): string {
  return scope === '' ? '' : `${scope}/`
}

export function pipelineOf(plan: PlanPicture, name: string): PipelineOutline | undefined {
  return plan.outline.pipelines.find((pipeline) => pipeline.name === name)
}

/** The shape alone, which changes only with the plan. */
export function drawingOf(pipeline: PipelineOutline, down: boolean): Drawing {
  const edges: (readonly [string, string])[] = []
  const ids = new Set(pipeline.steps.map(({ id }) => id))
  for (const step of pipeline.steps)
    for (const need of step.needs) if (ids.has(need.step)) edges.push([need.step, step.id])
  for (const gate of pipeline.gates) {
    const judged = new Set(gate.of)
    const inner = new Set(
      pipeline.steps.filter(({ id }) => judged.has(id)).flatMap(({ needs }) => needs.map(({ step }) => step)),
    )
    for (const id of gate.of) if (!inner.has(id) && ids.has(id)) edges.push([id, `gate:${gate.id}`])
    for (const id of gate.before) if (ids.has(id)) edges.push([`gate:${gate.id}`, id])
  }
  const nodes = [...pipeline.steps.map(({ id }) => id), ...pipeline.gates.map(({ id }) => `gate:${id}`)]
  const late = pipeline.steps.flatMap(({ id, section }) => (section === 'finally' ? [id] : []))
  return { nodes, edges, late, down }
}

interface RunParts {
  readonly head: RunHead | undefined
  readonly steps: ReadonlyMap<string, StepPicture>
  readonly critical: ReadonlySet<string>
}

/** Whether two boxes say the same. */
export function sameBox(a: Box, b: Box): boolean {
  return (
    a.status === b.status &&
    a.extra === b.extra &&
    a.critical === b.critical &&
    a.startedAt === b.startedAt &&
    a.endedAt === b.endedAt &&
    a.path === b.path &&
    a.does === b.does &&
    a.opens.length === b.opens.length &&
    a.opens.every((scope, at) => scope.path === b.opens[at]!.path && scope.pipeline === b.opens[at]!.pipeline)
  )
}

/** The boxes of one pipeline in one scope of a run, or of a plan that does not run. */
export function boxesOf(plan: PlanPicture, { path: scope, pipeline: name }: Scope, run: RunParts): readonly Box[] {
  const pipeline = pipelineOf(plan, name)
  if (pipeline === undefined) return []
  const { critical, head, steps } = run
  const prefix = prefixOf(scope)
  const calls = plan.calls[name] ?? {}
  const items = new Map<string, StepPicture[]>()
  for (const step of steps.values()) {
    if (!step.path.startsWith(prefix)) continue
    const part = step.path.slice(prefix.length)
    const id = idOf(part)
    if (part.includes('/') || id === part) continue
    const known = items.get(id)
    if (known) known.push(step)
    else items.set(id, [step])
  }
  const scopes = new Map<string, Scope[]>()
  for (const one of head?.scopes ?? []) {
    const stem = idOf(one.path)
    const known = scopes.get(stem)
    if (known) known.push(one)
    else if (stem !== '') scopes.set(stem, [one])
  }
  const gates = new Map<string, GatePicture>((head?.gates ?? []).map((gate) => [gate.path, gate]))
  return [
    ...pipeline.steps.map((step): Box => {
      const path = prefix + step.id
      const known = steps.get(path)
      const callee = Object.hasOwn(calls, step.id) ? calls[step.id] : undefined
      const below = scopes.get(path) ?? []
      return {
        id: step.id,
        kind: step.section === 'finally' ? 'finally' : 'step',
        name: step.id,
        does: step.does,
        path,
        status: known?.status ?? (head === undefined ? '' : 'pending'),
        extra: extraOf(known, items.get(step.id) ?? [], step),
        startedAt: known?.startedAt,
        endedAt: known?.endedAt,
        opens: below.length > 0 ? below : callee === undefined ? [] : [{ path, pipeline: callee }],
        critical: critical.has(path),
      }
    }),
    ...pipeline.gates.map((gate): Box => {
      const known = gates.get(prefix + gate.id)
      return {
        id: `gate:${gate.id}`,
        kind: 'gate',
        name: gate.id,
        does: `${gate.level} gate`,
        path: `${prefix}gate:${gate.id}`,
        status: known?.status ?? (head === undefined ? '' : 'pending'),
        extra: known?.share === undefined ? '' : `${Math.round(known.share * 100)} %`,
        startedAt: undefined,
        endedAt: undefined,
        opens: [],
        critical: false,
      }
    }),
  ]
}

function extraOf(
  step: StepPicture | undefined,
  instances: readonly StepPicture[],
  { foreach, repeat }: { readonly foreach: boolean; readonly repeat: number | string | null },
): string {
  const words: string[] = []
  if (step?.items !== undefined) {
    const items = instances.filter(({ path }) => path.endsWith(']'))
    words.push(`${items.filter(({ endedAt }) => endedAt !== undefined).length} of ${step.items}`)
  } else if (foreach) words.push('each item')
  const passes = instances.filter(({ path }) => /@\d+$/.test(path)).length
  if (passes > 0) words.push(`pass ${passes}`)
  else if (repeat !== null && step === undefined) words.push('repeats')
  if (step !== undefined && step.attempts > 1) words.push(`attempt ${step.attempts}`)
  return words.join(', ')
}
