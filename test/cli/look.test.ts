import { expect, test } from 'vitest'
import { plain, project } from '../support/project.ts'

const P = {
  'opsflow.config.yaml': 'people: { leads: [alice] }\n',
  'p.yaml': `pipeline: p
steps:
  build: { run: "echo built; echo warned >&2" }
  bad: { needs: [build], run: "echo broke; exit 3" }
  ask: { needs: [build], approval: { prompt: "Go on?", from: [alice] } }
`,
}

test('promises 5e, 25b: show says what a run did, does and waits for, and what to do next', async () => {
  const it = project(P)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const shown = await it.opsflow('show', await it.run())
  expect({ ...shown, stdout: plain(shown.stdout) }).toEqual({
    exit: 0,
    stderr: '',
    stdout: `p  run RUN  parked  SPAN
  started by tester at TIME, plan HASH

  ✓ build  SPAN
  … ask    waiting for approval by alice: Go on?
  ✗ bad    failed: exit code 3  SPAN
      │ broke

1 succeeded, 1 failed
  opsflow approve RUN ask | opsflow reject RUN ask
  go on: opsflow resume RUN
`,
  })
})

test('show puts what a step holds below it: items, passes, the steps of its pipeline', async () => {
  const it = project({
    'opsflow.config.yaml': 'people: {}\n',
    'pipelines/main.yaml': `pipeline: main
steps:
  first: { foreach: { items: [x, y], key: "\${{ item }}" }, run: "true" }
  second: { pipeline: child }
`,
    'pipelines/child.yaml': 'pipeline: child\nsteps:\n  one: { run: "true" }\n  two: { needs: [one], run: "true" }\n',
  })
  expect((await it.opsflow('run', 'main')).exit).toBe(0)
  const shown = (await it.opsflow('show', await it.run())).stdout
  expect([...shown.matchAll(/✓ (\S+)/g)].map(([, path]) => path)).toEqual([
    ...['first', 'first[x]', 'first[y]', 'second', 'second/one', 'second/two'],
  ])
})

test('show --json has the same for programs', async () => {
  const it = project(P)
  await it.opsflow('run', 'p.yaml')
  const shown = JSON.parse((await it.opsflow('show', await it.run(), '--json')).stdout)
  expect(shown).toMatchObject({ phase: 'parked', liveness: 'free', parkedFor: ['ask'] })
  expect(shown.steps.map(({ path, status }: { path: string; status: string }) => [path, status])).toEqual([
    ['build', 'succeeded'],
    ['ask', 'waiting'],
    ['bad', 'failed'],
  ])
})

test('a run is named by its whole name, its tail, or a beginning of either; several fits are refused', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "true" }\n' })
  await it.opsflow('run', 'p.yaml')
  await it.opsflow('run', 'p.yaml')
  const [first, second] = await it.runs()
  expect((await it.opsflow('show', first!.slice(-5))).stdout).toContain(first!)
  const both = await it.opsflow('show', '2')
  expect(both).toMatchObject({ exit: 2, stdout: '' })
  expect(both.stderr).toContain('opsflow: `2` may be 2 runs: ')
  expect(both.stderr).toContain(`\`${second}\``)
  expect(both.stderr).toContain('hint: write more of the name, or its last part')
})

test('runs lists the runs, newest first, and says how to see the older ones', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "true" }\n',
    'q.yaml': 'pipeline: q\nsteps:\n  a: { run: exit 1 }\n',
  })
  expect(await it.opsflow('runs')).toEqual({
    exit: 0,
    stdout: `no runs yet in ${it.stateDir}: start one with \`opsflow run PIPELINE\`\n`,
    stderr: '',
  })
  await it.opsflow('run', 'p.yaml')
  await it.opsflow('run', 'q.yaml')
  const lines = plain((await it.opsflow('runs')).stdout)
    .replace(/ {2,}/g, '  ')
    .split('\n')
  expect(lines).toEqual([
    'RUN  PIPELINE  STATUS  STARTED  TOOK  BY',
    'RUN  q  failed  TIME  SPAN  tester',
    'RUN  p  succeeded  TIME  SPAN  tester',
    '',
  ])
  expect((await it.opsflow('runs', '--limit', '1')).stdout).toContain('and 1 older: `opsflow runs --limit 2`\n')
  const json = JSON.parse((await it.opsflow('runs', '--json')).stdout)
  expect(json.runs.map(({ pipeline, outcome }: { pipeline: string; outcome: string }) => [pipeline, outcome])).toEqual([
    ['q', 'failed'],
    ['p', 'succeeded'],
  ])
})

test('logs prints the output of one step as it is, of a run with headings', async () => {
  const it = project(P)
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect(await it.opsflow('logs', run, 'build')).toEqual({ exit: 0, stdout: 'built\nwarned\n', stderr: '' })
  expect(await it.opsflow('logs', run)).toEqual({
    exit: 0,
    stdout: '── build ──\nbuilt\nwarned\n── bad ──\nbroke\n',
    stderr: '',
  })
  expect(await it.opsflow('logs', run, 'ask')).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: \`ask\` has printed nothing\n  hint: see \`opsflow show ${run}\`\n`,
  })
  expect(await it.opsflow('logs', run, 'biuld')).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'opsflow: there is no step `biuld`\n  hint: did you mean `build`? there is `build`, `bad`, `ask`\n',
  })
})

test('promise 23a: of more steps than are listed the list says that there are more', async () => {
  const step = (id: number) => `  s${id}: { run: echo ${id} }\n`
  const it = project({ 'p.yaml': `pipeline: p\nsteps:\n${Array.from({ length: 9 }, (_, i) => step(i)).join('')}` })
  await it.opsflow('run', 'p.yaml')
  const { stderr } = await it.opsflow('logs', await it.run(), 'nothing-like-it')
  expect(stderr).toMatch(/hint: there is (?:`s\d`, ){8}…\n$/)
})

test('logs has the output of checks, of gates and of repairs, each under its own name', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  push:
    failures: { stale: { exit: 9, recover: { run: "echo fetching; touch fetched" } } }
    retry: { attempts: 2, backoff: 10ms }
    run: echo pushing; test -f fetched || exit 9
    checks: [{ id: tidy, run: echo is tidy }]
gates:
  safe: { checks: [{ id: scan, run: echo scanned }] }
`,
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(0)
  const run = await it.run()
  expect((await it.opsflow('logs', run)).stdout).toBe(`── push ──
pushing
── push/recover:stale ──
fetching
── push (attempt 2) ──
pushing
── push/check:tidy (attempt 2) ──
is tidy
── gate:safe/check:scan ──
scanned
`)
  expect((await it.opsflow('logs', run, 'scan')).stdout).toBe('scanned\n')
  expect((await it.opsflow('logs', run, 'gate:safe/check:scan')).stdout).toBe('scanned\n')
})

test('logs -f prints what comes while the run goes on, and ends with it', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "echo first; until test -f go; do sleep 0.02; done; echo last" }\n',
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.until((state) => state.steps.get('a')?.status === 'running')
  const follower = it.start('logs', await it.run(), 'a', '--follow')
  it.write({ go: '' })
  expect(await follower.ended).toEqual({ exit: 0, stdout: 'first\nlast\n', stderr: '' })
  expect((await runner.ended).exit).toBe(0)
})

test('promise 1c: watch shows a run of another process from its beginning, and ends with its exit code', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "until test -f go; do sleep 0.02; done; exit 3" }\n',
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.until((state) => state.steps.get('a')?.status === 'running')
  const watcher = it.start('watch', await it.run())
  it.write({ go: '' })
  const ran = await runner.ended
  expect(await watcher.ended).toEqual({ exit: 1, stdout: ran.stdout, stderr: '' })
})

test('Ctrl-C ends the watching and not the run', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "until test -f go; do sleep 0.02; done" }\n' })
  const runner = it.spawn('run', 'p.yaml')
  await it.until((state) => state.steps.get('a')?.status === 'running')
  const watcher = it.spawn('watch', await it.run())
  await new Promise((resolve) => watcher.child.stdout!.once('data', resolve))
  watcher.kill('SIGINT')
  expect((await watcher.ended).exit).toBe(0)
  it.write({ go: '' })
  expect((await runner.ended).exit).toBe(0)
})

test('watch of a parked run says so and exits 4; --resume goes on with it', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go on?" } }\n' })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  const seen = await it.opsflow('watch', run)
  expect(seen.exit).toBe(4)
  expect(seen.stdout).toContain(`nobody runs ${run} now (parked); go on with: opsflow resume ${run}\n`)
  await it.opsflow('approve', run, 'ask')
  expect((await it.opsflow('watch', run, '--resume')).exit).toBe(0)
})

test('a note enters the record, at once or when the run goes on', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go on?" } }\n' })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect(await it.opsflow('note', run, 'asked the boss')).toEqual({
    exit: 0,
    stdout: `noted; it enters the record of ${run} when the run goes on\n`,
    stderr: '',
  })
  expect(await it.opsflow('note', run, ' ')).toEqual({ exit: 2, stdout: '', stderr: 'opsflow: the note is empty\n' })
  await it.opsflow('approve', run, 'ask', '--resume')
  expect((await it.opsflow('show', run)).stdout).toContain(': asked the boss')
  expect(await it.opsflow('note', run, 'too late')).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: run \`${run}\` has ended: its record is closed\n`,
  })
})

test('promises 1d, 16a: show of a killed run says what was cut off, not that it still runs', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "until test -f go; do sleep 0.02; done" }\n' })
  const runner = it.spawn('run', 'p.yaml')
  await it.until((state) => state.steps.get('a')?.status === 'running')
  runner.kill('SIGKILL')
  await it.until((_, liveness) => liveness === 'interrupted')
  const { stdout } = await it.opsflow('show', await it.run())
  expect(stdout).toContain('\n  ! a  interrupted: its runner died while it ran\n')
  expect(stdout).not.toContain('running')
})

test('show says who cancelled a run, and why', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go on?" } }\n' })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect((await it.opsflow('cancel', run, '--reason', 'wrong day')).exit).toBe(0)
  expect((await it.opsflow('show', run)).stdout).toContain('\n  cancelled by tester: wrong day\n')
})

test('what to do next is told to programs only where the run succeeded, and a skipped step says that its condition is false', async () => {
  const it = project({
    'p.yaml': `pipeline: p
next_steps: [Announce it]
inputs: { fail: { type: boolean } }
steps:
  a: { when: inputs.fail, run: "exit 1" }
`,
  })
  const failed = await it.opsflow('run', 'p.yaml', '--input', 'fail=true', '--json')
  expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: 'failed', nextSteps: [] })
  const passed = await it.opsflow('run', 'p.yaml', '--input', 'fail=false')
  expect(passed.stdout).toContain('○ a  skipped: its `when` does not hold\n')
  expect(passed.stdout).toContain('next: Announce it\n')
})

test('a pipeline named without the ending of its file is offered the file', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps: { a: { run: echo } }\n',
    'pipelines/q.yaml': 'pipeline: q\nsteps: { a: { run: echo } }\n',
  })
  for (const named of ['p', 'p.yml'])
    expect((await it.opsflow('run', named)).stderr).toContain('hint: did you mean the file `p.yaml`?')
})

test('a check that was cut off has a log of its own when it is made again, and the record knows both', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  build:
    run: echo built
    checks: [{ id: tidy, run: "echo looking; echo x >> looked; until test -f go; do sleep 0.02; done" }]
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('looked')
  runner.kill('SIGKILL')
  await runner.ended
  const run = await it.run()
  it.write({ go: '' })
  expect(await it.opsflow('resume', run)).toMatchObject({ exit: 0 })
  expect(it.lines('looked')).toEqual(['x', 'x'])
  expect((await it.opsflow('logs', run)).stdout).toBe(`── build ──
built
── build/check:tidy ──
looking
── build/check:tidy (made again, 2) ──
looking
`)
  expect((await it.opsflow('show', run)).stderr).toBe('')
})
