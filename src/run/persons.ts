import type { WaitSpec } from '../events/events.ts'
import type { Plan } from '../plan/plan.ts'
import type { Run } from './run.ts'

/** The persons that may decide in this run. */
export function personsOf(run: Run, from: readonly string[]): string[] {
  return personsIn(run.plan, from)
}

/** Whose work a decision of this run is about, as a question says it: where `self` is false they may not decide. */
export function behind({ state }: Run): Pick<WaitSpec, 'startedBy' | 'plannedBy'> {
  const { startedBy, plannedBy } = state
  return plannedBy.length === 0 ? { startedBy } : { startedBy, plannedBy }
}

/** Roles as the persons that the plan froze; what is no role is a person's own name. */
export function personsIn({ people }: Plan, from: readonly string[]): string[] {
  return [...new Set(from.flatMap((role) => (Object.hasOwn(people, role) ? people[role]! : [role])))]
}
