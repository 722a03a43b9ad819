import { compileRegex } from '../expr/regex.ts'
import { type Json, NO_FIELDS } from '../util/json.ts'
import { findAgent, findTask } from './agents.ts'
import { checkPresent, fixedMs, runBody, schemasOf } from './body.ts'
import { checkUses } from './checks.ts'
import { checkValueText, type Place } from './expressions.ts'
import { inlineAction, inlineValue } from './inline.ts'
import type { FailurePlan } from './plan.ts'
import { tell, unknown } from './report.ts'
import type { Light, Reader } from './scope.ts'
import { child, entries, items, numberOf, type Source, textOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'
import { checkWith } from './values.ts'

/** Names of `retry.only` that every step has. */
const ALWAYS = ['timeout', 'stall', 'check']

/** Named failures with their repairs. */
export function compileFailures(
  place: Place,
  named: ReadonlyMap<string, Source>,
  light: Light,
): { readonly [name: string]: FailurePlan } {
  if (named.size === 0) return NO_FIELDS
  return Object.fromEntries(
    [...named].map(([name, source]) => {
      const match = child(source, 'match')
      checkRegex(place.session, match)
      return [
        name,
        {
          match: textOf(match),
          exit: numberOf(child(source, 'exit')),
          hint: textOf(child(source, 'hint')),
          recover: light(child(source, 'recover'), (recover, reader) => recover && recoverOf(place, recover, reader)),
        },
      ]
    }),
  )
}

function recoverOf(place: Place, recover: Source, reader: Reader): FailurePlan['recover'] {
  const timeoutMs = fixedMs(place, child(recover, 'timeout'))
  const name = child(recover, 'agent')
  if (name !== undefined) return taskRepair(place, recover, name, reader, timeoutMs)
  const action = runBody(place, recover, shellOf(recover), reader)
  if (action === undefined) return undefined
  return { action, with: checkUses(place, recover, action, reader), ...envOf(place, recover, reader), timeoutMs }
}

/** A repair that is a task: what the repair gives is put into the task's texts, as a step would. */
function taskRepair(
  place: Place,
  recover: Source,
  name: Source,
  reader: Reader,
  timeoutMs: number | undefined,
): FailurePlan['recover'] {
  const agent = place.unit && findAgent(place.unit, name)
  const task = agent && findTask(place.session, agent, child(recover, 'task')!)
  if (task === undefined) return undefined
  const id = textOf(child(recover, 'task')) ?? ''
  const uses = textOf(child(task, 'uses'))
  const signature = uses === undefined ? undefined : place.session.project.actions.get(uses)
  const declared = schemasOf(child(task, 'inputs'))
  const passes = Object.keys(declared).length === 0 && child(task, 'with') === undefined
  const inputs = passes && signature ? signature.inputs : declared
  const given = checkWith(place, child(recover, 'with'), { what: `the task \`${id}\``, inputs }, recover, reader)
  const taskReader = { ...reader, task: { name: id, inputs } }
  const action = runBody(place, task, shellOf(task), taskReader)
  if (action === undefined) return undefined
  const own = child(task, 'with') === undefined ? given : inlineValue(checkUses(place, task, action, taskReader), given)
  return {
    action: inlineAction(action, given),
    with: own as typeof given,
    ...placeOfTask(place, task, recover, taskReader, reader, given),
    timeoutMs: timeoutMs ?? fixedMs(place, child(task, 'timeout')),
  }
}

function envOf(place: Place, source: Source, reader: Reader): { readonly env?: { readonly [name: string]: Json } } {
  const written = entries(child(source, 'env'))
  if (written.length === 0) return {}
  for (const [, value] of written) checkValueText(place, value, { ...reader, secrets: true })
  return { env: Object.fromEntries(written.map(([name, value]) => [name, value.value])) }
}

/** The environment and folder of a task that repairs; what the repair says of the environment is the last word. */
function placeOfTask(
  place: Place,
  task: Source,
  recover: Source,
  taskReader: Reader,
  reader: Reader,
  given: { readonly [name: string]: Json },
): { readonly env: { readonly [name: string]: Json }; readonly cwd?: string } {
  const cwd = child(task, 'cwd')
  checkPresent(place, cwd, taskReader, 'a folder')
  const ofTask = inlineValue(envOf(place, task, taskReader).env ?? {}, given) as { readonly [name: string]: Json }
  return {
    env: { ...ofTask, ...envOf(place, recover, reader).env },
    ...(cwd && { cwd: inlineValue(cwd.value, given) as string }),
  }
}

function shellOf(body: Source): 'sh' | 'bash' {
  return textOf(child(body, 'shell')) === 'bash' ? 'bash' : 'sh'
}

function checkRegex(session: Session, match: Source | undefined): void {
  const text = textOf(match)
  if (match === undefined || text === undefined) return
  const regex = compileRegex(text)
  if (!regex.ok)
    tell(
      session,
      'plan/value-type',
      valueAt(match),
      `\`match\` is no regular expression that opsflow takes: ${regex.message}`,
      { hint: 'the syntax is that of RE2, which has no look-around and no back references' },
    )
}

/** `retry.only` names failures that something declares. */
export function checkOnly(session: Session, only: Source | undefined, failures: readonly string[]): void {
  if (only === undefined) return
  const names = [...failures, ...ALWAYS]
  for (const item of items(only)) {
    if (names.includes(item.value as string)) continue
    unknown(session, 'plan/unknown-failure', valueAt(item), item.value as string, names, 'failure')
  }
}
