import { describe, expect, test } from 'vitest'
import { answerTo } from '../../src/plan/answer.ts'
import { compile } from '../../src/plan/compile.ts'
import { type CoordinatorPlan, compileCoordinator, compileCoordinators } from '../../src/plan/coordinator.ts'
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
  test('a default of the payload is given where the pipeline asks for the field, and is judged as what is sent', () => {
    const plan = compiled(`coordinator: OPS
signals:
  OPS:GO: { pipeline: quick, payload: { task: { type: string, default: tidy } } }
  OPS:COMMIT: { pipeline: full, payload: { task: { type: string }, mode: { type: string, default: wild } } }
`)
    expect(route(plan, 'OPS:GO', {}, human())).toMatchObject({ pipeline: 'quick', inputs: { task: 'tidy' } })
    expect(route(plan, 'OPS:COMMIT', { task: 'x' }, human())).toMatchObject({ kind: 'refused', reason: 'payload' })
  })
  test('a value that both the coordinator and the pipeline refuse is told once, with what may have been meant', () => {
    const plan = compiled(
      'coordinator: OPS\nsignals:\n  OPS:COMMIT: { pipeline: full, payload: { mode: { type: string, enum: [slow, fast] } } }\n',
    )
    const routed = route(plan, 'OPS:COMMIT', { task: 'x', mode: 'slwo' }, human())
    expect(routed).toMatchObject({ problems: [expect.stringMatching(/; did you mean `slow`\?$/)] })
  })
  test('null is what was not given: a route sees the default', () => {
    const plan = compiled(`coordinator: OPS
signals:
  OPS:COMMIT:
    payload: { task: { type: string, default: usual } }
    route: [{ when: payload.task == "usual", pipeline: quick }]
`)
    expect(route(plan, 'OPS:COMMIT', { task: null }, human())).toMatchObject({ inputs: { task: 'usual' } })
  })
})

describe('forwarding a signal', () => {
  const TOOLS = 'coordinator: TOOLS\nsignals:\n  TOOL:FIX: { pipeline: quick, from: [OPS] }\n'
  const FORWARDS = `coordinator: OPS
payload: { why: { type: string, description: what it is for } }
signals:
  TOOL:*: { forward: TOOLS, from: [maintainers] }
`
  const result = compileCoordinators(projectOf({ ...FILES, 'a.yaml': TOOLS, 'ops.yaml': FORWARDS }))
  const plans = result.ok ? result.value : []
  const send = (signal: string, payload: { readonly [name: string]: string }, who = 'alice') =>
    answerTo(plans, signal, () => payload, human(who))

  test('the other coordinator answers it, as sent by the one that forwards; what only that one asks for stays there', () => {
    expect(send('TOOL:FIX', { why: 'broken', task: 'tidy' })).toEqual({
      coordinator: 'TOOLS',
      via: ['OPS'],
      payload: { task: 'tidy' },
      routed: { kind: 'pipeline', pipeline: 'quick', inputs: { task: 'tidy' } },
    })
  })
  test('each on its way refuses what it does not take', () => {
    expect(send('TOOL:FIX', { task: 'tidy' })).toMatchObject({
      coordinator: 'OPS',
      routed: { message: '`TOOL:FIX` is refused: missing: why (what it is for)', missing: ['why'] },
    })
    expect(send('TOOL:FIX', { why: 'broken' })).toMatchObject({ coordinator: 'TOOLS', routed: { missing: ['task'] } })
    expect(send('TOOL:FIX', { why: 'broken', task: 'tidy' }, 'eve')?.routed).toMatchObject({ reason: 'sender' })
  })
  test('what nobody behind the pattern answers is ignored', () => {
    expect(send('TOOL:OTHER', { why: 'broken' })).toBeUndefined()
    expect(send('WEB:GO', {})).toBeUndefined()
  })
})

describe('gates of a coordinator', () => {
  const FILES_WITH_AGENT = {
    'agents.yaml': 'agents:\n  a: { tasks: { go: { run: x } } }\n',
    'inner.yaml': 'pipeline: inner\nsteps: { s: { agent: a, task: go } }\n',
    'plain.yaml': 'pipeline: plain\nsteps: { s: { run: x } }\n',
    'worked.yaml': 'pipeline: worked\nsteps: { s: { agent: a, task: go }, t: { pipeline: inner } }\n',
    'strict.yaml':
      'pipeline: strict\nsteps: { s: { agent: a, task: go } }\ngates: { quality: { success: 90%, must_pass: [s] } }\n',
    'ops.yaml': `coordinator: OPS
signals: { OPS:GO: { pipeline: worked } }
gates:
  quality: { success: 80% }
  clean: { level: advisory, checks: [{ id: tidy, run: git diff --exit-code }] }
`,
  }
  const gatesOf = (pipeline: string, coordinator?: string) => {
    const made = compile(projectOf(FILES_WITH_AGENT), pipeline, coordinator === undefined ? {} : { coordinator })
    if (!made.ok) throw new Error(made.diagnostics.map(lineOf).join('\n'))
    const gates = Object.entries(made.value.pipelines).map(([name, plan]) => [
      name,
      plan.gates.map(({ id, level, success, of }) => ({ id, level, success, of })),
    ])
    return Object.fromEntries(gates)
  }
  const clean = (of: string[]) => ({ id: 'clean', level: 'advisory', success: undefined, of })

  test('judge the pipelines that it starts at their end, and not what those run in turn', () => {
    expect(gatesOf('worked', 'OPS')).toEqual({
      worked: [{ id: 'quality', level: 'mandatory', success: 0.8, of: ['s', 't'] }, clean(['s', 't'])],
      inner: [],
    })
    expect(gatesOf('worked')).toEqual({ worked: [], inner: [] })
  })
  test('count no share where no agent works, and give way to a stricter gate of the same name', () => {
    expect(gatesOf('plain', 'OPS')).toEqual({ plain: [clean(['s'])] })
    expect(gatesOf('strict', 'OPS')).toEqual({
      strict: [{ id: 'quality', level: 'mandatory', success: 0.9, of: ['s'] }, clean(['s'])],
    })
  })
})

describe('rules that pause', () => {
  const OPS_RULES = (rules: string) => `coordinator: OPS
reports_to: ABOVE
payload: { files: { type: array, optional: true } }
signals: { OPS:GO: { pipeline: quick }, OPS:COMMIT: { pipeline: full } }
escalate:
${rules}`

  test('stand in the pipeline that the coordinator starts, with who is asked and what they read', () => {
    const text = OPS_RULES(
      '  - { id: many, when: payload.level != null && payload.level > 2, to: maintainers, timeout: 1h }\n  - { id: failed, when: run.failed.size() > 1, to: ABOVE }\n',
    )
    const made = compile(projectOf({ ...FILES, 'ops.yaml': text }), 'quick', { coordinator: 'OPS' })
    const steps = made.ok ? made.value.pipelines.quick!.steps : []
    expect(steps.map(({ id }) => id)).toEqual(['a', 'escalate_many', 'escalate_failed'])
    expect(steps[1]).toMatchObject({
      timeoutMs: 3_600_000,
      onTimeout: 'escalate',
      action: { kind: 'ask', from: ['maintainers'] },
      escalation: { to: 'maintainers', fields: ['files', 'task', 'level', 'mode'] },
    })
    expect(steps[2]).toMatchObject({ timeoutMs: 86_400_000, action: { from: [] }, escalation: { to: 'ABOVE' } })
    const alone = compile(projectOf({ ...FILES, 'ops.yaml': text }), 'quick')
    expect(alone.ok && alone.value.pipelines.quick!.steps.map(({ id }) => id)).toEqual(['a'])
  })

  test('are refused where they read what no signal carries, ask nobody known, or have one name', () => {
    expect(faults(OPS_RULES('  - { id: a, when: payload.fies != null, to: human }\n'))[0]).toContain(
      'expr/unknown-property "fies"',
    )
    expect(faults(OPS_RULES('  - { id: a, when: payload.level > 2, to: human }\n'))[0]).toContain('expr/null')
    expect(faults(OPS_RULES('  - { id: a, when: "true", to: NOBODY }\n'))).toEqual([
      'plan/unknown-role "NOBODY" `people` has no role or person `NOBODY`',
    ])
    expect(
      faults(OPS_RULES('  - { id: a, when: "true", to: human }\n  - { id: a, when: "false", to: OPS }\n')),
    ).toEqual(['plan/duplicate-step "a" there is a rule `a` already'])
  })

  test('want one type for each field, whichever signal carries it', () => {
    const text = OPS_RULES('  - { id: a, when: payload.level != null, to: human }\n').replace(
      'OPS:GO: { pipeline: quick }',
      'OPS:GO: { pipeline: quick, payload: { level: { type: string } } }',
    )
    expect(faults(text)[0]).toContain('plan/value-type "level" signals carry this field as different types')
  })
})
