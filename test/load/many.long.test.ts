import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { project } from '../support/project.ts'

/** Sizes at which peers slow down or fall over: each must end, with a record that says so and nothing left behind. */
const LONG_MS = 240_000

function steps(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `  s${i}: ${line(i)}\n`).join('')
}

describe('a run of 10,000 steps', () => {
  test('ends, has a log of each, and is shown', { timeout: LONG_MS }, async () => {
    const it = project({ 'p.yaml': `pipeline: p\nsteps:\n${steps(10_000, () => '{ run: "echo $OPSFLOW_STEP" }')}` })
    const ended = await it.spawn('run', 'p.yaml').ended
    expect(ended).toMatchObject({ exit: 0, stderr: '' })
    const run = await it.run()
    const { steps: done } = it.state(run)
    expect(done.size).toBe(10_000)
    expect([...done.values()].every(({ status, attempts }) => status === 'succeeded' && attempts === 1)).toBe(true)
    expect(readdirSync(join(it.stateDir, 'runs', run, 'logs'))).toHaveLength(10_000)
    expect((await it.opsflow('logs', run, 's7777')).stdout).toContain('s7777\n')
    expect((await it.opsflow('show', run)).stdout).toContain('10000 succeeded')
  })

  test('that is killed in the middle is finished by resume, each step once', { timeout: LONG_MS }, async () => {
    const text = `pipeline: p\ndefaults: { interrupted: rerun }\nsteps:\n${steps(2000, (i) => `{ run: "echo ${i} >> done" }`)}`
    const it = project({ 'p.yaml': text })
    const runner = it.spawn('run', 'p.yaml')
    await it.file('done', 100)
    runner.kill('SIGKILL')
    await runner.ended
    const resumed = await it.spawn('resume', await it.run()).ended
    expect(resumed).toMatchObject({ exit: 0 })
    const lines = it.lines('done').map(Number)
    expect(new Set(lines).size).toBe(2000)
    // Eight ran at the moment of the kill; nothing else may have run twice.
    expect(lines.length - 2000).toBeLessThanOrEqual(8)
  })
})

test('promise 24c: 50 runs at once in one repository all end, and those that share a mutex take turns', {
  timeout: LONG_MS,
}, async () => {
  const it = project({
    'free.yaml': 'pipeline: free\nsteps:\n  a: { run: "echo a >> free" }\n  b: { needs: [a], run: "echo b >> free" }\n',
    'turns.yaml':
      'pipeline: turns\nmutex: deploy\nsteps:\n  a: { run: "mkdir busy && echo turn >> turns && rmdir busy" }\n',
  })
  const running = Array.from({ length: 50 }, (_, i) => it.spawn('run', i % 5 === 0 ? 'turns.yaml' : 'free.yaml').ended)
  const ended = await Promise.all(running)
  expect(ended.map(({ exit }) => exit)).toEqual(ended.map(() => 0))
  expect(it.lines('free')).toHaveLength(80)
  expect(it.lines('turns')).toHaveLength(10)
  const list = JSON.parse((await it.opsflow('runs', '--limit', '99', '--json')).stdout) as {
    runs: readonly { outcome: string }[]
  }
  expect(list.runs.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 50 }, () => 'succeeded'))
})

test('promise 29d: an output of 10 MB is refused by its size, through every door, and the run says so', {
  timeout: LONG_MS,
}, async () => {
  const outputs = 'outputs: { x: { type: string } }'
  const it = project({
    'p.yaml': `pipeline: p
steps:
  file: { run: "printf 'x=' > $OPSFLOW_OUTPUT; head -c 10000000 /dev/zero | tr '\\\\0' a >> $OPSFLOW_OUTPUT", ${outputs} }
  stdout: { run: "printf 'x='; head -c 10000000 /dev/zero | tr '\\\\0' a", ${outputs} }
`,
  })
  const ended = await it.opsflow('run', 'p.yaml')
  expect(ended.exit).toBe(1)
  for (const name of ['file', 'stdout']) {
    const step = it.state().steps.get(name)
    expect(step?.status).toBe('failed')
    expect(step?.last?.message).toMatch(/1 MB|1 MiB|larger/)
  }
})
