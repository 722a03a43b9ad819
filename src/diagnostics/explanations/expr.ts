import type { Explanation } from './explanation.ts'

const INPUTS = { name: '{ type: string }', count: '{ type: integer }', note: '{ type: string, optional: true }' }

/** A pipeline with a condition, and with the inputs that the condition names. */
function when(condition: string): string {
  const named = Object.entries(INPUTS).filter(([name]) => condition.includes(`.${name}`))
  const inputs =
    named.length > 0 ? `inputs: { ${named.map(([name, schema]) => `${name}: ${schema}`).join(', ')} }\n` : ''
  const first = '  first: { run: make, outputs: { size: { type: integer } } }\n'
  return `pipeline: example\n${inputs}steps:\n${first}  build: { needs: [first], run: make, when: ${condition} }\n`
}

/** Expressions that are wrong by themselves, or cannot stand where they stand. */
export const EXPR_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'expr/syntax': {
    what: 'The expression breaks the rules of CEL, or a `${{` has no `}}`.',
    mend: 'Look at the place: a missing operand, bracket or quote is the usual cause.',
    example: { bad: when('inputs.count >'), good: when('inputs.count > 1') },
  },
  'expr/type': {
    what: 'The types of the parts do not fit each other, or the whole has not the type that its place wants. A condition is a boolean.',
    mend: 'Compare or convert: `string(x)`, `int(x)`, `x != ""`.',
    example: { bad: when('inputs.count > inputs.name'), good: when('inputs.count > inputs.name.size()') },
  },
  'expr/unknown-name': {
    what: 'An expression begins with a name that is none of the roots such as `inputs`, `vars`, `steps` and `run`.',
    mend: 'The hint names the nearest. Text stands in quotes inside of expressions.',
    example: { bad: when('input.count > 1'), good: when('inputs.count > 1') },
  },
  'expr/not-available': {
    what: 'The name exists in the language and has no value at this place, such as `item` outside of `foreach`.',
    mend: 'Move the expression to where the name has a value, or pass the value on by an output.',
    example: { bad: when('item != ""'), good: when('inputs.name != ""') },
  },
  'expr/unknown-property': {
    what: 'The value has no such field: nobody declares it.',
    mend: 'The hint names the nearest; or declare it where it is made.',
    example: { bad: when('steps.first.outcme != "x"'), good: when('steps.first.attempts > 1') },
  },
  'expr/unknown-function': {
    what: 'CEL and opsflow have no function of that name for these values.',
    mend: 'The hint names the nearest.',
    example: { bad: when('inputs.name.length() > 1'), good: when('inputs.name.size() > 1') },
  },
  'expr/enum': {
    what: 'The text that is compared with can never arrive, so the comparison has always the same result.',
    mend: 'Compare with one of the values that the hint names.',
    example: { bad: when('steps.first.status == "success"'), good: when('steps.first.status == "succeeded"') },
  },
  'expr/null': {
    what: 'What is absent is null: an optional input, an output of a step that was skipped. Here a null would make the expression fail.',
    mend: 'Ask first: `x != null && …`, `x == true`, or give a default by `x != null ? x : …`.',
    example: { bad: when('inputs.note.size() > 1'), good: when('inputs.note != null && inputs.note.size() > 1') },
  },
  'expr/refused': {
    what: 'CEL has it and opsflow does not run it: `matches` can take years on short texts.',
    mend: 'Use what the hint names: `text.regex(re)` runs in linear time.',
    example: { bad: when('inputs.name.matches("^(a+)+$")'), good: when('inputs.name.regex("^(a+)+$")') },
  },
  'expr/template-in-condition': {
    what: '`when`, `until` and `require` are conditions in bare CEL. With `${{ }}` around it the value would be text, and text is no condition.',
    mend: 'Write the expression without `${{ }}`; `lint --fix` does it.',
    example: { bad: when('"${{ inputs.count > 1 }}"'), good: when('inputs.count > 1') },
  },
}
