import { report } from '../../diagnostics/diagnostic.ts'
import { pipelinesOf } from '../pipelines.ts'
import type { Rule } from '../rule.ts'

/** A gate that asks for nothing passes whatever happens. */
export const gateAlwaysTrue: Rule = {
  code: 'lint/gate-always-true',
  check: (context) =>
    pipelinesOf(context).flatMap(({ document, plan }) =>
      plan.gates
        .filter((gate) => (gate.success ?? 0) === 0 && gate.mustPass.length === 0 && gate.checks.length === 0)
        .map((gate) =>
          report(
            'lint/gate-always-true',
            document.locate(['gates', gate.id], 'key'),
            `the gate \`${gate.id}\` asks for nothing and always passes`,
            {
              hint: 'give it `success`, `must_pass` or `checks`',
            },
          ),
        ),
    ),
}
