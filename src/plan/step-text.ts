import { canonicalJson, type Json } from '../util/json.ts'
import type { CheckPlan, FailurePlan, GatePlan, PipelinePlan, StepAction, StepPlan } from './plan.ts'

/*
 * Steps and gates as texts: equal where they mean the same, different where anything about them changed. Places (`at`)
 * are left out, so that a comment that moves a line changes nothing. Plans of 10,000 steps are written this way, so what
 * the compiler itself writes, always in one order, goes to JSON as it is; only the names that an author may order as he
 * likes (`env`, `with`, `outputs`, `headers`) are sorted.
 *
 * Everything else keeps its order, since the order says something: the first of `failures` that fits names a failure, the
 * first rule of `ask` says who is asked, questions are put one after the other, and of a map that is a value expressions
 * see the keys, and JSON the whole, as it was written.
 */

/** Keys whose values the compiler lays out: texts, numbers, lists, and maps whose keys always come in one order. */
const LAID_OUT = [
  'id',
  'section',
  'needs',
  'gates',
  'quorum',
  'when',
  'timeoutMs',
  'graceMs',
  'dueMs',
  'onTimeout',
  'stall',
  'retry',
  'allowFailure',
  'effects',
  'interrupted',
  'foreach',
  'repeat',
  'mutex',
  'isolation',
  'owns',
  'cwd',
  'agent',
  'task',
  'phase',
] as const satisfies readonly (keyof StepPlan)[]

/** Keys that have a text of their own, below. */
const WRITTEN = [
  'action',
  'env',
  'with',
  'outputs',
  'failures',
  'checks',
  'permissions',
  'granted',
  'escalation',
] as const

type Told = (typeof LAID_OUT)[number] | (typeof WRITTEN)[number]
type Untold = Exclude<keyof StepPlan, Told | 'at'>

/** A step as one text. The compiler asks for every new key of a step: one that no text holds could change unseen. */
export function stepText(step: { readonly [key in Untold]: never } & StepPlan): string {
  const { action, env, with: given, outputs, failures, checks, permissions, granted, escalation } = step
  let text = JSON.stringify(LAID_OUT.map((key) => step[key]))
  text +=
    action.kind === 'run' && 'script' in action
      ? `\nrun ${action.shell} ${JSON.stringify(action.script)}`
      : `\naction ${JSON.stringify(actionJson(action))}`
  if (!isEmpty(env)) text += `\nenv ${namedText(env)}`
  if (!isEmpty(given)) text += `\nwith ${namedText(given)}`
  if (!isEmpty(outputs)) text += `\noutputs ${canonicalJson(outputs as unknown as Json)}`
  if (!isEmpty(failures)) text += `\nfailures ${JSON.stringify(Object.entries(failures).map(failureJson))}`
  text += `\npermissions ${railsText(permissions)}`
  if (escalation !== undefined) text += `\nescalation ${JSON.stringify(escalation)}`
  if (granted !== undefined) text += `\ngranted ${JSON.stringify(granted)}`
  return checks.length === 0 ? text : `${text}\nchecks ${JSON.stringify(checks.map(checkJson))}`
}

/** A gate as one text. */
export function gateText({ at: _, checks, permissions, ...gate }: GatePlan): string {
  const rails = permissions === undefined ? '' : `\npermissions ${railsText(permissions)}`
  return `${JSON.stringify(sorted({ ...gate, checks: checks.map(checkJson) }))}${rails}`
}

/** A pipeline without its steps and gates as one text, as it is written: expressions may walk its vars, inputs and outputs. */
export function headText({ file: _, steps: __, gates: ___, ...head }: PipelinePlan): string {
  return JSON.stringify(head)
}

/** A map whose names an author may order as he likes. */
export function namedText(map: Fields): string {
  return JSON.stringify(sorted(map))
}

type Fields = { readonly [name: string]: unknown }

function sorted(map: Fields): Fields {
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((name) => [name, map[name]]),
  )
}

function actionJson(action: StepAction): unknown {
  return action.kind === 'http' ? { ...action, headers: sorted(action.headers) } : action
}

/** What a check or a repair launches. */
function bodyJson(body: { readonly action: StepAction; readonly with: Fields; readonly env?: Fields }): Fields {
  const { action, with: given, env = {} } = body
  return sorted({ ...body, action: actionJson(action), with: sorted(given), env: sorted(env) })
}

function failureJson([name, failure]: [string, FailurePlan]): unknown {
  const { recover } = failure
  return [name, sorted({ ...failure, recover: recover && bodyJson(recover) })]
}

function checkJson({ at: _, judge, ...check }: CheckPlan): unknown {
  return sorted({ ...check, judge: judge.kind === 'step' ? bodyJson(judge) : judge })
}

const rails = new WeakMap<StepPlan['permissions'], string>()

/** Most steps of a plan share one set of rails. */
function railsText(permissions: StepPlan['permissions']): string {
  let text = rails.get(permissions)
  if (text === undefined) {
    text = JSON.stringify(permissions)
    rails.set(permissions, text)
  }
  return text
}

/** True for a map that says nothing. */
function isEmpty(value: Fields): boolean {
  for (const _ in value) return false
  return true
}
