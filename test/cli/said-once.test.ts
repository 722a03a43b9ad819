import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

test('a sub-pipeline begins in one line, which names it', async () => {
  const it = project({
    'opsflow.config.yaml': 'people: {}\n',
    'pipelines/main.yaml': 'pipeline: main\nsteps:\n  part: { pipeline: child }\n',
    'pipelines/child.yaml': 'pipeline: child\nsteps:\n  one: { run: "true" }\n',
  })
  const ran = await it.opsflow('run', 'main')
  const watched = await it.opsflow('watch', await it.run())
  for (const { stdout } of [ran, watched])
    expect(stdout.split('\n').filter((line) => line.startsWith('  ▸'))).toEqual(['  ▸ part  (child)', '  ▸ part/one'])
})

test('what an action fails with is said once, with what it printed before it', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  work: { uses: ./work.mjs }\n',
    'work.mjs': `export const [inputs, outputs, effects] = [{}, {}, 'none']
export function run(_inputs, { log }) {
  log('looked at it')
  throw Object.assign(new Error('it is too small'), { reason: 'too-small' })
}
`,
  })
  const ran = await it.opsflow('run', 'p.yaml')
  const shown = await it.opsflow('show', await it.run())
  for (const { stdout } of [ran, shown]) {
    expect(stdout.match(/it is too small/g)).toHaveLength(1)
    expect(stdout).toContain('│ looked at it\n')
    expect(stdout.match(/│/g)).toHaveLength(1)
  }
  // The log, which is read without the line above it, says it still.
  expect((await it.opsflow('logs', await it.run())).stdout).toContain('failed: it is too small\n')
})
