/** Why an evaluation ended without a value. A fatal one (the budget) is not swallowed by `||`, `&&` and `exists`. */
export class EvaluationFailure extends Error {
  readonly fatal: boolean
  constructor(message: string, fatal = false) {
    super(message)
    this.fatal = fatal
  }
}

/**
 * What one evaluation may cost: a count of steps, not of time, so that the same expression on the same data always
 * ends the same way. Five million are well under a second, and enough to walk a list of 100,000 items several times.
 */
export interface Budget {
  left: number
}

const STEPS = 5_000_000
/** The longest text that an expression may make. */
export const MAX_TEXT = 10_000_000

export function newBudget(): Budget {
  return { left: STEPS }
}

export function charge(budget: Budget, steps: number): void {
  budget.left -= steps
  if (budget.left < 0) {
    throw new EvaluationFailure('the expression takes too many steps: its lists or texts are too large', true)
  }
}
