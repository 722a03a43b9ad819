import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../src/events/outcome.ts'
import { journalFault, journalFile, readJournal } from '../../src/supervisor/journal.ts'
import { openLog } from '../../src/supervisor/log.ts'
import { folderId } from '../../src/supervisor/mark.ts'
import { leftProcesses, reap } from '../../src/supervisor/reap.ts'
import { isKernelLockHeld } from '../../src/util/kernel-lock.ts'
import { logName } from '../../src/util/log-name.ts'
import { NODE } from '../support/node.ts'
import { noted } from '../support/noted.ts'
import { type Bench, isAlive, openBench, RUN } from '../support/supervised.ts'
import { PATIENCE_MS } from '../support/waiting.ts'

const isLinux = process.platform === 'linux'
const RUNNER = fileURLToPath(new URL('../support/runner-process.ts', import.meta.url))
const PATIENCE = { timeout: PATIENCE_MS, interval: 20 }

/** A step that writes the pids of itself and of a background child as evidence, and ignores TERM. */
const STUBBORN = "trap '' TERM; sleep 600 & echo $! > child; echo $$ > leader; while :; do sleep 600; done"

describe('when the runner is killed', () => {
  let folder: string
  let runDir: string
  let runner: ChildProcess
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
    runDir = join(folder, 'run')
  })
  afterEach(async () => {
    runner.kill('SIGKILL')
    await vi.waitFor(() => expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(false), PATIENCE)
    await reap(runDir, RUN, 0)
    rmSync(folder, { recursive: true, force: true })
  })

  const pidIn = (name: string): Promise<number> =>
    vi.waitFor(() => {
      const pid = Number(readFileSync(join(folder, name), 'utf8'))
      expect(pid).toBeGreaterThan(1)
      return pid
    }, PATIENCE)

  const startRunner = async (script: string) => {
    runner = spawn(NODE, [RUNNER, folder, runDir, script, RUN], { stdio: 'ignore' })
    const leader = await pidIn('leader')
    const child = await pidIn('child')
    await noted(runDir)
    return { leader, child }
  }

  test('promise 13d: the supervisor ends all groups, then itself, and its lock is held until then', async () => {
    const { leader, child } = await startRunner(STUBBORN)
    runner.kill('SIGKILL')
    expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(true)
    await vi.waitFor(() => expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(false), PATIENCE)
    expect([leader, child].filter(isAlive)).toEqual([])
    expect(leftProcesses(runDir, RUN)).toEqual([])
  })

  test('promise 15c: the supervisor outlives a runner that is only stopped', async () => {
    const { leader } = await startRunner(STUBBORN)
    runner.kill('SIGSTOP')
    expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(true)
    expect(isAlive(leader)).toBe(true)
  })

  test('promise 13f: together with its supervisor, the next command finds and ends what they started', async () => {
    const { leader, child } = await startRunner(STUBBORN)
    const supervisor = supervisorOf(runner.pid ?? 0)
    process.kill(supervisor, 'SIGSTOP')
    runner.kill('SIGKILL')
    process.kill(supervisor, 'SIGKILL')
    await vi.waitFor(() => expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(false), PATIENCE)
    expect([leader, child].filter(isAlive)).toEqual([leader, child])
    expect(leftProcesses(runDir, RUN)).toEqual([{ pid: leader, token: 'step#1', group: true }])
    const reaped = await reap(runDir, RUN, 100)
    expect(reaped).toEqual([{ pid: leader, token: 'step#1', group: true }])
    expect([leader, child].filter(isAlive)).toEqual([])
    expect(leftProcesses(runDir, RUN)).toEqual([])
  })

  test.runIf(isLinux)('and what left its group is found by its environment', async () => {
    const { leader, child } = await startRunner(
      'setsid sh -c "echo \\$\\$ > child; exec sleep 600" & echo $$ > leader; sleep 600',
    )
    const supervisor = supervisorOf(runner.pid ?? 0)
    process.kill(supervisor, 'SIGSTOP')
    runner.kill('SIGKILL')
    process.kill(supervisor, 'SIGKILL')
    await vi.waitFor(() => expect(isKernelLockHeld(join(folder, 'supervisor.lock'))).toBe(false), PATIENCE)
    expect(leftProcesses(runDir, RUN)).toEqual([
      { pid: leader, token: 'step#1', group: true },
      { pid: child, token: undefined, group: false },
    ])
    await reap(runDir, RUN, 500)
    expect([leader, child].filter(isAlive)).toEqual([])
  })
})

/** The newest child of a runner: the process of one that was closed may still be ending. */
function supervisorOf(runner: number): number {
  return Number(readFileSync(`/proc/${runner}/task/${runner}/children`, 'utf8').trim().split(' ').at(-1))
}

describe('when the supervisor is killed', () => {
  let bench: Bench
  beforeEach(() => {
    bench = openBench()
  })
  afterEach(() => bench.close())

  test('promise 13e: the runner ends its groups, and what ran is interrupted', async () => {
    const outcome = bench.run('step#1', STUBBORN)
    const leader = await vi.waitFor(() => Number(readFileSync(join(bench.folder, 'leader'), 'utf8')), PATIENCE)
    const child = Number(readFileSync(join(bench.folder, 'child'), 'utf8'))
    process.kill(supervisorOf(process.pid), 'SIGKILL')
    expect(await outcome).toMatchObject({ status: 'interrupted', reason: 'supervisor' })
    expect([leader, child].filter(isAlive)).toEqual([])
  })

  test('by TERM, which is no cancel: it ends its groups first, and what ran is interrupted', async () => {
    const outcome = bench.run('step#1', STUBBORN)
    const leader = await vi.waitFor(() => Number(readFileSync(join(bench.folder, 'leader'), 'utf8')), PATIENCE)
    process.kill(supervisorOf(process.pid), 'SIGTERM')
    expect(await outcome).toMatchObject({ status: 'interrupted' })
    expect(isAlive(leader)).toBe(false)
  })

  test('the next step gets a new supervisor', async () => {
    await bench.run('first#1', 'true')
    process.kill(supervisorOf(process.pid), 'SIGKILL')
    // Whether this one still reached the dead one or already the new one is chance.
    expect(['succeeded', 'interrupted']).toContain((await bench.run('second#1', 'true')).status)
    expect(await bench.run('third#1', 'true')).toMatchObject({ status: 'succeeded' })
  })
})

describe('what is launched while the runner ends what a dead supervisor left', () => {
  let bench: Bench
  let dead: { readonly leader: number; readonly outcome: Promise<Outcome> }
  beforeEach(async () => {
    bench = openBench()
    // It hears TERM, and stays: by that the runner is seen to be at it.
    const outcome = bench.run(
      'a#1',
      'trap "echo > heard" TERM; echo $$ > leader; until test -e over; do sleep 0.05 || :; done',
    )
    const leader = await vi.waitFor(() => {
      const pid = Number(readFileSync(join(bench.folder, 'leader'), 'utf8'))
      expect(pid).toBeGreaterThan(1)
      return pid
    }, PATIENCE)
    process.kill(supervisorOf(process.pid), 'SIGKILL')
    await vi.waitFor(() => expect(existsSync(join(bench.folder, 'heard'))).toBe(true), PATIENCE)
    dead = { leader, outcome }
  })
  afterEach(() => bench.close())

  test('begins when that is done, and is not taken for it', async () => {
    const outcome = bench.run('b#1', 'until test -f go; do sleep 0.02; done')
    const unwanted = bench.run('c#1', 'true')
    bench.executor.abort('c#1', false)
    expect(await unwanted).toMatchObject({ status: 'cancelled' })
    expect(isAlive(dead.leader)).toBe(true)
    writeFileSync(join(bench.folder, 'over'), '')
    expect(await dead.outcome).toMatchObject({ status: 'interrupted' })
    writeFileSync(join(bench.folder, 'go'), '')
    expect(await outcome).toMatchObject({ status: 'succeeded' })
    expect(existsSync(join(bench.runDir, 'logs', logName('c#1')))).toBe(false)
  })

  test('is cancelled when the supervisor is closed, which takes until that is done', async () => {
    const outcome = bench.run('b#1', 'true')
    const closed = bench.executor.close()
    expect(isAlive(dead.leader)).toBe(true)
    writeFileSync(join(bench.folder, 'over'), '')
    await closed
    expect(isAlive(dead.leader)).toBe(false)
    expect(await outcome).toMatchObject({ status: 'cancelled' })
    expect(await dead.outcome).toMatchObject({ status: 'interrupted' })
  })
})

describe('a supervisor that is closed', () => {
  let bench: Bench
  beforeEach(() => {
    bench = openBench()
  })
  afterEach(() => rmSync(bench.folder, { recursive: true, force: true }))
  const isHeld = (): boolean => isKernelLockHeld(join(bench.folder, 'supervisor.lock'))

  test('has freed its lock when that is done, however long its process takes to end', async () => {
    await bench.run('step#1', 'true')
    expect(isHeld()).toBe(true)
    await bench.executor.close()
    expect(isHeld()).toBe(false)
  })

  test('holds its lock until all that it started is dead', async () => {
    const outcome = bench.run('step#1', STUBBORN)
    const leader = await vi.waitFor(() => Number(readFileSync(join(bench.folder, 'leader'), 'utf8')), PATIENCE)
    const child = Number(readFileSync(join(bench.folder, 'child'), 'utf8'))
    const closed = bench.executor.close()
    expect(isHeld()).toBe(true)
    expect(await outcome).toMatchObject({ status: 'cancelled' })
    await closed
    expect([leader, child].filter(isAlive)).toEqual([])
    expect(isHeld()).toBe(false)
    expect(readJournal(bench.runDir)).toEqual([])
  })
})

describe('the journal of children', () => {
  test('is empty once everything it names has ended', async () => {
    const bench = openBench()
    await Promise.all([bench.run('a#1', 'true'), bench.run('b#1', 'true')])
    expect(readJournal(bench.runDir)).toEqual([])
    await bench.close()
  })

  test('promise 13f: never leads to a process that only has the same pid', async () => {
    const bench = openBench()
    const innocent = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    const { bootId } = await import('../../src/util/machine.ts')
    const entry = { pid: innocent.pid, token: 'old#1', folder: folderId(bench.runDir), at: 0 }
    const lines = [
      { ...entry, boot: bootId(), start: 1 },
      { ...entry, boot: 'another-boot', start: undefined },
    ]
    for (const line of lines) {
      writeFileSync(journalFile(bench.runDir), `${JSON.stringify(line)}\n{"pid":1,"token":"torn`)
      expect(await reap(bench.runDir, 'no-such-run', 0)).toEqual([])
      expect(existsSync(journalFile(bench.runDir))).toBe(false)
    }
    expect(isAlive(innocent.pid ?? 0)).toBe(true)
    innocent.kill('SIGKILL')
    await bench.close()
  })
})

describe('what somebody put in the place of', () => {
  let runDir: string
  beforeEach(() => {
    runDir = mkdtempSync(join(tmpdir(), 'opsflow-test-'))
  })
  afterEach(() => rmSync(runDir, { recursive: true, force: true }))

  const replacements: { readonly [what: string]: (path: string) => void } = {
    'a pipe': (path) => execFileSync('mkfifo', [path]),
    'a link': (path) => {
      writeFileSync(`${path}.elsewhere`, `{"pid":${process.pid},"token":"other#1"}\n`)
      symlinkSync(`${path}.elsewhere`, path)
    },
    'a folder': (path) => mkdirSync(path),
  }
  for (const [what, put] of Object.entries(replacements))
    test(`the journal, ${what}, is told, and neither read nor waited for`, () => {
      expect(journalFault(runDir)).toBeUndefined()
      put(journalFile(runDir))
      expect(readJournal(runDir)).toEqual([])
      expect(journalFault(runDir)).toContain(`\`${journalFile(runDir)}\` cannot be read (E`)
    })

  test('the folder of logs is left: only files of the run itself are removed', async () => {
    const victim = join(runDir, 'victim')
    mkdirSync(victim)
    writeFileSync(join(victim, 'report.1.out'), '')
    const logs = join(runDir, 'logs')
    symlinkSync(victim, logs)
    await reap(runDir, 'no-such-run', 0)
    rmSync(logs)
    mkdirSync(join(logs, 'deep'), { recursive: true })
    symlinkSync(victim, join(logs, 'linked'))
    symlinkSync(join(victim, 'report.1.out'), join(logs, 'c.1.out'))
    for (const name of ['a.1.out', 'a.1-2.out', 'a.1.log', 'deep/b.2.out']) writeFileSync(join(logs, name), '')
    await reap(runDir, 'no-such-run', 0)
    expect(readdirSync(logs).toSorted()).toEqual(['a.1.log', 'c.1.out', 'deep', 'linked'])
    expect(readdirSync(join(logs, 'deep'))).toEqual([])
    expect(readdirSync(victim)).toEqual(['report.1.out'])
  })

  test('a log takes nothing, also while somebody reads from it', () => {
    const log = join(runDir, 'a.1.log')
    execFileSync('mkfifo', [log])
    const reader = openSync(log, constants.O_RDONLY | constants.O_NONBLOCK)
    expect(() => openLog(log, [])).toThrow(expect.objectContaining({ code: 'ENXIO' }))
    closeSync(reader)
  })
})
