import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

const PIPELINE = `pipeline: p
secrets: [{ name: A_TOKEN, optional: true }]
steps:
  look: { run: 'echo "<$T>" > seen', env: { T: "\${{ secrets.A_TOKEN }}" } }
`

test('an optional secret that is not there is an empty text; one that is, its value', async () => {
  for (const [env, seen] of [
    [{}, '<>'],
    [{ A_TOKEN: 'canary-canary' }, '<canary-canary>'],
  ] as const) {
    const it = project({ 'p.yaml': PIPELINE }, { env })
    expect(await it.opsflow('run', 'p.yaml')).toMatchObject({ exit: 0, stderr: '' })
    expect(it.lines('seen')).toEqual([seen])
  }
})

test('a secret that another pipeline of the run needs is needed', async () => {
  const it = project({
    'pipelines/p.yaml': PIPELINE.replace('steps:', 'steps:\n  other: { pipeline: q }'),
    'pipelines/q.yaml': PIPELINE.replace('pipeline: p', 'pipeline: q').replace(
      '{ name: A_TOKEN, optional: true }',
      'A_TOKEN',
    ),
  })
  const ran = await it.opsflow('run', 'p')
  expect(ran.exit).toBe(1)
  expect(ran.stdout).toContain('the secret `A_TOKEN` was not found in the environment')
})

test('what is declared in another form is refused with the forms there are', async () => {
  const it = project({ 'p.yaml': PIPELINE.replace('{ name: A_TOKEN, optional: true }', '{ A_TOKEN: optional }') })
  const { exit, stdout } = await it.opsflow('lint', 'p.yaml')
  expect(exit).toBe(1)
  expect(stdout).toContain('`A_TOKEN` is no key of item 1 of `secrets`')
})
