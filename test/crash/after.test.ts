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
