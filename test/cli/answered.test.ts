import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decisionText } from '../../src/views/terminal/words.ts'
import { followed, openedUi } from '../support/page-server.ts'
import { project } from '../support/project.ts'

const FILES = {
  'p.yaml': `pipeline: p
steps:
  ok: { approval: { prompt: "Go on?" } }
  ship: { needs: [ok], run: ":" }
`,
}

test('what was decided while nobody runs the run is said by whoever looks, and asked no more', async () => {
  const it = project(FILES)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('show', run)).stdout).toContain(`opsflow approve ${run} ok`)
  const page = await openedUi(it)
  const looks = followed(page.port, run, page.cookie)
  expect((await looks.next()).value.head.questions).toHaveLength(1)
  await it.opsflow('approve', run, 'ok', '--comment', 'I read it')
  expect((await looks.next()).value.head.questions).toEqual([])
  await looks.return(undefined)
  const said = 'approved by tester, taken up when the run goes on'
  const { stdout: shown } = await it.opsflow('show', run)
  expect(shown).toContain(`ok  ${said}`)
  expect(shown).not.toContain('opsflow approve')
  const { stdout: report } = await it.opsflow('report', run)
  expect(report).toContain(`- \`ok\`: running, ${said}`)
  expect(report).toMatch(/\*\*tester\*\* approved `ok` .*: I read it/)
  expect(report).not.toContain('opsflow approve')
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.state(run).steps.get('ok')?.wait?.decision).toMatchObject({ verdict: 'approved', comment: 'I read it' })
})

test('a word of who may not decide changes nothing, and the question stays', async () => {
  const it = project({
    ...FILES,
    'opsflow.config.yaml': 'people: { owners: [somebody] }\n',
    'p.yaml': FILES['p.yaml'].replace('Go on?"', 'Go on?", from: [owners]'),
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  expect((await it.opsflow('approve', run, 'ok')).exit).toBe(1)
  expect((await it.opsflow('show', run)).stdout).toContain(`opsflow approve ${run} ok`)
})

test('what was decided and not taken up before a cancel stands in its reason', async () => {
  const it = project(FILES)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  await it.opsflow('approve', run, 'ok', '--comment', 'I read it')
  expect((await it.opsflow('cancel', run, '--reason', 'not today')).exit).toBe(0)
  expect(it.state(run).cancel?.reason).toBe('not today; `ok` was approved by tester (I read it)')
})

test('so is a bypass, with its reason, and nothing of it counts as work', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  first: { run: ":" }
  ship: { needs: [first], run: ":" }
gates:
  safe: { of: [first], before: [ship], checks: [{ run: "false" }], bypass: { by: [maintainers] } }
`,
    'opsflow.config.yaml': 'people: { maintainers: [tester] }\n',
  })
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  const worked = async () =>
    (JSON.parse((await it.opsflow('report', run, '--json')).stdout) as { workedMs: number }).workedMs
  const before = await worked()
  expect((await it.opsflow('bypass', run, 'safe', '--reason', 'we must', '--expires', '1h')).exit).toBe(0)
  expect((await it.opsflow('show', run)).stdout).toContain(
    'gate:safe  bypassed by tester, taken up when the run goes on',
  )
  expect((await it.opsflow('report', run)).stdout).toContain('we must')
  expect(await worked()).toBe(before)
})

test('an inbox that cannot be read stops nobody who looks, and no cancel', async () => {
  const it = project(FILES)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(4)
  const run = await it.run()
  writeFileSync(join(it.stateDir, 'runs', run, 'inbox.db'), 'no database')
  expect((await it.opsflow('show', run)).exit).toBe(0)
  expect((await it.opsflow('report', run)).exit).toBe(0)
  await it.opsflow('cancel', run)
  expect(it.state(run).outcome).toBe('cancelled')
})

test('a word that lets a step run again is no word that it did', () => {
  expect(decisionText({ verdict: 'rerun', by: { name: 'alice' }, at: 0 })).toBe('allowed to run again by alice')
})
