import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

test('promises 24c, 25b: one holder of a mutex at a time, over two runs in two processes; the other says what it waits for', async () => {
  const it = project({
    'p.yaml': `pipeline: p
inputs: { who: { type: string } }
steps:
  work:
    mutex: shared-repo
    env: { WHO: "\${{ inputs.who }}" }
    run: echo "in $WHO" >> order; until test -f "go-$WHO"; do sleep 0.02; done; echo "out $WHO" >> order
`,
  })
  const first = it.spawn('run', 'p.yaml', '--input', 'who=one')
  await it.file('order')
  const second = it.spawn('run', 'p.yaml', '--input', 'who=two')
  const run = (await it.runs(2)).at(-1)!
  await it.until((state) => state.steps.get('work')?.waitingFor?.kind === 'lock', run)
  const holder = (await it.runs(2))[0]!
  expect((await it.opsflow('show', run)).stdout).toContain(
    `waiting for lock \`shared-repo\`, held by run ${holder}, step \`work\`\n`,
  )
  it.write({ 'go-two': '', 'go-one': '' })
  expect((await first.ended).exit).toBe(0)
  expect((await second.ended).exit).toBe(0)
  expect(it.lines('order')).toEqual(['in one', 'out one', 'in two', 'out two'])
})

test('promises 16e, 24c: a killed holder frees its lock at once', async () => {
  const it = project({
    'p.yaml': `pipeline: p
inputs: { who: { type: string } }
steps:
  work: { mutex: shared-repo, env: { WHO: "\${{ inputs.who }}" }, run: "echo $WHO >> order; test $WHO = two || sleep 60" }
`,
  })
  const first = it.spawn('run', 'p.yaml', '--input', 'who=one')
  await it.file('order')
  first.kill('SIGKILL')
  await first.ended
  expect((await it.opsflow('run', 'p.yaml', '--input', 'who=two')).exit).toBe(0)
  expect(it.lines('order')).toEqual(['one', 'two'])
})

test('promise 25b: show names the run that holds the lock of a pipeline, and the step of the same run', async () => {
  const it = project({
    'whole.yaml':
      'pipeline: whole\nmutex: deploy\nsteps: { work: { run: "echo > held; until test -f go; do sleep 0.02; done" } }\n',
    'two.yaml': `pipeline: two
steps:
  one: { mutex: here, run: "echo > one; until test -f go; do sleep 0.02; done" }
  two: { mutex: here, run: "echo > two; until test -f go; do sleep 0.02; done" }
`,
  })
  const first = it.spawn('run', 'whole.yaml')
  await it.file('held')
  const second = it.spawn('run', 'whole.yaml')
  const run = (await it.runs(2)).at(-1)!
  await it.until((state) => state.waitingFor?.kind === 'lock', run)
  expect((await it.opsflow('show', run)).stdout).toContain(
    `waiting for lock \`deploy\`, held by run ${(await it.runs(2))[0]}\n`,
  )
  const third = it.spawn('run', 'two.yaml')
  const own = (await it.runs(3)).at(-1)!
  const state = await it.until(({ steps }) => [...steps.values()].some((step) => step.waitingFor?.kind === 'lock'), own)
  const holder = state.steps.get('two')?.waitingFor?.kind === 'lock' ? 'one' : 'two'
  await it.file(holder)
  expect((await it.opsflow('show', own)).stdout).toContain(`waiting for lock \`here\`, held by step \`${holder}\`\n`)
  it.write({ go: '' })
  for (const { ended } of [first, second, third]) expect((await ended).exit).toBe(0)
})

test('promises 24c, 25b: a coordinator has so many runs at work as its max_parallel; one more says what it waits for', async () => {
  const it = project({
    'pipelines/ops.yaml':
      'coordinator: COORD_OPS\nmax_parallel: 2\nsignals: { "OPS:GO": { pipeline: go }, "OPS:ASK": { pipeline: ask } }\n',
    'pipelines/go.yaml': `pipeline: go
signals: { accepts: [OPS:GO] }
inputs: { who: { type: string } }
steps:
  work: { env: { WHO: "\${{ inputs.who }}" }, run: 'echo "$WHO" >> order; until test -f "go-$WHO"; do sleep 0.02; done' }
`,
    'pipelines/ask.yaml': `pipeline: ask
signals: { accepts: [OPS:ASK] }
steps: { sure: { approval: { prompt: Sure? }, timeout: 1h }, work: { needs: [sure], run: echo asked >> order } }
`,
  })
  // One that is parked has no place.
  expect((await it.opsflow('signal', 'OPS:ASK')).exit).toBe(4)
  const parked = await it.run()
  const first = it.spawn('signal', 'OPS:GO', '-p', 'who=one')
  await it.file('order')
  const second = it.start('signal', 'OPS:GO', '-p', 'who=two')
  await it.file('order', 2)
  const third = it.start('signal', 'OPS:GO', '-p', 'who=three')
  const waiting = (await it.runs(4)).at(-1)!
  await it.until((state) => state.waitingFor?.kind === 'lock', waiting)
  const [, one, two] = await it.runs()
  expect((await it.opsflow('show', waiting)).stdout).toContain(
    `waiting for lock \`max_parallel of COORD_OPS\`, held by run ${one}; run ${two}\n`,
  )
  // It comes back behind the third, and who is started by a person needs no place.
  const again = it.start('approve', parked, 'sure', '--resume')
  await it.until((state) => state.steps.get('work')?.waitingFor?.kind === 'lock', parked)
  it.write({ 'go-four': '' })
  expect((await it.opsflow('run', 'go', '-i', 'who=four')).exit).toBe(0)
  first.kill('SIGKILL')
  await it.file('order', 4)
  it.write({ 'go-two': '', 'go-three': '' })
  for (const { ended } of [second, third, again]) expect((await ended).exit).toBe(0)
  expect(it.lines('order')).toEqual(['one', 'two', 'four', 'three', 'asked'])
})
