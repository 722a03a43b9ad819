import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

test('promise 5d: the timeout of a pipeline ends what runs as timed-out, the rest as cancelled, and `finally` still runs', async () => {
  const it = project({
    'p.yaml': `pipeline: p
timeout: 500ms
grace: 100ms
steps:
  slow: { run: exec sleep 30 }
  after: { needs: [slow], run: touch after }
finally:
  clean: { run: touch clean }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran).toMatchObject({ exit: 1, stderr: '' })
  const { steps, outcome } = it.state()
  expect([outcome, steps.get('slow')?.status, steps.get('after')?.status]).toEqual(['failed', 'timed-out', 'cancelled'])
  expect([it.has('after'), it.has('clean')]).toEqual([false, true])
  expect(ran.stdout).toContain('the run reached its timeout')
})

test('a step past its `due` is said to be late and goes on', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  slow: { due: 200ms, run: "until test -f go; do sleep 0.02; done" }\n',
  })
  const started = it.start('run', 'p.yaml')
  await it.until((state) => state.steps.get('slow')?.late === true)
  expect((await it.opsflow('show', await it.run())).stdout).toContain('late')
  it.write({ go: '' })
  const ran = await started.ended
  expect(ran.exit).toBe(0)
  expect(ran.stdout).toContain('slow is late: its `due` has passed')
})

test('promise 5c: an approval that nobody gives in time is rejected or escalated, as `on_timeout` says', async () => {
  const pipeline = (then: string) => ({
    'p.yaml': `pipeline: p
steps:
  ask: { approval: { prompt: "Go?" }, timeout: 300ms, on_timeout: ${then} }
  busy: { run: "until test -f go; do sleep 0.02; done" }
`,
  })
  for (const [then, status, outcome] of [
    ['reject', 'failed', 'failed'],
    ['escalate', 'timed-out', 'escalated'],
  ] as const) {
    const it = project(pipeline(then))
    const started = it.start('run', 'p.yaml')
    await it.until((state) => state.steps.get('ask')?.endedAt !== undefined)
    it.write({ go: '' })
    expect((await started.ended).exit).toBe(1)
    expect([it.state().steps.get('ask')?.status, it.state().outcome]).toEqual([status, outcome])
  }
})

test('promise 29d: outputs larger than allowed fail the step by name', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  big: { outputs: { text: { type: string } }, run: "printf 'text=' >> \\"$OPSFLOW_OUTPUT\\"; head -c 1200000 /dev/zero | tr '\\\\0' x >> \\"$OPSFLOW_OUTPUT\\"" }
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.exit).toBe(1)
  expect(it.state().steps.get('big')).toMatchObject({ status: 'failed', reason: 'outputs' })
  expect(it.state().steps.get('big')?.message).toContain('1 MiB')
})
