import { execFileSync } from 'node:child_process'
import { cpSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noted } from '../support/noted.ts'
import { project } from '../support/project.ts'
import { isAlive } from '../support/supervised.ts'
import { gone } from '../support/waiting.ts'

const isLinux = process.platform === 'linux'

const FILES = {
  'p.yaml': `pipeline: p
steps:
  a: { run: "setsid sh -c 'echo $$ >> strays; exec sleep 600' & echo $$ >> pids; until test -f go; do sleep 0.02; done; kill $(head -n 1 strays)" }
`,
}

test.runIf(isLinux)('promise 13f: a copy of a project never ends what a run of the original started', async () => {
  const it = project(FILES)
  const runner = it.spawn('run', 'p.yaml')
  const [step] = (await it.file('pids')).map(Number)
  const [stray] = (await it.file('strays')).map(Number)
  const copy = project(FILES)
  cpSync(it.stateDir, copy.stateDir, { recursive: true })
  const run = await it.run()
  const shown = await copy.opsflow('show', run)
  expect(shown.stdout.split('\n')[0]).toContain(' interrupted ')
  expect(shown.stdout).not.toContain('pid ')

  for (const words of [
    ['resume', run],
    ['cancel', run],
    ['resume', run, '--with-plan'],
  ]) {
    const refused = await copy.opsflow(...words)
    expect(refused.exit).toBe(1)
    expect(refused.stderr).toContain(`this is a copy of run \`${run}\`, which began in \`${it.folder}\``)
  }
  expect([step!, stray!].filter(isAlive)).toEqual([step, stray])
  it.write({ go: '' })
  expect((await runner.ended).exit).toBe(0)
})

test.runIf(isLinux)('promise 13f: a project that was moved finds what a dead run of it left behind', async () => {
  const it = project(FILES)
  const runner = it.spawn('run', 'p.yaml')
  const left = [...(await it.file('pids')), ...(await it.file('strays'))].map(Number)
  const supervisor = Number(execFileSync('pgrep', ['-P', String(runner.pid)], { encoding: 'utf8' }).trim())
  const run = await it.run()
  await noted(join(it.stateDir, 'runs', run))
  // Stopped, it cannot do its duty in the moment between the two deaths.
  process.kill(supervisor, 'SIGSTOP')
  runner.kill('SIGKILL')
  process.kill(supervisor, 'SIGKILL')
  await runner.ended
  await gone(supervisor)
  const moved = project(FILES)
  renameSync(it.stateDir, moved.stateDir)
  expect((await moved.opsflow('show', run)).stdout).toContain(`pid ${left[0]} of a`)
  const resumed = moved.start('resume', run)
  await it.file('pids', 2)
  expect(left.filter(isAlive)).toEqual([])
  await moved.opsflow('cancel', run)
  await resumed.ended
})
