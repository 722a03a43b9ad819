import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

const FILES = {
  'opsflow.config.yaml': 'people: { CAPTAIN: [tester] }\n',
  'agents.yaml':
    'actions: { ship: ["Bash(echo shipped:*)"] }\nagents:\n  builder: { description: Builds, tasks: { make: { run: echo made >> did } } }\n',
  'pipelines/ops.yaml': `coordinator: COORD_OPS
domain: operations
description: Answers what is asked
agents: [builder]
reports_to: human
payload: { why: { type: string, description: what it is for } }
signals:
  OPS:SHIP:
    description: Send it out
    payload: { quick: { type: boolean, optional: true } }
    route: [{ when: payload.quick == true, pipeline: small }, { pipeline: large }]
  TOOL:*: { forward: COORD_TOOLS }
permissions: { allow: [git/changed-files], ask: { ship: CAPTAIN }, deny: ["Bash(rm:*)"] }
gates: { quality: { success: 80% } }
`,
  'pipelines/tools.yaml': 'coordinator: COORD_TOOLS\nsignals: { TOOL:FIX: { pipeline: fix, from: [COORD_OPS] } }\n',
  'pipelines/small.yaml':
    'pipeline: small\nsteps: { ship: { run: [sh, ./ship.sh] }, say: { run: echo shipped small >> did } }\n',
  'pipelines/large.yaml': `pipeline: large
inputs: { files: { type: array, description: What changed }, level: { type: integer, default: 2 } }
steps: { make: { agent: builder, task: make } }
`,
  'pipelines/fix.yaml': 'pipeline: fix\nsteps: { fix: { run: echo fixed >> did } }\n',
  'ship.sh': 'true\n',
}

test('`signals` says who answers what: routes, what must be carried, permissions and gates', async () => {
  const it = project({ ...FILES, 'pipelines/ops.yaml': `${FILES['pipelines/ops.yaml']}max_parallel: 4\n` })
  const told = await it.opsflow('signals')
  expect(told).toMatchObject({ exit: 0, stderr: '' })
  expect(told.stdout).toBe(`COORD_OPS  operations  pipelines/ops.yaml
  Answers what is asked
  agents: builder
  reports to: human
  runs at once: 4
  permissions: allow git/changed-files; ask CAPTAIN for ship; deny Bash(rm:*)
  gates: quality (mandatory)
  OPS:SHIP  Send it out
    must carry: why (string)
    may carry: quick (boolean)
    -> when payload.quick == true: small
    -> else large
       must carry: files (array)
       may carry: level (integer)
  TOOL:*
    -> forwarded to COORD_TOOLS
    must carry: why (string)

COORD_TOOLS  pipelines/tools.yaml
  TOOL:FIX
    from: COORD_OPS
    -> fix
`)
})

test('`signals NAME --json` gives who answers that one, in the order in which they are asked', async () => {
  const it = project(FILES)
  const { coordinators } = JSON.parse((await it.opsflow('signals', 'TOOL:FIX', '--json')).stdout) as {
    coordinators: { name: string; signals: unknown[] }[]
  }
  expect(coordinators.map(({ name }) => name)).toEqual(['COORD_OPS', 'COORD_TOOLS'])
  expect(coordinators[0]!.signals).toEqual([
    {
      signal: 'TOOL:FIX',
      description: null,
      from: [],
      forward: 'COORD_TOOLS',
      requires: [{ name: 'why', type: 'string', description: 'what it is for', default: null }],
      optional: [],
      routes: [],
    },
  ])
})

test('`signals` of what nobody answers, of no signal and without a coordinator says so', async () => {
  const it = project(FILES)
  expect(await it.opsflow('signals', 'TOOL:LINT')).toEqual({
    exit: 1,
    stdout: 'IGNORED: nobody answers TOOL:LINT; did you mean TOOL:FIX?\n',
    stderr: '',
  })
  expect((await it.opsflow('signals', 'tool')).exit).toBe(2)
  const none = project({})
  expect(await none.opsflow('signals')).toEqual({
    exit: 0,
    stdout: `there is no coordinator in ${none.folder}: write one into pipelines/, it starts with \`coordinator: NAME\`\n`,
    stderr: '',
  })
})

test('a coordinator with a fault is none that can be read, and its fault is shown', async () => {
  const it = project({
    ...FILES,
    'pipelines/ops.yaml': `${FILES['pipelines/ops.yaml']}max_parallel: 0\n`,
    'pipelines/tools.yaml': '',
  })
  const what = `there is no coordinator that can be read in ${it.folder}\n`
  const all = await it.opsflow('signals')
  expect(all).toMatchObject({ exit: 1, stdout: what, stderr: expect.stringContaining('`max_parallel`') })
  expect(await it.opsflow('signals', 'TOOL:FIX')).toEqual({
    ...all,
    stdout: `IGNORED: nobody answers TOOL:FIX; ${what}`,
  })
})

test('a signal that is forwarded is answered by the other, and refused by the first who lacks something', async () => {
  const it = project(FILES)
  expect(await it.opsflow('signal', 'TOOL:FIX')).toEqual({
    exit: 2,
    stdout: '',
    stderr:
      'opsflow: COORD_OPS: `TOOL:FIX` is refused: missing: why (what it is for)\n  hint: give it: --payload why=…\n',
  })
  const sent = await it.opsflow('signal', 'TOOL:FIX', '--payload', 'why=broken')
  expect(sent.exit).toBe(0)
  expect(sent.stdout).toContain('COORD_OPS forwards TOOL:FIX; COORD_TOOLS answers TOOL:FIX with `fix`\n')
  expect(it.lines('did')).toEqual(['fixed'])
  expect(it.state().cause).toMatchObject({ coordinator: 'COORD_TOOLS', signal: 'TOOL:FIX' })
})

test('what the coordinator asks for waits for a yes of the role, and does not happen without it', async () => {
  const it = project({
    ...FILES,
    'pipelines/small.yaml': 'pipeline: small\nsteps: { say: { run: echo shipped small >> did } }\n',
  })
  const send = () => it.opsflow('signal', 'OPS:SHIP', '--payload', 'why=x', '--payload', 'quick=true')
  expect((await send()).exit).toBe(4)
  const [first = ''] = await it.runs()
  expect((await it.as('eve').opsflow('approve', first, 'allow_say')).exit).toBe(1)
  expect((await it.opsflow('reject', first, 'allow_say', '--resume')).exit).toBe(1)
  expect(it.has('did')).toBe(false)
  expect(it.state(first).steps.get('say')).toMatchObject({ status: 'skipped', reason: 'upstream' })

  expect((await send()).exit).toBe(4)
  const second = (await it.runs()).find((run) => run !== first)!
  expect((await it.opsflow('approve', second, 'allow_say', '--resume')).exit).toBe(0)
  expect(it.lines('did')).toEqual(['shipped small'])
})

test('what a rule denies or cannot judge is refused before anything runs', async () => {
  const it = project(FILES)
  const sent = await it.opsflow('signal', 'OPS:SHIP', '--payload', 'why=x', '--payload', 'quick=true')
  expect(sent.exit).toBe(4)
  it.write({ 'pipelines/small.yaml': 'pipeline: small\nsteps: { say: { run: rm -r build } }\n' })
  const denied = await it.opsflow('signal', 'OPS:SHIP', '--payload', 'why=x', '--payload', 'quick=true')
  expect(denied.exit).toBe(1)
  expect(denied.stderr + denied.stdout).toContain('plan/denied')
})

test('a gate of the coordinator judges the run that it started, and no other', async () => {
  const it = project(FILES)
  it.write({ 'agents.yaml': FILES['agents.yaml'].replace('echo made >> did', 'exit 3') })
  expect((await it.opsflow('signal', 'OPS:SHIP', '--payload', 'why=x', '--payload', 'files=["a"]')).exit).toBe(1)
  const [run = ''] = await it.runs()
  expect(it.state(run).gates.get('quality')).toMatchObject({ status: 'failed', failing: ['make'] })
  expect((await it.opsflow('run', 'large', '--input', 'files=["a"]')).exit).toBe(1)
  const other = (await it.runs()).find((id) => id !== run)!
  expect(it.state(other).gates.size).toBe(0)
})

const PAUSED = {
  'pipelines/ops.yaml': `coordinator: COORD_OPS
signals: { OPS:GO: { pipeline: go } }
escalate: [{ id: failing, when: "run.failed.size() > 0", to: human, then: pause }]
`,
  'pipelines/go.yaml': `pipeline: go
steps:
  a: { run: echo a >> did; test -e good }
  b: { needs: [a], run: echo b >> did }
`,
}

test('a rule that holds parks the run; `retry` does again what failed, in the same command', async () => {
  const it = project(PAUSED)
  expect((await it.opsflow('signal', 'OPS:GO')).exit).toBe(4)
  const run = await it.run()
  const shown = await it.opsflow('show', run)
  expect(shown.stdout).toContain(`opsflow answer ${run} escalate_failing choice=`)
  expect((await it.opsflow('answer', run, 'escalate_failing', 'choice=perhaps')).exit).toBe(2)
  it.write({ good: '' })
  const answered = await it.opsflow('answer', run, 'escalate_failing', 'choice=retry', '--resume')
  expect(answered).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('did')).toEqual(['a', 'a', 'b'])
  expect(it.state().outcome).toBe('succeeded')
})

test('a rule that is answered with abort cancels the run; one that is delegated ends it as escalated', async () => {
  const it = project(PAUSED)
  await it.opsflow('signal', 'OPS:GO')
  const run = await it.run()
  expect((await it.opsflow('answer', run, 'escalate_failing', 'choice=abort', '--resume')).exit).toBe(130)
  await it.opsflow('signal', 'OPS:GO')
  const other = (await it.runs()).find((id) => id !== run)!
  await it.opsflow('answer', other, 'escalate_failing', 'choice=delegate', 'to=COORD_MORE', '--resume')
  expect(it.state(other).outcome).toBe('escalated')
  expect(it.state(other).signals.map(({ signal, target }) => `${signal} ${target}`)).toContain(
    'COORD_OPS:HANDOFF COORD_MORE',
  )
})

test('a fault of one coordinator is shown beside the others', async () => {
  const it = project({ ...FILES, 'pipelines/ops.yaml': `${FILES['pipelines/ops.yaml']}max_parallel: 0\n` })
  const { exit, stderr, stdout } = await it.opsflow('signals')
  expect(exit).toBe(0)
  expect(stdout).toContain('TOOL:FIX')
  expect(stdout + stderr).toContain('max_parallel')
})
