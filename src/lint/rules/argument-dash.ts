import { type Diagnostic, report } from '../../diagnostics/diagnostic.ts'
import { loneExpression, scanTemplate } from '../../expr/template.ts'
import type { ValueSchema } from '../../model/value-schema.ts'
import type { Json } from '../../util/json.ts'
import { type LintedPipeline, type LintedStep, pipelinesOf } from '../pipelines.ts'
import type { Rule } from '../rule.ts'

/** Programs that print their arguments, whatever they begin with. */
const HARMLESS = ['echo', 'printf', 'test', '[']

/** A value that begins with `-` is an option to most programs: `--upload-pack=...` is no branch name. */
export const argumentDash: Rule = {
  code: 'lint/argument-dash',
  check: (context) =>
    pipelinesOf(context).flatMap((pipeline) => pipeline.steps.flatMap((step) => inStep(pipeline, step))),
}

function inStep({ plan }: LintedPipeline, { document, path, written }: LintedStep): Diagnostic[] {
  const { run } = written
  if (!Array.isArray(run)) return []
  const words = run as readonly Json[]
  const program = String(words[0]).split('/').at(-1)!
  const end = words.indexOf('--')
  // behind the code of an interpreter stand its arguments, which it hands on
  if (HARMLESS.includes(program) || words.includes('-c') || words.includes('-e')) return []
  return words.flatMap((word, at) => {
    if (at === 0 || typeof word !== 'string' || (end !== -1 && at > end)) return []
    const lone = loneExpression(scanTemplate(word))
    const name = lone && /^\s*inputs\.(\w+)\s*$/.exec(lone.source)?.[1]
    const schema = name === undefined ? undefined : plan.inputs[name]
    if (name === undefined || schema === undefined || !mayBeginWithDash(schema)) return []
    // behind an option it is that option's value
    if (/^-/.test(String(words[at - 1]))) return []
    return report(
      'lint/argument-dash',
      document.locate([...path, 'run', at]),
      `\`${program}\` takes \`inputs.${name}\` for an option where it begins with \`-\``,
      {
        hint: 'put "--" before it, or give the input a `pattern` that begins otherwise',
      },
    )
  })
}

function mayBeginWithDash(schema: ValueSchema): boolean {
  if (schema.type !== undefined && schema.type !== 'string') return false
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  if (values !== undefined) return values.some((value) => typeof value === 'string' && value.startsWith('-'))
  if (schema.format !== undefined && schema.format !== 'email') return false
  return schema.pattern === undefined || !/^\^(?!\(?\?|\.|\[\^|-|\[[^\]]*-\])/.test(schema.pattern)
}
