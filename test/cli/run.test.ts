import { expect, test } from 'vitest'
import { plain, project } from '../support/project.ts'

const INPUTS = `pipeline: p
inputs:
  n: { type: integer }
  mode: { enum: [fast, slow], default: fast }
  tags: { type: array, optional: true }
outputs: { twice: { value: "\${{ inputs.n * 2 }}" } }
next_steps: ["Tell everybody"]
steps:
  a: { env: { N: "\${{ inputs.n }}", MODE: "\${{ inputs.mode }}" }, run: echo "$N $MODE" }
`

test('a run says what it did, step by step, and what comes next', async () => {
  const it = project({ 'p.yaml': INPUTS })
  const ran = await it.opsflow('run', 'p.yaml', '--input', 'n=21', '-i', 'tags=["x"]')
  expect({ ...ran, stdout: plain(ran.stdout) }).toEqual({
    exit: 0,
    stderr: '',
    stdout: `p  run RUN
  n: 21
  mode: fast
  tags: ["x"]
  ▸ a
  ✓ a  SPAN
succeeded in SPAN: 1 succeeded
  twice: 42
  next: Tell everybody
`,
  })
})

test('promise 5e: a failed run shows the end of what the step printed, and the next commands, and exits 1', async () => {
  const it = project({
    'p.yaml':
      'pipeline: p\nsteps:\n  good: { run: echo fine }\n  bad: { needs: [good], run: "echo one; echo two >&2; exit 3" }\n  after: { needs: [bad], run: echo never }\n',
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect({ ...ran, stdout: plain(ran.stdout) }).toEqual({
    exit: 1,
    stderr: '',
    stdout: `p  run RUN
  ▸ good
  ✓ good  SPAN
  ▸ bad
  ✗ bad  failed: exit code 3  SPAN
      │ one
      │ two
  ○ after  skipped: \`bad\` did not succeed
failed in SPAN: 1 succeeded, 1 failed, 1 skipped
  logs: opsflow logs RUN bad
  again: opsflow retry RUN
`,
  })
})

test('--json prints the state of the run at its end and nothing else', async () => {
  const it = project({ 'p.yaml': INPUTS })
  const ran = await it.opsflow('run', 'p.yaml', '--input', 'n=1', '--json')
  expect(ran).toMatchObject({ exit: 0, stderr: '' })
  expect(JSON.parse(ran.stdout)).toMatchObject({
    run: await it.run(),
    phase: 'ended',
    outcome: 'succeeded',
    inputs: { n: 1, mode: 'fast', tags: null },
    outputs: { twice: 2 },
    steps: [{ path: 'a', status: 'succeeded', attempts: 1 }],
  })
})

const REFUSED: readonly (readonly [string, string[], string])[] = [
  [
    'a missing input',
    [],
    'opsflow: the input `n` is missing\n  hint: give inputs as `--input name=value`; p.yaml declares them\n',
  ],
  [
    'inputs of the wrong type, outside their values and unknown, all at once',
    ['--input', 'n=many', '--input', 'mode=warp', '--input', 'tgas=1'],
    'opsflow: input `n`: `many` is no whole number\n  and `mode` is `warp`, and it may only be `fast`, `slow`\n  and there is no input `tgas` (did you mean `tags`?)\n  hint: give inputs as `--input name=value`; p.yaml declares them\n',
  ],
  [
    'an approval that is not there',
    ['--input', 'n=1', '--approve', 'ship'],
    'opsflow: there is no approval `ship` to give beforehand\n  hint: the pipeline asks for no approval\n',
  ],
]

test.for(REFUSED)('promise 23a: %s: refused before anything is made', async ([, words, stderr]) => {
  const it = project({ 'p.yaml': INPUTS })
  expect(await it.opsflow('run', 'p.yaml', ...words)).toEqual({ exit: 2, stdout: '', stderr })
  expect(await it.runs()).toEqual([])
})

const FILES = {
  'opsflow.config.yaml': 'people: {}\n',
  'pipelines/build.yaml': 'pipeline: build\nsteps:\n  a: { run: echo hi }\n',
  'pipelines/faulty.yaml': 'pipeline: faulty\nsteps:\n  a: { runn: echo }\n',
  'pipelines/broken.yaml': 'pipeline: broken\nsteps:\n  a: { run: echo\n',
  'pipelines/ops.yaml': 'coordinator: COORD_OPS\ndomain: ops\nagents: []\nsignals: { OPS:GO: { pipeline: build } }\n',
}

test.for([
  [
    'nope.yaml',
    'opsflow: there is no file `nope.yaml`\n  hint: known: build; `pipelines/broken.yaml` cannot be read: see `opsflow lint`\n',
  ],
  [
    'broken',
    'opsflow: there is no pipeline `broken`\n  hint: known: build; `pipelines/broken.yaml` cannot be read: see `opsflow lint`\n',
  ],
  [
    'COORD_OPS',
    'opsflow: `COORD_OPS` is no pipeline but a coordinator\n  hint: send it a signal: `opsflow signal NS:NAME`\n',
  ],
  ['biuld', 'opsflow: there is no pipeline `biuld`\n  hint: did you mean `build`?\n'],
  [
    'pipelines/ops.yaml',
    'opsflow: `pipelines/ops.yaml` is no pipeline but a file of the kind `coordinator`\n  hint: send it a signal: `opsflow signal NS:NAME`\n',
  ],
])('`opsflow run %s`: what is not there is wrong usage', async ([target, stderr]) =>
  expect(await project(FILES).opsflow('run', target!)).toEqual({ exit: 2, stdout: '', stderr }),
)

test.for([
  ['faulty', 'pipelines/faulty.yaml:3:8: error: `runn` is no key of `a` [schema/unknown-key]'],
  ['pipelines/faulty.yaml', 'pipelines/faulty.yaml:3:8: error: `runn` is no key of `a` [schema/unknown-key]'],
  ['pipelines/broken.yaml', 'pipelines/broken.yaml:3:6: error: nothing closes the `{` that opens here'],
])('`opsflow run %s`: a faulty file shows its faults with their places, exit 1', async ([target, says]) => {
  const ran = await project(FILES).opsflow('run', target!)
  expect(ran).toMatchObject({ exit: 1, stdout: '' })
  expect(ran.stderr).toContain(says)
})

test('promise 23b: a key that this version does not run is refused, never ignored', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: echo hi, cache: { key: x, files: [y] } }\n' })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stdout: '' })
  expect(ran.stderr).toContain('[plan/not-yet-supported]')
})

test('promise 21c: a run that was asked for by one user is attributed to that user', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "true" }\n' })
  await it.as('alice').opsflow('run', 'p.yaml')
  expect((await it.opsflow('show', await it.run())).stdout).toContain('started by alice')
})

test('a reader that goes away does not end the run', async () => {
  const it = project({
    'p.yaml':
      'pipeline: p\nsteps:\n  a: { run: "until test -f go; do sleep 0.02; done" }\n  b: { needs: [a], run: touch done }\n',
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.until((state) => state.steps.get('a')?.status === 'running')
  runner.child.stdout!.destroy()
  it.write({ go: '' })
  expect(await runner.ended).toMatchObject({ exit: 0, stderr: '' })
  expect(it.has('done')).toBe(true)
})

test('runs of one project may go on side by side, each live and by its name', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "until test -f go; do sleep 0.02; done" }\n' })
  const both = [it.spawn('run', 'p.yaml'), it.spawn('run', 'p.yaml')]
  const runs = await it.runs(2)
  expect((await it.opsflow('runs')).stdout.match(/ live /g)).toHaveLength(2)
  it.write({ go: '' })
  for (const one of both) expect((await one.ended).exit).toBe(0)
  for (const run of runs) expect(it.state(run).outcome).toBe('succeeded')
})
