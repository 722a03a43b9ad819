import { describe, expect, test, vi } from 'vitest'
import type { RunState } from '../../src/events/state.ts'
import { project, type TestProject } from '../support/project.ts'
import { hasTerminal, openTerminal } from '../support/terminal.ts'
import { gone } from '../support/waiting.ts'

// Each plays whole runs, some of them often.
vi.setConfig({ testTimeout: 120_000 })

/**
 * What a signal to the runner does wherever the run is. Steps write into `began` and `done` by name and into `pids` by
 * process; one that is `stop` waits for the file `go`, and ends at TERM.
 */
const RUN = (name: string, stop = false) =>
  `run: "echo ${name} >> began; echo $$ >> pids; ${stop ? 'until test -e go; do sleep 0.02; done; ' : ''}echo ${name} >> done"`

const CLEAN = `finally:\n  clean: { ${RUN('clean')} }\n`
/** It may have been started by the first of two signals, and is never done before the second. */
const SLOW_CLEAN = `finally:\n  clean: { ${RUN('clean', true)} }\n`

interface Moment {
  readonly pipeline: string
  readonly files?: { readonly [path: string]: string }
  readonly reached: (it: TestProject) => Promise<unknown>
  /** What is done where nothing disturbs it, after an approval where one is asked for. */
  readonly done: readonly string[]
  readonly asks?: true
  /** Going on would wait for what the clock says. */
  readonly waits?: true
}

const until = (holds: (state: RunState) => boolean) => (it: TestProject) => it.until(holds)

const MOMENTS: { readonly [name: string]: Moment } = {
  'in a step': {
    pipeline: `steps:\n  a: { ${RUN('a', true)} }\n  b: { needs: [a], ${RUN('b')} }\n${CLEAN}`,
    reached: (it) => it.file('pids'),
    done: ['a', 'b', 'clean'],
  },
  'at an approval': {
    pipeline: `steps:
  ask: { approval: { prompt: "Go on?" } }
  a: { needs: [ask], ${RUN('a')} }
  busy: { ${RUN('busy', true)} }
${CLEAN}`,
    reached: async (it) => {
      await it.until(({ steps }) => steps.get('ask')?.status === 'waiting')
      await it.file('pids')
    },
    done: ['a', 'busy', 'clean'],
    asks: true,
  },
  'in a backoff': {
    pipeline: `steps:
  a: { retry: { attempts: 2, backoff: 20s, jitter: 0% }, run: "test -e go; echo a >> done" }
${CLEAN}`,
    reached: until(({ steps }) => steps.get('a')?.waitingFor?.kind === 'backoff'),
    done: ['a', 'clean'],
    waits: true,
  },
  'in a foreach': {
    pipeline: `steps:
  each: { foreach: { items: [a, b], key: "\${{ item }}", max_parallel: 1 }, ${RUN('each', true)} }
${CLEAN}`,
    reached: (it) => it.file('pids'),
    done: ['clean', 'each', 'each'],
  },
  'in a sub-pipeline': {
    files: {
      'opsflow.config.yaml': 'people: {}\n',
      'pipelines/sub.yaml': `pipeline: sub\ngrace: 300ms\nsteps:\n  a: { ${RUN('a', true)} }\n  b: { needs: [a], ${RUN('b')} }\n`,
    },
    pipeline: `steps:\n  call: { pipeline: sub }\n  c: { needs: [call], ${RUN('c')} }\n${CLEAN}`,
    reached: (it) => it.file('pids'),
    done: ['a', 'b', 'c', 'clean'],
  },
}

function projectAt(moment: Moment): TestProject {
  return project({ ...moment.files, 'p.yaml': `pipeline: p\ngrace: 300ms\n${moment.pipeline}` })
}

async function noneLeft(it: TestProject): Promise<void> {
  for (const pid of it.lines('pids')) await gone(Number(pid))
}

const rows = Object.entries(MOMENTS)

test.for(rows)(
  'promise 22a: Ctrl-C %s ends what runs, runs `finally` and nothing else, and exits 130',
  async ([, moment]) => {
    const it = projectAt(moment)
    const started = it.start('run', 'p.yaml')
    await moment.reached(it)
    started.signal('SIGINT')
    expect(await started.ended).toMatchObject({ exit: 130, stderr: '' })
    expect(it.lines('done')).toEqual(['clean'])
    await noneLeft(it)
    expect(it.state().outcome).toBe('cancelled')
    it.write({ go: '' })
    expect((await it.opsflow('resume', await it.run())).exit).toBe(1)
    expect(it.lines('done')).toEqual(['clean'])
  },
)

test.for(rows)(
  'promise 22b: Ctrl-C twice %s kills what runs, leaves `finally` to resume, and exits 130',
  async ([, moment]) => {
    const it = projectAt({ ...moment, pipeline: moment.pipeline.replace(CLEAN, SLOW_CLEAN) })
    const started = it.start('run', 'p.yaml')
    await moment.reached(it)
    started.signal('SIGINT')
    started.signal('SIGINT')
    expect(await started.ended).toMatchObject({ exit: 130, stderr: '' })
    await noneLeft(it)
    expect(it.lines('done')).toEqual([])
    it.write({ go: '' })
    expect((await it.opsflow('resume', await it.run())).exit).toBe(130)
    expect(it.lines('done')).toEqual(['clean'])
  },
)

test.for(rows)(
  'promise 22c: SIGHUP %s lets what runs end, starts nothing more and parks; resume does the rest once',
  async ([, moment]) => {
    const it = projectAt(moment)
    const started = it.start('run', 'p.yaml')
    await moment.reached(it)
    const before = it.lines('began')
    started.signal('SIGHUP')
    it.write({ go: '' })
    expect(await started.ended).toMatchObject({ exit: 4, stderr: '' })
    expect(it.lines('began')).toEqual(before)
    const run = await it.run()
    expect(it.state(run).phase).toBe('parked')
    if (moment.asks) expect((await it.opsflow('approve', run, 'ask')).exit).toBe(0)
    if (moment.waits) {
      expect(it.state(run).steps.get('a')?.waitingFor?.kind).toBe('backoff')
      return
    }
    expect((await it.opsflow('resume', run)).exit).toBe(0)
    expect([...it.lines('done')].sort()).toEqual(moment.done)
    await noneLeft(it)
  },
)

describe.runIf(hasTerminal)('a terminal', () => {
  test('promise 22c: that is closed at a question parks the run; the question is open, and is answered elsewhere', async () => {
    const it = project({
      'p.yaml': `pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go on?" } }\n  a: { needs: [ask], ${RUN('a')} }\n`,
    })
    const terminal = openTerminal(it, 'run', 'p.yaml')
    await terminal.shows(/● later/)
    const run = await it.run()
    terminal.close()
    await it.until(({ phase }, liveness) => phase === 'parked' && liveness === 'free', run)
    expect(it.lines('began')).toEqual([])
    expect((await it.opsflow('approve', run, 'ask', '--resume')).exit).toBe(0)
    expect(it.lines('done')).toEqual(['a'])
  })
})
