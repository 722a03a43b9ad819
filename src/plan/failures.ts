import { compileRegex } from '../expr/regex.ts'
import { findAgent, findTask } from './agents.ts'
import { fixedMs, runBody } from './body.ts'
import { checkUses } from './checks.ts'
import type { Place } from './expressions.ts'
import type { FailurePlan } from './plan.ts'
import { tell, unknown } from './report.ts'
import type { Light, Reader } from './scope.ts'
import { child, items, numberOf, type Source, textOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

/** Names of `retry.only` that every step has. */
const ALWAYS = ['timeout', 'stall', 'check']

/** Named failures with their repairs. */
export function compileFailures(
  place: Place,
  named: ReadonlyMap<string, Source>,
  light: Light,
): { readonly [name: string]: FailurePlan } {
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
  let body = recover
  const name = child(recover, 'agent')
  if (name !== undefined && place.unit !== undefined) {
    const agent = findAgent(place.unit, name)
    const task = agent && findTask(place.session, agent, child(recover, 'task')!)
    if (task === undefined) return undefined
    body = task
  }
  const action = runBody(place, body, textOf(child(body, 'shell')) === 'bash' ? 'bash' : 'sh', reader)
  if (action === undefined) return undefined
  const given = checkUses(place, body, action, reader)
  return { action, with: given, timeoutMs: fixedMs(child(recover, 'timeout')) }
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
    )
}

/** `retry.only` names failures that something declares. */
export function checkOnly(session: Session, only: Source | undefined, failures: readonly string[]): void {
  const names = [...failures, ...ALWAYS]
  for (const item of items(only)) {
    if (names.includes(item.value as string)) continue
    unknown(session, 'plan/unknown-failure', valueAt(item), item.value as string, names, 'failure')
  }
}
