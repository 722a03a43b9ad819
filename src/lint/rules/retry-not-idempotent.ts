import { report } from '../../diagnostics/diagnostic.ts'
import { pipelinesOf, runsSomething } from '../pipelines.ts'
import type { Rule } from '../rule.ts'

/** Methods of HTTP that may be sent twice. */
const IDEMPOTENT = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']

/** After a failure nobody knows whether the effect happened: trying again on every failure may do it twice. */
export const retryNotIdempotent: Rule = {
  code: 'lint/retry-not-idempotent',
  check: (context) =>
    pipelinesOf(context).flatMap(({ steps }) =>
      steps.flatMap(({ at, document, path, plan, written }) => {
        const { action, effects, retry } = plan
        if (effects !== 'external' || !runsSomething(plan) || retry === undefined || retry.only.length > 0) return []
        if (retry.attempts === 1 || (action.kind === 'http' && IDEMPOTENT.includes(action.method))) return []
        const place = 'retry' in written ? document.locate([...path, 'retry'], 'key') : at
        return report(
          'lint/retry-not-idempotent',
          place,
          `\`${plan.id}\` reaches outside and is tried again after any failure`,
          {
            hint: 'name the failures that are safe to repeat: `only: [timeout]`',
          },
        )
      }),
    ),
}
