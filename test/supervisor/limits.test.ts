import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, isAlive, openBench, RUN } from '../support/supervised.ts'
import { BUSY_MS } from '../support/waiting.ts'

let bench: Bench
beforeAll(() => {
  bench = openBench({ env: { ...process.env, PRIVATE_TOKEN: 'not-for-steps', CHOSEN: 'let through' } })
  writeFileSync(join(bench.folder, 'plain.txt'), 'text')
})
afterAll(() => bench.close())

const pidsIn = (name: string): readonly number[] =>
  readFileSync(join(bench.folder, name), 'utf8').trim().split('\n').map(Number)

describe('a timeout', () => {
  test('promise 13a: gives a step that handles TERM the time to clean up', async () => {
    const script = "trap 'echo cleaned >> evidence; exit 0' TERM; sleep 600 & wait"
    const outcome = await bench.run('polite#1', script, { timeoutMs: 300, graceMs: 5000 })
    expect(outcome).toMatchObject({ status: 'timed-out', message: 'timed out after 300ms' })
    expect(outcome.durationMs).toBeLessThan(300 + BUSY_MS)
    expect(readFileSync(join(bench.folder, 'evidence'), 'utf8')).toBe('cleaned\n')
  })

  test('promise 13a: kills a step that ignores TERM, with everything in its group', async () => {
    const script = "trap '' TERM; sleep 600 & echo $! > stubborn; echo $$ >> stubborn; while :; do sleep 600; done"
    const outcome = await bench.run('stubborn#1', script, { timeoutMs: 300, graceMs: 100 })
    expect(outcome.status).toBe('timed-out')
    expect(pidsIn('stubborn').filter(isAlive)).toEqual([])
  })

  test('promise 13b: waits for no pipe that a grandchild holds', async () => {
    const script = 'setsid sleep 600 & echo $! > holder; sleep 600'
    const outputs = { value: { type: 'string' } } as const
    const outcome = await bench.run('held#1', script, { timeoutMs: 1000, graceMs: 500, outputs })
    expect(outcome.status).toBe('timed-out')
    expect(outcome.durationMs).toBeLessThan(1500 * 1.1 + 100 + BUSY_MS)
  })

  test.runIf(process.platform === 'linux')('ends what left the group, where it can be seen', async () => {
    await bench.run('escape#1', 'setsid sh -c "echo \\$\\$ > escaped; exec sleep 600" & sleep 600', { timeoutMs: 400 })
    expect(pidsIn('escaped').filter(isAlive)).toEqual([])
  })

  test('of zero grace kills at once', async () => {
    const outcome = await bench.run('hard#1', "trap '' TERM; while :; do sleep 600; done", {
      timeoutMs: 1000,
      graceMs: 0,
    })
    expect(outcome.durationMs).toBeLessThan(1000 * 1.1 + 100 + BUSY_MS)
  })
})

describe('a normal end', () => {
  test('promise 13c: sweeps what the step left running in its group', async () => {
    const outcome = await bench.run('left#1', 'sleep 600 & echo $! > left')
    expect(outcome.status).toBe('succeeded')
    expect(pidsIn('left').filter(isAlive)).toEqual([])
  })

  test('loses nothing that was printed, also through the pipe of declared outputs', async () => {
    const script = 'i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; sleep 600 &'
    await bench.run('lines#1', script, { outputs: { value: { type: 'string' } } })
    expect(bench.log('lines#1').split('\n')).toHaveLength(20_001)
  })
})

describe('stall detection', () => {
  test('ends a step that prints nothing, after a nudge', async () => {
    mkdirSync(join(bench.folder, 'still'))
    const outcome = await bench.run('silent#1', 'echo started; sleep 600', {
      cwd: 'still',
      stall: { idleMs: 300, nudge: 1 },
    })
    expect(outcome).toMatchObject({
      status: 'stalled',
      message: 'no progress for 300ms: nothing printed, no file written',
    })
    expect(outcome.durationMs).toBeGreaterThan(600)
    expect(bench.log('silent#1')).toMatch(/^started\nopsflow: no progress for a while/)
  })

  test('leaves a step alone that prints nothing but writes files', async () => {
    mkdirSync(join(bench.folder, 'work', 'deep'), { recursive: true })
    const script = 'for i in 1 2 3 4 5 6 7 8; do echo $i > deep/file; sleep 0.1; done'
    const outcome = await bench.run('writes#1', script, { cwd: 'work', stall: { idleMs: 400, nudge: 0 } })
    expect(outcome).toMatchObject({ status: 'succeeded' })
  })

  test('leaves a step alone that goes on printing', async () => {
    const script = 'for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done'
    expect(await bench.run('talks#1', script, { stall: { idleMs: 500, nudge: 0 } })).toMatchObject({
      status: 'succeeded',
    })
  })
})

describe('the log', () => {
  test('takes 100 MB without a copy in any memory of ours', async () => {
    const before = process.memoryUsage.rss()
    await bench.run('flood#1', 'yes 0123456789012345678901234567890123456789 | head -c 100000000')
    expect(statSync(join(bench.runDir, 'logs', 'flood.1.log')).size).toBe(100_000_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 1024 * 1024)
  })

  test('is cut at its limit, and the step ended', async () => {
    const small = openBench({ logLimitBytes: 10_000 })
    const outcome = await small.run('flood#1', 'yes')
    expect(outcome).toMatchObject({ status: 'failed', reason: 'log-limit' })
    expect(small.log('flood#1')).toHaveLength(
      10_000 + 'opsflow: the log reached its limit, the rest was cut off\n'.length,
    )
    await small.close()
  })

  test('of each attempt is a file of its own, in the folder of its step', async () => {
    await bench.run('outer/inner#1', 'echo one')
    await bench.run('outer/inner#2', 'echo two')
    expect(bench.log('outer/inner#1')).toBe('one\n')
    expect(bench.log('outer/inner#2')).toBe('two\n')
  })

  test('promise 29c: has a name for every token, and none that leaves the folder', async () => {
    expect(await bench.run('../../evil#1', 'true')).toMatchObject({ status: 'failed', reason: 'spawn' })
    expect(existsSync(join(bench.folder, '.opsflow', 'evil.1.log'))).toBe(false)
  })
})

describe('the environment of a step', () => {
  test('is what the allow-list names, what the step asks for, and what opsflow tells', async () => {
    const env = { OWN: 'own value', OPSFLOW_RUN: 'a lie' }
    await bench.run('env/deep#1', 'env', { path: 'env/deep', env, inherit: ['CHOSEN', 'ABSENT'] })
    const seen = bench.log('env/deep#1')
    expect(seen).not.toContain('not-for-steps')
    expect(seen).toContain('CHOSEN=let through\n')
    expect(seen).not.toContain('ABSENT')
    expect(seen).toContain('OWN=own value\n')
    expect(seen).toContain(`OPSFLOW_RUN=${RUN}\n`)
    expect(seen).toContain('OPSFLOW_STEP=env/deep\n')
    expect(seen).toContain('OPSFLOW_ATTEMPT=1\n')
    expect(seen).toContain(`OPSFLOW_IDEMPOTENCY_KEY=${RUN}/env/deep\n`)
    expect(seen).toContain(`OPSFLOW_ROOT=${bench.folder}\n`)
  })

  test('promise 17b: holds an idempotency key that is equal for all attempts', async () => {
    await bench.run('key#1', 'echo $OPSFLOW_IDEMPOTENCY_KEY')
    await bench.run('key#2', 'echo $OPSFLOW_IDEMPOTENCY_KEY')
    expect(bench.log('key#2')).toBe(bench.log('key#1'))
  })

  test('has an empty stdin, and the project root as its folder unless told otherwise', async () => {
    mkdirSync(join(bench.folder, 'below'))
    symlinkSync('below', join(bench.folder, 'link'))
    await bench.run('stdin#1', 'cat; pwd -P')
    expect(
      bench
        .log('stdin#1')
        .trim()
        .endsWith(bench.folder.split('/').at(-1) ?? ''),
    ).toBe(true)
    await bench.run('below#1', 'pwd -P', { cwd: 'link' })
    expect(bench.log('below#1').trim().endsWith('/below')).toBe(true)
  })
})

describe('a step that cannot be started', () => {
  test('because of its interpreter fails with that reason, not as a file that is missing', async () => {
    writeFileSync(join(bench.folder, 'odd.sh'), '#!/no/such/interpreter\n', { mode: 0o755 })
    const outcome = await bench.run('odd#1', { kind: 'shell', argv: ['./odd.sh'] })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'spawn' })
    expect(outcome.message).toBe('the interpreter that the first line of `./odd.sh` names was not found')
  })

  const cases = [
    ['a folder that is not there', 'true', { cwd: 'nowhere' }, /^`cwd` is no folder: `.*nowhere`$/],
    [
      'a command that is not there',
      { kind: 'shell', argv: ['no-such-command'] },
      {},
      /^`no-such-command` was not found/,
    ],
    [
      'an environment that is too large',
      'true',
      { env: { BIG: 'x'.repeat(3_000_000) } },
      /larger than the system allows/,
    ],
  ] as const
  for (const [what, body, more, message] of cases) {
    test(`fails with a reason: ${what}`, async () => {
      const outcome = await bench.run(`unstartable_${cases.findIndex(([name]) => name === what)}#1`, body, more)
      expect(outcome).toMatchObject({ status: 'failed', reason: 'spawn' })
      expect(outcome.message).toMatch(message)
    })
  }
})

describe.runIf(process.platform === 'linux')('the cost of a step', () => {
  const childrenOf = (pid: number): readonly number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

  test('promise 29a: is no process of the runner: the supervisor is its only child', async () => {
    const own = openBench()
    const before = childrenOf(process.pid)
    const running = own.run('seen#1', 'while [ ! -e go ]; do sleep 0.02; done')
    await own.run('beside#1', 'true')
    // None that was not there: the supervisor of an earlier test may have ended meanwhile.
    expect(childrenOf(process.pid).filter((pid) => !before.includes(pid))).toEqual([])
    await own.run('go#1', 'touch go')
    expect(await running).toMatchObject({ status: 'succeeded' })
    await own.close()
  })

  test('is no memory of the supervisor either, also when it redacts 100 MB', async () => {
    const from = { resolve: async () => ({ ok: true as const, value: 'a-value-to-look-for' }) }
    const before = childrenOf(process.pid)
    const own = openBench({ secrets: { names: ['ANY'], from } })
    const [supervisor = 0] = childrenOf(process.pid).filter((pid) => !before.includes(pid))
    const peakKb = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${supervisor}/status`, 'utf8'))?.[1])
    await own.run('warm#1', 'yes 0123456789012345678901234567890123456789 | head -c 5000000')
    const warm = peakKb()
    await own.run('flood#1', 'yes 0123456789012345678901234567890123456789 | head -c 100000000')
    expect(peakKb() - warm).toBeLessThan(50 * 1024)
    expect(statSync(join(own.runDir, 'logs', 'flood.1.log')).size).toBe(100_000_000)
    await own.close()
  })

  test('is no open file that leaks into it', async () => {
    await bench.run('files#1', 'ls -l /proc/self/fd')
    expect(bench.log('files#1')).not.toMatch(/socket:|\.lock|children\.jsonl|ledger/)
  })
})
