import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { journalFile } from '../../src/supervisor/journal.ts'
import { folderId } from '../../src/supervisor/mark.ts'
import { leftProcesses } from '../../src/supervisor/reap.ts'
import { bootId, startTicks } from '../../src/util/machine.ts'
import { stateOf } from '../support/evidence.ts'
import { type Bench, openBench, RUN } from '../support/supervised.ts'
import { BUSY_MS, soon } from '../support/waiting.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())
const has = (name: string): Promise<boolean> =>
  soon(
    () => existsSync(join(bench.folder, name)),
    (there) => there,
    name,
  )

describe('a step that is stopped', () => {
  test('promise 13a: is woken to hear TERM, and cleans up within its grace', async () => {
    const script = "trap 'echo cleaned > cleaned; exit 0' TERM; kill -STOP $$; sleep 600"
    const outcome = await bench.run('step#1', script, { timeoutMs: 500, graceMs: 60_000 })
    expect(outcome).toMatchObject({ status: 'timed-out' })
    expect(readFileSync(join(bench.folder, 'cleaned'), 'utf8')).toBe('cleaned\n')
  })
})

describe('a step that stops its supervisor', () => {
  test('is ended at its timeout all the same', async () => {
    const outcome = await bench.run('step#1', 'kill -STOP $PPID; sleep 600', { timeoutMs: 500, graceMs: 100 })
    expect(outcome).toMatchObject({ status: 'timed-out' })
  })

  test('is cancelled all the same, and the next one runs', async () => {
    const outcome = bench.run('step#1', 'kill -STOP $PPID; touch stopped; sleep 600')
    await has('stopped')
    bench.executor.abort('step#1', false)
    expect(await outcome).toMatchObject({ status: 'cancelled' })
    expect(await bench.run('step#2', 'true')).toMatchObject({ status: 'succeeded' })
  })
})

describe('a step that floods its log', () => {
  test('promise 13b: is ended at its timeout all the same, while all that it prints is searched for secrets', async () => {
    const from = { resolve: async () => ({ ok: true as const, value: 'a-value-to-look-for' }) }
    const own = openBench({ secrets: { names: ['ANY'], from }, run: `${RUN}-secret` })
    const script = "trap '' TERM; while :; do head -c 1000000 /dev/zero | tr '\\0' x; done"
    const outcome = await own.run('flood#1', script, { timeoutMs: 500, graceMs: 100 })
    expect(outcome).toMatchObject({ status: 'timed-out' })
    expect(outcome.durationMs).toBeLessThan(600 * 1.1 + 100 + BUSY_MS)
    await own.close()
  })

  test('fills no disk while it ignores TERM: what is beyond the limit is cut off at once', async () => {
    const small = openBench({ logLimitBytes: 10_000, run: `${RUN}-small` })
    const script = "trap '' TERM; head -c 1000000 /dev/zero; touch wrote; sleep 600"
    const outcome = small.run('flood#1', script, { graceMs: 600_000 })
    await soon(
      () => existsSync(join(small.folder, 'wrote')) && statSync(join(small.runDir, 'logs', 'flood.1.log')).size,
      (size) => size !== false && size <= 10_000,
      'the cut',
    )
    small.executor.abort('flood#1', true)
    expect(await outcome).toMatchObject({ status: 'failed', reason: 'log-limit' })
    expect(small.log('flood#1')).toMatch(/\0opsflow: the log reached its limit, the rest was cut off\n$/)
    await small.close()
  })
})

describe.runIf(process.platform === 'linux')('what a dead run left behind', () => {
  test('is no group of which only a zombie is left, as where nobody reads the dead', async () => {
    const script = "setsid sh -c 'until [ -e go ]; do sleep 0.02; done' & echo $!; exec sleep 600"
    const parent = spawn('sh', ['-c', script], { cwd: bench.folder, stdio: ['ignore', 'pipe', 'ignore'] })
    const [text] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(text.toString())
    await soon(
      () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8'),
      (name) => name === 'sleep\n',
      'a parent that reads none of its dead',
    )
    writeFileSync(join(bench.folder, 'go'), '')
    await soon(
      () => stateOf(pid),
      (state) => state === 'Z',
      'the zombie',
    )
    const runDir = join(bench.folder, 'dead')
    mkdirSync(runDir)
    const folder = folderId(runDir)
    const child = { pid, token: 'step#1', boot: bootId(), folder, start: startTicks(pid), at: Date.now() }
    writeFileSync(journalFile(runDir), `${JSON.stringify(child)}\n`)
    expect(leftProcesses(runDir, 'a-dead-run')).toEqual([])
    parent.kill('SIGKILL')
  })
})
