import type { Run } from './run.ts'

/** Roles as the persons that the plan froze; what is no role is a person's own name. */
export function personsOf(run: Run, from: readonly string[]): string[] {
  return [...new Set(from.flatMap((role) => (Object.hasOwn(run.plan.people, role) ? run.plan.people[role]! : [role])))]
}
