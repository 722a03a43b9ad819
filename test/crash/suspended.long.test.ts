import { expect, test } from 'vitest'
import { runFolder } from '../../src/store/folders.ts'
import { living, MARK, witnesses } from '../support/evidence.ts'
import { project } from '../support/project.ts'
import { supervisorOf } from '../support/trees.ts'

const REPETITIONS = Number(process.env.REPETITIONS ?? 50)

const FILES = {
  'mark.sh': MARK,
  'p.yaml': `pipeline: p
grace: 100ms
steps:
  work: { effects: none, run: ". ./mark.sh; mark $$; sleep 600 & mark $!; until test -f go; do sleep 0.02; done" }
`,
}
const isLinux = process.platform === 'linux'

test.runIf(isLinux)(
  'promises 15c, 23: a cancel that a stopped owner does not hear is no silent no-op, and counts when it is woken',
  async () => {
    const it = project(FILES)
    const runner = it.spawn('run', 'p.yaml')
    await it.file('evidence', 2)
    const run = await it.run()
    runner.kill('SIGSTOP')
    const asked = await it.opsflow('cancel', run)
    expect(asked.exit).toBe(1)
    expect(asked.stderr).toContain('did not take the request')
    expect(asked.stderr).toContain(`opsflow resume ${run} --take-over`)
    expect(living(witnesses(it.folder))).toHaveLength(2)
    runner.kill('SIGCONT')
    expect((await runner.ended).exit).toBe(130)
    expect(living(witnesses(it.folder))).toEqual([])
    expect(it.state(run).outcome).toBe('cancelled')
  },
)

test.runIf(isLinux)(
  `promises 15a, 15c: ${REPETITIONS} times, a stopped owner reads live and a killed one reads dead at the first look`,
  async () => {
    const wrong: string[] = []
    const it = project(FILES)
    for (let time = 1; time <= REPETITIONS; time++) {
      const runner = it.spawn('run', 'p.yaml')
      await it.file('evidence', 2 * time)
      const run = (await it.runs(time)).at(-1)!
      const pids = [runner.pid, supervisorOf(runner.pid, runFolder(it.stateDir, run).path)]
      const look = async (wanted: RegExp): Promise<void> => {
        const line = (await it.opsflow('show', run)).stdout.split('\n')[0] ?? ''
        if (!wanted.test(line)) wrong.push(`${time}: ${line}`)
      }
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      await look(/ live /)
      runner.kill('SIGKILL')
      await runner.ended
      // The supervisor is stopped: as long as it lives the run is not over.
      await look(/ ending /)
      process.kill(pids[1]!, 'SIGCONT')
      await it.until((_, liveness) => liveness === 'interrupted', run)
      const left = living(witnesses(it.folder)).length
      if (left > 0) wrong.push(`${time}: ${left} processes left`)
    }
    console.log(`liveness: ${REPETITIONS} repetitions, ${wrong.length} flakes`)
    expect(wrong).toEqual([])
  },
)
