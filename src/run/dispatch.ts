import { kindPath } from '../events/path.ts'
import { type Roots, render } from '../expr/evaluate.ts'
import { isTemplate } from '../expr/template.ts'
import type { PipelinePlan, StepAction, StepPlan } from '../plan/plan.ts'
import type { Dispatch, DispatchBody } from '../ports/executor.ts'
import { secretNames } from '../ports/secrets.ts'
import { isInFolder } from '../util/inside.ts'
import type { Json } from '../util/json.ts'
import { unreachable } from '../util/unreachable.ts'
import { nodeRoots, type Read, scopeRoots, secretMarkers, text, timeLimit } from './roots.ts'
import type { Node, Run, Scope } from './run.ts'

/** The rails of what the engine itself looks up. */
export const FREE: StepPlan['permissions'] = { allow: [], deny: [], ask: {} }

type Fields = { readonly [name: string]: Json }

/** What an attempt of a step asks of the executor, all expressions filled in; or why that can't be told. */
export function stepDispatch(run: Run, node: Node, attempt: number): Read<Dispatch> {
  const { step, scope } = node
  const roots = nodeRoots(run, node)
  const given = fields(step.with, roots)
  if (!given.ok) return given
  const timeoutMs = timeLimit(step.timeoutMs, roots)
  if (!timeoutMs.ok) return timeoutMs
  return build(run, scope, {
    path: node.path,
    key: node.path,
    attempt,
    action: step.action,
    given: given.value,
    env: step.env,
    roots,
    timeoutMs: timeoutMs.value,
    step,
    stall: stallOf(node),
  })
}

/** What a repair, a check or a gate's check asks of the executor: a body of its own in the place of its step. */
export function partDispatch(
  run: Run,
  scope: Scope,
  part: {
    readonly path: string
    readonly attempt: number
    readonly action: StepAction
    readonly with: Fields
    readonly env: Fields
    readonly roots: Roots
    readonly timeoutMs: number | undefined
    readonly step: StepPlan | undefined
    readonly cwd?: string | undefined
    /** Undefined: those of the step. */
    readonly permissions?: StepPlan['permissions'] | undefined
  },
): Read<Dispatch> {
  const given = fields(part.with, part.roots)
  if (!given.ok) return given
  const { step, ...rest } = part
  const own = step === undefined ? undefined : { ...step, failures: {}, outputs: {}, env: {} }
  return build(run, scope, { ...rest, key: part.path, given: given.value, step: own, stall: undefined })
}

/** A map with its expressions filled in. */
export function fields(map: Fields, roots: Roots): Read<Fields> {
  const rendered = render(map, roots)
  return rendered.ok ? { ok: true, value: rendered.value as Fields } : rendered
}

/** A step inside a sub-pipeline is watched as the step that called it is, unless it says otherwise. */
function stallOf(node: Node): Dispatch['stall'] {
  for (let at: Node | undefined = node; at; at = at.scope.unit)
    if (at.step.stall) return { idleMs: at.step.stall.idleMs, nudge: at.step.stall.nudge }
  return undefined
}

interface Parts {
  readonly path: string
  readonly key: string
  readonly attempt: number
  readonly action: StepAction
  readonly given: Fields
  readonly env: Fields
  readonly roots: Roots
  readonly timeoutMs: number | undefined
  readonly step: StepPlan | undefined
  readonly cwd?: string | undefined
  readonly permissions?: StepPlan['permissions'] | undefined
  readonly stall: Dispatch['stall']
}

function build(run: Run, scope: Scope, parts: Parts): Read<Dispatch> {
  const { step } = parts
  const secrets = secretMarkers(scope.plan.secrets)
  const shared = renderEnv(scope.plan.env, { ...scopeRoots(run, scope), secrets }, scope.plan)
  if (!shared.ok) return shared
  const own = renderEnv(parts.env, { ...parts.roots, secrets }, scope.plan)
  if (!own.ok) return own
  const body = bodyOf(parts, secrets, scope.plan)
  const inherit = inherited({ ...scope.plan.env, ...parts.env })
  if (!body.ok) return body
  const place = parts.cwd ?? step?.cwd
  const cwd = place === undefined ? undefined : text(place, parts.roots)
  if (cwd?.ok === false) return cwd
  // What the author wrote is theirs to decide; what came with data stays in the project.
  if (cwd !== undefined && isTemplate(place!) && !isInFolder(run.state.root, cwd.value))
    return { ok: false, message: `\`cwd\` leads out of the project: \`${cwd.value}\`` }
  const failures = Object.entries(step?.failures ?? {}).map(([name, { match, exit }]) => [name, { match, exit }])
  return {
    ok: true,
    value: {
      run: run.id,
      path: parts.path,
      attempt: parts.attempt,
      idempotencyKey: `${run.id}/${parts.key}`,
      timeoutMs: parts.timeoutMs,
      graceMs: step?.graceMs ?? 2000,
      stall: parts.stall,
      env: without({ ...shared.value, ...own.value }, inherit),
      ...(inherit.length > 0 && { inherit }),
      cwd: cwd?.value,
      body: body.value,
      failures: Object.fromEntries(failures),
      outputs: step?.outputs ?? {},
      permissions: parts.permissions ?? step?.permissions ?? FREE,
      ...(step?.granted && { granted: step.granted }),
      ...isolationOf(step, scope),
      owns: step?.owns ?? [],
    },
  }
}

/** Its own worktree where the step asks for one, else the one of the nearest pipeline or calling step that does. */
function isolationOf(step: StepPlan | undefined, scope: Scope): Pick<Dispatch, 'isolation' | 'worktree'> {
  if (step?.isolation !== undefined) return { isolation: step.isolation }
  for (let at: Scope | undefined = scope; at; at = at.unit?.scope) {
    const isolation = at.plan.isolation ?? at.unit?.step.isolation
    if (isolation !== undefined) return { isolation, worktree: at.path }
  }
  return { isolation: undefined }
}

/** Variables whose author wrote the word that lets one through; a value that only came out as that word is a text. */
function inherited(env: Fields): readonly string[] {
  return Object.keys(env).filter((name) => env[name] === 'inherit')
}

function without<T>(map: { readonly [name: string]: T }, names: readonly string[]): { readonly [name: string]: T } {
  return names.length === 0 ? map : Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)))
}

function renderEnv(env: Fields, roots: Roots, plan: PipelinePlan): Read<{ readonly [name: string]: string }> {
  const made: [string, string][] = []
  for (const [name, value] of Object.entries(env)) {
    const rendered = text(value, roots)
    if (!rendered.ok) return { ok: false, message: `env \`${name}\`: ${rendered.message}` }
    if (secretNames(rendered.value).length > 0 && isForged(value, roots, plan)) {
      return {
        ok: false,
        message: `env \`${name}\`: a value in it looks like a reference to a secret, which only \`secrets\` may give`,
      }
    }
    made.push([name, rendered.value])
  }
  return { ok: true, value: Object.fromEntries(made) }
}

/** Whether a reference to a secret is there also without what may give one: then it came with somebody's data. */
function isForged(value: Json, roots: Roots, plan: PipelinePlan): boolean {
  const blank = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, '']))
  const without = text(value, { ...roots, secrets: blank(plan.secrets), env: blank(Object.keys(plan.env)) })
  return !without.ok || secretNames(without.value).length > 0
}

function bodyOf(parts: Parts, secrets: Json, plan: PipelinePlan): Read<DispatchBody> {
  const { action, roots, given } = parts
  switch (action.kind) {
    case 'run':
      return 'script' in action
        ? { ok: true, value: { kind: 'shell', script: action.script, shell: action.shell } }
        : argvOf(action.argv, roots)
    case 'action':
      return { ok: true, value: { kind: 'action', uses: action.uses, with: given } }
    case 'http': {
      const url = text(action.url, roots)
      if (!url.ok) return url
      const headers = renderEnv(action.headers, { ...roots, secrets }, plan)
      if (!headers.ok) return headers
      const body = action.body === undefined ? undefined : render(action.body, roots)
      if (body?.ok === false) return body
      const { method, expect } = action
      return {
        ok: true,
        value: { kind: 'http', method, url: url.value, headers: headers.value, body: body?.value, expect },
      }
    }
    case 'pipeline':
    case 'signal':
    case 'approval':
    case 'ask':
    case 'wait':
      throw new Error(`\`${parts.path}\` (${kindPath(parts.path)}) is a ${action.kind}, which nothing is started for`)
    default:
      return unreachable(action)
  }
}

/** Each element is one argument; a list that an expression gives is as many. */
function argvOf(argv: readonly Json[], roots: Roots): Read<DispatchBody> {
  const made: string[] = []
  for (const part of argv) {
    const rendered = render(part, roots)
    if (!rendered.ok) return rendered
    const values = Array.isArray(rendered.value) ? (rendered.value as readonly Json[]) : [rendered.value]
    for (const value of values)
      made.push(typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value))
  }
  return { ok: true, value: { kind: 'shell', argv: made } }
}
