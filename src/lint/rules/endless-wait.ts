import { report } from '../../diagnostics/diagnostic.ts'
import { pipelinesOf } from '../pipelines.ts'
import type { Rule } from '../rule.ts'

/** A question nobody answers and a signal nobody sends keep a run open, and its locks with it. */
export const endlessWait: Rule = {
  code: 'lint/endless-wait',
  check: (context) =>
    pipelinesOf(context).flatMap(({ steps }) =>
      steps.flatMap(({ at, plan }) => {
        const { action } = plan
        const waits =
          action.kind === 'approval' || action.kind === 'ask' || (action.kind === 'wait' && 'signal' in action)
        if (!waits || plan.timeoutMs !== undefined) return []
        const what = action.kind === 'wait' ? 'a signal' : action.kind === 'ask' ? 'an answer' : 'an approval'
        return report('lint/endless-wait', at, `\`${plan.id}\` waits for ${what} without an end`, {
          hint: 'say how long, `timeout: 24h`, and what then, `on_timeout: fail`',
        })
      }),
    ),
}
