import { describe, expect, test } from 'vitest'
import { type CoordinatorPlan, compileCoordinator } from '../../src/plan/coordinator.ts'
import { route } from '../../src/plan/route.ts'
import { lineOf, projectOf } from '../support/project-of.ts'

const FILES = {
  'opsflow.config.yaml': 'people: { maintainers: [alice] }\n',
  'quick.yaml': 'pipeline: quick\ninputs: { task: { type: string } }\nsteps: { a: { run: x } }\n',
  'full.yaml': `pipeline: full
signals: { accepts: [OPS:COMMIT] }
inputs: { task: { type: string }, level: { type: integer, default: 1 }, mode: { enum: [slow, fast], optional: true } }
steps: { a: { run: x } }
`,
}
const OPS = `coordinator: OPS
payload: { task: { type: string, minLength: 3 } }
signals:
  OPS:COMMIT:
    payload: { simple: { type: boolean, optional: true } }
    route: [{ when: payload.simple == true, pipeline: quick }, { pipeline: full }]
  OPS:RELEASE: { pipeline: quick, from: [maintainers, DEPLOY] }
  OPS:*: { pipeline: quick }
`

function compiled(text: string, files = FILES): CoordinatorPlan {
  const result = compileCoordinator(projectOf({ ...files, 'ops.yaml': text }), 'OPS')
  if (!result.ok) throw new Error(result.diagnostics.map(lineOf).join('\n'))
  return result.value
}
const faults = (text: string, files: { readonly [path: string]: string } = FILES): string[] => {
  const result = compileCoordinator(projectOf({ ...files, 'ops.yaml': text }), 'OPS')
  return result.ok ? [] : result.diagnostics.map(lineOf)
}
const human = (name = 'eve') => ({ kind: 'human' as const, person: { name } })

describe('compiling a coordinator', () => {
  test('unknown pipelines and agents are told at their words', () => {
    expect(
      faults('coordinator: OPS\nagents: [nobody]\nsignals: { OPS:GO: { pipeline: quik } }\n').map(
        (line) => line.split(' there')[0],
      ),
    ).toEqual(['plan/unknown-agent "nobody"', 'plan/unknown-pipeline "quik"'])
  })
  test('the pipeline must accept the signal that is routed to it', () => {
    expect(faults('coordinator: OPS\nsignals: { OPS:GO: { pipeline: full } }\n')).toEqual([
      'plan/undeclared-signal "full" the pipeline `full` does not accept `OPS:GO`',
    ])
  })
  test('a payload field and the input of its name have the same type', () => {
    expect(
      faults('coordinator: OPS\nsignals: { OPS:COMMIT: { pipeline: full, payload: { level: { type: string } } } }\n'),
    ).toEqual(['plan/value-type "level" the payload carries `level` as string, and the pipeline takes integer'])
  })
  test('what stands behind a route without condition is never taken', () => {
    expect(
      faults(
        'coordinator: OPS\nsignals:\n  OPS:COMMIT: { route: [{ pipeline: quick }, { when: payload.task == "x", pipeline: full }] }\n',
      )[0],
    ).toContain('plan/route "full"')
  })
  test('a condition is checked against what the signal carries and the pipelines take', () => {
    expect(
      faults('coordinator: OPS\nsignals:\n  OPS:COMMIT: { route: [{ when: payload.leel == 1, pipeline: full }] }\n')[0],
    ).toContain('expr/unknown-property "leel"')
    expect(
      faults(
        'coordinator: OPS\nsignals:\n  OPS:COMMIT: { route: [{ when: payload.mode == "fats", pipeline: full }] }\n',
      )[0],
    ).toContain('expr/enum')
  })
  test('a routed pipeline may only use the agents of the coordinator', () => {
    const files = {
      ...FILES,
      'agents.yaml': 'agents:\n  a: { tasks: { go: { run: x } } }\n  b: { tasks: { go: { run: x } } }\n',
      'quick.yaml': 'pipeline: quick\nsteps: { s: { agent: b, task: go } }\n',
    }
    expect(faults('coordinator: OPS\nagents: [a]\nsignals: { OPS:GO: { pipeline: quick } }\n', files)[0]).toContain(
      'plan/agent-not-allowed "b" the coordinator does not admit',
    )
  })
})

describe('routing a signal', () => {
  const plan = compiled(OPS)
  test('the first route whose condition holds, with the inputs of its pipeline', () => {
    expect(route(plan, 'OPS:COMMIT', { task: 'tidy', simple: true }, human())).toEqual({
      kind: 'pipeline',
      pipeline: 'quick',
      inputs: { task: 'tidy' },
    })
    expect(route(plan, 'OPS:COMMIT', { task: 'tidy', level: 2 }, human())).toEqual({
      kind: 'pipeline',
      pipeline: 'full',
      inputs: { task: 'tidy', level: 2 },
    })
  })
  test('its own name before the pattern of its namespace; what nobody knows is ignored', () => {
    expect(route(plan, 'OPS:OTHER', { task: 'tidy' }, human())).toMatchObject({ kind: 'pipeline', pipeline: 'quick' })
    expect(route(plan, 'WEB:OTHER', {}, human())).toEqual({ kind: 'ignored' })
    expect(route(plan, 'OPS:*', {}, human())).toMatchObject({ kind: 'refused' })
  })
  test('everything that is missing or wrong is told at once', () => {
    const answer = route(plan, 'OPS:COMMIT', { level: 'high', mode: 'fats', tsak: 'x' }, human())
    expect(answer).toMatchObject({ kind: 'refused', reason: 'payload', missing: ['task'] })
    const { problems, message } = answer as Extract<typeof answer, { kind: 'refused' }>
    expect(problems).toHaveLength(3)
    expect(message).toContain('missing: task')
    expect(message).toContain('did you mean `task`?')
  })
  test('a field must fit what the signal says of it', () => {
    expect(route(plan, 'OPS:COMMIT', { task: 'ab' }, human())).toMatchObject({
      kind: 'refused',
      reason: 'payload',
      missing: [],
    })
  })
  test('`from` limits who may send: persons of a role, coordinators by name', () => {
    expect(route(plan, 'OPS:RELEASE', { task: 'tidy' }, human('alice'))).toMatchObject({ kind: 'pipeline' })
    expect(route(plan, 'OPS:RELEASE', { task: 'tidy' }, { kind: 'coordinator', name: 'DEPLOY' })).toMatchObject({
      kind: 'pipeline',
    })
    expect(route(plan, 'OPS:RELEASE', { task: 'tidy' }, human('eve'))).toMatchObject({
      kind: 'refused',
      reason: 'sender',
    })
  })
  test('a payload that no route fits is refused, not ignored', () => {
    const only = compiled(
      'coordinator: OPS\nsignals:\n  OPS:COMMIT: { payload: { go: { type: boolean } }, route: [{ when: payload.go == true, pipeline: quick }] }\n',
    )
    expect(route(only, 'OPS:COMMIT', { go: false }, human())).toMatchObject({ kind: 'refused', reason: 'no-route' })
  })
})
