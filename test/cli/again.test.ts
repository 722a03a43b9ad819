import { expect, test } from 'vitest'
import { project } from '../support/project.ts'

const P = {
  'p.yaml': `pipeline: p
steps:
  a: { run: echo a >> order }
  b: { needs: [a], run: "echo b $OPSFLOW_ATTEMPT $OPSFLOW_IDEMPOTENCY_KEY >> order; test -f good" }
  c: { needs: [b], run: echo c >> order }
`,
}

test('promise 16c: retry runs what failed and what follows it again, in the same run under the same key; what succeeded stays', async () => {
  const it = project(P)
  expect((await it.opsflow('run', 'p.yaml')).exit).toBe(1)
  const run = await it.run()
  it.write({ good: '' })
  expect(await it.opsflow('retry', run)).toMatchObject({ exit: 0, stderr: '' })
  expect(await it.runs()).toEqual([run])
  const [first, ...more] = it.lines('order')
  expect(first).toBe('a')
  const keys = more.filter((line) => line.startsWith('b')).map((line) => line.split(' '))
  expect(keys.map(([, attempt]) => attempt)).toEqual(['1', '2'])
  expect(new Set(keys.map(([, , key]) => key)).size).toBe(1)
  expect(more.at(-1)).toBe('c')
})

test('retry of what succeeded wants the name of a step, and runs it and what follows, with --downstream said or not', async () => {
  const it = project({ ...P, good: '' })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect(await it.opsflow('retry', run)).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: run \`${run}\` succeeded: no step failed\n  hint: name what should run again: --step STEP\n`,
  })
  expect((await it.opsflow('retry', run, '--step', 'a', '--downstream')).exit).toBe(0)
  expect(it.lines('order').map((line) => line[0])).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect((await it.opsflow('retry', run, '--step', 'b')).exit).toBe(0)
  expect(it.lines('order').map((line) => line[0])).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'b', 'c'])
  expect((await it.opsflow('retry', run, '--step', 'nope')).exit).toBe(2)
})

test('promise 23a: retry of a run that has not ended, and resume of one that has, say which command to use', async () => {
  const it = project({ ...P, 'ask.yaml': 'pipeline: ask\nsteps:\n  ask: { approval: { prompt: "Go?" } }\n' })
  await it.opsflow('run', 'ask.yaml')
  const parked = await it.run()
  expect(await it.opsflow('retry', parked)).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: run \`${parked}\` has not ended, so there is nothing to open again\n  hint: go on with it: opsflow resume ${parked}\n`,
  })
  await it.opsflow('run', 'p.yaml')
  const ended = await it.run()
  expect(await it.opsflow('resume', ended)).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: run \`${ended}\` has ended: failed\n  hint: run its failed steps again: opsflow retry ${ended}\n`,
  })
})

test('promise 17a: an interrupted step that may not run twice asks a person at resume', async () => {
  const it = project({
    'p.yaml': `pipeline: p
steps:
  pay: { effects: external, run: "echo pay >> order; until test -f go; do sleep 0.02; done" }
`,
  })
  const runner = it.spawn('run', 'p.yaml')
  await it.file('order')
  runner.kill('SIGKILL')
  await runner.ended
  const run = await it.run()
  expect(await it.opsflow('approve', run, 'pay')).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: \`pay\` waits for no decision: it was running when its runner died\n  hint: go on: opsflow resume ${run}\n`,
  })
  const asked = await it.opsflow('resume', run)
  expect(asked.exit).toBe(4)
  expect(asked.stdout).toContain(`opsflow approve ${run} pay (run it again) | opsflow reject ${run} pay (it failed)`)
  expect(it.lines('order')).toEqual(['pay'])
  it.write({ go: '' })
  expect((await it.opsflow('approve', run, 'pay', '--resume')).exit).toBe(0)
  expect(it.lines('order')).toEqual(['pay', 'pay'])
})

test('promise 3a: resume goes on with the plan of the start, whatever became of the file', async () => {
  const it = project({
    'p.yaml':
      'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go?" } }\n  b: { needs: [ask], run: echo old >> order }\n',
  })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  it.write({
    'p.yaml':
      'pipeline: p\nsteps:\n  ask: { approval: { prompt: "Go?" } }\n  b: { needs: [ask], run: echo new >> order }\n',
  })
  await it.opsflow('approve', run, 'ask')
  expect((await it.opsflow('resume', run)).exit).toBe(0)
  expect(it.lines('order')).toEqual(['old'])
})

test('promise 23a: a run that succeeded has nothing to resume, and is not offered a retry', async () => {
  const it = project({ 'p.yaml': 'pipeline: p\nsteps: { a: { run: echo } }\n' })
  await it.opsflow('run', 'p.yaml')
  const run = await it.run()
  expect(await it.opsflow('resume', run)).toEqual({
    exit: 1,
    stdout: '',
    stderr: `opsflow: run \`${run}\` has ended: succeeded\n  hint: nothing is left to do\n`,
  })
})
