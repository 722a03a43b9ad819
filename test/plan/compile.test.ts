import { describe, expect, test } from 'vitest'
import { compile } from '../../src/plan/compile.ts'
import { definitionsOf } from '../../src/plan/definitions.ts'
import type { Plan, StepPlan } from '../../src/plan/plan.ts'
import { lineOf, projectOf } from '../support/project-of.ts'

type Files = { readonly [path: string]: string }

function compiled(text: string, files: Files = {}, name = 'p'): Plan {
  const result = compile(projectOf({ 'p.yaml': `pipeline: p\n${text}`, ...files }), name)
  if (!result.ok) throw new Error(result.diagnostics.map(lineOf).join('\n'))
  return result.value
}
const definitionOf = (plan: Plan, id: string) => definitionsOf(plan).get('p')?.steps.get(id)
const stepOf = (plan: Plan, id: string): StepPlan => plan.pipelines.p!.steps.find((step) => step.id === id)!
const faults = (text: string, files: Files = {}): string[] => {
  const result = compile(projectOf({ 'p.yaml': `pipeline: p\n${text}`, ...files }), 'p')
  return result.ok ? [] : result.diagnostics.map(lineOf)
}
const AGENTS = {
  'agents.yaml': `agents:
  builder:
    max_parallel: 2
    defaults: { timeout: 3m }
    failures: { moved: { match: non-fast-forward, hint: Someone pushed. } }
    checks: [{ id: tidy, run: git diff --exit-code, for: [make] }, { id: signed, uses: test/look }]
    tasks:
      make: { run: [make, "\${{ inputs.target }}"], inputs: { target: { type: string }, jobs: { type: integer, default: 4 } }, env: { JOBS: "\${{ inputs.jobs }}" } }
      tag: { uses: test/tag, timeout: 30s, effects: external }
      push: { uses: test/push, inputs: { to: { type: string } }, with: { remote: "\${{ inputs.to + '/x' }}" } }
`,
}

describe('needs', () => {
  test('the list takes what is fine, the map says how each must have ended', () => {
    const plan = compiled(
      'steps:\n  a: { run: x }\n  b: { needs: [a], run: x }\n  c: { needs: { a: failed, b: completed }, quorum: 50%, run: x }\n',
    )
    expect(stepOf(plan, 'b').needs).toEqual([{ step: 'a', on: 'ok' }])
    expect(stepOf(plan, 'c')).toMatchObject({
      needs: [
        { step: 'a', on: 'failed' },
        { step: 'b', on: 'completed' },
      ],
      quorum: { share: 0.5 },
    })
  })

  test('a circle is told with its whole way from its earliest step, and every edge of it', () => {
    const project = projectOf({
      'p.yaml':
        'pipeline: p\nsteps:\n  start: { run: x }\n  b: { needs: [start, d], run: x }\n  c: { needs: [b], run: x }\n  d: { needs: [c], run: x }\n',
    })
    const result = compile(project, 'p')
    const found = result.ok ? [] : result.diagnostics
    expect(found.map(lineOf)).toEqual([
      'plan/cycle "d" these wait for each other and would never start: `b` needs `d` needs `c` needs `b`',
    ])
    expect(found[0]!.related!.map((place) => place.message)).toEqual(['`d` needs `c`', '`c` needs `b`'])
  })

  test('a circle through a gate names the gate', () => {
    expect(
      faults(
        'steps:\n  a: { needs: [b], run: x }\n  b: { run: x }\ngates:\n  g: { of: [a], before: [b], must_pass: [a] }\n',
      ),
    ).toEqual([
      'plan/cycle "b" these wait for each other and would never start: `a` needs `b` needs gate `g` needs `a`',
    ])
  })
})

describe('reads', () => {
  test('what is read must have ended: near or far before the reader, or through a gate', () => {
    const outputs = 'outputs: { n: { type: integer } }'
    expect(
      faults(
        `steps:\n  a: { run: x, ${outputs} }\n  b: { needs: [a], run: x }\n  c: { needs: [b], run: [echo, "\${{ steps.a.outputs.n }}"] }\n`,
      ),
    ).toEqual([])
    expect(faults(`steps:\n  a: { run: x, ${outputs} }\n  c: { run: [echo, "\${{ steps.a.outputs.n }}"] }\n`)).toEqual([
      'plan/missing-dependency "a" `c` reads `steps.a` but does not wait for it',
    ])
  })

  test('reading a var counts as reading what it reads', () => {
    expect(
      faults(
        'vars: { v: "${{ vars.w }}", w: "${{ steps.a.status }}" }\nsteps:\n  a: { run: x }\n  b: { run: [echo, "${{ vars.v }}"] }\n',
      ),
    ).toEqual(['plan/missing-dependency "vars.v" `b` reads `steps.a`, through `vars.v` but does not wait for it'])
  })

  test('reading a var that reads a gate counts as reading that gate', () => {
    const text = (needs: string) =>
      `vars: { fine: "\${{ gates.g.status == 'passed' }}" }\nsteps:\n  a: { run: x }\n  b: { needs: [a], run: x }\n  c: { ${needs}run: [x, "\${{ vars.fine }}"] }\ngates: { g: { before: [b], must_pass: [a] } }\n`
    expect(faults(text('needs: [b], '))).toEqual([])
    expect(faults(text(''))).toEqual([
      'plan/missing-dependency "vars.fine" the gate `g` may not have judged when this is read, through `vars.fine`',
    ])
  })

  test('vars that read each other twice a level cost no more than their number, and have a depth', () => {
    const vars = (count: number) =>
      `vars:\n  v0: 1\n${Array.from({ length: count }, (_, i) => `  v${i + 1}: "\${{ vars.v${i} + vars.v${i} }}"\n`).join('')}steps:\n  a: { run: [x, "\${{ vars.v${count} }}"] }\n`
    expect(Object.keys(compiled(vars(60)).pipelines.p!.vars)).toHaveLength(61)
    expect(faults(vars(3000))).toEqual(['expr/refused "v101" `v101` reads vars that read vars, more than 100 deep'])
  })

  test('a var that is one text is no enum of it, one that chooses between texts is', () => {
    const when = (text: string) =>
      `inputs: { fast: { type: boolean } }\nvars: { mode: ${text} }\nsteps:\n  a: { when: vars.mode == 'slow', run: x }\n`
    expect(faults(when('quick'))).toEqual([])
    expect(faults(when("\"${{ inputs.fast ? 'quick' : 'steady' }}\""))[0]).toContain('expr/enum')
    const child = (value: string) => ({
      'q.yaml': `pipeline: q\noutputs: { mode: { value: ${value} } }\nsteps: { a: { run: x } }\n`,
    })
    const call = 'steps:\n  a: { pipeline: q }\n  b: { needs: [a], when: steps.a.outputs.mode == "slow", run: x }\n'
    expect(faults(call, child('quick'))).toEqual([])
  })

  test('a missing need comes with the edit that adds it, in each way needs are written', () => {
    const fixOf = (step: string) => {
      const text = `pipeline: p\nsteps:\n  a: { run: x }\n  z: { run: x }\n${step}`
      const result = compile(projectOf({ 'p.yaml': text }), 'p')
      const edit = result.ok ? undefined : result.diagnostics[0]?.fix?.edits[0]
      return edit && text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)
    }
    const read = 'run: [echo, "${{ steps.a.status }}"]'
    expect(fixOf(`  b: { ${read} }\n`)).toContain(`b: { needs: [a], ${read} }`)
    expect(fixOf(`  b: { needs: [z], ${read} }\n`)).toContain(`needs: [z, a], ${read}`)
    expect(fixOf(`  b:\n    ${read}\n`)).toContain(`b:\n    needs: [a]\n    ${read}`)
    for (const step of [`  b: { ${read} }\n`, `  b: { needs: [z], ${read} }\n`, `  b:\n    ${read}\n`]) {
      expect(compile(projectOf({ 'p.yaml': fixOf(step)! }), 'p').ok).toBe(true)
    }
  })

  test('no edit is offered where the step that is read waits for the reader', () => {
    const result = compile(
      projectOf({
        'p.yaml': 'pipeline: p\nsteps:\n  a: { needs: [b], run: x }\n  b: { run: [echo, "${{ steps.a.status }}"] }\n',
      }),
      'p',
    )
    expect(result.ok ? undefined : result.diagnostics.map(({ fix }) => fix)).toEqual([undefined])
  })

  test('`finally` reads every step, no step reads `finally`', () => {
    expect(
      faults(
        'steps:\n  a: { run: x }\nfinally:\n  f: { when: steps.a.status == "failed" && run.failed.size() > 0, run: x }\n',
      ),
    ).toEqual([])
    expect(
      faults('steps:\n  a: { when: steps.f.status == "failed", run: x }\nfinally:\n  f: { run: x }\n')[0],
    ).toContain('plan/across-finally "f"')
  })

  test.each([
    ['when: item == 1', 'item'],
    ['when: run.outcome == "failed"', 'outcome'],
    ['run: [echo, "${{ secrets.T }}"]', 'secrets'],
    ['when: missing.size() > 0', 'missing'],
    ['when: payload.x == 1', 'payload'],
    ['when: outputs.x == 1', 'outputs'],
  ])('%s is not available there', (key, word) => {
    const body = key.startsWith('run') ? key : `${key}, run: x`
    expect(faults(`secrets: [T]\nsteps:\n  a: { ${body} }\n`)[0]).toContain(`expr/not-available "${word}"`)
  })

  test('an output is surely there after an unconditional need, and may be null after one that can be skipped', () => {
    const text = (keys: string, needs: string) =>
      `steps:\n  a: { uses: test/look${keys} }\n  b: { needs: ${needs}, uses: test/tag, with: { version: "\${{ steps.a.outputs.found }}" } }\n`
    expect(faults(text('', '[a]'))).toEqual([])
    expect(faults(text(', when: project.path != ""', '[a]'))[0]).toContain('expr/null')
    expect(faults(text(', when: project.path != ""', '{ a: succeeded }'))).toEqual([])
    expect(faults(text('', '{ a: completed }'))[0]).toContain('expr/null')
  })

  test('where a condition asked that a step succeeded, its outputs are there', () => {
    const text = (when: string) =>
      `steps:\n  a: { uses: test/look }\n  b: { needs: { a: completed }, when: "${when}", uses: test/tag, with: { version: "\${{ steps.a.outputs.found }}" } }\n`
    expect(faults(text("steps.a.status == 'succeeded' && steps.a.outputs.found.startsWith('v')"))).toEqual([])
    expect(faults(text("steps.a.status == 'succeeded'"))).toEqual([])
    expect(faults(text("steps.a.status != 'failed'"))[0]).toContain('expr/null')
    const each = (test: string) =>
      faults(
        `steps:\n  a: { foreach: { items: [x, y] }, uses: test/look }\n  b: { needs: { a: completed }, when: "steps.a.each.exists(e, ${test})", run: x }\n`,
      )
    expect(each("e.status == 'succeeded' && e.outputs.found.startsWith('v')")).toEqual([])
    expect(each("e.outputs.found.startsWith('v')")[0]).toContain('expr/null')
  })

  test.each([
    ['run: [rm, -rf, "${{ inputs.v }}"]', 'an argument'],
    ['cwd: "${{ inputs.v }}", run: x', 'a folder'],
    ['mutex: "${{ inputs.v }}", run: x', 'the name of a lock'],
    ['http: { url: "${{ inputs.v }}" }', 'an address'],
    ['run: x, checks: [{ file: "${{ inputs.v }}" }]', 'a path'],
  ])('what may be null is no value where an empty text would mislead: %s', (keys, what) => {
    const head = 'inputs: { v: { type: string, optional: true } }\n'
    expect(faults(`${head}steps:\n  a: { ${keys} }\n`)).toEqual([
      `expr/null ""\${{ inputs.v }}"" ${what} is wanted, and this can be null`,
    ])
    expect(faults(`${head}steps:\n  a: { when: inputs.v != null, ${keys} }\n`)).toEqual([])
    expect(faults(`${head}steps:\n  a: { ${keys.replace('${{', 'x/${{')} }\n`.replace('"x/', '"http://x/'))).toEqual([])
  })

  test('what `when` asked holds for all else that the step says, and for the checks behind it', () => {
    const text = (when: string) =>
      `inputs: { v: { type: string, optional: true } }\nsteps:\n  b: { ${when}uses: test/tag, with: { version: "\${{ inputs.v }}" } }\n  c: { run: x, checks: [{ ${when}require: inputs.v.startsWith('v') }] }\n`
    expect(faults(text('when: inputs.v != null, '))).toEqual([])
    expect(faults(text('')).map((fault) => fault.split(' ')[0])).toEqual(['expr/null', 'expr/null'])
    expect(faults(text('when: inputs.v == null, ')).length).toBe(2)
  })
})

describe('agents and tasks', () => {
  test('what a task reads as `inputs` is what the step gives', () => {
    const plan = compiled(
      'inputs: { t: { type: string } }\nsteps:\n  a: { agent: builder, task: make, with: { target: "${{ inputs.t }}" } }\n',
      AGENTS,
    )
    expect(stepOf(plan, 'a')).toMatchObject({
      action: { kind: 'run', argv: ['make', '${{ inputs.t }}'] },
      env: { JOBS: '${{ 4 }}' },
      timeoutMs: 180_000,
      failures: { moved: { match: 'non-fast-forward' } },
    })
    expect(stepOf(plan, 'a').checks.map(({ id }) => id)).toEqual(['tidy', 'signed'])
    expect(plan.agentLimits).toEqual({ builder: 2 })
  })

  test('a repair may be a task, which reads what the repair gives', () => {
    const fix = (given: string) =>
      `inputs: { t: { type: string } }\nsteps:\n  a: { run: x, failures: { old: { exit: 3, recover: { agent: builder, task: make, with: ${given} } } }, retry: { attempts: 2, only: [old] } }\n`
    expect(stepOf(compiled(fix('{ target: "${{ inputs.t }}" }'), AGENTS), 'a').failures.old!.recover).toMatchObject({
      action: { kind: 'run', argv: ['make', '${{ inputs.t }}'] },
    })
    expect(faults(fix('{}'), AGENTS)[0]).toContain('plan/missing-input')
    expect(faults(fix('{ target: a }').replace('[old]', '[odl]'), AGENTS)).toEqual([
      'plan/unknown-failure "odl" there is no failure `odl`',
    ])
  })

  test('a task with a `with` of its own gives that to its action, with the inputs put in', () => {
    const plan = compiled(
      'inputs: { r: { type: string } }\nsteps:\n  a: { agent: builder, task: push, with: { to: "${{ inputs.r }}" } }\n',
      AGENTS,
    )
    expect(stepOf(plan, 'a').with).toEqual({ remote: "${{ (inputs.r) + '/x' }}" })
  })

  test('a step may raise effects, never lower them', () => {
    const tag = (effects: string) =>
      `steps:\n  a: { agent: builder, task: tag, with: { version: "1" }, effects: ${effects} }\n`
    expect(faults(tag('workspace'), AGENTS)).toEqual([
      'plan/effects-lowered "workspace" `effects: workspace` is weaker than what its task does: `external`',
    ])
    expect(stepOf(compiled(tag('external'), AGENTS), 'a')).toMatchObject({
      effects: 'external',
      interrupted: 'ask',
      timeoutMs: 30_000,
    })
  })

  test('a pipeline that lists agents admits no other, and may bring its own', () => {
    const files = {
      'agents.yaml': 'agents:\n  one: { tasks: { go: { run: x } } }\n  two: { tasks: { go: { run: x } } }\n',
    }
    expect(faults('agents: [one]\nsteps:\n  a: { agent: two, task: go }\n', files)[0]).toContain(
      'plan/agent-not-allowed "two"',
    )
    expect(
      faults('agents: { mine: { tasks: { go: { run: x } } } }\nsteps:\n  a: { agent: mine, task: go }\n', files),
    ).toEqual([])
  })
})

describe('defaults', () => {
  test('the stronger layer wins: config, pipeline, agent, task, step', () => {
    const files = {
      ...AGENTS,
      'opsflow.config.yaml': 'defaults: { timeout: 1m, grace: 9s, env: { A: config, B: config } }\n',
    }
    const plan = compiled(
      'defaults: { timeout: 2m, env: { B: pipeline } }\nsteps:\n  a: { run: x }\n  b: { agent: builder, task: make, with: { target: all } }\n  c: { run: x, timeout: 7s, env: { A: step } }\n',
      files,
    )
    expect(stepOf(plan, 'a')).toMatchObject({ timeoutMs: 120_000, graceMs: 9000, env: { A: 'config', B: 'pipeline' } })
    expect(stepOf(plan, 'b').timeoutMs).toBe(180_000)
    expect(stepOf(plan, 'c')).toMatchObject({ timeoutMs: 7000, env: { A: 'step', B: 'pipeline' } })
  })

  test('what a pipeline says of itself wins over defaults from further out', () => {
    const files = { 'opsflow.config.yaml': 'defaults: { grace: 9s, cwd: far, env: { A: config, B: config } }\n' }
    const head = 'grace: 1s\ncwd: near\nenv: { A: pipeline }\n'
    const plan = compiled(`${head}steps:\n  a: { run: x }\n  b: { run: x, env: { A: step }, cwd: here }\n`, files)
    expect(stepOf(plan, 'a')).toMatchObject({ graceMs: 1000, cwd: 'near' })
    expect(stepOf(plan, 'a').env).toEqual({ B: 'config' })
    expect(stepOf(plan, 'b')).toMatchObject({ cwd: 'here', env: { A: 'step', B: 'config' } })
    expect(stepOf(compiled(`${head}defaults: { grace: 3s }\nsteps:\n  a: { run: x }\n`, files), 'a').graceMs).toBe(3000)
  })

  test('a default of `on_timeout` reaches approvals; only they can be rejected', () => {
    const plan = compiled(
      'defaults: { on_timeout: reject }\nsteps:\n  a: { approval: { prompt: x }, timeout: 1h }\n  b: { run: x }\n',
    )
    expect([stepOf(plan, 'a').onTimeout, stepOf(plan, 'b').onTimeout]).toEqual(['reject', 'fail'])
  })

  test('a default timeout reaches what runs, and neither approvals nor pipelines', () => {
    const plan = compiled(
      'defaults: { timeout: 2m }\nsteps:\n  a: { approval: { prompt: ok? } }\n  b: { pipeline: sub }\n  c: { uses: test/look }\n',
      {
        'sub.yaml': 'pipeline: sub\nsteps: { x: { run: x } }\n',
      },
    )
    expect(['a', 'b', 'c'].map((id) => stepOf(plan, id).timeoutMs)).toEqual([undefined, undefined, 120_000])
  })

  test('what is left out has its documented value', () => {
    const plan = compiled(
      'steps:\n  a: { run: x, retry: { attempts: 3 } }\n  h: { http: { url: "https://x/" } }\n  g: { http: { url: "https://x/", method: POST } }\n',
    )
    expect(plan.pipelines.p).toMatchObject({ maxParallel: 8, finallyTimeoutMs: 300_000, failFast: false })
    expect(stepOf(plan, 'a')).toMatchObject({
      graceMs: 2000,
      retry: { attempts: 3, only: [], backoffMs: 1000, factor: 2, maxMs: 60_000, jitter: 0.2 },
      effects: 'workspace',
      interrupted: 'rerun',
      onTimeout: 'fail',
    })
    expect([stepOf(plan, 'h').effects, stepOf(plan, 'g').effects]).toEqual(['none', 'external'])
  })
})

describe('no key is without effect', () => {
  test.each([
    ['a: { run: x, checks: [{ run: y, for: [b] }] }', 'for', '`for` means something only in the checks of an agent'],
    ['a: { run: x, checks: [{ file: y, env: { A: b } }] }', 'env', '`env` means nothing for a check by `file`'],
    [
      'a: { run: x, checks: [{ require: 1 > 0, timeout: 5s }] }',
      'timeout',
      '`timeout` means nothing for a check by `require`',
    ],
    [
      'a: { run: x, failures: { f: { match: y, recover: { run: z } } } }',
      'recover',
      'the repair of `f` never runs: the step has no second attempt',
    ],
    [
      'a: { approval: { prompt: x }, isolation: worktree }',
      'isolation',
      '`isolation` means nothing for an `approval` step',
    ],
    ['a: { wait: 5m, grace: 1s }', 'grace', '`grace` means nothing for a `wait` step'],
  ])('%s', (step, word, message) => {
    expect(faults(`steps:\n  ${step}\n`)).toEqual([`plan/key-without-effect "${word}" ${message}`])
  })

  test('a check of an agent is for tasks that it has', () => {
    const files = {
      'agents.yaml': 'agents: { b: { tasks: { make: { run: x } }, checks: [{ id: c, for: [maek], run: z }] } }\n',
    }
    expect(faults('steps:\n  a: { agent: b, task: make }\n', files)).toEqual([
      'plan/unknown-task "maek" there is no task `maek`',
    ])
  })

  test('a repair and a check bring their own environment and folder', () => {
    const plan = compiled(
      'cwd: src\nsteps:\n  a:\n    run: x\n    retry: { attempts: 2 }\n    failures: { f: { exit: 3, recover: { run: z, env: { A: b } } } }\n    checks: [{ run: w, cwd: other }]\ngates: { g: { checks: [{ run: v }] } }\n',
    )
    expect(stepOf(plan, 'a').failures.f!.recover).toMatchObject({ env: { A: 'b' } })
    expect(stepOf(plan, 'a').checks[0]!.judge).toMatchObject({ cwd: 'other' })
    expect(plan.pipelines.p!.gates[0]!.checks[0]!.judge).toMatchObject({ cwd: 'src' })
  })

  test('rails bind checks, repairs and gates as they bind steps', () => {
    const files = {
      'agents.yaml': 'permissions: { deny: ["Bash(touch:*)"] }\nagents: { b: { tasks: { make: { run: x } } } }\n',
    }
    const deny = (text: string) => faults(text, files)
    const denied = ['plan/denied "run" `touch x` is denied by the rule `Bash(touch:*)`']
    expect(deny('steps:\n  a: { run: x, checks: [{ run: touch x }] }\n')).toEqual(denied)
    expect(
      deny(
        'steps:\n  a: { run: x, retry: { attempts: 2 }, failures: { f: { exit: 2, recover: { run: touch x } } } }\n',
      ),
    ).toEqual(denied)
    expect(deny('steps:\n  a: { run: x }\ngates: { g: { checks: [{ run: touch x }] } }\n')).toEqual(denied)
    const gates = { 'q.yaml': 'pipeline: q\nsteps: { a: { run: x } }\ngates: { g: { checks: [{ run: x }] } }\n' }
    const plan = compiled('permissions: { deny: [Read] }\nsteps:\n  a: { pipeline: q }\n', { ...files, ...gates })
    expect(plan.pipelines.q!.gates[0]!.permissions!.deny).toEqual(['Bash(touch:*)', 'Read'])
  })
})

describe('sub-pipelines', () => {
  const sub =
    'pipeline: sub\ninputs: { n: { type: integer }, m: { type: string, default: x } }\noutputs: { twice: { value: "${{ inputs.n * 2 }}" } }\nsteps:\n  push: { uses: test/push }\n'
  test('are compiled in, with the strongest effects of their steps', () => {
    const plan = compiled('steps:\n  s: { pipeline: sub, with: { n: 3 } }\n', { 'sub.yaml': sub })
    expect(Object.keys(plan.pipelines)).toEqual(['sub', 'p'])
    expect(stepOf(plan, 's').effects).toBe('external')
  })
  test('take what they declare, and give it typed', () => {
    expect(
      faults('steps:\n  s: { pipeline: sub, with: { n: many, k: 1 } }\n', { 'sub.yaml': sub }).map(
        (line) => line.split(' ')[0],
      ),
    ).toEqual(['plan/value-type', 'plan/unknown-input'])
    expect(faults('steps:\n  s: { pipeline: sub }\n', { 'sub.yaml': sub })[0]).toContain('plan/missing-input "s"')
    const read = (type: string) =>
      faults(
        `steps:\n  s: { pipeline: sub, with: { n: 3 } }\n  t: { needs: [s], uses: test/tag, with: { version: "${type}" } }\n`,
        { 'sub.yaml': sub },
      )
    expect(read('${{ steps.s.outputs.twice }}')[0]).toContain('plan/value-type')
    expect(read('v${{ steps.s.outputs.twice }}')).toEqual([])
  })
  test('that run each other are refused with the way round', () => {
    const files = {
      'a.yaml': 'pipeline: a\nsteps: { x: { pipeline: b } }\n',
      'b.yaml': 'pipeline: b\nsteps: { x: { pipeline: a } }\n',
    }
    expect(faults('steps:\n  s: { pipeline: a }\n', files)).toEqual([
      'plan/recursion "a" pipelines run each other without end: `a` runs `b` runs `a`',
    ])
  })
})

describe('permissions', () => {
  const sub = 'pipeline: sub\nsteps: { x: { run: [git, push] }, y: { pipeline: deep } }\n'
  const files = { 'sub.yaml': sub, 'deep.yaml': 'pipeline: deep\nsteps: { z: { uses: test/push } }\n' }
  test('what is denied to a caller is denied to all that it calls, in turn', () => {
    const plan = compiled('permissions: { deny: ["Bash(rm:*)", test/other] }\nsteps: { s: { pipeline: sub } }\n', files)
    expect(plan.pipelines.deep!.steps[0]!.permissions.deny).toEqual(['Bash(rm:*)', 'test/other'])
    expect(faults('steps: { s: { pipeline: sub, permissions: { deny: [test/push] } } }\n', files)).toEqual([
      'plan/denied "uses" `test/push` is denied by the rule `test/push`',
    ])
    expect(
      faults('permissions: { deny: ["Bash(git push:*)"] }\nsteps: { s: { pipeline: sub } }\n', files)[0],
    ).toContain('plan/denied "run"')
  })
  test('names from `actions` stand for their rules at every level', () => {
    const agents = {
      'agents.yaml':
        'actions: { pushing: ["Bash(git push:*)"] }\npermissions: { deny: [pushing] }\nagents: { a: { tasks: { t: { run: x } } } }\n',
    }
    expect(stepOf(compiled('steps: { s: { run: [ls] } }\n', agents), 's').permissions.deny).toEqual([
      'Bash(git push:*)',
    ])
    expect(faults('steps: { s: { run: npm ci && git push } }\n', agents)[0]).toContain('plan/denied "run"')
    expect(faults('permissions: { deny: [pushin] }\nsteps: { s: { run: x } }\n', agents)[0]).toContain(
      'plan/unknown-permission "pushin"',
    )
  })
})

describe('gates', () => {
  test('promise 10b: judge what comes before the steps they hold up, or all', () => {
    const plan = compiled(
      'agents: { z: { description: z, tasks: { do: { run: x } } } }\nsteps:\n  a: { agent: z, task: do }\n  b: { needs: [a], run: x }\n  c: { needs: [b], run: x }\n  other: { run: x }\nfinally: { f: { run: x } }\ngates:\n  near: { before: [c], success: 80%, must_pass: [a] }\n  last: { success: 100%, level: advisory }\n',
    )
    const [near, last] = plan.pipelines.p!.gates
    expect(near).toMatchObject({
      of: ['a', 'b'],
      before: ['c'],
      success: 0.8,
      mustPass: ['a'],
      bypass: 'never',
      level: 'mandatory',
    })
    expect(last).toMatchObject({ of: ['a', 'b', 'c', 'other'], before: [], level: 'advisory' })
    expect(stepOf(plan, 'c').gates).toEqual(['near'])
  })
  test('a share of agent steps needs one to count, in the steps that the gate judges', () => {
    const text = (gate: string, of = 'run: x') =>
      `agents: { z: { description: z, tasks: { do: { run: x } } } }\nsteps:\n  a: { ${of} }\n  b: { needs: [a], run: x }\n  c: { agent: z, task: do }\ngates:\n  g: { success: 100%${gate} }\n`
    const fault = 'plan/gate-share "100%" the gate `g` has no share to count'
    expect(faults(text(', before: [b]'))[0]).toContain(fault)
    expect(faults(text(', of: [a, b]'))[0]).toContain(fault)
    expect(faults(text(', before: [a]'))[0]).toContain(fault)
    expect(faults(text(''))).toEqual([])
    expect(faults(text(', of: [a, c]'))).toEqual([])
    expect(faults(text(', before: [b]', 'agent: z, task: do'))).toEqual([])
    expect(faults(text(', of: [d]'))).toEqual([expect.stringContaining('plan/unknown-step')])
  })
  test('a step reads the gates that it waits for', () => {
    const text = (before: string) =>
      `steps:\n  a: { run: x }\n  b: { needs: [a], when: gates.g.status == "passed", run: x }\ngates:\n  g: { must_pass: [a], of: [a]${before} }\n`
    expect(faults(text(', before: [b]'))).toEqual([])
    expect(faults(text(''))[0]).toContain('plan/missing-dependency "g"')
  })
})

describe('scripts', () => {
  test.each([
    ['    run: echo "${{ inputs.a }}"\n', '    env: { A: "${{ inputs.a }}" }\n    run: echo "${A}"\n'],
    [
      '    run: |\n      set -e\n      echo ${{ inputs.a }} ${{ inputs.a }}\n',
      '    env: { A: "${{ inputs.a }}" }\n    run: |\n      set -e\n      echo "$A" "$A"\n',
    ],
    [
      '    env: { A: "1" }\n    run: echo ${{ inputs.a }}\n',
      '    env: { A_2: "${{ inputs.a }}", A: "1" }\n    run: echo "$A_2"\n',
    ],
    ['    { run: "echo ${{ inputs.a }}" }\n', '    { env: { A: "${{ inputs.a }}" }, run: "echo \\"$A\\"" }\n'],
  ])('promise 29b: %j is refused, and bound by its edit', (bad, good) => {
    const head = 'pipeline: p\ninputs: { a: { type: string } }\nsteps:\n  s:\n'
    const text = head + bad
    const result = compile(projectOf({ 'p.yaml': text }), 'p')
    const [fault] = result.ok ? [] : result.diagnostics
    expect(fault).toMatchObject({ code: 'plan/injection', fix: { safe: true } })
    let mended = text
    for (const { span, text: put } of [...fault!.fix!.edits].reverse())
      mended = mended.slice(0, span.start) + put + mended.slice(span.end)
    expect(mended).toBe(head + good)
    expect(compile(projectOf({ 'p.yaml': mended }), 'p').ok).toBe(true)
  })

  test.each([
    ['[sh, -c, "${{ inputs.a }}"]', true],
    ['[bash, -ec, "x ${{ inputs.a }}"]', true],
    ['[/usr/bin/env, python3.12, -c, "${{ inputs.a }}"]', true],
    ['[node, "--eval=${{ inputs.a }}"]', true],
    ['[ssh, host, "${{ inputs.a }}"]', true],
    ['[docker, exec, web, sh, -c, "${{ inputs.a }}"]', true],
    ['[timeout, "5", xargs, bash, -c, "${{ inputs.a }}"]', true],
    ['[docker, run, node, npm, test, "${{ inputs.a }}"]', false],
    ['[sh, -c, "echo $1", sh, "${{ inputs.a }}"]', false],
    ['[awk, "{print}", "${{ inputs.a }}"]', false],
    ['[grep, -c, "${{ inputs.a }}"]', false],
  ])('promise 29b: %s gives code to an interpreter: %s', (argv, isCode) => {
    expect(
      faults(`inputs: { a: { type: string } }\nsteps:\n  s: { run: ${argv} }\n`).some((line) =>
        line.startsWith('plan/interpreter'),
      ),
    ).toBe(isCode)
  })
})

describe('foreach and repeat', () => {
  test('`item` has the type of the items', () => {
    const each = (read: string) =>
      faults(
        `inputs: { list: { type: array, items: { type: object, properties: { name: { type: string } }, required: [name] } } }\nsteps:\n  s: { foreach: { items: "\${{ inputs.list }}", key: "\${{ item.name }}" }, run: [echo, "\${{ ${read} }}"] }\n`,
      )
    expect(each('item.name')).toEqual([])
    expect(each('item.nane')[0]).toContain('expr/unknown-property "nane"')
  })
  test('items that are written out are judged now', () => {
    expect(faults('steps:\n  s: { foreach: { items: [a, b, a] }, run: x }\n')).toEqual([
      'plan/foreach-items "a" two items have the key `a`',
    ])
    const edges =
      'steps:\n  s:\n    foreach:\n      items: [{ id: a, needs: [b] }, { id: b, needs: [a] }]\n      key: "${{ item.id }}"\n      needs: "${{ item.needs }}"\n    run: x\n'
    expect(faults(edges)[0]).toContain('items wait for each other: `a` needs `b` needs `a`')
  })
  test('`when` may read the item, and then says nothing of the list', () => {
    const text = (when: string) =>
      `inputs: { l: { type: array, items: { type: object, properties: { n: { type: string } } }, optional: true } }\nsteps:\n  a: { when: ${when}, foreach: { items: "\${{ inputs.l }}", key: "\${{ item.n }}" }, run: [x, "\${{ item.n }}"] }\n`
    const words = (when: string) => faults(text(when)).map((fault) => fault.split(' is wanted')[0])
    expect(words('inputs.l != null && item.n != null')).toHaveLength(2)
    expect(words('inputs.l != null')).toEqual([
      'expr/null ""${{ item.n }}"" the key of an item',
      'expr/null ""${{ item.n }}"" an argument',
    ])
    expect(
      faults(
        'steps:\n  a: { when: item.n > 1, foreach: { items: [{ n: 1 }, { n: 2 }] }, run: [x, "${{ item.n }}"] }\n',
      ),
    ).toEqual([])
  })

  test('a list of the outputs of its instances follows', () => {
    const when = 'steps.s.outputs.n.size() > 1 && steps.s.each.all(i, i.status != "failed")'
    const each = 's: { foreach: { items: [1, 2] }, run: x, outputs: { n: { type: integer } } }'
    expect(faults(`steps:\n  ${each}\n  t:\n    needs: [s]\n    when: ${when}\n    run: x\n`)).toEqual([])
  })
  test('`until` reads the outputs of its own pass', () => {
    expect(
      faults('steps:\n  s: { run: x, outputs: { n: { type: integer } }, repeat: { until: outputs.n == 0, max: 3 } }\n'),
    ).toEqual([])
  })
})

describe('the frozen plan', () => {
  const text =
    'vars: { v: "1", unused: "2" }\nsteps:\n  a: { run: x }\n  b: { needs: [a], run: [echo, "${{ vars.v }}"] }\n  c: { run: y }\n'
  test('promises 3a, 3f: is the same for the same files, whatever comments and places they have', () => {
    const plan = compiled(text)
    expect(compiled(text).hash).toBe(plan.hash)
    expect(compiled(`# moved\n\n${text}`).hash).toBe(plan.hash)
    expect(JSON.parse(JSON.stringify(plan)).hash).toBe(plan.hash)
    expect(Object.isFrozen(plan.pipelines.p!.steps[0]!.needs)).toBe(true)
  })
  test('a changed step changes its own definition and those behind it, no other', () => {
    const changed = compiled(text.replace('run: x', 'run: z'))
    const same = (id: string) => definitionOf(changed, id) === definitionOf(compiled(text), id)
    expect([same('a'), same('b'), same('c')]).toEqual([false, false, true])
    expect(changed.hash).not.toBe(compiled(text).hash)
  })
  test('a changed var changes the steps that read it, no other', () => {
    const changed = compiled(text.replace('v: "1"', 'v: "3"'))
    const same = (id: string) => definitionOf(changed, id) === definitionOf(compiled(text), id)
    expect([same('a'), same('b'), same('c')]).toEqual([true, false, true])
  })
  test('promise 3a: a change inside of a sub-pipeline changes the step that calls it', () => {
    const sub = (run: string) => ({ 'sub.yaml': `pipeline: sub\nsteps: { x: { run: ${run} } }\n` })
    const call = 'steps:\n  s: { pipeline: sub }\n'
    expect(definitionOf(compiled(call, sub('x')), 's')).not.toBe(definitionOf(compiled(call, sub('y')), 's'))
  })
})

test('all faults come at once, sorted by place, each once', () => {
  expect(
    faults(
      'steps:\n  a: { needs: [b, a, bb], uses: test/loop }\n  b: { agent: nobody, task: x }\n  bb: { pipeline: none }\n',
    ).map((line) => line.split(' ')[0]),
  ).toEqual(['plan/self-need', 'plan/unknown-action', 'plan/unknown-agent', 'plan/unknown-pipeline'])
})

test('names that every object has are ordinary names', () => {
  expect(faults('steps:\n  constructor: { run: x }\n  b: { needs: [tostring], run: x }\n')).toEqual([
    'plan/unknown-step "tostring" there is no step `tostring`',
  ])
})
