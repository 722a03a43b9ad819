import { expect, test } from 'vitest'
import { project, type TestProject } from '../support/project.ts'
import { gone } from '../support/waiting.ts'

const SLOW = `pipeline: p
grace: 300ms
steps:
  a: { run: "trap 'echo term >> trapped; exit 1' TERM; echo $$ >> pids; sleep 60 & echo $! >> pids; wait" }
  b: { needs: [a], run: "echo b >> done" }
finally:
  clean: { run: "echo clean >> done" }
`

async function allGone(it: TestProject): Promise<void> {
  for (const pid of it.lines('pids')) await gone(Number(pid))
}

test.for(['SIGINT', 'SIGTERM'] as const)(
  'promise 22a: %s ends the steps by TERM, runs `finally`, and exits 130',
  async (signal) => {
    const it = project({ 'p.yaml': SLOW })
    const runner = it.spawn('run', 'p.yaml')
    await it.file('pids', 2)
    runner.kill(signal)
    const ended = await runner.ended
    expect(ended).toMatchObject({ exit: 130, stderr: '' })
    expect(ended.stdout).toContain('cancelled')
    expect(it.lines('trapped')).toEqual(['term'])
    expect(it.lines('done')).toEqual(['clean'])
    await allGone(it)
    const { steps, outcome } = it.state()
    expect(outcome).toBe('cancelled')
    expect([steps.get('a')?.status, steps.get('b')?.status, steps.get('clean')?.status]).toEqual([
      'cancelled',
      'cancelled',
      'succeeded',
    ])
  },
)

test('promise 22b: the second Ctrl-C kills at once; `finally` is recorded as not run, and resume offers it', async () => {
  const it = project({
    'p.yaml': SLOW.replace("trap 'echo term >> trapped; exit 1' TERM", "trap 'echo term >> trapped' TERM")
      .replace('wait"', 'wait || true; sleep 60"')
      .replace('300ms', '30s'),
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('pids', 2)
  runner.kill('SIGINT')
  await it.file('trapped')
  runner.kill('SIGINT')
  expect((await runner.ended).exit).toBe(130)
  await allGone(it)
  const run = await it.run()
  expect(it.lines('done')).toEqual([])
  expect(it.state(run)).toMatchObject({ phase: 'ended', outcome: 'cancelled' })
  const shown = await it.opsflow('show', run)
  expect(shown.stdout).toContain('`finally` did not run')
  expect(shown.stdout).toContain(`opsflow resume ${run}`)
  expect((await it.opsflow('resume', run)).exit).toBe(130)
  expect(it.lines('done')).toEqual(['clean'])
  const again = await it.opsflow('resume', run)
  expect(again.exit).toBe(1)
  expect(again.stderr).toContain('has ended: cancelled')
})

test('promises 22a, 22b: `opsflow cancel` from a second process does what Ctrl-C does, `--kill` what the second one does', async () => {
  const it = project({ 'p.yaml': SLOW })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('pids', 2)
  const run = await it.run()
  const asked = await it.opsflow('cancel', run, '--reason', 'wrong branch')
  expect(asked).toMatchObject({ exit: 0, stderr: '' })
  expect((await runner.ended).exit).toBe(130)
  expect(it.lines('done')).toEqual(['clean'])
  expect(it.state(run).cancel).toMatchObject({ reason: 'wrong branch', by: { name: 'tester' }, hard: false })
  const late = await it.opsflow('cancel', run)
  expect(late.exit).toBe(1)
  expect(late.stderr).toContain('has ended already: cancelled')

  const second = it.spawn('run', 'p.yaml')
  await it.file('pids', 4)
  const next = (await it.runs()).at(-1)!
  expect((await it.opsflow('cancel', next, '--kill')).exit).toBe(0)
  expect((await second.ended).exit).toBe(130)
  expect(it.lines('done')).toEqual(['clean'])
  await allGone(it)
})

const MOMENTS = {
  'in backoff': ['steps:\n  a: { retry: { attempts: 2, backoff: 30s, jitter: 0% }, run: exit 1 }\n', 'backoff'],
  'at a timer': ['steps:\n  a: { wait: 50s }\n', 'timer'],
  'in a queue for a lock': ['steps:\n  a: { mutex: shared, run: "true" }\n', 'lock'],
} as const

test.for(Object.entries(MOMENTS))(
  'promise 22a: a run that waits %s is cancelled at once',
  async ([, [steps, kind]]) => {
    const it = project({
      'p.yaml': `pipeline: p\n${steps}finally:\n  clean: { run: "echo clean >> done" }\n`,
      'holder.yaml':
        'pipeline: holder\nsteps:\n  hold: { mutex: shared, run: "until test -f free; do sleep 0.02; done" }\n',
    })
    const holder = it.start('run', 'holder.yaml')
    await it.until((state) => state.steps.get('hold')?.status === 'running')
    const started = it.start('run', 'p.yaml')
    const run = (await it.runs(2)).at(-1)!
    await it.until((state) => state.steps.get('a')?.waitingFor?.kind === kind, run)
    started.signal('SIGINT')
    expect((await started.ended).exit).toBe(130)
    expect(it.lines('done')).toEqual(['clean'])
    it.write({ free: '' })
    expect((await holder.ended).exit).toBe(0)
  },
)

test('promise 22a: a parked run is cancelled by the command itself, with its `finally`', async () => {
  const it = project({
    'p.yaml':
      'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go?" } }\nfinally:\n  clean: { run: "echo clean >> done" }\n',
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('cancel', run)).exit).toBe(0)
  expect(it.state(run).outcome).toBe('cancelled')
  expect(it.lines('done')).toEqual(['clean'])
})
