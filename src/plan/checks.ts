import type { Permissions } from '../policy/permissions.ts'
import { type Json, NO_ITEMS } from '../util/json.ts'
import { checkPresent, fixedMs, runBody } from './body.ts'
import { checkCondition, checkTexts, checkValueText, type Place } from './expressions.ts'
import { type Given, inlineAction, inlineExpression, inlineValue } from './inline.ts'
import { checkRoles } from './names.ts'
import { checkLaunch } from './permissions.ts'
import type { CheckPlan, StepAction } from './plan.ts'
import { hintFor, tell, unknown } from './report.ts'
import { knowing, type Reader } from './scope.ts'
import { child, entries, items, keyAt, placeOf, type Source, textOf, textsOf, valueAt } from './source.ts'
import { checkWith } from './values.ts'

/** One list of checks, who reads its texts, and what an agent's task was given where the texts are a task's. */
export interface CheckList {
  readonly source: Source | undefined
  readonly reader: Reader
  readonly given?: Given
  /** The agent whose list it is and its task: only checks whose `for` is absent or names this task. */
  readonly of?: { readonly agent: Source; readonly task: string }
  /** What binds all that these checks launch. */
  readonly permissions: Permissions
  /** Where they run, unless they say otherwise. */
  readonly cwd?: Source | undefined
}

/** Compiles checks of several levels into one list; an id that is left out is made from what the check does. */
export function compileChecks(place: Place, lists: readonly CheckList[]): readonly CheckPlan[] {
  if (lists.length === 0) return NO_ITEMS
  const plans: CheckPlan[] = []
  const seen = new Map<string, Source>()
  for (const list of lists) {
    for (const check of items(list.source)) {
      checkKeys(place, check)
      if (!isFor(place, check, list)) continue
      const id = idOf(check, seen)
      const twin = seen.get(id)
      if (twin !== undefined) {
        const at = child(check, 'id') ?? check
        tell(place.session, 'plan/duplicate-check', keyAt(at), `there are two checks \`${id}\``, {
          related: [{ message: 'the other one', at: keyAt(twin) }],
          hint: 'give one of the two another `id`',
        })
      }
      seen.set(id, child(check, 'id') ?? check)
      const plan = compileCheck(place, check, id, list)
      if (plan) plans.push(list.given ? inlined(plan, list.given) : plan)
    }
  }
  return plans
}

/** Whether a check is for the task at hand. Only an agent has several, so only in its list `for` means something. */
function isFor({ session }: Place, check: Source, { of }: CheckList): boolean {
  const only = child(check, 'for')
  if (only === undefined) return true
  if (of === undefined) {
    tell(session, 'plan/key-without-effect', keyAt(only), '`for` means something only in the checks of an agent', {
      hint: 'a check of a step or task is for that alone, one of a gate for all that the gate judges',
    })
    return true
  }
  const tasks = entries(child(of.agent, 'tasks')).map(([name]) => name)
  for (const item of items(only)) {
    const name = item.value as string
    if (name !== of.task && !tasks.includes(name))
      unknown(session, 'plan/unknown-task', valueAt(item), name, tasks, 'task')
  }
  return textsOf(only).includes(of.task)
}

/** Keys that nothing reads, by what judges. */
function checkKeys({ session }: Place, check: Source): void {
  const judge = ['file', 'require', 'ask'].find((key) => child(check, key) !== undefined)
  const programs = child(check, 'run') !== undefined || child(check, 'uses') !== undefined
  const idle = [...(programs ? [] : ['env', 'cwd']), ...(judge === 'require' ? ['timeout'] : [])]
  for (const key of idle) {
    const source = child(check, key)
    if (source === undefined) continue
    const what = `a check by \`${judge ?? 'http'}\``
    const hint = key === 'timeout' ? 'it is judged at once' : 'only what runs a program has an environment and a folder'
    tell(session, 'plan/key-without-effect', keyAt(source), `\`${key}\` means nothing for ${what}`, { hint })
  }
}

function idOf(check: Source, seen: ReadonlyMap<string, Source>): string {
  const written = textOf(child(check, 'id'))
  if (written !== undefined) return written
  const kind =
    ['uses', 'run', 'http', 'file', 'require', 'ask', 'agent'].find((key) => child(check, key) !== undefined) ?? 'check'
  const base = (kind === 'uses' ? textOf(child(check, 'uses'))!.split('/').at(-1)! : kind)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
  let id = base
  for (let count = 2; seen.has(id); count++) id = `${base}_${count}`
  return id
}

function compileCheck(place: Place, check: Source, id: string, list: CheckList): CheckPlan | undefined {
  const { reader, permissions } = list
  const when = checkCondition(place, child(check, 'when'), reader)
  const judge = judgeOf(place, check, knowing(reader, when), list.cwd)
  if (judge === undefined) return undefined
  if (judge.kind === 'step') checkLaunch(place.session, check, judge.action, permissions)
  return {
    id,
    title: textOf(child(check, 'title')),
    level: textOf(child(check, 'level')) === 'advisory' ? 'advisory' : 'mandatory',
    when,
    paths: textsOf(child(check, 'paths')),
    timeoutMs: fixedMs(place, child(check, 'timeout')),
    judge,
    at: placeOf(check),
  }
}

function judgeOf(
  place: Place,
  check: Source,
  reader: Reader,
  folder: Source | undefined,
): CheckPlan['judge'] | undefined {
  const file = child(check, 'file')
  if (file !== undefined) {
    checkPresent(place, file, reader, 'a path')
    return { kind: 'file', file: file.value }
  }
  const require = child(check, 'require')
  if (require !== undefined) return { kind: 'require', require: checkCondition(place, require, reader) ?? 'false' }
  const ask = child(check, 'ask')
  if (ask !== undefined) {
    checkRoles(place.session, child(ask, 'from'))
    return { kind: 'ask', from: textsOf(child(ask, 'from')) }
  }
  const env = checkTexts(place, child(check, 'env'), reader)
  const action = runBody(place, check, textOf(child(check, 'shell')) === 'bash' ? 'bash' : 'sh', reader)
  if (action === undefined) return undefined
  const given = checkUses(place, check, action, reader)
  const cwd = child(check, 'cwd') ?? folder
  checkPresent(place, cwd, reader, 'a folder')
  return { kind: 'step', action, with: given, env, ...(cwd && { cwd: cwd.value as string }) }
}

/** Looks up what `uses` names and checks what is given to it. */
export function checkUses(
  place: Place,
  body: Source,
  action: StepAction,
  reader: Reader,
): { readonly [name: string]: Json } {
  const given = child(body, 'with')
  if (action.kind !== 'action') return {}
  const signature = place.session.project.actions.get(action.uses)
  if (signature === undefined) {
    if (given) checkValueText(place, given, reader)
    unknownAction(place, child(body, 'uses')!)
    return (given?.value as { [name: string]: Json }) ?? {}
  }
  return checkWith(place, given, { what: `the action \`${action.uses}\``, inputs: signature.inputs }, body, reader)
}

export function unknownAction({ session }: Place, uses: Source): void {
  const name = uses.value as string
  const { actions, actionNames, faultyActions } = session.project
  const why = faultyActions?.get(name)
  if (why === undefined)
    unknown(session, 'plan/unknown-action', valueAt(uses), name, actionNames ?? actions.keys(), 'action')
  else
    tell(
      session,
      'plan/unknown-action',
      valueAt(uses),
      `the action \`${name}\` cannot be used: ${why}`,
      hintFor(name, actionNames ?? [], 'actions'),
    )
}

function inlined(plan: CheckPlan, given: Given): CheckPlan {
  const { judge, when } = plan
  const condition = when === undefined ? undefined : inlineExpression(when, given)
  switch (judge.kind) {
    case 'file':
      return { ...plan, when: condition, judge: { kind: 'file', file: inlineValue(judge.file, given) } }
    case 'require':
      return { ...plan, when: condition, judge: { kind: 'require', require: inlineExpression(judge.require, given) } }
    case 'ask':
      return { ...plan, when: condition }
    case 'step': {
      const put = <T>(value: T): T => inlineValue(value as unknown as Json, given) as unknown as T
      return {
        ...plan,
        when: condition,
        judge: { ...judge, action: inlineAction(judge.action, given), with: put(judge.with), env: put(judge.env) },
      }
    }
  }
}
