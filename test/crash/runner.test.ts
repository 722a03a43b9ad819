import { expect, test } from 'vitest'
import type { RunState } from '../../src/events/state.ts'
import { project, type TestProject } from '../support/project.ts'
import { gone } from '../support/waiting.ts'

/**
 * `kill -9` of the runner at every kind of moment. Steps write what they did into files of the project: `began` and
 * `done` by id, `pids` by process. A blocked step waits for the file `go`.
 */
const STEP = (id: string, body = 'true') => `"echo ${id} >> began; echo $$ >> pids; ${body}; echo ${id} >> done"`
const BLOCKED = 'until test -f go; do sleep 0.02; done'

interface Moment {
  readonly name: string
  readonly pipeline: string
  /** Resolves when the run is at that moment. */
  readonly reached: (it: TestProject) => Promise<unknown>
  /** Steps that must have ended before the kill. */
  readonly ended: readonly string[]
  /** What stands in `done` at the end, in any order. */
  readonly done: readonly string[]
}

const waits = (path: string) => (state: RunState) => state.steps.get(path)?.status === 'waiting'

const MOMENTS: readonly Moment[] = [
  {
    name: 'before the first step',
    pipeline: `mutex: shared
steps:
  a: { run: ${STEP('a')} }
`,
    reached: (it) => it.until((state) => state.waitingFor?.kind === 'lock'),
    ended: [],
    done: ['a'],
  },
  {
    name: 'in a step',
    pipeline: `steps:
  a: { run: ${STEP('a')} }
  b: { needs: [a], run: ${STEP('b', BLOCKED)} }
`,
    reached: (it) => it.file('began', 2),
    ended: ['a'],
    done: ['a', 'b'],
  },
  {
    name: 'between two steps',
    pipeline: `steps:
  a: { run: ${STEP('a')} }
  pause: { needs: [a], wait: 1s }
  b: { needs: [pause], run: ${STEP('b')} }
`,
    reached: (it) => it.until(waits('pause')),
    ended: ['a'],
    done: ['a', 'b'],
  },
  {
    name: 'in backoff',
    pipeline: `steps:
  a: { run: ${STEP('a')} }
  b: { needs: [a], retry: { attempts: 2, backoff: 1s, jitter: 0% }, run: ${STEP('b', 'test $OPSFLOW_ATTEMPT = 2')} }
`,
    reached: (it) => it.until((state) => state.steps.get('b')?.waitingFor?.kind === 'backoff'),
    ended: ['a'],
    done: ['a', 'b'],
  },
  {
    name: 'at an approval',
    pipeline: `steps:
  a: { run: ${STEP('a')} }
  ask: { needs: [a], approval: { prompt: "Go on?" } }
  b: { needs: [ask], run: ${STEP('b')} }
  busy: { run: ${STEP('busy', BLOCKED)} }
`,
    reached: async (it) => {
      await it.until(waits('ask'))
      await it.file('began', 2)
    },
    ended: ['a'],
    done: ['a', 'b', 'busy'],
  },
  {
    name: 'in finally',
    pipeline: `steps:
  a: { run: ${STEP('a')} }
finally:
  clean: { run: ${STEP('clean', BLOCKED)} }
`,
    reached: (it) => it.file('began', 2),
    ended: ['a'],
    done: ['a', 'clean'],
  },
]

test.for(MOMENTS)(
  'promises 13d, 16a: kill -9 of the runner $name: show tells the truth at once, resume finishes, nothing runs twice',
  async (moment) => {
    const it = project({
      'p.yaml': `pipeline: p\n${moment.pipeline}`,
      'holder.yaml':
        'pipeline: holder\nmutex: shared\nsteps:\n  hold: { run: "touch held; until test -f free; do sleep 0.02; done" }\n',
    })
    const isLocked = moment.pipeline.startsWith('mutex')
    const holder = isLocked ? it.start('run', 'holder.yaml') : undefined
    if (holder) await it.until((state) => state.steps.get('hold')?.status === 'running')
    const runner = it.spawn('run', 'p.yaml')
    await it.runs(holder ? 2 : 1)
    await moment.reached(it)
    const run = await it.run()

    runner.kill('SIGKILL')
    expect((await runner.ended).signal).toBe('SIGKILL')
    const shown = await it.opsflow('show', run)
    expect(shown.exit).toBe(0)
    expect(shown.stdout.split('\n')[0]).toMatch(/ (ending|interrupted) /)
    await it.until((_, liveness) => liveness === 'interrupted', run)
    expect((await it.opsflow('show', run)).stdout).toContain(`go on: opsflow resume ${run}`)
    for (const pid of it.lines('pids')) await gone(Number(pid))
    for (const path of moment.ended) expect(it.state(run).steps.get(path)?.status).toBe('succeeded')

    it.write({ go: '', free: '' })
    await holder?.ended
    if (moment.name === 'at an approval')
      expect(await it.opsflow('approve', run, 'ask')).toMatchObject({ exit: 0, stderr: '' })
    const resumed = await it.opsflow('resume', run)
    expect(resumed).toMatchObject({ exit: 0, stderr: '' })
    expect(it.state(run).outcome).toBe('succeeded')
    expect([...it.lines('done')].sort()).toEqual([...moment.done].sort())
    for (const path of moment.ended) expect(it.lines('began').filter((id) => id === path)).toEqual([path])
  },
)
