/** Role -> persons, as `people` in the config says it. A person is a login name or `uid:NUMBER`. */
export type People = { readonly [role: string]: readonly string[] }

/** Who acts: on a local store the operating-system user. */
export interface Person {
  readonly name: string
  readonly uid?: number
}

/**
 * The persons behind the names of a `from` or `by` list. A role gives its persons; a name that is no role but a person
 * of some role stands for itself. Order as written, each once.
 */
export function personsOf(names: readonly string[], people: People): readonly string[] {
  return [...new Set(names.flatMap((name) => (Object.hasOwn(people, name) ? (people[name] ?? []) : [name])))]
}

/** True where a list entry (`alice`, `uid:1000`) means this person. */
export function isPerson(entry: string, person: Person): boolean {
  return entry.startsWith('uid:') ? person.uid !== undefined && entry === `uid:${person.uid}` : entry === person.name
}

/** True where two records name the same person; the user id decides where both have one. */
export function samePerson(a: Person, b: Person): boolean {
  return a.uid !== undefined && b.uid !== undefined ? a.uid === b.uid : a.name === b.name
}

export interface DecisionRule {
  /** Roles as written, for the message. */
  readonly from: readonly string[]
  /** What the roles resolved to; with an empty `from` anyone may decide. */
  readonly persons: readonly string[]
  /** False: who is behind what is to be decided may not decide: the starter of the run, and who brought it a plan. */
  readonly self: boolean
  readonly startedBy: Person
  readonly plannedBy?: readonly Person[]
}

/** Whether a person may decide, and when not, why, in words for that person. */
export function mayDecide(person: Person, rule: DecisionRule): { ok: true } | { ok: false; message: string } {
  if (!rule.self && samePerson(person, rule.startedBy)) {
    return { ok: false, message: `\`${person.name}\` started this run, and another person must decide` }
  }
  if (!rule.self && rule.plannedBy?.some((planner) => samePerson(person, planner)) === true) {
    return { ok: false, message: `\`${person.name}\` brought a plan of this run, and another person must decide` }
  }
  if (rule.from.length > 0 && !rule.persons.some((entry) => isPerson(entry, person))) {
    const who = rule.persons.length > 0 ? `: ${rule.persons.join(', ')}` : ', which name no person'
    return { ok: false, message: `\`${person.name}\` may not decide this; it takes ${rule.from.join(' or ')}${who}` }
  }
  return { ok: true }
}
