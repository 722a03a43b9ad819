import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../src/events/outcome.ts'
import type { Dispatch } from '../../src/ports/executor.ts'
import { listLogs } from '../../src/store/lost-tail.ts'
import { readJournal } from '../../src/supervisor/journal.ts'
import { isKernelLockHeld } from '../../src/util/kernel-lock.ts'
import { statFields } from '../../src/util/machine.ts'
import { NODE } from '../support/node.ts'
import { type Bench, dispatchOf, isAlive, openBench, RUN } from '../support/supervised.ts'
import { PATIENCE_MS } from '../support/waiting.ts'

const RUNNER = fileURLToPath(new URL('../support/runner-process.ts', import.meta.url))
const PATIENCE = { timeout: PATIENCE_MS, interval: 20 }
const SCRIPT = 'cat; echo ran >> ran'

describe('a shell that is started ahead', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = openBench()
    // Whatever secrets there are must be known first: the first step of a run is never started ahead.
    await bench.run('first#1', 'true')
  })
  afterEach(async () => {
    await bench.executor.close()
    // Where it writes what it dies of.
    expect(readFileSync(join(bench.runDir, 'supervisor.log'), 'utf8')).toBe('')
    await bench.close()
  })

  const prepare = (token: string, script: string, more?: Partial<Dispatch>): void =>
    bench.executor.prepare?.(token, dispatchOf(token, script, more))
  /** The process that was started ahead. */
  const waiting = (token: string): Promise<number> =>
    vi.waitFor(() => {
      const child = readJournal(bench.runDir).find((entry) => entry.token === token)
      expect(child).toBeDefined()
      return child!.pid
    }, PATIENCE)
  const ran = (): string | undefined => {
    const file = join(bench.folder, 'ran')
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  }
  const logs = (): readonly string[] => listLogs(join(bench.runDir, 'logs'))
  /** Long enough for a shell to come to its script, were it not kept from it. */
  const passTime = (): Promise<Outcome> => bench.run('other#1', 'sleep 0.2')

  test('does nothing before it is launched, then runs once, with nothing on its standard input', async () => {
    prepare('step#1', `${SCRIPT}\nnot-a-command`)
    await waiting('step#1')
    await passTime()
    expect(ran()).toBeUndefined()
    // A log is evidence that a step began: without one the record of a killed run is whole.
    expect(logs()).toEqual(['first.1.log', 'other.1.log'])
    expect(await bench.run('step#1', `${SCRIPT}\nnot-a-command`)).toMatchObject({ status: 'failed', exit: 127 })
    expect(ran()).toBe('ran\n')
    expect(bench.log('step#1')).toMatch(/sh: (line )?2: not-a-command:/)
  })

  test('hands over what it is asked for', async () => {
    const body = { kind: 'shell', script: 'echo \'{"n": 3}\'', shell: 'sh' } as const
    const outputs = { n: { type: 'integer' } } as const
    bench.executor.prepare?.('step#1', dispatchOf('step#1', body, { outputs }))
    await waiting('step#1')
    expect(await bench.run('step#1', body, { outputs })).toMatchObject({ status: 'succeeded', outputs: { n: 3 } })
  })

  test('is ended with the supervisor when it is never launched', async () => {
    prepare('step#1', SCRIPT)
    const pid = await waiting('step#1')
    await bench.executor.close()
    expect(isAlive(pid)).toBe(false)
    expect(ran()).toBeUndefined()
    expect(readdirSync(join(bench.runDir, 'logs')).sort()).toEqual(['first.1.log'])
  })

  test('has its time from its launch on', async () => {
    prepare('step#1', SCRIPT, { timeoutMs: 500, stall: { idleMs: 400, nudge: 0 } })
    await waiting('step#1')
    await bench.run('other#1', 'sleep 0.6')
    expect(await bench.run('step#1', SCRIPT, { timeoutMs: 500 })).toMatchObject({ status: 'succeeded' })
    prepare('slow#1', 'sleep 600', { timeoutMs: 150 })
    await waiting('slow#1')
    expect(await bench.run('slow#1', 'sleep 600', { timeoutMs: 150 })).toMatchObject({ status: 'timed-out' })
  })

  test('is cancelled as any other', async () => {
    prepare('step#1', 'sleep 600')
    await waiting('step#1')
    const outcome = bench.run('step#1', 'sleep 600')
    bench.executor.abort('step#1', false)
    expect(await outcome).toMatchObject({ status: 'cancelled' })
  })

  test('tells its end only after its launch, and what it left unread starts no other', async () => {
    // The shell ends before it has read a word.
    prepare('broken#1', 'if then')
    const waits = join(bench.runDir, 'logs', 'broken.1.log.ahead')
    await vi.waitFor(() => expect(readFileSync(waits, 'utf8')).toMatch(/syntax error/i), PATIENCE)
    expect(await bench.run('broken#1', 'if then')).toMatchObject({ status: 'failed', exit: 2 })
    prepare('step#1', SCRIPT)
    await passTime()
    expect(ran()).toBeUndefined()
    expect(await bench.run('step#1', SCRIPT)).toMatchObject({ status: 'succeeded' })
    expect(ran()).toBe('ran\n')
  })

  test('is not started by the launch of another', async () => {
    prepare('step#1', SCRIPT)
    await waiting('step#1')
    prepare('other#2', 'true')
    expect(await bench.run('other#2', 'true')).toMatchObject({ status: 'succeeded' })
    await passTime()
    expect(ran()).toBeUndefined()
    expect(await bench.run('step#1', SCRIPT)).toMatchObject({ status: 'succeeded' })
  })

  test('runs once where the supervisor dies before its launch', async () => {
    prepare('step#1', SCRIPT)
    const pid = await waiting('step#1')
    const supervisor = Number(statFields(pid)?.[1])
    process.kill(supervisor, 'SIGKILL')
    await vi.waitFor(() => expect(isAlive(supervisor)).toBe(false), PATIENCE)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE)
    expect(ran()).toBeUndefined()
    expect(await bench.run('step#1', SCRIPT)).toMatchObject({ status: 'succeeded' })
    expect(ran()).toBe('ran\n')
  })

  test('is not there for what the rules of its agent refuse', async () => {
    const permissions = { allow: [], deny: ['run(rm:*)'], ask: {} }
    prepare('step#1', 'rm ran', { permissions })
    await passTime()
    expect(readdirSync(join(bench.runDir, 'logs')).sort()).toEqual(['first.1.log', 'other.1.log'])
    expect(await bench.run('step#1', 'rm ran', { permissions })).toMatchObject({
      status: 'failed',
      reason: 'permission',
    })
    expect(existsSync(join(bench.runDir, 'logs', 'step.1.log'))).toBe(false)
  })
})

describe('a shell that is started ahead by a runner that is killed', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test.each(['alone', 'with its supervisor'])('ends by itself, %s', async (how) => {
    const runDir = join(folder, 'run')
    const runner = spawn(NODE, [RUNNER, folder, runDir, SCRIPT, RUN, 'ahead'], { stdio: 'ignore' })
    const pid = await vi.waitFor(() => {
      const child = readJournal(runDir).find(({ token }) => token === 'step#1')
      expect(child).toBeDefined()
      return child!.pid
    }, PATIENCE)
    const supervisor = Number(statFields(pid)?.[1])
    if (how !== 'alone') process.kill(supervisor, 'SIGKILL')
    runner.kill('SIGKILL')
    await vi.waitFor(() => expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(false), PATIENCE)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE)
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})
