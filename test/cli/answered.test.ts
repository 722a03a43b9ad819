import { expect, test } from 'vitest'
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
  await it.opsflow('approve', run, 'ok', '--comment', 'I read it')
  const said = 'approved by tester, taken up when the run goes on'
  const { stdout: shown } = await it.opsflow('show', run)
  expect(shown).toContain(`ok  ${said}`)
  expect(shown).not.toContain('opsflow approve')
  const { stdout: report } = await it.opsflow('report', run)
  expect(report).toContain(`- \`ok\`: running, ${said}`)
  expect(report).toMatch(/\*\*tester\*\* approved `ok` .*: I read it/)
  expect(report).not.toContain('opsflow approve')
  const page = await openedUi(it)
  const { value } = await followed(page.port, run, page.cookie).next()
  expect(value.head.questions).toEqual([])
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
