import { expect, test } from 'vitest'
import { plain, project } from '../support/project.ts'

test('a run prints what it did, step by step, and exits 0', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  hello: { run: echo hi }\n  after: { needs: [hello], run: echo bye }\n',
  })
  const ran = await it.opsflow('run', 'p.yaml')
  expect(ran.stderr).toBe('')
  expect(plain(ran.stdout)).toBe('')
  expect(ran.exit).toBe(0)
})
test('real', async () => {
  const it = project({
    'p.yaml': 'pipeline: p\nsteps:\n  hello: { run: echo hi }\n  after: { needs: [hello], run: echo bye; exit 3 }\n',
  })
  const t = performance.now()
  const ran = await it.spawn('run', 'p.yaml').ended
  console.log(performance.now() - t, ran)
  console.log((await it.opsflow('show', await it.run())).stdout)
})
