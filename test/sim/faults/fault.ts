import type { RunEvent } from '../../../src/events/events.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { Port } from '../../../src/ports/port.ts'
import type { Wishes } from '../generate.ts'
import type { Random } from '../random.ts'
import type { SimRun, SimWorld } from '../sim-types.ts'

/**
 * A planted bug. It stands between the scheduler and the world: as a port that does not keep its promises, a plan that
 * the scheduler reads otherwise than the oracle, a history that is not what was recorded, or a store that trusts too much.
 */
export interface Fault {
  readonly name: string
  /** What a reader should know of it: which mistake of a scheduler it stands for. */
  readonly standsFor: string
  readonly port?: (
    port: Port,
    context: { readonly run: SimRun; readonly world: SimWorld; readonly random: Random },
  ) => Port
  readonly plan?: (plan: Plan) => Plan
  readonly history?: (events: readonly RunEvent[], random: Random) => readonly RunEvent[]
  /** Whose words the store believes besides those of its owner; `losers`: who opened the run beside another. */
  readonly trusts?: (epoch: number, losers: ReadonlySet<number>) => boolean
  /** Effects start before the turn is recorded. */
  readonly eagerEffects?: boolean
  /** Effects start while the turn cannot be recorded. */
  readonly startsWhileBlocked?: boolean
  /** Effects start though their commit was never whole. */
  readonly startsWhenTorn?: boolean
  /** The run may park though somebody stays with it. */
  readonly staysForNobody?: boolean
  /** An owner looks for what people said so long after it came. */
  readonly looksAfterMs?: number
  /** What was said before a question was asked answers it. */
  readonly answersFromBefore?: boolean
  /** What a scenario must have for the bug to have a place to show. */
  readonly wishes: Wishes
}
