import { describe, expect, test } from 'vitest'
import { compile } from '../../src/plan/compile.ts'
import type { PipelinePlan } from '../../src/plan/plan.ts'
import { lineOf, projectOf } from '../support/project-of.ts'

const FILES = {
  'opsflow.config.yaml': 'people: { CAPTAIN: [alice] }\n',
  'agents.yaml': 'actions: { tell: ["Bash(git push:*)", test/push] }\nagents: {}\n',
}
const compiled = (text: string, files: { readonly [path: string]: string } = {}) => {
  const result = compile(projectOf({ ...FILES, ...files, 'main.yaml': text }), 'main')
  if (!result.ok) throw new Error(result.diagnostics.map(lineOf).join('\n'))
  return result.value
}
const main = (steps: string, ask = '{ tell: CAPTAIN }', rest = '') =>
  compiled(`pipeline: main\npermissions: { ask: ${ask} }\nsteps:\n${steps}${rest}`).pipelines.main!
const ids = (plan: PipelinePlan) => plan.steps.map(({ id }) => id)
const step = (plan: PipelinePlan, id: string) => plan.steps.find((one) => one.id === id)!

describe('what `permissions.ask` names', () => {
  test('is asked for right before the step, of the role, where the step would start', () => {
    const plan = main(
      '  build: { run: make }\n  ship: { needs: [build], when: steps.build.status == "succeeded", uses: test/push }\n',
    )
    expect(ids(plan)).toEqual(['build', 'allow_ship', 'ship'])
    expect(step(plan, 'allow_ship')).toMatchObject({
      needs: [{ step: 'build', on: 'ok' }],
      when: 'steps.build.status == "succeeded"',
      action: { kind: 'approval', from: ['CAPTAIN'], show: 'test/push' },
    })
    expect(step(plan, 'ship')).toMatchObject({
      needs: [
        { step: 'build', on: 'ok' },
        { step: 'allow_ship', on: 'succeeded' },
      ],
      granted: ['test/push'],
    })
  })
  test('is found in scripts, in lists, in repairs and checks, and behind words that only the run knows', () => {
    const asked = (body: string) => ids(main(`  s: ${body}\n`)).includes('allow_s')
    expect(asked('{ run: "make\\ngit -C . push origin" }')).toBe(true)
    expect(asked('{ run: [git, push] }')).toBe(true)
    expect(asked('{ run: [git, "${{ run.id }}"] }')).toBe(true)
    expect(asked('{ run: [git, "pu${{ run.id }}"] }')).toBe(true)
    expect(asked('{ run: make, checks: [{ id: c, run: git push }] }')).toBe(true)
    expect(
      asked('{ run: make, retry: { attempts: 2 }, failures: { f: { exit: 3, recover: { uses: test/push } } } }'),
    ).toBe(true)
    expect(asked('{ run: [git, status] }')).toBe(false)
    expect(asked('{ run: [git, "fetch-${{ run.id }}"] }')).toBe(false)
    expect(asked('{ uses: test/look }')).toBe(false)
  })
  test('asks each role once, and `human` is anyone', () => {
    const plan = main('  s: { run: "git push\\nmake ship" }\n', '{ tell: CAPTAIN, "Bash(make ship:*)": human }')
    expect(ids(plan)).toEqual(['allow_s_1', 'allow_s_2', 's'])
    expect(step(plan, 'allow_s_1').action).toMatchObject({ from: ['CAPTAIN'] })
    expect(step(plan, 'allow_s_2').action).toMatchObject({ from: [] })
    expect(step(plan, 's').granted).toEqual(['Bash(git push:*)', 'Bash(make ship:*)'])
  })
  test('waits for the gates of the step, takes no name that is there, and asks once for all items', () => {
    const plan = main(
      '  allow_ship: { run: make }\n  ship: { needs: [allow_ship], foreach: { items: [a, b] }, when: item != "b", uses: test/push }\n',
      '{ tell: human }',
      'gates: { sound: { must_pass: [allow_ship], before: [ship] } }\n',
    )
    expect(ids(plan)).toEqual(['allow_ship', 'allow_ship_', 'ship'])
    expect(step(plan, 'allow_ship_')).toMatchObject({ gates: ['sound'], when: undefined, foreach: undefined })
    expect(plan.gates[0]).toMatchObject({ before: ['allow_ship_', 'ship'], of: ['allow_ship'] })
  })
  test('also holds in pipelines that are called, for whoever called them', () => {
    const inner = 'pipeline: inner\nsteps: { ship: { uses: test/push } }\n'
    const outer = 'pipeline: main\nsteps: { go: { pipeline: inner, permissions: { ask: { tell: CAPTAIN } } } }\n'
    const plan = compiled(outer, { 'inner.yaml': inner })
    expect(ids(plan.pipelines.inner!)).toEqual(['allow_ship', 'ship'])
    expect(ids(plan.pipelines.main!)).toEqual(['go'])
  })
  test('a rejected question keeps the step from running, also where the step is allowed to fail', () => {
    const plan = main('  s: { uses: test/push, allow_failure: true }\n')
    expect(step(plan, 'allow_s').allowFailure).toBe(true)
    expect(step(plan, 's').needs).toEqual([{ step: 'allow_s', on: 'succeeded' }])
  })
})
