import { report } from '../../diagnostics/diagnostic.ts'
import { makeGraph, reach, sortGraph } from '../../plan/graph.ts'
import { canonicalJson } from '../../util/json.ts'
import { type LintedPipeline, type LintedStep, pipelinesOf } from '../pipelines.ts'
import type { Rule } from '../rule.ts'

/** A need that another need brings along anyway, and that the step does not read: it hides which order is meant. */
export const redundantNeed: Rule = {
  code: 'lint/redundant-need',
  check: (context) => pipelinesOf(context).flatMap(inPipeline),
}

function inPipeline({ plan, steps }: LintedPipeline) {
  const index = new Map(plan.steps.map((step, at) => [step.id, at]))
  // only needs that hold when the step was fine bring along what stands before them
  const edges = plan.steps.flatMap((step, to) =>
    step.quorum ? [] : step.needs.filter(({ on }) => on === 'ok').map((need) => ({ from: index.get(need.step)!, to })),
  )
  const graph = makeGraph([...index.keys()], edges)
  const before = reach(graph, sortGraph(graph))
  return steps.flatMap((step) => {
    const { needs, quorum } = step.plan
    if (quorum !== undefined || needs.length < 2 || !Array.isArray(step.written.needs)) return []
    const text = canonicalJson(step.written)
    return needs.flatMap((need, at) => {
      const other = needs.find(
        (candidate) => candidate !== need && before(index.get(need.step)!, index.get(candidate.step)!),
      )
      if (other === undefined || isRead(text, need.step, plan.vars)) return []
      return finding(step, at, need.step, other.step)
    })
  })
}

/** True where the step names the other in an expression, or reads any var: the need then says where a value comes from. */
function isRead(text: string, id: string, vars: LintedPipeline['plan']['vars']): boolean {
  if (new RegExp(`\\bsteps\\s*(?:\\.\\s*${id}\\b|\\[)`).test(text)) return true
  return Object.keys(vars).some((name) => text.includes(`vars.${name}`))
}

function finding({ document, path, plan }: LintedStep, at: number, id: string, through: string) {
  return report(
    'lint/redundant-need',
    document.locate([...path, 'needs', at]),
    `\`${plan.id}\` waits for \`${id}\` already, by way of \`${through}\``,
    {
      hint: `take \`${id}\` out of the needs`,
    },
  )
}
