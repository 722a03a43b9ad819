import { canonicalJson, type Json } from '../util/json.ts'
import type { CheckPlan, GatePlan, StepPlan } from './plan.ts'

/*
 * Steps and gates as texts: equal where they mean the same, different where anything about them changed. Places (`at`)
 * are left out, so that a comment that moves a line changes nothing. Plans of 10,000 steps are written this way, so what
 * the compiler itself writes, always in one order, goes to JSON as it is; only what an author may order as he likes is
 * sorted.
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
  'repeat',
  'mutex',
  'isolation',
  'owns',
  'cwd',
  'agent',
  'task',
  'phase',
] as const satisfies readonly (keyof StepPlan)[]

/** Keys that may hold maps of an author, in whatever order. */
const AUTHORED = ['env', 'failures', 'foreach', 'outputs', 'with'] as const satisfies readonly (keyof StepPlan)[]

type Told = (typeof LAID_OUT)[number] | (typeof AUTHORED)[number]
type Untold = Exclude<keyof StepPlan, Told | 'action' | 'permissions' | 'checks' | 'at'>

/** A step as one text. The compiler asks for every new key of a step: one that no text holds could change unseen. */
export function stepText(step: { readonly [key in Untold]: never } & StepPlan): string {
  const { action, checks, permissions } = step
  let text = JSON.stringify(LAID_OUT.map((key) => step[key]))
  text +=
    action.kind === 'run' && 'script' in action
      ? `\nrun ${action.shell} ${JSON.stringify(action.script)}`
      : `\naction ${canonicalJson(action as unknown as Json)}`
  for (const key of AUTHORED) {
    const value = step[key] as unknown as Json | undefined
    if (value !== undefined && !isEmpty(value)) text += `\n${key} ${canonicalJson(value)}`
  }
  text += `\npermissions ${railsText(permissions)}`
  return checks.length === 0 ? text : `${text}\nchecks ${canonicalJson(checks.map(checkJson))}`
}

/** A gate as one text. */
export function gateText({ at: _, checks, ...gate }: GatePlan): string {
  return canonicalJson({ ...gate, checks: checks.map(checkJson) } as unknown as Json)
}

function checkJson({ at: _, ...check }: CheckPlan): Json {
  return check as unknown as Json
}

const rails = new WeakMap<StepPlan['permissions'], string>()

/** Most steps of a plan share one set of rails. */
function railsText(permissions: StepPlan['permissions']): string {
  let text = rails.get(permissions)
  if (text === undefined) {
    text = canonicalJson(permissions as unknown as Json)
    rails.set(permissions, text)
  }
  return text
}

/** True for a list or map that says nothing. */
function isEmpty(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false
  for (const _ in value) return false
  return true
}
