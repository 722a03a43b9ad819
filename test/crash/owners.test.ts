import { expect, test } from 'vitest'
import { project } from '../support/project.ts'
import { gone } from '../support/waiting.ts'

const BLOCKED = {
  'p.yaml': `pipeline: p
steps:
  a: { run: "echo $$ >> pids; until test -f go; do sleep 0.02; done; echo a >> done" }
`,
}

test('promise 15e: a second runner of one run is refused, by the name of the first', async () => {
  const it = project(BLOCKED)
  const runner = it.spawn('run', 'p.yaml')
  await it.file('pids')
  const run = await it.run()
  const second = await it.spawn('resume', run).ended
  expect(second.exit).toBe(1)
  expect(second.stderr).toContain(`pid ${runner.pid}`)
  expect(second.stderr).toContain(`opsflow watch ${run}`)
  it.write({ go: '' })
  expect((await runner.ended).exit).toBe(0)
  expect(it.lines('done')).toEqual(['a'])
})

test('promises 1d, 15c: a stopped runner is alive: show says live, nobody else may go on', async () => {
  const it = project(BLOCKED)
  const runner = it.spawn('run', 'p.yaml')
  await it.file('pids')
  const run = await it.run()
  runner.kill('SIGSTOP')
  try {
    expect((await it.opsflow('show', run)).stdout.split('\n')[0]).toContain(' live ')
    expect((await it.opsflow('resume', run)).exit).toBe(1)
  } finally {
    runner.kill('SIGCONT')
  }
  it.write({ go: '' })
  expect((await runner.ended).exit).toBe(0)
  expect(it.state(run).outcome).toBe('succeeded')
})

test('promise 15c: --take-over ends the owner and what it started, and finishes the run', async () => {
  const it = project(BLOCKED)
  const runner = it.spawn('run', 'p.yaml')
  const [pid] = await it.file('pids')
  const run = await it.run()
  const taker = it.start('resume', run, '--take-over')
  await it.file('pids', 2)
  await gone(Number(pid))
  await gone(runner.pid)
  it.write({ go: '' })
  expect(await taker.ended).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('done')).toEqual(['a'])
})

test('promise 15c: --take-over also ends an owner that is stopped', async () => {
  const it = project(BLOCKED)
  const runner = it.spawn('run', 'p.yaml')
  await it.file('pids')
  const run = await it.run()
  runner.kill('SIGSTOP')
  it.write({ go: '' })
  expect(await it.opsflow('resume', run, '--take-over')).toMatchObject({ exit: 0 })
  await gone(runner.pid)
  expect(it.state(run).outcome).toBe('succeeded')
})

test('promise 20d: an approval from a second terminal is seen by the live run within 200 ms', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  ask: { approval: { prompt: "Go on?" } }
  busy: { run: "until test -f go; do sleep 0.02; done" }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.until((state) => state.steps.get('ask')?.status === 'waiting')
  const run = await it.run()
  const second = await it.spawn('approve', run, 'ask').ended
  expect(second).toMatchObject({ exit: 0, stderr: '' })
  expect(second.stdout).not.toContain('resume')
  const state = await it.until(({ steps }) => steps.get('ask')?.status === 'succeeded', run)
  const decided = it.events(run).find(({ type }) => type === 'wait-decided')!
  // The promise, and room for a machine that is busy with other tests.
  expect(decided.at - state.steps.get('ask')!.wait!.decision!.at).toBeLessThan(200 + 300)
  it.write({ go: '' })
  expect((await runner.ended).exit).toBe(0)
})

test('promise 22c: SIGHUP parks: what runs ends first, nothing more is started, exit 4', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  a: { run: "echo $$ >> pids; until test -f go; do sleep 0.02; done; echo a >> done" }
  b: { needs: [a], run: "echo b >> done" }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('pids')
  runner.kill('SIGHUP')
  it.write({ go: '' })
  expect((await runner.ended).exit).toBe(4)
  const run = await it.run()
  expect(it.state(run).phase).toBe('parked')
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.lines('done')).toEqual(['a', 'b'])
})
