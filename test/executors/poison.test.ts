import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

test('a step that kills its supervisor each time is not started for ever, and takes nothing else with it', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  poison: { run: "echo x >> tries; kill -9 $PPID; sleep 20" }
  after: { needs: { poison: failed }, run: "echo after >> done" }
`,
  })
  const ended = await it.opsflow('run', 'p.yaml', '--detach')
  expect(ended.exit).toBe(1)
  expect(ended.stdout).toContain('poison  failed: the supervisor died 5 times while it ran')
  expect(it.lines('tries')).toHaveLength(5)
  expect(it.lines('done')).toEqual(['after'])
})
