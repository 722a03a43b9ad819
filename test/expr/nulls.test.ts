import { describe, expect, it } from 'vitest'
import { checkExpression } from '../../src/expr/check.ts'
import { SCOPE } from './scope.ts'

const COUNT = 'steps.build.outputs.count'

const problems = (source: string, expected?: 'bool') =>
  checkExpression(source, SCOPE, expected).problems.map(({ kind, start, end }) => `${kind} ${source.slice(start, end)}`)

describe('a value that may be null', () => {
  it.each([
    ['steps.build.outputs.ok', 'steps.build.outputs.ok'],
    ['!steps.build.outputs.ok', 'steps.build.outputs.ok'],
    ['inputs.force && steps.build.outputs.ok', 'steps.build.outputs.ok'],
    ['steps.build.outputs.ok ? true : false', 'steps.build.outputs.ok'],
    [`${COUNT} > 3`, COUNT],
    [`${COUNT} + 1 == 2`, COUNT],
    ['inputs.note + "!" == ""', 'inputs.note'],
    ['inputs.note.size() > 3', 'inputs.note'],
    ['"a".contains(inputs.note)', 'inputs.note'],
    ['steps.build.outputs.files.exists(f, f == "")', 'steps.build.outputs.files'],
    ['"a" in steps.build.outputs.files', 'steps.build.outputs.files'],
    ['steps.build.outputs.files[0] == ""', 'steps.build.outputs.files'],
    ['inputs.labels["x"].size() > 0', 'inputs.labels["x"]'],
    ['steps.fan.each.exists(i, i.score > 1.0)', 'i.score'],
    ["steps.build.status == 'failed' && steps.build.outputs.ok", 'steps.build.outputs.ok'],
    [`${COUNT} != null || ${COUNT} > 3`, COUNT],
    [`(${COUNT} != null || inputs.force) && ${COUNT} > 3`, COUNT],
    [`${COUNT} != null && inputs.tags.exists(steps, steps == "") && inputs.note.size() > 1`, 'inputs.note'],
    ['null > 3', 'null'],
  ])('is a problem in %s', (source, at) => {
    expect(problems(source, 'bool')).toEqual([`null ${at}`])
  })

  it.each([
    'steps.build.outputs.ok == true',
    'steps.build.outputs.ok != false',
    `${COUNT} == 3`,
    `${COUNT} in [1, 2, null]`,
    `${COUNT} != null && ${COUNT} > 3`,
    `null != ${COUNT} && inputs.force && ${COUNT} > 3`,
    `${COUNT} == null || ${COUNT} > 3`,
    `!(${COUNT} == null) && ${COUNT} > 3`,
    `!(${COUNT} == null || inputs.force) && ${COUNT} > 3`,
    `(${COUNT} != null ? ${COUNT} : 0) > 3`,
    `(${COUNT} == null ? 0 : ${COUNT}) > 3`,
    `has(${COUNT}) && ${COUNT} > 3`,
    `${COUNT} == 3 && ${COUNT} > 2`,
    `${COUNT} in [3, 4] && ${COUNT} > 2`,
    `(${COUNT} == 3 || ${COUNT} == 4) && ${COUNT} > 2`,
    `steps['build'].outputs['count'] != null && ${COUNT} > 2`,
    'inputs.labels["x"] != null && inputs.labels["x"].size() > 0',
    'steps.fan.each.exists(i, i.score != null && i.score > 1.0)',
    'steps.fan.each.filter(i, i.score != null).all(i, i.score > 1.0)',
    'steps.fan.each.map(i, i.score != null, i.score * 2.0).exists(s, s > 1.0)',
    'steps.fan.each[0].score != null && steps.fan.each[0].score > 1.0',
    `cel.bind(n, ${COUNT}, n != null && n > 3)`,
    "steps.build.status == 'succeeded' && steps.build.outputs.ok && steps.build.outputs.count > 3",
    "steps.build.status != 'succeeded' || steps.build.outputs.ok",
  ])('is understood in %s', (source) => {
    expect(problems(source, 'bool')).toEqual([])
  })

  it('is not proven by a variable of the same name', () => {
    const source = 'steps.fan.each.exists(i, i.score != null) && steps.fan.each.exists(i, i.score > 1.0)'
    expect(problems(source)).toEqual(['null i.score'])
  })

  it('comes with a guard that works, pasted as it is', () => {
    const { problems: found } = checkExpression('!steps.build.outputs.ok', SCOPE)
    expect(found[0]?.hint).toContain('`steps.build.outputs.ok == true`')
    expect(checkExpression(`${COUNT} > 3`, SCOPE).problems[0]?.hint).toContain(`\`${COUNT} != null && …\``)
  })
})
