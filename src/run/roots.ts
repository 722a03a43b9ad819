import { decodeKey, prefixOf } from '../events/path.ts'
import type { StepState } from '../events/state.ts'
import { durationValue, evaluate, type Roots, render } from '../expr/evaluate.ts'
import { lazyRecord } from '../expr/lazy.ts'
import type { StepPlan } from '../plan/plan.ts'
import { secretReference } from '../ports/secrets.ts'
import { parseDuration } from '../util/duration.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { own } from '../util/own.ts'
import { isFailure, type Node, type Run, type Scope } from './run.ts'

/*
 * What expressions read, computed as they read it from the state (D5): nothing is kept that could be stale, and a
 * pipeline of ten thousand steps costs an expression only the steps it names.
 */

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

const roots = new WeakMap<Scope | Node, Roots>()

/** Roots of a scope: what its `outputs`, gates and steps without an item read. */
export function scopeRoots(run: Run, scope: Scope): Roots {
  return rootsSeen(run, scope, undefined)
}

/** `viewer`: a step that started without all its needs goes on seeing those as they were then (promise 11). */
function rootsSeen(run: Run, scope: Scope, viewer: Node | undefined): Roots {
  const known = roots.get(viewer ?? scope)
  if (known) return known
  const { plan } = scope
  const read = new Map<string | typeof OPEN, Json>()
  const made: Roots = {
    inputs: withNulls(Object.keys(plan.inputs), scope.inputs),
    vars: lazyRecord({
      keys: () => Object.keys(plan.vars),
      has: (name) => Object.hasOwn(plan.vars, name),
      get: (name) => readVar(name, read, () => must(render(plan.vars[name]!, made))),
    }),
    env: lazyRecord({
      keys: () => Object.keys(plan.env),
      has: (name) => Object.hasOwn(plan.env, name),
      get: (name) => must(render(plan.env[name]!, { ...made, secrets: secretMarkers(plan.secrets) })),
    }),
    steps: stepsRecord(run, scope, viewer),
    gates: lazyRecord({
      keys: () => scope.gates.keys(),
      has: (name) => scope.gates.has(name),
      get: (name) => gateRecord(run, scope, name),
    }),
    run: runRecord(run, scope),
    project: { alias: null, path: run.state.root, repo: null, protected: [] },
  }
  roots.set(viewer ?? scope, made)
  return made
}

const OPEN = Symbol('open')

/**
 * A var that reads vars reads each of them once: without that, two reads a level double the work at every level. What was
 * read is forgotten with the outermost read, since the next one may come later in the run.
 */
function readVar(name: string, read: Map<string | typeof OPEN, Json>, compute: () => Json): Json {
  const known = read.get(name)
  if (known !== undefined) return known
  const outermost = !read.has(OPEN)
  read.set(OPEN, true)
  try {
    const value = compute()
    read.set(name, value)
    return value
  } finally {
    if (outermost) read.clear()
  }
}

/** Roots of a step: those of its scope, its item, and what it started without. */
export function nodeRoots(run: Run, node: Node): Roots {
  const start = startOf(node)
  const { missing } = start
  const viewer = missing === undefined || missing.length === 0 ? undefined : start
  const made: { [name: string]: Json } = { ...rootsSeen(run, node.scope, viewer) }
  let at: Node | undefined = node
  while (at && at.item === undefined) at = at.parent
  if (at?.item) made.item = at.item.value
  if (missing !== undefined) made.missing = missing
  return made
}

/** The node that had the needs: of an item or a pass, its step. */
export function startOf(node: Node): Node {
  let at = node
  while (at.parent) at = at.parent
  return at
}

/** `${{ secrets.X }}` becomes a reference that only the executor resolves; never a value. */
export function secretMarkers(names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, secretReference(name)]))
}

function must(read: Read<Json>): Json {
  if (!read.ok) throw new Error(read.message)
  return read.value
}

function withNulls(names: readonly string[], values: JsonObject): JsonObject {
  const all: { [name: string]: Json } = {}
  for (const name of names) all[name] = null
  return Object.assign(all, values)
}

function stepsRecord(run: Run, scope: Scope, viewer: Node | undefined): JsonObject {
  return lazyRecord({
    keys: () => scope.nodes.keys(),
    has: (name) => scope.nodes.has(name),
    get: (name) => stepRecord(run, scope.nodes.get(name)!, viewer),
  })
}

function stepRecord(run: Run, node: Node, viewer: Node | undefined): JsonObject {
  const hidden = viewer !== undefined && isLate(run, node, viewer)
  const state = hidden ? undefined : run.state.steps.get(node.path)
  return {
    status: state?.status ?? 'pending',
    outcome: state?.outcome ?? null,
    get outputs() {
      return outputsOf(run, node.step, hidden ? undefined : node.path)
    },
    get attempts() {
      return hidden ? 0 : attemptsOf(run, node.path, state)
    },
    get duration() {
      return durationValue(state?.startedAt === undefined ? 0 : (state.endedAt ?? run.now) - state.startedAt)
    },
    get each() {
      return hidden ? [] : eachOf(run, node.step, node.path)
    },
  }
}

function isLate(run: Run, node: Node, viewer: Node): boolean {
  if (!viewer.missing?.includes(node.step.id)) return false
  const startedAt = run.state.steps.get(viewer.path)?.startedAt
  const endedAt = run.state.steps.get(node.path)?.endedAt
  return endedAt === undefined || (startedAt !== undefined && endedAt > startedAt)
}

/** Outputs of a step that succeeded; every declared one null otherwise; lists for a foreach. */
export function outputsOf(run: Run, step: StepPlan, path: string | undefined): JsonObject {
  const state = path === undefined ? undefined : run.state.steps.get(path)
  const names = outputNames(run, step)
  if (step.foreach === undefined) return withNulls(names, state?.status === 'succeeded' ? (state.outputs ?? {}) : {})
  const lists: { [name: string]: Json[] } = Object.fromEntries(names.map((name) => [name, []]))
  for (const { key } of state?.items ?? []) {
    const item = run.state.steps.get(`${path}[${key}]`)
    if (item?.status !== 'succeeded') continue
    for (const name of new Set([...names, ...Object.keys(item.outputs ?? {})])) {
      const list = own(lists, name)
      const value = own(item.outputs, name) ?? null
      if (list) list.push(value)
      else lists[name] = [value]
    }
  }
  return lists
}

function outputNames(run: Run, step: StepPlan): string[] {
  const names = Object.keys(step.outputs)
  if (step.action.kind === 'pipeline')
    names.push(...Object.keys(run.plan.pipelines[step.action.pipeline]?.outputs ?? {}))
  if (step.action.kind === 'ask') names.push(...Object.keys(step.action.answer))
  return names
}

function eachOf(run: Run, step: StepPlan, path: string): Json {
  if (step.foreach === undefined) return []
  const single: StepPlan = { ...step, foreach: undefined }
  return (run.state.steps.get(path)?.items ?? []).map(({ key, item }) => ({
    key: decodeKey(key),
    item,
    status: run.state.steps.get(`${path}[${key}]`)?.status ?? 'pending',
    outputs: outputsOf(run, single, `${path}[${key}]`),
  }))
}

/** Attempts of a step: of a repeat those of all passes, of a foreach those of its worst item. */
function attemptsOf(run: Run, path: string, state: StepState | undefined): number {
  if (state?.items) return Math.max(0, ...state.items.map(({ key }) => attemptsAt(run, `${path}[${key}]`)))
  return attemptsAt(run, path)
}

function attemptsAt(run: Run, path: string): number {
  const state = run.state.steps.get(path)
  let sum = state?.attempts ?? 0
  for (let pass = 1; pass <= (state?.iteration ?? 0); pass++)
    sum += run.state.steps.get(`${path}@${pass}`)?.attempts ?? 0
  return sum
}

function gateRecord(run: Run, scope: Scope, id: string): JsonObject {
  const gate = run.state.gates.get(prefixOf(scope.path) + id)
  return { status: gate?.status ?? 'pending', level: scope.gates.get(id)!.plan.level }
}

function runRecord(run: Run, scope: Scope): JsonObject {
  return {
    id: run.id,
    started_by: run.state.startedBy.name,
    get outcome() {
      return run.state.scopes.get(scope.path)?.finallyOutcome ?? null
    },
    get failed() {
      return mainSteps(scope)
        .filter((node) => isFailure(node.status))
        .map((node) => node.step.id)
    },
    get steps() {
      return mainSteps(scope).map((node) => Object.defineProperties({ id: node.step.id }, descriptors(run, node)))
    },
    get gates() {
      return [...scope.gates.keys()].map((id) => ({ id, ...gateRecord(run, scope, id) }))
    },
    get duration() {
      return durationValue(run.now - (run.state.scopes.get(scope.path)?.openedAt ?? run.now))
    },
  }
}

function descriptors(run: Run, node: Node): PropertyDescriptorMap {
  return Object.getOwnPropertyDescriptors(stepRecord(run, node, undefined)) as PropertyDescriptorMap
}

function mainSteps(scope: Scope): Node[] {
  return [...scope.nodes.values()].filter(({ step }) => step.section === 'steps' && step.escalation === undefined)
}

/** Evaluates a condition: true, false, or why it can't be told. */
export function condition(source: string, given: Roots): Read<boolean> {
  const result = evaluate(source, given)
  if (!result.ok) return result
  if (typeof result.value === 'boolean') return { ok: true, value: result.value }
  return { ok: false, message: `\`${source}\` gave ${kind(result.value)}, not true or false` }
}

/** A whole number that may be written as an expression. */
export function count(value: number | string | undefined, given: Roots, least: number): Read<number | undefined> {
  if (typeof value !== 'string') return { ok: true, value }
  const result = render(value, given)
  if (!result.ok) return result
  const number = typeof result.value === 'string' ? Number(result.value) : result.value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) return { ok: true, value: number }
  return {
    ok: false,
    message: `\`${value}\` gave ${JSON.stringify(result.value)}, not a whole number from ${least} up`,
  }
}

/** Milliseconds; an expression gives a duration or a text such as `5m`. */
export function duration(value: number | string | undefined, given: Roots): Read<number | undefined> {
  if (typeof value !== 'string') return { ok: true, value }
  const result = render(value, given)
  if (!result.ok) return result
  const ms = typeof result.value === 'string' ? parseDuration(result.value) : undefined
  if (ms !== undefined) return { ok: true, value: ms }
  return { ok: false, message: `\`${value}\` gave ${JSON.stringify(result.value)}, not a duration such as 30s or 5m` }
}

/** The same of a limit, which is above zero: with none nothing could happen before it. */
export function timeLimit(value: number | string | undefined, given: Roots): Read<number | undefined> {
  const read = duration(value, given)
  if (!read.ok || read.value !== 0 || typeof value !== 'string') return read
  return { ok: false, message: `\`${value}\` gave a limit of no time, which lets nothing happen` }
}

/** Text of a rendered value where a text is wanted. */
export function text(value: Json, given: Roots): Read<string> {
  const result = render(value, given)
  if (!result.ok) return result
  if (typeof result.value === 'string') return { ok: true, value: result.value }
  return {
    ok: true,
    value:
      result.value === null
        ? ''
        : typeof result.value === 'object'
          ? JSON.stringify(result.value)
          : String(result.value),
  }
}

function kind(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `the ${typeof value} ${value}`
}
