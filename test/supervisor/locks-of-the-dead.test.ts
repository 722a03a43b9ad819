import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noted } from '../support/noted.ts'
import { project } from '../support/project.ts'
import { isAlive } from '../support/supervised.ts'

test('kill -9 of runner and supervisor: the lock is not free before what they had started is ended by who wants it', async () => {
  const it = project({
    'p.yaml': `pipeline: p
inputs: { who: { type: string } }
steps:
  work:
    mutex: shared-repo
    env: { WHO: "\${{ inputs.who }}" }
    run: |
      echo "in $WHO $$" >> order
      test "$WHO" = two || { trap "sleep 0.3; echo out one >> order; exit" TERM; while :; do sleep 0.05; done; }
`,
  })
  const first = it.spawn('run', 'p.yaml', '--input', 'who=one')
  const [line] = await it.file('order')
  const run = await it.run()
  await noted(join(it.stateDir, 'runs', run))
  const supervisor = Number(execFileSync('pgrep', ['-P', String(first.pid)], { encoding: 'utf8' }))
  // Stopped, it cannot do its duty in the moment between the two deaths.
  process.kill(supervisor, 'SIGSTOP')
  first.kill('SIGKILL')
  process.kill(supervisor, 'SIGKILL')
  await first.ended
  const left = Number(line!.split(' ').at(-1))
  expect(isAlive(left)).toBe(true)
  const second = await it.opsflow('run', 'p.yaml', '--input', 'who=two')
  expect(second.exit).toBe(0)
  expect(second.stderr).toContain(`ended what the dead run \`${run}\` left behind: pid ${left} of work`)
  expect(it.lines('order').map((said) => said.split(' ').slice(0, 2).join(' '))).toEqual([
    'in one',
    'out one',
    'in two',
  ])
  expect(isAlive(left)).toBe(false)
})
