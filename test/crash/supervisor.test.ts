import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noted } from '../support/noted.ts'
import { project } from '../support/project.ts'
import { isAlive } from '../support/supervised.ts'
import { gone } from '../support/waiting.ts'

/** Process ids of the children of a process. */
function childrenOf(pid: number): readonly number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
  } catch {
    return []
  }
}

const TWO = {
  'p.yaml': `pipeline: p
steps:
  a: { run: "echo a >> done" }
  b: { needs: [a], run: "echo $$ >> pids; until test -f go; do sleep 0.02; done; echo b >> done" }
  c: { needs: [b], run: "echo c >> done" }
`,
}

test('promise 13e: kill -9 of the supervisor: the runner ends what it had started, and the run goes on with another', async () => {
  const it = project(TWO)
  const runner = it.spawn('run', 'p.yaml')
  const [first] = (await it.file('pids')).map(Number)
  const [supervisor] = childrenOf(runner.pid)
  process.kill(supervisor!, 'SIGKILL')
  await it.file('pids', 2)
  expect(isAlive(first!)).toBe(false)
  it.write({ go: '' })
  const ended = await runner.ended
  expect(ended.exit).toBe(0)
  expect(ended.stdout).toContain('! b  interrupted: the supervisor died')
  expect(it.lines('done')).toEqual(['a', 'b', 'c'])
})

test('promises 13f, 17c: kill -9 of both: show names what still lives, resume ends it by name before it starts anything', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  a: { run: "echo a >> done" }
  b: { needs: [a], run: "echo $$ >> pids; until test -f go; do sleep 0.02; done; echo b $$ >> done" }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  const [first] = (await it.file('pids')).map(Number)
  const run = await it.run()
  await noted(join(it.stateDir, 'runs', run))
  const [supervisor] = childrenOf(runner.pid)
  // Stopped, it cannot do its duty in the moment between the two deaths.
  process.kill(supervisor!, 'SIGSTOP')
  runner.kill('SIGKILL')
  process.kill(supervisor!, 'SIGKILL')
  await runner.ended
  await gone(supervisor!)
  expect(isAlive(first!)).toBe(true)
  const shown = await it.opsflow('show', run)
  expect(shown.stdout.split('\n')[0]).toContain(' interrupted ')
  expect(shown.stdout).toContain(`pid ${first} of b`)

  const resumed = it.start('resume', run)
  await it.file('pids', 2)
  expect(isAlive(first!)).toBe(false)
  expect(resumed.out.stderr).toMatch(new RegExp(`ended what the dead run .*left behind: pid ${first} of b\n`))
  it.write({ go: '' })
  expect((await resumed.ended).exit).toBe(0)
  expect(it.lines('done').map((line) => line.split(' ')[0])).toEqual(['a', 'b'])
})
