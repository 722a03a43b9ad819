import { expect, test } from 'vitest'
import { openStore } from '../../src/store/store.ts'
import { project } from '../support/project.ts'

const BLOCKED = {
  'p.yaml': `pipeline: p
steps:
  a: { run: "echo $OPSFLOW_ATTEMPT >> began; until test -f go; do sleep 0.02; done" }
finally:
  clean: { run: "echo clean >> done" }
`,
}

test('promises 12c, 16b: cancel of a run whose runner was killed starts no step again, but its `finally`', async () => {
  const it = project(BLOCKED)
  const runner = it.spawn('run', 'p.yaml')
  await it.file('began')
  runner.kill('SIGKILL')
  await runner.ended
  const run = await it.run()
  expect((await it.opsflow('cancel', run)).exit).toBe(0)
  expect(it.state(run)).toMatchObject({ phase: 'ended', outcome: 'cancelled' })
  expect(it.lines('began')).toEqual(['1'])
  expect(it.lines('done')).toEqual(['clean'])
})

test('a run that was killed before its first event says that nothing ran, and nothing can go on', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps:\n  a: { run: "true" }\n' })
  await it.opsflow('run', 'p.yaml')
  const store = openStore(it.stateDir)
  const reader = store.reader(await it.run())
  const plan = reader.plan()
  reader.close()
  const { run } = store.create(plan)
  store.close()
  for (const command of ['show', 'resume', 'retry', 'cancel', 'logs', 'watch']) {
    const answer = await it.opsflow(command, run)
    expect(answer).toMatchObject({ exit: 1, stdout: '' })
    expect(answer.stderr).toContain(`run \`${run}\` was made`)
  }
  expect((await it.opsflow('runs')).exit).toBe(0)
})

test('promise 16d: a decision that a stopped runner did not take before it was killed counts when the run goes on', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  ask: { approval: { prompt: "Go on?" } }
  a: { needs: [ask], run: echo a >> done }
  busy: { run: "echo busy >> began; until test -f go; do sleep 0.02; done" }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.until(({ steps }) => steps.get('ask')?.status === 'waiting')
  await it.file('began')
  const run = await it.run()
  runner.kill('SIGSTOP')
  expect((await it.opsflow('approve', run, 'ask')).exit).toBe(0)
  runner.kill('SIGKILL')
  await runner.ended
  expect(it.state(run).steps.get('ask')?.status).toBe('waiting')
  it.write({ go: '' })
  expect(await it.opsflow('resume', run)).toMatchObject({ exit: 0, stderr: '' })
  expect(it.lines('done')).toEqual(['a'])
  expect(it.state(run).steps.get('ask')?.wait?.decision?.by?.name).toBe('tester')
})

test('promise 17a: a step that was cut off and may not run twice does not, where a person says that it failed', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  pay: { effects: external, run: "echo pay >> began; until test -f go; do sleep 0.02; done; echo pay >> done" }
  ship: { needs: [pay], run: echo ship >> done }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('began')
  runner.kill('SIGKILL')
  await runner.ended
  const run = await it.run()
  expect((await it.opsflow('resume', run)).exit).toBe(4)
  it.write({ go: '' })
  expect((await it.opsflow('reject', run, 'pay', '--comment', 'it had arrived', '--resume')).exit).toBe(1)
  expect([it.lines('began'), it.lines('done')]).toEqual([['pay'], []])
  expect(it.state(run).steps.get('pay')).toMatchObject({
    status: 'interrupted',
    message: 'tester rejected it: it had arrived',
  })
})
