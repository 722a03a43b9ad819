import { describe, expect, test } from 'vitest'
import { living, MARK, witnesses } from '../support/evidence.ts'
import { project } from '../support/project.ts'
import { BUSY, BUSY_MS } from '../support/waiting.ts'

/**
 * What went wrong with kills, timeouts and stops in other workflow runners, as measured or as their users reported it.
 * Beside these: a live run that is declared dead (liveness.test.ts), finished work that is done again after a death
 * (supervisor.test.ts, runner.test.ts), a lock that a dead run keeps (supervisor/locks-of-the-dead.test.ts), a run that
 * is cancelled while it waits (cancel.test.ts).
 */
describe.runIf(process.platform === 'linux')('not here:', BUSY, () => {
  test('promises 13d, 16a: a run killed in a step leaves an orphan, is reported as running and cannot be gone on with (Dagu 1.30)', async () => {
    const it = project({
      'mark.sh': MARK,
      'p.yaml': `pipeline: p
grace: 300ms
steps:
  work: { effects: none, run: ". ./mark.sh; mark $$; sleep 600 & mark $!; until test -f go; do sleep 0.02; done" }
  next: { needs: [work], run: "echo next >> done" }
finally:
  clean: { run: "echo clean >> done" }
`,
    })
    const runner = it.spawn('run', 'p.yaml')
    await it.file('evidence', 2)
    const run = await it.run()
    runner.kill('SIGKILL')
    await runner.ended
    expect((await it.opsflow('show', run)).stdout.split('\n')[0]).toMatch(/ (ending|interrupted) /)
    await it.until((_, liveness) => liveness === 'interrupted', run)
    expect(living(witnesses(it.folder))).toEqual([])
    expect(it.lines('done')).toEqual([])
    it.write({ go: '' })
    expect((await it.opsflow('resume', run)).exit).toBe(0)
    expect(it.lines('done')).toEqual(['next', 'clean'])
  })

  test.for([
    ['has a child in the background', 'sleep 15 & sleep 15'],
    ['has a child that holds its output', 'sleep 15 & exec >/dev/null; sleep 15'],
    ['ignores TERM', "trap '' TERM; sleep 15; sleep 15"],
  ] as const)(
    'promise 13b: a timeout of a second takes fifteen, for a step that %s (Dagu 1.30)',
    async ([, script]) => {
      const it = project({
        'p.yaml': `pipeline: p
grace: 200ms
steps:
  work: { timeout: 1s, outputs: { value: { type: string } }, run: ${JSON.stringify(script)} }
`,
      })
      expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
      const ended = it.events().find(({ type }) => type === 'attempt-ended')
      expect(ended).toMatchObject({ outcome: { status: 'timed-out' } })
      const { durationMs } = (ended as { readonly outcome: { readonly durationMs: number } }).outcome
      expect(durationMs).toBeLessThan(1200 * 1.1 + 100 + BUSY_MS)
    },
  )

  test('promises 17b, 22: a job that was killed is run again, and goes on writing to production (Kestra)', async () => {
    const it = project({
      'mark.sh': MARK,
      'p.yaml': `pipeline: p
steps:
  work: { effects: external, interrupted: fail, run: ". ./mark.sh; mark $$; while :; do echo x >> production; sleep 0.02; done" }
`,
    })
    const killed = it.spawn('run', 'p.yaml')
    await it.file('production', 3)
    const first = await it.run()
    expect((await it.opsflow('cancel', first, '--kill')).exit).toBe(0)
    expect((await killed.ended).exit).toBe(130)
    expect(living(witnesses(it.folder))).toEqual([])

    const crashed = it.spawn('run', 'p.yaml')
    await it.file('evidence', 2)
    const second = (await it.runs(2)).at(-1)!
    crashed.kill('SIGKILL')
    await crashed.ended
    await it.until((_, liveness) => liveness === 'interrupted', second)
    const written = it.lines('production').length
    for (const run of [first, second]) expect((await it.opsflow('resume', run)).exit).not.toBe(0)
    expect(it.state(second).steps.get('work')).toMatchObject({ status: 'interrupted' })
    expect(it.lines('production')).toHaveLength(written)
    expect(witnesses(it.folder)).toHaveLength(2)
  })

  test('promises 22, 24: a run cancelled between two attempts hangs, keeps its lock, and tries again later (Kestra)', async () => {
    const it = project({
      'p.yaml': `pipeline: p
mutex: shared
steps:
  work: { retry: { attempts: 3, backoff: 2s, jitter: 0% }, run: "echo tried >> tries; exit 1" }
`,
      'q.yaml': 'pipeline: q\nmutex: shared\nsteps:\n  a: { run: "sleep 2.5; echo q >> tries" }\n',
    })
    const runner = it.spawn('run', 'p.yaml')
    await it.until((state) => state.steps.get('work')?.waitingFor?.kind === 'backoff')
    const run = await it.run()
    expect((await it.opsflow('cancel', run)).exit).toBe(0)
    expect((await runner.ended).exit).toBe(130)
    expect(it.state(run)).toMatchObject({ phase: 'ended', outcome: 'cancelled' })
    // Longer than the backoff: what would try again has had the time to.
    expect((await it.opsflow('run', 'q.yaml')).exit).toBe(0)
    expect(it.lines('tries')).toEqual(['tried', 'q'])
  })

  test('promise 23: to stop a run does nothing, and says nothing of it (Argo)', async () => {
    const it = project({
      'p.yaml':
        'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go?" } }\n  go: { needs: [ask], run: "echo go >> done" }\n',
    })
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
    const run = await it.run()
    const stopped = await it.opsflow('cancel', run)
    expect(stopped.exit).toBe(0)
    expect(it.state(run)).toMatchObject({ phase: 'ended', outcome: 'cancelled' })
    expect((await it.opsflow('resume', run)).exit).toBe(1)
    expect(await it.opsflow('cancel', run)).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('has ended already'),
    })
    expect(it.has('done')).toBe(false)
  })
})
