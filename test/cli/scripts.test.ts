import { expect, test } from 'vitest'
import { project } from '../support/project.ts'
import { gone } from '../support/waiting.ts'

test('outputs come from $OPSFLOW_OUTPUT and from JSON on standard output, each checked and typed', async () => {
  const it = project({
    'p.yaml': `pipeline: p
outputs: { total: { value: "\${{ steps.file.outputs.count + steps.json.outputs.count }}" } }
steps:
  file:
    outputs: { count: { type: integer }, note: { type: string } }
    run: |
      echo count=40 >> "$OPSFLOW_OUTPUT"
      echo "note=a b=c" >> "$OPSFLOW_OUTPUT"
  json: { outputs: { count: { type: integer } }, run: "echo '{\\"count\\": 2}'" }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(it.state().outputs).toEqual({ total: 42 })
  expect(it.state().steps.get('file')?.outputs).toEqual({ count: 40, note: 'a b=c' })
})

test('outputs that are missing or of the wrong type fail the step and say which', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  none: { outputs: { count: { type: integer } }, run: "true" }
  wrong: { outputs: { count: { type: integer } }, run: "echo count=many >> \\"$OPSFLOW_OUTPUT\\"" }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  for (const path of ['none', 'wrong']) {
    const step = it.state().steps.get(path)
    expect(step).toMatchObject({ status: 'failed', reason: 'outputs' })
    expect(step?.message).toContain('`count`')
  }
})

test('a step gets the allow-list of the environment and what its `env` says; `inherit` lets one more in', async () => {
  const it = project(
    {
      'p.yaml': `pipeline: p
steps:
  look: { run: env > seen, env: { MINE: here, LET_IN: inherit } }
`,
    },
    { env: { KEPT_OUT: 'no', LET_IN: 'yes', LC_TIME: 'C' } },
  )
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  const seen = it.lines('seen')
  expect(seen).toEqual(expect.arrayContaining(['MINE=here', 'LET_IN=yes', 'LC_TIME=C', `HOME=${it.env.HOME}`]))
  expect(seen.find((line) => line.startsWith('KEPT_OUT='))).toBeUndefined()
  expect(seen.find((line) => line.startsWith('OPSFLOW_IDEMPOTENCY_KEY='))).toContain('look')
  expect(seen).toContain('OPSFLOW_ATTEMPT=1')
})

test('a list is one program with its arguments, never read by a shell', async () => {
  const it = project({
    'p.yaml': `pipeline: p
inputs: { what: { type: string } }
steps:
  put: { run: [node, -e, "require('fs').writeFileSync('got', process.argv[1] + '\\\\n')", "\${{ inputs.what }}"] }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml', '--input', 'what=$(touch pwned); "x" && y')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(it.read('got')).toBe('$(touch pwned); "x" && y\n')
  expect(it.has('pwned')).toBe(false)
})

test('`shell: bash` fails on the first failing part of a pipe, sh stops at the first failing line', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  bash: { shell: bash, run: "false | cat\\ntouch bash-went-on" }
  sh: { run: "false\\ntouch sh-went-on" }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect([it.has('bash-went-on'), it.has('sh-went-on')]).toEqual([false, false])
})

test('the working directory is the root of the project, or `cwd` below it; standard input is empty', async () => {
  const it = project({
    'pipelines/p.yaml': `pipeline: p
steps:
  root: { run: pwd > "$OPSFLOW_OUTPUT.pwd"; pwd > root-pwd; cat > stdin }
  sub: { cwd: sub, run: pwd > ../sub-pwd }
`,
    'opsflow.config.yaml': 'people: {}\n',
    'sub/keep': '',
  })
  const ran = await it.opsflow('run', 'p')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('root-pwd')).toEqual([it.folder])
  expect(it.lines('sub-pwd')).toEqual([`${it.folder}/sub`])
  expect(it.read('stdin')).toBe('')
})

test('promises 13a, 13b: a timeout of 1 s takes 1 s, sends TERM first, and takes grandchildren with it', async () => {
  const it = project({
    'p.yaml': `pipeline: p
grace: 300ms
steps:
  polite: { timeout: 1s, run: "trap 'echo term >> trapped; exit 0' TERM; sleep 60 & wait" }
  stubborn: { timeout: 1s, run: "trap '' TERM; (trap '' TERM; sleep 60) & echo $! >> pids; echo $$ >> pids; sleep 60; sleep 60" }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(it.lines('trapped')).toEqual(['term'])
  const { steps } = it.state()
  for (const [path, most] of [
    ['polite', 1000 + 300 + 100 + 100],
    ['stubborn', 1000 + 300 + 100 + 100],
  ] as const) {
    const step = steps.get(path)!
    expect(step.status).toBe('timed-out')
    const took = step.endedAt! - step.startedAt!
    expect(took).toBeGreaterThanOrEqual(1000)
    // The bound of the contract, and as much again for a busy machine.
    expect(took).toBeLessThan(most * 2)
  }
  for (const pid of it.lines('pids')) await gone(Number(pid))
})

test('promise 5a: a step without output and progress is stalled, and says so', async () => {
  const it = project({
    'p.yaml': `pipeline: p
grace: 200ms
steps:
  quiet: { stall: { idle: 500ms, then: kill }, run: "echo begun; exec sleep 30" }
  chatty: { stall: { idle: 500ms, then: kill }, run: "for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done" }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  expect(it.state().steps.get('quiet')?.status).toBe('stalled')
  expect(it.state().steps.get('chatty')?.status).toBe('succeeded')
})

test('a program that is not there is named', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  x: { run: [no-such-program-here, --help] }\n' })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(ran.stdout).toContain('`no-such-program-here`')
})
