import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runFolder } from '../../src/store/folders.ts'
import { carriers, childrenOf, living, MARK, stateOf, witnesses } from '../support/evidence.ts'
import { inNamespace, needsNamespace } from '../support/namespace.ts'
import { NODE } from '../support/node.ts'
import { project, type TestProject } from '../support/project.ts'
import { supervisorOf } from '../support/trees.ts'
import { BUSY, gone } from '../support/waiting.ts'

/** `work` writes down its process and that of a child, then waits for the file `go`; `after` says who ran it. */
const FILES = {
  'mark.sh': MARK,
  'p.yaml': `pipeline: p
grace: 300ms
steps:
  work: { effects: none, run: ". ./mark.sh; mark $$; sleep 600 & mark $!; until test -f go; do sleep 0.02; done" }
  after: { needs: [work], run: "echo after >> done" }
`,
}

const built = (it: TestProject, count = 2): Promise<unknown> => it.file('evidence', count)
const headOf = async (it: TestProject, run: string): Promise<string> =>
  (await it.opsflow('show', run)).stdout.split('\n')[0] ?? ''
const folderOf = (it: TestProject, run: string): string => runFolder(it.stateDir, run).path

function stop(pids: readonly number[]): () => void {
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}

describe.runIf(process.platform === 'linux')('promise 15c: an owner is not taken for dead that', BUSY, () => {
  test('promise 15c: is suspended with its supervisor and its steps: nobody else goes on, and it does when it is woken', async () => {
    const it = project(FILES)
    const runner = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    const supervisor = supervisorOf(runner.pid, folderOf(it, run))
    const wake = stop([runner.pid, supervisor, ...witnesses(it.folder).map(({ pid }) => pid)])
    expect(await headOf(it, run)).toContain(' live ')
    const second = await it.opsflow('resume', run)
    expect(second.exit).toBe(1)
    expect(second.stderr).toContain(`pid ${runner.pid}`)
    expect(witnesses(it.folder)).toHaveLength(2)
    wake()
    it.write({ go: '' })
    expect((await runner.ended).exit).toBe(0)
    expect(it.lines('done')).toEqual(['after'])
    expect(it.events(run).filter(({ type }) => type === 'run-opened')).toHaveLength(1)
  })

  test('promises 13a, 15c: is stopped alone: its steps still end at their timeouts, and it records that when it is woken', async () => {
    const it = project({
      ...FILES,
      'p.yaml': `pipeline: p
grace: 100ms
steps:
  work: { timeout: 2s, run: ". ./mark.sh; mark $$; sleep 600 & mark $!; wait" }
`,
    })
    const runner = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    const wake = stop([runner.pid])
    for (const { pid } of witnesses(it.folder)) await gone(pid)
    expect(await headOf(it, run)).toContain(' live ')
    expect(it.state(run).steps.get('work')?.status).toBe('running')
    wake()
    expect((await runner.ended).exit).toBe(1)
    expect(it.state(run).steps.get('work')?.status).toBe('timed-out')
  })

  test('promise 24c: is stopped and holds a lock: who waits for it goes on waiting, and says for whom', async () => {
    const it = project({
      ...FILES,
      'p.yaml': FILES['p.yaml'].replace('pipeline: p', 'pipeline: p\nmutex: shared'),
      'q.yaml': 'pipeline: q\nsteps:\n  want: { mutex: shared, run: "test -f go; echo want >> done" }\n',
    })
    const runner = it.spawn('run', 'p.yaml')
    await built(it)
    const first = await it.run()
    const wake = stop([runner.pid, supervisorOf(runner.pid, folderOf(it, first))])
    const second = it.start('run', 'q.yaml')
    const run = (await it.runs(2)).at(-1)!
    await it.until((state) => state.steps.get('want')?.waitingFor?.kind === 'lock', run)
    expect((await it.opsflow('show', run)).stdout).toContain(first)
    wake()
    it.write({ go: '' })
    expect((await runner.ended).exit).toBe(0)
    expect((await second.ended).exit).toBe(0)
    expect(it.lines('done')).toEqual(['after', 'want'])
  })

  test('promise 15a: lives in another pid namespace, where no pid of it can be seen: only its own death frees the run', async (context) => {
    needsNamespace(context)
    const it = project(FILES)
    const inside = inNamespace(it, 'opsflow run p.yaml')
    await it.file('evidence', 2)
    const run = await it.run()
    expect(await headOf(it, run)).toContain(' live ')
    const second = await it.opsflow('resume', run)
    expect(second.exit).toBe(1)
    expect(second.stderr).toContain('is owned by')
    const taker = await it.opsflow('resume', run, '--take-over')
    expect(taker.exit).toBe(1)
    expect(taker.stderr).toContain('cannot be seen from here')
    expect(await headOf(it, run)).toContain(' live ')
    inside.outer.kill('SIGKILL')
    await inside.ended
    expect(await headOf(it, run)).toMatch(/ (interrupted|ending) /)
    it.write({ go: '' })
    expect((await it.opsflow('resume', run)).exit).toBe(0)
    expect(it.lines('done')).toEqual(['after'])
  })

  test('promise 15a: lives outside, seen from another pid namespace', async (context) => {
    needsNamespace(context)
    const it = project(FILES)
    const runner = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    const shown = await inNamespace(it, `opsflow show ${run}; opsflow resume ${run}; opsflow resume ${run} --take-over`)
      .ended
    expect(shown.stdout.split('\n')[0]).toContain(' live ')
    expect(shown.stderr).toContain('is owned by')
    expect(shown.stderr).toContain('cannot be seen from here')
    expect(shown.exit).toBe(1)
    it.write({ go: '' })
    expect((await runner.ended).exit).toBe(0)
    expect(it.lines('done')).toEqual(['after'])
  })
})

describe.runIf(process.platform === 'linux')('promise 15a: an owner that dies', BUSY, () => {
  test('as the first process of a container that reads none of its dead is dead at once, with all that it started', async (context) => {
    needsNamespace(context)
    const it = project(FILES)
    // The shell is replaced: the runner itself is pid 1, and nobody collects what its steps leave behind.
    const inside = inNamespace(
      it,
      `exec "${NODE}" "${join(import.meta.dirname, '../support/opsflow-process.ts')}" run p.yaml`,
    )
    await it.file('evidence', 2)
    const run = await it.run()
    const inThere = childrenOf(await inside.first())
    expect(inThere).toHaveLength(1)
    process.kill(await inside.first(), 'SIGKILL')
    await inside.ended
    expect(await headOf(it, run)).toContain(' interrupted ')
    expect(stateOf(inThere[0]!)).toBe(undefined)
    it.write({ go: '' })
    expect((await it.opsflow('resume', run)).exit).toBe(0)
  })
})

describe.runIf(process.platform === 'linux')('promise 13f: what a dead owner left', BUSY, () => {
  test('in a pid namespace that lives on is found by its environment, and ended before the run goes on', async (context) => {
    needsNamespace(context)
    const it = project(FILES)
    const inside = inNamespace(it, 'opsflow run p.yaml; sleep 600')
    await it.file('evidence', 2)
    const run = await it.run()
    const runner = childrenOf(await inside.first()).at(-1)!
    const supervisor = supervisorOf(runner, folderOf(it, run))
    stop([supervisor])
    process.kill(runner, 'SIGKILL')
    process.kill(supervisor, 'SIGKILL')
    await gone(runner)
    await gone(supervisor)
    // The pids that the step wrote down mean nothing out here.
    expect(carriers(run)).not.toEqual([])
    expect((await it.opsflow('show', run)).stdout).toContain('go on: opsflow resume')
    it.write({ go: '' })
    const resumed = await it.opsflow('resume', run)
    expect(resumed.exit).toBe(0)
    expect(resumed.stderr).toContain('left behind')
    expect(carriers(run)).toEqual([])
    expect(it.lines('done')).toEqual(['after'])
  })
})

describe.runIf(process.platform === 'linux')('promise 15b: a dead runner whose supervisor is stopped', BUSY, () => {
  test('promise 15b: leaves the run ending, not dead: resume wakes the supervisor, which ends its steps first', async () => {
    const it = project(FILES)
    const runner = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    const supervisor = supervisorOf(runner.pid, folderOf(it, run))
    stop([supervisor])
    runner.kill('SIGKILL')
    await runner.ended
    expect(await headOf(it, run)).toContain(' ending ')
    const before = witnesses(it.folder)
    expect(living(before)).toHaveLength(2)
    it.write({ go: '' })
    expect(await it.opsflow('resume', run)).toMatchObject({ exit: 0, stderr: '' })
    expect(living(before)).toEqual([])
    await gone(supervisor)
    expect(it.lines('done')).toEqual(['after'])
  })

  test('is taken over in the same way', async () => {
    const it = project(FILES)
    const runner = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    stop([runner.pid, supervisorOf(runner.pid, folderOf(it, run))])
    const before = witnesses(it.folder)
    it.write({ go: '' })
    expect(await it.opsflow('resume', run, '--take-over')).toMatchObject({ exit: 0, stderr: '' })
    expect(living(before)).toEqual([])
    await gone(runner.pid)
    expect(it.lines('done')).toEqual(['after'])
  })
})

/** What people do to "stale" lock files. The kernel's locks go with the files, and only the ledger knows better. */
function removeLocks(it: TestProject, run: string): void {
  for (const file of ['owner.lock', 'supervisor.lock']) rmSync(join(folderOf(it, run), file))
}

describe.runIf(process.platform === 'linux')('promise 15d: an owner whose lock files were taken away', BUSY, () => {
  test('promise 15d: and who was replaced while it was stopped writes nothing and starts nothing when it is woken', async () => {
    const it = project(FILES)
    const old = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    const supervisor = supervisorOf(old.pid, folderOf(it, run))
    const wake = stop([old.pid])
    const before = witnesses(it.folder)
    removeLocks(it, run)
    const resumed = it.spawn('resume', run)
    await built(it, 4)
    // Two attempts of a step never overlap: the old one was ended before the new one began.
    expect(living(before)).toEqual([])
    const epochs = it.events(run).filter(({ type }) => type === 'run-opened').length
    wake()
    const ended = await old.ended
    expect(ended.exit).not.toBe(0)
    expect(ended.stderr).toContain(`run \`${run}\` has a newer owner`)
    await gone(supervisor)
    expect(living(witnesses(it.folder))).toHaveLength(2)
    expect(it.events(run).filter(({ type }) => type === 'run-opened')).toHaveLength(epochs)
    it.write({ go: '' })
    expect((await resumed.ended).exit).toBe(0)
    expect(it.lines('done')).toEqual(['after'])
    expect(witnesses(it.folder)).toHaveLength(4)
  })

  test('and who died leaves nothing beside the next owner', async () => {
    const it = project(FILES)
    const old = it.spawn('run', 'p.yaml')
    await built(it)
    const run = await it.run()
    const supervisor = supervisorOf(old.pid, folderOf(it, run))
    stop([supervisor])
    old.kill('SIGKILL')
    process.kill(supervisor, 'SIGKILL')
    await old.ended
    await gone(supervisor)
    const before = witnesses(it.folder)
    expect(living(before)).toHaveLength(2)
    removeLocks(it, run)
    it.write({ go: '' })
    const resumed = await it.opsflow('resume', run)
    expect(resumed.exit).toBe(0)
    expect(resumed.stderr).toContain('left behind')
    expect(living(before)).toEqual([])
    expect(it.lines('done')).toEqual(['after'])
  })
})
