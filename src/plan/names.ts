import type { Place } from './expressions.ts'
import { hintFor, tell, unknown } from './report.ts'
import { child, entries, items, type Source, sourceOf, textsOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

/** The signals that the engine itself sends for a coordinator. */
const LIFECYCLE = ['SPAWN', 'HANDOFF', 'ABORT', 'COMPLETE', 'FAILURE', 'ESCALATE'] as const

const peopleCache = new WeakMap<Session, { readonly [role: string]: readonly string[] }>()

/** Role -> persons, from the config. */
export function peopleOf(session: Session): { readonly [role: string]: readonly string[] } {
  let people = peopleCache.get(session)
  if (people === undefined) {
    const config = session.project.config
    const written = config === undefined ? [] : entries(child(sourceOf(config.document), 'people'))
    people = Object.fromEntries(written.map(([role, persons]) => [role, textsOf(persons)]))
    peopleCache.set(session, people)
  }
  return people
}

/** Every name in a `from` or `by` list must be a role with persons, or one of those persons. */
export function checkRoles(session: Session, list: Source | undefined): void {
  for (const entry of items(list)) checkRole(session, entry)
}

/** One name of somebody who decides. */
export function checkRole(session: Session, entry: Source): void {
  const people = peopleOf(session)
  const persons = new Set(Object.values(people).flat())
  const name = entry.value
  if (typeof name !== 'string' || Object.hasOwn(people, name) || persons.has(name) || /^uid:\d+$/.test(name)) return
  tell(session, 'plan/unknown-role', valueAt(entry), `\`people\` has no role or person \`${name}\``, {
    ...(hintFor(name, [...Object.keys(people), ...persons], 'roles') ?? {}),
    ...(Object.keys(people).length === 0 && {
      hint: `say who it is in the config: \`people: { ${name}: [login] }\``,
    }),
  })
}

/** A signal that a step sends must stand in `emits`; one it waits for must be known to somebody. */
export function checkSignal({ session, unit }: Place, signal: Source, use: 'send' | 'wait'): void {
  if (unit === undefined) return
  const name = signal.value as string
  const declared = child(unit.source, 'signals')
  if (use === 'send') {
    const emits = child(declared, 'emits')
    if (textsOf(emits).includes(name)) return
    tell(session, 'plan/undeclared-signal', valueAt(signal), `the pipeline sends \`${name}\` but does not declare it`, {
      hint: `add it to \`signals: { emits: [${[...textsOf(emits), name].join(', ')}] }\``,
    })
    return
  }
  const known = knownSignals(session)
  for (const own of textsOf(child(declared, 'accepts'))) known.add(own)
  if (known.has(name)) return
  unknown(
    session,
    'plan/unknown-signal',
    valueAt(signal),
    name,
    known,
    'signal',
    '; list it in `signals.accepts` if it comes from outside',
  )
}

/** Every signal that some pipeline sends, some coordinator answers, or the engine sends. */
function knownSignals(session: Session): Set<string> {
  const known = new Set<string>()
  for (const { document } of session.project.pipelines.values()) {
    for (const name of textsOf(child(child(sourceOf(document), 'signals'), 'emits'))) known.add(name)
  }
  for (const [name, { document }] of session.project.coordinators) {
    for (const [signal] of entries(child(sourceOf(document), 'signals'))) if (!signal.endsWith('*')) known.add(signal)
    for (const event of LIFECYCLE) known.add(`${name}:${event}`)
  }
  return known
}
