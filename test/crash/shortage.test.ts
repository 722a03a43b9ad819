import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { project, type TestProject } from '../support/project.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { soon } from '../support/waiting.ts'
import { A_STACK, expectClear } from './damageable.ts'

// Each plays whole runs, some of them often.
vi.setConfig({ testTimeout: 120_000 })

const ENTRY = join(import.meta.dirname, '..', 'support', 'opsflow-process.ts')

/** Steps print nothing: what is written below the state is written by opsflow. */
const P = `pipeline: p
steps:
  a: { run: echo a >> done }
  b: { needs: [a], run: "echo b >> began; until test -f go; do sleep 0.02; done; echo b >> done" }
  c: { needs: [b], run: "echo c >> began; echo c >> done" }
`

describe.runIf(process.platform === 'linux')('on a disk', () => {
  test('promise 18c: that is full the run starts nothing, says so once, can be looked at, and goes on when there is space', {
    timeout: 120_000,
  }, async () => {
    // A file system may have room for some commits after it has none for a new file.
    const many = Array.from(
      { length: 40 },
      (_, i) => `  s${i}: { needs: [${i === 0 ? 'b' : `s${i - 1}`}], run: echo s${i} >> began }`,
    )
    const it = project({ 'p.yaml': `${P}${many.join('\n')}\n` })
    const disk = mountSmallDisk(it.stateDir)
    const runner = it.spawn('run', 'p.yaml')
    await it.file('began')
    const run = await it.run()
    disk.fill()
    it.write({ go: '' })
    await soon(
      () => runner.out.stderr,
      (text) => text.includes('nothing is started until it can be written'),
      'word of the full disk',
    )
    expect(runner.out.stderr).toMatch(/^opsflow: no space left to write `.*ledger\.db`; nothing is started/)
    for (const words of [['show', run], ['runs'], ['logs', run, '--help']]) {
      const looked = await it.opsflow(...words)
      expect(looked, words.join(' ')).toMatchObject({ exit: 0, stderr: '' })
    }
    expectClear(await it.opsflow('note', run, 'hello'), 'note')
    expectClear(await it.opsflow('run', 'p.yaml'), 'run')
    expect(await it.runs()).toEqual([run])
    const recorded = it.events(run).flatMap((event) => (event.type === 'attempt-started' ? [event.path] : []))
    expect(it.lines('began').filter((step) => !recorded.includes(step))).toEqual([])
    expect(recorded.length).toBeLessThan(many.length)
    disk.empty()
    const ended = await runner.ended
    expect(ended.exit).toBe(0)
    expect(ended.stderr.match(/no space left to write `[^`]*ledger/g)).toHaveLength(1)
    expect(it.lines('began')).toHaveLength(2 + many.length)
  })

  test('promise 18c: that is full a killed run says why it cannot be resumed, and is finished when there is space', {
    timeout: 120_000,
  }, async () => {
    const it = project({ 'p.yaml': P })
    const disk = mountSmallDisk(it.stateDir)
    const runner = it.spawn('run', 'p.yaml')
    await it.file('began')
    const run = await it.run()
    runner.kill('SIGKILL')
    await it.until((_, liveness) => liveness === 'interrupted', run)
    disk.fill()
    const shown = await it.opsflow('show', run)
    expect(shown).toMatchObject({ exit: 0, stderr: '' })
    expect(shown.stdout.split('\n')[0]).toContain(' interrupted ')
    expectClear(await it.opsflow('resume', run), 'resume')
    expect(it.lines('began')).toEqual(['b'])
    disk.empty()
    it.write({ go: '' })
    expect(await it.opsflow('resume', run)).toMatchObject({ exit: 0, stderr: '' })
    expect(it.lines('done')).toEqual(['a', 'b', 'c'])
  })

  test('promise 23a: that became read-only every run can be looked at, and what would change one says why it cannot', async () => {
    const it = project({
      'p.yaml': 'pipeline: p\nsteps:\n  a: { run: echo hello }\n  ask: { needs: [a], approval: { prompt: "Go?" } }\n',
    })
    const disk = mountSmallDisk(it.stateDir)
    expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
    const run = await it.run()
    await disk.setReadOnly()
    for (const words of [['show', run], ['show', run, '--json'], ['runs'], ['logs', run, 'a']]) {
      const looked = await it.opsflow(...words)
      expect(looked, words.join(' ')).toMatchObject({ exit: 0, stderr: '' })
    }
    for (const words of [
      ['run', 'p.yaml'],
      ['resume', run],
      ['approve', run, 'ask'],
      ['cancel', run],
      ['note', run, 'x'],
    ]) {
      const refused = await it.opsflow(...words)
      expectClear(refused, words.join(' '))
      expect(refused.stderr, words.join(' ')).toMatch(/read-only/)
    }
  })
})

/** Runs a command whose process, and all that it starts, may open only so many files. */
async function withFiles(
  it: TestProject,
  limit: number,
  ...words: readonly string[]
): Promise<{ readonly exit: number | null; readonly stderr: string; readonly stdout: string }> {
  const child = spawn(
    '/bin/sh',
    ['-c', 'ulimit -n "$0" && exec "$@"', String(limit), process.execPath, ENTRY, ...words],
    {
      cwd: it.folder,
      env: { ...it.env, OPSFLOW_BUILD_VERSION: '0.0.0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const out = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    out.stderr += text
  })
  return await new Promise((resolve) => child.on('close', (exit) => resolve({ exit, ...out })))
}

test('a run that may open few files ends well, or says so without a stack', async () => {
  const it = project({ 'p.yaml': P.replace('until test -f go; do sleep 0.02; done; ', '') })
  // The fewest with which the command gets as far as reading a pipeline: below, Node itself cannot load it.
  const few = [20, 24, 28, 32, 36, 40, 48]
  let least: number | undefined
  for (const limit of few) {
    least = limit
    if ((await withFiles(it, limit, 'plan', 'p.yaml')).exit === 0) break
  }
  const exits: (number | null)[] = []
  for (let limit = least!; limit <= least! + 12; limit += 4) {
    const ran = await withFiles(it, limit, 'run', 'p.yaml')
    exits.push(ran.exit)
    expect([0, 1], `${limit} files: ${ran.stderr}`).toContain(ran.exit)
    expect(ran.stderr, `${limit} files`).not.toMatch(A_STACK)
    if (ran.exit !== 0) expect(`${ran.stderr}${ran.stdout}`, `${limit} files`).toMatch(/too many (open )?files/)
  }
  expect(exits.at(-1)).toBe(0)
  for (const { run } of JSON.parse((await it.opsflow('runs', '--json')).stdout).runs) {
    const shown = await it.opsflow('show', run)
    expect(shown.stderr).not.toMatch(A_STACK)
  }
})

const EATERS = {
  'is killed by the system': ['kill -9 $$', /^ended by SIGKILL \(often: out of memory\)$/],
  'may not have more memory': [
    // What it cannot have it is told, and ends by itself, as most programs do.
    'ulimit -v 60000; exec awk \'BEGIN { s = "x"; for (;;) s = s s }\'',
    /^(exit code \d+|ended by SIG(ABRT|SEGV|KILL).*)$/,
  ],
} as const

test.for(Object.entries(EATERS))(
  'a step that %s fails, with what is known of it, and nothing else does',
  async ([, [script, says]]) => {
    const it = project({
      'p.yaml': `pipeline: p
steps:
  eats: { run: ${JSON.stringify(script)} }
  beside: { run: "until test -f go; do sleep 0.02; done; echo beside >> done" }
  after: { needs: { eats: failed }, run: echo after >> done }
`,
    })
    const runner = it.spawn('run', 'p.yaml')
    await it.until(({ steps }) => steps.get('after')?.status === 'succeeded')
    it.write({ go: '' })
    expect(await runner.ended).toMatchObject({ exit: 1, stderr: '' })
    expect(it.state().steps.get('eats')).toMatchObject({ status: 'failed', message: expect.stringMatching(says) })
    expect(it.lines('done')).toEqual(['after', 'beside'])
  },
)
