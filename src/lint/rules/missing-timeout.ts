import { report } from '../../diagnostics/diagnostic.ts'
import { pipelinesOf, runsSomething } from '../pipelines.ts'
import type { Rule } from '../rule.ts'

/** What reaches the outside can hang for ever: a peer that never answers is no failure that a retry would see. */
export const missingTimeout: Rule = {
  code: 'lint/missing-timeout',
  check: (context) =>
    pipelinesOf(context).flatMap(({ plan, steps }) => {
      if (plan.timeoutMs !== undefined) return []
      return steps
        .filter((step) => runsSomething(step.plan) && step.plan.timeoutMs === undefined)
        .filter((step) => step.plan.effects === 'external' || step.plan.action.kind === 'http')
        .map((step) =>
          report('lint/missing-timeout', step.at, `\`${step.plan.id}\` reaches outside and has no timeout`, {
            hint: 'give it one, `timeout: 5m`, or give one to the pipeline or its `defaults`',
          }),
        )
    }),
}
